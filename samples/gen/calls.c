/* SPDX-License-Identifier: MIT */
#include "gen/calls.h"

#include <string.h>

#include "base/attr.h"

static const struct call *const tables[] = {
	calls_iam, calls_iam_read, calls_sts,  calls_ec2,     calls_ec2_run,
	calls_s3,  calls_lambda,   calls_data, calls_logging,
};

const struct call *call_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct call *c = tables[i]; c->name; c++)
			if (strcmp(c->name, name) == 0)
				return c;
	return NULL;
}

struct str call_service(const char *name)
{
	struct str s = str_of(name);

	return str_sub(s, 0, str_find_char(s, ':', 0));
}

const char *call_event_name(const char *name)
{
	return strchr(name, ':') + 1;
}

bool call_is_read(const struct call *c, const char *name)
{
	static const char *const verbs[] = {
		"BatchGet", "Check",  "Describe", "Get",    "Head",
		"List",     "Lookup", "Search",   "Select", "Simulate",
	};
	struct str verb = str_of(call_event_name(name));

	if (c && (c->flags & (CALL_READ | CALL_WRITE)))
		return c->flags & CALL_READ;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (str_starts(verb, str_of(verbs[i])))
			return true;
	return false;
}
