/* SPDX-License-Identifier: MIT */
/*
 * workbench.c - the workbench on a terminal: the loop between keys and frames
 */
#include "cli/workbench.h"

#include <signal.h>

#include "base/xdg.h"
#include "casework/case_inputs.h"
#include "casework/case_path.h"
#include "cli/options.h"
#include "command/subcommand.h"
#include "query/parse.h"
#include "store/files.h"
#include "ui/app.h"
#include "ui/editor.h"
#include "ui/clipboard.h"
#include "ui/term/tty.h"

bool workbench_exists(void)
{
	return true;
}

static enum err_code open_tty(struct tty **tty, const struct options *o,
			      bool mono, struct err *err)
{
	struct tty_options t = TTY_OPTIONS_INIT;

	t.ascii = o->ascii;
	t.utf8 = o->utf8;
	t.fallback = o->term_fallback ? "xterm-256color" : NULL;
	t.color = mono                    ? TTY_COLOR_NEVER :
		  o->color == WHEN_NEVER  ? TTY_COLOR_NEVER :
		  o->color == WHEN_ALWAYS ? TTY_COLOR_ALWAYS :
					    TTY_COLOR_AUTO;
	return tty_open(tty, &t, err);
}

static enum err_code open_evidence(struct investigation **inv,
				   const struct options *o, struct err *err)
{
	const struct investigation_options options = options_evidence(o);

	return investigation_new(inv, &options, err);
}

/* The filter that the command line asks for, of all its options. */
static void filter_of(const struct options *o, struct strbuf *out)
{
	bool more = o->has_min_level || o->has_technique;

	if (o->filter.n && more)
		strbuf_addc(out, '(');
	strbuf_add(out, o->filter);
	if (o->filter.n && more)
		strbuf_adds(out, ") ");
	if (o->has_min_level)
		strbuf_addf(out, "level>=%s ", level_name(o->min_level));
	if (o->has_technique)
		strbuf_addf(out, "technique:%s", o->technique.text);
}

/* The case that is named, or else the one of this evidence in the user's own
 * folder. What is wrong with that one is told later, and nothing is kept. */
static enum err_code open_case(struct case_file **out, const struct options *o,
			       struct err *trouble, struct err *err)
{
	enum case_mode mode = o->read_only ? CASE_READ :
			      o->no_save   ? CASE_MEMORY :
			      o->case_path ? CASE_WRITE :
					     CASE_OWN;
	struct strbuf path;

	*out = NULL;
	trouble->msg[0] = '\0';
	if (o->case_path)
		return case_open(out, o->case_path, mode, o->author, err);
	strbuf_init(&path);
	if (!case_default_path(&path, o->path[0]))
		err_set(trouble, ERR_CASE,
			"HOME is not set: nothing is kept unless --case names "
			"a file");
	else if (case_open(out, path.p, mode, o->author, trouble))
		*out = NULL;
	strbuf_release(&path);
	return ERR_OK;
}

/* What the analyst has to know of the case before going on. */
static void tell_case(struct app *app, const struct case_file *c,
		      const struct err *trouble)
{
	if (!c)
		app_say(app, "%s", trouble->msg);
	else if (!case_is_kept(c))
		app_say(app, "--no-save: what is said in the case is gone at "
			     "the end");
	else if (case_refusal(c))
		app_say(app, "%s: %s", case_path(c), case_refusal(c));
	else if (case_recovered(c))
		app_say(app,
			"recovered from a session that did not end: %zu "
			"entries of the case",
			case_recovered(c));
	else if (case_damaged(c))
		app_say(app, "%s: lines that cannot be read: %zu", case_path(c),
			case_damaged(c));
}

/* After the screen is gone: what the case was made on. */
static enum err_code keep_inputs(struct case_file *c, const struct desk *d,
				 struct err *err)
{
	if (!c || !d->snap || d->load.loading)
		return ERR_OK;
	return case_inputs_keep(c, d->snap->store->files, err);
}

/* After the screen is gone. What cannot be saved is in the journal. */
static enum err_code close_case(struct case_file *c, struct err *err)
{
	enum err_code rc = c ? case_save(c, err) : ERR_OK;

	case_close(c);
	return rc;
}

static enum err_code check_filter(const struct options *o, struct err *err)
{
	const struct expr *expr;
	struct arena arena;
	enum err_code rc;

	arena_init(&arena);
	rc = query_read(o->filter, &o->zone, &arena, &expr, err);
	arena_release(&arena);
	return rc ? err_wrap(err, "--filter") : ERR_OK;
}

static enum err_code narrow(struct app *app, const struct options *o,
			    struct err *err)
{
	struct desk *d = app_desk(app);
	struct strbuf filter;
	enum err_code rc;

	strbuf_init(&filter);
	filter_of(o, &filter);
	rc = desk_set_filter(d, strbuf_str(&filter), err);
	strbuf_release(&filter);
	if (rc)
		return err_wrap(err, "--filter");
	if (o->since != TIME_NONE || o->until != TIME_NONE)
		desk_set_window(d, o->since, o->until);
	for (int t = 0; o->tactics && t < TACTIC_COUNT; t++)
		if (!(o->tactics & TACTIC_BIT(t)))
			desk_toggle_tactics(d, TACTIC_BIT(t));
	return ERR_OK;
}

/* The editor has the terminal meanwhile. */
static void edit_notes(struct tty *tty, struct app *app)
{
	struct strbuf text;
	struct err err;
	enum err_code rc;

	strbuf_init(&text);
	strbuf_add(&text, app_case_notes(app));
	if (text.n)
		strbuf_addc(&text, '\n');
	tty_suspend(tty);
	rc = editor_run(&text, CASE_TEXT_MAX, &err);
	tty_resume(tty);
	if (rc)
		app_say(app, "%s", err.msg);
	else
		app_edited(app, strbuf_str(&text));
	strbuf_release(&text);
}

static void grant_wish(struct tty *tty, struct app *app)
{
	switch (app_take_wish(app)) {
	case APP_WISHES_SUSPEND:
		/* The terminal restores itself when the process stops. */
		raise(SIGTSTP);
		break;
	case APP_WISHES_REDRAW:
		tty_redraw(tty);
		break;
	case APP_WISHES_COPY:
		if (!clipboard_send(tty, app_copied(app)))
			app_say(app, "the clipboard could not be asked: y f "
				     "writes a file");
		break;
	case APP_WISHES_EDIT:
		edit_notes(tty, app);
		break;
	case APP_WISHES_NOTHING:
		break;
	}
}

/* Handles one event; false when the program is to end. */
static bool handle(struct tty *tty, struct app *app, const struct tty_event *ev,
		   struct canvas *canvas)
{
	int rows, cols;

	switch (ev->key) {
	case KEYC_QUIT:
	case KEYC_HANGUP:
		return false;
	case KEYC_RESIZE:
		tty_size(tty, &rows, &cols);
		canvas_resize(canvas, rows, cols);
		app_resize(app, rows, cols);
		break;
	case KEYC_PASTE:
		app_paste(app, ev->text);
		break;
	case KEYC_MOUSE:
		app_mouse(app, &ev->mouse);
		break;
	case KEYC_FD:
	case KEYC_NONE:
		break;
	default:
		app_key(app, ev->key);
	}
	grant_wish(tty, app);
	return !app_ended(app);
}

/* The evidence cannot be loaded. When it could be before, and cannot be loaded
 * again, that is told on the screen. */
static bool has_nothing(const struct desk *d)
{
	return d->load.failed.code && !d->snap;
}

/* The terminal tells of its mouse as long as that is wanted. */
static void follow_mouse(struct tty *tty, struct app *app, bool *told)
{
	if (app_wants_mouse(app) == *told)
		return;
	*told = !*told;
	if (!tty_mouse(tty, *told) && *told)
		app_say(app, "this terminal does not tell of a mouse");
}

static void run(struct tty *tty, struct app *app, struct investigation *inv)
{
	struct pollfd news[] = {
		{ .fd = investigation_fd(inv), .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};
	const struct desk *d = app_desk(app);
	struct canvas canvas;
	struct tty_event ev;
	int rows, cols;
	bool going = true, mouse = false;

	tty_size(tty, &rows, &cols);
	canvas_init(&canvas, rows, cols, tty_glyphs(tty));
	app_resize(app, rows, cols);
	while (going && !has_nothing(d)) {
		int delay;
		bool idle;

		follow_mouse(tty, app, &mouse);
		if (!tty_pending(tty)) {
			app_poll(app);
			app_draw(app, &canvas);
			tty_present(tty, &canvas);
		}
		delay = app_delay(app);
		idle = !app_busy(app) && !app_is_behind(app) &&
		       !d->load.loading;
		news[1].fd = app_follow_fd(app);
		tty_wait(tty, delay, idle, news, ARRAY_SIZE(news), &ev);
		going = handle(tty, app, &ev, &canvas);
	}
	canvas_release(&canvas);
}

enum err_code workbench_run(const struct options *o, int *status,
			    struct err *err)
{
	struct investigation *inv = NULL;
	struct case_file *kept = NULL;
	struct err trouble;
	struct app_options options = { .zone = &o->zone };
	struct app *app = NULL;
	struct tty *tty = NULL;
	struct config config;
	struct strbuf history;
	bool mono;
	enum err_code rc;
	int number;

	/* Everything that can be wrong is said before the screen changes. */
	config_init(&config);
	rc = config_load(&config, o->config, err);
	if (rc == ERR_OK)
		rc = check_filter(o, err);
	if (rc == ERR_OK)
		rc = open_case(&kept, o, &trouble, err);
	mono = str_eq(config.set[SET_THEME], STR("mono")) &&
	       o->color != WHEN_ALWAYS;
	if (rc == ERR_OK)
		rc = open_evidence(&inv, o, err);
	if (rc == ERR_OK)
		rc = open_tty(&tty, o, mono, err);
	if (rc) {
		config_release(&config);
		investigation_free(inv);
		case_close(kept);
		return rc;
	}
	options.case_file = kept;
	options.clipboard_off = o->clipboard_off;
	options.config = &config;
	options.has_zone = o->has_zone;
	options.mouse = o->mouse;
	strbuf_init(&history);
	if (!o->no_save && xdg_path(&history, XDG_STATE, "history"))
		options.history = history.p;
	options.unicode = tty_glyphs(tty)->unicode;
	options.name = o->path_n == 1 ? file_base_name(o->path[0]) : "evidence";
	app = app_new(inv, &options);
	tell_case(app, kept, &trouble);
	rc = narrow(app, o, err);
	if (rc == ERR_OK)
		rc = investigation_start(inv, err);
	if (rc == ERR_OK)
		run(tty, app, inv);
	if (rc == ERR_OK && has_nothing(app_desk(app))) {
		*err = app_desk(app)->load.failed;
		rc = err->code;
	}
	number = tty_signal(tty);
	tty_close(tty);
	if (rc == ERR_OK)
		rc = keep_inputs(kept, app_desk(app), err);
	app_free(app);
	config_release(&config);
	strbuf_release(&history);
	investigation_free(inv);
	if (rc == ERR_OK)
		rc = close_case(kept, err);
	else
		case_close(kept);
	*status = number ? 128 + number : EXIT_OK;
	if (number == SIGQUIT)
		raise(SIGQUIT);
	return rc;
}
