/* SPDX-License-Identifier: MIT */
#include "cli/graph.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "identity/break_glass.h"
#include "identity/lineage_hints.h"

/* JSON -------------------------------------------------------------------- */

void graph_json_event(struct json_writer *w, const char *key,
		      const struct lineage *l, row_id row)
{
	struct strbuf id;

	if (row == ROW_NONE)
		return;
	strbuf_init(&id);
	store_id_text(l->store, row, &id);
	json_pair(w, key, strbuf_str(&id));
	strbuf_release(&id);
}

static void json_row_time(struct json_writer *w, const char *key,
			  const struct lineage *l, row_id row)
{
	json_pair_time(w, key,
		       row == ROW_NONE ? TIME_NONE : l->store->time[row]);
}

static void json_node(struct json_writer *w, const struct lineage *l,
		      node_id node, const struct walk_count *count)
{
	const struct lineage_node *n = &l->node[node];
	struct lineage_session session;
	struct strbuf label;

	strbuf_init(&label);
	node_describe(l, node, &label);
	json_begin_object(w);
	json_pair(w, "id", lineage_id(l, node));
	json_pair(w, "kind", str_of(lineage_kind_name(n->kind)));
	json_pair(w, "label", strbuf_str(&label));
	json_pair(w, "account", lineage_account_text(l, node));
	if (n->kind == NODE_SESSION)
		json_pair(w, "sessionKind",
			  str_of(session_kind_name(n->session_kind)));
	if (lineage_session(l, node, &session)) {
		if (session.expires != TIME_NONE)
			json_pair_time(w, "expires", session.expires);
		json_pair(w, "sourceIdentity", session.source_identity);
	}
	json_row_time(w, "first", l, count->first);
	json_row_time(w, "last", l, count->last);
	json_pair_uint(w, "events", count->events);
	json_pair_uint(w, "denied", count->denied);
	json_pair_uint(w, "failed", count->failed);
	json_end_object(w);
	strbuf_release(&label);
}

/* Of the events that prove an edge. */
static void json_evidence(struct json_writer *w, const struct lineage *l,
			  const struct lineage_edge *e)
{
	struct strbuf id;

	strbuf_init(&id);
	json_begin_array(w);
	for (unsigned i = 0; i < e->evidence_n; i++) {
		strbuf_clear(&id);
		store_id_text(l->store, lineage_evidence(l, e, i), &id);
		json_string(w, strbuf_str(&id));
	}
	json_end_array(w);
	strbuf_release(&id);
}

/* What speaks for a hint, in points and in words. */
static void json_hint(struct json_writer *w, const struct lineage *l,
		      const struct lineage_edge *e)
{
	const struct lineage_hint *h = lineage_hint(l, e);
	struct strbuf text;

	if (!h)
		return;
	strbuf_init(&text);
	lineage_hint_describe(h, &text);
	if (h->score)
		json_pair_uint(w, "score", h->score);
	json_pair_uint(w, "sharers", h->sharers);
	json_pair(w, "hint", strbuf_str(&text));
	strbuf_release(&text);
}

void graph_json_edge(struct json_writer *w, const struct lineage *l,
		     const struct lineage_edge *e)
{
	json_begin_object(w);
	json_pair(w, "kind", str_of(edge_kind_name(e->kind)));
	json_pair(w, "from", lineage_id(l, e->from));
	json_pair(w, "to", lineage_id(l, e->to));
	json_pair(w, "certainty", str_of(certainty_name(e->certainty)));
	json_pair_time(w, "time", lineage_edge_time(l, e));
	json_pair(w, "reason", str_of(lineage_reason(e)));
	json_key(w, "evidence");
	json_evidence(w, l, e);
	if (e->certainty == HINT)
		json_hint(w, l, e);
	json_end_object(w);
}

/* Parts ------------------------------------------------------------------- */

static int compare_nodes(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;

	return str_cmp(lineage_id(l, x), lineage_id(l, y));
}

node_id *graph_nodes(const struct lineage *l, const uint8_t *wanted, size_t *n)
{
	node_id *node = mem_alloc(((size_t)l->node_n + 1) * sizeof(*node));

	*n = 0;
	for (node_id i = 1; i < l->node_n; i++)
		if (!wanted || wanted[i])
			node[(*n)++] = i;
	sort_u32(node, *n, compare_nodes, l);
	return node;
}

static bool has_edge(const struct graph_part *part,
		     const struct lineage_edge *e)
{
	return (!part->wanted || part->wanted[e->to]) &&
	       (part->hints || e->certainty != HINT);
}

void graph_write_json(struct session *s, const struct graph_part *part)
{
	const struct lineage *l = s->snap->lineage;
	const struct lineage_edge *e;
	struct json_writer w;
	size_t n;
	node_id *node = graph_nodes(l, part->wanted, &n);
	struct walk_count *count = walk_counts(l);

	output_json(&s->out, &w);
	json_begin_object(&w);
	json_key(&w, "nodes");
	json_begin_array(&w);
	for (size_t i = 0; i < n; i++)
		json_node(&w, l, node[i], &count[node[i]]);
	json_end_array(&w);
	json_key(&w, "edges");
	json_begin_array(&w);
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; (e = lineage_out(l, node[i], k)); k++)
			if (has_edge(part, e))
				graph_json_edge(&w, l, e);
	json_end_array(&w);
	json_end_object(&w);
	output_line(&s->out);
	free(count);
	free(node);
}

/* DOT --------------------------------------------------------------------- */

/*
 * A quoted string of DOT. Inside one a quote ends it unless escaped, and in a
 * label a backslash and an ampersand mean something; what may not reach a
 * terminal is spelled out before.
 */
static void dot_string(struct output *out, struct str raw)
{
	struct safetext safe = safe_text(&out->arena, raw, SAFE_ASCII);

	strbuf_addc(&out->line, '"');
	for (size_t i = 0; i < safe.n; i++) {
		if (safe.p[i] == '"' || safe.p[i] == '\\')
			strbuf_addc(&out->line, '\\');
		strbuf_addc(&out->line, safe.p[i]);
		if (safe.p[i] == '&')
			strbuf_adds(&out->line, "amp;");
	}
	strbuf_addc(&out->line, '"');
	arena_reset(&out->arena);
}

static const char *dot_shape(const struct lineage_node *n)
{
	static const char *const shapes[] = {
		[NODE_PRINCIPAL] = "ellipse", [NODE_KEY] = "note",
		[NODE_SESSION] = "box",       [NODE_COMPUTE] = "component",
		[NODE_ACCOUNT] = "folder",    [NODE_IP] = "diamond",
	};

	return shapes[n->kind];
}

static const char *dot_style(enum certainty certainty)
{
	static const char *const styles[] = {
		[CERTAIN] = "solid",
		[PROBABLE] = "dashed",
		[HINT] = "dotted",
	};

	return styles[certainty];
}

/* Names are n and a number: two ids could look the same once they are safe. */
void graph_write_dot(struct session *s, const struct graph_part *part)
{
	const struct lineage *l = s->snap->lineage;
	const struct lineage_edge *e;
	struct strbuf text;
	size_t n;
	node_id *node = graph_nodes(l, part->wanted, &n);
	size_t *number = mem_zero((size_t)l->node_n + 1, sizeof(*number));

	strbuf_init(&text);
	output_format(&s->out, "digraph lineage {\n\trankdir=LR;\n");
	for (size_t i = 0; i < n; i++) {
		number[node[i]] = i;
		strbuf_clear(&text);
		node_describe(l, node[i], &text);
		strbuf_addf(&s->out.line, "\tn%zu [shape=%s, label=", i,
			    dot_shape(&l->node[node[i]]));
		dot_string(&s->out, strbuf_str(&text));
		strbuf_adds(&s->out.line, ", tooltip=");
		dot_string(&s->out, lineage_id(l, node[i]));
		strbuf_adds(&s->out.line, "];");
		output_line(&s->out);
	}
	for (size_t i = 0; i < n; i++)
		for (uint32_t k = 0; (e = lineage_out(l, node[i], k)); k++) {
			if (!has_edge(part, e))
				continue;
			output_format(&s->out,
				      "\tn%zu -> n%zu [label=\"%s\", "
				      "style=%s];\n",
				      i, number[e->to], edge_kind_name(e->kind),
				      dot_style(e->certainty));
		}
	output_format(&s->out, "}\n");
	strbuf_release(&text);
	free(number);
	free(node);
}

/* Lines ------------------------------------------------------------------- */

void graph_write_node(struct session *s, node_id node)
{
	const struct lineage *l = s->snap->lineage;
	struct strbuf text;

	strbuf_init(&text);
	node_describe(l, node, &text);
	strbuf_adds(&text, "  ");
	strbuf_add(&text, lineage_id(l, node));
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&text);
}

struct tree *graph_tree(const struct session *s, const struct tree_index *x,
			node_id node, bool below, uint32_t lines,
			enum tree_unfolding how)
{
	const struct tree_options options = { .form = TREE_BY_PERSON,
					      .hints = s->o->hints,
					      .below = below,
					      .users = !below,
					      .row = ROW_NONE };
	struct tree *t = tree_new(x, node, &options);

	tree_open_all(t, lines, how);
	return t;
}

static void write_tree_line(struct session *s, const struct tree *t,
			    uint32_t number)
{
	const struct tree_line *line = &t->line[number];
	struct strbuf prefix, text;
	int level;

	strbuf_init(&prefix);
	strbuf_init(&text);
	/* The branches that go on past this line. */
	for (uint32_t up = number; t->line[up].depth > 0;
	     up = t->line[up].parent) {
		bool last = t->line[up].last_child;
		const char *piece = up == number ? (last ? "`- " : "|- ") :
						   (last ? "   " : "|  ");
		struct strbuf joined;

		strbuf_init(&joined);
		strbuf_adds(&joined, piece);
		strbuf_add(&joined, strbuf_str(&prefix));
		strbuf_release(&prefix);
		prefix = joined;
	}
	if (line->edge && lineage_edge_time(t->l, line->edge) != TIME_NONE) {
		time_format(&text, lineage_edge_time(t->l, line->edge),
			    TIME_DATETIME, &s->o->zone);
		strbuf_addc(&text, ' ');
	}
	if (line->verb != VERB_NONE) {
		strbuf_adds(&text, tree_verb_text(line->verb));
		strbuf_addc(&text, ' ');
	}
	tree_describe(t, number, TREE_FULL, &s->o->zone, &text);
	if (line->count && line->first != ROW_NONE) {
		strbuf_adds(&text, "  ");
		tree_line_times(t, number, &s->o->zone, &text);
	}
	strbuf_adds(&text, "  ");
	strbuf_add_count(&text, line->events);
	strbuf_adds(&text, line->events == 1 ? " event" : " events");
	if (line->denied) {
		strbuf_adds(&text, ", ");
		strbuf_add_count(&text, line->denied);
		strbuf_adds(&text, " denied");
	}
	if (line->edge && lineage_hint(t->l, line->edge)) {
		strbuf_adds(&text, "; ");
		lineage_hint_describe(lineage_hint(t->l, line->edge), &text);
	}
	level = line->open ? line->level : line->below;
	if (level >= 0)
		strbuf_addf(&text, ", %s alert", level_name((enum level)level));
	if (line->certainty != CERTAIN)
		strbuf_addf(&text, "  [%s]", certainty_name(line->certainty));
	output_format(&s->out, "%s", prefix.p);
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&prefix);
	strbuf_release(&text);
}

bool graph_write_tree(struct session *s, const struct tree *t)
{
	uint8_t *unfolded = mem_zero(t->l->node_n, 1);
	bool folded = false;

	/* What is reached twice is unfolded once. */
	for (uint32_t i = 0; i < t->shown_n; i++)
		if (t->line[t->shown[i]].open)
			unfolded[t->line[t->shown[i]].node] = 1;
	unfolded[NODE_NONE] = 0;
	for (uint32_t i = 0; i < t->shown_n; i++) {
		const struct tree_line *line = &t->line[t->shown[i]];

		write_tree_line(s, t, t->shown[i]);
		folded = folded ||
			 (line->opens && !line->open && !unfolded[line->node]);
	}
	free(unfolded);
	return folded;
}

void graph_write_folded(struct session *s)
{
	output_format(&s->out, "not all is unfolded: trawl lineage --of ID "
			       "shows one, --unfold everything\n");
}

enum { STEP_INDENT = 2, DEEPEST_INDENT = 16 };

void graph_write_steps(struct session *s, const struct origin *o)
{
	const struct lineage *l = s->snap->lineage;
	struct strbuf text;

	strbuf_init(&text);
	for (uint32_t i = 0; i < o->n; i++) {
		const struct lineage_edge *e = o->step[i].edge;
		strbuf_clear(&text);
		strbuf_addn(&text, ' ',
			    STEP_INDENT * (1 + (i < DEEPEST_INDENT ?
							i :
							DEEPEST_INDENT)));
		if (e) {
			time_format(&text, lineage_edge_time(l, e),
				    TIME_DATETIME, &s->o->zone);
			strbuf_addc(&text, ' ');
		}
		if (e && (e->kind == EDGE_ISSUED || e->kind == EDGE_RUNS_AS)) {
			strbuf_adds(&text,
				    edge_kind_verb((enum edge_kind)e->kind));
			strbuf_addc(&text, ' ');
		}
		link_describe(l, o->step[i].node, e, &text);
		strbuf_adds(&text, "  ");
		strbuf_add(&text, lineage_id(l, o->step[i].node));
		if (e) {
			strbuf_adds(&text, "  ");
			link_evidence(l, e, &text);
		}
		output_text(&s->out, strbuf_str(&text));
		output_format(&s->out, "\n");
	}
	strbuf_release(&text);
}

bool graph_tell_break_glass(const struct session *s, node_id node,
			    struct strbuf *out)
{
	node_id who;
	const struct site_entry *named =
		break_glass_of(s->snap->lineage, &s->snap->site, node, &who);

	if (!named)
		return false;
	node_describe(s->snap->lineage, who, out);
	strbuf_adds(out, " is ");
	break_glass_describe(named, out);
	return true;
}

void graph_json_break_glass(struct json_writer *w, const struct session *s,
			    node_id node)
{
	node_id who;

	if (break_glass_of(s->snap->lineage, &s->snap->site, node, &who))
		json_pair(w, "breakGlass", lineage_id(s->snap->lineage, who));
}

void graph_write_chain(struct session *s, node_id node)
{
	struct origin o;

	origin_of(&o, s->snap->lineage, node);
	graph_write_steps(s, &o);
	origin_release(&o);
}
