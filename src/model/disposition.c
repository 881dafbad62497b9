/* SPDX-License-Identifier: MIT */
#include "model/disposition.h"

static const struct disposition_info {
	const char *name, *words, *brief;
	char letter;
} dispositions[DISPOSITION_COUNT] = {
#define X(code, name, letter, words, brief) \
	[code] = { name, words, brief, letter },
	DISPOSITIONS(X)
#undef X
};

const char *disposition_name(enum disposition d)
{
	return dispositions[d].name;
}

const char *disposition_words(enum disposition d)
{
	return dispositions[d].words;
}

const char *disposition_brief(enum disposition d)
{
	return dispositions[d].brief;
}

char disposition_letter(enum disposition d)
{
	return dispositions[d].letter;
}

enum disposition disposition_find(struct str name)
{
	int d = 0;

	while (d < DISPOSITION_COUNT &&
	       !str_eq(name, str_of(dispositions[d].name)))
		d++;
	return (enum disposition)d;
}
