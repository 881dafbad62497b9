/* SPDX-License-Identifier: MIT */
/* A graph that is kept: what is restored is what was saved, and what does not
 * hold together is refused. */
#include "lineage_rules_help.h"

#include <unistd.h>

#include "base/pack.h"
#include "identity/lineage_pack.h"

#define CLI  "aws-cli/2.17.0 os/linux#6.8"
#define HERE "198.51.100.30"
#define ANN  USER("ann", "AKIAANN0000000000001")
#define OPS  ROLE("Ops", "ann", "06:00:00", "ASIAOPS0000000000001")
#define WEB_ROLE \
	ROLE_MORE("Web", "x", "06:05:00", "ASIAWEB0000000000001", IMDS("2.0"))

static void make_graph(struct graph *g)
{
	struct small_world w;

	small_begin(&w);
	add_event(&w, 1, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  ASSUME("Ops", "ann", "ASIAOPS0000000000001"));
	add_event(&w, 2, "06:01:00", OPS, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 3, "06:06:00", WEB_ROLE, "s3:ListBuckets", HERE, CLI, "");
	graph_of(g, w.record, w.n);
	small_end(&w);
}

/* Saves a graph and restores it over the same store; NULL when refused. */
static struct lineage *through_pack(const struct lineage *l)
{
	static const struct hash_key key = { 1, 2 };
	static const struct pack_mark mark = { { 3, 4 }, { 5, 6 } };
	char path[] = "/tmp/trawl-graph-XXXXXX";
	int fd = mkstemp(path);
	struct lineage *restored;
	struct pack_writer *w;
	struct pack *p;

	assert_true(fd >= 0);
	unlink(path);
	w = pack_create(fd, key, mark, NULL);
	lineage_save(l, w);
	assert_true(pack_finish(w));
	p = pack_open(fd, key, mark, 1);
	assert_non_null(p);
	restored = lineage_restore(l->store, p, 1);
	pack_close(p);
	close(fd);
	return restored;
}

static void what_was_saved(void **state)
{
	struct strbuf before, after;
	struct lineage *l;
	struct graph g;

	(void)state;
	make_graph(&g);
	l = through_pack(g.lineage);
	assert_non_null(l);
	strbuf_init(&before);
	strbuf_init(&after);
	graph_dump(&before, g.lineage);
	graph_dump(&after, l);
	assert_true(str_eq(strbuf_str(&before), strbuf_str(&after)));
	strbuf_release(&before);
	strbuf_release(&after);
	lineage_free(l);
	graph_release(&g);
}

static node_id nth_session(const struct lineage *l, unsigned n)
{
	for (node_id i = 1; i < l->node_n; i++)
		if (l->node[i].kind == NODE_SESSION && n-- == 0)
			return i;
	return NODE_NONE;
}

/* Ways in which attributes and sessions do not go together. */
static void spoil(struct lineage *l, unsigned how)
{
	struct lineage_node *a = &l->node[nth_session(l, 0)];
	struct lineage_node *b = &l->node[nth_session(l, 1)];
	struct lineage_node *key =
		&l->node[node_of(l, "K:ASIAOPS0000000000001")];
	struct session_attributes *of = &l->session[a->session];
	uint32_t number = a->session;

	switch (how) {
	case 0: /* a session of which nothing is known */
		a->session = 0;
		break;
	case 1: /* a key that is known as a session */
		key->session = number;
		break;
	case 2: /* two that are known as one */
		b->session = number;
		break;
	case 3: /* each as the other */
		a->session = b->session;
		b->session = number;
		break;
	case 4:
		a->session = l->session_n;
		break;
	case 5:
		key->session_kind = SESSION_CONSOLE;
		break;
	case 6: /* attributes of nobody */
		l->session_n--;
		break;
	case 7:
		of->mfa = MFA_YES + 1;
		break;
	case 8:
		of->delivery = 4;
		break;
	case 9:
		of->console_token = 2;
		break;
	case 10:
		of->source_identity = l->texts.count;
		break;
	default:
		of->portal = UINT32_MAX;
	}
}

static void what_does_not_hold(void **state)
{
	(void)state;
	for (unsigned how = 0; how < 12; how++) {
		struct lineage *l;
		struct graph g;

		make_graph(&g);
		assert_int_equal(g.lineage->session_n, 3);
		spoil(g.lineage, how);
		l = through_pack(g.lineage);
		check(l == NULL, "spoilt in way %u, and taken", how);
		graph_release(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_saved),
		cmocka_unit_test(what_does_not_hold),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
