/* SPDX-License-Identifier: MIT */
#include "ui/term/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/unicode.h"
#include "base/utf8.h"

/* Candidates ------------------------------------------------------------ */

void prompt_offer(struct prompt_candidates *out, struct str text)
{
	prompt_offer_counted(out, text, PROMPT_UNCOUNTED);
}

void prompt_offer_counted(struct prompt_candidates *out, struct str text,
			  uint64_t count)
{
	char *copy = mem_alloc(text.n + 1);

	if (text.n)
		memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	out->text = mem_grow(out->text, &out->cap, out->n + 1,
			     sizeof(*out->text));
	out->count = mem_grow(out->count, &out->count_cap, out->n + 1,
			      sizeof(*out->count));
	out->count[out->n] = count;
	out->text[out->n++] = copy;
}

static void forget_candidates(struct prompt *p)
{
	for (size_t i = 0; i < p->found.n; i++)
		free(p->found.text[i]);
	p->found.n = 0;
	p->found_at = 0;
}

/* Life ------------------------------------------------------------------ */

void prompt_init(struct prompt *p)
{
	*p = (struct prompt){ .cursor = 0 };
	strbuf_init_max(&p->text, PROMPT_TEXT_MAX);
	strbuf_init_max(&p->draft, PROMPT_TEXT_MAX);
}

void prompt_release(struct prompt *p)
{
	forget_candidates(p);
	free(p->found.text);
	free(p->found.count);
	for (size_t i = 0; i < p->history_n; i++)
		free(p->history[i]);
	free(p->history);
	strbuf_release(&p->text);
	strbuf_release(&p->draft);
	*p = (struct prompt){ .cursor = 0 };
}

static void set_text(struct prompt *p, struct str text)
{
	strbuf_clear(&p->text);
	strbuf_add(&p->text, text);
	p->cursor = p->text.n;
}

void prompt_open(struct prompt *p, struct str text)
{
	forget_candidates(p);
	set_text(p, text);
	strbuf_clear(&p->draft);
	p->history_at = p->history_n;
	p->left = 0;
}

void prompt_completer(struct prompt *p, prompt_complete_fn complete, void *user)
{
	forget_candidates(p);
	p->complete = complete;
	p->user = user;
}

struct str prompt_text(const struct prompt *p)
{
	return strbuf_str(&p->text);
}

/* Editing --------------------------------------------------------------- */

/* Puts `text` in place of the bytes [from, to); the cursor goes behind it. */
static enum prompt_result replace(struct prompt *p, size_t from, size_t to,
				  struct str text)
{
	size_t tail = p->text.n - to;

	if (from == to && !text.n)
		return PROMPT_MOVED;
	if (text.n > to - from && !strbuf_reserve(&p->text, text.n))
		return PROMPT_MOVED;
	memmove(p->text.p + from + text.n, p->text.p + to, tail);
	if (text.n)
		memcpy(p->text.p + from, text.p, text.n);
	p->text.n = from + text.n + tail;
	p->text.p[p->text.n] = '\0';
	p->cursor = from + text.n;
	return PROMPT_EDITED;
}

static bool is_combining(struct str s, size_t at, size_t *n)
{
	uint32_t cp;

	*n = utf8_decode(s, at, &cp);
	return cp != UTF8_INVALID && unicode_class(cp) == UNICODE_COMBINING;
}

/* Behind the character at `at` and its combining marks. */
static size_t next(struct str s, size_t at)
{
	size_t n;

	if (at >= s.n)
		return s.n;
	is_combining(s, at, &n);
	at += n;
	while (at < s.n && is_combining(s, at, &n))
		at += n;
	return at;
}

static size_t previous(struct str s, size_t at)
{
	size_t start = 0;

	/* From the front, so that damaged text is stepped through in the same
	 * places in both directions. */
	while (start < at) {
		size_t end = next(s, start);

		if (end >= at)
			break;
		start = end;
	}
	return start;
}

static bool is_blank(char c)
{
	return c == ' ';
}

/* The start of the word before the cursor: as far as ^W deletes. */
static size_t word_start(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at && is_blank(p->text.p[at - 1]))
		at--;
	while (at && !is_blank(p->text.p[at - 1]))
		at--;
	return at;
}

static enum prompt_result insert(struct prompt *p, uint32_t cp)
{
	char bytes[4];
	size_t n = utf8_encode(cp, bytes);

	return replace(p, p->cursor, p->cursor, (struct str){ bytes, n });
}

enum prompt_result prompt_paste(struct prompt *p, struct str text)
{
	enum prompt_result result;
	struct strbuf line;

	forget_candidates(p);
	strbuf_init_max(&line, PROMPT_TEXT_MAX);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
			continue;
		if (c == '\r' || c == '\n' || c == '\t')
			strbuf_addc(&line, ' ');
		else if (c >= 0x20 && c != 0x7f)
			strbuf_addc(&line, (char)c);
	}
	text = strbuf_str(&line);
	while (text.n && is_blank(text.p[text.n - 1]))
		text.n--;
	result = replace(p, p->cursor, p->cursor, text);
	strbuf_release(&line);
	return result;
}

/* History --------------------------------------------------------------- */

void prompt_remember(struct prompt *p, struct str line)
{
	char *copy;

	if (!line.n || memchr(line.p, '\0', line.n))
		return;
	if (p->history_n && str_eq(str_of(p->history[p->history_n - 1]), line))
		return;
	if (p->history_n == PROMPT_HISTORY_MAX) {
		free(p->history[0]);
		p->history_n--;
		memmove(p->history, p->history + 1,
			p->history_n * sizeof(*p->history));
	}
	copy = mem_alloc(line.n + 1);
	memcpy(copy, line.p, line.n);
	copy[line.n] = '\0';
	p->history = mem_grow(p->history, &p->history_cap, p->history_n + 1,
			      sizeof(*p->history));
	p->history[p->history_n++] = copy;
	p->history_at = p->history_n;
}

static enum prompt_result go_history(struct prompt *p, bool older)
{
	if (older ? p->history_at == 0 : p->history_at == p->history_n)
		return PROMPT_MOVED;
	if (p->history_at == p->history_n) {
		strbuf_clear(&p->draft);
		strbuf_add(&p->draft, strbuf_str(&p->text));
	}
	if (older)
		p->history_at--;
	else
		p->history_at++;
	set_text(p, p->history_at == p->history_n ?
			    strbuf_str(&p->draft) :
			    str_of(p->history[p->history_at]));
	return PROMPT_EDITED;
}

/* Completion ------------------------------------------------------------ */

/* Bytes that all candidates begin with, whole characters. */
static size_t common_prefix(const struct prompt_candidates *found)
{
	size_t n = strlen(found->text[0]);

	for (size_t i = 1; i < found->n; i++) {
		size_t same = 0;

		while (same < n && found->text[i][same] &&
		       found->text[i][same] == found->text[0][same])
			same++;
		n = same;
	}
	while (n && ((unsigned char)found->text[0][n] & 0xc0) == 0x80)
		n--;
	return n;
}

static enum prompt_result choose(struct prompt *p, size_t which)
{
	p->found_at = which;
	return replace(p, p->found_from, p->cursor,
		       str_of(p->found.text[which]));
}

static enum prompt_result ask(struct prompt *p)
{
	size_t from = word_start(p), same;

	forget_candidates(p);
	if (p->cursor && is_blank(p->text.p[p->cursor - 1]))
		from = p->cursor;
	p->complete(p->user, strbuf_str(&p->text), p->cursor, &from, &p->found);
	p->found_at = p->found.n;
	p->found_from = from <= p->cursor ? from : p->cursor;
	if (!p->found.n)
		return PROMPT_MOVED;
	if (p->found.n == 1) {
		enum prompt_result result = choose(p, 0);

		forget_candidates(p);
		return result;
	}
	same = common_prefix(&p->found);
	if (same > p->cursor - p->found_from)
		return replace(p, p->found_from, p->cursor,
			       (struct str){ p->found.text[0], same });
	return PROMPT_MOVED;
}

static enum prompt_result complete(struct prompt *p, bool forward)
{
	size_t n = p->found.n;

	if (!p->complete)
		return PROMPT_MOVED;
	if (n < 2)
		return ask(p);
	if (p->found_at >= n)
		return choose(p, forward ? 0 : n - 1);
	return choose(p, (p->found_at + (forward ? 1 : n - 1)) % n);
}

/* Keys ------------------------------------------------------------------ */

static enum prompt_result move_to(struct prompt *p, size_t at)
{
	p->cursor = at;
	return PROMPT_MOVED;
}

static enum prompt_result edit(struct prompt *p, key_code key)
{
	struct str s = strbuf_str(&p->text);

	switch (key) {
	case KEYC_CTRL('a'):
	case KEYC_HOME:
		return move_to(p, 0);
	case KEYC_CTRL('e'):
	case KEYC_END:
		return move_to(p, s.n);
	case KEYC_LEFT:
		return move_to(p, previous(s, p->cursor));
	case KEYC_RIGHT:
		return move_to(p, next(s, p->cursor));
	case KEYC_BACKSPACE:
		return replace(p, previous(s, p->cursor), p->cursor, STR_NULL);
	case KEYC_DELETE:
	case KEYC_CTRL('d'): {
		size_t at = p->cursor;

		return replace(p, at, next(s, at), STR_NULL);
	}
	case KEYC_CTRL('w'):
		return replace(p, word_start(p), p->cursor, STR_NULL);
	case KEYC_CTRL('u'):
		return replace(p, 0, p->cursor, STR_NULL);
	case KEYC_CTRL('k'):
		return replace(p, p->cursor, s.n, STR_NULL);
	case KEYC_UP:
	case KEYC_CTRL('p'):
		return go_history(p, true);
	case KEYC_DOWN:
	case KEYC_CTRL('n'):
		return go_history(p, false);
	default:
		break;
	}
	return key_text(key) ? insert(p, key_text(key)) : PROMPT_IGNORED;
}

enum prompt_result prompt_key(struct prompt *p, key_code key)
{
	enum prompt_result result;

	switch (key) {
	case KEYC_TAB:
		return complete(p, true);
	case KEYC_BACKTAB:
		return complete(p, false);
	case KEYC_ENTER:
		forget_candidates(p);
		prompt_remember(p, strbuf_str(&p->text));
		return PROMPT_ACCEPTED;
	case KEYC_ESC:
	case KEYC_CTRL('g'):
	case KEYC_CTRL('c'):
		forget_candidates(p);
		return PROMPT_CANCELLED;
	default:
		break;
	}
	result = edit(p, key);
	if (result != PROMPT_IGNORED)
		forget_candidates(p);
	return result;
}

/* Drawing --------------------------------------------------------------- */

/*
 * Draws `s` from column `col` on, or with c == NULL only measures it; returns
 * the column behind it. As safe_text, but with backslashes as they are: it
 * doubles one that could be read as an escape, which is right for data and
 * irritating in what one types. Each goes through by itself, so nothing
 * follows it, and the width of a prefix is the column of what comes next.
 */
static int show(struct canvas *c, int row, int col, struct str s,
		enum style_role style, enum safe_mode mode, struct arena *a)
{
	while (s.n) {
		size_t n = str_find_char(s, '\\', 0);
		struct safetext text;

		if (n == 0)
			n = 1;
		else if (n > s.n)
			n = s.n;
		text = safe_text(a, str_sub(s, 0, n), mode);
		if (c)
			canvas_text(c, row, col, text, style);
		col += (int)text.width;
		s = str_from(s, n);
	}
	return col;
}

static int width_of(struct str s, enum safe_mode mode, struct arena *a)
{
	return show(NULL, 0, 0, s, STYLE_NORMAL, mode, a);
}

/* How far the text is scrolled so that the cursor's column is visible, with
 * some of what is before it, in `room` columns. */
static int scrolled(int left, int cursor, int room)
{
	int margin = room / 4;

	if (cursor - left >= room)
		left = cursor - room + 1 + margin;
	if (cursor - left < margin)
		left = cursor - margin;
	if (left > cursor)
		left = cursor;
	return left < 0 ? 0 : left;
}

void prompt_draw(struct prompt *p, struct canvas *c, int row,
		 struct safetext label, enum safe_mode mode, struct arena *a)
{
	struct str s = strbuf_str(&p->text);
	int cursor = width_of(str_sub(s, 0, p->cursor), mode, a);
	int from = (int)label.width, end;
	struct canvas field;

	/* A label that leaves nothing to type in gives way. */
	if (from > c->cols / 2)
		from = c->cols / 2;
	canvas_fill(c, (struct rect){ row, 0, 1, c->cols }, STYLE_NORMAL);
	field = canvas_sub(c, (struct rect){ row, 0, 1, from });
	canvas_text(&field, 0, 0, label, STYLE_PROMPT);
	field = canvas_sub(c, (struct rect){ row, from, 1, c->cols - from });
	if (field.cols < 1)
		return;
	p->left = scrolled(p->left, cursor, field.cols);
	if (width_of(s, mode, a) < field.cols)
		p->left = 0;
	end = show(&field, 0, -p->left, s, STYLE_NORMAL, mode, a);
	if (p->left)
		canvas_glyph(&field, 0, 0, GLYPH_ELLIPSIS, STYLE_MUTED);
	if (end > field.cols)
		canvas_glyph(&field, 0, field.cols - 1, GLYPH_ELLIPSIS,
			     STYLE_MUTED);
	canvas_cursor(&field, 0, cursor - p->left, true);
}

int prompt_column(const struct prompt *p, const struct canvas *c, size_t at,
		  struct safetext label, enum safe_mode mode, struct arena *a)
{
	int from = (int)label.width;

	if (from > c->cols / 2)
		from = c->cols / 2;
	return from - p->left +
	       width_of(str_sub(strbuf_str(&p->text), 0, at), mode, a);
}

/* " 1,204" behind a candidate; empty where nothing is counted. */
static struct safetext count_of(const struct prompt *p, size_t i,
				struct arena *a)
{
	struct safetext shown;
	struct strbuf text;

	if (p->found.count[i] == PROMPT_UNCOUNTED)
		return safe_literal("");
	strbuf_init(&text);
	strbuf_addc(&text, ' ');
	strbuf_add_count(&text, p->found.count[i]);
	shown = safe_text(a, strbuf_str(&text), SAFE_LIST);
	strbuf_release(&text);
	return shown;
}

/* The first candidate of the rowful that holds the chosen one. */
static size_t first_shown(const struct prompt *p, int cols, enum safe_mode mode,
			  struct arena *a)
{
	size_t first = 0;
	int col = 1;

	if (p->found_at >= p->found.n)
		return 0;
	for (size_t i = 0; i <= p->found_at; i++) {
		int width = width_of(str_of(p->found.text[i]), mode, a) +
			    (int)count_of(p, i, a).width;

		if (i > first && col + width > cols) {
			first = i;
			col = 1;
		}
		col += width + 2;
	}
	return first;
}

bool prompt_draw_candidates(const struct prompt *p, struct canvas *c, int row,
			    enum safe_mode mode, struct arena *a)
{
	int col = 1;

	if (p->found.n < 2)
		return false;
	canvas_fill(c, (struct rect){ row, 0, 1, c->cols }, STYLE_NORMAL);
	for (size_t i = first_shown(p, c->cols, mode, a);
	     i < p->found.n && col < c->cols; i++) {
		bool chosen = i == p->found_at;

		col = show(c, row, col, str_of(p->found.text[i]),
			   chosen ? STYLE_SELECTED : STYLE_NORMAL, mode, a);
		col = canvas_text(c, row, col, count_of(p, i, a), STYLE_MUTED) +
		      2;
	}
	return true;
}
