/* SPDX-License-Identifier: MIT */
#include "command/guide_questions.h"

const struct guide_question_info guide_questions[GUIDE_QUESTION_COUNT] = {
#define X(code, letter, ask, batch, screen) \
	[code] = { letter, ask, batch, screen },
	GUIDE_QUESTIONS(X)
#undef X
};
