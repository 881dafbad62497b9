/* SPDX-License-Identifier: MIT */
/*
 * disguise.h - what is shown to strangers: names as pseudonyms, addresses that
 * nothing follows
 *
 * Redacted are account numbers, access keys, unique ids and those of
 * organizations, names of users,
 * roles, sessions, groups, policies, buckets, objects, functions, secrets and
 * other resources, e-mail addresses, names that the site file gives, and
 * addresses of its networks. To know these, every record is read once more:
 * what stands in an ARN, or as the value of a member that names something, is
 * a name, wherever it is shown; what is also a common word, or is of one or two
 * letters, only where nothing else can be meant: by itself, in an ARN, between
 * quotes, behind what it is ("user service"). Each has a pseudonym (user-3, account-1) by
 * the order in which the evidence first names it, so the same evidence gives
 * the same ones whatever is asked of it. Not redacted are addresses of others,
 * user agents, ids of machines and networks, event ids, names of calls,
 * services and Regions, AWS's own policies; and what nothing says is a name,
 * in free text say.
 *
 * Defanged: 203[.]0[.]113[.]66, hxxp://evil[.]example/.
 *
 * Layer: casework. Cost: made in O(bytes of the records); a text in O(its
 * length), times the longest name. Threads: made by one, used by any.
 */
#ifndef TRAWL_DISGUISE_H
#define TRAWL_DISGUISE_H

#include "base/err.h"
#include "base/text_filter.h"
#include "casework/investigation.h"
#include "query/scan.h"

enum { DISGUISE_NAMES = 2000000, DISGUISE_NAME_MAX = 256 };

struct disguise;

/* `evidence` are the paths that were opened, which are names, too. ERR_LIMIT
 * when there are more names than can be known: then nothing may be shown;
 * ERR_IO when records could not be read again: likewise. */
ATTR_NODISCARD enum err_code disguise_new(
	struct disguise **out, bool redact, bool defang,
	const struct snapshot *snap, const char *const *evidence,
	size_t evidence_n, const struct scan_options *options, struct err *err);
void disguise_free(struct disguise *d);

/* Adds what a text is shown as; valid as long as the disguise. */
const struct text_filter *disguise_filter(const struct disguise *d);

#endif /* TRAWL_DISGUISE_H */
