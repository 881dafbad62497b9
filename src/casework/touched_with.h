/* SPDX-License-Identifier: MIT */
/*
 * touched_with.h - whom a call shares with
 *
 * A call that sets who may use a thing shares it only when it lets somebody
 * else in: taking a share back, a policy for one's own account or for a
 * service of AWS, and a private access list share nothing.
 *
 * Layer: casework, inside.
 */
#ifndef TRAWL_TOUCHED_WITH_H
#define TRAWL_TOUCHED_WITH_H

#include "base/arena.h"
#include "base/json.h"

/*
 * Adds, with blanks between them, the strangers that the values at the paths
 * name (see touched_calls.h), or that a policy there lets in: accounts and ARNs
 * of accounts other than recipientAccountId, organizations, and whoever stands
 * for everybody.
 * The arena is for scratch.
 */
void touched_strangers(const struct json *record, const char *paths,
		       struct arena *scratch, struct strbuf *out);

#endif /* TRAWL_TOUCHED_WITH_H */
