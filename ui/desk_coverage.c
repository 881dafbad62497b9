/* SPDX-License-Identifier: MIT */
/* What the evidence on the desk holds, and what to say where it holds nothing.
 */
#include "query/parse.h"
#include "ui/desk.h"

enum {
	DIGESTS_MOST =
		1000, /* read while somebody waits: a tenth of a second */
};
#define UNKNOWN SIZE_MAX

size_t desk_digests(struct desk *d)
{
	desk_coverage(d);
	if (d->digests == UNKNOWN)
		d->digests = coverage_find_gaps(d->coverage,
						investigation_limits(d->inv),
						DIGESTS_MOST);
	return d->digests;
}

const struct coverage *desk_coverage(struct desk *d)
{
	const struct store *s = d->snap->store;
	struct rowset all = ROWSET_INIT;

	if (d->coverage && d->covered == snapshot_number(d->snap))
		return d->coverage;
	coverage_free(d->coverage);
	rowset_add_range(&all, 0, s->n);
	d->coverage = coverage_new(s, &all, TIME_NONE, TIME_NONE);
	d->digests = UNKNOWN;
	d->covered = snapshot_number(d->snap);
	rowset_release(&all);
	return d->coverage;
}

void desk_none_of(struct desk *d, struct str account, struct strbuf *out)
{
	struct coverage_question q = COVERAGE_QUESTION_INIT;
	const struct expr *filter;
	struct arena arena;
	struct err err;

	/* What is not read yet lacks nothing. */
	if (!d->snap || !d->snap->store->complete || d->run)
		return;
	arena_init(&arena);
	if (query_read(d->now.filter, &d->zone, &arena, &filter, &err) ==
	    ERR_OK)
		coverage_ask(&q, filter);
	if (d->now.since != TIME_NONE)
		q.since = d->now.since;
	if (d->now.until != TIME_NONE)
		q.until = d->now.until;
	if (account.n)
		q.account = account;
	coverage_none(desk_coverage(d), &q, &d->zone, out);
	arena_release(&arena);
}

struct str desk_none(struct desk *d)
{
	if (d->none_of != d->version) {
		strbuf_clear(&d->none);
		desk_none_of(d, STR_NULL, &d->none);
		d->none_of = d->version;
	}
	return strbuf_str(&d->none);
}
