/* SPDX-License-Identifier: MIT */
/* What came of an identity, and which of its credentials to revoke. */
#include "cli/walk_view.h"
#include "cli/rows.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "casework/kept.h"
#include "identity/reach_lines.h"
#include "model/identity.h"

/* Reach --------------------------------------------------------------------- */

static void json_reached(struct json_writer *w, const struct lineage *l,
			 const struct reach *r, uint32_t i)
{
	const struct reached *at = &r->at[i];

	json_begin_object(w);
	json_pair(w, "node", lineage_id(l, at->node));
	json_pair(w, "from",
		  lineage_id(l, lineage_other_end(at->edge, at->node)));
	json_pair(w, "after", lineage_id(l, r->at[at->from].node));
	json_pair(w, "via", str_of(edge_kind_name(at->edge->kind)));
	graph_json_event(w, "eventID", l, lineage_evidence(l, at->edge, 0));
	json_pair_time(w, "since", at->since);
	json_pair(w, "certainty", str_of(certainty_name(at->certainty)));
	json_pair(w, "account", lineage_account_text(l, at->node));
	json_pair_uint(w, "events", at->events);
	json_end_object(w);
}

void walk_reach_json(struct walk_view *v, struct json_writer *w)
{
	const struct lineage *l = v->s->snap->lineage;
	struct reach r;

	reach_of_all(&r, l, v->subject->node, v->subject->n, &v->question);
	json_key(w, "reach");
	json_begin_array(w);
	for (uint32_t i = 0; i < r.n; i++)
		if (r.at[i].edge)
			json_reached(w, l, &r, i);
	json_end_array(w);
	reach_release(&r);
}

static void write_reach_line(struct walk_view *v, struct rows *rows,
			     const struct reach *r,
			     const struct reach_line *line)
{
	const struct lineage *l = v->s->snap->lineage;
	const struct reached *at = &r->at[line->at];
	struct strbuf from, to;

	strbuf_init(&from);
	strbuf_init(&to);
	node_describe(l, lineage_other_end(at->edge, at->node), &from);
	node_describe(l, at->node, &to);
	if (line->n > 1)
		strbuf_addf(&to, " x%u", line->n);
	{
		const struct cell cell[] = {
			cell_time(at->since),
			cell_text(str_of(certainty_name(at->certainty))),
			cell_text(strbuf_str(&from)),
			cell_text(str_of(reached_verb(at))),
			cell_text(strbuf_str(&to)),
			cell_text(lineage_account_text(l, at->node)),
			cell_number(line->events),
		};

		rows_add(rows, cell);
	}
	strbuf_release(&from);
	strbuf_release(&to);
}

static void write_reach(struct walk_view *v, const struct reach *r)
{
	static const struct column columns[] = {
		{ .name = "since", .whole = true },
		{ .name = "certainty" },
		{ .name = "from", .width = 40, .middle = true },
		{ .name = "" },
		{ .name = "to" },
		{ .name = "account" },
		{ .name = "events since", .right = true },
	};
	struct reach_lines lines;
	struct rows rows;
	size_t i;

	reach_lines_of(&lines, v->s->snap->lineage, r);
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns), &v->s->o->zone);
	for (i = 0; i < lines.n && (v->whole || i < PAGE_LINES); i++)
		write_reach_line(v, &rows, r, &lines.line[i]);
	rows_end(&rows);
	if (i < lines.n)
		walk_line(v, "reach", i, lines.n);
	reach_lines_release(&lines);
}

void walk_reach_table(struct walk_view *v)
{
	struct reach r;

	reach_of_all(&r, v->s->snap->lineage, v->subject->node, v->subject->n,
		     &v->question);
	walk_title(v, "what came of it");
	if (r.n > v->subject->n)
		write_reach(v, &r);
	else
		walk_none(v, "nothing", false);
	reach_release(&r);
}

/* Revocation ---------------------------------------------------------------- */

static void find_credentials(struct walk_view *v, struct revocation *out)
{
	revocation_of(out, v->s->snap->lineage, v->subject->node, v->subject->n,
		      &v->question);
	kept_prune(out, v->s->snap->store, &v->scan);
}

static void json_credential(struct json_writer *w, const struct lineage *l,
			    const struct revocation *r,
			    const struct credential *c)
{
	json_begin_object(w);
	json_pair(w, "kind", str_of(credential_kind_name(c->kind)));
	json_pair(w, "node", lineage_id(l, c->node));
	if (c->id.n)
		json_pair(w, "credentialId", c->id);
	if (c->other)
		json_pair(w, "letsIn", lineage_id(l, c->other));
	if (c->n) {
		json_key(w, "sessions");
		json_begin_array(w);
		for (uint32_t i = 0; i < c->n; i++)
			json_string(w, lineage_id(l, r->session[c->first + i]));
		json_end_array(w);
	}
	json_pair_time(w, "issued", c->issued);
	json_pair_time(w, "until", c->until);
	if (c->until != TIME_NONE) {
		json_key(w, "untilIsAtMost");
		json_bool(w, c->at_most);
	}
	if (c->rewritten) {
		json_key(w, "rewrittenLater");
		json_bool(w, true);
	}
	graph_json_event(w, "eventID", l, c->row);
	json_pair(w, "certainty", str_of(certainty_name(c->certainty)));
	json_pair(w, "what", str_of(credential_kind_what(c->kind)));
	json_pair(w, "how", str_of(credential_kind_how(c->kind)));
	json_end_object(w);
}

void walk_revoke_json(struct walk_view *v, struct json_writer *w)
{
	const struct lineage *l = v->s->snap->lineage;
	struct revocation r;

	find_credentials(v, &r);
	json_key(w, "revoke");
	json_begin_array(w);
	for (uint32_t i = 0; i < r.n; i++)
		json_credential(w, l, &r, &r.credential[i]);
	json_end_array(w);
	json_pair_time(w, "liveAt", r.end);
	revocation_release(&r);
}

/* "until 2026-... at most", "until somebody ends it" */
static void describe_until(const struct walk_view *v,
			   const struct credential *c, struct strbuf *out)
{
	if (c->until == TIME_NONE) {
		strbuf_adds(out, "until it is revoked");
	} else {
		strbuf_adds(out, "until ");
		time_format(out, c->until, TIME_DATETIME, &v->s->o->zone);
		if (c->at_most)
			strbuf_adds(out, " at most");
	}
	if (c->n > 1)
		strbuf_addf(out, ", %u sessions", c->n);
	if (c->certainty != CERTAIN)
		strbuf_addf(out, ", %s", certainty_name(c->certainty));
	if (c->rewritten)
		strbuf_adds(out, "; it was written or deleted again later: "
				 "look whether it is still there");
}

/* Whose account it is that is let in, where the site file says so. */
static void describe_owner(const struct walk_view *v, node_id node,
			   struct strbuf *out)
{
	const struct site *site = &v->s->snap->site;
	struct str account = lineage_account_text(v->s->snap->lineage, node);
	struct str name = site_account_name(site, account);
	struct str organization =
		principal_organization(lineage_text(v->s->snap->lineage, node));
	enum site_owner owner = site_owner_of(site, account);

	if (organization.n &&
	    site_organization_owner(site, organization) == SITE_OWN)
		strbuf_adds(out, " (one's own)");
	if (owner != SITE_OWN && owner != SITE_OF_VENDOR)
		return;
	strbuf_adds(out, owner == SITE_OWN ? " (own account" :
					     " (a vendor's account");
	if (name.n) {
		strbuf_addc(out, ' ');
		strbuf_add(out, name);
	}
	strbuf_addc(out, ')');
}

static void write_credential(struct walk_view *v, const struct credential *c)
{
	const struct lineage *l = v->s->snap->lineage;
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text, "  ");
	node_describe(l, c->node, &text);
	if (c->id.n) {
		strbuf_addc(&text, ' ');
		strbuf_add(&text, c->id);
	}
	if (c->other) {
		strbuf_adds(&text, " lets in ");
		node_describe(l, c->other, &text);
		describe_owner(v, c->other, &text);
	}
	strbuf_adds(&text, "  ");
	strbuf_add(&text, lineage_id(l, c->node));
	strbuf_adds(&text, "  ");
	describe_until(v, c, &text);
	output_text(&v->s->out, strbuf_str(&text));
	output_format(&v->s->out, "\n");
	strbuf_release(&text);
}

/* Those of one kind below what they are and how they are revoked. */
void walk_revoke_table(struct walk_view *v)
{
	struct revocation r;
	struct strbuf text;
	uint32_t of_kind = 0;
	node_id origin;

	find_credentials(v, &r);
	origin = v->subject->n == 1 ?
			 revocation_of_origin(&r, v->s->snap->lineage,
					      v->subject->node[0],
					      &v->question) :
			 NODE_NONE;
	strbuf_init(&text);
	strbuf_adds(&text, "credentials to revoke, live at ");
	time_format(&text, r.end, TIME_DATETIME, &v->s->o->zone);
	walk_title(v, text.p);
	if (!r.n)
		walk_none(v, "none", false);
	if (origin != NODE_NONE) {
		strbuf_clear(&text);
		strbuf_adds(&text, "  none of its own; of its origin, ");
		node_describe(v->s->snap->lineage, origin, &text);
		strbuf_addc(&text, ':');
		output_text(&v->s->out, strbuf_str(&text));
		output_format(&v->s->out, "\n");
	}
	for (uint32_t i = 0; i < r.n; i++) {
		const struct credential *c = &r.credential[i];

		if (!i || r.credential[i - 1].kind != c->kind) {
			of_kind = 0;
			output_format(&v->s->out, "%s%s: %s\n", i ? "\n" : "",
				      credential_kind_what(c->kind),
				      credential_kind_how(c->kind));
		}
		if (v->whole || of_kind < PAGE_LINES)
			write_credential(v, c);
		else if (of_kind == PAGE_LINES)
			output_format(&v->s->out,
				      "  and more: --section revoke\n");
		of_kind++;
	}
	strbuf_release(&text);
	revocation_release(&r);
}
