/* SPDX-License-Identifier: MIT */
/*
 * walk_view.h - the sections of what is said of one identity
 *
 * Each section writes itself as a table for people and as members of the
 * walk's JSON object. A page that holds all sections shows the first lines of
 * each and says how to see the rest.
 *
 * Layer: cli, inside.
 */
#ifndef TRAWL_WALK_VIEW_H
#define TRAWL_WALK_VIEW_H

#include "cli/graph.h"
#include "cli/subject.h"
#include "query/scan.h"

enum { PAGE_LINES = 20 };

struct walk_view {
	struct session *s;
	const struct subject *subject;
	const struct walk *walk;
	struct question question;
	struct scan_options scan;
	bool whole;      /* a section by itself: all of its lines */
	bool everybody;  /* of no identity: all rows; `subject` is NULL */
	uint8_t *member; /* by node: belongs to the identity */
};

/* Title of a section, underlined. */
void walk_title(struct walk_view *v, const char *title);
/* Below a title: nothing, and what the evidence lacks that may be why; `data`
 * when it would be in data events. */
void walk_none(struct walk_view *v, const char *nothing, bool data);
/* Are there no data events of an account in which it acted? */
bool walk_lacks_data(const struct walk_view *v);
/* May line `i` of `n` be written? Says so once where the rest is left out. */
bool walk_line(struct walk_view *v, const char *section, size_t i, size_t n);

void walk_did_json(struct walk_view *v, struct json_writer *w);
void walk_did_table(struct walk_view *v);
void walk_matrix_json(struct walk_view *v, struct json_writer *w);
void walk_created_json(struct walk_view *v, struct json_writer *w);

void walk_on_json(struct walk_view *v, struct json_writer *w);
void walk_on_table(struct walk_view *v);

void walk_persist_json(struct walk_view *v, struct json_writer *w);
void walk_persist_table(struct walk_view *v);
void walk_data_json(struct walk_view *v, struct json_writer *w);
void walk_data_table(struct walk_view *v);

void walk_reach_json(struct walk_view *v, struct json_writer *w);
void walk_reach_table(struct walk_view *v);
void walk_revoke_json(struct walk_view *v, struct json_writer *w);
void walk_revoke_table(struct walk_view *v);

#endif /* TRAWL_WALK_VIEW_H */
