/* SPDX-License-Identifier: MIT */
/*
 * tty_demo - a list in the terminal layer, for its tests
 *
 *	tty_demo [--color=never|always] [--ascii] [--utf8]
 *		 [--fallback=TERM] [--rows=N] [--plain]
 *
 * The rows hold what an attacker would put into a log, unless --plain.
 *
 * Keys: j k ^D ^U PgUp PgDn g G move; `:` asks for a line; w works in the
 * background for a while; s runs a program on the terminal; y copies the row;
 * L shows the styles; b tells what is blocked; ^L draws anew, f does so often;
 * h hangs; x crashes, X aborts, E calls exit; q quits.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "ui/term/canvas.h"
#include "ui/term/list.h"
#include "ui/term/prompt.h"
#include "ui/term/tty.h"

struct demo {
	struct tty *tty;
	struct canvas canvas;
	struct list list;
	struct prompt prompt;
	struct arena frame;
	struct strbuf message;
	bool plain;   /* no payloads */
	bool legend;  /* the styles instead of the rows */
	bool asking;  /* the prompt has the keys */
	bool working; /* the thread runs */
	pthread_t thread;
	int work_pipe[2];
};

/* What an attacker would put into a log. */
static const char *const payloads[] = {
	"plain text",
	"clear \x1b[2J\x1b[H screen",
	"title \x1b]0;owned\x07",
	"c1 \xc2\x9b"
	"31m csi",
	"bidi \xe2\x80\xae"
	"gpj.exe",
	"zero\xe2\x80\x8bwidth",
	"raw \x9b\xff bytes",
	"combining e\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
	"wide \xe8\xa8\x98\xe8\xa8\x98 text",
	"tag \xf3\xa0\x81\x81 char",
	"hebrew \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
	"osc52 \x1b]52;c;ZXZpbA==\x1b\\",
};

static struct safetext row_text(struct demo *d, size_t row)
{
	const char *payload =
		payloads[d->plain ? 0 : row % ARRAY_SIZE(payloads)];
	struct safetext head = safe_format(&d->frame,
					   "%5zu 2026-01-09T21:%02zu"
					   ":%02zuZ iam "
					   "CreateAccessKey%-8zu ",
					   row + 1, row / 60 % 60, row % 60,
					   row * 7919 % 100000);
	bool wide = canvas_glyphs(&d->canvas)->unicode;

	return safe_join(&d->frame, head,
			 safe_text(&d->frame, str_of(payload),
				   wide ? SAFE_WIDE : SAFE_ASCII));
}

static void draw_row(struct demo *d, struct canvas *c, int line, size_t row)
{
	enum style_role style =
		(enum style_role)(row % 10 == 7 ? row / 10 % STYLE_COUNT : 0);
	int col;

	canvas_line(c, line, safe_literal(""), STYLE_NORMAL);
	if (row == d->list.cursor)
		canvas_glyph(c, line, 0, GLYPH_CURSOR, STYLE_NORMAL);
	col = canvas_text(c, line, 1, row_text(d, row), style);
	col = canvas_glyph(c, line, col + 1, GLYPH_ARROW, STYLE_MUTED);
	canvas_text(c, line, col + 1,
		    safe_format(&d->frame, "203.0.113.%zu", row % 256),
		    STYLE_ACCENT);
	if (row == d->list.cursor)
		canvas_restyle(c, (struct rect){ line, 0, 1, c->cols },
			       STYLE_SELECTED);
}

static void draw_legend(struct demo *d, struct canvas *c)
{
	for (int i = 0; i < STYLE_COUNT; i++)
		canvas_line(c, i,
			    safe_format(&d->frame, "  %s",
					style_name((enum style_role)i)),
			    (enum style_role)i);
}

static void draw(struct demo *d)
{
	struct canvas *c = &d->canvas;
	struct canvas body;

	arena_reset(&d->frame);
	canvas_blank(c);
	canvas_line(c, 0,
		    safe_format(&d->frame, " tty_demo  %dx%d", c->cols,
				c->rows),
		    STYLE_TITLE);
	canvas_bar(c, 1, safe_literal("[1 Rows]"),
		   safe_format(&d->frame, "[%zu/%zu]", d->list.cursor + 1,
			       d->list.n),
		   STYLE_BAR_FOCUS);
	body = canvas_sub(c, (struct rect){ 2, 0, c->rows - 3, c->cols });
	if (d->legend)
		draw_legend(d, &body);
	for (int line = 0; line < body.rows && !d->legend; line++) {
		size_t row;

		if (list_row_at(&d->list, (size_t)line, &row))
			draw_row(d, &body, line, row);
	}
	if (d->asking)
		prompt_draw(&d->prompt, c, c->rows - 1, safe_literal(":"),
			    canvas_glyphs(c)->unicode ? SAFE_UNICODE :
							SAFE_ASCII,
			    &d->frame);
	else
		canvas_line(c, c->rows - 1,
			    safe_text(&d->frame, strbuf_str(&d->message),
				      SAFE_ASCII),
			    STYLE_PROMPT);
}

static void say(struct demo *d, const char *text)
{
	strbuf_clear(&d->message);
	strbuf_adds(&d->message, text);
}

/* Background work -------------------------------------------------------- */

static void *work(void *arg)
{
	struct demo *d = arg;

	for (int i = 0; i < 3; i++) {
		poll(NULL, 0, 100);
		if (write(d->work_pipe[1], i == 2 ? "!" : ".", 1) < 0)
			break;
	}
	return NULL;
}

static void start_work(struct demo *d)
{
	if (d->working)
		return;
	say(d, "working");
	d->working = pthread_create(&d->thread, NULL, work, d) == 0;
}

static void hear_of_work(struct demo *d)
{
	char c = 0;

	if (read(d->work_pipe[0], &c, 1) != 1)
		return;
	strbuf_addc(&d->message, c);
	if (c == '!') {
		pthread_join(d->thread, NULL);
		d->working = false;
		say(d, "work is done");
	}
}

/* Keys ------------------------------------------------------------------ */

static void resize(struct demo *d)
{
	int rows, cols;

	tty_size(d->tty, &rows, &cols);
	canvas_resize(&d->canvas, rows, cols);
	list_set_height(&d->list, rows > 3 ? (size_t)rows - 3 : 0);
}

static void prompt_event(struct demo *d, const struct tty_event *ev)
{
	enum prompt_result result;

	if (ev->key == KEYC_PASTE)
		result = prompt_paste(&d->prompt, ev->text);
	else
		result = prompt_key(&d->prompt, ev->key);
	if (result == PROMPT_ACCEPTED) {
		d->asking = false;
		strbuf_clear(&d->message);
		strbuf_adds(&d->message, "said: ");
		strbuf_add(&d->message, prompt_text(&d->prompt));
	} else if (result == PROMPT_CANCELLED) {
		d->asking = false;
		say(d, "cancelled");
	}
}

static void run_program(struct demo *d)
{
	int status;

	tty_suspend(d->tty);
	status = system("echo in between; stty -a >\"$HOME/stty\"");
	tty_resume(d->tty);
	say(d, status == 0 ? "the program ran" : "the program failed");
}

/* A new size that comes while keys are dealt with waits for tty_wait. */
static void say_blocked(struct demo *d)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	say(d, sigismember(&mask, SIGWINCH) ? "SIGWINCH is blocked" :
					      "SIGWINCH may interrupt");
}

static void copy_row(struct demo *d)
{
	struct safetext text = row_text(d, d->list.cursor);

	tty_clipboard(d->tty, (struct str){ text.p, text.n });
	say(d, "sent to the clipboard");
}

static void other_key(struct demo *d, const struct tty_event *ev)
{
	char name[KEY_NAME_MAX];

	if (ev->key == KEYC_PASTE) {
		say(d, "pasted text ignored, press : first");
	} else if (ev->key == KEYC_CTRL('c')) {
		say(d, "q quits");
	} else {
		say(d, "key ");
		strbuf_adds(&d->message, key_print(ev->key, name));
	}
}

/* False to quit. */
static bool list_event(struct demo *d, const struct tty_event *ev)
{
	switch (ev->key) {
	case 'q':
		return false;
	case 'j':
	case KEYC_DOWN:
		list_down(&d->list, 1);
		break;
	case 'k':
	case KEYC_UP:
		list_up(&d->list, 1);
		break;
	case KEYC_CTRL('d'):
		list_half_down(&d->list);
		break;
	case KEYC_CTRL('u'):
		list_half_up(&d->list);
		break;
	case KEYC_PGDN:
		list_page_down(&d->list);
		break;
	case KEYC_PGUP:
		list_page_up(&d->list);
		break;
	case 'g':
		list_first(&d->list);
		break;
	case 'G':
		list_last(&d->list);
		break;
	case ':':
		prompt_open(&d->prompt, STR_NULL);
		d->asking = true;
		break;
	case 'w':
		start_work(d);
		break;
	case 's':
		run_program(d);
		break;
	case 'y':
		copy_row(d);
		break;
	case 'f':
		for (int i = 0; i < 100; i++)
			tty_redraw(d->tty);
		break;
	case 'b':
		say_blocked(d);
		break;
	case 'L':
		d->legend = !d->legend;
		break;
	case KEYC_CTRL('l'):
		tty_redraw(d->tty);
		break;
	case 'h':
		for (;;)
			pause();
	case 'x':
		raise(SIGSEGV);
		break;
	case 'X':
		abort();
	case 'E':
		exit(3);
	default:
		other_key(d, ev);
		break;
	}
	return true;
}

/* Stands for saving a case: must not be skipped when a signal ends us. */
static void save(void)
{
	const char *home = getenv("HOME");
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/saved", home ? home : ".");
	f = fopen(path, "w");
	if (!f)
		return;
	fputs("saved\n", f);
	fclose(f);
}

static void run(struct demo *d)
{
	struct tty_event ev;
	bool more = true;

	resize(d);
	draw(d);
	tty_present(d->tty, &d->canvas);
	while (more) {
		struct pollfd fd = { d->work_pipe[0], POLLIN, 0 };

		tty_wait(d->tty, -1, !d->working, &fd, 1, &ev);
		if (ev.key == KEYC_QUIT || ev.key == KEYC_HANGUP)
			break;
		if (ev.key == KEYC_RESIZE)
			resize(d);
		else if (ev.key == KEYC_FD)
			hear_of_work(d);
		else if (d->asking)
			prompt_event(d, &ev);
		else
			more = list_event(d, &ev);
		if (more && !tty_pending(d->tty)) {
			draw(d);
			tty_present(d->tty, &d->canvas);
		}
	}
}

static bool value_of(const char *arg, const char *name, const char **value)
{
	size_t n = strlen(name);

	if (strncmp(arg, name, n) != 0)
		return false;
	*value = arg + n;
	return true;
}

int main(int argc, char **argv)
{
	struct tty_options options = TTY_OPTIONS_INIT;
	struct demo d = { .working = false };
	struct err err = ERR_INIT;
	const char *value;
	size_t rows = 1000;
	int sig;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--ascii") == 0)
			options.ascii = true;
		else if (strcmp(argv[i], "--utf8") == 0)
			options.utf8 = true;
		else if (strcmp(argv[i], "--plain") == 0)
			d.plain = true;
		else if (value_of(argv[i], "--color=", &value))
			options.color = strcmp(value, "never") == 0 ?
						TTY_COLOR_NEVER :
						TTY_COLOR_ALWAYS;
		else if (value_of(argv[i], "--fallback=", &value))
			options.fallback = value;
		else if (value_of(argv[i], "--rows=", &value))
			rows = (size_t)strtoul(value, NULL, 10);
	}
	if (tty_open(&d.tty, &options, &err)) {
		fprintf(stderr, "tty_demo: %s\n", err.msg);
		return 4;
	}
	if (pipe(d.work_pipe) < 0)
		return 1;
	canvas_init(&d.canvas, 0, 0, tty_glyphs(d.tty));
	prompt_init(&d.prompt);
	arena_init(&d.frame);
	strbuf_init(&d.message);
	list_set_count(&d.list, rows);

	run(&d);

	sig = tty_signal(d.tty);
	save();
	tty_close(d.tty);
	canvas_release(&d.canvas);
	prompt_release(&d.prompt);
	arena_release(&d.frame);
	strbuf_release(&d.message);
	if (sig == SIGQUIT)
		raise(sig);
	return sig ? 128 + sig : 0;
}
