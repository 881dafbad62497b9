/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "detect/correlate_private.h"

/* What is known of number `i`, looked up once; 0 of what has no text. */
static uint32_t known(struct correlating *x, uint32_t **table, uint32_t size,
		      uint32_t i,
		      struct str (*text)(const struct correlating *, unsigned,
					 uint32_t),
		      unsigned what)
{
	if (!*table)
		*table = mem_zero((size_t)size + 1, sizeof(**table));
	if ((*table)[i] == 0)
		(*table)[i] = intern_add(&x->texts, text(x, what, i)) + 1;
	return (*table)[i] - 1;
}

static struct str column_text(const struct correlating *x, unsigned column,
			      uint32_t value)
{
	return store_value(x->store, (enum event_column)column, value);
}

static struct str captured_text(const struct correlating *x, unsigned unused,
				uint32_t value)
{
	(void)unused;
	return intern_text(&x->captures->values, value);
}

static struct str origin_text(const struct correlating *x, unsigned unused,
			      uint32_t node)
{
	enum certainty certainty;

	(void)unused;
	return lineage_id(x->lineage,
			  lineage_origin(x->lineage, node, &certainty));
}

static size_t from_captured(struct correlating *x, unsigned field,
			    uint32_t note, uint32_t *out)
{
	size_t n, made = 0;
	const uint32_t *value;

	if (!note)
		return 0;
	value = captures_field(x->captures, note, field, &n);
	for (size_t i = 0; i < n && made < CAPTURE_VALUES; i++) {
		out[made] = known(x, &x->of_captured, x->captures->values.count,
				  value[i], captured_text, 0);
		made += out[made] != 0;
	}
	return made;
}

size_t correlate_values(struct correlating *x,
			const struct correlation_source *source, row_id row,
			uint32_t captured, uint32_t *out)
{
	const struct store *s = x->store;
	enum event_column c = (enum event_column)source->number;
	node_id node;

	switch (source->kind) {
	case SOURCE_NONE:
		return 0;
	case SOURCE_CAPTURED:
		return from_captured(x, source->number, captured, out);
	case SOURCE_COLUMN:
		out[0] = known(x, &x->of_column[c], s->values[c],
			       store_value_at(s, c, row), column_text, c);
		break;
	case SOURCE_ORIGIN:
		node = x->lineage ? x->lineage->acting[row] : NODE_NONE;
		if (node == NODE_NONE)
			return 0;
		out[0] = known(x, &x->of_node, x->lineage->node_n, node,
			       origin_text, 0);
		break;
	case SOURCE_OUTCOME:
		out[0] = intern_add(&x->texts, str_of(event_outcome_name(
						       store_outcome(s, row))));
		break;
	}
	return out[0] != 0;
}

void correlate_values_release(struct correlating *x)
{
	for (int c = 0; c < EVENT_COLUMN_COUNT; c++)
		free(x->of_column[c]);
	free(x->of_captured);
	free(x->of_node);
	intern_release(&x->texts);
}
