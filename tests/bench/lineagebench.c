/* SPDX-License-Identifier: MIT */
/*
 * lineagebench.c - what the lineage costs: usage: lineagebench plain|lineage
 * PATH... Loads without rules, and with `lineage` collects the facts and
 * builds the graph as well. Prints nothing but a line of figures; time and
 * peak memory of the process are measured from outside.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "identity/lineage.h"
#include "ingest/ingest.h"
#include "store/builder.h"

int main(int argc, char **argv)
{
	struct ingest_options options = {
		.path = (const char *const *)argv + 2,
		.path_n = argc > 2 ? (size_t)argc - 2 : 0,
		.limits = LIMITS_DEFAULT,
	};
	bool wanted = argc > 1 && strcmp(argv[1], "lineage") == 0;
	struct lineage *l = NULL;
	struct ingest *in;
	struct facts facts;
	size_t noted;
	struct store *s;
	row_id *row_of;
	struct err err;

	if (argc < 3) {
		fprintf(stderr, "usage: lineagebench plain|lineage PATH...\n");
		return 2;
	}
	json_init();
	facts_init(&facts);
	if (wanted)
		options.visitor[options.visitor_n++] = fact_visitor(&facts);
	if (ingest_new(&in, &options, &err) ||
	    ingest_find(in, NULL, NULL, &err)) {
		fprintf(stderr, "lineagebench: %s\n", err.msg);
		return 1;
	}
	ingest_run(in, NULL, NULL);
	s = builder_publish(ingest_builder(in), PUBLISH_LAST, &row_of);
	noted = facts.n;
	if (wanted)
		l = lineage_build_last(s, &facts, row_of);
	printf("%u events, %u nodes, %u edges, %zu facts\n", s->n,
	       l ? l->node_n - 1 : 0, l ? l->edge_n : 0, noted);
	lineage_free(l);
	free(row_of);
	store_release(s);
	ingest_free(in);
	facts_release(&facts);
	return 0;
}
