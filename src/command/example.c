/* SPDX-License-Identifier: MIT */
#include "command/example.h"

#include <stddef.h>

const struct example examples[] = {
#define X(command, first, line, gives) { command, first, line, gives },
	EXAMPLES(X)
#undef X
		{ SUB_WORKBENCH, false, NULL, NULL },
};
