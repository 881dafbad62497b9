/* SPDX-License-Identifier: MIT */
/*
 * addendum.h - an event and its addenda, as one record
 *
 * An addendum names the fields that it updates (updatedFields); these are
 * taken from it, whole or, where it names "userIdentity.sessionContext", that
 * part. Where it names none, all that it has but its own id and time, and but
 * what it says is null. What it does not have stays as it was. The record that
 * comes of it has the event's id, and as `addendum` what the addendum says of
 * itself; of several, a list.
 *
 * The texts come out of logs: what is not a record, is of another event, or
 * has come already is left out.
 *
 * Layer: ingest. Cost: O(bytes, times the fields named, at most
 * ADDENDUM_FIELDS). Threads: any.
 */
#ifndef TRAWL_ADDENDUM_H
#define TRAWL_ADDENDUM_H

#include "base/strbuf.h"
#include "ingest/value.h"
#include "model/event.h"
#include "store/amendment.h"

enum { ADDENDUM_FIELDS = 64 }; /* that one addendum can name */

/*
 * The event of text[0] with the addenda text[1] to text[n - 1] applied in that
 * order; its texts are in `record`, where it is printed as JSON, and in the
 * arena. `flags` are those of text[0]'s row that its bytes do not say
 * (EVENT_CARRIED, EVENT_PARTIAL). False, with `record` empty, when text[0] is
 * no record, when no addendum could be applied, or when what comes of it is
 * longer than a record may be.
 */
bool addendum_apply(struct event *e, const struct str *text, size_t n,
		    uint32_t flags, struct value_reader *r, struct arena *arena,
		    struct strbuf *record);

#endif /* TRAWL_ADDENDUM_H */
