/* SPDX-License-Identifier: MIT */
#include "cli/behind.h"

#include "cli/graph.h"

/* "  1  user eve  P:arn:...", and below it why. */
static void write_suspect(struct session *s, const struct suspect *x,
			  uint32_t number)
{
	const struct lineage *l = s->snap->lineage;
	struct strbuf text;

	strbuf_init(&text);
	output_format(&s->out, "%3u  ", number);
	graph_write_node(s, x->node);
	strbuf_adds(&text, "     ");
	time_format(&text, x->time, TIME_DATETIME, &s->o->zone);
	strbuf_addf(&text, " %s: ", certainty_name(x->certainty));
	suspect_describe(l, x, &text);
	output_text(&s->out, strbuf_str(&text));
	strbuf_clear(&text);
	strbuf_adds(&text, "     event ");
	store_id_text(l->store, x->row, &text);
	output_format(&s->out, "\n");
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&text);
}

static void write_suspects(struct session *s, const char *title,
			   const struct suspect *x, uint32_t n,
			   const char *none)
{
	output_format(&s->out, "\n%s\n", title);
	if (!n)
		output_format(&s->out, "  %s\n", none);
	for (uint32_t i = 0; i < n; i++)
		write_suspect(s, &x[i], i + 1);
}

void behind_write(struct session *s, const struct suspects *behind)
{
	write_suspects(s, "who may be behind it, most likely first",
		       behind->responsible, behind->responsible_n,
		       "nobody, as far as the evidence goes");
	if (behind->built_by_n)
		write_suspects(s, "built or changed by, and no suspects",
			       behind->built_by, behind->built_by_n, "");
	if (behind->cut)
		output_format(&s->out, "\nthere is more behind these than is "
				       "followed\n");
}
