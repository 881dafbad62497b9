/* SPDX-License-Identifier: MIT */
/*
 * forms.h - the same events in every form that CloudTrail comes in
 *
 * forms_carried.c writes those that carry records whole, forms_apart.c those
 * that take them apart; each adds the content of one file.
 */
#ifndef SAMPLEGEN_FORMS_H
#define SAMPLEGEN_FORMS_H

#include "base/json.h"
#include "base/strbuf.h"

enum { FORMS_EVENTS = 40 };

/* The events, in order of time. */
struct forms_events {
	struct arena *arena;
	struct {
		struct str text;
		const struct json *v;
	} event[FORMS_EVENTS];
};

struct forms_file {
	const char *name; /* NULL ends a list */
	void (*write)(struct strbuf *out, const struct forms_events *e);
	bool packed; /* with gzip */
};

extern const struct forms_file forms_carried[], forms_apart[];

/* A text as a string of JSON. */
void forms_add_string(struct strbuf *out, struct str text);
/* A cell of CSV, always in quotes. */
void forms_add_cell(struct strbuf *out, struct str text);

#endif /* SAMPLEGEN_FORMS_H */
