/* SPDX-License-Identifier: MIT */
/*
 * An organization for a week: what its true graph is asked about, and what
 * is delivered.
 */
#include "gen/org.h"
#include "gen/sets.h"
#include "gen/true_write.h"

int64_t org_at(struct scene *sc, int day, const char *clock)
{
	sc->date = org_dates[day];
	return scene_at(sc, clock);
}

static true_id node_of(struct scene *sc, const char *label)
{
	return true_graph_caller(sc->graph, scene_find(sc, label));
}

static true_id role_of(struct scene *sc, const char *label)
{
	return true_graph_node(sc->graph,
			       "P:", str_of(scene_find(sc, label)->who->arn));
}

static struct true_story tell(struct scene *sc, true_id pipeline_work,
			      true_id pipeline_security)
{
	struct true_graph *g = sc->graph;
	true_id last_key = true_graph_node(
		g, "K:", str_of(scene_find(sc, "thief 4")->key));

	return (struct true_story){
		.id = "org",
		.title = "an organization for a week, and two intruders",
		.incident = {
			{ "a sign-in that was phished, four hops, a door left "
			  "open",
			  node_of(sc, "thief portal"),
			  { ORG_THIEF, ORG_THIEF_KEYS, ORG_THIEF_ABROAD } },
			{ "a leaked key, and a token that outlives it",
			  role_of(sc, "shipper"),
			  { ORG_LEAK } },
		},
		.incident_n = 2,
		.chain = { last_key, node_of(sc, "thief 4"),
			   node_of(sc, "thief 5"), node_of(sc, "backdoor 1"),
			   node_of(sc, "cache 2"), node_of(sc, "leak token"),
			   node_of(sc, "scanner work"),
			   node_of(sc, "web shell"),
			   node_of(sc, "orders night"),
			   node_of(sc, "sergei work"),
			   node_of(sc, "nils token") },
		.chain_n = 11,
		.built = { { node_of(sc, "web shell"), pipeline_work },
			   { node_of(sc, "orders night"), pipeline_work },
			   { node_of(sc, "scanner"), pipeline_security } },
		.built_n = 3,
		.responsible = { { node_of(sc, "orders night"),
				   node_of(sc, "thief portal") },
				 { node_of(sc, "cache 2"),
				   node_of(sc, "thief portal") } },
		.responsible_n = 2,
	};
}

static enum err_code deliver(struct scene *sc, const struct true_story *story,
			     const char *folder, struct err *err)
{
	struct delivery d = {
		.folder = scene_format(sc, "%s/org", folder),
		.name = "org",
		.duplicates = 6,
		.slot = 3 * HOUR,
	};
	enum err_code rc = scene_deliver(sc, &d, err);

	if (rc == ERR_OK)
		rc = scene_write_lists(folder, "org", strbuf_str(&sc->truth),
				       strbuf_str(&sc->older), err);
	if (rc == ERR_OK)
		rc = true_graph_write(
			sc->graph, story,
			scene_format(sc, "%s/org.truth.json", folder), err);
	return rc;
}

enum err_code set_org(const char *folder, struct err *err)
{
	true_id pipeline_work, pipeline_security;
	struct true_graph graph;
	struct true_story story;
	struct scene sc;
	enum err_code rc;

	true_graph_init(&graph);
	true_graph_account(&graph, ORG_MANAGEMENT);
	true_graph_account(&graph, ORG_WORKLOAD);
	true_graph_account(&graph, ORG_SECURITY);
	scene_begin(&sc, "org", org_dates[0], ORG_HOME);
	sc.graph = &graph;
	org_cast(&sc);
	org_platform(&sc);
	pipeline_work = node_of(&sc, "pipeline work");
	pipeline_security = node_of(&sc, "pipeline security");
	org_machines(&sc);
	org_people(&sc);
	org_theft(&sc);
	org_leak(&sc);
	story = tell(&sc, pipeline_work, pipeline_security);
	rc = deliver(&sc, &story, folder, err);
	scene_end(&sc);
	true_graph_release(&graph);
	return rc;
}
