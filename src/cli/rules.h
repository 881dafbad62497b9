/* SPDX-License-Identifier: MIT */
/*
 * rules.h - what the commands of `trawl rules` share
 *
 * Layer: cli.
 */
#ifndef TRAWL_CLI_RULES_H
#define TRAWL_CLI_RULES_H

#include "cli/options.h"
#include "detect/ruleset.h"

/* Operands: files of rules by their names, .yml or .yaml, and whatever else is
 * named, which is evidence. */
struct rule_operands {
	const char **rules, **evidence;
	size_t rules_n, evidence_n;
};

/* `first_is_rules`: whatever the first one is called. */
void rule_operands_take(struct rule_operands *out, const struct options *o,
			bool first_is_rules);
void rule_operands_release(struct rule_operands *p);

/* The rules that the options name and some paths beside, sealed. With paths,
 * the built-in ones are not among them. */
ATTR_NODISCARD enum err_code rules_read(struct ruleset **out,
					const struct options *o,
					const char *const *path, size_t path_n,
					struct err *err);

#endif /* TRAWL_CLI_RULES_H */
