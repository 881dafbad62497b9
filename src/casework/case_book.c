/* SPDX-License-Identifier: MIT */
#include "casework/case_book.h"

#include <stdlib.h>

#include "base/mem.h"

/* What tells one item of a kind from another. */
enum key_by {
	BY_NOTHING,
	BY_EVENT,
	BY_EVENT_AND_TEXT,
	BY_ID,
	BY_AUTHOR,
	BY_RULE_AND_TEXT,
};

static const enum key_by key_by[CASE_KIND_COUNT] = {
#define X(code, entry, end, text, name, key) [code] = key,
	CASE_KINDS(X)
#undef X
};

/* A second entry about these says nothing new; of others it is a change. */
static bool is_once(enum case_kind kind)
{
	return kind == CASE_STAR || kind == CASE_LABEL || kind == CASE_STEP;
}

void case_book_init(struct case_book *b)
{
	*b = (struct case_book){ .lines = 0 };
	intern_init(&b->keys);
	arena_init(&b->arena);
}

void case_book_release(struct case_book *b)
{
	for (int k = 0; k < CASE_KIND_COUNT; k++) {
		free(b->list[k].item);
		free(b->key_of[k]);
	}
	free(b->at);
	intern_release(&b->keys);
	arena_release(&b->arena);
	*b = (struct case_book){ .lines = 0 };
}

/* Keys --------------------------------------------------------------------- */

/* Texts may hold anything: their lengths keep them apart. */
static void add_part(struct strbuf *out, struct str part)
{
	strbuf_addf(out, "%zu ", part.n);
	strbuf_add(out, part);
}

static void add_rule(struct strbuf *out, const struct case_item *x)
{
	strbuf_addc(out, x->rule_id.n ? 'i' : 't');
	add_part(out, x->rule_id.n ? x->rule_id : x->title);
}

/* False for what has none, because its kind has none or something is missing. */
static bool make_key(const struct case_item *x, struct strbuf *out)
{
	bool whole = false;

	strbuf_clear(out);
	strbuf_addf(out, "%d ", (int)x->kind);
	switch (key_by[x->kind]) {
	case BY_NOTHING:
		break;
	case BY_EVENT:
		add_part(out, x->event.id);
		whole = x->event.id.n;
		break;
	case BY_EVENT_AND_TEXT:
		add_part(out, x->event.id);
		add_part(out, x->text);
		whole = x->event.id.n && x->text.n;
		break;
	case BY_ID:
		add_part(out, x->id);
		whole = x->id.n;
		break;
	case BY_AUTHOR:
		add_part(out, x->author);
		whole = x->author.n;
		break;
	case BY_RULE_AND_TEXT:
		add_rule(out, x);
		add_part(out, x->actor);
		add_part(out, x->text);
		whole = (x->rule_id.n || x->title.n) && x->text.n;
		break;
	}
	return whole;
}

/* Taking ------------------------------------------------------------------- */

struct case_item case_item_copy(struct arena *a, const struct case_item *x)
{
	struct case_item own = *x;
	struct str *events = NULL;

	own.event.id = arena_dup(a, x->event.id);
	own.event.name = arena_dup(a, x->event.name);
	own.event.file = arena_dup(a, x->event.file);
	own.id = arena_dup(a, x->id);
	own.incident = arena_dup(a, x->incident);
	own.rule_id = arena_dup(a, x->rule_id);
	own.title = arena_dup(a, x->title);
	own.actor = arena_dup(a, x->actor);
	own.text = arena_dup(a, x->text);
	own.name = arena_dup(a, x->name);
	own.author = arena_dup(a, x->author);
	if (x->event_n)
		events = arena_alloc(a, x->event_n * sizeof(*events));
	for (size_t i = 0; i < x->event_n; i++)
		events[i] = arena_dup(a, x->events[i]);
	own.events = events;
	return own;
}

static void append(struct case_book *b, const struct case_item *x, uint32_t key)
{
	struct case_list *l = &b->list[x->kind];
	uint32_t **key_of = &b->key_of[x->kind];

	l->item = mem_grow(l->item, &l->cap, l->n + 1, sizeof(*l->item));
	*key_of = mem_grow(*key_of, &b->key_cap[x->kind], l->n + 1,
			   sizeof(**key_of));
	l->item[l->n] = case_item_copy(&b->arena, x);
	(*key_of)[l->n++] = key;
	if (key)
		b->at[key].at = (uint32_t)l->n;
}

/* The number of a key; never 0, which is the empty text. */
static uint32_t number_of(struct case_book *b, struct str key)
{
	size_t before = b->keys.count;
	uint32_t number = intern_add(&b->keys, key);

	b->at = mem_grow(b->at, &b->at_cap, (size_t)number + 1, sizeof(*b->at));
	for (size_t i = before; i <= number; i++)
		b->at[i].at = 0;
	return number;
}

/* `lost` is told which lists have to be closed up. */
static void take(struct case_book *b, const struct case_item *x, bool ends,
		 bool *lost)
{
	struct case_list *l = &b->list[x->kind];
	struct strbuf key;
	uint32_t number, at;

	strbuf_init(&key);
	if (make_key(x, &key)) {
		number = number_of(b, strbuf_str(&key));
		at = b->at[number].at;
		if (ends && at) {
			b->key_of[x->kind][at - 1] = UINT32_MAX;
			b->at[number].at = 0;
			lost[x->kind] = true;
		} else if (!ends && !at) {
			append(b, x, number);
		} else if (!ends && !is_once(x->kind)) {
			l->item[at - 1] = case_item_copy(&b->arena, x);
		}
	} else if (!ends && (x->text.n || x->event_n)) {
		/* What somebody wrote without a name of its own. */
		append(b, x, 0);
	}
	strbuf_release(&key);
}

/* Closes the places of what holds no more. */
static void close_up(struct case_book *b, enum case_kind kind)
{
	struct case_list *l = &b->list[kind];
	uint32_t *key = b->key_of[kind];
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (key[i] == UINT32_MAX)
			continue;
		l->item[kept] = l->item[i];
		key[kept++] = key[i];
		if (key[i])
			b->at[key[i]].at = (uint32_t)kept;
	}
	l->n = kept;
}

static void close_all(struct case_book *b, const bool *lost)
{
	for (int k = 0; k < CASE_KIND_COUNT; k++)
		if (lost[k])
			close_up(b, (enum case_kind)k);
}

static void take_entry(struct case_book *b, const struct json *v,
		       struct arena *a, bool *lost)
{
	struct case_item x;
	bool ends;

	if (case_item_read(v, &x, &ends, a))
		take(b, &x, ends, lost);
}

void case_book_take(struct case_book *b, struct str line)
{
	bool lost[CASE_KIND_COUNT] = { false };
	struct arena arena;
	struct err err;

	arena_init(&arena);
	take_entry(b, json_read(&arena, line, &err), &arena, lost);
	arena_release(&arena);
	close_all(b, lost);
}

static void forget(struct case_book *b)
{
	struct case_book fresh;

	case_book_init(&fresh);
	case_book_release(b);
	*b = fresh;
}

bool case_book_update(struct case_book *b, const struct case_file *c)
{
	bool lost[CASE_KIND_COUNT] = { false }, anew;
	size_t n = c ? case_lines(c) : 0;
	struct arena arena;

	anew = c && b->edition != case_edition(c);
	if (anew) {
		forget(b);
		b->edition = case_edition(c);
	}
	if (b->lines >= n)
		return anew;
	arena_init(&arena);
	for (; b->lines < n; b->lines++) {
		arena_reset(&arena);
		take_entry(b, case_entry(c, b->lines, &arena), &arena, lost);
	}
	arena_release(&arena);
	close_all(b, lost);
	return true;
}

/* Asking ------------------------------------------------------------------- */

const struct case_item *case_book_find(const struct case_book *b,
				       const struct case_item *like)
{
	const struct case_item *found = NULL;
	struct strbuf key;
	uint32_t number;

	strbuf_init(&key);
	if (make_key(like, &key)) {
		number = intern_find(&b->keys, strbuf_str(&key));
		if (number != INTERN_NONE && b->at[number].at)
			found = &b->list[like->kind].item[b->at[number].at - 1];
	}
	strbuf_release(&key);
	return found;
}

bool case_book_step_done(const struct case_book *b, struct str rule_id,
			 struct str title, struct str actor, struct str step)
{
	const struct case_item like = { .kind = CASE_STEP,
					.rule_id = rule_id,
					.title = title,
					.actor = actor,
					.text = step };

	return case_book_find(b, &like) != NULL;
}
