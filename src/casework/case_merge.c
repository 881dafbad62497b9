/* SPDX-License-Identifier: MIT */
#include "casework/case_merge.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/mem.h"
#include "base/timefmt.h"

/* A line, and when its author wrote it: never before what stands above it by
 * the same author, whatever the clocks say. A line without author or time
 * stays with the one above it. */
struct dated {
	struct str text;
	int64_t time;
	struct str author;
	size_t place; /* in its file */
};

struct side {
	const struct case_file *c;
	struct dated *line;
	size_t n;
	struct arena arena;
};

/* Reading ------------------------------------------------------------------ */

/* When an author's last line was written. */
struct clocks {
	struct intern authors;
	int64_t *last; /* by number of the author */
	size_t cap;
};

static int64_t *clock_of(struct clocks *x, struct str author)
{
	uint32_t before = x->authors.count;
	uint32_t number = intern_add(&x->authors, author);

	x->last = mem_grow(x->last, &x->cap, (size_t)number + 1,
			   sizeof(*x->last));
	for (size_t i = before; i <= number; i++)
		x->last[i] = INT64_MIN;
	return &x->last[number];
}

static void read_side(struct side *s, const struct case_file *c)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	struct clocks clocks = { .cap = 0 };
	struct dated above = { .time = INT64_MIN };
	struct arena one;

	*s = (struct side){ .c = c, .n = case_lines(c) };
	arena_init(&s->arena);
	arena_init(&one);
	intern_init(&clocks.authors);
	s->line = mem_zero(s->n + 1, sizeof(*s->line));
	for (size_t i = 0; i < s->n; i++) {
		const struct json *v;
		struct str author = STR_NULL;
		int64_t time = TIME_NONE;

		arena_reset(&one);
		v = case_entry(c, i, &one);
		if (v) {
			author = json_text_at(v, "author");
			time = time_parse(json_text_at(v, "time"), &utc);
		}
		if (author.n) {
			int64_t *last = clock_of(&clocks, author);

			if (time != TIME_NONE && time > *last)
				*last = time;
			above.author = arena_dup(&s->arena, author);
			above.time = *last;
		}
		s->line[i] = (struct dated){ case_line(c, i), above.time,
					     above.author, i };
	}
	intern_release(&clocks.authors);
	free(clocks.last);
	arena_release(&one);
}

static void side_release(struct side *s)
{
	free(s->line);
	arena_release(&s->arena);
}

static int compare_when(const struct dated *a, const struct dated *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return str_cmp(a->author, b->author);
}

static int by_when(const void *x, const void *y)
{
	const struct dated *a = x, *b = y;
	int order = compare_when(a, b);

	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

/* Merging ------------------------------------------------------------------ */

static void add_line(struct strbuf *out, struct str line)
{
	strbuf_add(out, line);
	strbuf_addc(out, '\n');
}

/* What one author wrote at one time, as two files have it. */
static size_t group_end(const struct side *s, size_t from)
{
	size_t end = from + 1;

	while (end < s->n && compare_when(&s->line[from], &s->line[end]) == 0)
		end++;
	return end;
}

static int compare_groups(const struct dated *a, size_t n,
			  const struct dated *b, size_t m)
{
	for (size_t i = 0; i < n && i < m; i++) {
		int order = str_cmp(a[i].text, b[i].text);

		if (order)
			return order;
	}
	return n < m ? -1 : n > m;
}

/* The lesser one first, then what only the other one has: when one is what the
 * other began with, as of a copy, that is the longer one. */
static void merge_groups(struct strbuf *out, const struct dated *a, size_t n,
			 const struct dated *b, size_t m)
{
	struct intern texts;
	uint32_t *left;

	if (compare_groups(a, n, b, m) > 0) {
		merge_groups(out, b, m, a, n);
		return;
	}
	intern_init(&texts);
	left = mem_zero(n + 2, sizeof(*left));
	for (size_t i = 0; i < n; i++) {
		add_line(out, a[i].text);
		left[intern_add(&texts, a[i].text)]++;
	}
	for (size_t i = 0; i < m; i++) {
		uint32_t number = intern_find(&texts, b[i].text);

		if (number != INTERN_NONE && left[number])
			left[number]--;
		else
			add_line(out, b[i].text);
	}
	intern_release(&texts);
	free(left);
}

static void merge_lines(struct strbuf *out, const struct side *a,
			const struct side *b)
{
	size_t i = 0, k = 0;

	while (i < a->n || k < b->n) {
		int order = i == a->n ? 1 :
			    k == b->n ? -1 :
					compare_when(&a->line[i], &b->line[k]);
		size_t i_end = order <= 0 ? group_end(a, i) : i;
		size_t k_end = order >= 0 ? group_end(b, k) : k;

		merge_groups(out, &a->line[i], i_end - i, &b->line[k],
			     k_end - k);
		i = i_end;
		k = k_end;
	}
}

/* The earlier of the two beginnings. */
static void merge_header(struct strbuf *out, const struct case_file *a,
			 const struct case_file *b)
{
	int64_t s = case_created(a), t = case_created(b);
	struct json_writer w;

	json_writer_init(&w, out);
	json_begin_object(&w);
	json_pair(&w, "trawl", STR("case"));
	json_pair_uint(&w, "version", CASE_VERSION);
	if (s == TIME_NONE || (t != TIME_NONE && t < s))
		s = t;
	if (s != TIME_NONE)
		json_pair_time(&w, "created", s);
	json_end_object(&w);
	strbuf_addc(out, '\n');
}

/* Conflicts ---------------------------------------------------------------- */

void case_conflicts_init(struct case_conflicts *x)
{
	*x = (struct case_conflicts){ .n = 0 };
	arena_init(&x->arena);
}

void case_conflicts_release(struct case_conflicts *x)
{
	free(x->item);
	arena_release(&x->arena);
	*x = (struct case_conflicts){ .n = 0 };
}

/* The dispositions of one file: by match the last line that is about it. */
struct verdicts {
	struct intern matches;
	size_t *line; /* by number of the match: of the side, + 1 */
	size_t cap;
	struct intern lines; /* all that the file has */
};

static struct str match_key(struct strbuf *out, const struct case_item *x,
			    struct str event)
{
	struct str rule = x->rule_id.n ? x->rule_id : x->title;

	strbuf_clear(out);
	strbuf_addf(out, "%c%zu ", x->rule_id.n ? 'i' : 't', rule.n);
	strbuf_add(out, rule);
	strbuf_add(out, event);
	return strbuf_str(out);
}

static bool read_disposition(const struct dated *line, struct case_item *out,
			     struct arena *a)
{
	struct err err;
	bool ends;

	return line->text.n <= CASE_LINE_MAX &&
	       case_item_read(json_read(a, line->text, &err), out, &ends, a) &&
	       out->kind == CASE_DISPOSITION;
}

static void read_verdicts(struct verdicts *x, const struct side *s)
{
	struct case_item item;
	struct strbuf key;
	struct arena arena;

	*x = (struct verdicts){ .cap = 0 };
	intern_init(&x->matches);
	intern_init(&x->lines);
	arena_init(&arena);
	strbuf_init(&key);
	for (size_t i = 0; i < s->n; i++) {
		arena_reset(&arena);
		intern_add(&x->lines, s->line[i].text);
		if (!read_disposition(&s->line[i], &item, &arena))
			continue;
		for (size_t k = 0; k < item.event_n; k++) {
			uint32_t m = intern_add(&x->matches,
						match_key(&key, &item,
							  item.events[k]));

			x->line = mem_grow(x->line, &x->cap, (size_t)m + 1,
					   sizeof(*x->line));
			x->line[m] = i + 1;
		}
	}
	strbuf_release(&key);
	arena_release(&arena);
}

static void verdicts_release(struct verdicts *x)
{
	intern_release(&x->matches);
	intern_release(&x->lines);
	free(x->line);
}

static bool has_line(const struct verdicts *x, const struct dated *line)
{
	return intern_find(&x->lines, line->text) != INTERN_NONE;
}

/* Two lines that nobody knew both of. */
struct pair {
	size_t a, b;
};

static int by_pair(const void *x, const void *y)
{
	const struct pair *p = x, *q = y;

	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return p->b < q->b ? -1 : p->b > q->b;
}

static size_t find_pairs(const struct side *a, const struct verdicts *of_a,
			 const struct side *b, const struct verdicts *of_b,
			 struct pair **out)
{
	size_t n = 0, cap = 0;

	*out = NULL;
	for (uint32_t m = 1; m < of_a->matches.count; m++) {
		uint32_t other = intern_find(&of_b->matches,
					     intern_text(&of_a->matches, m));
		size_t i = of_a->line[m] - 1, k;

		if (other == INTERN_NONE)
			continue;
		k = of_b->line[other] - 1;
		if (has_line(of_b, &a->line[i]) || has_line(of_a, &b->line[k]))
			continue;
		*out = mem_grow(*out, &cap, n + 1, sizeof(**out));
		(*out)[n++] = (struct pair){ i, k };
	}
	if (n)
		qsort(*out, n, sizeof(**out), by_pair);
	return n;
}

static void add_conflict(struct case_conflicts *out, const struct dated *a,
			 const struct dated *b, size_t events)
{
	struct case_item x, y;
	int order = compare_when(a, b);

	if (!read_disposition(a, &x, &out->arena) ||
	    !read_disposition(b, &y, &out->arena) ||
	    x.disposition == y.disposition)
		return;
	/* As merge_groups has them, where they were said at one time. */
	if (!order)
		order = str_cmp(a->text, b->text);
	out->item = mem_grow(out->item, &out->cap, out->n + 1,
			     sizeof(*out->item));
	out->item[out->n++] = (struct case_conflict){ order < 0 ? y : x,
						      order < 0 ? x : y,
						      events };
}

static int by_item(const void *p, const void *q)
{
	const struct case_conflict *x = p, *y = q;
	int order = str_cmp(x->holds.title, y->holds.title);

	if (!order)
		order = str_cmp(x->holds.actor, y->holds.actor);
	if (order)
		return order;
	if (x->holds.time != y->holds.time)
		return x->holds.time < y->holds.time ? -1 : 1;
	return x->other.time < y->other.time ? -1 :
					       x->other.time > y->other.time;
}

/* Sides as they are in their files, so that the last line about a match is
 * the one that holds there. */
static void find_conflicts(struct case_conflicts *out, const struct side *a,
			   const struct side *b)
{
	struct verdicts of_a, of_b;
	struct pair *pair;
	size_t n;

	read_verdicts(&of_a, a);
	read_verdicts(&of_b, b);
	n = find_pairs(a, &of_a, b, &of_b, &pair);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1;
		     end < n && by_pair(&pair[i], &pair[end]) == 0;)
			end++;
		add_conflict(out, &a->line[pair[i].a], &b->line[pair[i].b],
			     end - i);
	}
	if (out->n)
		qsort(out->item, out->n, sizeof(*out->item), by_item);
	free(pair);
	verdicts_release(&of_a);
	verdicts_release(&of_b);
}

void case_merge(const struct case_file *a, const struct case_file *b,
		struct strbuf *out, struct case_conflicts *conflicts)
{
	struct side x, y;

	read_side(&x, a);
	read_side(&y, b);
	find_conflicts(conflicts, &x, &y);
	if (x.n)
		qsort(x.line, x.n, sizeof(*x.line), by_when);
	if (y.n)
		qsort(y.line, y.n, sizeof(*y.line), by_when);
	merge_header(out, a, b);
	merge_lines(out, &x, &y);
	side_release(&x);
	side_release(&y);
}
