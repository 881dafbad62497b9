/* SPDX-License-Identifier: MIT */
#include "ui/panes/detail_lines.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "ui/desk.h"
#include "ui/panes/attack_cells.h"

void detail_lines_init(struct detail_lines *l)
{
	*l = (struct detail_lines){ .n = 0 };
	arena_init(&l->arena);
	intern_init(&l->folded);
	intern_init(&l->unfolded);
}

void detail_lines_release(struct detail_lines *l)
{
	free(l->line);
	arena_release(&l->arena);
	intern_release(&l->folded);
	intern_release(&l->unfolded);
}

void detail_lines_clear(struct detail_lines *l)
{
	l->n = 0;
	arena_reset(&l->arena);
}

static struct detail_line *add_line(struct detail_lines *l, unsigned depth)
{
	l->line = mem_grow(l->line, &l->cap, l->n + 1, sizeof(*l->line));
	l->line[l->n] = (struct detail_line){ .depth = depth, .level = -1 };
	return &l->line[l->n++];
}

static struct detail_line *add_words(struct detail_lines *l, const char *key,
				     struct str value)
{
	struct detail_line *line = add_line(l, 0);

	line->key = str_of(key);
	line->value = arena_dup(&l->arena, value);
	line->scalar = true;
	return line;
}

/* What is hidden ---------------------------------------------------------- */

/* "ESC" for what has a name that everybody knows, else "U+202E". */
static void add_name(struct strbuf *out, uint32_t cp)
{
	static const char *const c0[] = {
		"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL",
		"BS",  "TAB", "LF",  "VT",  "FF",  "CR",  "SO",  "SI",
		"DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB",
		"CAN", "EM",  "SUB", "ESC", "FS",  "GS",  "RS",  "US",
	};

	if (cp == UTF8_INVALID)
		strbuf_adds(out, "a byte that is not UTF-8");
	else if (cp < ARRAY_SIZE(c0))
		strbuf_adds(out, c0[cp]);
	else if (cp == 0x7f)
		strbuf_adds(out, "DEL");
	else
		strbuf_addf(out, "U+%04" PRIX32, cp);
}

static bool is_hidden(uint32_t cp)
{
	enum unicode_class class;

	if (cp == UTF8_INVALID)
		return true;
	if (cp >= 0x20 && cp < 0x7f)
		return false;
	class = unicode_class(cp);
	return class == UNICODE_CONTROL || class == UNICODE_BIDI ||
	       class == UNICODE_HIDDEN;
}

/* Below a value that hides something: how much, and what, in its order. */
static void add_hidden(struct detail_lines *l, struct str value, unsigned depth)
{
	enum { NAMED = 6 };
	struct strbuf names, text;
	size_t n = 0;

	strbuf_init(&names);
	for (size_t at = 0; at < value.n;) {
		uint32_t cp;

		at += utf8_decode(value, at, &cp);
		if (!is_hidden(cp))
			continue;
		if (n++ >= NAMED)
			continue;
		strbuf_addc(&names, ' ');
		add_name(&names, cp);
	}
	if (n) {
		struct detail_line *line = add_line(l, depth);

		strbuf_init(&text);
		strbuf_addf(&text, "%zu hidden:", n);
		strbuf_add(&text, strbuf_str(&names));
		strbuf_adds(&text, n > NAMED ? " ..." : "");
		line->value = arena_dup(&l->arena, strbuf_str(&text));
		line->scalar = true;
		line->told = true;
		strbuf_release(&text);
	}
	strbuf_release(&names);
}

/* The record -------------------------------------------------------------- */

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

static bool is_folded(const struct detail_lines *l, struct str path)
{
	if (intern_find(&l->folded, path) != INTERN_NONE)
		return true;
	return (begins_folded(path) ||
		(l->brief && str_eq(path, STR("userIdentity")))) &&
	       intern_find(&l->unfolded, path) == INTERN_NONE;
}

/*
 * The path of a member that is no scalar, which its members share; false when
 * it is too long. A long key above many members would come to the product of
 * the two otherwise: what is in such a part neither folds nor has a name.
 */
static bool join_path(struct detail_lines *l, struct str path, struct str key,
		      struct str *out)
{
	enum { LONGEST_PATH = 1024 };

	if (key.n > LONGEST_PATH || path.n > LONGEST_PATH - key.n)
		return false;
	*out = path.n ? arena_join(&l->arena,
				   arena_join(&l->arena, path, STR(".")), key) :
			key;
	return true;
}

static struct str number_text(struct detail_lines *l, const char *fmt_open,
			      uint32_t n, const char *fmt_close)
{
	struct strbuf text;
	struct str kept;

	strbuf_init(&text);
	strbuf_addf(&text, "%s%" PRIu32 "%s", fmt_open, n, fmt_close);
	kept = arena_dup(&l->arena, strbuf_str(&text));
	strbuf_release(&text);
	return kept;
}

static void add_members(struct detail_lines *l, const struct json *v,
			struct str path, bool named, unsigned depth);

/* Recursion is bounded by the depth that records are kept to. */
static void add_member(struct detail_lines *l, const struct json *m,
		       struct str key, bool in_array, struct str path,
		       bool named, unsigned depth)
{
	struct detail_line *line = add_line(l, depth);
	struct str inside = path;

	line->key = key;
	line->in_array = in_array;
	line->scalar = json_is_scalar(m);
	if (line->scalar) {
		line->value = arena_dup(&l->arena, m->text);
		line->path = path;
		line->null = m->kind == JSON_NULL;
		line->named = named;
		add_hidden(l, m->text, depth);
		return;
	}
	line->value = m->kind == JSON_ARRAY ? number_text(l, "[", m->n, "]") :
					      number_text(l, "{", m->n, "}");
	if (!m->n)
		return;
	line->folds = named && join_path(l, path, key, &line->path);
	line->folded = line->folds && is_folded(l, line->path);
	/* A filter's path goes through arrays without numbers. */
	if (!in_array)
		inside = line->path;
	if (!line->folded)
		add_members(l, m, inside, line->folds, depth + 1);
}

static void add_members(struct detail_lines *l, const struct json *v,
			struct str path, bool named, unsigned depth)
{
	bool in_array = v->kind == JSON_ARRAY;
	uint32_t number = 0;

	for (const struct json *m = v->child; m; m = m->next)
		add_member(l, m,
			   in_array ? number_text(l, "[", number++, "]") :
				      arena_dup(&l->arena, m->key),
			   in_array, path, named, depth);
}

/* What the lists do not say of an event. */
static bool is_first(struct str key)
{
	static const char *const first[] = {
		"errorCode",         "errorMessage",     "sourceIPAddress",
		"requestParameters", "responseElements",
	};

	for (size_t i = 0; i < ARRAY_SIZE(first); i++)
		if (str_eq(key, str_of(first[i])))
			return true;
	return false;
}

void detail_lines_record(struct detail_lines *l, const struct json *record)
{
	if (!l->brief || record->kind != JSON_OBJECT) {
		add_members(l, record, STR_NULL, true, 0);
		return;
	}
	for (int rest = 0; rest < 2; rest++)
		for (const struct json *m = record->child; m; m = m->next)
			if (is_first(m->key) == !rest)
				add_member(l, m, arena_dup(&l->arena, m->key),
					   false, STR_NULL, true, 0);
}

/* What is said of it ------------------------------------------------------- */

/* All of an alert, for whoever opens its line: what it weighs and why, and
 * what was found. */
static struct str alert_text(struct detail_lines *l, const struct mark *mark,
			     const struct mark_label *label,
			     const struct alert *alert, struct str found)
{
	struct strbuf text;
	struct str kept;

	strbuf_init(&text);
	strbuf_add(&text, label->title);
	strbuf_addf(&text, "\nlevel of this event: %s",
		    level_name((enum level)mark->level));
	if (alert) {
		strbuf_addf(&text, "\nlevel of the alert: %s, %zu event%s",
			    level_name(alert->level), alert->rows.n,
			    alert->rows.n == 1 ? "" : "s");
		strbuf_addf(&text, "\nscore %u: ", alert->score.total);
		score_describe(&alert->score, &text);
	}
	if (found.n) {
		strbuf_adds(&text, "\nfound: ");
		strbuf_add(&text, found);
	}
	kept = arena_dup(&l->arena, strbuf_str(&text));
	strbuf_release(&text);
	return kept;
}

/* The event itself may be of less weight than the alert that it is part of: it
 * is one of several that were found together, or a call that was denied. */
static void add_alert(struct detail_lines *l, const struct desk *d, row_id row,
		      const struct mark *mark)
{
	const struct mark_label *label = &d->snap->marks.label[mark->label];
	const struct alert *alert = alerts_find(&d->snap->alerts, mark->label,
						row);
	struct detail_line *line = add_line(l, 0);
	struct str found = STR_NULL, whole;
	struct strbuf text;

	if (alert && alert->notes.of_row)
		found = alert->notes.of_row[rowset_seek(&alert->rows, row)];
	line->heading = true;
	line->level = alert ? (int)alert->level : (int)mark->level;
	strbuf_init(&text);
	if (alert && alert->level > (enum level)mark->level)
		strbuf_adds(&text, "part of: ");
	strbuf_add(&text, label->title);
	for (size_t k = 0; k < label->technique_n && !l->brief; k++) {
		strbuf_adds(&text, "  ");
		attack_technique_text(d->attack, &label->technique[k], &text);
	}
	line->value = arena_dup(&l->arena, strbuf_str(&text));
	strbuf_clear(&text);
	if (alert && d->book.list[CASE_DISPOSITION].n) {
		struct alert_state state = desk_alert_state(d, alert);

		strbuf_addf(&text, "%s%s  ",
			    state.covered ?
				    disposition_brief(state.disposition) :
				    "new",
			    state.covered && state.open ? "+" : "");
	}
	if (alert)
		strbuf_addf(&text, "score %u", alert->score.total);
	line->right = arena_dup(&l->arena, strbuf_str(&text));
	strbuf_release(&text);
	whole = alert_text(l, mark, label, alert, found);
	line->whole = whole;
	if (found.n && !l->brief)
		add_words(l, "found", found)->whole = whole;
}

/* Stars, labels and notes of the case, in the order in which they were said. */
static void add_said(struct detail_lines *l, const struct desk *d, row_id row)
{
	static const enum case_kind kinds[] = { CASE_STAR, CASE_LABEL,
						CASE_NOTE };
	struct strbuf id, text;

	strbuf_init(&id);
	strbuf_init(&text);
	store_id_text(d->snap->store, row, &id);
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		const struct case_list *list = &d->book.list[kinds[k]];

		for (size_t i = 0; i < list->n; i++) {
			const struct case_item *x = &list->item[i];

			if (!str_eq(x->event.id, strbuf_str(&id)))
				continue;
			strbuf_clear(&text);
			strbuf_add(&text,
				   kinds[k] == CASE_LABEL ? x->name : x->text);
			strbuf_addf(&text, "%s(", text.n ? "  " : "");
			strbuf_add(&text, x->author);
			if (x->time != TIME_NONE) {
				strbuf_adds(&text, ", ");
				time_format(&text, x->time, TIME_ISO, &d->zone);
			}
			strbuf_addc(&text, ')');
			add_words(l,
				  kinds[k] == CASE_STAR  ? "star" :
				  kinds[k] == CASE_LABEL ? "label" :
							   "note",
				  strbuf_str(&text))
				->told = true;
		}
	}
	strbuf_release(&id);
	strbuf_release(&text);
}

void detail_lines_said(struct detail_lines *l, const struct desk *d, row_id row,
		       bool brief)
{
	size_t n;
	const struct mark *mark = marks_of(&d->snap->marks, row, &n);

	l->brief = brief;
	for (size_t i = 0; i < n; i++)
		add_alert(l, d, row, &mark[i]);
	add_said(l, d, row);
}

static void add_place(struct detail_lines *l, const struct store *s, row_id row)
{
	struct store_place place = store_place(s, row);
	struct strbuf text;

	add_words(l, "source", str_of(store_path(s, row)))->tail = true;
	strbuf_init(&text);
	strbuf_addf(&text, "%" PRIu32 "  byte ", place.record);
	strbuf_add_count(&text, place.offset);
	add_words(l, "record", strbuf_str(&text));
	strbuf_release(&text);
}

/* Where lies what was put into it later; what the addenda say of themselves is
 * in the record. */
static void add_addenda(struct detail_lines *l, const struct store *s,
			row_id row)
{
	size_t n;
	const struct amend_part *part = amendments_find(&s->amended, row, &n);
	struct strbuf text;

	strbuf_init(&text);
	for (size_t i = 1; i < n; i++) {
		strbuf_clear(&text);
		strbuf_addf(&text, "%s  record %" PRIu32 "  byte %" PRIu64,
			    s->files->entry[part[i].file].path, part[i].record,
			    part[i].offset);
		add_words(l, "amended", strbuf_str(&text))->tail = true;
	}
	strbuf_release(&text);
	if (s->flags[row] & EVENT_UPDATES)
		add_words(l, "lacks",
			  STR("the event: this is what was added to it"));
}

void detail_lines_source(struct detail_lines *l, const struct desk *d,
			 row_id row)
{
	const struct store *s = d->snap->store;
	struct strbuf text;

	add_place(l, s, row);
	strbuf_init(&text);
	if (s->flags[row] & EVENT_CARRIED && s->complete) {
		enum form form = s->files->entry[store_place(s, row).file].form;

		add_words(l, "form", str_of(form_name(form)));
		if (s->flags[row] & EVENT_PARTIAL && form_lacks(form))
			add_words(l, "lacks", str_of(form_lacks(form)));
	}
	if (s->copies[row] > 1) {
		strbuf_addf(&text, "%u times", s->copies[row]);
		add_words(l, "delivered", strbuf_str(&text));
	}
	add_addenda(l, s, row);
	strbuf_clear(&text);
	if (s->flags[row] & EVENT_HAS_CONTROL)
		strbuf_adds(&text, "control characters  ");
	if (s->flags[row] & EVENT_HAS_BIDI)
		strbuf_adds(&text, "bidirectional controls  ");
	if (s->flags[row] & EVENT_HAS_TRUNCATED)
		strbuf_adds(&text, "parts left out or nested too deep");
	if (text.n)
		add_words(l, "holds", strbuf_str(&text));
	strbuf_release(&text);
}

/* The bytes --------------------------------------------------------------- */

/* Columns that a byte may take when it is shown: what is not printable is
 * spelled out, and a backslash doubled where it could be read as such. */
static size_t columns_of(unsigned char x)
{
	if (x == '\\')
		return 2;
	return x >= 0x20 && x < 0x7f ? 1 : x < 0x80 ? 6 : 4;
}

/* The end of a line that begins at `at`: no character is cut in two, and what
 * stands in it is never wider than the pane. */
static size_t raw_end(struct str bytes, size_t at, size_t width)
{
	size_t to = at, columns = 0;

	while (to < bytes.n && bytes.p[to] != '\n') {
		columns += columns_of((unsigned char)bytes.p[to]);
		if (columns > width && to > at)
			break;
		to++;
	}
	for (int i = 0; i < 3 && to < bytes.n && to > at + 1 &&
			((unsigned char)bytes.p[to] & 0xc0) == 0x80;
	     i++)
		to--;
	return to;
}

void detail_lines_raw(struct detail_lines *l, struct str bytes, size_t width)
{
	for (size_t at = 0; at < bytes.n;) {
		size_t to = raw_end(bytes, at, width);

		add_line(l, 0)->value = str_sub(bytes, at, to);
		at = to < bytes.n && bytes.p[to] == '\n' ? to + 1 : to;
	}
}

void detail_lines_hex(struct detail_lines *l, struct str bytes, size_t width)
{
	for (size_t at = 0; at < bytes.n; at += width) {
		struct detail_line *line = add_line(l, 0);

		line->value = str_sub(
			bytes, at, at + width < bytes.n ? at + width : bytes.n);
		line->offset = at;
		line->hex = true;
	}
}

void detail_hex_text(const struct detail_line *line, size_t width,
		     struct strbuf *out)
{
	strbuf_addf(out, "%06zx ", line->offset);
	for (size_t i = 0; i < width; i++) {
		if (i == 8)
			strbuf_addc(out, ' ');
		if (i < line->value.n)
			strbuf_addf(out, " %02x",
				    (unsigned)(unsigned char)line->value.p[i]);
		else
			strbuf_adds(out, "   ");
	}
	strbuf_adds(out, "  ");
	for (size_t i = 0; i < line->value.n; i++) {
		char x = line->value.p[i];

		strbuf_addc(out, x >= 0x20 && x < 0x7f ? x : '.');
	}
}

/* Folding ----------------------------------------------------------------- */

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

void detail_lines_fold(struct detail_lines *l, struct str path, bool folded)
{
	if (folded) {
		forget(&l->unfolded, path);
		intern_add(&l->folded, path);
	} else {
		forget(&l->folded, path);
		intern_add(&l->unfolded, path);
	}
}
