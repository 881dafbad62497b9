/* SPDX-License-Identifier: MIT */
/*
 * pty.h - a program on a pseudo-terminal
 *
 * The driver keeps the slave side open too, so that the terminal's modes can
 * be compared after the program has ended. All waiting is for a condition,
 * until a deadline.
 */
#ifndef SCREENS_PTY_H
#define SCREENS_PTY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <termios.h>

#include "base/strbuf.h"

struct pty_start {
	int rows, cols;
	char **argv, **envp;    /* NULL at the end */
	const char *stdin_path; /* instead of the terminal, or NULL */
	bool ignore_hup;        /* as under nohup */
	bool detached;          /* without a controlling terminal */
	bool no_echo; /* what is typed while nobody reads keys is not shown */
	bool job;     /* under a shell that can stop it */
};

struct pty {
	int master, slave;
	int child_pipe; /* readable when a child has changed its state */
	pid_t pid;      /* of the program */
	pid_t shell;    /* of what stands for a shell, when it is a job */
	int shell_in, shell_out;

	bool running;
	bool stopped;
	bool frozen; /* output is not read: a line that is stuck */
	int status;  /* as from wait, once not running */
	struct rusage usage;
	struct termios before;

	struct strbuf raw; /* all that it has sent */
};

uint64_t pty_now(void); /* milliseconds */
/* For tests that are about time itself. */
void pty_nap(uint64_t ms);

void pty_init(struct pty *p);
/* Kills what still runs. */
void pty_release(struct pty *p);

/* False, with errno, when it could not be started. */
bool pty_start(struct pty *p, const struct pty_start *start);

/*
 * Waits at most `ms` for output or a change of the program's state, and takes
 * what there is. False when nothing happened.
 */
bool pty_pump(struct pty *p, int ms);

/*
 * Takes all that was written to the terminal before the call. The system
 * hands output on in its own time, so a program's end says nothing about its
 * last words; the driver writes a mark behind them and reads up to it.
 */
bool pty_drain(struct pty *p, uint64_t deadline);

/* Sends bytes, taking output meanwhile. False past the deadline. */
bool pty_send(struct pty *p, struct str bytes, uint64_t deadline);

void pty_resize(struct pty *p, int rows, int cols);
/* Closes the driver's side, as a connection that breaks. */
void pty_hang_up(struct pty *p);
/* Goes on with a stopped job in the foreground. */
void pty_continue(struct pty *p);

/* True once the program has taken the terminal out of line mode. */
bool pty_is_raw(const struct pty *p);
/* True when the terminal's modes are those from before the program. */
bool pty_modes_restored(const struct pty *p);

#endif /* SCREENS_PTY_H */
