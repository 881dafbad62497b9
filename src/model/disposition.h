/* SPDX-License-Identifier: MIT */
/*
 * disposition.h - what an analyst has decided about an alert
 *
 * Layer: model. Threads: any; constant data.
 */
#ifndef TRAWL_DISPOSITION_H
#define TRAWL_DISPOSITION_H

#include "base/str.h"

/* Code, its name in files and filters, its letter, in words, short. */
#define DISPOSITIONS(X)                                                     \
	X(DISPOSITION_NEW, "new", 'n', "new", "")                           \
	X(DISPOSITION_TRUE, "true-positive", 't', "true positive", "TP")    \
	X(DISPOSITION_FALSE, "false-positive", 'f', "false positive", "FP") \
	X(DISPOSITION_BENIGN, "benign", 'b', "benign", "ben")               \
	X(DISPOSITION_ACKNOWLEDGED, "acknowledged", 'a', "acknowledged", "ack")

enum disposition {
#define X(code, name, letter, words, brief) code,
	DISPOSITIONS(X)
#undef X
		DISPOSITION_COUNT
};

const char *disposition_name(enum disposition d);
const char *disposition_words(enum disposition d);
const char *disposition_brief(enum disposition d);
char disposition_letter(enum disposition d);
/* By its name; DISPOSITION_COUNT for any other text. */
enum disposition disposition_find(struct str name);

#endif /* TRAWL_DISPOSITION_H */
