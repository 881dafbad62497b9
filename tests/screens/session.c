/* SPDX-License-Identifier: MIT */
#include "session_private.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/attr.h"
#include "base/mem.h"
#include "keys.h"

bool session_fail(struct session *s, const char *fmt, ...)
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

const char *session_env(struct session *s, struct str name)
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
void session_expand(struct session *s, struct str text, struct strbuf *out)
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
		value = session_env(s, str_sub(text, i + 1, end));
		strbuf_adds(out, value ? value : "");
		i = end - 1;
	}
}

/* Waiting ---------------------------------------------------------------- */

/* Takes what has come and shows it to the emulator. */
void session_take(struct session *s, int ms)
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

bool session_out_of_time(struct session *s, const char *what)
{
	if (pty_now() < s->deadline)
		return false;
	session_fail(s, "out of time, waiting for %s", what);
	return true;
}

void session_describe_end(const struct session *s, struct strbuf *out)
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
		if (session_out_of_time(s, "an answer to the sync key"))
			return false;
		session_take(s, 100);
	}
	return true;
}

static bool sync_now(struct session *s)
{
	s->wanted++;
	if (!pty_send(&s->pty, STR("\x1d"), s->deadline))
		return session_fail(s, "the program does not read its keys");
	return wait_for_sync(s);
}

/* Until the program reads single keys. Nothing says when that is, so this
 * looks now and then. */
static bool wait_for_raw(struct session *s)
{
	while (s->pty.running && !pty_is_raw(&s->pty)) {
		if (session_out_of_time(s, "the program to take the terminal"))
			return false;
		session_take(s, 2);
	}
	return !s->pty.running || sync_now(s);
}

bool session_wait_for_end(struct session *s)
{
	while (s->pty.running) {
		if (session_out_of_time(s, "the program to end"))
			return false;
		session_take(s, 100);
	}
	if (!pty_drain(&s->pty, s->deadline))
		return session_fail(s, "the terminal swallows output");
	session_take(s, 0);
	return true;
}

bool session_is_alive(struct session *s)
{
	if (!s->started)
		return session_fail(s, "nothing was run yet");
	if (s->pty.running)
		return true;
	strbuf_adds(&s->why, "the program has ended: ");
	session_describe_end(s, &s->why);
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
		return session_fail(s, "a size is COLUMNSxROWS");
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
		return session_fail(s, "env takes NAME=VALUE");
	strbuf_init(&name);
	strbuf_init(&value);
	strbuf_add(&name, str_sub(args, 0, equals));
	session_expand(s, str_from(args, equals + 1), &value);
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
	session_expand(s, str_trim(args), &b);
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

static bool step_no_echo(struct session *s, struct str args)
{
	(void)args;
	s->start.no_echo = true;
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
			session_expand(s, str_sub(args, 0, stop), &word);
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
		return session_fail(s, "cannot run it: %s", strerror(errno));
	return true;
}

static bool step_run(struct session *s, struct str args)
{
	const char *term = session_env(s, STR("TERM"));

	if (s->started && !s->ended)
		return session_fail(s,
				    "the last program's end was not checked");
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
		return session_fail(s, "the program does not read its keys");
	return sync_now(s);
}

static bool step_keys(struct session *s, struct str args)
{
	struct strbuf b;
	bool good;

	strbuf_init(&b);
	good = session_is_alive(s) &&
	       keys_to_bytes(s->term, args, &b, &s->why) &&
	       send(s, strbuf_str(&b));
	strbuf_release(&b);
	return good;
}

/* Without waiting for what comes of it. */
static bool step_press(struct session *s, struct str args)
{
	struct strbuf b;
	bool good;

	strbuf_init(&b);
	s->mark = s->pty.raw.n;
	good = session_is_alive(s) &&
	       keys_to_bytes(s->term, args, &b, &s->why) &&
	       pty_send(&s->pty, strbuf_str(&b), s->deadline);
	strbuf_release(&b);
	return good;
}

/* The bytes one by one: what a slow line does to sequences. */
static bool step_keys_slow(struct session *s, struct str args)
{
	struct str ms_text;
	struct strbuf b;
	uint64_t ms;
	bool good;

	if (!str_next(&args, ' ', &ms_text) || !str_to_u64(ms_text, &ms))
		return session_fail(s, "keys-slow takes milliseconds and keys");
	strbuf_init(&b);
	good = session_is_alive(s) && keys_to_bytes(s->term, args, &b, &s->why);
	s->mark = s->pty.raw.n;
	for (size_t i = 0; good && i < b.n; i++) {
		good = pty_send(&s->pty, (struct str){ b.p + i, 1 },
				s->deadline);
		pty_nap(ms);
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
	good = session_is_alive(s) &&
	       pty_send(&s->pty, strbuf_str(&b), s->deadline);
	strbuf_release(&b);
	return good;
}

/* As a terminal does it: marked, if the program has asked for marks. */
static bool step_paste(struct session *s, struct str args)
{
	struct strbuf b;
	bool marks, good;

	if (!session_is_alive(s))
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
	return session_is_alive(s) && sync_now(s);
}

static bool step_resize(struct session *s, struct str args)
{
	int rows = 0, cols = 0;

	if (!session_is_alive(s) || !parse_size(s, args, &rows, &cols))
		return false;
	s->mark = s->pty.raw.n;
	screen_resize(s->screen, rows ? rows : 24, cols ? cols : 80);
	pty_resize(&s->pty, rows, cols);
	return sync_now(s);
}

bool session_find_signal(struct str name, int *sig)
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

	if (!session_is_alive(s))
		return false;
	if (!session_find_signal(str_trim(args), &sig))
		return session_fail(s, "no such signal");
	s->mark = s->pty.raw.n;
	kill(s->pty.pid, sig);
	return true;
}

static bool step_hangup(struct session *s, struct str args)
{
	(void)args;
	if (!session_is_alive(s))
		return false;
	pty_hang_up(&s->pty);
	s->hung_up = true;
	return true;
}

static bool step_freeze(struct session *s, struct str args)
{
	(void)args;
	s->pty.frozen = true;
	return session_is_alive(s);
}

static bool step_continue(struct session *s, struct str args)
{
	(void)args;
	if (!s->pty.stopped)
		return session_fail(s, "it is not stopped");
	s->mark = s->pty.raw.n;
	pty_continue(&s->pty);
	return wait_for_raw(s);
}

static bool step_nap(struct session *s, struct str args)
{
	uint64_t ms;

	if (!str_to_u64(str_trim(args), &ms))
		return session_fail(s, "nap takes milliseconds");
	pty_nap(ms);
	session_take(s, 0);
	return true;
}

/* What happens on the machine meanwhile. */
static bool step_shell(struct session *s, struct str args)
{
	struct strbuf b;
	int status;

	strbuf_init(&b);
	session_expand(s, args, &b);
	status = system(b.p);
	if (status)
		session_fail(s, "status %d of %s", status, b.p);
	strbuf_release(&b);
	return status == 0;
}

static bool step_finally(struct session *s, struct str args)
{
	struct strbuf b;

	strbuf_init(&b);
	session_expand(s, args, &b);
	free(s->finally);
	s->finally = strbuf_detach(&b);
	strbuf_release(&b);
	return true;
}

/* What this machine may not be able to do, or this user not allowed to. */
static bool step_needs(struct session *s, struct str args)
{
	struct strbuf b;

	strbuf_init(&b);
	session_expand(s, args, &b);
	s->skipped = system(b.p) != 0;
	if (s->skipped)
		printf("SKIP: %s\n", b.p);
	strbuf_release(&b);
	return true;
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
	{ "no-echo", step_no_echo },
	{ "job", step_job },
	{ "run", step_run },
	{ "keys", step_keys },
	{ "press", step_press },
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
	{ "shell", step_shell },
	{ "finally", step_finally },
	{ "needs", step_needs },
	{ "expect", step_expect },
	{ "await", step_await },
	{ "refuse", step_refuse },
	{ "snap", step_snap },
	{ "bytes", step_bytes },
	{ "frame", step_frame },
	{ "largest", step_largest },
	{ "cpu", step_cpu },
	{ "quiet", step_quiet },
	{ "exit", step_exit },
	{ "killed", step_killed },
	{ "stopped", step_stopped },
	{ "restored", step_restored },
	{ "raw-clean", step_raw_clean },
	{ "views", step_views },
	{ "kills", step_kills },
	{ "wander", step_wander },
	{ "sent", step_sent },
	{ "file", step_file },
};

bool session_step(struct session *s, struct str line)
{
	struct str name;

	strbuf_clear(&s->why);
	if (!str_trim(line).n || line.p[0] == '#' || s->skipped)
		return true;
	str_next(&line, ' ', &name);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (str_eq(name, str_of(steps[i].name)))
			return steps[i].step(s, line);
	return session_fail(s, "no such step");
}

bool session_finish(struct session *s)
{
	strbuf_clear(&s->why);
	if (!s->started || s->ended || s->skipped)
		return true;
	return session_fail(
		s, "the script ends, and how the program ended was not "
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
	if (s->finally && system(s->finally) != 0)
		printf("at the end, in vain: %s\n", s->finally);
	free(s->finally);
	screen_free(s->screen);
	raw_close(s->term);
	while (s->env_n)
		free(s->env[--s->env_n]);
	free(s->stdin_path);
	strbuf_release(&s->why);
}
