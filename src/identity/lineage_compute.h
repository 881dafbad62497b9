/* SPDX-License-Identifier: MIT */
/*
 * lineage_compute.h - machines by what their sessions can be told by
 *
 * Filled from the facts (lineage_compute.c), asked for the sessions
 * (lineage_machine.c): by the names that a service gives sessions, by the role
 * that the machine was given, by a function's name.
 *
 * Layer: identity, inside.
 */
#ifndef TRAWL_LINEAGE_COMPUTE_H
#define TRAWL_LINEAGE_COMPUTE_H

#include "identity/lineage_private.h"

/* A function that had a role, at the time of a row. */
struct role_user {
	uint32_t role; /* in machines.roles */
	row_id row;
	node_id node;
};

/* RunInstances that made one instance. */
struct made {
	uint64_t request; /* hash of its requestID */
	node_id node;     /* NODE_SEVERAL: more than one */
};

struct machines {
	struct lineage_maker *m;
	/* Texts to nodes: numbers there index node[]; NODE_SEVERAL where
	 * several have the same. */
	struct text_nodes {
		struct intern texts;
		node_id *node;
		size_t cap;
	} named, functions, sole;
	struct intern roles;
	struct role_user *user; /* functions alone; by role, row once sorted */
	size_t user_n, user_cap;
	struct made *made; /* by request once sorted */
	size_t made_n, made_cap;
	/* What ran the last session of a name, by the name's number in the
	 * facts' strings: most of them come again. */
	struct ran {
		uint32_t service, role, region;
		node_id node;
	} * ran;
};

#define NODE_SEVERAL UINT32_MAX

void machines_init(struct machines *x, struct lineage_maker *m);
void machines_release(struct machines *x);

/* Its service names sessions of it so; nothing for an empty name. */
void machines_name(struct machines *x, struct str name, node_id node);
/* It has a role: an ARN, or a name in the account of the row. */
void machines_give_role(struct machines *x, node_id node, struct str role,
			row_id row);
/* It was made by a request, whose requestID has that hash. */
void machines_add_made(struct machines *x, node_id node, uint64_t request);
/* A function is known. */
void machines_add_function(struct machines *x, node_id node);

/* The edges from machines to the sessions that they run as. */
void machines_join_sessions(struct machines *x);

#endif /* TRAWL_LINEAGE_COMPUTE_H */
