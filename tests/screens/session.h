/* SPDX-License-Identifier: MIT */
/*
 * session.h - one run of a script: the program, its screen, and the steps
 *
 * Each step is a line of the script. It fails with a message; then the script
 * ends. README.md lists the steps.
 */
#ifndef SCREENS_SESSION_H
#define SCREENS_SESSION_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "pty.h"
#include "raw.h"
#include "screen.h"

enum { SESSION_ENV_MAX = 64, SESSION_ARGS_MAX = 64 };

struct session {
	const char *dir;  /* where the script and its goldens are */
	const char *work; /* a folder of its own, empty at the start */
	bool update;      /* goldens are written, not compared */
	uint64_t deadline;

	/* For the next run. */
	struct pty_start start;
	char *stdin_path;
	char *finally; /* a command behind the script, however it ends */
	char *env[SESSION_ENV_MAX + 1]; /* NAME=VALUE */
	size_t env_n;

	struct pty pty;
	struct screen *screen;
	struct raw_term *term; /* NULL: not described, or none yet */
	bool started;          /* there was a run */
	bool ended;            /* and its end was checked */
	bool hung_up;
	bool skipped; /* the rest of the script cannot be done here */

	size_t fed;      /* bytes of pty.raw that the screen has had */
	uint64_t synced; /* the last answer */
	uint64_t wanted; /* the answer that is waited for */
	size_t mark;     /* bytes that had come before the last keys */
	size_t answered; /* where the last answer begins */
	size_t scanned;  /* where it ends */

	struct strbuf why; /* the message of a step that failed */
};

void session_init(struct session *s, const char *dir, const char *work);
void session_release(struct session *s);

void session_set_env(struct session *s, const char *name, const char *value);

/* Does one line of a script; false when it failed, and s->why says why. */
bool session_step(struct session *s, struct str line);
/* To be called behind the last line. */
bool session_finish(struct session *s);

#endif /* SCREENS_SESSION_H */
