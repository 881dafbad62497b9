/* SPDX-License-Identifier: MIT */
/*
 * Worked examples of who became whom, one a file in tests/data/lineage: its
 * records, and what the graph of them has to hold. Each is also loaded
 * backwards, shuffled, cut into files and doubled: the graph must be the same.
 *
 * The folder `lineage` in TRAWL_REAL_DATA holds more of them, where it is there.
 */
#include "lineage_world.h"

#include <sys/stat.h>

#include "base/json.h"
#include "base/timefmt.h"
#include "identity/question.h"
#include "identity/walk.h"

static const char *case_name;
static unsigned wrong; /* expectations that do not hold */

#define expect_that(condition, ...)                         \
	do {                                                \
		if (!(condition)) {                         \
			fprintf(stderr, "%s: ", case_name); \
			fprintf(stderr, __VA_ARGS__);       \
			fputc('\n', stderr);                \
			wrong++;                            \
		}                                           \
	} while (0)

/* Expectations ------------------------------------------------------------ */

static struct str item(const struct json *array, unsigned i)
{
	const struct json *v = array->child;

	while (v && i--)
		v = v->next;
	return v ? v->text : STR_NULL;
}

static void check_edges(const struct lineage *l, const struct json *edges)
{
	for (const struct json *v = edges->child; v; v = v->next) {
		struct str kind = item(v, 0), from = item(v, 1),
			   to = item(v, 2), certainty = item(v, 3);
		const struct lineage_edge *e = find_edge(l, kind, from, to);

		expect_that(e, "no edge %.*s %.*s -> %.*s", STR_ARG(kind),
			    STR_ARG(from), STR_ARG(to));
		if (e)
			expect_that(str_eq(certainty, str_of(certainty_name(
							      e->certainty))),
				    "%.*s %.*s -> %.*s is %s", STR_ARG(kind),
				    STR_ARG(from), STR_ARG(to),
				    certainty_name(e->certainty));
	}
}

static void check_no_edges(const struct lineage *l, const struct json *edges)
{
	for (const struct json *v = edges->child; v; v = v->next)
		expect_that(!find_edge(l, item(v, 0), item(v, 1), item(v, 2)),
			    "an edge %.*s %.*s -> %.*s", STR_ARG(item(v, 0)),
			    STR_ARG(item(v, 1)), STR_ARG(item(v, 2)));
}

static node_id named(const struct lineage *l, struct str id)
{
	node_id n = lineage_node(l, id);

	expect_that(n, "no node %.*s", STR_ARG(id));
	return n;
}

static void check_origins(const struct lineage *l, const struct json *origins)
{
	for (const struct json *v = origins->child; v; v = v->next) {
		enum certainty certainty;
		node_id n = named(l, v->key), origin;

		if (!n)
			continue;
		origin = lineage_origin(l, n, &certainty);
		expect_that(str_eq(lineage_id(l, origin), v->text),
			    "the origin of %.*s is %.*s", STR_ARG(v->key),
			    STR_ARG(lineage_id(l, origin)));
	}
}

/* From the origin down to the node. */
static void check_chains(const struct lineage *l, const struct json *chains)
{
	for (const struct json *v = chains->child; v; v = v->next) {
		node_id n = named(l, v->key);

		for (unsigned i = v->n; n && i-- > 0;) {
			const struct lineage_edge *e = lineage_parent(l, n);

			expect_that(str_eq(lineage_id(l, n), item(v, i)),
				    "the chain has %.*s for %.*s",
				    STR_ARG(lineage_id(l, n)),
				    STR_ARG(item(v, i)));
			expect_that((e != NULL) == (i > 0),
				    "the chain ends elsewhere");
			if (e)
				n = lineage_other_end(e, n);
		}
	}
}

static void check_kinds(const struct lineage *l, const struct json *kinds)
{
	for (const struct json *v = kinds->child; v; v = v->next) {
		node_id n = named(l, v->key);

		if (n)
			expect_that(str_eq(v->text,
					   str_of(session_kind_name(
						   l->node[n].session_kind))),
				    "%.*s is %s", STR_ARG(v->key),
				    session_kind_name(l->node[n].session_kind));
	}
}

/* recipientAccountIds of all events whose origin is the node. */
static void check_accounts(const struct lineage *l, const struct json *accounts)
{
	const struct store *s = l->store;

	for (const struct json *v = accounts->child; v; v = v->next) {
		node_id n = named(l, v->key);

		for (const struct json *a = v->child; n && a; a = a->next) {
			bool found = false;

			for (row_id r = 0; r < s->n; r++) {
				enum certainty c;

				found |= lineage_origin(l, l->acting[r], &c) ==
						 n &&
					 str_eq(store_text(s, EVENT_ACCOUNT, r),
						a->text);
			}
			expect_that(found, "%.*s was not in %.*s",
				    STR_ARG(v->key), STR_ARG(a->text));
		}
	}
}

static unsigned issuers(const struct lineage *l, node_id n)
{
	const struct lineage_edge *e;
	unsigned found = 0;

	for (uint32_t i = 0; (e = lineage_in(l, n, i)); i++)
		found += e->kind == EDGE_ISSUED;
	return found;
}

static void check_issuers(const struct lineage *l, const struct json *counts)
{
	for (const struct json *v = counts->child; v; v = v->next) {
		node_id n = named(l, v->key);
		uint64_t want;

		assert_true(str_to_u64(v->text, &want));
		if (n)
			expect_that(issuers(l, n) == want,
				    "%.*s has %u issuers", STR_ARG(v->key),
				    issuers(l, n));
	}
}

static void check_count(const char *what, const struct json *v, uint64_t n)
{
	uint64_t want;

	assert_true(str_to_u64(v->text, &want));
	expect_that(n == want, "%s is %u", what, (unsigned)n);
}

static uint64_t count_sessions(const struct lineage *l, bool orphans)
{
	uint64_t found = 0;

	for (node_id n = 1; n < l->node_n; n++)
		found += l->node[n].kind == NODE_SESSION &&
			 (!orphans || (!issuers(l, n) &&
				       l->node[n].session_kind != SESSION_FAS));
	return found;
}

/* What has to be revoked: "kind node", and of gifts their id, of policies whom
 * they let in. */
static void check_revoke(const struct lineage *l, const struct json *nodes)
{
	const struct question q = { .at = TIME_NONE };

	for (const struct json *v = nodes->child; v; v = v->next) {
		node_id n = named(l, v->key);
		struct strbuf text, want;
		struct revocation r;

		if (!n)
			continue;
		strbuf_init(&text);
		strbuf_init(&want);
		revocation_of(&r, l, &n, 1, &q);
		for (uint32_t i = 0; i < r.n; i++) {
			const struct credential *c = &r.credential[i];

			strbuf_addf(&text, "%s %.*s",
				    credential_kind_name(c->kind),
				    STR_ARG(lineage_id(l, c->node)));
			if (c->id.n)
				strbuf_addf(&text, " %.*s", STR_ARG(c->id));
			if (c->other)
				strbuf_addf(&text, " %.*s",
					    STR_ARG(lineage_id(l, c->other)));
			strbuf_adds(&text,
				    c->rewritten ? " rewritten; " : "; ");
		}
		for (const struct json *x = v->child; x; x = x->next)
			strbuf_addf(&want, "%.*s; ", STR_ARG(x->text));
		expect_that(str_eq(strbuf_str(&text), strbuf_str(&want)),
			    "of %.*s to revoke: %s", STR_ARG(v->key), text.p);
		revocation_release(&r);
		strbuf_release(&text);
		strbuf_release(&want);
	}
}

/* How many edges of a kind there are. */
static void check_edge_counts(const struct lineage *l,
			      const struct json *counts)
{
	for (const struct json *v = counts->child; v; v = v->next) {
		unsigned found = 0;
		uint64_t want;

		for (uint32_t i = 0; i < l->edge_n; i++)
			found += str_eq(v->key, str_of(edge_kind_name(
							l->edge[i].kind)));
		assert_true(str_to_u64(v->text, &want));
		expect_that(found == want, "%u edges are %.*s", found,
			    STR_ARG(v->key));
	}
}

/* When a session expires, or "". */
static void check_expiry(const struct lineage *l, const struct json *sessions)
{
	for (const struct json *v = sessions->child; v; v = v->next) {
		node_id n = named(l, v->key);
		struct lineage_session s;
		int64_t want = v->text.n ? time_parse(v->text, NULL) :
					   TIME_NONE;

		if (n)
			expect_that(lineage_session(l, n, &s) &&
					    s.expires == want,
				    "%.*s does not expire at %.*s",
				    STR_ARG(v->key), STR_ARG(v->text));
	}
}

/* ended_at: node -> time -> why its credentials no longer work then, or "". */
static void check_ended(const struct lineage *l, const struct json *nodes)
{
	for (const struct json *v = nodes->child; v; v = v->next) {
		node_id n = named(l, v->key);

		for (const struct json *at = v->child; at; at = at->next) {
			struct lineage_end end;
			bool ended = lineage_ended(
				l, n, time_parse(at->key, NULL), &end);
			const char *why = ended ? end_kind_text(end.kind) : "";

			expect_that(str_eq(at->text, str_of(why)),
				    "%.*s at %.*s: \"%s\"", STR_ARG(v->key),
				    STR_ARG(at->key), why);
		}
	}
}

/* acting_of: eventID -> the node that acted in it. */
static void check_acting(const struct lineage *l, const struct json *acting)
{
	for (const struct json *v = acting->child; v; v = v->next) {
		row_id row = store_find_id(l->store, v->key, ROW_NONE);

		expect_that(row != ROW_NONE, "no event %.*s", STR_ARG(v->key));
		if (row != ROW_NONE)
			expect_that(str_eq(lineage_id(l, l->acting[row]),
					   v->text),
				    "%.*s acted in %.*s",
				    STR_ARG(lineage_id(l, l->acting[row])),
				    STR_ARG(v->key));
	}
}

static void check_no_nodes(const struct lineage *l, const struct json *nodes)
{
	for (const struct json *v = nodes->child; v; v = v->next)
		expect_that(!lineage_node(l, v->text), "a node %.*s",
			    STR_ARG(v->text));
}

/* Who may be behind a node, no alerts being known: "node via", the most likely
 * first. Those who built it long before are asked for by another key. */
static void check_suspects(const struct lineage *l, const struct json *suspects,
			   bool built)
{
	const struct question q = { .hints = true, .at = TIME_NONE };

	for (const struct json *v = suspects->child; v; v = v->next) {
		node_id n = named(l, v->key);
		struct suspects found;
		struct strbuf text, want;

		if (!n)
			continue;
		strbuf_init(&text);
		strbuf_init(&want);
		suspects_of(&found, l, n, &q);
		for (const struct json *x = v->child; x; x = x->next)
			strbuf_addf(&want, "%.*s; ", STR_ARG(x->text));
		for (uint32_t i = 0;
		     i < (built ? found.built_by_n : found.responsible_n);
		     i++) {
			const struct suspect *x = built ? &found.built_by[i] :
							  &found.responsible[i];

			strbuf_addf(&text, "%.*s %s; ",
				    STR_ARG(lineage_id(l, x->node)),
				    edge_kind_name(x->edge->kind));
		}
		expect_that(str_eq(strbuf_str(&text), strbuf_str(&want)),
			    "behind %.*s: %s", STR_ARG(v->key), text.p);
		suspects_release(&found);
		strbuf_release(&text);
		strbuf_release(&want);
	}
}

static void check_first_suspects(const struct lineage *l,
				 const struct json *suspects)
{
	const struct question q = { .at = TIME_NONE };

	for (const struct json *v = suspects->child; v; v = v->next) {
		node_id n = named(l, v->key);
		struct suspects found;

		if (!n)
			continue;
		suspects_of(&found, l, n, &q);
		expect_that(
			found.responsible_n &&
				str_eq(lineage_id(l, found.responsible[0].node),
				       v->text),
			"%.*s is not first behind %.*s", STR_ARG(v->text),
			STR_ARG(v->key));
		suspects_release(&found);
	}
}

static void check_expectations(const struct lineage *l,
			       const struct json *expect)
{
	for (const struct json *v = expect->child; v; v = v->next) {
		if (str_eq(v->key, STR("edges")))
			check_edges(l, v);
		else if (str_eq(v->key, STR("no_edges")))
			check_no_edges(l, v);
		else if (str_eq(v->key, STR("no_nodes")))
			check_no_nodes(l, v);
		else if (str_eq(v->key, STR("origin_of")))
			check_origins(l, v);
		else if (str_eq(v->key, STR("chain")))
			check_chains(l, v);
		else if (str_eq(v->key, STR("kind_of")))
			check_kinds(l, v);
		else if (str_eq(v->key, STR("accounts_of")))
			check_accounts(l, v);
		else if (str_eq(v->key, STR("issuers_of")))
			check_issuers(l, v);
		else if (str_eq(v->key, STR("behind")))
			check_suspects(l, v, false);
		else if (str_eq(v->key, STR("builders")))
			check_suspects(l, v, true);
		else if (str_eq(v->key, STR("responsible_first_of")))
			check_first_suspects(l, v);
		else if (str_eq(v->key, STR("revoke_of")))
			check_revoke(l, v);
		else if (str_eq(v->key, STR("edge_counts")))
			check_edge_counts(l, v);
		else if (str_eq(v->key, STR("expires_of")))
			check_expiry(l, v);
		else if (str_eq(v->key, STR("ended_at")))
			check_ended(l, v);
		else if (str_eq(v->key, STR("acting_of")))
			check_acting(l, v);
		else if (str_eq(v->key, STR("orphans")))
			check_count("orphans", v, count_sessions(l, true));
		else if (str_eq(v->key, STR("sessions")))
			check_count("sessions", v, count_sessions(l, false));
		else if (str_eq(v->key, STR("events_kept")))
			check_count("events_kept", v, l->store->n);
		else /* "alerts" are for tests/data/check_real.sh */
			expect_that(str_eq(v->key, STR("alerts")),
				    "an expectation %.*s", STR_ARG(v->key));
	}
}

/* Cases ------------------------------------------------------------------- */

struct lineage_case {
	struct strbuf text;
	const struct json *expect;
	struct world world;
};

static void read_file(struct strbuf *out, const char *path)
{
	FILE *f = fopen(path, "rb");
	char buf[4096];
	size_t n;

	check(f, "%s cannot be opened", path);
	while ((n = fread(buf, 1, sizeof(buf), f)))
		strbuf_add(out, (struct str){ buf, n });
	fclose(f);
}

static void case_read(struct lineage_case *c, const char *path)
{
	struct world *w = &c->world;
	struct err err = ERR_INIT;
	const struct json *v;

	strbuf_init(&c->text);
	arena_init(&w->arena);
	w->n = 0;
	read_file(&c->text, path);
	v = json_read(&w->arena, strbuf_str(&c->text), &err);
	check(v, "%s: %s", path, err.msg);
	c->expect = json_member(v, STR("expect"));
	check(c->expect && c->expect->n, "%s expects nothing", path);
	v = json_member(v, STR("records"));
	check(v && v->n && v->n <= WORLD_MOST, "%s has no records", path);
	for (v = v->child; v; v = v->next) {
		struct strbuf record;

		strbuf_init(&record);
		json_print(&record, v);
		w->record[w->n++] = arena_dup(&w->arena, strbuf_str(&record));
		strbuf_release(&record);
	}
}

static void case_release(struct lineage_case *c)
{
	strbuf_release(&c->text);
	arena_release(&c->world.arena);
}

/* The records in some order, some of them twice, over some files. */
static void graph_of_mix(struct graph *g, const struct world *w, struct rng *r)
{
	uint32_t order[2 * WORLD_MOST], n = 0;
	struct strbuf text[3];
	struct folder f;
	const char *path = f.path;

	for (uint32_t i = 0; i < w->n; i++)
		order[n++] = i;
	for (uint32_t i = 0; i < w->n; i++)
		if (rng_one_in(r, 2))
			order[n++] = i;
	rng_shuffle(r, order, n);
	for (int k = 0; k < 3; k++)
		strbuf_init(&text[k]);
	for (uint32_t i = 0; i < n; i++) {
		struct strbuf *to = &text[rng_below(r, 3)];

		strbuf_add(to, w->record[order[i]]);
		strbuf_addc(to, '\n');
	}
	folder_make(&f);
	put_file(&f, "a.json", strbuf_str(&text[0]));
	put_file(&f, "b.json", strbuf_str(&text[1]));
	put_file(&f, "c.json", strbuf_str(&text[2]));
	graph_of_paths(g, &path, 1, 1 + rng_below(r, 3));
	folder_remove(&f);
	for (int k = 0; k < 3; k++)
		strbuf_release(&text[k]);
}

static void run_case(const char *path)
{
	struct lineage_case c;
	struct strbuf first, text;
	struct rng r = { 1 };
	struct graph g;

	case_read(&c, path);
	strbuf_init(&first);
	strbuf_init(&text);
	graph_of(&g, c.world.record, c.world.n);
	graph_check(g.lineage);
	check_expectations(g.lineage, c.expect);
	graph_dump(&first, g.lineage);
	graph_release(&g);
	for (int i = 0; i < 8; i++) {
		strbuf_clear(&text);
		graph_of_mix(&g, &c.world, &r);
		graph_check(g.lineage);
		graph_dump(&text, g.lineage);
		if (!str_eq(strbuf_str(&text), strbuf_str(&first)))
			fprintf(stderr, "%s: another order\n%s---\n%s", path,
				first.p, text.p);
		assert_true(str_eq(strbuf_str(&text), strbuf_str(&first)));
		graph_release(&g);
	}
	strbuf_release(&first);
	strbuf_release(&text);
	case_release(&c);
}

static int is_case(const struct dirent *d)
{
	return str_ends(str_of(d->d_name), STR(".json"));
}

static void run_folder(const char *folder)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, is_case, alphasort);

	check(n > 0, "no cases in %s", folder);
	for (int i = 0; i < n; i++) {
		struct strbuf path;

		strbuf_init(&path);
		strbuf_addf(&path, "%s/%s", folder, list[i]->d_name);
		case_name = list[i]->d_name;
		run_case(path.p);
		strbuf_release(&path);
		free(list[i]);
	}
	free(list);
	assert_int_equal(wrong, 0);
}

static void cases(void **state)
{
	const char *source = getenv("TRAWL_SOURCE_DIR");
	struct strbuf folder;

	(void)state;
	strbuf_init(&folder);
	strbuf_addf(&folder, "%s/tests/data/lineage", source ? source : ".");
	run_folder(folder.p);
	strbuf_release(&folder);
}

static void other_cases(void **state)
{
	const char *data = getenv("TRAWL_REAL_DATA");
	struct strbuf folder;
	struct stat st;

	(void)state;
	strbuf_init(&folder);
	strbuf_addf(&folder, "%s/lineage", data ? data : "");
	if (!data || stat(folder.p, &st)) {
		puts("SKIP other_cases: no folder with worked examples");
		strbuf_release(&folder);
		skip();
	}
	run_folder(folder.p);
	strbuf_release(&folder);
}

/* Random worlds ----------------------------------------------------------- */

/* Each climb ends, and ends where climbing goes on nowhere, or in a cycle. */
static void check_climbs(const struct lineage *l)
{
	for (node_id n = 1; n < l->node_n; n++) {
		enum certainty certainty;
		node_id origin = lineage_origin(l, n, &certainty);

		assert_int_not_equal(origin, NODE_NONE);
		assert_in_range(certainty, CERTAIN, HINT);
		if (!lineage_parent(l, n)) {
			assert_int_equal(origin, n);
			assert_int_equal(certainty, CERTAIN);
		}
	}
}

static void random_worlds(void **state)
{
	struct rng r = { 2026 };

	(void)state;
	for (int world = 0; world < 150; world++) {
		struct world w;
		struct strbuf first, text;
		struct graph g;

		world_make(&w, &r);
		strbuf_init(&first);
		strbuf_init(&text);
		graph_of(&g, w.record, w.n);
		graph_check(g.lineage);
		check_climbs(g.lineage);
		graph_dump(&first, g.lineage);
		graph_release(&g);
		for (int i = 0; i < 3; i++) {
			strbuf_clear(&text);
			graph_of_mix(&g, &w, &r);
			graph_dump(&text, g.lineage);
			check(str_eq(strbuf_str(&text), strbuf_str(&first)),
			      "world %d\n%s---\n%s", world, first.p, text.p);
			graph_release(&g);
		}
		strbuf_release(&first);
		strbuf_release(&text);
		arena_release(&w.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases),
		cmocka_unit_test(other_cases),
		cmocka_unit_test(random_worlds),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
