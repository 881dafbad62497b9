/* SPDX-License-Identifier: MIT */
/*
 * Lines of a timeline that tell alike become one: a hundred secrets that are
 * read one after the other are one thing that happened. And which lines are
 * shown where there are too many for a page.
 */
#include "casework/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "base/sort.h"

enum { ALIKE = 3 }; /* as many as are told together */

struct fold {
	const struct store *store;
	struct report_part *part;
	struct report_line *line;
	uint32_t n;
	uint32_t *into; /* by line: the one that it is part of now */
	struct intern keys, names;
	struct strbuf key;
	uint32_t *count; /* by key: lines */
	uint32_t *last;  /* by key: number of its last line + 1 */
	size_t count_cap, last_cap;
};

static uint32_t *at(uint32_t **list, size_t *cap, uint32_t i)
{
	size_t before = *cap;

	*list = mem_grow(*list, cap, (size_t)i + 1, sizeof(**list));
	if (*cap > before)
		memset(*list + before, 0, (*cap - before) * sizeof(**list));
	return *list + i;
}

/* May the line be told with others but for this value? Not if it is the call's
 * name. */
static bool may_vary(const struct fold *f, const struct report_line *line,
		     uint32_t span)
{
	const struct deed_span *x = &line->deed.span[span];

	return !line->look && kind_is_call(f->store->kind[line->first]) &&
	       x->data &&
	       !str_eq(x->text, store_text(f->store, EVENT_NAME, line->first));
}

static void write_who(struct fold *f, const struct report_line *line)
{
	strbuf_clear(&f->key);
	strbuf_add(&f->key, line->who);
	strbuf_addc(&f->key, '\n');
	strbuf_add(&f->key, line->address);
	strbuf_addc(&f->key, '\n');
}

/* What is told, by whom and whether it is grave, but for one value. */
static uint32_t key_without(struct fold *f, const struct report_line *line,
			    uint32_t span)
{
	write_who(f, line);
	strbuf_addf(&f->key, "%d %u\n", line->level >= LEVEL_HIGH, span);
	for (uint32_t i = 0; i < line->deed.n; i++) {
		if (i != span)
			strbuf_add(&f->key, line->deed.span[i].text);
		strbuf_addc(&f->key, '\n');
	}
	return intern_add(&f->keys, strbuf_str(&f->key));
}

static void count_alike(struct fold *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		const struct report_line *line = &f->line[i];

		for (uint32_t k = 0; k < line->deed.n; k++)
			if (may_vary(f, line, k))
				++*at(&f->count, &f->count_cap,
				      key_without(f, line, k));
	}
}

/* The value by which most lines differ from this one alone, of several the
 * last; REPORT_SAME when too few do. */
static uint32_t differing(struct fold *f, const struct report_line *line,
			  uint32_t *key)
{
	uint32_t best = ALIKE, span = REPORT_SAME;

	for (uint32_t k = 0; k < line->deed.n; k++) {
		uint32_t number, n;

		if (!may_vary(f, line, k))
			continue;
		number = key_without(f, line, k);
		n = *at(&f->count, &f->count_cap, number);
		if (n >= best) {
			best = n;
			span = k;
			*key = number;
		}
	}
	return span;
}

static bool is_near(const struct fold *f, const struct report_line *a,
		    const struct report_line *b, int64_t most)
{
	int64_t x = f->store->time[a->last], y = f->store->time[b->first];

	return x == TIME_NONE || y == TIME_NONE || y - x <= most;
}

static void name_of(struct fold *f, uint32_t into, struct str name)
{
	struct report_line *line = &f->line[into];
	uint32_t known = f->names.count;

	strbuf_clear(&f->key);
	strbuf_addf(&f->key, "%u ", into);
	strbuf_add(&f->key, name);
	if (intern_add(&f->names, strbuf_str(&f->key)) < known)
		return;
	if (line->names < REPORT_NAMES)
		line->name[line->names++] = name;
	else
		line->more_names++;
}

static void join(struct fold *f, uint32_t into, uint32_t i)
{
	struct report_line *a = &f->line[into], *b = &f->line[i];

	f->into[i] = into;
	if (b->last > a->last)
		a->last = b->last;
	a->events += b->events;
	a->denied += b->denied;
	a->failed += b->failed;
	if (b->level > a->level)
		a->level = b->level;
}

static void join_deeds(struct fold *f)
{
	count_alike(f);
	for (uint32_t i = 0; i < f->n; i++) {
		struct report_line *line = &f->line[i];
		uint32_t key = 0, span = differing(f, line, &key), *last;
		struct str name;

		if (span == REPORT_SAME)
			continue;
		name = line->deed.span[span].text;
		last = at(&f->last, &f->last_cap, key);
		if (*last &&
		    is_near(f, &f->line[*last - 1], line, REPORT_ALIKE_MS)) {
			join(f, *last - 1, i);
		} else {
			line->varies = span;
			*last = i + 1;
		}
		name_of(f, *last - 1, name);
	}
}

/* Runs of questions between which the actor did nothing that has a line of its
 * own any more. */
static void join_looks(struct fold *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		struct report_line *line = &f->line[i];
		uint32_t *last;

		if (f->into[i] != i ||
		    !kind_is_call(f->store->kind[line->first]))
			continue;
		write_who(f, line);
		strbuf_adds(&f->key, "looks");
		last = at(&f->last, &f->last_cap,
			  intern_add(&f->keys, strbuf_str(&f->key)));
		if (!line->look) {
			*last = 0;
			continue;
		}
		if (*last &&
		    is_near(f, &f->line[*last - 1], line, REPORT_FOLD_MS)) {
			join(f, *last - 1, i);
			for (uint32_t k = 0; k < line->names; k++)
				name_of(f, *last - 1, line->name[k]);
			continue;
		}
		*last = i + 1;
		/* So that names are known when others join. */
		for (uint32_t k = 0, n = line->names; k < n; k++) {
			strbuf_clear(&f->key);
			strbuf_addf(&f->key, "%u ", i);
			strbuf_add(&f->key, line->name[k]);
			(void)intern_add(&f->names, strbuf_str(&f->key));
		}
	}
}

/* Lines that became part of others go; rows are of the lines that stay. */
static void close_ranks(struct fold *f)
{
	struct report_part *p = f->part;
	uint32_t *number = mem_alloc(((size_t)f->n + 1) * sizeof(*number));
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->n; i++) {
		if (f->into[i] == i) {
			number[i] = n;
			f->line[n++] = f->line[i];
		} else {
			number[i] = number[f->into[i]];
		}
	}
	for (size_t i = 0; i < p->rows.n; i++)
		if (p->line_of[i])
			p->line_of[i] = number[p->line_of[i] - 1] + 1;
	p->line_n = n;
	free(number);
}

static int compare_weight(uint32_t x, uint32_t y, const void *context)
{
	const struct report_line *line = context;

	if (line[x].level != line[y].level)
		return line[x].level > line[y].level ? -1 : 1;
	if (line[x].look != line[y].look)
		return line[x].look ? 1 : -1;
	return x < y ? -1 : x > y;
}

/* Of too many the gravest, so that what came last is not what is left out. */
static void choose_shown(struct report_part *p)
{
	uint32_t *order = sort_order(p->line_n, compare_weight, p->line);

	for (size_t i = 0; i < p->line_n; i++)
		p->line[order[i]].shown = i < REPORT_LINES;
	p->line_left = p->line_n < REPORT_LINES ? 0 : p->line_n - REPORT_LINES;
	free(order);
}

void report_fold(struct report *r, struct report_part *p)
{
	struct fold f = { .store = r->terms.snap->store,
			  .part = p,
			  .line = p->line,
			  .n = (uint32_t)p->line_n };

	f.into = mem_alloc(((size_t)f.n + 1) * sizeof(*f.into));
	for (uint32_t i = 0; i < f.n; i++)
		f.into[i] = i;
	intern_init(&f.keys);
	intern_init(&f.names);
	strbuf_init(&f.key);
	join_deeds(&f);
	join_looks(&f);
	close_ranks(&f);
	choose_shown(p);
	intern_release(&f.keys);
	intern_release(&f.names);
	strbuf_release(&f.key);
	free(f.count);
	free(f.last);
	free(f.into);
}
