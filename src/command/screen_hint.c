/* SPDX-License-Identifier: MIT */
#include "command/screen_hint.h"

const struct screen_hint screen_hints[SCREEN_HINT_COUNT] = {
#define X(context, cmd, word) { context, cmd, word },
	SCREEN_HINTS(X)
#undef X
};
