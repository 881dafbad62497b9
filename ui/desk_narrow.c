/* SPDX-License-Identifier: MIT */
/* What of the evidence is looked at: filter, window, tactics. */
#include <stdlib.h>

#include "query/parse.h"
#include "query/print.h"
#include "ui/desk_private.h"

/* Takes over what became of the terms of the filter. */
static enum err_code change_filters(struct desk *d, struct narrowing next,
				    struct err *err)
{
	struct strbuf text;
	struct plan *plan = NULL;
	enum err_code rc;

	strbuf_init_max(&text, QUERY_MAX_TEXT + 1);
	if (!next.filters.off)
		filters_join(&next.filters, &text);
	rc = desk_plan(d, strbuf_str(&text), &plan, err);
	plan_free(plan);
	free((char *)(uintptr_t)next.filter.p);
	next.filter.n = text.n;
	next.filter.p = strbuf_detach(&text);
	strbuf_release(&text);
	if (rc)
		narrowing_release(&next);
	else
		desk_change(d, next);
	return rc;
}

static enum err_code is_right(struct desk *d, struct str text, struct err *err)
{
	struct plan *plan;
	enum err_code rc = desk_plan(d, text, &plan, err);

	plan_free(plan);
	return rc;
}

enum err_code desk_set_filter(struct desk *d, struct str text, struct err *err)
{
	struct narrowing next;
	enum err_code rc = is_right(d, text, err);

	if (rc)
		return rc;
	narrowing_copy(&next, &d->now);
	filters_set(&next.filters, text);
	return change_filters(d, next, err);
}

enum err_code desk_add_filter(struct desk *d, struct str text, bool keep,
			      struct err *err)
{
	struct narrowing next;
	struct strbuf term;
	enum err_code rc = is_right(d, text, err);
	struct query_terms terms;
	struct arena arena;

	if (rc)
		return rc;
	strbuf_init(&term);
	arena_init(&arena);
	narrowing_copy(&next, &d->now);
	if (!keep) {
		bool one = query_split(text, &arena, &terms) && terms.n == 1 &&
			   !terms.either;

		strbuf_adds(&term, one ? "not " : "not (");
		strbuf_add(&term, text);
		strbuf_adds(&term, one ? "" : ")");
	} else {
		strbuf_add(&term, text);
	}
	filters_add(&next.filters, strbuf_str(&term));
	arena_release(&arena);
	strbuf_release(&term);
	return change_filters(d, next, err);
}

enum err_code desk_filters_off(struct desk *d, bool off, struct err *err)
{
	struct narrowing next;

	narrowing_copy(&next, &d->now);
	next.filters.off = off;
	return change_filters(d, next, err);
}

enum err_code desk_toggle_filter(struct desk *d, size_t i, struct err *err)
{
	struct narrowing next;

	narrowing_copy(&next, &d->now);
	next.filters.term[i].off = !next.filters.term[i].off;
	return change_filters(d, next, err);
}

enum err_code desk_only_filter(struct desk *d, size_t i, struct err *err)
{
	struct narrowing next;

	narrowing_copy(&next, &d->now);
	next.filters.off = false;
	for (size_t k = 0; k < next.filters.n; k++)
		next.filters.term[k].off = k != i;
	return change_filters(d, next, err);
}

void desk_drop_filter(struct desk *d, size_t i)
{
	struct narrowing next;
	struct err err;

	narrowing_copy(&next, &d->now);
	filters_drop(&next.filters, i);
	/* What is left of a filter is one. */
	if (change_filters(d, next, &err))
		desk_clear(d);
}

enum err_code desk_add_term(struct desk *d, struct str field, struct str value,
			    bool keep, struct err *err)
{
	struct strbuf term;
	enum err_code rc;

	strbuf_init(&term);
	query_term(&term, field, value);
	rc = desk_add_filter(d, strbuf_str(&term), keep, err);
	strbuf_release(&term);
	return rc;
}

enum err_code desk_add_null(struct desk *d, struct str field, bool keep,
			    struct err *err)
{
	struct strbuf term;
	enum err_code rc;

	strbuf_init(&term);
	query_null(&term, field);
	rc = desk_add_filter(d, strbuf_str(&term), keep, err);
	strbuf_release(&term);
	return rc;
}

enum err_code desk_save_filter(struct desk *d, struct str name, bool forget,
			       struct err *err)
{
	struct strbuf text;
	enum err_code rc;

	if (desk_has_case(d, err))
		return err_wrap(err, "a filter is kept in the case, or by a "
				     "line of the configuration");
	strbuf_init(&text);
	if (!forget)
		filters_join(&d->now.filters, &text);
	if (!forget && !text.n)
		rc = err_set(err, ERR_NOTFOUND, "there is no filter to save");
	else
		rc = saved_filters_set(&d->saved, d->case_file, name,
				       strbuf_str(&text), err);
	strbuf_release(&text);
	return rc;
}

void desk_set_window(struct desk *d, int64_t since, int64_t until)
{
	struct narrowing next;

	narrowing_copy(&next, &d->now);
	next.since = since;
	next.until = until;
	desk_change(d, next);
}

void desk_toggle(struct desk *d, enum toggle t)
{
	struct narrowing next;

	narrowing_copy(&next, &d->now);
	next.toggles ^= 1u << t;
	desk_change(d, next);
}

void desk_toggle_tactics(struct desk *d, tactic_set tactics)
{
	struct narrowing next;

	narrowing_copy(&next, &d->now);
	if ((next.hidden & tactics) == tactics)
		next.hidden &= ~tactics;
	else
		next.hidden |= tactics;
	desk_change(d, next);
}

void desk_toggle_technique(struct desk *d, const struct technique_id *id)
{
	struct narrowing next;
	size_t i = 0;

	narrowing_copy(&next, &d->now);
	while (i < next.hidden_n &&
	       strcmp(next.hidden_technique[i].text, id->text) != 0)
		i++;
	if (i < next.hidden_n)
		next.hidden_technique[i] =
			next.hidden_technique[--next.hidden_n];
	else if (next.hidden_n < HIDDEN_TECHNIQUES)
		next.hidden_technique[next.hidden_n++] = *id;
	desk_change(d, next);
}

void desk_clear(struct desk *d)
{
	desk_change(d, (struct narrowing){ .since = TIME_NONE,
					   .until = TIME_NONE });
}
