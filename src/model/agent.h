/* SPDX-License-Identifier: MIT */
/*
 * agent.h - user agents, so that two of them can be compared
 *
 * What a client says of itself changes from call to call (the command, how it
 * was configured) and from service to service (some put it in brackets). What
 * stays tells one machine's tool from another's: product and version,
 * interpreter, operating system, kernel.
 *
 * A user agent is what its sender says: it is evidence only where nobody had
 * a reason to lie.
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_AGENT_H
#define TRAWL_AGENT_H

#include <stdbool.h>

#include "base/str.h"
#include "base/strbuf.h"

/* Adds what stays of it: without brackets, command/..., m/..., cfg/..., and
 * what the prompt was, single blanks between. Nothing for an empty text. */
void agent_normalise(struct strbuf *out, struct str agent);

/* What kind of client it is: a well-known name that is in it ("aws-cli",
 * "Boto3", "Terraform", "amazon-ssm-agent"), else its first product without
 * the version. Points into `agent` or to a constant. */
struct str agent_family(struct str agent);

/* Does it name the machine's kernel, or carry the mark of one run of a tool?
 * Then it is rare enough for two uses of it to be one person's. */
bool agent_is_telling(struct str normal);

#endif /* TRAWL_AGENT_H */
