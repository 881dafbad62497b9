/* SPDX-License-Identifier: MIT */
/*
 * case_journal.h - lines of a case that are in no case file yet
 *
 * A journal lies beside its case, as PATH.journal, while somebody writes the
 * case, and longer when that session was cut off. Whoever writes holds a lock
 * on it; its first line says who that is, and gives the journal a name, by
 * which the case file tells which of its lines it already has.
 *
 * Layer: casework, inside. Threads: one.
 */
#ifndef TRAWL_CASE_JOURNAL_H
#define TRAWL_CASE_JOURNAL_H

#include <sys/types.h>

#include "base/err.h"
#include "base/strbuf.h"

enum { JOURNAL_NAME = 16 };

struct journal {
	int fd;    /* -1: not open for writing */
	bool held; /* the last journal_lock found that somebody else has it */
	char *path;
	const char *author; /* who writes: the caller's */
	char name[JOURNAL_NAME + 1];
	off_t end;     /* of its last whole line */
	size_t line_n; /* lines that are not about itself */
};

void journal_init(struct journal *j, const char *case_path, const char *author);
void journal_release(struct journal *j);

/*
 * Reads what is there, without its lines about itself: `out` is overwritten
 * with whole lines. A line that was not written to its end does not count.
 * Nothing there is no error.
 */
ATTR_NODISCARD enum err_code journal_read(struct journal *j, struct strbuf *out,
					  struct err *err);
/*
 * Takes the lock, and makes the journal if need be. ERR_IO; when `held` is
 * set the message says by whom: "js on bastion, process 4711".
 */
ATTR_NODISCARD enum err_code journal_lock(struct journal *j, struct err *err);
/* Goes on with one that has lines: drops what was not written to its end, and
 * says who writes now. */
ATTR_NODISCARD enum err_code journal_resume(struct journal *j, struct err *err);
/* One line more, or several, none of them empty; with `sync` on the disk. ERR_IO:
 * then none of them is there. */
ATTR_NODISCARD enum err_code journal_add(struct journal *j, struct str lines,
					 bool sync, struct err *err);
/* Empties it, under a new name, and says who writes. */
ATTR_NODISCARD enum err_code journal_restart(struct journal *j,
					     struct err *err);
/* Lets go of the lock; a journal without lines goes. */
void journal_unlock(struct journal *j);

#endif /* TRAWL_CASE_JOURNAL_H */
