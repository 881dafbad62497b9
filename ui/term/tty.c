/* SPDX-License-Identifier: MIT */
#include "ui/term/tty_private.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* Without its macros, which take names such as clear, move and timeout. */
#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "base/utf8.h"

enum { SIZE_MOST = 1000 }; /* rows and columns that are believed */

/* All that the program has to keep in file scope for a terminal. */
struct tty tty_the_one = { .in_fd = -1, .out_fd = -1 };
struct tty_signals tty_signals = { .wake = { -1, -1 } };

/* Capabilities ---------------------------------------------------------- */

const char *tty_capability(const char *name)
{
	const char *text = tigetstr(name);

	return text == (char *)-1 ? NULL : text;
}

bool tty_flag(const char *name)
{
	return tigetflag(name) == 1;
}

int tty_number(const char *name)
{
	return tigetnum(name);
}

const char *tty_fill(const char *text, int a, int b)
{
	return tparm(text, (long)a, (long)b, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
}

/* Padding only terminals on a real serial line ever needed. */
void tty_add_capability(struct strbuf *b, const char *text)
{
	for (; text && *text; text++) {
		if (text[0] == '$' && text[1] == '<') {
			text = strchr(text, '>');
			if (!text)
				return;
		} else {
			strbuf_addc(b, *text);
		}
	}
}

static void copy_text(char *out, size_t size, const char *text)
{
	struct strbuf b;

	strbuf_init_max(&b, size - 1);
	tty_add_capability(&b, text);
	memcpy(out, b.p, b.full ? 0 : b.n);
	out[b.full ? 0 : b.n] = '\0';
	strbuf_release(&b);
}

void tty_copy_capability(char *out, size_t size, const char *name)
{
	copy_text(out, size, tty_capability(name));
}

void tty_copy_color(char *out, size_t size, int color)
{
	const char *text = tty_capability("setaf");

	/* The older capability counts blue, green, red. */
	if (!text && (text = tty_capability("setf")))
		color = (color & 2) | (color & 1) << 2 | color >> 2;
	copy_text(out, size, text ? tty_fill(text, color, 0) : NULL);
}

/* What a handler writes to give the terminal back. */
static void prepare_crash(struct tty *t)
{
	struct strbuf b;
	const char *place = tty_capability("cup");

	strbuf_init_max(&b, sizeof(tty_signals.crash_text));
	tty_add_capability(&b, t->mouse ? t->mouse_off : NULL);
	tty_add_capability(&b, t->paste_off);
	tty_add_capability(&b, tty_capability("rmkx"));
	tty_add_capability(&b, tty_capability("sgr0"));
	tty_add_capability(&b, tty_capability("op"));
	tty_add_capability(&b, tty_capability("cnorm"));
	if (!t->alternate) {
		tty_add_capability(&b, tparm(place, t->rows - 1, 0, 0, 0, 0, 0,
					     0, 0, 0));
		tty_add_capability(&b, tty_capability("el"));
	}
	tty_add_capability(&b, tty_capability("rmcup"));
	tty_signals.crash_text_n = 0;
	if (!b.full)
		memcpy(tty_signals.crash_text, b.p, b.n);
	tty_signals.crash_text_n = b.full ? 0 : b.n;
	strbuf_release(&b);
}

/* As curses does it: by XM, or where keys of a mouse are described alone, in
 * the way that all terminals with such have. */
static void find_mouse(struct tty *t)
{
	const char *key = tty_capability("kmous"), *mode = tty_capability("XM");

	if (mode) {
		copy_text(t->mouse_on, sizeof(t->mouse_on),
			  tty_fill(mode, 1, 0));
		copy_text(t->mouse_off, sizeof(t->mouse_off),
			  tty_fill(mode, 0, 0));
	} else if (key && strcmp(key, "\x1b[M") == 0) {
		copy_text(t->mouse_on, sizeof(t->mouse_on), "\x1b[?1000h");
		copy_text(t->mouse_off, sizeof(t->mouse_off), "\x1b[?1000l");
	}
}

static void bind_keys(struct tty *t)
{
	static const struct {
		const char *name;
		key_code key;
	} keys[] = {
		{ "kcuu1", KEYC_UP },     { "kcud1", KEYC_DOWN },
		{ "kcub1", KEYC_LEFT },   { "kcuf1", KEYC_RIGHT },
		{ "khome", KEYC_HOME },   { "kend", KEYC_END },
		{ "kpp", KEYC_PGUP },     { "knp", KEYC_PGDN },
		{ "kcbt", KEYC_BACKTAB }, { "kent", KEYC_ENTER },
		{ "kdch1", KEYC_DELETE }, { "kich1", KEYC_INSERT },
	};
	char name[8];

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		input_bind(&t->input, tty_capability(keys[i].name),
			   keys[i].key);
	for (key_code i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "kf%u", (unsigned)i + 1);
		input_bind(&t->input, tty_capability(name), KEYC_F1 + i);
	}
	/* Terminals that do not mark pasted text have none of the four. */
	tty_copy_capability(t->paste_on, sizeof(t->paste_on), "BE");
	tty_copy_capability(t->paste_off, sizeof(t->paste_off), "BD");
	tty_copy_capability(t->clean_row, sizeof(t->clean_row), "el");
	find_mouse(t);
	if (t->paste_on[0] && t->paste_off[0])
		input_bind_paste(&t->input, tty_capability("PS"),
				 tty_capability("PE"));
}

/* Colours ----------------------------------------------------------------- */

static bool wants_color(enum tty_color color)
{
	const char *no = getenv("NO_COLOR");

	if (color == TTY_COLOR_AUTO)
		return !no || !*no;
	return color == TTY_COLOR_ALWAYS;
}

/* Some terminals have colours and no way back to their own background; they
 * do without, as a guessed background may make text invisible. */
static bool start_colors(enum tty_color color)
{
	return wants_color(color) && has_colors() && start_color() != ERR &&
	       use_default_colors() != ERR;
}

/* Writing --------------------------------------------------------------- */

void tty_write(struct tty *t, const char *p, size_t n)
{
	while (n && !t->dead) {
		ssize_t done = write(t->out_fd, p, n);

		if (done > 0) {
			p += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			struct pollfd fd = { t->out_fd, POLLOUT, 0 };

			poll(&fd, 1, -1);
		} else if (errno != EINTR) {
			t->dead = true;
		}
	}
}

/* False for a terminal that is gone, or so stuck that writing would hang. A
 * slow line gets time to take what is on its way, less if a signal has asked
 * for the end. */
static bool takes_output(struct tty *t)
{
	struct pollfd fd = { t->out_fd, POLLOUT, 0 };
	int n;

	do {
		n = poll(&fd, 1, tty_signals.end ? 500 : 10000);
	} while (n < 0 && errno == EINTR);
	return !t->dead && n == 1 && fd.revents == POLLOUT;
}

/* Opening --------------------------------------------------------------- */

/* True when every glyph of the Unicode set takes the columns that the canvas
 * thinks it does: in some locales box and block characters take two. */
static bool glyphs_are_narrow(void)
{
	const struct glyphs *set = glyphs_of(true);

	for (int i = 0; i < GLYPH_COUNT; i++) {
		struct str s = { set->text[i].p, set->text[i].n };
		uint32_t cp;

		for (size_t at = 0; at < s.n;) {
			at += utf8_decode(s, at, &cp);
			if (wcwidth((wchar_t)cp) != 1)
				return false;
		}
	}
	return true;
}

static bool codeset_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool choose_unicode(const struct tty_options *options)
{
	if (!setlocale(LC_CTYPE, ""))
		setlocale(LC_CTYPE, "C");
	if (!codeset_is_utf8() && options->utf8 && !options->ascii)
		setlocale(LC_CTYPE, "C.UTF-8");
	return !options->ascii && codeset_is_utf8() && glyphs_are_narrow();
}

static enum err_code find_terminal(struct tty *t, struct err *err)
{
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
		t->in_fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		t->out_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	} else {
		t->in_fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
		t->out_fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	}
	if (t->in_fd < 0 || t->out_fd < 0 ||
	    tcgetattr(t->in_fd, &t->before) < 0)
		return err_set(err, ERR_UNSUPPORTED,
			       "there is no terminal to read keys from: "
			       "standard input is none and /dev/tty cannot be "
			       "opened; trawl triage and the other commands "
			       "need none");
	t->in = fdopen(t->in_fd, "r");
	t->out = fdopen(t->out_fd, "w");
	if (!t->in || !t->out)
		return err_errno(err, "cannot use the terminal");
	return ERR_OK;
}

static enum err_code check_term(const char *term, struct err *err)
{
	if (!term || !*term)
		return err_set(err, ERR_UNSUPPORTED,
			       "TERM is not set, so there is no way to draw a "
			       "screen; try TERM=xterm-256color trawl ..., or "
			       "trawl alerts, which needs no screen");
	if (strcmp(term, "dumb") == 0)
		return err_set(err, ERR_UNSUPPORTED,
			       "TERM=dumb cannot show a screen; try trawl "
			       "alerts or trawl triage, which need none");
	return ERR_OK;
}

enum description {
	TERM_GOOD,
	TERM_UNKNOWN,
	TERM_NO_SCREEN, /* a printer, or a glass one */
};

static enum description look_up(const char *term, int fd)
{
	enum description found = TERM_GOOD;
	int error = 0;

	if (setupterm(term, fd, &error) == ERR)
		found = error < 1 ? TERM_UNKNOWN : TERM_NO_SCREEN;
	else if (!tty_capability("cup"))
		found = TERM_NO_SCREEN;
	del_curterm(set_curterm(NULL));
	return found;
}

static enum err_code start_curses(struct tty *t, const char *fallback,
				  struct err *err)
{
	const char *term = getenv("TERM"), *used = term;
	enum err_code code = check_term(term, err);
	enum description found;

	if (code)
		return code;
	found = look_up(term, t->out_fd);
	if (found == TERM_UNKNOWN && fallback) {
		used = fallback;
		found = look_up(used, t->out_fd);
	}
	if (found == TERM_NO_SCREEN)
		return err_set(err, ERR_UNSUPPORTED,
			       "TERM=%s cannot place the cursor, so there is "
			       "no way to draw a screen; try trawl alerts, "
			       "which needs none",
			       term);
	/* The size is asked for; LINES and COLUMNS do not matter. */
	use_env(FALSE);
	use_tioctl(TRUE);
	if (found == TERM_GOOD)
		t->screen = newterm(used, t->out, t->in);
	if (t->screen)
		return ERR_OK;
	return err_set(err, ERR_UNSUPPORTED,
		       "TERM=%s is unknown on this host; try "
		       "TERM=xterm-256color trawl ..., or --term-fallback, "
		       "which is the same, or install its terminfo",
		       term);
}

/* Keys one by one, unseen, untranslated; ^C and ^S among them. */
static void set_modes(struct tty *t)
{
	struct termios mode;

	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	if (tcgetattr(t->in_fd, &mode) == 0) {
		mode.c_iflag &= ~(tcflag_t)(IXON | IXANY | ISTRIP);
		mode.c_cc[VINTR] = _POSIX_VDISABLE;
		tcsetattr(t->in_fd, TCSADRAIN, &mode);
	}
	def_prog_mode();
}

static void set_esc_delay(struct tty *t)
{
	const char *text = getenv("ESCDELAY");
	uint64_t ms;

	if (text && str_to_u64(str_of(text), &ms) && ms <= 10000)
		input_set_esc_delay(&t->input, (unsigned)ms);
}

static void free_all(struct tty *t)
{
	if (t->in)
		fclose(t->in);
	else if (t->in_fd >= 0)
		close(t->in_fd);
	if (t->out)
		fclose(t->out);
	else if (t->out_fd >= 0)
		close(t->out_fd);
	for (int i = 0; i < 2; i++) {
		if (tty_signals.wake[i] >= 0)
			close(tty_signals.wake[i]);
		tty_signals.wake[i] = -1;
	}
	paint_release(&t->paint);
	strbuf_release(&t->bytes);
	input_release(&t->input);
	*t = (struct tty){ .in_fd = -1, .out_fd = -1 };
}

static enum err_code make_pipe(struct err *err)
{
	if (pipe(tty_signals.wake) < 0)
		return err_errno(err, "cannot make a pipe");
	for (int i = 0; i < 2; i++) {
		fcntl(tty_signals.wake[i], F_SETFD, FD_CLOEXEC);
		fcntl(tty_signals.wake[i], F_SETFL, O_NONBLOCK);
	}
	return ERR_OK;
}

/* What is set up once curses knows the terminal. */
static void set_up(struct tty *t, const struct tty_options *options)
{
	t->color = start_colors(options->color);
	t->alternate = tty_capability("smcup") && tty_capability("rmcup");
	t->cursor_shown = true;
	t->hides_cursor = tty_capability("civis");
	set_modes(t);
	set_esc_delay(t);
	bind_keys(t);
	strbuf_init(&t->bytes);
	tty_painter(t);
	tty_measure(t);
	t->resized = false;
	tty_write(t, t->paste_on, strlen(t->paste_on));
}

static void end_output(struct tty *t);

static void at_exit(void)
{
	if (tty_the_one.screen && tty_the_one.owner == getpid())
		end_output(&tty_the_one);
}

enum err_code tty_open(struct tty **out, const struct tty_options *options,
		       struct err *err)
{
	static bool registered;
	struct tty *t = &tty_the_one;
	const char *sync = getenv("TRAWL_SYNC");
	enum err_code code;

	assert(!t->screen);
	*t = (struct tty){ .in_fd = -1, .out_fd = -1, .owner = getpid() };
	tty_signals.end = tty_signals.end_seen = tty_signals.interrupt = 0;
	tty_signals.stop = tty_signals.cont = 0;
	input_init(&t->input);
	t->unicode = choose_unicode(options);
	t->sync = sync && (strcmp(sync, "1") == 0 || strcmp(sync, "2") == 0);
	t->sync_frames = t->sync && sync[0] == '2';
	code = find_terminal(t, err);
	if (!code)
		code = make_pipe(err);
	if (code) {
		free_all(t);
		return code;
	}
	tty_take_signals(t);
	code = start_curses(t, options->fallback, err);
	if (code) {
		tty_give_signals(t);
		free_all(t);
		return code;
	}
	set_up(t, options);
	tty_signals.active = 1;
	if (!registered)
		registered = atexit(at_exit) == 0;
	*out = t;
	return ERR_OK;
}

/* Closing --------------------------------------------------------------- */

/* Gives the terminal back, without waiting for one that does not take it. */
static void end_output(struct tty *t)
{
	if (t->suspended)
		return;
	if (takes_output(t)) {
		if (t->mouse)
			tty_write(t, t->mouse_off, strlen(t->mouse_off));
		tty_write(t, t->paste_off, strlen(t->paste_off));
		endwin();
		/* Where nothing puts the old screen back, the prompt of the
		 * shell gets a clean row at least. */
		if (!t->alternate)
			tty_write(t, t->clean_row, strlen(t->clean_row));
	}
	tcsetattr(t->in_fd, TCSANOW, &t->before);
	tty_signals.active = 0;
}

void tty_close(struct tty *t)
{
	if (!t || !t->screen)
		return;
	end_output(t);
	delscreen(t->screen);
	tty_give_signals(t);
	free_all(t);
}

void tty_suspend(struct tty *t)
{
	if (t->suspended || t->dead)
		return;
	end_output(t);
	t->suspended = true;
	tty_lend_signals(true);
}

void tty_resume(struct tty *t)
{
	if (!t->suspended)
		return;
	tty_lend_signals(false);
	/* ^C of the other program's user went to us as well. */
	tty_signals.interrupt = tty_signals.cont = 0;
	t->suspended = false;
	tty_take_back(t);
}

void tty_take_back(struct tty *t)
{
	if (t->suspended || t->dead)
		return;
	tty_signals.active = 1;
	reset_prog_mode();
	tty_write(t, t->paste_on, strlen(t->paste_on));
	if (t->mouse)
		tty_write(t, t->mouse_on, strlen(t->mouse_on));
	tty_measure(t);
	tty_redraw(t);
}

bool tty_mouse(struct tty *t, bool on)
{
	const char *code = on ? t->mouse_on : t->mouse_off;

	if (!*t->mouse_on || t->suspended || t->dead)
		return false;
	t->mouse = on;
	input_set_mouse(&t->input, on);
	tty_write(t, code, strlen(code));
	prepare_crash(t);
	return true;
}

/* Size ------------------------------------------------------------------ */

static int believed(int value, int otherwise)
{
	if (value < 1)
		return otherwise;
	return value < SIZE_MOST ? value : SIZE_MOST;
}

void tty_measure(struct tty *t)
{
	struct winsize size = { 0, 0, 0, 0 };
	int rows, cols;

	ioctl(t->out_fd, TIOCGWINSZ, &size);
	rows = believed(size.ws_row, 24);
	cols = believed(size.ws_col, 80);
	if (rows == t->rows && cols == t->cols)
		return;
	t->rows = rows;
	t->cols = cols;
	t->resized = true;
	resize_term(rows, cols);
	paint_resize(&t->paint, rows, cols);
	t->lost = true;
	prepare_crash(t);
}

void tty_size(const struct tty *t, int *rows, int *cols)
{
	*rows = t->rows;
	*cols = t->cols;
}

const struct glyphs *tty_glyphs(const struct tty *t)
{
	return glyphs_of(t->unicode);
}

/* For frames -------------------------------------------------------------- */

void tty_show_cursor(bool visible)
{
	curs_set(visible);
}

void tty_enter_screen(void)
{
	clearok(curscr, TRUE);
	doupdate();
}
