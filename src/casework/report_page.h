/* SPDX-License-Identifier: MIT */
/*
 * report_page.h - a report for people, and for programs
 *
 * The page is in the order of a responder's: what happened to the service and
 * its data, how, what to do now, what to mend before it resumes; then the
 * timeline and what speaks for all of it; then what the evidence is, holds and
 * cannot show.
 *
 * Layer: casework.
 */
#ifndef TRAWL_REPORT_PAGE_H
#define TRAWL_REPORT_PAGE_H

#include "casework/case_book.h"
#include "casework/document.h"
#include "casework/report.h"

struct report_style {
	const struct text_filter *filter; /* of data; NULL: as it is */
	const struct time_zone *zone;
	struct str command, selection; /* how it was called; what was chosen */
	const struct case_book *book;  /* of the case, or NULL */
	size_t muted;                  /* alerts that the case mutes */
	bool redacted, defanged;
};

void report_page(const struct report *r, const struct report_style *style,
		 enum document_form form, struct strbuf *out);
/* One JSON document; trawl-output(5) has its keys. */
void report_json(const struct report *r, const struct report_style *style,
		 struct strbuf *out);

/* Inside: what is common to both. */

/* What stands behind a row: its id, and the number of its file in the list of
 * inputs, from 1. */
size_t report_input_number(const struct report *r, row_id row);
/* "only the incident's": what its numbers say of an indicator. */
const char *report_standing_name(enum report_standing s);
const char *report_indicator_kind(enum event_column c);

/* The part of a page about one incident, and what is about all evidence. */
struct page {
	const struct report *r;
	const struct report_style *style;
	struct document d;
	struct strbuf text;
	unsigned level; /* of an incident's headings */
};

void page_part(struct page *g, const struct report_part *p);
void page_impact(struct page *g, const struct report_part *p);
void page_path(struct page *g, const struct report_part *p);
void page_todo(struct page *g, const struct report_part *p);
/* Some of a part's alerts, by their numbers in it, as items in their order; by
 * whom is said where it is not `who`. */
void page_alerts(struct page *g, const struct report_part *p,
		 const uint32_t *list, size_t n, node_id who);
void page_deed(struct page *g, const struct report_line *line);
void page_evidence(struct page *g);

/* Words of the rules inside the program are its own; others' are data. */
void page_rule_words(struct page *g, const struct rule *rule, struct str words);
void page_node(struct page *g, node_id node);
void page_time(struct page *g, int64_t t);
/* "e-123 (file 4, record 7)"; and with the file's name. */
void page_event(struct page *g, row_id row);
void page_evidence_of(struct page *g, row_id row);

#endif /* TRAWL_REPORT_PAGE_H */
