/* SPDX-License-Identifier: MIT */
#include "command/fill.h"

#include <string.h>

#include "base/attr.h"

void fill_init(struct fill *f, struct strbuf *out, size_t width)
{
	*f = (struct fill){ .out = out, .width = width, .blank = true };
	strbuf_init(&f->line);
	strbuf_init(&f->word);
}

void fill_release(struct fill *f)
{
	strbuf_release(&f->line);
	strbuf_release(&f->word);
}

static void end_line(struct fill *f)
{
	if (!f->line.n)
		return;
	strbuf_add(f->out, strbuf_str(&f->line));
	strbuf_addc(f->out, '\n');
	strbuf_clear(&f->line);
	f->blank = false;
}

static void put_word(struct fill *f)
{
	if (!f->word.n)
		return;
	if (f->line.n && !f->fresh && f->line.n + 1 + f->word.n > f->width)
		end_line(f);
	if (!f->line.n) {
		strbuf_addn(&f->line, ' ', f->indent);
		f->fresh = true;
	}
	if (!f->fresh)
		strbuf_addc(&f->line, ' ');
	strbuf_add(&f->line, strbuf_str(&f->word));
	strbuf_clear(&f->word);
	f->fresh = false;
}

void fill_flush(struct fill *f)
{
	put_word(f);
	end_line(f);
	f->glued = false;
}

void fill_blank(struct fill *f)
{
	fill_flush(f);
	if (!f->blank)
		strbuf_addc(f->out, '\n');
	f->blank = true;
}

void fill_no_blank(struct fill *f)
{
	f->blank = true;
}

/* What roff's escapes in our pages mean. */
static void unescape(struct strbuf *out, struct str text)
{
	static const struct {
		const char *escape, *text;
	} known[] = { { "\\e", "\\" },   { "\\&", "" },    { "\\-", "-" },
		      { "\\ ", " " },    { "\\~", " " },   { "\\(dq", "\"" },
		      { "\\(em", "--" }, { "\\(en", "-" }, { "\\(aq", "'" },
		      { "\\(ti", "~" },  { "\\(ha", "^" }, { "\\(ga", "`" },
		      { "\\(bu", "*" },  { "\\(->", "->" } };

	while (text.n) {
		size_t i = 0;

		while (i < ARRAY_SIZE(known) &&
		       !(text.p[0] == '\\' &&
			 str_starts(text, str_of(known[i].escape))))
			i++;
		if (i < ARRAY_SIZE(known)) {
			strbuf_adds(out, known[i].text);
			text = str_from(text, strlen(known[i].escape));
		} else {
			strbuf_addc(out, text.p[0]);
			text = str_from(text, 1);
		}
	}
}

void fill_word(struct fill *f, struct str raw)
{
	if (!f->glued)
		put_word(f);
	f->glued = false;
	unescape(&f->word, raw);
}

void fill_glue(struct fill *f)
{
	f->glued = true;
}

void fill_attach(struct fill *f, struct str raw)
{
	unescape(&f->word, raw);
	f->glued = false;
}

void fill_beside(struct fill *f, size_t column)
{
	put_word(f);
	f->glued = false;
	f->indent = column;
	if (f->line.n && f->line.n >= column) {
		end_line(f);
	} else if (f->line.n) {
		strbuf_addn(&f->line, ' ', column - f->line.n);
		f->fresh = true;
	}
}

void fill_literal(struct fill *f, struct str raw)
{
	fill_flush(f);
	strbuf_addn(f->out, ' ', raw.n ? f->indent : 0);
	unescape(f->out, raw);
	strbuf_addc(f->out, '\n');
	f->blank = false;
}
