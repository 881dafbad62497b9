/* SPDX-License-Identifier: MIT */
#include "ui/keymap.h"

static bool has_key(const char *keys, key_code wanted)
{
	struct str rest = str_of(keys), name;
	key_code key;

	while (str_next(&rest, ' ', &name))
		if (key_parse(name, &key) && key == wanted)
			return true;
	return false;
}

static unsigned bits(uint32_t v)
{
	unsigned n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

enum screen_command keymap_find(key_code key, uint32_t context)
{
	enum screen_command best = SCREEN_COMMAND_COUNT;

	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *c = &screen_commands[i];

		if (!(c->context & context) || !has_key(c->keys, key))
			continue;
		if (best == SCREEN_COMMAND_COUNT ||
		    bits(c->context) < bits(screen_commands[best].context))
			best = (enum screen_command)i;
	}
	return best;
}

const char *keymap_first_key(enum screen_command cmd, char out[KEY_NAME_MAX])
{
	struct str rest = str_of(screen_commands[cmd].keys), name;

	out[0] = '\0';
	if (str_next(&rest, ' ', &name) && name.n < KEY_NAME_MAX) {
		memcpy(out, name.p, name.n);
		out[name.n] = '\0';
	}
	return out;
}
