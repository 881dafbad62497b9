/* SPDX-License-Identifier: MIT */
/*
 * session_private.h - what the steps of a script share
 *
 * session.c has the steps that do something, checks.c those that look.
 */
#ifndef SCREENS_SESSION_PRIVATE_H
#define SCREENS_SESSION_PRIVATE_H

#include "base/attr.h"
#include "session.h"

/* Adds to s->why; false, so that a step can return it. */
bool session_fail(struct session *s, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* $NAME in the text by what the program will have in its environment, or what
 * this driver has in its own. */
void session_expand(struct session *s, struct str text, struct strbuf *out);
/* What the program will have in its environment, else what this driver has; or
 * NULL. */
const char *session_env(struct session *s, struct str name);
bool session_find_signal(struct str name, int *sig);

/* Takes what has come, waiting for it at most `ms`, and shows it to the
 * emulator. */
void session_take(struct session *s, int ms);
/* True past the script's time; then it fails, having waited for `what`. */
bool session_out_of_time(struct session *s, const char *what);
bool session_wait_for_end(struct session *s);
/* "exit 4" or "killed by ...". */
void session_describe_end(const struct session *s, struct strbuf *out);
/* False, and why, when nothing runs. */
bool session_is_alive(struct session *s);

/* checks.c; one a line of README.md's last table. */
bool step_expect(struct session *s, struct str args);
bool step_await(struct session *s, struct str args);
bool step_refuse(struct session *s, struct str args);
bool step_snap(struct session *s, struct str args);
bool step_bytes(struct session *s, struct str args);
bool step_frame(struct session *s, struct str args);
bool step_largest(struct session *s, struct str args);
bool step_cpu(struct session *s, struct str args);
bool step_quiet(struct session *s, struct str args);
bool step_exit(struct session *s, struct str args);
bool step_killed(struct session *s, struct str args);
bool step_stopped(struct session *s, struct str args);
bool step_restored(struct session *s, struct str args);
bool step_raw_clean(struct session *s, struct str args);
bool step_sent(struct session *s, struct str args);
bool step_file(struct session *s, struct str args);

/* kills.c */
bool step_kills(struct session *s, struct str args);
/* views.c */
bool step_views(struct session *s, struct str args);
/* wander.c */
bool step_wander(struct session *s, struct str args);

#endif /* SCREENS_SESSION_PRIVATE_H */
