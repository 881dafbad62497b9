/* SPDX-License-Identifier: MIT */
/*
 * The selected event's record as a tree that folds, or as it stands in its
 * file. The record is read when the selection comes to rest, not when it is
 * drawn.
 */
#include "ui/app.h"
#include "ui/panes/lit.h"
#include "ui/panes/profile.h"

#include "base/mem.h"
#include "ingest/reader.h"

#include <inttypes.h>
#include <stdlib.h>

/* A line of the tree: a member of the record, or something said about it. */
struct detail_line {
	struct str key;   /* empty in an array: then the number */
	struct str value; /* of a scalar; for others "{3}", "[2]" */
	struct str path;  /* of what folds its own; of a scalar that a filter
			     can name that of what it is in */
	unsigned depth;
	bool scalar, null, named, in_array, folds, folded, heading;
	bool lit;  /* by this value a rule matched */
	int level; /* of an alert that is told; -1 else */
};

struct detail_pane {
	struct list list;
	struct reader *reader;
	uint64_t made_of; /* version of the snapshot of the reader */
	row_id row;       /* that the lines are of */
	bool raw;         /* the bytes of the file, wrapped */
	struct detail_line *line;
	size_t line_n, line_cap;
	struct arena arena;     /* of the lines' texts */
	struct lit lit;         /* of the record */
	struct intern folded;   /* paths that were folded by hand */
	struct intern unfolded; /* and unfolded */
	struct strbuf trouble;  /* why the record cannot be shown */
	int left;               /* columns scrolled off */
};

static void *detail_open(void)
{
	struct detail_pane *p = mem_zero(1, sizeof(*p));

	p->row = ROW_NONE;
	arena_init(&p->arena);
	intern_init(&p->folded);
	intern_init(&p->unfolded);
	strbuf_init(&p->trouble);
	lit_init(&p->lit);
	return p;
}

static void detail_close(void *state)
{
	struct detail_pane *p = state;

	reader_free(p->reader);
	free(p->line);
	arena_release(&p->arena);
	intern_release(&p->folded);
	intern_release(&p->unfolded);
	strbuf_release(&p->trouble);
	lit_release(&p->lit);
	free(p);
}

/* Lines ------------------------------------------------------------------- */

static struct detail_line *add_line(struct detail_pane *p, unsigned depth)
{
	p->line = mem_grow(p->line, &p->line_cap, p->line_n + 1,
			   sizeof(*p->line));
	p->line[p->line_n] = (struct detail_line){ .depth = depth,
						   .level = -1 };
	return &p->line[p->line_n++];
}

static void add_words(struct detail_pane *p, const char *key, struct str value)
{
	struct detail_line *line = add_line(p, 0);

	line->key = str_of(key);
	line->value = arena_dup(&p->arena, value);
	line->scalar = true;
}

/* Parts that are long and seldom asked for begin folded. */
static bool begins_folded(struct str path)
{
	static const char *const folded[] = {
		"userIdentity.sessionContext",
		"tlsDetails",
		"additionalEventData",
		"responseElements.credentials",
	};

	for (size_t i = 0; i < ARRAY_SIZE(folded); i++)
		if (str_eq(path, str_of(folded[i])))
			return true;
	return false;
}

static bool is_folded(const struct detail_pane *p, struct str path)
{
	if (intern_find(&p->folded, path) != INTERN_NONE)
		return true;
	return begins_folded(path) &&
	       intern_find(&p->unfolded, path) == INTERN_NONE;
}

/*
 * The path of a member that is no scalar, which its members share; false when
 * it is too long. A long key above many members would come to the product of
 * the two otherwise: what is in such a part neither folds nor has a name.
 */
static bool join_path(struct detail_pane *p, struct str path, struct str key,
		      struct str *out)
{
	enum { LONGEST_PATH = 1024 };

	if (key.n > LONGEST_PATH || path.n > LONGEST_PATH - key.n)
		return false;
	*out = path.n ? arena_join(&p->arena,
				   arena_join(&p->arena, path, STR(".")), key) :
			key;
	return true;
}

static struct str number_text(struct detail_pane *p, const char *fmt_open,
			      uint32_t n, const char *fmt_close)
{
	struct strbuf text;
	struct str kept;

	strbuf_init(&text);
	strbuf_addf(&text, "%s%" PRIu32 "%s", fmt_open, n, fmt_close);
	kept = arena_dup(&p->arena, strbuf_str(&text));
	strbuf_release(&text);
	return kept;
}

/* Recursion is bounded by the depth that records are kept to. */
static void add_members(struct detail_pane *p, const struct json *v,
			struct str path, bool named, unsigned depth)
{
	uint32_t number = 0;

	for (const struct json *m = v->child; m; m = m->next) {
		bool in_array = v->kind == JSON_ARRAY;
		struct str key = in_array ? number_text(p, "[", number++, "]") :
					    arena_dup(&p->arena, m->key);
		struct detail_line *line = add_line(p, depth);
		struct str inside = path;

		line->key = key;
		line->in_array = in_array;
		line->scalar = json_is_scalar(m);
		if (line->scalar) {
			line->value = arena_dup(&p->arena, m->text);
			line->path = path;
			line->null = m->kind == JSON_NULL;
			line->named = named;
			continue;
		}
		line->value = m->kind == JSON_ARRAY ?
				      number_text(p, "[", m->n, "]") :
				      number_text(p, "{", m->n, "}");
		if (!m->n)
			continue;
		line->folds = named && join_path(p, path, key, &line->path);
		line->folded = line->folds && is_folded(p, line->path);
		/* A filter's path goes through arrays without numbers. */
		if (!in_array)
			inside = line->path;
		if (!line->folded)
			add_members(p, m, inside, line->folds, depth + 1);
	}
}

/* What an alert of the event weighs, and why. */
static void add_score(struct detail_pane *p, const struct alert *alert)
{
	struct strbuf text;
	size_t at;

	if (!alert)
		return;
	at = rowset_seek(&alert->rows, p->row);
	if (alert->notes.of_row && alert->notes.of_row[at].n)
		add_words(p, "note", alert->notes.of_row[at]);
	strbuf_init(&text);
	strbuf_addf(&text, "%u: ", alert->score.total);
	score_describe(&alert->score, &text);
	add_words(p, "score", strbuf_str(&text));
	strbuf_release(&text);
}

static void add_alerts(struct detail_pane *p, const struct desk *d)
{
	const struct marks *marks = &d->snap->marks;
	size_t n;
	const struct mark *mark = marks_of(marks, p->row, &n);

	for (size_t i = 0; i < n; i++) {
		const struct mark_label *l = &marks->label[mark[i].label];
		struct detail_line *line = add_line(p, 0);
		struct strbuf text;

		strbuf_init(&text);
		strbuf_add(&text, l->title);
		for (size_t k = 0; k < l->technique_n; k++) {
			const char *was =
				attack_technique_was(&l->technique[k]);

			strbuf_addf(&text, "  %s", l->technique[k].text);
			if (was)
				strbuf_addf(&text, " (was %s)", was);
		}
		line->heading = true;
		line->level = (int)mark[i].level;
		line->value = arena_dup(&p->arena, strbuf_str(&text));
		strbuf_release(&text);
		add_score(p,
			  alerts_find(&d->snap->alerts, mark[i].label, p->row));
	}
}

/* Where lies what was put into it later; what the addenda say of themselves is
 * in the record. */
static void add_addenda(struct detail_pane *p, const struct store *s)
{
	size_t n;
	const struct amend_part *part = amendments_find(&s->amended, p->row,
							&n);
	struct strbuf text;

	strbuf_init(&text);
	for (size_t i = 1; i < n; i++) {
		strbuf_clear(&text);
		strbuf_addf(&text, "%s  record %" PRIu32 "  byte %" PRIu64,
			    s->files->entry[part[i].file].path, part[i].record,
			    part[i].offset);
		add_words(p, "amended", strbuf_str(&text));
	}
	strbuf_release(&text);
	if (s->flags[p->row] & EVENT_UPDATES)
		add_words(p, "lacks",
			  STR("the event: this is what was added to it"));
}

static void add_source(struct detail_pane *p, const struct desk *d)
{
	const struct store *s = d->snap->store;
	struct store_place place = store_place(s, p->row);
	struct strbuf text;

	strbuf_init(&text);
	strbuf_addf(&text, "%s  record %" PRIu32 "  byte %" PRIu64,
		    store_path(s, p->row), place.record, place.offset);
	add_words(p, "source", strbuf_str(&text));
	strbuf_clear(&text);
	if (s->flags[p->row] & EVENT_CARRIED && s->complete) {
		enum form form = s->files->entry[place.file].form;

		add_words(p, "form", str_of(form_name(form)));
		if (s->flags[p->row] & EVENT_PARTIAL && form_lacks(form))
			add_words(p, "lacks", str_of(form_lacks(form)));
	}
	if (s->copies[p->row] > 1) {
		strbuf_addf(&text, "%u times", s->copies[p->row]);
		add_words(p, "delivered", strbuf_str(&text));
	}
	add_addenda(p, s);
	strbuf_clear(&text);
	if (s->flags[p->row] & EVENT_HAS_CONTROL)
		strbuf_adds(&text, "control characters  ");
	if (s->flags[p->row] & EVENT_HAS_BIDI)
		strbuf_adds(&text, "bidirectional controls  ");
	if (s->flags[p->row] & EVENT_HAS_TRUNCATED)
		strbuf_adds(&text, "parts left out or nested too deep");
	if (text.n)
		add_words(p, "holds", strbuf_str(&text));
	strbuf_release(&text);
}

enum { RAW_LINE = 76 };

/* The record's bytes in lines of a fixed length. */
static void add_raw(struct detail_pane *p, struct str bytes)
{
	for (size_t at = 0; at < bytes.n;) {
		size_t end = str_find_char(bytes, '\n', at);
		size_t to = at + RAW_LINE < bytes.n ? at + RAW_LINE : bytes.n;
		struct detail_line *line;

		if (end < to)
			to = end;
		line = add_line(p, 0);
		line->value = arena_dup(&p->arena, str_sub(bytes, at, to));
		at = to == end ? to + 1 : to;
	}
}

/* Refreshing -------------------------------------------------------------- */

/* The path of a scalar, as a filter names it. */
static void path_of_line(const struct detail_line *line, struct strbuf *path)
{
	strbuf_clear(path);
	strbuf_add(path, line->path);
	if (!line->in_array && path->n)
		strbuf_addc(path, '.');
	if (!line->in_array)
		strbuf_add(path, line->key);
}

static void light_lines(struct detail_pane *p, const struct desk *d,
			const struct event *e, size_t first)
{
	struct strbuf path;

	strbuf_init(&path);
	lit_gather(&p->lit, d, p->row, e);
	for (size_t i = first; i < p->line_n; i++) {
		struct detail_line *line = &p->line[i];

		if (!line->scalar || !line->named)
			continue;
		path_of_line(line, &path);
		line->lit = lit_has(&p->lit, strbuf_str(&path), line->value);
	}
	strbuf_release(&path);
}

static enum err_code make_lines(struct detail_pane *p, struct desk *d,
				struct err *err)
{
	const struct event *e;
	struct str bytes;
	enum err_code rc;

	if (p->made_of != d->snap->version) {
		reader_free(p->reader);
		p->reader = reader_new(d->snap->store,
				       investigation_limits(d->inv));
		p->made_of = d->snap->version;
	}
	add_alerts(p, d);
	if (p->raw) {
		rc = reader_raw(p->reader, p->row, &bytes, err);
		if (rc == ERR_OK)
			add_raw(p, bytes);
	} else {
		rc = reader_event(p->reader, p->row, &e, err);
		if (rc == ERR_OK) {
			size_t first = p->line_n;

			add_members(p, e->record, STR_NULL, true, 0);
			light_lines(p, d, e, first);
		}
	}
	add_source(p, d);
	return rc;
}

static void remake(struct detail_pane *p, struct desk *d)
{
	struct err err;

	p->line_n = 0;
	arena_reset(&p->arena);
	strbuf_clear(&p->trouble);
	p->row = d->snap ? d->selected : ROW_NONE;
	if (p->row != ROW_NONE && make_lines(p, d, &err))
		strbuf_adds(&p->trouble, err.msg);
	list_set_count(&p->list, p->line_n);
}

static void detail_refresh(void *state, struct desk *d)
{
	struct detail_pane *p = state;
	bool other = !d->snap || p->row != d->selected ||
		     p->made_of != d->snap->version;

	if (!other && p->line_n)
		return;
	if (p->row != d->selected)
		p->left = 0;
	remake(p, d);
	if (other && p->list.cursor >= p->list.n)
		list_first(&p->list);
}

static void detail_title(const void *state, const struct desk *d,
			 struct arena *arena, struct safetext *left,
			 struct safetext *right)
{
	const struct detail_pane *p = state;
	struct strbuf text;

	*right = p->raw ? safe_literal("raw (r: tree)") :
			  safe_literal("tree (r: raw)");
	if (!d->snap || p->row == ROW_NONE) {
		*left = safe_literal("5 Detail] no event is selected");
		return;
	}
	strbuf_init(&text);
	strbuf_add(&text, store_text(d->snap->store, EVENT_NAME, p->row));
	strbuf_adds(&text, "  ");
	time_format(&text, d->snap->store->time[p->row], TIME_ISO, &d->zone);
	*left = safe_join(arena, safe_literal("5 Detail] "),
			  safe_text(arena, strbuf_str(&text), SAFE_LIST));
	strbuf_release(&text);
}

/* Drawing ----------------------------------------------------------------- */

enum { KEY_WIDTH = 20 };

/* A user agent is on a list as a whole, blanks and all. */
static bool is_known_agent(const struct desk *d, const struct detail_line *line)
{
	const struct indicators *x = investigation_indicators(d->inv);

	return x && line->depth == 0 && str_eq(line->key, STR("userAgent")) &&
	       indicators_agent(x, line->value) != INDICATOR_NONE;
}

static void draw_line(const struct detail_pane *p, const struct desk *d,
		      struct canvas *c, int row, const struct detail_line *line,
		      const struct drawing *how)
{
	struct arena *a = how->arena;
	struct safetext value = safe_text(a, line->value, how->mode);
	int col = 1, room;

	if (line->heading) {
		col = canvas_text(c, row, col,
				  level_text((enum level)line->level),
				  level_style((enum level)line->level)) +
		      1;
		canvas_text(c, row, col - p->left, value, STYLE_HEADING);
		return;
	}
	if (p->raw && !line->key.n) {
		canvas_text(c, row, col - p->left, value, STYLE_NORMAL);
		return;
	}
	for (unsigned i = 0; i < line->depth; i++, col += 2)
		canvas_glyph(c, row, col, GLYPH_PIPE, STYLE_MUTED);
	if (line->folds)
		canvas_glyph(c, row, col,
			     line->folded ? GLYPH_CLOSED : GLYPH_OPEN,
			     STYLE_NORMAL);
	col = canvas_text(c, row, col + 2, safe_text(a, line->key, how->mode),
			  STYLE_MUTED) +
	      1;
	if (col < KEY_WIDTH + 2 * (int)line->depth)
		col = KEY_WIDTH + 2 * (int)line->depth;
	room = c->cols - col - (line->lit ? 2 : 0);
	/* Enter shows what is cut off. */
	col = canvas_text(c, row, col,
			  safe_fit(a, value, room > 0 ? (size_t)room : 0,
				   SAFE_CUT_END,
				   canvas_glyph_text(c, GLYPH_ELLIPSIS).p),
			  is_known_agent(d, line) ? STYLE_INDICATOR :
			  line->lit               ? STYLE_ACCENT :
			  line->scalar            ? STYLE_NORMAL :
						    STYLE_MUTED);
	/* By which a rule matched: not by its colour alone. */
	if (line->lit)
		canvas_glyph(c, row, col + 1, GLYPH_HERE, STYLE_ACCENT);
}

static void detail_draw(const void *state, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	const struct detail_pane *p = state;
	int top = 0;
	size_t row;

	if (p->trouble.n) {
		canvas_text(c, 0, 1,
			    safe_text(how->arena, strbuf_str(&p->trouble),
				      SAFE_LIST),
			    STYLE_ERROR);
		top = 1;
	}
	for (int line = 0; line + top < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row) ||
		    row >= p->line_n)
			break;
		draw_line(p, d, c, line + top, &p->line[row], how);
		draw_cursor(c, line + top, row == p->list.cursor, how->focused);
		draw_matches(c, line + top, how->searched);
	}
}

/* Commands ---------------------------------------------------------------- */

static struct list *detail_list(void *state)
{
	return &((struct detail_pane *)state)->list;
}

static void detail_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct detail_pane *p = state;

	(void)d;
	strbuf_add(out, p->line[row].key);
	strbuf_addc(out, ' ');
	strbuf_add(out, p->line[row].value);
	/* What is wrapped may lie across the break. */
	if (p->raw && row + 1 < p->line_n && !p->line[row + 1].key.n)
		strbuf_add(out,
			   str_sub(p->line[row + 1].value, 0, RAW_LINE / 2));
}

/* A table of texts without one of them. */
static void forget(struct intern *t, struct str text)
{
	struct intern kept;

	if (intern_find(t, text) == INTERN_NONE)
		return;
	intern_init(&kept);
	for (uint32_t i = 1; i < t->count; i++)
		if (!str_eq(intern_text(t, i), text))
			intern_add(&kept, intern_text(t, i));
	intern_release(t);
	*t = kept;
}

static void set_folded(struct detail_pane *p, struct str path, bool folded)
{
	if (folded) {
		forget(&p->unfolded, path);
		intern_add(&p->folded, path);
	} else {
		forget(&p->folded, path);
		intern_add(&p->unfolded, path);
	}
}

static void fold(struct detail_pane *p, struct desk *d, bool folded)
{
	size_t at = p->list.cursor;
	const struct detail_line *line;

	if (at >= p->line_n || p->raw)
		return;
	line = &p->line[at];
	if (line->folds && line->folded != folded) {
		set_folded(p, line->path, folded);
		remake(p, d);
		return;
	}
	/* Nothing to fold: the line above it in the tree. */
	for (; folded && at && p->line[at].depth >= line->depth; at--)
		;
	if (folded && line->depth)
		list_goto(&p->list, at);
}

/* True when something was folded. Each pass shows what may be folded in
 * turn; they end because a part that was unfolded stays so. */
static bool unfold_all(struct detail_pane *p, struct desk *d)
{
	bool was_folded = false, any;

	do {
		any = false;
		for (size_t i = 0; i < p->line_n; i++)
			if (p->line[i].folds && p->line[i].folded) {
				set_folded(p, p->line[i].path, false);
				any = true;
			}
		if (any)
			remake(p, d);
		was_folded |= any;
	} while (any);
	return was_folded;
}

/* The lines are others then: a search that follows begins at the first. */
static void detail_reveal(void *state, struct desk *d)
{
	struct detail_pane *p = state;

	if (unfold_all(p, d))
		list_first(&p->list);
}

static void fold_all(struct detail_pane *p, struct desk *d)
{
	if (unfold_all(p, d))
		return;
	for (size_t i = 0; i < p->line_n; i++)
		if (p->line[i].folds && p->line[i].depth == 0)
			set_folded(p, p->line[i].path, true);
	remake(p, d);
	list_first(&p->list);
}

static void narrow(struct detail_pane *p, struct app *app, bool keep)
{
	const struct detail_line *line = p->list.cursor < p->line_n ?
						 &p->line[p->list.cursor] :
						 NULL;

	struct strbuf path;
	struct err err;

	if (!line || !line->scalar || !line->named) {
		app_say(app, "no value of the record is under the cursor");
		return;
	}
	strbuf_init(&path);
	path_of_line(line, &path);
	app_remember(app);
	if (line->null ? desk_add_null(app_desk(app), strbuf_str(&path), keep,
				       &err) :
			 desk_add_term(app_desk(app), strbuf_str(&path),
				       line->value, keep, &err))
		app_say(app, "%s", err.msg);
	strbuf_release(&path);
}

/* Into a part that folds, or all of a value that may be cut off. */
static void drill(struct detail_pane *p, struct app *app)
{
	const struct detail_line *line = p->list.cursor < p->line_n ?
						 &p->line[p->list.cursor] :
						 NULL;

	if (line && line->folds)
		fold(p, app_desk(app), !line->folded);
	else if (line)
		app_open_text(app, "value]", line->value);
}

/* The page of the value under the cursor. */
static bool show_page(struct detail_pane *p, struct app *app)
{
	const struct detail_line *line = p->list.cursor < p->line_n ?
						 &p->line[p->list.cursor] :
						 NULL;
	struct strbuf path;
	bool found;

	if (!line || !line->scalar || !line->named)
		return false;
	strbuf_init(&path);
	path_of_line(line, &path);
	found = profile_go_to_value(app, strbuf_str(&path), line->value);
	strbuf_release(&path);
	return found;
}

static bool detail_command(void *state, struct app *app,
			   enum screen_command cmd, struct str argument)
{
	struct detail_pane *p = state;
	struct desk *d = app_desk(app);

	switch (cmd) {
	case DO_PANE_PROFILE:
		return !argument.n && show_page(p, app);
	case DO_FOLD:
	case DO_UNFOLD:
		if (p->raw)
			p->left = cmd == DO_UNFOLD ? p->left + 8 :
				  p->left > 8      ? p->left - 8 :
						     0;
		else
			fold(p, d, cmd == DO_FOLD);
		return true;
	case DO_DRILL:
		drill(p, app);
		return true;
	case DO_FOLD_ALL:
		fold_all(p, d);
		return true;
	case DO_REPRESENT:
		p->raw = !p->raw;
		p->left = 0;
		remake(p, d);
		list_first(&p->list);
		return true;
	case DO_KEEP:
	case DO_HIDE:
		narrow(p, app, cmd == DO_KEEP);
		return true;
	default:
		return false;
	}
}

static void detail_save(const void *state, const struct desk *d,
			struct strbuf *out)
{
	const struct detail_pane *p = state;

	(void)d;
	strbuf_addf(out, "%d %zu", p->raw, p->list.cursor);
}

static void detail_restore(void *state, struct desk *d, struct str saved)
{
	struct detail_pane *p = state;
	struct str field;
	uint64_t v[2] = { 0, 0 };

	for (int i = 0; i < 2 && str_next(&saved, ' ', &field); i++)
		str_to_u64(field, &v[i]);
	p->raw = v[0] != 0;
	remake(p, d);
	list_goto(&p->list, (size_t)v[1]);
}

const struct pane_class pane_detail = {
	.name = "Detail",
	.context = IN_DETAIL,
	.open = detail_open,
	.close = detail_close,
	.refresh = detail_refresh,
	.title = detail_title,
	.draw = detail_draw,
	.command = detail_command,
	.list = detail_list,
	.reveal = detail_reveal,
	.row_text = detail_row_text,
	.save = detail_save,
	.restore = detail_restore,
};
