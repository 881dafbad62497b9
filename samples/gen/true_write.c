/* SPDX-License-Identifier: MIT */
#include "gen/true_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/json.h"
#include "base/mem.h"
#include "gen/files.h"

struct writer {
	const struct true_graph *g;
	const struct true_story *story;
	struct strbuf out;
	struct strbuf line;
	struct arena arena;
	struct str *list; /* lines that are being gathered */
	size_t list_n, list_cap;
};

static const char *kind_name(enum true_edge_kind kind)
{
	static const char *const names[] = {
#define X(code, name) name,
		TRUE_EDGE_KINDS(X)
#undef X
	};

	return names[kind];
}

static struct str id_of(const struct writer *w, true_id node)
{
	return intern_text(&w->g->ids, node);
}

static bool is_session(const struct writer *w, true_id node)
{
	return str_starts(id_of(w, node), STR("S:"));
}

/* The line that has been written becomes one of the list. */
static void gather(struct writer *w)
{
	w->list = mem_grow(w->list, &w->list_cap, w->list_n + 1,
			   sizeof(*w->list));
	w->list[w->list_n++] = arena_dup(&w->arena, strbuf_str(&w->line));
	strbuf_clear(&w->line);
}

static void gather_id(struct writer *w, true_id node)
{
	json_print_string(&w->line, id_of(w, node));
	gather(w);
}

static void gather_text(struct writer *w, const char *text)
{
	json_print_string(&w->line, str_of(text));
	gather(w);
}

static int by_text(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return strcmp(a->p, b->p);
}

static void sort_list(struct writer *w)
{
	size_t n = 0;

	if (!w->list_n)
		return;
	qsort(w->list, w->list_n, sizeof(*w->list), by_text);
	for (size_t i = 0; i < w->list_n; i++)
		if (i == 0 || !str_eq(w->list[i], w->list[n - 1]))
			w->list[n++] = w->list[i];
	w->list_n = n;
}

static void add_key(struct writer *w, unsigned depth, const char *key)
{
	bool first = w->out.n && w->out.p[w->out.n - 1] == '{';

	strbuf_adds(&w->out, first ? "\n" : ",\n");
	strbuf_addn(&w->out, ' ', depth);
	strbuf_addf(&w->out, "\"%s\": ", key);
}

/* The list, a line each, between brackets of a kind. */
static void add_list(struct writer *w, unsigned depth, const char *key,
		     const char *brackets)
{
	add_key(w, depth, key);
	strbuf_addc(&w->out, brackets[0]);
	for (size_t i = 0; i < w->list_n; i++) {
		strbuf_adds(&w->out, i ? ",\n" : "\n");
		strbuf_addn(&w->out, ' ', depth + 1);
		strbuf_add(&w->out, w->list[i]);
	}
	if (w->list_n) {
		strbuf_addc(&w->out, '\n');
		strbuf_addn(&w->out, ' ', depth);
	}
	strbuf_addc(&w->out, brackets[1]);
	w->list_n = 0;
}

static void add_sorted(struct writer *w, unsigned depth, const char *key,
		       const char *brackets)
{
	sort_list(w);
	add_list(w, depth, key, brackets);
}

static void add_text(struct writer *w, unsigned depth, const char *key,
		     struct str text)
{
	add_key(w, depth, key);
	json_print_string(&w->out, text);
}

static void add_count(struct writer *w, unsigned depth, const char *key,
		      size_t n)
{
	add_key(w, depth, key);
	strbuf_addf(&w->out, "%zu", n);
}

static bool is_firm(const struct true_graph *g, const struct true_edge *open)
{
	for (size_t i = 0; i < g->edge_n; i++) {
		const struct true_edge *e = &g->edge[i];

		if (!e->open && e->kind == open->kind &&
		    e->from == open->from && e->to == open->to)
			return true;
	}
	return false;
}

static void add_edges(struct writer *w, const char *key, bool open)
{
	for (size_t i = 0; i < w->g->edge_n; i++) {
		const struct true_edge *e = &w->g->edge[i];

		if (e->open != open || (open && is_firm(w->g, e)))
			continue;
		strbuf_addf(&w->line, "[\"%s\", ", kind_name(e->kind));
		json_print_string(&w->line, id_of(w, e->from));
		strbuf_adds(&w->line, ", ");
		json_print_string(&w->line, id_of(w, e->to));
		strbuf_adds(&w->line, open ? "]" : ", \"certain\"]");
		gather(w);
	}
	add_sorted(w, 2, key, "[]");
}

/* "ID": */
static void begin_member(struct writer *w, true_id node)
{
	json_print_string(&w->line, id_of(w, node));
	strbuf_adds(&w->line, ": ");
}

static void add_sessions(struct writer *w)
{
	size_t n = 0;

	for (true_id i = 1; i < w->g->ids.count; i++) {
		if (!is_session(w, i))
			continue;
		n++;
		if (!w->g->node[i].session_kind)
			continue;
		begin_member(w, i);
		strbuf_addf(&w->line, "\"%s\"", w->g->node[i].session_kind);
		gather(w);
	}
	add_count(w, 2, "sessions", n);
	add_sorted(w, 2, "kind_of", "{}");
	for (true_id i = 1; i < w->g->ids.count; i++)
		if (is_session(w, i) && !w->g->node[i].parent)
			gather_id(w, i);
	add_sorted(w, 2, "orphans", "[]");
}

/* A key has the origin of its session, or its owner. */
static void add_origins(struct writer *w)
{
	for (true_id i = 1; i < w->g->ids.count; i++) {
		if (!is_session(w, i))
			continue;
		begin_member(w, i);
		json_print_string(&w->line,
				  id_of(w, true_graph_origin(w->g, i)));
		gather(w);
	}
	add_sorted(w, 2, "origin_of", "{}");
}

/* From the origin to the node. */
static void add_chains(struct writer *w)
{
	for (size_t i = 0; i < w->story->chain_n; i++) {
		true_id way[32], node = w->story->chain[i];
		size_t n = 0;

		begin_member(w, node);
		for (; node && n < ARRAY_SIZE(way);
		     node = w->g->node[node].parent)
			way[n++] = node;
		strbuf_addc(&w->line, '[');
		while (n--) {
			json_print_string(&w->line, id_of(w, way[n]));
			strbuf_adds(&w->line, n ? ", " : "]");
		}
		gather(w);
	}
	add_sorted(w, 2, "chain", "{}");
}

/* In whose trails is what came of the roots; and the sessions among it. */
static void add_reach(struct writer *w)
{
	const struct true_graph *g = w->g;

	for (size_t r = 0; r < w->story->incident_n; r++) {
		true_id root = w->story->incident[r].root;
		unsigned seen = 0;
		const char *comma = "";

		for (true_id i = 1; i < g->ids.count; i++)
			if (true_graph_origin(g, i) == root)
				seen |= g->node[i].accounts;
		begin_member(w, root);
		strbuf_addc(&w->line, '[');
		for (size_t a = 0; a < g->account_n; a++) {
			if (!(seen & 1u << a))
				continue;
			strbuf_addf(&w->line, "%s\"%s\"", comma, g->account[a]);
			comma = ", ";
		}
		strbuf_addc(&w->line, ']');
		gather(w);
	}
	add_sorted(w, 2, "accounts_of", "{}");
	for (size_t r = 0; r < w->story->incident_n; r++) {
		true_id root = w->story->incident[r].root;
		const char *comma = "";

		begin_member(w, root);
		strbuf_addc(&w->line, '[');
		for (true_id i = 1; i < g->ids.count; i++) {
			if (!is_session(w, i) ||
			    true_graph_origin(g, i) != root)
				continue;
			strbuf_adds(&w->line, comma);
			json_print_string(&w->line, id_of(w, i));
			comma = ", ";
		}
		strbuf_addc(&w->line, ']');
		gather(w);
	}
	add_sorted(w, 2, "sessions_of", "{}");
}

/* The builder, with all that it came of. */
static void add_builders(struct writer *w)
{
	for (size_t i = 0; i < w->story->built_n; i++) {
		true_id node = w->story->built[i].builder;
		const char *comma = "";

		begin_member(w, w->story->built[i].node);
		strbuf_addc(&w->line, '[');
		for (; node; node = w->g->node[node].parent) {
			strbuf_adds(&w->line, comma);
			json_print_string(&w->line, id_of(w, node));
			comma = ", ";
		}
		strbuf_addc(&w->line, ']');
		gather(w);
	}
	add_sorted(w, 2, "built_by_of", "{}");
}

static void add_responsible(struct writer *w)
{
	for (size_t i = 0; i < w->story->responsible_n; i++) {
		begin_member(w, w->story->responsible[i].node);
		json_print_string(&w->line,
				  id_of(w, w->story->responsible[i].who));
		gather(w);
	}
	add_sorted(w, 2, "responsible_first_of", "{}");
}

static void gather_credentials(struct writer *w, unsigned incident, bool live)
{
	for (true_id i = 1; i < w->g->ids.count; i++) {
		bool key = str_starts(id_of(w, i), STR("K:AKIA"));

		if ((w->g->node[i].incidents & 1u << incident) &&
		    (key || is_session(w, i)) &&
		    true_graph_is_live(w->g, i) == live)
			gather_id(w, i);
	}
}

static void add_incident(struct writer *w, unsigned number)
{
	const struct true_incident *in = &w->story->incident[number - 1];

	strbuf_adds(&w->out, number > 1 ? ",\n  {" : "\n  {");
	add_count(w, 3, "incident", number);
	add_text(w, 3, "title", str_of(in->title));
	add_text(w, 3, "root", id_of(w, in->root));
	for (size_t i = 0; i < TRUE_ADDRESSES_MAX && in->address[i]; i++)
		gather_text(w, in->address[i]);
	add_sorted(w, 3, "addresses", "[]");
	for (true_id i = 1; i < w->g->ids.count; i++)
		if (w->g->node[i].incidents & 1u << number)
			gather_id(w, i);
	add_sorted(w, 3, "identities", "[]");
	gather_credentials(w, number, true);
	add_sorted(w, 3, "live", "[]");
	gather_credentials(w, number, false);
	add_sorted(w, 3, "ended", "[]");
	for (size_t i = 0; i < w->g->event_n; i++)
		if (w->g->event[i].incident == number)
			gather_text(w, w->g->event[i].id);
	add_sorted(w, 3, "events", "[]");
	strbuf_adds(&w->out, "\n  }");
}

static void write_all(struct writer *w)
{
	strbuf_addc(&w->out, '{');
	add_text(w, 1, "id", str_of(w->story->id));
	add_text(w, 1, "title", str_of(w->story->title));
	for (int k = 0; k < TRUE_EDGE_KIND_COUNT; k++)
		gather_text(w, kind_name((enum true_edge_kind)k));
	add_list(w, 1, "complete", "[]");
	add_key(w, 1, "expect");
	strbuf_addc(&w->out, '{');
	add_count(w, 2, "events_kept", w->g->records);
	add_edges(w, "edges", false);
	add_edges(w, "open_edges", true);
	add_sessions(w);
	add_origins(w);
	add_chains(w);
	add_reach(w);
	add_builders(w);
	add_responsible(w);
	strbuf_adds(&w->out, "\n }");
	add_key(w, 1, "incidents");
	strbuf_addc(&w->out, '[');
	for (unsigned i = 1; i <= w->story->incident_n; i++)
		add_incident(w, i);
	strbuf_adds(&w->out, "\n ]\n}\n");
}

enum err_code true_graph_write(const struct true_graph *g,
			       const struct true_story *story, const char *path,
			       struct err *err)
{
	struct writer w = { .g = g, .story = story };
	enum err_code rc;

	strbuf_init(&w.out);
	strbuf_init(&w.line);
	arena_init(&w.arena);
	write_all(&w);
	rc = files_check_json(strbuf_str(&w.out), err);
	if (rc == ERR_OK)
		rc = files_write(path, strbuf_str(&w.out), err);
	free(w.list);
	strbuf_release(&w.out);
	strbuf_release(&w.line);
	arena_release(&w.arena);
	return rc;
}
