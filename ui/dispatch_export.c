/* SPDX-License-Identifier: MIT */
/* What leaves the screen: copies, reports, exports. */
#include <string.h>

#include "base/file.h"
#include "base/intern.h"
#include "base/safetext.h"
#include "casework/case_file.h"
#include "ingest/reader.h"
#include "ui/dispatch_private.h"
#include "ui/panes/text.h"
#include "ui/picks.h"
#include "ui/targets.h"

/* Copies ----------------------------------------------------------------------- */

enum {
	LONG_COPY = 2000,
	MOST_COPIED = 1000 /* events */
};

/* Kept, and the terminal is asked; there is no answer, so nothing is said to
 * be there. */
static void copy(struct app *a, const char *what, struct str text)
{
	if (!text.n) {
		app_say(a, "there is no %s here", what);
		return;
	}
	strbuf_clear(&a->copied);
	strbuf_add(&a->copied, text);
	if (a->options.clipboard_off) {
		app_say(a,
			"%s is kept, and not sent (--clipboard=off); y f "
			"writes it to a file",
			what);
		return;
	}
	if (text.n > APP_COPY_MAX) {
		app_say(a,
			"%s is too long for a clipboard: y f writes it to "
			"a file",
			what);
		return;
	}
	a->wish = APP_WISHES_COPY;
	if (text.n > LONG_COPY)
		app_say(a,
			"%s sent to the clipboard, %zu bytes: long; if it "
			"does not paste, use y f",
			what, text.n);
	else
		app_say(a, "%s sent to the clipboard, %zu bytes", what, text.n);
}

/* As it is spelled on the screen: a paste runs nothing. */
static void copy_safe(struct app *a, const char *what, struct str raw)
{
	struct safetext safe;
	struct arena arena;

	arena_init(&arena);
	safe = safe_text(&arena, raw, SAFE_ASCII);
	copy(a, what, (struct str){ safe.p, safe.n });
	arena_release(&arena);
}

/* What the line under the cursor is about first. */
static struct str value_here(struct app *a, struct arena *arena)
{
	struct pane *p = app_active(a);
	struct picks picks = { .arena = arena };

	if (p->class->picks)
		p->class->picks(p->state, a->desk, &picks);
	else
		picks_here(&picks, a->desk);
	return picks.n ? picks.item[0].value : STR_NULL;
}

static void copy_value(struct app *a, struct str argument)
{
	struct arena arena;

	(void)argument;
	arena_init(&arena);
	copy_safe(a, "value", value_here(a, &arena));
	arena_release(&arena);
}

static bool has_event(struct app *a)
{
	if (a->desk->snap && a->desk->selected != ROW_NONE)
		return true;
	app_say(a, "no event is selected");
	return false;
}

/* Adds what is copied of an event; false, and said, when that cannot be. */
typedef bool (*add_text)(struct app *a, struct reader *reader, row_id row,
			 struct strbuf *out);

static bool add_arn(struct app *a, struct reader *reader, row_id row,
		    struct strbuf *out)
{
	(void)reader;
	strbuf_add(out, store_text(a->desk->snap->store, EVENT_PRINCIPAL, row));
	return true;
}

static bool add_id(struct app *a, struct reader *reader, row_id row,
		   struct strbuf *out)
{
	(void)reader;
	store_id_text(a->desk->snap->store, row, out);
	return true;
}

/* Valid JSON, in which nothing acts. */
static bool add_record(struct app *a, struct reader *reader, row_id row,
		       struct strbuf *out)
{
	const struct event *e;
	struct err err;

	if (reader_event(reader, row, &e, &err)) {
		app_say(a, "%s", err.msg);
		return false;
	}
	json_print(out, e->record);
	return true;
}

/* What is between two of them: all stands on one line, for lines that are
 * pasted run. */
static size_t add_all(struct app *a, const struct rowset *rows, add_text add,
		      const char *between, struct strbuf *out)
{
	struct reader *reader = reader_new(a->desk->snap->store,
					   investigation_limits(a->desk->inv));
	struct intern seen;
	struct strbuf one;
	size_t n = 0;
	bool ok = true;

	intern_init(&seen);
	strbuf_init(&one);
	for (size_t i = 0; i < rows->n && ok; i++) {
		size_t before = seen.count;

		strbuf_clear(&one);
		ok = add(a, reader, rows->row[i], &one);
		intern_add(&seen, strbuf_str(&one));
		if (!ok || !one.n || seen.count == before)
			continue;
		strbuf_adds(out, n++ ? between : "");
		strbuf_add(out, strbuf_str(&one));
	}
	strbuf_release(&one);
	intern_release(&seen);
	reader_free(reader);
	return ok ? n : 0;
}

/* Of what is selected; each once. */
static void copy_each(struct app *a, const char *what, const char *many,
		      add_text add)
{
	bool json = add == add_record, list;
	struct strbuf text, name;
	struct targets t;
	size_t n = 0;

	strbuf_init(&text);
	strbuf_init(&name);
	list = targets_find(a, &t) && t.rows.n > 1 && json;
	strbuf_adds(&text, list ? "[" : "");
	if (t.rows.n > MOST_COPIED)
		app_say(a, "%s: of more than %d, :export writes a file", t.text,
			MOST_COPIED);
	else if (t.rows.n)
		n = add_all(a, &t.rows, add, json ? "," : " ", &text);
	if (n > 1)
		strbuf_addf(&name, "%zu %s", n, many);
	else
		strbuf_adds(&name, what);
	strbuf_adds(&text, list ? "]" : "");
	if (n && json)
		copy(a, name.p, strbuf_str(&text));
	else if (n || (t.rows.n && !json && t.rows.n <= MOST_COPIED))
		copy_safe(a, name.p, strbuf_str(&text));
	targets_release(&t);
	strbuf_release(&name);
	strbuf_release(&text);
}

static void copy_arn(struct app *a, struct str argument)
{
	(void)argument;
	copy_each(a, "ARN", "ARNs", add_arn);
}

static void copy_id(struct app *a, struct str argument)
{
	(void)argument;
	copy_each(a, "event id", "event ids", add_id);
}

static void copy_record(struct app *a, struct str argument)
{
	(void)argument;
	copy_each(a, "record", "records", add_record);
}

static void copy_line(struct app *a, struct str argument)
{
	struct pane *p = app_active(a);
	const struct list *list = p->class->list(p->state);
	struct strbuf text;

	(void)argument;
	strbuf_init(&text);
	if (p->class->row_text && list->cursor < list->n)
		p->class->row_text(p->state, a->desk, list->cursor, &text);
	copy_safe(a, "line", strbuf_str(&text));
	strbuf_release(&text);
}

/* Files ------------------------------------------------------------------------ */

/* A new name in the folder of the case; false, and said, without one. */
static bool new_path(struct app *a, const char *what, const char *suffix,
		     struct strbuf *out)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	struct time_parts t = time_split(case_now(), &utc);
	const char *path, *slash;
	struct err err;

	if (!a->desk->case_file) {
		app_say(a, "there is no case to write beside: name a file");
		return false;
	}
	path = case_path(a->desk->case_file);
	slash = strrchr(path, '/');
	if (slash)
		strbuf_add(out,
			   (struct str){ path, (size_t)(slash - path) + 1 });
	strbuf_addf(out, "trawl-%s-%04d%02d%02dT%02d%02d%02dZ.%s", what, t.year,
		    t.month, t.day, t.hour, t.minute, t.second, suffix);
	/* The case may not have been written yet. */
	if (!file_make_folders(out->p, &err))
		return true;
	app_say(a, "%s", err.msg);
	return false;
}

/* The file that was named, or a new one. */
static bool path_of(struct app *a, struct str named, const char *what,
		    const char *suffix, struct strbuf *out)
{
	if (!named.n)
		return new_path(a, what, suffix, out);
	strbuf_add(out, named);
	return true;
}

/* What was copied last, else the selected event's record. */
static void copy_to_file(struct app *a, struct str argument)
{
	struct rowset one = ROWSET_INIT;
	struct strbuf path, text;
	struct err err;

	if (!a->copied.n && !has_event(a))
		return;
	strbuf_init(&path);
	strbuf_init(&text);
	if (!a->copied.n)
		rowset_add(&one, a->desk->selected);
	if (path_of(a, argument, "copy", "txt", &path) &&
	    (a->copied.n || add_all(a, &one, add_record, "", &text))) {
		if (a->copied.n)
			strbuf_add(&text, strbuf_str(&a->copied));
		strbuf_addc(&text, '\n');
		if (file_create(path.p, strbuf_str(&text), &err))
			app_say(a, "%s", err.msg);
		else
			app_say(a, "%zu bytes written to %s", text.n, path.p);
	}
	rowset_release(&one);
	strbuf_release(&text);
	strbuf_release(&path);
}

static const struct {
	char key;
	const char *name, *label;
	menu_run run;
} copies[] = {
	{ 'v', "value", "value: what this line is about", copy_value },
	{ 'a', "arn", "ARN of who did it, of all that are selected", copy_arn },
	{ 'e', "event", "id of the event, of all that are selected", copy_id },
	{ 'j', "json", "record, as JSON, of all that are selected",
	  copy_record },
	{ 'l', "line", "this line", copy_line },
	{ 'f', "file", "to a file: what was copied last, else the record",
	  copy_to_file },
};

static void open_copies(struct app *a)
{
	struct menu *m = menu_new("y] copy");

	for (size_t i = 0; i < ARRAY_SIZE(copies); i++)
		menu_add(m, copies[i].key, str_of(copies[i].label),
			 copies[i].run, STR_NULL);
	app_open(a, &overlay_menu, m);
}

/* ":copy event", ":copy f FILE" */
static void copy_named(struct app *a, struct str argument)
{
	struct str name = argument;

	str_next(&argument, ' ', &name);
	for (size_t i = 0; i < ARRAY_SIZE(copies); i++)
		if (str_eq(name, str_of(copies[i].name)) ||
		    str_eq(name, (struct str){ &copies[i].key, 1 })) {
			copies[i].run(a, str_trim(argument));
			return;
		}
	app_say(a, "value, arn, event, json, line or file, not %.*s",
		STR_ARG(name));
}

/* Reports and exports ---------------------------------------------------------- */

/* What a form is a form of; the command that writes it reads the options. */
static const struct {
	const char *name;
	enum format format;
	enum subcommand command;
	const char *suffix;
} forms[] = {
	{ "markdown", FORMAT_MARKDOWN, SUB_REPORT, "md" },
	{ "html", FORMAT_HTML, SUB_REPORT, "html" },
	{ "json", FORMAT_JSON, SUB_REPORT, "json" },
	{ "csv", FORMAT_CSV, SUB_EVENTS, "csv" },
	{ "jsonl", FORMAT_JSONL, SUB_EVENTS, "jsonl" },
	{ "records", FORMAT_RECORDS, SUB_EVENTS, "jsonl" },
	{ "timesketch", FORMAT_TIMESKETCH, SUB_EVENTS, "jsonl" },
	{ "navigator", FORMAT_NAVIGATOR, SUB_ALERTS, "json" },
};

enum { REPORT_FORMS = 3 };

/* ARRAY_SIZE(forms) when there is none. */
static size_t form_named(struct str name)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(forms) && !str_eq(name, str_of(forms[i].name)))
		i++;
	return i;
}

static const char *suffix_of(enum format format)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(forms) && forms[i].format != format)
		i++;
	return forms[i].suffix;
}

static bool take_bang(struct str *argument)
{
	if (!argument->n || argument->p[0] != '!')
		return false;
	*argument = str_trim(str_from(*argument, 1));
	return true;
}

/* Reads a line as the command line would; false, and said, when it is wrong. */
static bool read_line(struct app *a, struct saving_wish *wish,
		      enum subcommand command, struct str line)
{
	struct err err;
	enum err_code rc = option_line_read(&wish->line, line, &err);

	if (rc == ERR_OK) {
		rc = options_parse_screen(&wish->options, command,
					  wish->line.argc, wish->line.argv,
					  &err);
		if (rc)
			options_release(&wish->options);
	}
	if (rc) {
		option_line_release(&wish->line);
		app_say(a, "%s", err.msg);
	}
	return rc == ERR_OK;
}

/* Writes to the file of the options or the last operand, or a new one. */
static void save(struct app *a, struct saving_wish *wish, size_t operand,
		 struct str line)
{
	const struct options *o = &wish->options;
	const char *named = o->output;
	struct strbuf path, command;
	bool report = o->command == SUB_REPORT;

	if (!named && operand < o->path_n)
		named = o->path[operand++];
	strbuf_init(&path);
	strbuf_init(&command);
	strbuf_adds(&command, report ? ":report" : ":export");
	if (take_bang(&line))
		strbuf_addc(&command, '!');
	strbuf_addc(&command, ' ');
	/* The command names files of whoever writes. */
	if (o->redact)
		strbuf_adds(&command, "--redact ...");
	else
		strbuf_add(&command, line);
	wish->command = strbuf_str(&command);
	if (operand < o->path_n)
		app_say(a,
			"%s: one file was expected; a name with blanks goes "
			"into quotes",
			o->path[operand]);
	else if (!named && !report)
		app_say(a, ":export FORMAT FILE");
	else if (path_of(a, named ? str_of(named) : STR_NULL, "report",
			 suffix_of(o->format), &path)) {
		wish->path = strbuf_str(&path);
		app_save(a, wish);
		wish = NULL;
	}
	if (wish) {
		options_release(&wish->options);
		option_line_release(&wish->line);
	}
	strbuf_release(&path);
	strbuf_release(&command);
}

static bool has_format(const struct option_line *l)
{
	for (int i = 1; i < l->argc; i++)
		if (str_starts(str_of(l->argv[i]), STR("--format")))
			return true;
	return false;
}

static bool names_event(const struct app *a, struct str word)
{
	return word.n && a->desk->snap &&
	       store_find_id(a->desk->snap->store, word, ROW_NONE) != ROW_NONE;
}

/* ":report html 2 FILE"; without a form the file's name says it. */
static void report(struct app *a, struct str argument)
{
	struct saving_wish wish;
	struct str line = argument, word = STR_NULL, file = STR_NULL;
	bool force = take_bang(&argument);
	struct options *o = &wish.options;
	size_t at = 0, form;
	uint64_t n;

	if (!read_line(a, &wish, SUB_REPORT, argument))
		return;
	o->force |= force;
	if (o->path_n)
		word = str_of(o->path[0]);
	form = form_named(word);
	if (form < REPORT_FORMS) {
		o->format = forms[form].format;
		word = ++at < o->path_n ? str_of(o->path[at]) : STR_NULL;
	}
	if (str_eq(word, STR("all"))) {
		o->incident = 0;
		o->has_incident = true;
		at++;
	} else if (names_event(a, word)) {
		o->incident_of = word.p;
		o->has_incident = true;
		at++;
	} else if (word.n && str_to_u64(word, &n) && n) {
		o->incident = (size_t)n;
		o->has_incident = true;
		at++;
	}
	if (o->output)
		file = str_of(o->output);
	else if (at < o->path_n)
		file = str_of(o->path[at]);
	for (size_t i = 0; form >= REPORT_FORMS && i < REPORT_FORMS; i++)
		if (!has_format(&wish.line) &&
		    file.n > strlen(forms[i].suffix) &&
		    str_ends(file, str_of(forms[i].suffix)))
			o->format = forms[i].format;
	save(a, &wish, at, line);
}

static void export(struct app *a, struct str argument)
{
	struct saving_wish wish;
	struct str line = argument, rest, word = STR_NULL;
	bool force = take_bang(&argument);
	size_t form;

	rest = argument;
	str_next(&rest, ' ', &word);
	form = form_named(word);
	if (form == ARRAY_SIZE(forms)) {
		app_say(a, "csv, jsonl, records, timesketch, navigator, or, "
			   "for a report, markdown, html, json; then a file");
		return;
	}
	if (!read_line(a, &wish, forms[form].command, rest))
		return;
	wish.options.format = forms[form].format;
	wish.options.force |= force;
	save(a, &wish, 0, line);
}

bool dispatch_export(struct app *a, enum screen_command cmd,
		     struct str argument)
{
	switch (cmd) {
	case DO_COPY:
		if (argument.n)
			copy_named(a, argument);
		else
			open_copies(a);
		return true;
	case DO_REPORT:
		report(a, argument);
		return true;
	case DO_EXPORT:
		export(a, argument);
		return true;
	default:
		return false;
	}
}
