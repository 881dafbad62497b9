/* SPDX-License-Identifier: MIT */
#include "casework/document.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/safetext.h"

/* Escaping ------------------------------------------------------------------ */

static void add_html(struct strbuf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&':
			strbuf_adds(out, "&amp;");
			break;
		case '<':
			strbuf_adds(out, "&lt;");
			break;
		case '>':
			strbuf_adds(out, "&gt;");
			break;
		case '"':
			strbuf_adds(out, "&quot;");
			break;
		case '\'':
			strbuf_adds(out, "&#39;");
			break;
		default:
			strbuf_addc(out, s.p[i]);
		}
}

static void add_words(struct document *d, struct str s)
{
	if (d->form == DOCUMENT_HTML) {
		add_html(d->out, s);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (strchr("\\`*_{}[]<>#|", s.p[i]))
			strbuf_addc(d->out, '\\');
		strbuf_addc(d->out, s.p[i]);
	}
}

static size_t longest_run(struct str s, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == c ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

/* In a table's row a bar ends the cell, in a code span too: it is escaped, and
 * the row's reader takes the backslash away again. */
static void add_code_span(struct document *d, struct str s)
{
	size_t fence = longest_run(s, '`') + 1;
	bool padded = s.p[0] == '`' || s.p[s.n - 1] == '`' ||
		      (s.p[0] == ' ' && s.p[s.n - 1] == ' ');

	strbuf_addn(d->out, '`', fence);
	if (padded)
		strbuf_addc(d->out, ' ');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '|' && d->columns)
			strbuf_addc(d->out, '\\');
		strbuf_addc(d->out, s.p[i]);
	}
	if (padded)
		strbuf_addc(d->out, ' ');
	strbuf_addn(d->out, '`', fence);
}

static void show(struct document *d, struct str raw, enum safe_mode mode)
{
	struct safetext safe;
	struct str s;

	assert(d->inside);
	if (d->filter) {
		strbuf_clear(&d->text);
		d->filter->apply(d->filter->context, raw, &d->text);
		raw = strbuf_str(&d->text);
	}
	safe = safe_text(&d->arena, raw, mode);
	s = (struct str){ safe.p, safe.n };
	if (!s.n)
		return;
	if (d->form == DOCUMENT_HTML) {
		strbuf_adds(d->out, "<code>");
		add_html(d->out, s);
		strbuf_adds(d->out, "</code>");
	} else {
		add_code_span(d, s);
	}
	arena_reset(&d->arena);
}

void document_show(struct document *d, struct str data)
{
	show(d, data, SAFE_ASCII);
}

void document_quote(struct document *d, struct str words)
{
	show(d, words, SAFE_WIDE);
}

void document_say(struct document *d, const char *fmt, ...)
{
	char text[1000];
	va_list ap;

	assert(d->inside);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	add_words(d, str_of(text));
}

void document_strong(struct document *d, const char *words)
{
	bool html = d->form == DOCUMENT_HTML;

	assert(d->inside);
	strbuf_adds(d->out, html ? "<strong>" : "**");
	add_words(d, str_of(words));
	strbuf_adds(d->out, html ? "</strong>" : "**");
}

/* Blocks -------------------------------------------------------------------- */

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
	"'none'; style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
/* Data breaks anywhere, words do not; what is printed is on A4 across, rows
 * whole. */
static const char style[] =
	"</title>\n<style>\n"
	":root{color-scheme:light dark;--ink:#111;--page:#fff;--rule:#999;"
	"--line:#bbb;--head:#eee;--data:#f3f3f3}\n"
	"@media screen and (prefers-color-scheme:dark){:root{--ink:#ddd;"
	"--page:#161616;--rule:#666;--line:#444;--head:#262626;"
	"--data:#222}}\n"
	"body{font:15px/1.45 sans-serif;max-width:80em;margin:2em auto;"
	"padding:0 1em;color:var(--ink);background:var(--page)}\n"
	"h2{border-bottom:1px solid var(--rule);margin-top:2em}\n"
	"li{margin:.2em 0}\n"
	"table{border-collapse:collapse;width:100%;margin:.7em 0}\n"
	"th,td{border:1px solid var(--line);padding:.3em .5em;text-align:left;"
	"vertical-align:top}\n"
	"td:nth-child(n+2){min-width:6.5em}\n"
	"th{background:var(--head)}\n"
	"code{font:13px/1.4 monospace;background:var(--data);"
	"overflow-wrap:anywhere;white-space:pre-wrap}\n"
	"@page{size:A4 landscape;margin:12mm}\n"
	"@media print{body{font-size:11px;max-width:none;margin:0;padding:0}"
	"code{font-size:10px}tr{break-inside:avoid}"
	"h1,h2,h3{break-after:avoid}}\n"
	"</style>\n</head>\n<body>\n";

void document_begin(struct document *d, enum document_form form,
		    struct strbuf *out, const struct text_filter *filter,
		    const char *title)
{
	*d = (struct document){ .form = form, .out = out, .filter = filter };
	arena_init(&d->arena);
	strbuf_init(&d->text);
	if (form == DOCUMENT_HTML) {
		strbuf_adds(out, head);
		add_html(out, str_of(title));
		strbuf_adds(out, style);
	}
	document_heading(d, 1, "%s", title);
}

static void end_list(struct document *d)
{
	if (d->list)
		strbuf_adds(d->out, d->form == DOCUMENT_MARKDOWN ? "\n" :
				    d->numbered                  ? "</ol>\n" :
								   "</ul>\n");
	d->list = false;
	d->item = 0;
}

void document_end(struct document *d)
{
	assert(!d->inside && !d->columns);
	end_list(d);
	if (d->form == DOCUMENT_HTML)
		strbuf_adds(d->out, "</body>\n</html>\n");
	arena_release(&d->arena);
	strbuf_release(&d->text);
}

void document_heading(struct document *d, unsigned level, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	assert(!d->inside && !d->columns);
	end_list(d);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (d->form == DOCUMENT_HTML) {
		strbuf_addf(d->out, "<h%u>", level);
		add_html(d->out, str_of(text));
		strbuf_addf(d->out, "</h%u>\n", level);
	} else {
		strbuf_addn(d->out, '#', level);
		strbuf_addc(d->out, ' ');
		add_words(d, str_of(text));
		strbuf_adds(d->out, "\n\n");
	}
}

void document_paragraph(struct document *d)
{
	assert(!d->inside && !d->columns);
	end_list(d);
	d->inside = DOC_PARAGRAPH;
	if (d->form == DOCUMENT_HTML)
		strbuf_adds(d->out, "<p>");
}

static void begin_item(struct document *d, bool numbered)
{
	assert(!d->inside && !d->columns);
	if (d->list && d->numbered != numbered)
		end_list(d);
	if (!d->list && d->form == DOCUMENT_HTML)
		strbuf_adds(d->out, numbered ? "<ol>\n" : "<ul>\n");
	d->list = true;
	d->numbered = numbered;
	d->item++;
	d->inside = DOC_ITEM;
	if (d->form == DOCUMENT_HTML)
		strbuf_adds(d->out, "<li>");
	else if (numbered)
		strbuf_addf(d->out, "%zu. ", d->item);
	else
		strbuf_adds(d->out, "- ");
}

void document_item(struct document *d)
{
	begin_item(d, false);
}

void document_step(struct document *d)
{
	begin_item(d, true);
}

void document_table(struct document *d, const char *const *title, size_t n)
{
	bool html = d->form == DOCUMENT_HTML;

	assert(!d->inside && !d->columns && n);
	end_list(d);
	d->columns = n;
	d->cell = 0;
	strbuf_adds(d->out, html ? "<table>\n<thead>\n<tr>" : "|");
	for (size_t i = 0; i < n; i++) {
		strbuf_adds(d->out, html ? "<th>" : " ");
		add_words(d, str_of(title[i]));
		strbuf_adds(d->out, html ? "</th>" : " |");
	}
	strbuf_adds(d->out, html ? "</tr>\n</thead>\n<tbody>\n" : "\n|");
	for (size_t i = 0; i < n && !html; i++)
		strbuf_adds(d->out, " --- |");
	if (!html)
		strbuf_addc(d->out, '\n');
}

static void end_cell(struct document *d)
{
	bool html = d->form == DOCUMENT_HTML;

	if (d->inside != DOC_CELL)
		return;
	d->inside = DOC_NOTHING;
	strbuf_adds(d->out, html ? "</td>" : " |");
	if (d->cell == d->columns) {
		strbuf_adds(d->out, html ? "</tr>\n" : "\n");
		d->cell = 0;
	}
}

void document_cell(struct document *d)
{
	bool html = d->form == DOCUMENT_HTML;

	assert(d->columns);
	end_cell(d);
	if (!d->cell)
		strbuf_adds(d->out, html ? "<tr>" : "|");
	strbuf_adds(d->out, html ? "<td>" : " ");
	d->cell++;
	d->inside = DOC_CELL;
}

void document_close(struct document *d)
{
	bool html = d->form == DOCUMENT_HTML;

	switch (d->inside) {
	case DOC_PARAGRAPH:
		strbuf_adds(d->out, html ? "</p>\n" : "\n\n");
		break;
	case DOC_ITEM:
		strbuf_adds(d->out, html ? "</li>\n" : "\n");
		break;
	case DOC_CELL:
		end_cell(d);
		break;
	case DOC_NOTHING:
		break;
	}
	if (d->columns) {
		assert(!d->cell);
		strbuf_adds(d->out, html ? "</tbody>\n</table>\n" : "\n");
		d->columns = 0;
	}
	d->inside = DOC_NOTHING;
}
