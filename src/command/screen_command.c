/* SPDX-License-Identifier: MIT */
#include "command/screen_command.h"

const struct screen_command_info screen_commands[SCREEN_COMMAND_COUNT] = {
#define X(code, name, argument, keys, context, group, help) \
	[code] = { name, argument, keys, context, group, help },
	SCREEN_COMMANDS(X)
#undef X
};

enum screen_command screen_command_find(struct str name)
{
	enum screen_command found = SCREEN_COMMAND_COUNT;

	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		struct str have = str_of(screen_commands[i].name);

		if (str_eq(name, have))
			return (enum screen_command)i;
		if (!name.n || !str_starts(have, name))
			continue;
		/* Two that begin so: neither is meant. */
		if (found != SCREEN_COMMAND_COUNT)
			found = SCREEN_COMMAND_COUNT + 1;
		else
			found = (enum screen_command)i;
	}
	return found > SCREEN_COMMAND_COUNT ? SCREEN_COMMAND_COUNT : found;
}

const char *screen_command_nearest(struct str name)
{
	const char *found = NULL;
	size_t best = name.n / 3 + 2;

	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		size_t d = str_distance(name, str_of(screen_commands[i].name));

		if (d < best) {
			best = d;
			found = screen_commands[i].name;
		}
	}
	return found;
}
