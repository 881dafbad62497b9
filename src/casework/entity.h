/* SPDX-License-Identifier: MIT */
/*
 * entity.h - whatever a page can be about
 *
 * An identity of the graph (principal, session, key, machine), an account, an
 * address; a value that events have: a user agent, an API, a service, a
 * region, an error; a resource, by its ARN or name. It is named by an id of
 * the graph, by `FIELD:VALUE` as filters write it (`userAgent:curl/8.5`), or
 * by the value alone, looked for in that order.
 *
 * Which rows have a resource is in their records: entity_plan says how to ask.
 *
 * Layer: casework. Ownership: the entity has its texts. Threads: any.
 */
#ifndef TRAWL_ENTITY_H
#define TRAWL_ENTITY_H

#include "casework/investigation.h"
#include "query/plan.h"

enum entity_kind {
	ENTITY_NONE,
	ENTITY_NODE,     /* of the graph */
	ENTITY_VALUE,    /* of a column */
	ENTITY_RESOURCE, /* by name or ARN */
};

struct entity {
	enum entity_kind kind;
	node_id node;             /* of ENTITY_NODE */
	enum event_column column; /* of ENTITY_VALUE */
	uint32_t value;           /* likewise */
	struct strbuf name;       /* finds it again, in any snapshot */
};

void entity_init(struct entity *e);
void entity_release(struct entity *e);

/*
 * ERR_USAGE when nothing in the evidence is called that, or several
 * identities are; a resource is believed until its rows were asked for.
 * `words` may be its name.
 */
ATTR_NODISCARD enum err_code entity_find(struct entity *e,
					 const struct snapshot *snap,
					 struct str words, struct err *err);
/* Of a node. */
void entity_of_node(struct entity *e, const struct lineage *l, node_id node);

/* Its rows; `out` is overwritten. Not of a resource. */
void entity_rows(const struct entity *e, const struct snapshot *snap,
		 struct rowset *out);
/* How to ask for the rows of a resource. */
ATTR_NODISCARD enum err_code entity_plan(const struct entity *e,
					 struct plan **out, struct err *err);

/* What it is, in a word: "user agent", "API", "principal". */
const char *entity_word(const struct entity *e, const struct lineage *l);
/* Adds what it is and its value, raw: "user eve", "API iam CreateUser". */
void entity_describe(const struct entity *e, const struct snapshot *snap,
		     struct strbuf *out);

#endif /* TRAWL_ENTITY_H */
