/* SPDX-License-Identifier: MIT */
/*
 * rule_example.h - what a rule must find, and what it must not
 *
 *	samples:
 *	    fire:
 *	        - stop-logging
 *	        - {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
 *	        - |
 *	            [{"eventName": "StopLogging"}, {"eventName": "DeleteTrail"}]
 *	    quiet: ...
 *
 * A sample is named, and lies in a folder of samples, or it is there itself: a
 * record, or a list of several, as YAML or as a text of JSON, or a line of one
 * of the logs beside CloudTrail.
 *
 * Layer: detect. Memory: the arena passed.
 */
#ifndef TRAWL_RULE_EXAMPLE_H
#define TRAWL_RULE_EXAMPLE_H

#include "detect/rule_file.h"

struct rule_example {
	struct str name;    /* or it is empty, and there are */
	struct str records; /* JSON: an object, or an array; not yet read */
	unsigned line;
};

struct rule_examples {
	struct rule_example *item;
	size_t n;
};

struct rule_texts;

/* What is under `fire` or `quiet`: one, or a list; NULL is none. */
struct rule_examples rule_examples_read(struct arena *a, const struct node *n);

/* The records of one that has them, each as JSON; false when they are none. */
bool rule_example_records(struct arena *a, const struct rule_example *x,
			  struct rule_texts *out);

#endif /* TRAWL_RULE_EXAMPLE_H */
