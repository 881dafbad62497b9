/* SPDX-License-Identifier: MIT */
#include "command/screen_option.h"

const struct screen_option_info screen_options[SCREEN_OPTION_COUNT] = {
#define X(code, name, values, initial, help) \
	[code] = { name, values, initial, help },
	SCREEN_OPTIONS(X)
#undef X
};

enum screen_option screen_option_find(struct str name)
{
	int i = 0;

	while (i < SCREEN_OPTION_COUNT &&
	       !str_eq_fold(name, str_of(screen_options[i].name)))
		i++;
	return (enum screen_option)i;
}

bool screen_option_takes(enum screen_option option, struct str value)
{
	struct str rest = str_of(screen_options[option].values), one;

	if (str_find_char(rest, '|', 0) == SIZE_MAX)
		return true;
	while (str_next(&rest, '|', &one))
		if (str_eq(one, value))
			return true;
	return false;
}
