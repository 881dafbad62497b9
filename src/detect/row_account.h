/* SPDX-License-Identifier: MIT */
/*
 * row_account.h - whose account a row is of, whatever kind it is
 *
 * CloudTrail's rows say which account received them. Findings and flows say
 * which account they are of in another column, so that no account counts as
 * delivered because something is told of it. Here both are one set of numbers:
 * a value of EVENT_ACCOUNT, and for what only such rows name a value of
 * EVENT_CALLER behind those.
 *
 * Layer: detect. Ownership: the store outlives it. Cost: made in
 * O(n log n) of the two columns' values, then O(1). Threads: any may read.
 */
#ifndef TRAWL_ROW_ACCOUNT_H
#define TRAWL_ROW_ACCOUNT_H

#include "store/store.h"

struct row_accounts {
	const struct store *s;
	uint32_t *of_caller; /* by value of EVENT_CALLER */
};

void row_accounts_init(struct row_accounts *x, const struct store *s);
void row_accounts_release(struct row_accounts *x);

/* 0 when it names none; below row_accounts_count. */
static inline uint32_t row_account(const struct row_accounts *x, row_id row)
{
	return kind_is_cloudtrail(x->s->kind[row]) ?
		       store_value_at(x->s, EVENT_ACCOUNT, row) :
		       x->of_caller[store_value_at(x->s, EVENT_CALLER, row)];
}

static inline size_t row_accounts_count(const struct store *s)
{
	return (size_t)s->values[EVENT_ACCOUNT] + s->values[EVENT_CALLER];
}

/* The text of such a number. */
static inline struct str row_account_text(const struct store *s, uint32_t value)
{
	uint32_t accounts = s->values[EVENT_ACCOUNT];

	return value < accounts ?
		       store_value(s, EVENT_ACCOUNT, value) :
		       store_value(s, EVENT_CALLER, value - accounts);
}

#endif /* TRAWL_ROW_ACCOUNT_H */
