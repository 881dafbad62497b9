/* SPDX-License-Identifier: MIT */
#include "casework/verify_private.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

static const struct {
	const char *name, *help;
	bool wrong;
} states[] = {
#define X(code, name, wrong, help) { name, help, wrong },
	VERIFY_STATES(X)
#undef X
};

const char *verify_state_name(enum verify_state s)
{
	return states[s].name;
}

const char *verify_state_help(enum verify_state s)
{
	return states[s].help;
}

bool verify_state_is_wrong(enum verify_state s)
{
	return states[s].wrong;
}

struct verify_item *verify_add(struct verify *v, enum verify_kind kind,
			       enum verify_state state, uint32_t chain)
{
	struct verify_result *r = v->r;

	r->item = mem_grow(r->item, &r->cap, r->n + 1, sizeof(*r->item));
	r->item[r->n] = (struct verify_item){
		.kind = kind,
		.state = state,
		.chain = chain,
		.file = VERIFY_NONE,
		.first = TIME_NONE,
		.last = TIME_NONE,
	};
	return &r->item[r->n++];
}

/* By chain, those of none last; digests before logs before gaps; in time,
 * those without one last; by name. */
static int compare_items(uint32_t x, uint32_t y, const void *context)
{
	const struct verify_result *r = context;
	const struct verify_item *a = &r->item[x], *b = &r->item[y];
	int c;

	if (a->chain != b->chain)
		return a->chain < b->chain ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	c = str_cmp(a->object, b->object);
	if (!c && a->file != b->file)
		c = a->file < b->file ? -1 : 1;
	return c;
}

static void finish(struct verify_result *r)
{
	assert(r->n < UINT32_MAX);
	sort_items(r->item, r->n, sizeof(*r->item), compare_items, r);
	for (size_t i = 0; i < r->n; i++) {
		const struct verify_item *m = &r->item[i];

		r->of[m->state]++;
		if (m->chain == VERIFY_NONE)
			continue;
		r->chain[m->chain].of[m->state]++;
		if (r->chain[m->chain].worst < m->state)
			r->chain[m->chain].worst = m->state;
	}
}

static void begin(struct verify *v, struct verify_result *out,
		  const struct files *files, const struct verify_options *o)
{
	*out = (struct verify_result){ .files = files,
				       .keys = o->keys && o->keys->n };
	arena_init(&out->arena);
	*v = (struct verify){ .o = o, .files = files, .r = out };
	v->read = mem_zero((size_t)files->n + 1, sizeof(*v->read));
}

static void end(struct verify *v)
{
	free(v->read);
	free(v->digest);
	free(v->by_object);
	free(v->by_chain);
	free(v->head);
}

enum err_code verify_run(struct verify_result *out, const struct files *files,
			 const struct verify_options *options, struct err *err)
{
	enum err_code rc;
	struct verify v;

	begin(&v, out, files, options);
	rc = verify_read_digests(&v, true, err);
	if (rc == ERR_OK)
		rc = verify_read_logs(&v, err);
	if (rc == ERR_OK) {
		verify_sort_chains(&v);
		verify_judge_digests(&v);
		verify_find_gaps(&v);
		verify_list_digests(&v);
		verify_judge_logs(&v);
		verify_find_ends(&v);
		finish(out);
	}
	end(&v);
	if (rc)
		verify_result_release(out);
	return rc;
}

void verify_gaps(struct verify_result *out, const struct files *files,
		 const struct limits *limits)
{
	const struct verify_options o = { .limits = limits, .threads = 1 };
	struct verify v;
	struct err err;
	size_t kept = 0;

	begin(&v, out, files, &o);
	v.gaps = true;
	/* Nobody ends it. */
	if (verify_read_digests(&v, false, &err) == ERR_OK) {
		verify_sort_chains(&v);
		verify_find_gaps(&v);
	}
	for (size_t i = 0; i < out->n; i++)
		if (out->item[i].kind == VERIFY_GAP)
			out->item[kept++] = out->item[i];
	out->n = kept;
	finish(out);
	end(&v);
}

void verify_result_release(struct verify_result *r)
{
	arena_release(&r->arena);
	free(r->chain);
	free(r->item);
	*r = (struct verify_result){ .n = 0 };
}
