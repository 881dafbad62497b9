/* SPDX-License-Identifier: MIT */
#include "casework/saved_filters.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/mem.h"

void saved_filters_init(struct saved_filters *s)
{
	*s = (struct saved_filters){ .n = 0 };
	arena_init(&s->arena);
}

void saved_filters_release(struct saved_filters *s)
{
	free(s->item);
	arena_release(&s->arena);
	*s = (struct saved_filters){ .n = 0 };
}

static struct saved_filter *find(const struct saved_filters *s, struct str name)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq_fold(s->item[i].name, name))
			return &s->item[i];
	return NULL;
}

const struct saved_filter *saved_filters_find(const struct saved_filters *s,
					      struct str name)
{
	return find(s, name);
}

static void forget(struct saved_filters *s, struct saved_filter *f)
{
	memmove(f, f + 1, (size_t)(s->item + s->n - f - 1) * sizeof(*f));
	s->n--;
}

/* What a name stands for from now on. */
static void put(struct saved_filters *s, const struct saved_filter *x)
{
	struct saved_filter *have = find(s, x->name);

	if (!x->filter.n) {
		if (have)
			forget(s, have);
		return;
	}
	if (!have) {
		s->item = mem_grow(s->item, &s->cap, s->n + 1,
				   sizeof(*s->item));
		have = &s->item[s->n++];
	}
	have->name = arena_dup(&s->arena, x->name);
	have->filter = arena_dup(&s->arena, x->filter);
	have->author = arena_dup(&s->arena, x->author);
}

void saved_filters_read(struct saved_filters *s, const struct case_file *c)
{
	size_t n = c ? case_lines(c) : 0;
	struct arena arena;

	s->n = 0;
	arena_reset(&s->arena);
	arena_init(&arena);
	for (size_t i = 0; i < n; i++) {
		const struct json *v;
		struct saved_filter x;

		arena_reset(&arena);
		v = case_entry(c, i, &arena);
		if (!v || !str_eq(json_text_at(v, "entry"), STR("filter")))
			continue;
		x.name = json_text_at(v, "name");
		x.filter = str_trim(json_text_at(v, "filter"));
		x.author = json_text_at(v, "author");
		if (x.name.n && x.name.n <= FILTER_NAME_MAX)
			put(s, &x);
	}
	arena_release(&arena);
}

void saved_filters_offer(struct saved_filters *s, struct str name,
			 struct str filter)
{
	if (!find(s, name))
		put(s, &(struct saved_filter){ name, filter, STR_NULL });
}

/* A word: it is typed behind a command, and named in a line of the case. */
static bool is_name(struct str name)
{
	if (!name.n || name.n > FILTER_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] <= ' ' ||
		    (unsigned char)name.p[i] >= 0x7f)
			return false;
	return true;
}

enum err_code saved_filters_set(struct saved_filters *s, struct case_file *c,
				struct str name, struct str filter,
				struct err *err)
{
	struct json_writer w;
	struct strbuf line;
	enum err_code rc;

	if (!is_name(name))
		return err_set(err, ERR_SYNTAX,
			       "a name is one word of at most %d ASCII letters",
			       FILTER_NAME_MAX);
	strbuf_init(&line);
	json_writer_init(&w, &line);
	json_begin_object(&w);
	json_pair(&w, "entry", STR("filter"));
	json_pair_time(&w, "time", case_now());
	json_pair(&w, "author", case_author(c));
	json_pair(&w, "name", name);
	json_pair(&w, "filter", filter);
	json_end_object(&w);
	rc = case_add(c, strbuf_str(&line), err);
	if (rc == ERR_OK)
		put(s, &(struct saved_filter){ name, filter, case_author(c) });
	strbuf_release(&line);
	return rc;
}
