/* SPDX-License-Identifier: MIT */
#include "model/level.h"

static const char *const names[LEVEL_COUNT] = { "informational", "low",
						"medium", "high", "critical" };

const char *level_name(enum level level)
{
	return names[level];
}

char level_letter(enum level level)
{
	return "ILMHC"[level];
}

bool level_parse(struct str text, enum level *level)
{
	if (text.n == 0)
		return false;
	/* The first letters differ, so any beginning of a name names it. */
	for (int i = 0; i < LEVEL_COUNT; i++)
		if (str_starts_fold(str_of(names[i]), text)) {
			*level = (enum level)i;
			return true;
		}
	return false;
}

enum level level_lowered(enum level level, unsigned by)
{
	return by > (unsigned)level ? LEVEL_INFORMATIONAL :
				      (enum level)((unsigned)level - by);
}

enum level level_for_outcome(enum level level, enum event_outcome outcome)
{
	return level_lowered(level, outcome == OUTCOME_DENIED ? 1 :
				    outcome == OUTCOME_FAILED ? 2 :
								0);
}
