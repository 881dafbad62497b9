/* SPDX-License-Identifier: MIT */
/*
 * rule_never.h - conditions that nothing can meet
 *
 * What is found: a test and its contrary; a value of a field that has to be
 * missing; two values of a field of which CloudTrail has only one, such as
 * eventName; limits of a correlation that exclude each other or that its rules
 * cannot reach. What is not found may be met, or may be too much to try.
 *
 * Cost: bounded, whatever the condition. Layer: detect. Threads: any.
 */
#ifndef TRAWL_RULE_NEVER_H
#define TRAWL_RULE_NEVER_H

#include "detect/correlation_rule.h"
#include "query/expr.h"

/* True when no event can meet it. */
bool rule_never(const struct expr *condition);
/* True when no window can meet its limits. */
bool correlation_never(const struct correlation *c);

#endif /* TRAWL_RULE_NEVER_H */
