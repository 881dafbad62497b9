/* SPDX-License-Identifier: MIT */
#include "ui/filters.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/parse.h"

static struct str own(struct str s)
{
	return (struct str){ mem_dup(s.p, s.n), s.n };
}

static void free_text(struct str s)
{
	free((char *)(uintptr_t)s.p);
}

void filters_release(struct filters *f)
{
	for (size_t i = 0; i < f->n; i++)
		free_text(f->term[i].text);
	free(f->term);
	*f = (struct filters){ .n = 0 };
}

static void push(struct filters *f, struct filter_term t)
{
	f->term = mem_grow(f->term, &f->cap, f->n + 1, sizeof(*f->term));
	f->term[f->n++] = t;
}

void filters_copy(struct filters *to, const struct filters *from)
{
	*to = (struct filters){ .off = from->off };
	for (size_t i = 0; i < from->n; i++) {
		struct filter_term t = from->term[i];

		t.text = own(t.text);
		push(to, t);
	}
}

bool filters_equal(const struct filters *a, const struct filters *b)
{
	if (a->n != b->n || a->off != b->off)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->term[i].off != b->term[i].off ||
		    !str_eq(a->term[i].text, b->term[i].text))
			return false;
	return true;
}

/* "(a or b)" without what filters_join puts around it. */
static struct filter_term read_term(struct str text, bool either,
				    struct arena *arena)
{
	struct query_terms inside;

	if (text.n > 2 && text.p[0] == '(' &&
	    query_split(str_sub(text, 1, text.n - 1), arena, &inside) &&
	    inside.either)
		return (struct filter_term){ .text = own(inside.term[0]),
					     .either = true };
	return (struct filter_term){ .text = own(text), .either = either };
}

/* Takes a filter apart. */
static void split(struct filters *out, struct str text)
{
	struct query_terms terms;
	struct arena arena;

	arena_init(&arena);
	if (query_split(text, &arena, &terms))
		for (size_t i = 0; i < terms.n; i++)
			push(out,
			     read_term(terms.term[i], terms.either, &arena));
	arena_release(&arena);
}

void filters_set(struct filters *f, struct str text)
{
	struct filters typed = { .n = 0 }, next = { .n = 0 };
	size_t used = 0;

	split(&typed, text);
	for (size_t i = 0; i < f->n; i++) {
		if (f->term[i].off) {
			push(&next, f->term[i]);
			continue;
		}
		free_text(f->term[i].text);
		if (used < typed.n)
			push(&next, typed.term[used++]);
	}
	while (used < typed.n)
		push(&next, typed.term[used++]);
	free(typed.term);
	free(f->term);
	*f = next;
}

static struct filter_term *find(const struct filters *f, struct str text)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->term[i].text, text))
			return &f->term[i];
	return NULL;
}

void filters_add(struct filters *f, struct str text)
{
	struct filters added = { .n = 0 };

	for (size_t i = 0; f->off && i < f->n; i++)
		f->term[i].off = true;
	f->off = false;
	split(&added, text);
	for (size_t i = 0; i < added.n; i++) {
		struct filter_term *have = find(f, added.term[i].text);

		if (!have) {
			push(f, added.term[i]);
			continue;
		}
		have->off = false;
		free_text(added.term[i].text);
	}
	free(added.term);
}

void filters_drop(struct filters *f, size_t i)
{
	free_text(f->term[i].text);
	memmove(f->term + i, f->term + i + 1,
		(f->n - i - 1) * sizeof(*f->term));
	f->n--;
}

void filters_join(const struct filters *f, struct strbuf *out)
{
	size_t on = 0;
	bool first = true;

	for (size_t i = 0; i < f->n; i++)
		on += !f->term[i].off;
	for (size_t i = 0; i < f->n; i++) {
		bool apart = on > 1 && f->term[i].either;

		if (f->term[i].off)
			continue;
		if (!first)
			strbuf_adds(out, " and ");
		first = false;
		if (apart)
			strbuf_addc(out, '(');
		strbuf_add(out, f->term[i].text);
		if (apart)
			strbuf_addc(out, ')');
	}
}
