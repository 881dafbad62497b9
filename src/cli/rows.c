/* SPDX-License-Identifier: MIT */
#include "cli/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Cells ------------------------------------------------------------------- */

struct cell cell_text(struct str s)
{
	return (struct cell){ .kind = s.n ? CELL_TEXT : CELL_NONE, .text = s };
}

struct cell cell_number(uint64_t v)
{
	return (struct cell){ .kind = CELL_NUMBER, .number = v };
}

struct cell cell_time(int64_t t)
{
	return (struct cell){ .kind = t == TIME_NONE ? CELL_NULL : CELL_TIME,
			      .time = t };
}

struct cell cell_bool(bool v)
{
	return (struct cell){ .kind = CELL_BOOL, .number = v };
}

struct cell cell_list(const struct str *item, size_t n)
{
	return (struct cell){ .kind = CELL_LIST, .item = item, .n = n };
}

static enum tone tone_of(enum level level)
{
	if (level >= LEVEL_HIGH)
		return TONE_ALARM;
	return level == LEVEL_MEDIUM ? TONE_WARNING : TONE_PLAIN;
}

struct cell cell_level(struct str s, enum level level)
{
	struct cell c = cell_text(s);

	c.tone = tone_of(level);
	return c;
}

static void add_data(const struct output *to, struct strbuf *out, struct str s)
{
	if (to->filter)
		to->filter->apply(to->filter->context, s, out);
	else
		strbuf_add(out, s);
}

/* A cell as plain text, raw: lists joined, times in the zone. */
static void cell_print(const struct output *to, struct strbuf *out,
		       const struct cell *c, const char *between,
		       enum time_style style, const struct time_zone *zone)
{
	switch (c->kind) {
	case CELL_NONE:
	case CELL_NULL:
		break;
	case CELL_TEXT:
		add_data(to, out, c->text);
		break;
	case CELL_NUMBER:
		strbuf_addf(out, "%" PRIu64, c->number);
		break;
	case CELL_TIME:
		time_format(out, c->time, style, zone);
		break;
	case CELL_BOOL:
		strbuf_adds(out, c->number ? "true" : "false");
		break;
	case CELL_LIST:
		for (size_t i = 0; i < c->n; i++) {
			if (i)
				strbuf_adds(out, between);
			add_data(to, out, c->item[i]);
		}
		break;
	}
}

/* JSON -------------------------------------------------------------------- */

static void write_json(struct rows *r, const struct cell *cell)
{
	struct json_writer w;

	output_json(r->out, &w);
	json_begin_object(&w);
	for (size_t i = 0; i < r->n; i++) {
		const struct cell *c = &cell[i];

		if (c->kind == CELL_NONE)
			continue;
		json_key(&w, r->column[i].name);
		switch (c->kind) {
		case CELL_TEXT:
			json_string(&w, c->text);
			break;
		case CELL_NUMBER:
			json_uint(&w, c->number);
			break;
		case CELL_BOOL:
			json_bool(&w, c->number);
			break;
		case CELL_TIME: {
			struct strbuf text;

			strbuf_init(&text);
			time_format(&text, c->time, TIME_ISO, NULL);
			json_string(&w, strbuf_str(&text));
			strbuf_release(&text);
			break;
		}
		case CELL_LIST:
			json_begin_array(&w);
			for (size_t k = 0; k < c->n; k++)
				json_string(&w, c->item[k]);
			json_end_array(&w);
			break;
		case CELL_NONE:
		case CELL_NULL:
			json_null(&w);
			break;
		}
	}
	json_end_object(&w);
	output_line(r->out);
}

/* CSV --------------------------------------------------------------------- */

/* Cells that a spreadsheet would run get a quote before them (OWASP, CSV
 * injection); the full-width forms of the signs count too. */
static bool is_formula(struct str s)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b",
					    "\xef\xbc\x8d", "\xef\xbc\xa0" };

	if (!s.n)
		return false;
	if (s.p[0] && strchr("=+-@\t\r\n", s.p[0]))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(wide); i++)
		if (str_starts(s, str_of(wide[i])))
			return true;
	return false;
}

static void csv_cell(struct strbuf *line, struct str s, bool plain)
{
	bool quote = false;

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' ||
			s.p[i] == '\r' || s.p[i] == '\0';
	if (quote)
		strbuf_addc(line, '"');
	if (!plain && is_formula(s))
		strbuf_addc(line, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			strbuf_addc(line, '"');
		strbuf_addc(line, s.p[i]);
	}
	if (quote)
		strbuf_addc(line, '"');
}

static void write_csv_header(struct rows *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (i)
			strbuf_addc(&r->out->line, ',');
		strbuf_adds(&r->out->line, r->column[i].name);
	}
	output_line(r->out);
}

static void write_csv(struct rows *r, const struct cell *cell)
{
	struct strbuf *line = &r->out->line;
	struct strbuf text, valid;

	if (!r->begun)
		write_csv_header(r);
	strbuf_init(&text);
	strbuf_init(&valid);
	for (size_t i = 0; i < r->n; i++) {
		bool plain = r->out->csv_raw || cell[i].kind == CELL_NUMBER;

		if (i)
			strbuf_addc(line, ',');
		strbuf_clear(&text);
		cell_print(r->out, &text, &cell[i], ";", TIME_ISO, NULL);
		if (r->out->terminal) { /* control characters would act */
			struct safetext safe = safe_text(
				&r->out->arena, strbuf_str(&text), SAFE_ASCII);

			csv_cell(line, (struct str){ safe.p, safe.n }, plain);
			arena_reset(&r->out->arena);
			continue;
		}
		strbuf_clear(&valid);
		strbuf_add_valid(&valid, strbuf_str(&text));
		csv_cell(line, strbuf_str(&valid), plain);
	}
	strbuf_release(&valid);
	strbuf_release(&text);
	output_line(r->out);
}

/* Tables ------------------------------------------------------------------ */

enum { MOST_COLUMNS = 32 };

static void pad(struct output *out, size_t n)
{
	while (n--)
		output_put(out, STR(" "));
}

/* ECMA-48 renditions that every terminal with colours has. */
static struct str rendition(enum tone tone)
{
	switch (tone) {
	case TONE_ALARM:
		return STR("\033[1;31m");
	case TONE_WARNING:
		return STR("\033[33m");
	case TONE_TITLE:
		return STR("\033[1m");
	case TONE_PLAIN:
		break;
	}
	return STR_NULL;
}

static void write_table_cell(struct rows *r, size_t i, struct table_cell cell,
			     size_t width)
{
	bool last = i + 1 == r->n;
	const struct column *c = &r->column[i];
	bool whole = last && !c->width && !r->out->terminal;
	bool toned = r->out->color && cell.tone != TONE_PLAIN;
	struct safetext text = cell.text;

	if (!whole)
		text = safe_fit(&r->out->arena, text, width,
				c->middle ? SAFE_CUT_MIDDLE : SAFE_CUT_END,
				"~");
	if (c->right)
		pad(r->out, width - text.width);
	if (toned)
		output_put(r->out, rendition(cell.tone));
	output_safe(r->out, text);
	if (toned)
		output_put(r->out, STR("\033[0m"));
	if (!last) {
		if (!c->right && text.width < width)
			pad(r->out, width - text.width);
		pad(r->out, 2);
	}
}

static struct table_cell table_cell(struct rows *r, struct arena *a,
				    const struct cell *c)
{
	struct strbuf text;
	struct safetext safe;

	strbuf_init(&text);
	cell_print(r->out, &text, c, ", ", TIME_DATETIME, r->zone);
	safe = safe_text(a, strbuf_str(&text), SAFE_ASCII);
	strbuf_release(&text);
	return (struct table_cell){ safe, c->tone };
}

/*
 * On a terminal lines that wrap are hard to read: the widest columns give way,
 * but for numbers and times, and not below what can be read. Where even that
 * is not enough nothing is cut, since the lines wrap in any case.
 */
static void fit_columns(const struct rows *r, size_t *width)
{
	enum { LEAST_WIDTH = 12 };
	size_t fitted[MOST_COLUMNS], sum = 2 * (r->n - 1);

	for (size_t i = 0; i < r->n; i++)
		sum += fitted[i] = width[i];
	while (sum > r->out->columns) {
		size_t widest = r->n;

		for (size_t i = 0; i < r->n; i++)
			if (!r->column[i].right && !r->column[i].whole &&
			    fitted[i] > LEAST_WIDTH &&
			    (widest == r->n || fitted[i] > fitted[widest]))
				widest = i;
		if (widest == r->n)
			return;
		fitted[widest]--;
		sum--;
	}
	memcpy(width, fitted, r->n * sizeof(*width));
}

static bool all_widths_known(const struct rows *r)
{
	for (size_t i = 0; i + 1 < r->n; i++)
		if (!r->column[i].width)
			return false;
	return true;
}

static void write_title(struct rows *r, const size_t *width)
{
	for (size_t i = 0; i < r->n; i++) {
		struct table_cell title = { safe_literal(r->column[i].name),
					    TONE_TITLE };

		write_table_cell(r, i, title, width[i]);
	}
	output_put(r->out, STR("\n"));
	arena_reset(&r->out->arena);
}

/* Of a last column that is as wide as it likes, on a terminal. */
enum { LAST_WIDTH = 20 };

static void write_table(struct rows *r, const struct cell *cell)
{
	if (all_widths_known(r)) {
		size_t width[MOST_COLUMNS];

		for (size_t i = 0; i < r->n; i++)
			width[i] = r->column[i].width;
		if (!width[r->n - 1])
			width[r->n - 1] = LAST_WIDTH;
		fit_columns(r, width);
		if (!r->begun)
			write_title(r, width);
		for (size_t i = 0; i < r->n; i++)
			write_table_cell(
				r, i, table_cell(r, &r->out->arena, &cell[i]),
				width[i]);
		output_put(r->out, STR("\n"));
		arena_reset(&r->out->arena);
		return;
	}
	r->waiting = mem_grow(r->waiting, &r->waiting_cap, r->waiting_n + r->n,
			      sizeof(*r->waiting));
	for (size_t i = 0; i < r->n; i++)
		r->waiting[r->waiting_n++] = table_cell(r, &r->arena, &cell[i]);
}

static void write_waiting(struct rows *r)
{
	size_t width[MOST_COLUMNS];

	for (size_t i = 0; i < r->n; i++) {
		width[i] = strlen(r->column[i].name);
		for (size_t k = i; k < r->waiting_n; k += r->n)
			if (r->waiting[k].text.width > width[i])
				width[i] = r->waiting[k].text.width;
		if (r->column[i].width && width[i] > r->column[i].width)
			width[i] = r->column[i].width;
	}
	fit_columns(r, width);
	write_title(r, width);
	for (size_t k = 0; k < r->waiting_n; k += r->n) {
		for (size_t i = 0; i < r->n; i++)
			write_table_cell(r, i, r->waiting[k + i], width[i]);
		output_put(r->out, STR("\n"));
		arena_reset(&r->out->arena);
	}
}

/* Rows -------------------------------------------------------------------- */

void rows_begin(struct rows *r, struct output *out, enum format format,
		const struct column *column, size_t n,
		const struct time_zone *zone)
{
	assert(n && n <= MOST_COLUMNS);
	*r = (struct rows){ .out = out,
			    .column = column,
			    .n = n,
			    .format = format,
			    .zone = zone };
	arena_init(&r->arena);
}

void rows_add(struct rows *r, const struct cell *cell)
{
	switch (r->format) {
	case FORMAT_TABLE:
		write_table(r, cell);
		break;
	case FORMAT_JSON:
		output_put(r->out, r->begun ? STR(",\n") : STR("[\n"));
		write_json(r, cell);
		break;
	case FORMAT_JSONL:
		write_json(r, cell);
		break;
	case FORMAT_CSV:
		write_csv(r, cell);
		break;
	case FORMAT_DOT:
	case FORMAT_NAVIGATOR:
	case FORMAT_MARKDOWN:
	case FORMAT_HTML:
	case FORMAT_TIMESKETCH:
	case FORMAT_RECORDS:
		break; /* no rows, or rows of their own */
	}
	r->begun = true;
}

void rows_add_named(struct rows *r, const struct named_cell *has, size_t n)
{
	struct cell cell[MOST_COLUMNS] = { { .kind = CELL_NONE } };

	for (size_t i = 0; i < n; i++) {
		size_t at = 0;

		while (strcmp(r->column[at].name, has[i].name) != 0)
			at++;
		cell[at] = has[i].cell;
	}
	rows_add(r, cell);
}

void rows_end(struct rows *r)
{
	if (r->waiting_n)
		write_waiting(r);
	if (!r->begun && r->format == FORMAT_CSV)
		write_csv_header(r);
	if (r->format == FORMAT_JSON)
		output_put(r->out, r->begun ? STR("]\n") : STR("[]\n"));
	free(r->waiting);
	arena_release(&r->arena);
}
