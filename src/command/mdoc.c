/* SPDX-License-Identifier: MIT */
#include "command/mdoc.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "command/fill.h"

enum {
	BODY = 5,       /* column of text */
	SUBSECTION = 3, /* column of the headings of subsections */
	OFFSET = 2,     /* -offset indent */
	MOST_ARGS = 64,
	MOST_LISTS = 8,
	MOST_OPEN = 8,
};

enum list_kind { LIST_TAG, LIST_BULLET, LIST_ENUM, LIST_ITEM, LIST_OHANG };

struct list_block {
	enum list_kind kind;
	bool compact;
	size_t outer, inner; /* columns of marks and of text */
	unsigned items;
};

struct setter {
	struct fill fill;
	struct str name; /* of the page, for .Nm */
	bool synopsis;   /* in that section a .Nm begins a line */
	bool literal;    /* inside .Bd -literal */
	unsigned parts;  /* of the reference that .Rs began */
	struct list_block list[MOST_LISTS];
	size_t lists;
	size_t saved_indent; /* before the display */
	size_t unknown;
};

struct arg {
	struct str text;
	bool quoted;
};

/* Macros in a line -------------------------------------------------------- */

static bool is_closing(const struct arg *a)
{
	return !a->quoted && a->text.n == 1 && strchr(".,:;)]?!", a->text.p[0]);
}

static bool is_opening(const struct arg *a)
{
	return !a->quoted && a->text.n == 1 && strchr("([", a->text.p[0]);
}

/* Macros that other macros' arguments may call. */
static bool is_callable(const struct arg *a)
{
	static const char *const names[] = {
		"Ad", "Aq", "Bq", "Oc", "Oo", "Ar", "Cm", "Dq", "Dv", "Em",
		"Er", "Ev", "Fl", "Ic", "Li", "Nm", "No", "Ns", "Op", "Pa",
		"Pc", "Po", "Pq", "Ql", "Qq", "Sq", "Sx", "Sy", "Va", "Xr"
	};

	if (a->quoted || a->text.n != 2)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq(a->text, str_of(names[i])))
			return true;
	return false;
}

static size_t split(struct str line, struct arg args[MOST_ARGS])
{
	size_t n = 0, at = 0;

	while (n < MOST_ARGS) {
		size_t from;

		while (at < line.n && line.p[at] == ' ')
			at++;
		if (at == line.n)
			break;
		args[n].quoted = line.p[at] == '"';
		if (args[n].quoted)
			at++;
		from = at;
		while (at < line.n &&
		       (args[n].quoted ?
				line.p[at] != '"' || (at + 1 < line.n &&
						      line.p[at + 1] == '"') :
				line.p[at] != ' '))
			at += args[n].quoted && line.p[at] == '"'   ? 2 :
			      line.p[at] == '\\' && at + 1 < line.n ? 2 :
								      1;
		args[n++].text = str_sub(line, from, at);
		if (at < line.n)
			at++;
	}
	return n;
}

struct inline_state {
	char macro[3];
	const char *open[MOST_OPEN]; /* what closes the enclosures */
	size_t opened;
};

static void open_with(struct setter *s, struct inline_state *in,
		      const char *mark, const char *end)
{
	fill_word(&s->fill, str_of(mark));
	fill_glue(&s->fill);
	if (end && in->opened < MOST_OPEN)
		in->open[in->opened++] = end;
}

/* A word of an argument, as its macro wants it. */
static void styled(struct setter *s, struct inline_state *in, struct str text)
{
	struct strbuf raw;

	if (strcmp(in->macro, "Fl") == 0) {
		fill_word(&s->fill, STR("-"));
		fill_glue(&s->fill);
	}
	/* A quote inside a quoted argument is written twice. */
	strbuf_init(&raw);
	for (size_t i = 0; i < text.n; i++) {
		strbuf_addc(&raw, text.p[i]);
		if (text.p[i] == '"' && i + 1 < text.n && text.p[i + 1] == '"')
			i++;
	}
	fill_word(&s->fill, strbuf_str(&raw));
	strbuf_release(&raw);
}

/* What encloses the rest of the line, or begins or ends to enclose. */
static bool enclose(struct setter *s, struct inline_state *in, struct str m)
{
	static const struct {
		const char *name, *mark, *end;
	} known[] = {
		{ "Pq", "(", ")" },  { "Op", "[", "]" },   { "Bq", "[", "]" },
		{ "Aq", "<", ">" },  { "Dq", "\"", "\"" }, { "Qq", "\"", "\"" },
		{ "Sq", "'", "'" },  { "Ql", "'", "'" },   { "Po", "(", NULL },
		{ "Oo", "[", NULL }, { "Pc", NULL, ")" },  { "Oc", NULL, "]" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!str_eq(m, str_of(known[i].name)))
			continue;
		if (known[i].mark)
			open_with(s, in, known[i].mark, known[i].end);
		else
			fill_attach(&s->fill, str_of(known[i].end));
		return true;
	}
	return false;
}

/* Begins a macro; returns how many arguments it took. */
static size_t begin(struct setter *s, struct inline_state *in,
		    const struct arg *args, size_t n)
{
	struct str m = args[0].text;
	bool alone = n == 1 || is_callable(&args[1]) || is_closing(&args[1]);

	snprintf(in->macro, sizeof(in->macro), "%.*s", STR_ARG(m));
	if (str_eq(m, STR("Ns")))
		fill_glue(&s->fill);
	else if (enclose(s, in, m))
		return 1;
	else if (str_eq(m, STR("Nm")) && alone)
		fill_word(&s->fill, s->name);
	else if (str_eq(m, STR("Fl")) && alone)
		fill_word(&s->fill, STR("-"));
	else if (str_eq(m, STR("Xr")) && n > 2) {
		fill_word(&s->fill, args[1].text);
		fill_attach(&s->fill, STR("("));
		fill_attach(&s->fill, args[2].text);
		fill_attach(&s->fill, STR(")"));
		in->macro[0] = '\0';
		return 3;
	}
	return 1;
}

static void set_args(struct setter *s, const struct arg *args, size_t n)
{
	struct inline_state in = { .opened = 0 };
	size_t end = n, i = 0;

	/* Punctuation at the end stands outside of what the line encloses. */
	while (end && is_closing(&args[end - 1]))
		end--;
	while (i < end) {
		if (is_callable(&args[i])) {
			i += begin(s, &in, args + i, end - i);
			continue;
		}
		if (is_closing(&args[i])) {
			fill_glue(&s->fill);
			fill_word(&s->fill, args[i].text);
		} else if (is_opening(&args[i])) {
			fill_word(&s->fill, args[i].text);
			fill_glue(&s->fill);
		} else {
			styled(s, &in, args[i].text);
		}
		i++;
	}
	while (in.opened)
		fill_attach(&s->fill, str_of(in.open[--in.opened]));
	for (; i < n; i++) {
		fill_glue(&s->fill);
		fill_word(&s->fill, args[i].text);
	}
}

/* Blocks ------------------------------------------------------------------ */

static void heading(struct setter *s, size_t column, const struct arg *args,
		    size_t n)
{
	fill_blank(&s->fill);
	s->fill.indent = column;
	set_args(s, args, n);
	fill_flush(&s->fill);
	fill_no_blank(&s->fill);
	s->fill.indent = BODY;
	s->lists = 0;
}

static void begin_list(struct setter *s, const struct arg *args, size_t n)
{
	struct list_block l = { .kind = LIST_TAG, .outer = s->fill.indent };
	size_t width = 6;

	fill_flush(&s->fill);
	if (s->lists == MOST_LISTS)
		return;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(args[i].text, STR("-bullet")) ||
		    str_eq(args[i].text, STR("-dash"))) {
			l.kind = LIST_BULLET;
			width = 2;
		} else if (str_eq(args[i].text, STR("-enum"))) {
			l.kind = LIST_ENUM;
			width = 4;
		} else if (str_eq(args[i].text, STR("-item"))) {
			l.kind = LIST_ITEM;
			width = 0;
		} else if (str_eq(args[i].text, STR("-ohang"))) {
			l.kind = LIST_OHANG;
			width = 0;
		} else if (str_eq(args[i].text, STR("-compact"))) {
			l.compact = true;
		} else if (str_eq(args[i].text, STR("-offset"))) {
			l.outer += OFFSET;
		} else if (str_eq(args[i].text, STR("-width")) && i + 1 < n) {
			if (l.kind == LIST_TAG)
				width = args[i + 1].text.n + 2;
			i++;
		}
	}
	if (width > 20)
		width = 20;
	l.inner = l.outer + width;
	s->list[s->lists++] = l;
}

static void end_list(struct setter *s)
{
	fill_flush(&s->fill);
	if (s->lists)
		s->fill.indent = s->list[--s->lists].outer;
	if (!s->lists)
		s->fill.indent = BODY;
	else
		s->fill.indent = s->list[s->lists - 1].inner;
}

static void item(struct setter *s, const struct arg *args, size_t n)
{
	struct list_block *l;
	char number[16];

	fill_flush(&s->fill);
	if (!s->lists)
		return;
	l = &s->list[s->lists - 1];
	if (!l->compact)
		fill_blank(&s->fill);
	l->items++;
	s->fill.indent = l->outer;
	switch (l->kind) {
	case LIST_TAG:
	case LIST_OHANG:
		set_args(s, args, n);
		break;
	case LIST_BULLET:
		fill_word(&s->fill, STR("o"));
		break;
	case LIST_ENUM:
		snprintf(number, sizeof(number), "%u.", l->items);
		fill_word(&s->fill, str_of(number));
		break;
	case LIST_ITEM:
		break;
	}
	/* The text begins beside the tag where that leaves room. */
	fill_beside(&s->fill, l->inner);
}

static void begin_display(struct setter *s, const struct arg *args, size_t n)
{
	bool compact = false;

	s->saved_indent = s->fill.indent;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(args[i].text, STR("-literal")) ||
		    str_eq(args[i].text, STR("-unfilled")))
			s->literal = true;
		else if (str_eq(args[i].text, STR("-offset")))
			s->fill.indent += OFFSET;
		else if (str_eq(args[i].text, STR("-compact")))
			compact = true;
	}
	if (compact)
		fill_flush(&s->fill);
	else
		fill_blank(&s->fill);
}

static void one_line_display(struct setter *s, const struct arg *args, size_t n)
{
	size_t indent = s->fill.indent;

	fill_flush(&s->fill);
	s->fill.indent += OFFSET;
	set_args(s, args, n);
	fill_flush(&s->fill);
	s->fill.indent = indent;
}

/* Lines ------------------------------------------------------------------- */

static bool block_macro(struct setter *s, struct str m, const struct arg *args,
			size_t n)
{
	if (str_eq(m, STR("Dd")) || str_eq(m, STR("Dt")) ||
	    str_eq(m, STR("Os")) || str_eq(m, STR("\\\"")))
		return true;
	if (str_eq(m, STR("Sh"))) {
		s->synopsis = n && str_eq(args[0].text, STR("SYNOPSIS"));
		heading(s, 0, args, n);
	} else if (str_eq(m, STR("Ss")))
		heading(s, SUBSECTION, args, n);
	else if (str_eq(m, STR("Pp")))
		fill_blank(&s->fill);
	else if (str_eq(m, STR("Bl")))
		begin_list(s, args, n);
	else if (str_eq(m, STR("El")))
		end_list(s);
	else if (str_eq(m, STR("It")))
		item(s, args, n);
	else if (str_eq(m, STR("Bd")))
		begin_display(s, args, n);
	else if (str_eq(m, STR("Ed"))) {
		fill_flush(&s->fill);
		s->literal = false;
		s->fill.indent = s->saved_indent;
	} else if (str_eq(m, STR("Dl")) || str_eq(m, STR("D1")))
		one_line_display(s, args, n);
	else if (str_eq(m, STR("Rs")))
		s->parts = 0;
	else if (str_eq(m, STR("Re")))
		fill_attach(&s->fill, STR("."));
	else
		return false;
	return true;
}

/* ".Nd", ".Lk" and the parts of references: their text as it is. */
static bool text_macro(struct setter *s, struct str m, const struct arg *args,
		       size_t n)
{
	if (str_eq(m, STR("Nd"))) {
		fill_word(&s->fill, STR("-"));
	} else if (str_eq(m, STR("Lk"))) {
		/* The name of a link stands before it. */
		bool named = n > 1 && !is_closing(&args[1]);

		if (named) {
			fill_word(&s->fill, args[1].text);
			fill_attach(&s->fill, STR(":"));
		}
		fill_word(&s->fill, args[0].text);
		for (size_t i = named ? 2 : 1; i < n; i++) {
			fill_glue(&s->fill);
			fill_word(&s->fill, args[i].text);
		}
		return true;
	} else if (m.n == 2 && m.p[0] == '%') {
		if (s->parts++)
			fill_attach(&s->fill, STR(","));
		for (size_t i = 0; i < n; i++)
			fill_word(&s->fill, args[i].text);
		return true;
	} else {
		return false;
	}
	set_args(s, args, n);
	return true;
}

static void control_line(struct setter *s, struct str line)
{
	struct arg args[MOST_ARGS];
	size_t n = split(line, args);

	if (!n || block_macro(s, args[0].text, args + 1, n - 1) ||
	    str_starts(line, STR("\\\"")))
		return;
	if (str_eq(args[0].text, STR("Nm"))) {
		if (n > 1 && !s->name.n)
			s->name = args[1].text;
		if (s->synopsis)
			fill_flush(&s->fill);
	}
	if (text_macro(s, args[0].text, args + 1, n - 1))
		return;
	if (!is_callable(&args[0]))
		s->unknown++;
	set_args(s, args, n);
}

static void text_line(struct setter *s, struct str line)
{
	size_t at = 0;

	if (!line.n) {
		fill_blank(&s->fill);
		return;
	}
	while (at < line.n) {
		size_t from;

		while (at < line.n && line.p[at] == ' ')
			at++;
		from = at;
		while (at < line.n && line.p[at] != ' ')
			at += line.p[at] == '\\' && at + 1 < line.n ? 2 : 1;
		if (at > line.n)
			at = line.n;
		if (at > from)
			fill_word(&s->fill, str_sub(line, from, at));
	}
}

/* The next line, put together where a backslash at its end goes on. */
static bool next_line(struct str *page, struct strbuf *joined, struct str *line)
{
	strbuf_clear(joined);
	while (str_next(page, '\n', line)) {
		if (!line->n || line->p[0] != '.' ||
		    line->p[line->n - 1] != '\\') {
			if (!joined->n)
				return true;
			strbuf_add(joined, *line);
			break;
		}
		strbuf_add(joined, str_sub(*line, 0, line->n - 1));
	}
	*line = strbuf_str(joined);
	return joined->n > 0;
}

size_t mdoc_render(struct str page, size_t width, struct strbuf *out)
{
	struct setter s = { .lists = 0 };
	struct strbuf joined;
	struct str line;

	strbuf_init(&joined);
	fill_init(&s.fill, out, width);
	s.fill.indent = BODY;
	while (next_line(&page, &joined, &line)) {
		if (line.n && line.p[0] == '.')
			control_line(&s, str_from(line, 1));
		else if (s.literal)
			fill_literal(&s.fill, line);
		else
			text_line(&s, line);
	}
	fill_flush(&s.fill);
	strbuf_release(&joined);
	fill_release(&s.fill);
	return s.unknown;
}

struct str mdoc_about(struct str page)
{
	struct str line;

	while (str_next(&page, '\n', &line))
		if (str_starts(line, STR(".Nd ")))
			return str_from(line, 4);
	return STR_NULL;
}
