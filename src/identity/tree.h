/* SPDX-License-Identifier: MIT */
/*
 * tree.h - who became whom around one identity, as lines that unfold
 *
 * A tree is what the pivot view and `trawl lineage` show: from whose identity
 * it really is, or from whoever made or controlled that, down to all that came
 * of it, each line with the verb by which it hangs. Its lines are identities
 * and what they use; one line for many sessions of a kind; one line for each
 * address that a credential was used from; and what the identity's own rows
 * did, tried, made and read, compressed.
 *
 * Lines are made when the line above them is unfolded, so a tree costs what is
 * looked at: O(lines made, edges of their nodes, rows of the unfolded nodes).
 * An index of rows by node, O(rows) once for a snapshot, is behind it.
 *
 * The same rows can be seen by key, by address or by API instead of by who
 * became whom: see enum tree_form.
 *
 * A node can be reached twice (made by one, owned by another) and then has two
 * lines; below itself it is not unfolded again.
 *
 * What a call was about is in its record: tree_step reads records, a little at
 * a time, and lines of calls then say it and are told apart by it.
 *
 * Layer: identity. Threads: one for each tree; any number may share an index.
 * Ownership: a tree belongs to its index, an index to its lineage.
 */
#ifndef TRAWL_TREE_H
#define TRAWL_TREE_H

#include "base/timefmt.h"
#include "identity/lineage.h"
#include "ingest/reader.h"
#include "store/marks.h"
#include "store/rowset.h"

/* Form, its word, what it shows. */
#define TREE_FORMS(X)                                         \
	X(TREE_BY_PERSON, "person", "who became whom")        \
	X(TREE_BY_KEY, "key", "by key, address, API")         \
	X(TREE_BY_ADDRESS, "address", "by address, key, API") \
	X(TREE_BY_API, "api", "by API, address, key")

enum tree_form {
#define X(code, word, text) code,
	TREE_FORMS(X)
#undef X
		TREE_FORM_COUNT
};

/* Verb, as a line says it. */
#define TREE_VERBS(X)                                   \
	X(VERB_NONE, "")                                \
	X(VERB_MADE_BY, "made by")                      \
	X(VERB_CONTROLLED_BY, "controlled by")          \
	X(VERB_MAY_BE_READ_BY, "may have been read by") \
	X(VERB_DID, "did")                              \
	X(VERB_TRIED, "try")                            \
	X(VERB_MADE, "made")                            \
	X(VERB_READ, "read")                            \
	X(VERB_USED, "used")                            \
	X(VERB_BECAME, "became")                        \
	X(VERB_RUNS_AS, "runs as")                      \
	X(VERB_CONTROLS, "took control of")             \
	X(VERB_PASSED, "gave a role to")                \
	X(VERB_TRUSTS, "trusts")                        \
	X(VERB_LETS_IN, "lets in")                      \
	X(VERB_MAY_HAVE_READ, "may have read")          \
	X(VERB_SHARES_SOURCE, "shares its source with")

enum tree_verb {
#define X(code, text) code,
	TREE_VERBS(X)
#undef X
		TREE_VERB_COUNT
};

enum tree_kind {
	TREE_NODE,   /* a node of the graph */
	TREE_LINK,   /* a node that has to do with it, and nothing below */
	TREE_SOURCE, /* a credential, as used from one address */
	TREE_GROUP,  /* many nodes that hang alike */
	TREE_DEED,   /* calls */
	TREE_VALUE,  /* a key, address or API of the other forms */
	TREE_MORE,   /* what is not worth a line each */
};

struct tree_line {
	enum tree_kind kind;
	enum tree_verb verb;
	enum certainty certainty; /* of the link to the line above */
	int level;                /* worst alert on its rows; -1: none */
	int below;                /* the same with all that is folded in it */
	node_id node;             /* NODE_NONE for addresses and APIs */
	const struct lineage_edge *edge; /* by which it hangs, or NULL */
	uint32_t value;     /* address or API, in its column's table */
	uint32_t events;    /* that narrowing to it shows */
	uint32_t denied;    /* of these */
	uint32_t count;     /* TREE_GROUP and MORE: how many there are */
	row_id first, last; /* of its events, or ROW_NONE */
	row_id since; /* rows before are not counted: it was taken over later */
	uint16_t depth;
	bool last_child; /* of the line above */
	bool opens;      /* there is something to unfold */
	bool open;
	/* For tree.c and its parts. */
	bool grown;
	uint32_t parent;         /* TREE_NO_LINE: a root */
	uint32_t child, child_n; /* lines below it, shown behind its calls */
	uint32_t deed, deed_n;   /* what it did itself */
	uint32_t extra;
};

enum { TREE_NO_LINE = UINT32_MAX };

/* Rows by acting node, worst alerts, what is worth unfolding. */
struct tree_index;

/* `marks` may be NULL: then there are no alerts; as may `reads`, the rows that
 * read data, which need not outlive the call. */
struct tree_index *tree_index_new(const struct lineage *l,
				  const struct marks *marks,
				  const struct rowset *reads);
void tree_index_free(struct tree_index *x);

struct tree_options {
	enum tree_form form;
	bool hints; /* exposed_by and same_source, shown and climbed */
	bool deeds; /* what the rows did */
	bool below; /* the node is the root, whatever came before it */
	bool users; /* a role that is the root shows all its sessions, whoever
		     * they were issued to */
	row_id row; /* what it did when it is looked at, or ROW_NONE */
};

/* Read by anyone, written by tree*.c. */
struct tree {
	const struct tree_index *index;
	const struct lineage *l;
	struct tree_options options;
	struct tree_line *line; /* all that were made, see `shown` */
	uint32_t n;
	uint32_t *shown; /* line numbers, in order, without what is folded */
	uint32_t shown_n;
	uint32_t focus; /* the line of the node asked for, or TREE_NO_LINE */
	bool brief;     /* see tree_set_brief */
	struct tree_parts *parts;
};

/*
 * The tree around a node; its line, the way to it and what came of it are
 * unfolded as far as they are few. Below a service only the way to the node is
 * shown.
 */
struct tree *tree_new(const struct tree_index *x, node_id focus,
		      const struct tree_options *options);
void tree_free(struct tree *t);
/* The node that the tree begins with; also of the other forms, whose rows are
 * those of all that came of it. */
node_id tree_root(const struct tree *t);
/* Looks at another node, or event, of the same tree, which keeps its folds;
 * false when that belongs to another one. */
bool tree_refocus(struct tree *t, node_id focus, row_id row);

/* Folding ----------------------------------------------------------------- */

/* False when there is nothing to unfold. The shown lines change. */
bool tree_open(struct tree *t, uint32_t line);
void tree_close(struct tree *t, uint32_t line);
enum tree_unfolding {
	TREE_UNFOLD_BEGIN, /* not groups, machines controlled, other stories */
	/* Of many that hang alike only what has something to tell: alerts,
	 * addresses that nobody used before. What alarms is unfolded first. */
	TREE_UNFOLD_TELLING,
	TREE_UNFOLD_WHOLE,
};

/* Unfolds breadth first, until there are `most` lines or nothing is folded. */
void tree_open_all(struct tree *t, uint32_t most, enum tree_unfolding how);
/* Folds all but the roots. */
void tree_close_all(struct tree *t);
/* Shows whose the focus is and what came of it, and whatever else alarms, but
 * no calls. Folds stay as they are. */
void tree_set_brief(struct tree *t, bool brief);
/* Position of a line among the shown ones, or of the one it is folded in; 0 of a
 * line that is not there, since a form may have none. */
uint32_t tree_position(const struct tree *t, uint32_t line);

/* Records ----------------------------------------------------------------- */

/* Are there lines of calls whose records were not read yet? */
bool tree_unread(const struct tree *t);
/* Reads records for about `ms` milliseconds; true when lines have changed. */
bool tree_step(struct tree *t, struct reader *r, unsigned ms);

/* Rows -------------------------------------------------------------------- */

/* For `ip` of the functions below: every address; those rows that have none
 * because a service made the call. Else a value of EVENT_IP. */
#define TREE_ANYWHERE  0u
#define TREE_ELSEWHERE UINT32_MAX

/* Nodes that a node's rows are counted with: itself, and of a principal its
 * keys and sessions, of a machine its sessions. */
struct tree_nodes {
	node_id *node;
	size_t n, cap;
};

void tree_members(const struct lineage *l, node_id node,
		  struct tree_nodes *out);

/* The node that stands for it in a tree: a session for its key, a principal
 * for the services that act for it. */
node_id tree_stand_in(const struct lineage *l, node_id node);

/* The rows from `since` on in which a node acted, of a principal or machine
 * with the keys and sessions that are its own. `out` is overwritten. O(rows).
 */
void tree_node_rows(const struct lineage *l, node_id node, uint32_t ip,
		    row_id since, struct rowset *out);
/* The same with all that came of it while it was used from there: what it
 * became and made, and from then on what it took control of. O(rows + edges
 * log edges). */
void tree_below_rows(const struct lineage *l, node_id node, uint32_t ip,
		     row_id since, struct rowset *out);
/* Of the nodes that hang below `node` in one line: those that are sessions of
 * `of`, or, when that is NODE_NONE, that the event `row` made. */
void tree_group_rows(const struct lineage *l, node_id node, uint32_t ip,
		     row_id since, node_id of, row_id row, bool below,
		     struct rowset *out);
/* The rows of a line of calls, and of a value: a view. */
struct rowset tree_line_rows(const struct tree *t, uint32_t line);
/* What the value of a TREE_VALUE is. */
enum tree_column {
	TREE_COLUMN_NODE,    /* the node that acted */
	TREE_COLUMN_ADDRESS, /* of EVENT_IP */
	TREE_COLUMN_NAME,    /* of EVENT_NAME */
};
enum tree_column tree_column_of(const struct tree *t, uint32_t line);
/* What a TREE_GROUP is of, for tree_group_rows. */
void tree_group_of(const struct tree *t, uint32_t line, node_id *of,
		   row_id *row);

/* Words ------------------------------------------------------------------- */

/* Lines are found again in a newer tree by this text. */
void tree_name(const struct tree *t, uint32_t line, struct strbuf *out);
/* The first shown line of that name, or TREE_NO_LINE. O(shown lines). */
uint32_t tree_find(const struct tree *t, struct str name);

/* What the texts below are short for. */
enum tree_width {
	TREE_NARROW, /* keys as ASIA..7QK */
	TREE_FULL,
};

/* Adds what a line says behind its verb, raw: "OrgAdmin/build  AssumeRole".
 * Data is in it: it is shown through safetext. */
void tree_describe(const struct tree *t, uint32_t line, enum tree_width width,
		   const struct time_zone *zone, struct strbuf *out);
/* Adds when the events of a line began and ended; nothing where it has none. */
void tree_line_times(const struct tree *t, uint32_t line,
		     const struct time_zone *zone, struct strbuf *out);
/* Adds how the line is known: "link AKIA..4ZT -> OrgAdmin/build: principalId
 * and creationDate". How certain that is the line says itself. */
void tree_evidence(const struct tree *t, uint32_t line,
		   const struct time_zone *zone, struct strbuf *out);
/* The event behind the line: of the link, else its first; ROW_NONE. */
row_id tree_event(const struct tree *t, uint32_t line);

const char *tree_verb_text(enum tree_verb verb);
const char *tree_form_word(enum tree_form form);
const char *tree_form_text(enum tree_form form);
#endif /* TRAWL_TREE_H */
