/* SPDX-License-Identifier: MIT */
/*
 * deed_words.h - the words for calls that investigations tell of
 *
 * Words are "attach|attached policy {policyArn} to user {userName}": the verb
 * as it was tried, and as it was done. {path} is of requestParameters, {>path}
 * of responseElements, {.path} of the record; [...] is left out where the
 * record has no value for what is named in it.
 *
 * Layer: casework, inside.
 */
#ifndef TRAWL_DEED_WORDS_H
#define TRAWL_DEED_WORDS_H

#include "casework/calls.h"

struct deed_words {
	struct call_name name;
	const char *words;
};

/* Sorted by service, then name. */
extern const struct deed_words deed_words[];
extern const size_t deed_words_n;

#endif /* TRAWL_DEED_WORDS_H */
