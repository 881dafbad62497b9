/* SPDX-License-Identifier: MIT */
/*
 * saved_filters.h - filters that an analyst gave names to
 *
 * Entries of a case: {"entry":"filter", "name":..., "filter":...}. The last
 * entry of a name holds; one without a filter forgets it. What is not saved
 * in a case is given in the user's configuration (filters_offer).
 *
 * Layer: casework. Threads: one.
 */
#ifndef TRAWL_SAVED_FILTERS_H
#define TRAWL_SAVED_FILTERS_H

#include "base/arena.h"
#include "casework/case_file.h"

enum { FILTER_NAME_MAX = 100 /* bytes */ };

/* Texts are of a case: somebody else may have written it. */
struct saved_filter {
	struct str name, filter;
	struct str author; /* empty: of the configuration */
};

struct saved_filters {
	struct saved_filter *item; /* in the order of their first entries */
	size_t n, cap;
	struct arena arena;
};

void saved_filters_init(struct saved_filters *s);
void saved_filters_release(struct saved_filters *s);

/* Those of a case, which may be NULL: `s` is overwritten. */
void saved_filters_read(struct saved_filters *s, const struct case_file *c);
/* Adds one that the case has none of the name of. */
void saved_filters_offer(struct saved_filters *s, struct str name,
			 struct str filter);
const struct saved_filter *saved_filters_find(const struct saved_filters *s,
					      struct str name);

/* Saves a filter in the case, or with an empty one forgets it. ERR_SYNTAX for
 * what is no name, ERR_CASE when it cannot be written: nothing changes. */
ATTR_NODISCARD enum err_code saved_filters_set(struct saved_filters *s,
					       struct case_file *c,
					       struct str name,
					       struct str filter,
					       struct err *err);

#endif /* TRAWL_SAVED_FILTERS_H */
