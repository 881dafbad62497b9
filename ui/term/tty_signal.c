/* SPDX-License-Identifier: MIT */
/*
 * Handlers note that a signal came and wake the loop, which does the rest.
 * Those of fatal signals give the terminal back and pass the signal on.
 */
#include "ui/term/tty_private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"

enum {
	HANG_MS =
		500, /* unseen for so long, a signal finds a loop that hangs */
	OUTPUT_MS = 500, /* until a terminal counts as stuck */
};

static void on_end(int sig);
static void on_interrupt(int sig);
static void on_stop(int sig);
static void on_continue(int sig);
static void on_crash(int sig, siginfo_t *info, void *context);

/* SIGWINCH is in the table so that its action is given back: the handler is
 * curses' own, and all that it has to do here is to end ppoll. */
static const struct {
	int sig;
	void (*handler)(int); /* NULL: curses' own, or `crash` below */
	bool keep_ignored;    /* where it was ignored when we came */
	const char *crash;    /* what is said of a fatal one */
} table[] = {
	{ SIGHUP, on_end, true, NULL },
	{ SIGTERM, on_end, true, NULL },
	{ SIGQUIT, on_end, true, NULL },
	{ SIGINT, on_interrupt, true, NULL },
	{ SIGTSTP, on_stop, true, NULL },
	{ SIGCONT, on_continue, false, NULL },
	{ SIGPIPE, SIG_IGN, false, NULL },
	{ SIGUSR1, SIG_IGN, false, NULL },
	{ SIGUSR2, SIG_IGN, false, NULL },
	{ SIGWINCH, NULL, false, NULL },
	{ SIGSEGV, NULL, false, "trawl: internal error (SIGSEGV)\n" },
	{ SIGBUS, NULL, false, "trawl: internal error (SIGBUS)\n" },
	{ SIGFPE, NULL, false, "trawl: internal error (SIGFPE)\n" },
	{ SIGILL, NULL, false, "trawl: internal error (SIGILL)\n" },
	{ SIGABRT, NULL, false, "trawl: internal error (SIGABRT)\n" },
};

_Static_assert(ARRAY_SIZE(table) <= TTY_SIGNALS_MAX, "room for old actions");

/* Handlers: async-signal-safe calls only -------------------------------- */

static void write_quietly(int fd, const char *p, size_t n)
{
	ssize_t ignored = write(fd, p, n);

	(void)ignored;
}

static void give_terminal_back(void)
{
	sigset_t ttou;

	struct pollfd fd = { tty_the_one.out_fd, POLLOUT, 0 };

	if (!tty_signals.active)
		return;
	tty_signals.active = 0;
	/* A process in the background would stop here instead of ending. */
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, NULL);
	/* One that takes no output must not keep us from ending. */
	if (poll(&fd, 1, OUTPUT_MS) == 1 && fd.revents == POLLOUT)
		write_quietly(tty_the_one.out_fd, tty_signals.crash_text,
			      tty_signals.crash_text_n);
	tcsetattr(tty_the_one.in_fd, TCSANOW, &tty_the_one.before);
}

static void die_of(int sig)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t only;

	give_terminal_back();
	sigaction(sig, &action, NULL);
	kill(getpid(), sig);
	sigemptyset(&only);
	sigaddset(&only, sig);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
}

static long ms_since(struct timespec then, struct timespec now)
{
	return (long)(now.tv_sec - then.tv_sec) * 1000 +
	       (now.tv_nsec - then.tv_nsec) / 1000000;
}

/* The second one that finds the first one unseen for a while is fatal, if it
 * may be. */
static void note(volatile sig_atomic_t *flag, int sig, bool fatal)
{
	int saved = errno;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!*flag)
		tty_signals.since = now;
	else if (fatal && ms_since(tty_signals.since, now) >= HANG_MS)
		die_of(sig);
	*flag = sig;
	write_quietly(tty_signals.wake[1], "", 1);
	errno = saved;
}

static void on_end(int sig)
{
	note(&tty_signals.end, sig, !tty_signals.end_seen);
}

static void on_interrupt(int sig)
{
	note(&tty_signals.interrupt, sig, true);
}

static void on_stop(int sig)
{
	note(&tty_signals.stop, sig, false);
}

static void on_continue(int sig)
{
	note(&tty_signals.cont, sig, false);
}

/* Says what happened and lets the signal do what it did before we came: the
 * default, or a sanitizer's report. */
static void on_crash(int sig, siginfo_t *info, void *context)
{
	(void)context;
	give_terminal_back();
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].sig == sig) {
			write_quietly(STDERR_FILENO, table[i].crash,
				      strlen(table[i].crash));
			sigaction(sig, &tty_signals.old[i], NULL);
		}
	}
	/* A fault happens again when the instruction does; what was sent has
	 * to be sent again. */
	if (info->si_code <= 0)
		raise(sig);
}

/* Taking and giving ----------------------------------------------------- */

static sigset_t only_winch(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	return set;
}

void tty_take_signals(struct tty *t)
{
	stack_t stack = { .ss_sp = tty_signals.stack,
			  .ss_size = sizeof(tty_signals.stack) };
	sigset_t winch = only_winch();

	/* One that is there already, a sanitizer's, is as good. */
	sigaltstack(NULL, &tty_signals.old_stack);
	if (tty_signals.old_stack.ss_flags & SS_DISABLE)
		sigaltstack(&stack, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct sigaction action = { .sa_flags = SA_RESTART };

		sigaction(table[i].sig, NULL, &tty_signals.old[i]);
		if (table[i].keep_ignored &&
		    tty_signals.old[i].sa_handler == SIG_IGN)
			continue;
		sigemptyset(&action.sa_mask);
		action.sa_handler = table[i].handler;
		if (table[i].crash) {
			action.sa_flags = SA_SIGINFO | SA_ONSTACK;
			action.sa_sigaction = on_crash;
		}
		if (table[i].handler || table[i].crash)
			sigaction(table[i].sig, &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &winch, &t->mask);
	sigdelset(&t->mask, SIGWINCH);
}

void tty_give_signals(struct tty *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		sigaction(table[i].sig, &tty_signals.old[i], NULL);
	if (tty_signals.old_stack.ss_flags & SS_DISABLE)
		sigaltstack(&tty_signals.old_stack, NULL);
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

void tty_lend_signals(bool lend)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t winch = only_winch();

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].handler == SIG_IGN)
			sigaction(table[i].sig,
				  lend ? &tty_signals.old[i] : &ignore, NULL);
	sigprocmask(lend ? SIG_UNBLOCK : SIG_BLOCK, &winch, NULL);
}

void tty_raise_stop(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL }, ours;

	sigemptyset(&action.sa_mask);
	sigaction(SIGTSTP, &action, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}
