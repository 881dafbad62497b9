/* SPDX-License-Identifier: MIT */
/*
 * watch.h - do the files behind the paths change?
 *
 * A thread of its own walks the paths every few seconds, as a load finds them,
 * and looks at name, size, inode and times; nothing is opened. It asks the
 * file system and no notifier: evidence lies on network shares, too, of which
 * no kernel is told. A walk that takes long is made seldom: at most a
 * twentieth of the time is spent on walks.
 *
 * Told once at the beginning, so that whoever loads next has all that came
 * before the watch began; then whenever the files are others than when it was
 * last told, as soon as one walk finds what the walk before it found, and
 * after half a minute even while they go on changing: a copy of a thousand
 * files is one piece of news, or a few.
 *
 * Layer: casework. Threads: the functions by one thread.
 */
#ifndef TRAWL_WATCH_H
#define TRAWL_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "ingest/walk.h"

struct watch;

struct watch_terms {
	const char *const *path; /* outlive the watch */
	size_t path_n;
	struct walk_days days;
	struct walk_names names;
	unsigned every_ms; /* between two walks, at least; 0: the usual */
};

/* ERR_UNSUPPORTED when one of the paths is no file and no folder: what came
 * through a pipe is there once. ERR_IO when the system has no thread. */
ATTR_NODISCARD enum err_code watch_new(struct watch **out,
				       const struct watch_terms *terms,
				       struct err *err);
/* Waits for a walk to stop, which it does at its next file. NULL is allowed. */
void watch_free(struct watch *w);

/* Becomes readable when there is news. */
int watch_fd(const struct watch *w);
/* Takes it; false when there was none. */
bool watch_take(struct watch *w);
/* Nothing is told for so many milliseconds from now: what is made of it should
 * not take all of the machine. */
void watch_rest(struct watch *w, unsigned ms);

#endif /* TRAWL_WATCH_H */
