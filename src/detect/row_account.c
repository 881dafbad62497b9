/* SPDX-License-Identifier: MIT */
#include "detect/row_account.h"

#include <stdlib.h>

#include "base/mem.h"

struct named {
	struct str text;
	uint32_t value;
};

static int compare_named(const void *x, const void *y)
{
	const struct named *a = x, *b = y;

	return str_cmp(a->text, b->text);
}

void row_accounts_init(struct row_accounts *x, const struct store *s)
{
	uint32_t accounts = s->values[EVENT_ACCOUNT];
	uint32_t callers = s->values[EVENT_CALLER];
	struct named *known =
		mem_alloc((size_t)(accounts + 1) * sizeof(*known));
	size_t n = 0;

	x->s = s;
	x->of_caller = mem_zero((size_t)callers + 1, sizeof(*x->of_caller));
	for (uint32_t v = 1; v < accounts; v++)
		known[n++] = (struct named){ store_value(s, EVENT_ACCOUNT, v),
					     v };
	if (n)
		qsort(known, n, sizeof(*known), compare_named);
	for (uint32_t v = 1; v < callers; v++) {
		const struct named key = { store_value(s, EVENT_CALLER, v), 0 };
		const struct named *found = n ? bsearch(&key, known, n,
							sizeof(*known),
							compare_named) :
						NULL;

		x->of_caller[v] = found ? found->value : accounts + v;
	}
	free(known);
}

void row_accounts_release(struct row_accounts *x)
{
	free(x->of_caller);
}
