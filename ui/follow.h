/* SPDX-License-Identifier: MIT */
/*
 * follow.h - evidence that grows while it is read
 *
 * As long as it is on, a watch tells when the files behind the paths change;
 * then they are loaded again beside what is shown (investigation_renew), and
 * when all of it is there the desk takes it over as it does any snapshot:
 * cursor, selection, filter and scope stay. What came is told in the bottom
 * line, and counted in the title. What cannot be loaded is told; what was
 * shown before stays, and the next change is tried again.
 *
 * Layer: ui. Threads: one.
 */
#ifndef TRAWL_FOLLOW_H
#define TRAWL_FOLLOW_H

#include "base/str.h"
#include "base/strbuf.h"
#include "casework/watch.h"

struct app;
struct alert_tally;

struct follow {
	struct watch *watch; /* NULL: off */
	bool due;            /* there is news that nothing was made of yet */
	bool renewing;       /* a load of it runs */
	bool opening;        /* of a path that was not looked at before */
	int64_t begun;       /* when that began; monotonic ms */
	int64_t came;        /* events since it was switched on */
	/* While a newer snapshot is taken over: what was there before. */
	struct alert_tally *before;
	size_t before_n;
	struct snapshot *held;
};

void follow_release(struct follow *f);

/* `F`: "on", "off", or the contrary of what it is. */
void app_follow(struct app *a, struct str argument);
/* Loads a file or folder beside what there is; then that is followed, too. */
void app_open_path(struct app *a, struct str path);
/* ^C: true when a load of what came was running. */
bool app_follow_interrupt(struct app *a);

/* Of app_poll: first of all; before and after another snapshot is taken. */
void follow_poll(struct app *a);
void follow_before(struct app *a);
void follow_after(struct app *a);

/* "following +120" for the title, or nothing. */
void follow_title(const struct app *a, struct strbuf *out);

#endif /* TRAWL_FOLLOW_H */
