/* SPDX-License-Identifier: MIT */
#include "cli/coverage_digests.h"
#include "cli/rows.h"

void digest_gap_json(struct json_writer *w, const struct verify_result *r,
		     size_t i)
{
	const struct verify_item *m = &r->item[i];
	const struct verify_chain *c = &r->chain[m->chain];

	json_pair(w, "recipientAccountId", c->account);
	json_pair(w, "awsRegion", c->region);
	json_pair(w, "trail", c->trail);
	json_pair(w, "state", str_of(verify_state_name(m->state)));
	json_pair_time(w, "from", m->first);
	json_pair_time(w, "until", m->last);
	json_pair(w, "detail", m->detail);
}

void digest_gaps_table(struct session *s, const struct verify_result *r)
{
	static const struct column columns[] = {
		{ .name = "from", .whole = true },
		{ .name = "until", .whole = true },
		{ .name = "state" },
		{ .name = "account" },
		{ .name = "region", .width = 14 },
		{ .name = "trail", .width = 28 },
	};
	struct rows rows;

	if (!r->n) {
		output_format(&s->out, "  %s\n",
			      r->chains ? "none: digests follow one another" :
					  "no digest is here");
		return;
	}
	rows_begin(&rows, &s->out, FORMAT_TABLE, columns, ARRAY_SIZE(columns),
		   &s->o->zone);
	for (size_t i = 0; i < r->n; i++) {
		const struct verify_item *m = &r->item[i];
		const struct verify_chain *c = &r->chain[m->chain];
		const struct cell cell[] = {
			cell_time(m->first),
			cell_time(m->last),
			cell_text(str_of(verify_state_name(m->state))),
			cell_text(c->account),
			cell_text(c->region),
			cell_text(c->trail),
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
	output_format(&s->out, "  restarted: logging or its validation was "
			       "off, or digests were deleted; trawl verify "
			       "tells more\n");
}
