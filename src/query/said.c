/* SPDX-License-Identifier: MIT */
/* Fields of the case: what an analyst said of a row. */
#include "base/mem.h"
#include "query/said.h"
#include "query/matcher_private.h"

static enum said_kind kind_of(enum field_kind kind)
{
	return kind == FIELD_STAR  ? SAID_STAR :
	       kind == FIELD_LABEL ? SAID_LABEL :
				     SAID_NOTE;
}

size_t said_texts(enum field_kind kind, const struct marks *m, row_id row,
		  struct str **out, size_t *cap)
{
	enum disposition what[DISPOSITION_COUNT];
	const struct said *said = NULL;
	size_t n = 0;

	if (m && kind == FIELD_DISPOSITION)
		n = marks_dispositions(m, row, what);
	else if (m)
		said = said_of(m->said, row, kind_of(kind), &n);
	*out = mem_grow(*out, cap, n + 1, sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = said ? said[i].text :
				   str_of(disposition_name(what[i]));
	return n;
}

bool said_meets(const struct mtest *t, const struct marks *marks, row_id row,
		struct match_scratch *s)
{
	size_t n = said_texts(t->field.kind, marks, row, &s->said,
			      &s->said_cap);

	return texts_meet(t, s->said, n, s);
}
