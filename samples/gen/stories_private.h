/* SPDX-License-Identifier: MIT */
/* stories_private.h - who and what the stories of rules have in common */
#ifndef SAMPLES_STORIES_PRIVATE_H
#define SAMPLES_STORIES_PRIVATE_H

#include "base/attr.h"
#include "gen/agents.h"

#define CLI            AGENT_CLI("linux#6.8.0-45-generic", "x86_64", "3.12.3")
#define OK             NULL
#define WEB            "i-0e6921bc7de8aa9e9"
#define EC2            "ec2.amazonaws.com"
#define LAMBDA         "lambda.amazonaws.com"
#define OFFICE         "198.51.100.10"
#define STRANGE        "203.0.113.66"
#define STEPS(table)   .step = (table), .step_n = ARRAY_SIZE(table)
#define ALIASES(table) .alias = (table), .alias_n = ARRAY_SIZE(table)

#endif /* SAMPLES_STORIES_PRIVATE_H */
