/* SPDX-License-Identifier: MIT */
/*
 * tune.h - mutes as filters of Sigma, for other programs and other people
 *
 * A mute becomes one document: the rule by id, or by title without one, and a
 * selection of the events that the mute is about, by userIdentity as records
 * have it. Which part of userIdentity makes an actor says model/identity.h;
 * the selection is its inverse, so it takes the very events that the mute
 * takes. Only the actor "unknown", which is the lack of anything to go by, is
 * named by a field of ours.
 *
 * Layer: casework. Threads: any.
 */
#ifndef TRAWL_TUNE_H
#define TRAWL_TUNE_H

#include "casework/mutes.h"

/*
 * Adds the document, in ASCII alone, without the line that parts it from
 * others. Returns NULL, or why no filter can say it; then nothing is added.
 * *correlations is how many correlations count the rule's events: they lose
 * those that the filter takes away, which a mute does not do to them.
 * O(rules + what the correlations name + size of the texts).
 */
const char *tune_filter(const struct mute *m, const struct ruleset *rs,
			struct strbuf *out, size_t *correlations);

#endif /* TRAWL_TUNE_H */
