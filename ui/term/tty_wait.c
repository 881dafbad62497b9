/* SPDX-License-Identifier: MIT */
/* ppoll, which POSIX has had only since 2024. */
#define _GNU_SOURCE
#include "ui/term/tty_private.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "base/clock.h"

enum { NAP_MS = 20 }; /* between two reports of the same end */

static uint64_t now_ms(void)
{
	return (uint64_t)clock_ms();
}

/* Takes what the terminal has sent. */
static void read_input(struct tty *t)
{
	struct pollfd fd = { t->in_fd, POLLIN, 0 };
	char buffer[4096];
	ssize_t n;

	if (t->dead || t->suspended || poll(&fd, 1, 0) <= 0)
		return;
	n = read(t->in_fd, buffer, sizeof(buffer));
	if (n > 0)
		input_feed(&t->input, buffer, (size_t)n, now_ms());
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		t->dead = true;
}

static bool next_key(struct tty *t, struct tty_event *ev)
{
	while (input_next(&t->input, now_ms(), &ev->key, &ev->text)) {
		if (ev->key == KEYC_MOUSE)
			ev->mouse = t->input.clicked;
		if (!t->sync || ev->key != KEYC_CTRL(']'))
			return true;
		t->sync_asked++;
		ev->key = KEYC_NONE; /* nobody's */
	}
	return false;
}

static bool next_signal(struct tty *t, struct tty_event *ev)
{
	char buffer[64];

	while (read(tty_signals.wake[0], buffer, sizeof(buffer)) > 0)
		continue;
	if (tty_signals.stop) {
		tty_signals.stop = 0;
		tty_suspend(t);
		tty_raise_stop();
		tty_resume(t);
	}
	if (tty_signals.cont) {
		/* After a stop that cannot be caught. */
		tty_signals.cont = 0;
		tty_take_back(t);
	}
	if (tty_signals.interrupt) {
		tty_signals.interrupt = 0;
		ev->key = KEYC_CTRL('c');
		return true;
	}
	return false;
}

static bool next_end(struct tty *t, struct tty_event *ev)
{
	if (!tty_signals.end && !t->dead)
		return false;
	tty_signals.end_seen = 1;
	ev->key = tty_signals.end == SIGHUP || t->dead ? KEYC_HANGUP :
							 KEYC_QUIT;
	return true;
}

static bool next_size(struct tty *t, struct tty_event *ev)
{
	tty_measure(t);
	if (!t->resized)
		return false;
	t->resized = false;
	ev->key = KEYC_RESIZE;
	return true;
}

/* Whatever there is without waiting. Keys come before a new size, so that a
 * burst of sizes becomes one when the keys are through. */
static bool next_event(struct tty *t, struct tty_event *ev)
{
	*ev = (struct tty_event){ .key = KEYC_NONE };
	if (t->has_queued) {
		t->has_queued = false;
		*ev = t->queued;
		return true;
	}
	if (next_signal(t, ev) || next_end(t, ev))
		return true;
	read_input(t);
	return next_key(t, ev) || next_end(t, ev) || next_size(t, ev);
}

bool tty_pending(struct tty *t)
{
	if (!t->has_queued)
		t->has_queued = next_event(t, &t->queued);
	return t->has_queued;
}

static void answer_sync(struct tty *t)
{
	while (t->sync_asked && !t->dead) {
		char text[40];
		int n;

		t->sync_asked--;
		n = snprintf(text, sizeof(text), "\x1b]2;sync:%u\x1b\\",
			     ++t->sync_answers);
		tty_write(t, text, (size_t)n);
	}
}

/* The sooner of two waits in milliseconds, of which negative is for ever. */
static int sooner(int a, int b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/* What is left of a wait that began at `start`. */
static int what_is_left(int timeout_ms, uint64_t start)
{
	uint64_t gone = now_ms() - start;

	if (timeout_ms < 0)
		return -1;
	return gone < (uint64_t)timeout_ms ? timeout_ms - (int)gone : 0;
}

/* Waits for the terminal, a signal or the caller's descriptors. True when one
 * of those is ready. */
static bool wait_for(struct tty *t, int ms, struct pollfd *fds, size_t n)
{
	struct pollfd all[TTY_WATCH_MAX + 2];
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };
	bool ready = false;

	assert(n <= TTY_WATCH_MAX);
	all[0] = (struct pollfd){ t->in_fd, POLLIN, 0 };
	all[1] = (struct pollfd){ tty_signals.wake[0], POLLIN, 0 };
	for (size_t i = 0; i < n; i++) {
		all[i + 2] = (struct pollfd){ fds[i].fd, fds[i].events, 0 };
		fds[i].revents = 0;
	}
	if (ppoll(all, n + 2, ms < 0 ? NULL : &ts, &t->mask) <= 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		fds[i].revents = all[i + 2].revents;
		ready |= fds[i].revents != 0;
	}
	return ready;
}

void tty_wait(struct tty *t, int timeout_ms, bool idle, struct pollfd *fds,
	      size_t n, struct tty_event *ev)
{
	static const struct timespec nap = { 0, NAP_MS * 1000000L };
	uint64_t start = now_ms();

	while (!next_event(t, ev)) {
		int left, input_ms;

		tty_flush(t);
		if (idle)
			answer_sync(t);
		left = what_is_left(timeout_ms, start);
		input_ms = input_wait(&t->input, now_ms());
		if (wait_for(t, sooner(left, input_ms), fds, n)) {
			ev->key = KEYC_FD;
			return;
		}
		if (left == 0)
			return;
	}
	if (ev->key == KEYC_HANGUP || ev->key == KEYC_QUIT)
		nanosleep(&nap, NULL);
}

int tty_signal(const struct tty *t)
{
	return t->dead ? SIGHUP : (int)tty_signals.end;
}
