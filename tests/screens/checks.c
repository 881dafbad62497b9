/* SPDX-License-Identifier: MIT */
#include "session_private.h"

#include <errno.h>
#include <string.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/attr.h"
#include "golden.h"
#include "keys.h"

static bool row_has(struct session *s, struct str text)
{
	struct strbuf row;
	bool found = false;

	strbuf_init(&row);
	for (int i = 0; i < screen_rows(s->screen) && !found; i++) {
		strbuf_clear(&row);
		screen_row(s->screen, i, &row);
		found = str_find(strbuf_str(&row), text, 0) != SIZE_MAX;
	}
	strbuf_release(&row);
	return found;
}

bool step_expect(struct session *s, struct str args)
{
	if (!s->started)
		return session_fail(s, "nothing was run yet");
	return row_has(s, args) || session_fail(s, "it is not on the screen");
}

/* What comes by itself, with no key before it. */
bool step_await(struct session *s, struct str args)
{
	if (!session_is_alive(s))
		return false;
	while (!row_has(s, args)) {
		if (!s->pty.running)
			return session_is_alive(s);
		if (session_out_of_time(s, "it to be on the screen"))
			return false;
		session_take(s, 50);
	}
	return true;
}

bool step_refuse(struct session *s, struct str args)
{
	if (!s->started)
		return session_fail(s, "nothing was run yet");
	return !row_has(s, args) || session_fail(s, "it is on the screen");
}

bool step_snap(struct session *s, struct str args)
{
	struct strbuf name, path, actual, dump;
	bool good;

	if (!s->started)
		return session_fail(s, "nothing was run yet");
	strbuf_init(&name);
	strbuf_init(&path);
	strbuf_init(&actual);
	strbuf_init(&dump);
	session_expand(s, str_trim(args), &name);
	strbuf_addf(&path, "%s/%s.screen", s->dir, name.p);
	strbuf_addf(&actual, "%s.%s.actual", s->work, name.p);
	screen_dump(s->screen,
		    !s->term || !raw_is_on(s->term, strbuf_str(&s->pty.raw),
					   "civis", "cnorm"),
		    &dump);
	good = golden_check(path.p, actual.p, strbuf_str(&dump), s->update) ||
	       session_fail(s, "the screen differs from %s", path.p);
	strbuf_release(&name);
	strbuf_release(&path);
	strbuf_release(&actual);
	strbuf_release(&dump);
	return good;
}

/* "<= N", the only comparison that is needed. */
static bool parse_most(struct session *s, struct str args, uint64_t *most)
{
	args = str_trim(args);
	if (!str_starts(args, STR("<=")) ||
	    !str_to_u64(str_trim(str_from(args, 2)), most))
		return session_fail(s, "this takes <= NUMBER");
	return true;
}

/* What was sent since the last keys; marks of frames are still in it. */
static struct str sent_since(const struct session *s)
{
	return str_sub(strbuf_str(&s->pty.raw), s->mark,
		       s->pty.running ? s->answered : s->pty.raw.n);
}

/* Takes the next frame off; without marks all of it is one. */
static struct str next_frame(struct str *sent)
{
	const struct str mark = STR(RAW_FRAME_MARK);
	size_t at = str_find(*sent, mark, 0);
	struct str frame = str_sub(*sent, 0, at == SIZE_MAX ? sent->n : at);

	*sent = str_from(*sent, at == SIZE_MAX ? sent->n : at + mark.n);
	return frame;
}

/* The frame that answers the keys: the first in which anything was sent. */
bool step_frame(struct session *s, struct str args)
{
	struct str sent = sent_since(s), frame = STR_NULL;
	uint64_t most;

	if (!parse_most(s, args, &most))
		return false;
	while (sent.n && !frame.n)
		frame = next_frame(&sent);
	printf("  frame: %zu of %zu\n", frame.n, (size_t)most);
	return frame.n <= most ||
	       session_fail(s, "the frame has %zu bytes", frame.n);
}

/* The longest one: a load sends several until all of it is there. */
bool step_largest(struct session *s, struct str args)
{
	struct str sent = sent_since(s);
	uint64_t most;
	size_t largest = 0;

	if (!parse_most(s, args, &most))
		return false;
	while (sent.n) {
		size_t n = next_frame(&sent).n;

		if (n > largest)
			largest = n;
	}
	printf("  largest: %zu of %zu\n", largest, (size_t)most);
	return largest <= most ||
	       session_fail(s, "a frame has %zu bytes", largest);
}

bool step_bytes(struct session *s, struct str args)
{
	struct str all = sent_since(s);
	uint64_t most;
	size_t sent = 0;

	if (!parse_most(s, args, &most))
		return false;
	while (all.n)
		sent += next_frame(&all).n;
	printf("  bytes: %zu of %zu\n", sent, (size_t)most);
	return sent <= most || session_fail(s, "%zu bytes were sent", sent);
}

bool step_cpu(struct session *s, struct str args)
{
	const struct rusage *u = &s->pty.usage;
	uint64_t most, ms;

	if (!parse_most(s, args, &most))
		return false;
	if (!s->ended)
		return session_fail(s, "only known once its end was checked");
	ms = (uint64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000 +
	     (uint64_t)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1000;
	printf("  cpu: %zu ms of %zu\n", (size_t)ms, (size_t)most);
	return ms <= most || session_fail(s, "it used %zu ms", (size_t)ms);
}

bool step_quiet(struct session *s, struct str args)
{
	size_t before = s->pty.raw.n;
	uint64_t ms, until;

	if (!str_to_u64(str_trim(args), &ms))
		return session_fail(s, "quiet takes milliseconds");
	if (!session_is_alive(s))
		return false;
	until = pty_now() + ms;
	while (pty_now() < until)
		session_take(s, (int)(until - pty_now()));
	return s->pty.raw.n == before ||
	       session_fail(s, "%zu bytes came", s->pty.raw.n - before);
}

bool step_exit(struct session *s, struct str args)
{
	uint64_t expected;

	if (!str_to_u64(str_trim(args), &expected))
		return session_fail(s, "exit takes a number");
	if (!s->started || !session_wait_for_end(s))
		return session_fail(s, "; nothing has ended");
	s->ended = true;
	if (WIFEXITED(s->pty.status) &&
	    (uint64_t)WEXITSTATUS(s->pty.status) == expected)
		return true;
	strbuf_adds(&s->why, "it ended otherwise: ");
	session_describe_end(s, &s->why);
	return false;
}

bool step_killed(struct session *s, struct str args)
{
	int sig;

	if (!session_find_signal(str_trim(args), &sig))
		return session_fail(s, "no such signal");
	if (!s->started || !session_wait_for_end(s))
		return session_fail(s, "; nothing has ended");
	s->ended = true;
	if (WIFSIGNALED(s->pty.status) && WTERMSIG(s->pty.status) == sig)
		return true;
	strbuf_adds(&s->why, "it ended otherwise: ");
	session_describe_end(s, &s->why);
	return false;
}

bool step_stopped(struct session *s, struct str args)
{
	(void)args;
	while (s->pty.running && !s->pty.stopped) {
		if (session_out_of_time(s, "the program to stop"))
			return false;
		session_take(s, 100);
	}
	if (!pty_drain(&s->pty, s->deadline))
		return session_fail(s, "the terminal swallows output");
	session_take(s, 0);
	return session_is_alive(s);
}

/* What was switched on is off again, and the modes are as before. "modes":
 * only these, where the terminal took no more output. */
bool step_restored(struct session *s, struct str args)
{
	bool output = !s->hung_up && !str_eq(str_trim(args), STR("modes"));
	static const struct {
		const char *on, *off;
	} pairs[] = {
		{ "smcup", "rmcup" },
		{ "civis", "cnorm" },
		{ "smkx", "rmkx" },
		{ "BE", "BD" },
	};

	if (!pty_modes_restored(&s->pty))
		return session_fail(s,
				    "the terminal's modes are not as before");
	for (size_t i = 0; i < ARRAY_SIZE(pairs) && s->term && output; i++)
		if (raw_is_on(s->term, strbuf_str(&s->pty.raw), pairs[i].on,
			      pairs[i].off))
			return session_fail(s,
					    "%s was sent and no %s behind it",
					    pairs[i].on, pairs[i].off);
	return true;
}

bool step_raw_clean(struct session *s, struct str args)
{
	if (!s->term)
		return session_fail(s, "this terminal has no description");
	return raw_check(s->term, strbuf_str(&s->pty.raw),
			 str_eq(str_trim(args), STR("ascii")), &s->why);
}

bool step_sent(struct session *s, struct str args)
{
	struct strbuf b;
	bool found;

	strbuf_init(&b);
	keys_unescape(args, &b);
	found = str_find(strbuf_str(&s->pty.raw), strbuf_str(&b), s->mark) !=
		SIZE_MAX;
	strbuf_release(&b);
	return found || session_fail(s, "it was not sent");
}

bool step_file(struct session *s, struct str args)
{
	struct strbuf path, text;
	struct str name;
	bool good;

	args = str_trim(args);
	if (!str_next(&args, ' ', &name))
		return session_fail(s, "file takes a name and a text");
	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_addf(&path, "%s/", s->work);
	session_expand(s, name, &path);
	good = golden_read(path.p, &text) ||
	       session_fail(s, "%s: %s", path.p, strerror(errno));
	if (good)
		good = str_find(strbuf_str(&text), args, 0) != SIZE_MAX ||
		       session_fail(s, "%s has no such text", path.p);
	strbuf_release(&path);
	strbuf_release(&text);
	return good;
}
