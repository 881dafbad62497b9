/* SPDX-License-Identifier: MIT */
/* What lines say, and how they are known. */
#include "identity/tree_private.h"

#include <string.h>

#include "base/arena.h"
#include "model/arn.h"
#include "model/identity.h"
#include "model/keyid.h"

static const char *const verbs[TREE_VERB_COUNT] = {
#define X(code, text) [code] = text,
	TREE_VERBS(X)
#undef X
};

static const struct {
	const char *word, *text;
} forms[TREE_FORM_COUNT] = {
#define X(code, form_word, form_text) [code] = { form_word, form_text },
	TREE_FORMS(X)
#undef X
};

const char *tree_verb_text(enum tree_verb verb)
{
	return verbs[verb];
}

const char *tree_form_word(enum tree_form form)
{
	return forms[form].word;
}

const char *tree_form_text(enum tree_form form)
{
	return forms[form].text;
}

/* Pieces ------------------------------------------------------------------ */

/* "ASIA..7QK": what tells keys apart is at their end. */
static void add_key(struct str key, enum tree_width width, struct strbuf *out)
{
	if (width == TREE_FULL || key.n < 12) {
		strbuf_add(out, key);
		return;
	}
	strbuf_add(out, str_sub(key, 0, 4));
	strbuf_adds(out, "..");
	strbuf_add(out, str_from(key, key.n - 3));
}

static void add_node(const struct lineage *l, node_id node,
		     enum tree_width width, struct strbuf *out)
{
	if (l->node[node].kind != NODE_KEY) {
		node_describe(l, node, out);
		return;
	}
	strbuf_adds(out, "key ");
	add_key(lineage_text(l, node), width, out);
}

/* A name without what kind of thing it is. */
void tree_add_short(const struct lineage *l, node_id node, struct strbuf *out)
{
	struct arena arena;

	switch ((enum lineage_kind)l->node[node].kind) {
	case NODE_KEY:
		add_key(lineage_text(l, node), TREE_NARROW, out);
		return;
	case NODE_PRINCIPAL:
		arena_init(&arena);
		strbuf_add(out, principal_label(lineage_text(l, node), &arena));
		arena_release(&arena);
		return;
	default:
		node_describe(l, node, out);
	}
}

static node_id owner_of(const struct lineage *l, node_id key)
{
	const struct lineage_edge *e = lineage_first_in(l, key, EDGE_OWNS);

	return e ? e->from : NODE_NONE;
}

struct str tree_event_name(const struct tree *t, const struct lineage_edge *e)
{
	const struct lineage *l = t->l;

	return store_text(l->store, EVENT_NAME, lineage_evidence(l, e, 0));
}

static void add_event_name(const struct tree *t, const struct lineage_edge *e,
			   struct strbuf *out)
{
	strbuf_adds(out, "  ");
	strbuf_add(out, event_base_name(tree_event_name(t, e)));
	if (e->evidence_n > 1)
		strbuf_addf(out, " x%s%u",
			    e->evidence_n == EDGE_EVIDENCE ? ">=" : "",
			    e->evidence_n);
}

void tree_add_times(const struct tree *t, const struct tree_line *line,
		    const struct time_zone *zone, struct strbuf *out)
{
	const struct store *s = t->l->store;
	int64_t first, last;
	struct time_parts a, b;

	if (line->first == ROW_NONE)
		return;
	first = s->time[line->first];
	last = s->time[line->last];
	if (first == TIME_NONE || last == TIME_NONE)
		return;
	a = time_split(first, zone);
	b = time_split(last, zone);
	strbuf_adds(out, "first ");
	time_format(out, first, TIME_MINUTE, zone);
	strbuf_adds(out, "  last ");
	time_format(out, last,
		    a.day == b.day && a.month == b.month && a.year == b.year ?
			    TIME_CLOCK :
			    TIME_MINUTE,
		    zone);
}

void tree_line_times(const struct tree *t, uint32_t line,
		     const struct time_zone *zone, struct strbuf *out)
{
	tree_add_times(t, &t->line[line], zone, out);
}

static bool is_above(const struct tree *t, const struct tree_line *line,
		     node_id node)
{
	for (uint32_t up = line->parent; up != TREE_NO_LINE;
	     up = t->line[up].parent)
		if (t->line[up].node == node)
			return true;
	return false;
}

/* ", made by user eve" for what something made that is not the line above. */
static void add_maker(const struct tree *t, const struct tree_line *line,
		      struct strbuf *out)
{
	const struct lineage *l = t->l;
	const struct lineage_edge *e;

	if (line->verb == VERB_MADE)
		return;
	for (uint32_t i = 0; (e = lineage_in(l, line->node, i)); i++) {
		if (e->kind != EDGE_CREATED || is_above(t, line, e->from))
			continue;
		strbuf_adds(out, ", made by ");
		tree_add_short(l, e->from, out);
		return;
	}
}

/* Nodes ------------------------------------------------------------------- */

static uint32_t sessions_of(const struct lineage *l, node_id machine,
			    row_id since)
{
	const struct lineage_edge *e;
	uint32_t n = 0;

	for (uint32_t i = 0; (e = lineage_out(l, machine, i)); i++)
		n += e->kind == EDGE_RUNS_AS && tree_lives(l, e->to, e, since);
	return n;
}

static void add_sessions(uint32_t n, struct strbuf *out)
{
	strbuf_add_count(out, n);
	strbuf_adds(out, n == 1 ? " session" : " sessions");
}

/* "2 sessions", "2 sessions since, 102 before" of what was taken over. */
static void add_machine(const struct tree *t, const struct tree_line *line,
			struct strbuf *out)
{
	uint32_t all = sessions_of(t->l, line->node, 0);
	uint32_t n = sessions_of(t->l, line->node, line->since);

	node_describe(t->l, line->node, out);
	if (!all)
		return;
	strbuf_adds(out, "  ");
	add_sessions(n, out);
	if (line->since)
		strbuf_adds(out, " since");
	if (all > n) {
		strbuf_adds(out, ", ");
		strbuf_add_count(out, all - n);
		strbuf_adds(out, " before");
	}
}

static void describe_key(const struct tree *t, const struct tree_line *line,
			 enum tree_width width, const struct time_zone *zone,
			 struct strbuf *out)
{
	const struct lineage *l = t->l;
	node_id owner = owner_of(l, line->node);
	bool owned = line->parent != TREE_NO_LINE &&
		     t->line[line->parent].node == owner;

	add_node(l, line->node, width, out);
	if (owner && !owned) {
		strbuf_adds(out, line->verb == VERB_MADE ? " for " : " of ");
		node_describe(l, owner, out);
	}
	if (line->value || line->kind == TREE_SOURCE) {
		strbuf_adds(out, "  ");
		tree_describe_source(t, line, zone, out);
	}
	add_maker(t, line, out);
}

/* Does a line above say from which address? */
static bool is_said_above(const struct tree *t, const struct tree_line *line)
{
	for (uint32_t up = line->parent; up != TREE_NO_LINE;
	     up = t->line[up].parent)
		if (t->line[up].value)
			return t->line[up].value == line->value;
	return false;
}

static void describe_session(const struct tree *t, const struct tree_line *line,
			     enum tree_width width,
			     const struct time_zone *zone, struct strbuf *out)
{
	const struct lineage *l = t->l;
	const struct lineage_edge *up = lineage_parent(l, line->node);
	/* The first of its own, by which it is known. */
	node_id key = lineage_leads_to(l, line->node, EDGE_HAS_KEY);

	if (line->verb == VERB_BECAME)
		link_describe(l, line->node, line->edge, out);
	else
		node_describe(l, line->node, out);
	if (key && l->node[line->node].session_kind == SESSION_STS) {
		strbuf_adds(out, "  ");
		add_key(lineage_text(l, key), width, out);
	}
	if (line->value && !is_said_above(t, line)) {
		strbuf_adds(out, "  ");
		tree_describe_source(t, line, zone, out);
	}
	if (line->verb != VERB_NONE || !line->edge)
		return;
	if (!up) {
		strbuf_adds(out, ", issued outside the evidence");
	} else {
		strbuf_adds(out, ", by ");
		tree_add_short(l, lineage_other_end(up, line->node), out);
	}
}

static void describe_node(const struct tree *t, const struct tree_line *line,
			  enum tree_width width, const struct time_zone *zone,
			  struct strbuf *out)
{
	const struct lineage *l = t->l;

	switch ((enum lineage_kind)l->node[line->node].kind) {
	case NODE_KEY:
		describe_key(t, line, width, zone, out);
		break;
	case NODE_SESSION:
		describe_session(t, line, width, zone, out);
		break;
	case NODE_COMPUTE:
		add_machine(t, line, out);
		add_maker(t, line, out);
		break;
	default:
		node_describe(l, line->node, out);
		add_maker(t, line, out);
	}
	if (line->edge &&
	    (line->verb == VERB_CONTROLS || line->verb == VERB_PASSED ||
	     line->verb == VERB_MAY_HAVE_READ ||
	     (line->verb == VERB_MADE &&
	      l->node[line->node].kind == NODE_COMPUTE)))
		add_event_name(t, line->edge, out);
	if (line->parent == TREE_NO_LINE) {
		if (l->node[line->node].kind != NODE_ACCOUNT &&
		    lineage_account_text(l, line->node).n) {
			strbuf_adds(out, "  ");
			strbuf_add(out, lineage_account_text(l, line->node));
		}
		strbuf_adds(out, "  ");
		tree_add_times(t, line, zone, out);
	}
	if (line->count)
		strbuf_addf(out, "  (+%u not shown)", line->count);
}

static void describe_link(const struct tree *t, const struct tree_line *line,
			  enum tree_width width, struct strbuf *out)
{
	const struct lineage *l = t->l;
	node_id owner = l->node[line->node].kind == NODE_KEY ?
				owner_of(l, line->node) :
				NODE_NONE;

	if (owner)
		node_describe(l, owner, out);
	else
		add_node(l, line->node, width, out);
	add_event_name(t, line->edge, out);
}

static void describe_group(const struct tree *t, const struct tree_line *line,
			   struct strbuf *out)
{
	const struct tree_group *g = &t->parts->group[line->extra];
	const struct lineage *l = t->l;

	if (g->of) {
		tree_add_short(l, g->of, out);
		strbuf_adds(out, "  ");
		add_sessions(line->count, out);
		if (g->probable && line->certainty == CERTAIN) {
			strbuf_adds(out, ", ");
			strbuf_add_count(out, g->probable);
			strbuf_adds(out, " of them probable");
		}
		return;
	}
	node_describe(l, t->parts->member[g->from].node, out);
	strbuf_addf(out, " x%u", line->count);
	add_event_name(t, line->edge, out);
}

static void describe_more(const struct tree *t, const struct tree_line *line,
			  struct strbuf *out)
{
	enum tree_kind below = line->child_n ? t->line[line->child].kind :
					       TREE_NODE;
	const struct tree_parts *p = t->parts;

	strbuf_add_count(out, line->count);
	if (below == TREE_SOURCE)
		strbuf_adds(out, " more addresses");
	else if (below == TREE_DEED)
		strbuf_adds(out, " more kinds of calls");
	else if (t->l->node[p->member[p->group[line->extra].from].node].kind ==
		 NODE_SESSION)
		strbuf_adds(out, " more sessions");
	else
		strbuf_adds(out, " more");
}

/* Calls ------------------------------------------------------------------- */

static void add_times_n(uint32_t n, struct strbuf *out)
{
	if (n < 2)
		return;
	strbuf_adds(out, " x");
	strbuf_add_count(out, n);
}

static void describe_read(const struct tree *t, const struct tree_deed *d,
			  struct str name, struct strbuf *out)
{
	if (!d->about) {
		strbuf_add(out, name);
		add_times_n(d->n, out);
		return;
	}
	strbuf_add(out, intern_text(&t->parts->texts, d->about));
	strbuf_adds(out, "  ");
	if (d->objects) {
		strbuf_add_count(out, d->objects);
		strbuf_adds(out, d->objects == 1 ? " object" : " objects");
		return;
	}
	strbuf_add(out, name);
	add_times_n(d->n, out);
	if (d->sampled)
		strbuf_adds(out, ", as far as looked at");
}

static void describe_deed(const struct tree *t, const struct tree_line *line,
			  struct strbuf *out)
{
	const struct store *s = t->l->store;
	const struct tree_deed *d = &t->parts->deed[line->extra];
	struct str name =
		event_base_name(store_value(s, EVENT_NAME, d->name[0]));

	if (d->verb == VERB_READ) {
		describe_read(t, d, name, out);
		return;
	}
	if (d->many) {
		strbuf_add(out, event_service(store_value(s, EVENT_SOURCE,
							  d->source)));
		strbuf_addc(out, ' ');
	}
	strbuf_add(out, name);
	for (uint32_t i = 1; i < d->names && i < DEED_NAMES; i++) {
		strbuf_adds(out, ", ");
		strbuf_add(out, event_base_name(store_value(s, EVENT_NAME,
							    d->name[i])));
	}
	if (d->names > DEED_NAMES)
		strbuf_adds(out, " and more");
	if (d->about) {
		strbuf_adds(out, "  ");
		strbuf_add(out, intern_text(&t->parts->texts, d->about));
	}
	if (d->outcome != OUTCOME_OK)
		strbuf_adds(out, d->outcome == OUTCOME_DENIED ? "  denied" :
								"  failed");
	add_times_n(d->n, out);
}

/* Values ------------------------------------------------------------------ */

static void describe_value(const struct tree *t, uint32_t number,
			   enum tree_width width, const struct time_zone *zone,
			   struct strbuf *out)
{
	const struct tree_line *line = &t->line[number];
	const struct store *s = t->l->store;

	switch (tree_column_of(t, number)) {
	case TREE_COLUMN_NODE:
		add_node(t->l, line->node, width, out);
		if (t->l->node[line->node].kind == NODE_KEY &&
		    owner_of(t->l, line->node)) {
			strbuf_adds(out, " of ");
			node_describe(t->l, owner_of(t->l, line->node), out);
		}
		break;
	case TREE_COLUMN_ADDRESS:
		if (tree_is_address(s, line->value)) {
			tree_describe_source(t, line, zone, out);
		} else {
			strbuf_adds(out, "from ");
			strbuf_add(out, line->value ?
						store_value(s, EVENT_IP,
							    line->value) :
						STR("nowhere that is said"));
		}
		break;
	case TREE_COLUMN_NAME:
		strbuf_add(out, event_service(store_text(s, EVENT_SOURCE,
							 line->first)));
		strbuf_addc(out, ' ');
		strbuf_add(out, event_base_name(store_value(s, EVENT_NAME,
							    line->value)));
		break;
	}
}

void tree_describe(const struct tree *t, uint32_t number, enum tree_width width,
		   const struct time_zone *zone, struct strbuf *out)
{
	const struct tree_line *line = &t->line[number];

	switch (line->kind) {
	case TREE_NODE:
		describe_node(t, line, width, zone, out);
		break;
	case TREE_LINK:
		describe_link(t, line, width, out);
		break;
	case TREE_SOURCE:
		if (line->verb == VERB_NONE)
			describe_key(t, line, width, zone, out);
		else
			tree_describe_source(t, line, zone, out);
		break;
	case TREE_GROUP:
		describe_group(t, line, out);
		break;
	case TREE_DEED:
		describe_deed(t, line, out);
		break;
	case TREE_VALUE:
		describe_value(t, number, width, zone, out);
		break;
	case TREE_MORE:
		describe_more(t, line, out);
		break;
	}
}
