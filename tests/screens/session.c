/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/attr.h"
#include "base/mem.h"
#include "golden.h"
#include "keys.h"

static bool fail(struct session *s, const char *fmt, ...) ATTR_PRINTF(2, 3);

static bool fail(struct session *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	strbuf_adds(&s->why, text);
	return false;
}

/* Environment ------------------------------------------------------------ */

static char **find_env(struct session *s, struct str name)
{
	for (size_t i = 0; i < s->env_n; i++) {
		struct str entry = str_of(s->env[i]);

		if (str_find_char(entry, '=', 0) == name.n &&
		    str_starts(entry, name))
			return &s->env[i];
	}
	return NULL;
}

static void unset_env(struct session *s, struct str name)
{
	char **entry = find_env(s, name);

	if (!entry)
		return;
	free(*entry);
	*entry = s->env[--s->env_n];
	s->env[s->env_n] = NULL;
}

void session_set_env(struct session *s, const char *name, const char *value)
{
	struct strbuf b;

	unset_env(s, str_of(name));
	if (s->env_n == SESSION_ENV_MAX)
		return;
	strbuf_init(&b);
	strbuf_addf(&b, "%s=%s", name, value);
	s->env[s->env_n++] = strbuf_detach(&b);
	strbuf_release(&b);
}

static const char *get_env(struct session *s, struct str name)
{
	char copy[64];
	char **entry = find_env(s, name);

	if (entry)
		return *entry + name.n + 1;
	snprintf(copy, sizeof(copy), "%.*s", STR_ARG(name));
	return getenv(copy);
}

static bool is_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* $NAME in the text by what the program will have in its environment, or what
 * this driver has in its own. */
static void expand(struct session *s, struct str text, struct strbuf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t end = i + 1;
		const char *value;

		while (end < text.n && is_name(text.p[end]))
			end++;
		if (text.p[i] != '$' || end == i + 1) {
			strbuf_addc(out, text.p[i]);
			continue;
		}
		value = get_env(s, str_sub(text, i + 1, end));
		strbuf_adds(out, value ? value : "");
		i = end - 1;
	}
}

/* Waiting ---------------------------------------------------------------- */

/* Takes what has come and shows it to the emulator. */
static void take(struct session *s, int ms)
{
	struct str raw;
	uint64_t number;
	size_t at, n;

	pty_pump(&s->pty, ms);
	raw = strbuf_str(&s->pty.raw);
	screen_feed(s->screen, str_from(raw, s->fed));
	s->fed = raw.n;
	while (raw_find_sync(raw, s->scanned, &at, &n, &number)) {
		s->synced = number;
		s->answered = at;
		s->scanned = at + n;
	}
}

static bool out_of_time(struct session *s, const char *what)
{
	if (pty_now() < s->deadline)
		return false;
	fail(s, "out of time, waiting for %s", what);
	return true;
}

static void describe_end(const struct session *s, struct strbuf *out)
{
	if (WIFSIGNALED(s->pty.status))
		strbuf_addf(out, "killed by %s",
			    strsignal(WTERMSIG(s->pty.status)));
	else
		strbuf_addf(out, "exit %d", WEXITSTATUS(s->pty.status));
}

/* Until the program has answered all sync keys, or has ended. */
static bool wait_for_sync(struct session *s)
{
	while (s->synced < s->wanted && s->pty.running && !s->pty.stopped) {
		if (out_of_time(s, "an answer to the sync key"))
			return false;
		take(s, 100);
	}
	return true;
}

static bool sync_now(struct session *s)
{
	s->wanted++;
	if (!pty_send(&s->pty, STR("\x1d"), s->deadline))
		return fail(s, "the program does not read its keys");
	return wait_for_sync(s);
}

/* Until the program reads single keys. Nothing says when that is, so this
 * looks now and then. */
static bool wait_for_raw(struct session *s)
{
	while (s->pty.running && !pty_is_raw(&s->pty)) {
		if (out_of_time(s, "the program to take the terminal"))
			return false;
		take(s, 2);
	}
	return !s->pty.running || sync_now(s);
}

static bool wait_for_end(struct session *s)
{
	while (s->pty.running) {
		if (out_of_time(s, "the program to end"))
			return false;
		take(s, 100);
	}
	if (!pty_drain(&s->pty, s->deadline))
		return fail(s, "the terminal swallows output");
	take(s, 0);
	return true;
}

static bool is_alive(struct session *s)
{
	if (!s->started)
		return fail(s, "nothing was run yet");
	if (s->pty.running)
		return true;
	strbuf_adds(&s->why, "the program has ended: ");
	describe_end(s, &s->why);
	return false;
}

/* Steps: before a run ---------------------------------------------------- */

static bool parse_size(struct session *s, struct str args, int *rows, int *cols)
{
	struct str cols_text;
	uint64_t r, c;

	args = str_trim(args);
	if (!str_next(&args, 'x', &cols_text) || !str_to_u64(cols_text, &c) ||
	    !str_to_u64(args, &r) || r > 1000 || c > 1000)
		return fail(s, "a size is COLUMNSxROWS");
	*rows = (int)r;
	*cols = (int)c;
	return true;
}

static bool step_size(struct session *s, struct str args)
{
	return parse_size(s, args, &s->start.rows, &s->start.cols);
}

static bool step_env(struct session *s, struct str args)
{
	struct strbuf name, value;
	size_t equals = str_find_char(args, '=', 0);

	if (equals == SIZE_MAX)
		return fail(s, "env takes NAME=VALUE");
	strbuf_init(&name);
	strbuf_init(&value);
	strbuf_add(&name, str_sub(args, 0, equals));
	expand(s, str_from(args, equals + 1), &value);
	session_set_env(s, name.p, value.p);
	strbuf_release(&name);
	strbuf_release(&value);
	return true;
}

static bool step_unset(struct session *s, struct str args)
{
	unset_env(s, str_trim(args));
	return true;
}

static bool step_stdin(struct session *s, struct str args)
{
	struct strbuf b;

	strbuf_init(&b);
	expand(s, str_trim(args), &b);
	free(s->stdin_path);
	s->stdin_path = strbuf_detach(&b);
	strbuf_release(&b);
	s->start.stdin_path = s->stdin_path;
	return true;
}

static bool step_ignore_hup(struct session *s, struct str args)
{
	(void)args;
	s->start.ignore_hup = true;
	return true;
}

static bool step_detached(struct session *s, struct str args)
{
	(void)args;
	s->start.detached = true;
	return true;
}

static bool step_job(struct session *s, struct str args)
{
	(void)args;
	s->start.job = true;
	return true;
}

/* Splits at blanks; quotes keep them together. */
static size_t split(struct session *s, struct str args, char **out)
{
	struct strbuf word;
	size_t n = 0;

	strbuf_init(&word);
	args = str_trim(args);
	while (args.n && n + 1 < SESSION_ARGS_MAX) {
		char end = ' ';
		size_t stop;

		if (args.p[0] == '"' || args.p[0] == '\'') {
			end = args.p[0];
			args = str_from(args, 1);
		}
		stop = str_find_char(args, end, 0);
		if (stop == SIZE_MAX)
			stop = args.n;
		strbuf_clear(&word);
		if (end == '\'')
			strbuf_add(&word, str_sub(args, 0, stop));
		else
			expand(s, str_sub(args, 0, stop), &word);
		out[n++] = mem_strdup(word.p);
		args = str_trim(str_from(args, stop + 1));
	}
	out[n] = NULL;
	strbuf_release(&word);
	return n;
}

static bool start_program(struct session *s, struct str args)
{
	char *argv[SESSION_ARGS_MAX];
	bool good;
	size_t n = split(s, args, argv);

	s->start.argv = argv;
	s->start.envp = s->env;
	good = n > 0 && pty_start(&s->pty, &s->start);
	for (size_t i = 0; i < n; i++)
		free(argv[i]);
	if (!good)
		return fail(s, "cannot run it: %s", strerror(errno));
	return true;
}

static bool step_run(struct session *s, struct str args)
{
	const char *term = get_env(s, STR("TERM"));

	if (s->started && !s->ended)
		return fail(s, "the last program's end was not checked");
	screen_free(s->screen);
	s->screen = screen_new(s->start.rows ? s->start.rows : 24,
			       s->start.cols ? s->start.cols : 80);
	raw_close(s->term);
	s->term = find_env(s, STR("TERM")) ? raw_open(term) : NULL;
	s->fed = s->mark = s->answered = s->scanned = 0;
	s->synced = s->wanted = 0;
	s->hung_up = s->ended = false;
	if (!start_program(s, args))
		return false;
	s->started = true;
	s->start.ignore_hup = s->start.detached = s->start.job = false;
	s->start.stdin_path = NULL;
	return wait_for_raw(s);
}

/* Steps: input ----------------------------------------------------------- */

/* Sends bytes and the sync key behind them. */
static bool send(struct session *s, struct str bytes)
{
	s->mark = s->pty.raw.n;
	if (!pty_send(&s->pty, bytes, s->deadline))
		return fail(s, "the program does not read its keys");
	return sync_now(s);
}

static bool step_keys(struct session *s, struct str args)
{
	struct strbuf b;
	bool good;

	strbuf_init(&b);
	good = is_alive(s) && keys_to_bytes(s->term, args, &b, &s->why) &&
	       send(s, strbuf_str(&b));
	strbuf_release(&b);
	return good;
}

static void nap(uint64_t ms)
{
	struct timespec ts = { (time_t)(ms / 1000),
			       (long)(ms % 1000) * 1000000L };

	nanosleep(&ts, NULL);
}

/* The bytes one by one: what a slow line does to sequences. */
static bool step_keys_slow(struct session *s, struct str args)
{
	struct str ms_text;
	struct strbuf b;
	uint64_t ms;
	bool good;

	if (!str_next(&args, ' ', &ms_text) || !str_to_u64(ms_text, &ms))
		return fail(s, "keys-slow takes milliseconds and keys");
	strbuf_init(&b);
	good = is_alive(s) && keys_to_bytes(s->term, args, &b, &s->why);
	s->mark = s->pty.raw.n;
	for (size_t i = 0; good && i < b.n; i++) {
		good = pty_send(&s->pty, (struct str){ b.p + i, 1 },
				s->deadline);
		nap(ms);
	}
	strbuf_release(&b);
	return good && sync_now(s);
}

static bool step_send(struct session *s, struct str args)
{
	struct strbuf b;
	bool good;

	strbuf_init(&b);
	keys_unescape(args, &b);
	s->mark = s->pty.raw.n;
	good = is_alive(s) && pty_send(&s->pty, strbuf_str(&b), s->deadline);
	strbuf_release(&b);
	return good;
}

/* As a terminal does it: marked, if the program has asked for marks. */
static bool step_paste(struct session *s, struct str args)
{
	struct strbuf b;
	bool marks, good;

	if (!is_alive(s))
		return false;
	marks = s->term &&
		raw_is_on(s->term, strbuf_str(&s->pty.raw), "BE", "BD");
	strbuf_init(&b);
	if (marks)
		strbuf_add(&b, raw_capability(s->term, "PS"));
	keys_unescape(args, &b);
	if (marks)
		strbuf_add(&b, raw_capability(s->term, "PE"));
	good = send(s, strbuf_str(&b));
	strbuf_release(&b);
	return good;
}

static bool step_sync(struct session *s, struct str args)
{
	(void)args;
	return is_alive(s) && sync_now(s);
}

static bool step_resize(struct session *s, struct str args)
{
	int rows = 0, cols = 0;

	if (!is_alive(s) || !parse_size(s, args, &rows, &cols))
		return false;
	s->mark = s->pty.raw.n;
	screen_resize(s->screen, rows ? rows : 24, cols ? cols : 80);
	pty_resize(&s->pty, rows, cols);
	return sync_now(s);
}

static bool find_signal(struct str name, int *sig)
{
	static const struct {
		const char *name;
		int sig;
	} signals[] = {
		{ "HUP", SIGHUP },   { "INT", SIGINT },   { "QUIT", SIGQUIT },
		{ "TERM", SIGTERM }, { "TSTP", SIGTSTP }, { "CONT", SIGCONT },
		{ "STOP", SIGSTOP }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
		{ "PIPE", SIGPIPE }, { "SEGV", SIGSEGV }, { "ABRT", SIGABRT },
		{ "BUS", SIGBUS },   { "FPE", SIGFPE },   { "ILL", SIGILL },
		{ "KILL", SIGKILL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		if (str_eq(name, str_of(signals[i].name))) {
			*sig = signals[i].sig;
			return true;
		}
	}
	return false;
}

static bool step_signal(struct session *s, struct str args)
{
	int sig;

	if (!is_alive(s))
		return false;
	if (!find_signal(str_trim(args), &sig))
		return fail(s, "no such signal");
	s->mark = s->pty.raw.n;
	kill(s->pty.pid, sig);
	return true;
}

static bool step_hangup(struct session *s, struct str args)
{
	(void)args;
	if (!is_alive(s))
		return false;
	pty_hang_up(&s->pty);
	s->hung_up = true;
	return true;
}

static bool step_freeze(struct session *s, struct str args)
{
	(void)args;
	s->pty.frozen = true;
	return is_alive(s);
}

static bool step_continue(struct session *s, struct str args)
{
	(void)args;
	if (!s->pty.stopped)
		return fail(s, "it is not stopped");
	s->mark = s->pty.raw.n;
	pty_continue(&s->pty);
	return wait_for_raw(s);
}

static bool step_nap(struct session *s, struct str args)
{
	uint64_t ms;

	if (!str_to_u64(str_trim(args), &ms))
		return fail(s, "nap takes milliseconds");
	nap(ms);
	take(s, 0);
	return true;
}

/* Steps: checks ---------------------------------------------------------- */

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

static bool step_expect(struct session *s, struct str args)
{
	if (!s->started)
		return fail(s, "nothing was run yet");
	return row_has(s, args) || fail(s, "it is not on the screen");
}

static bool step_refuse(struct session *s, struct str args)
{
	if (!s->started)
		return fail(s, "nothing was run yet");
	return !row_has(s, args) || fail(s, "it is on the screen");
}

static bool step_snap(struct session *s, struct str args)
{
	struct strbuf name, path, actual, dump;
	bool good;

	if (!s->started)
		return fail(s, "nothing was run yet");
	strbuf_init(&name);
	strbuf_init(&path);
	strbuf_init(&actual);
	strbuf_init(&dump);
	expand(s, str_trim(args), &name);
	strbuf_addf(&path, "%s/%s.screen", s->dir, name.p);
	strbuf_addf(&actual, "%s.%s.actual", s->work, name.p);
	screen_dump(s->screen,
		    !s->term || !raw_is_on(s->term, strbuf_str(&s->pty.raw),
					   "civis", "cnorm"),
		    &dump);
	good = golden_check(path.p, actual.p, strbuf_str(&dump), s->update) ||
	       fail(s, "the screen differs from %s", path.p);
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
		return fail(s, "this takes <= NUMBER");
	return true;
}

static bool step_bytes(struct session *s, struct str args)
{
	uint64_t most;
	size_t sent;

	if (!parse_most(s, args, &most))
		return false;
	sent = (s->pty.running ? s->answered : s->pty.raw.n) - s->mark;
	printf("  bytes: %zu of %zu\n", sent, (size_t)most);
	return sent <= most || fail(s, "%zu bytes were sent", sent);
}

static bool step_cpu(struct session *s, struct str args)
{
	const struct rusage *u = &s->pty.usage;
	uint64_t most, ms;

	if (!parse_most(s, args, &most))
		return false;
	if (!s->ended)
		return fail(s, "only known once its end was checked");
	ms = (uint64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000 +
	     (uint64_t)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1000;
	printf("  cpu: %zu ms of %zu\n", (size_t)ms, (size_t)most);
	return ms <= most || fail(s, "it used %zu ms", (size_t)ms);
}

static bool step_quiet(struct session *s, struct str args)
{
	size_t before = s->pty.raw.n;
	uint64_t ms, until;

	if (!str_to_u64(str_trim(args), &ms))
		return fail(s, "quiet takes milliseconds");
	if (!is_alive(s))
		return false;
	until = pty_now() + ms;
	while (pty_now() < until)
		take(s, (int)(until - pty_now()));
	return s->pty.raw.n == before ||
	       fail(s, "%zu bytes came", s->pty.raw.n - before);
}

static bool step_exit(struct session *s, struct str args)
{
	uint64_t expected;

	if (!str_to_u64(str_trim(args), &expected))
		return fail(s, "exit takes a number");
	if (!s->started || !wait_for_end(s))
		return fail(s, "; nothing has ended");
	s->ended = true;
	if (WIFEXITED(s->pty.status) &&
	    (uint64_t)WEXITSTATUS(s->pty.status) == expected)
		return true;
	strbuf_adds(&s->why, "it ended otherwise: ");
	describe_end(s, &s->why);
	return false;
}

static bool step_killed(struct session *s, struct str args)
{
	int sig;

	if (!find_signal(str_trim(args), &sig))
		return fail(s, "no such signal");
	if (!s->started || !wait_for_end(s))
		return fail(s, "; nothing has ended");
	s->ended = true;
	if (WIFSIGNALED(s->pty.status) && WTERMSIG(s->pty.status) == sig)
		return true;
	strbuf_adds(&s->why, "it ended otherwise: ");
	describe_end(s, &s->why);
	return false;
}

static bool step_stopped(struct session *s, struct str args)
{
	(void)args;
	while (s->pty.running && !s->pty.stopped) {
		if (out_of_time(s, "the program to stop"))
			return false;
		take(s, 100);
	}
	if (!pty_drain(&s->pty, s->deadline))
		return fail(s, "the terminal swallows output");
	take(s, 0);
	return is_alive(s);
}

/* What was switched on is off again, and the modes are as before. "modes":
 * only these, where the terminal took no more output. */
static bool step_restored(struct session *s, struct str args)
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
		return fail(s, "the terminal's modes are not as before");
	for (size_t i = 0; i < ARRAY_SIZE(pairs) && s->term && output; i++)
		if (raw_is_on(s->term, strbuf_str(&s->pty.raw), pairs[i].on,
			      pairs[i].off))
			return fail(s, "%s was sent and no %s behind it",
				    pairs[i].on, pairs[i].off);
	return true;
}

static bool step_raw_clean(struct session *s, struct str args)
{
	if (!s->term)
		return fail(s, "this terminal has no description");
	return raw_check(s->term, strbuf_str(&s->pty.raw),
			 str_eq(str_trim(args), STR("ascii")), &s->why);
}

static bool step_sent(struct session *s, struct str args)
{
	struct strbuf b;
	bool found;

	strbuf_init(&b);
	keys_unescape(args, &b);
	found = str_find(strbuf_str(&s->pty.raw), strbuf_str(&b), s->mark) !=
		SIZE_MAX;
	strbuf_release(&b);
	return found || fail(s, "it was not sent");
}

static bool step_file(struct session *s, struct str args)
{
	struct strbuf path, text;
	struct str name;
	bool good;

	args = str_trim(args);
	if (!str_next(&args, ' ', &name))
		return fail(s, "file takes a name and a text");
	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_addf(&path, "%s/", s->work);
	expand(s, name, &path);
	good = golden_read(path.p, &text) ||
	       fail(s, "%s: %s", path.p, strerror(errno));
	if (good)
		good = str_find(strbuf_str(&text), args, 0) != SIZE_MAX ||
		       fail(s, "%s has no such text", path.p);
	strbuf_release(&path);
	strbuf_release(&text);
	return good;
}

/* The table -------------------------------------------------------------- */

static const struct {
	const char *name;
	bool (*step)(struct session *s, struct str args);
} steps[] = {
	{ "size", step_size },
	{ "env", step_env },
	{ "unset", step_unset },
	{ "stdin", step_stdin },
	{ "ignore-hup", step_ignore_hup },
	{ "detached", step_detached },
	{ "job", step_job },
	{ "run", step_run },
	{ "keys", step_keys },
	{ "keys-slow", step_keys_slow },
	{ "send", step_send },
	{ "paste", step_paste },
	{ "sync", step_sync },
	{ "resize", step_resize },
	{ "signal", step_signal },
	{ "hangup", step_hangup },
	{ "freeze", step_freeze },
	{ "continue", step_continue },
	{ "nap", step_nap },
	{ "expect", step_expect },
	{ "refuse", step_refuse },
	{ "snap", step_snap },
	{ "bytes", step_bytes },
	{ "cpu", step_cpu },
	{ "quiet", step_quiet },
	{ "exit", step_exit },
	{ "killed", step_killed },
	{ "stopped", step_stopped },
	{ "restored", step_restored },
	{ "raw-clean", step_raw_clean },
	{ "sent", step_sent },
	{ "file", step_file },
};

bool session_step(struct session *s, struct str line)
{
	struct str name;

	strbuf_clear(&s->why);
	if (!str_trim(line).n || line.p[0] == '#')
		return true;
	str_next(&line, ' ', &name);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (str_eq(name, str_of(steps[i].name)))
			return steps[i].step(s, line);
	return fail(s, "no such step");
}

bool session_finish(struct session *s)
{
	strbuf_clear(&s->why);
	if (!s->started || s->ended)
		return true;
	return fail(s, "the script ends, and how the program ended was not "
		       "checked");
}

/* Life ------------------------------------------------------------------- */

void session_init(struct session *s, const char *dir, const char *work)
{
	*s = (struct session){ .dir = dir, .work = work };
	s->start.rows = 24;
	s->start.cols = 80;
	strbuf_init(&s->why);
	pty_init(&s->pty);
}

void session_release(struct session *s)
{
	pty_release(&s->pty);
	screen_free(s->screen);
	raw_close(s->term);
	while (s->env_n)
		free(s->env[--s->env_n]);
	free(s->stdin_path);
	strbuf_release(&s->why);
}
