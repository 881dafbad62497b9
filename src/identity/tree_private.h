/* SPDX-License-Identifier: MIT */
/*
 * tree_private.h - how the lines of a tree are made
 *
 * tree.c holds lines and folds them; tree_seeds.c says what hangs below a
 * node, tree_grow.c makes lines of that, tree_source.c the lines of addresses,
 * tree_deed.c those of calls, tree_form.c the other forms, tree_text.c words.
 *
 * Layer: identity, inside.
 */
#ifndef TRAWL_TREE_PRIVATE_H
#define TRAWL_TREE_PRIVATE_H

#include "base/intern.h"
#include "identity/tree.h"

enum {
	GROUP_FROM = 5,     /* sessions of one principal that make a group */
	LAUNCHED_FROM = 3,  /* machines of one call that do */
	GROUP_SHOWN = 20,   /* members that are all shown */
	GROUP_NOTABLE = 20, /* of more, those with something to tell */
	MORE_SHOWN = 500,   /* of what is left, at a time */
	DEEDS_SHOWN = 12,   /* lines of calls of one verb */
	SOURCES_SHOWN = 12, /* addresses */
	DEED_NAMES = 3,     /* names of calls in one line */
	DEED_READ = 1000,   /* records that are read for one line */
	DEED_PARTS = 50,    /* things that calls of one name were about */
	DEEPEST = 500,      /* no real chain is; a hostile one is cut */
};

struct tree_index {
	const struct lineage *l;
	const struct marks *marks;
	uint32_t *start; /* rows of node n: row[start[n]] to start[n + 1] */
	row_id *row;
	int8_t *level;       /* worst alert on a node's rows; -1 */
	int8_t *below;       /* and on those of what came of it */
	uint8_t *reads;      /* a bit a row: it read data */
	uint8_t *notable;    /* its rows hold something that a line tells */
	uint8_t *strange;    /* nobody used an address before it did */
	uint32_t principals; /* that acted in the evidence */
};

static inline struct rowset index_rows(const struct tree_index *x, node_id node)
{
	return rowset_view(x->row + x->start[node],
			   x->start[node + 1] - x->start[node]);
}

static inline struct rowset index_rows_since(const struct tree_index *x,
					     node_id node, row_id since)
{
	uint32_t low = x->start[node], high = x->start[node + 1], end = high;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (x->row[mid] < since)
			low = mid + 1;
		else
			high = mid;
	}
	return rowset_view(x->row + low, end - low);
}

/* The worst alert on a row, or -1. Rows are asked for in ascending order: `at`
 * begins as 0. */
int tree_row_level(const struct tree_index *x, row_id row, size_t *at);

/* Among many that hang alike, has it something to tell? */
static inline bool tree_tells(const struct tree_index *x, node_id node)
{
	return x->below[node] >= 0 || x->strange[node];
}

/* What hangs below a node, before it is a line. */
struct tree_seed {
	node_id node;
	const struct lineage_edge *edge;
	int64_t time; /* of the edge */
	enum tree_verb verb;
	bool leaf; /* a TREE_LINK */
};

struct tree_seeds {
	struct tree_seed *seed;
	size_t n, cap;
};

/* What is gathered below a node. */
struct tree_wish {
	uint32_t ip;  /* used from there, as for tree_below_rows */
	row_id since; /* only what goes on then, or begins */
	bool hints;
	bool users;    /* of a role also the sessions that others opened */
	node_id above; /* what it hangs below itself is not gathered */
};

/* Adds what hangs below a node, in no order to rely on. */
void tree_gather(const struct lineage *l, node_id node,
		 const struct tree_wish *wish, struct tree_seeds *out);
/* Cheaply: may something hang below it? */
bool tree_may_gather(const struct tree_index *x, node_id node, bool hints);
/* From which row on what came of a node by an edge counts: a machine that was
 * taken over has a past of its own. */
row_id tree_since(const struct lineage *l, enum tree_verb verb,
		  const struct lineage_edge *e, row_id since);
/* Does a node go on at `since`, or begin by an edge? */
bool tree_lives(const struct lineage *l, node_id node,
		const struct lineage_edge *e, row_id since);
/* The address that an edge was made from, as for tree_below_rows. */
uint32_t tree_edge_ip(const struct lineage *l, const struct lineage_edge *e);
/* Is a value of EVENT_IP an address, no service's name? */
bool tree_is_address(const struct store *s, uint32_t value);
/* The edge by which a tree goes on above a node, which acted at `at` (TIME_NONE:
 * whenever): to who made a key for somebody else, to whom it really is, else
 * to who made it the day before, else to who took control of it. */
const struct lineage_edge *tree_climb(const struct lineage *l, node_id node,
				      int64_t at);
/* The principal that a session is one of, or NODE_NONE. */
node_id tree_principal(const struct lineage *l, node_id session);
bool tree_is_service(const struct lineage *l, node_id node);

/* Members of a group, a range of parts.member. */
struct tree_group {
	uint32_t from, n;
	node_id of; /* see tree_group_of */
	row_id row;
	uint32_t telling;  /* members that have something to tell */
	uint32_t probable; /* members whose link is not certain */
	uint32_t line;     /* among those that are being made */
};

struct tree_member {
	node_id node;
	const struct lineage_edge *edge;
};

/* Calls that make one line. */
struct tree_deed {
	enum tree_verb verb;
	enum event_outcome outcome;
	uint32_t name[DEED_NAMES]; /* values of EVENT_NAME */
	uint32_t names;            /* how many; DEED_NAMES + 1: more */
	uint32_t source;           /* value of EVENT_SOURCE */
	uint32_t about;            /* in parts.texts; 0: not known */
	uint32_t objects;          /* distinct ones read; 0: not known */
	uint32_t from, n;          /* rows, a range of parts.row */
	row_id worst;              /* the one with the worst alert */
	int level;
	bool many;    /* calls of any name of the service */
	bool unread;  /* records could still tell what it was about */
	bool sampled; /* some records tell for all */
};

/* Lines that are being made. */
struct tree_lines {
	struct tree_line *line;
	size_t n, cap;
};

/* What one record said. */
struct tree_said {
	row_id row; /* ROW_NONE: free */
	uint32_t about, object;
};

struct tree_parts {
	size_t line_cap, shown_cap;
	uint32_t roots; /* lines 0 up to here */
	struct tree_group *group;
	uint32_t group_n;
	size_t group_cap;
	struct tree_member *member;
	uint32_t member_n;
	size_t member_cap;
	struct tree_deed *deed;
	uint32_t deed_n;
	size_t deed_cap;
	row_id *row; /* of deeds and values */
	uint32_t row_n;
	size_t row_cap;
	node_id *path; /* from the root to the focus */
	uint32_t path_n;
	size_t path_cap;
	struct intern texts; /* what records said */
	struct tree_said *said;
	uint32_t said_n, said_mask;
	uint32_t *pending; /* lines whose calls are not read yet */
	uint32_t pending_n;
	size_t pending_cap;
	uint32_t *scratch; /* by value or node; zero between uses */
	size_t scratch_n;
};

/* A line with what a node says of itself; `since` is that of the line above.
 */
struct tree_line tree_node_line(const struct tree *t, node_id node,
				const struct lineage_edge *edge,
				enum tree_verb verb, row_id since);
static inline int tree_worse(int a, int b)
{
	return a > b ? a : b;
}

/* The worst alert on the events that prove a link: the call by which
 * something was made belongs to what was made. */
int tree_edge_level(const struct tree_index *x, const struct lineage_edge *e);
/* Sets what a line counts of its node: its own rows, of a principal and a
 * machine with those of its keys and sessions. */
void tree_count_node(const struct tree *t, struct tree_line *line);
/* The lines of seeds, which are put in order, below a line that counts
 * `since`. */
void tree_add_seeds(struct tree *t, struct tree_seeds *seeds, row_id since,
		    struct tree_lines *lines);
/* The members of a group, all of them or those with something to tell. */
void tree_grow_group(struct tree *t, uint32_t line);

/* Zeroed room for `n` numbers, to be zeroed again by whoever used it. */
uint32_t *tree_scratch(struct tree *t, size_t n);
void tree_add_line(struct tree_lines *to, const struct tree_line *line);
/* Before any other lines. */
void tree_add_root(struct tree *t, const struct tree_line *line);
/* Makes them the lines below a line, or its calls, in place of those that were
 * there. Of addresses and of each verb's calls only the most telling are
 * shown, the others under a line of their own. Takes the lines over. */
void tree_commit(struct tree *t, uint32_t parent, struct tree_lines *lines,
		 bool deeds);
bool tree_on_path(const struct tree *t, node_id node);
/* Is the node the line's or one above it? */
bool tree_is_above(const struct tree *t, uint32_t line, node_id node);

/* Makes the lines below a line. */
void tree_grow(struct tree *t, uint32_t line);
/* Makes those of its calls anew. */
void tree_grow_deeds(struct tree *t, uint32_t line);
/* Lines have changed. */
void tree_show(struct tree *t);
/* As tree_open, but lines are not shown yet. */
bool tree_unfold(struct tree *t, uint32_t line);
/* The path of a focus; the line that it ends with becomes the tree's focus,
 * false when the tree, as it is, does not show all of it. */
void tree_find_path(struct tree *t, node_id focus);
bool tree_reveal(struct tree *t);
void tree_grow_value(struct tree *t, uint32_t line);
/* The roots of the other forms. */
void tree_plant_values(struct tree *t, node_id root, node_id focus);

/* The lines of addresses that a node was used from since then: how many there
 * are, `lines` NULL to count only. */
size_t tree_add_sources(struct tree *t, node_id node, enum tree_verb verb,
			const struct lineage_edge *edge, row_id since,
			struct tree_lines *lines);
/* Sets value of a line to the one address that its node was used from. */
void tree_note_source(struct tree *t, struct tree_line *line);
/* Adds "from 203.0.113.66  FIRST SEEN 21:37:40  rare 1/412". */
void tree_describe_source(const struct tree *t, const struct tree_line *line,
			  const struct time_zone *zone, struct strbuf *out);

/* The time when the address of these rows appears for the first time at all,
 * when there is enough evidence before that to say so; else TIME_NONE. */
int64_t tree_first_seen(const struct store *s, const struct rowset *rows);

/* What its rarity was measured against. */
void tree_source_evidence(const struct tree *t, const struct tree_line *line,
			  struct strbuf *out);

/* The lines of what a node's rows did; of those in `except` (ascending) not. */
void tree_add_deeds(struct tree *t, node_id node, uint32_t ip, row_id since,
		    const struct rowset *except, struct tree_lines *lines);
/* Rows whose records are read for a line of calls: number i of how many. */
row_id tree_deed_sample(const struct tree *t, const struct tree_deed *d,
			uint32_t i);
uint32_t tree_deed_samples(const struct tree_deed *d);
/* What a row's record said, or NULL when it was not read. */
const struct tree_said *tree_said(const struct tree *t, row_id row);
/* Is the row one that a credential used from there did? */
bool tree_is_from(const struct store *s, row_id row, uint32_t ip);

/* A node's name without what kind of thing it is. */
void tree_add_short(const struct lineage *l, node_id node, struct strbuf *out);
/* The name of the first event that proves a link. */
struct str tree_event_name(const struct tree *t, const struct lineage_edge *e);
/* Adds "first 2026-01-09 21:37  last 21:58:10". */
void tree_add_times(const struct tree *t, const struct tree_line *line,
		    const struct time_zone *zone, struct strbuf *out);

#endif /* TRAWL_TREE_PRIVATE_H */
