/* SPDX-License-Identifier: MIT */
/*
 * attack_cells.h - alerts by tactic and technique, for the ATT&CK pane
 *
 * A column for each tactic, a cell in it for each technique that an alert or a
 * rule names under it: those with alerts first, the most first, then those
 * that rules only watch for. An alert counts once in each tactic and technique
 * of its rule.
 *
 * Cost: one pass over the rules, the alerts and their rows. Layer: ui, no
 * terminal.
 */
#ifndef TRAWL_ATTACK_CELLS_H
#define TRAWL_ATTACK_CELLS_H

#include "detect/alert.h"

enum { CELL_ACTORS = 64, CELL_RULES = 4, CELL_BUCKETS = 40 };

struct attack_cell {
	struct technique_id id;    /* empty for the tactic as a whole */
	struct technique_id shown; /* as the version writes it */
	unsigned alerts;
	unsigned rules;      /* that watch for it */
	int level;           /* of the worst alert, or -1 */
	int64_t first, last; /* of its alerts, or TIME_NONE */
	uint32_t actor[CELL_ACTORS];
	unsigned actor_n; /* CELL_ACTORS: that many or more */
	/* The first few of the alerts' rules. */
	const struct rule *rule[CELL_RULES];
	unsigned rule_n;
	uint32_t bucket[CELL_BUCKETS]; /* alerted rows, over the window */
};

struct attack_column {
	struct attack_cell whole; /* of the tactic */
	struct attack_cell *cell;
	size_t n, cap;
};

/* The tactics that a version of ATT&CK has, in the order of the cloud's matrix;
 * what comes before the attack is last. Returns how many. */
size_t attack_order(enum attack_version v,
		    enum attack_tactic out[TACTIC_COUNT]);

struct attack_cells {
	enum attack_version version; /* whose columns, names and numbers */
	enum attack_tactic order[TACTIC_COUNT];
	size_t n; /* of `order` */
	struct attack_column column[TACTIC_COUNT];
	int64_t since, until; /* the window, or TIME_NONE */
};

/* `out` was counted before, or is zero; `window` is since and until, or NULL
 * where nothing has a time. The rules must outlive it. */
void attack_cells_count(struct attack_cells *out, enum attack_version v,
			const struct ruleset *rules,
			const struct alerts *alerts, const struct store *s,
			const int64_t window[2]);
void attack_cells_release(struct attack_cells *c);

/* "[x]": all of these tactics are in scope, "[ ]": none is, "[-]": some are. */
const char *attack_scope_mark(tactic_set tactics, tactic_set hidden);
/* How long a bucket of its cells is, in milliseconds; 0 without a window. */
int64_t attack_cells_bucket(const struct attack_cells *c);
/* Adds "T1685.002 (was T1562.008)", "T1562.008 (now T1685.002)". */
void attack_technique_text(enum attack_version v, const struct technique_id *id,
			   struct strbuf *out);
/* Adds "T1685.002 (was T1562.008) Disable ...  2 alerts  1 actor", or what v18
 * has for it: "T1562.008 (now T1685.002) ...". */
void attack_cell_describe(const struct attack_cell *cell, enum attack_version v,
			  enum attack_tactic t, struct strbuf *out);

#endif /* TRAWL_ATTACK_CELLS_H */
