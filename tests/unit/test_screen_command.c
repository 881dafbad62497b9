/* SPDX-License-Identifier: MIT */
/* The table of what can be done on the screen, held against its own rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "command/key.h"
#include "command/screen_hint.h"

enum { MOST_KEYS = 4 };

struct keys {
	key_code key[MOST_KEYS];
	int n;
};

static struct keys keys_of(const struct screen_command_info *c)
{
	struct str rest = str_of(c->keys), name;
	struct keys keys = { { 0 }, 0 };

	while (str_next(&rest, ' ', &name)) {
		char spelled[KEY_NAME_MAX];
		key_code key = KEYC_NONE;

		if (!key_parse(name, &key))
			fail_msg("%s: no key is called %.*s", c->name,
				 (int)name.n, name.p);
		assert_true(keys.n < MOST_KEYS);
		/* The table writes a key as help will show it. */
		assert_true(str_eq(str_of(key_print(key, spelled)), name));
		keys.key[keys.n++] = key;
	}
	return keys;
}

static void test_rows_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *c = &screen_commands[i];

		assert_non_null(c->name);
		assert_true(c->name[0] && c->group[0] && c->help[0]);
		assert_int_not_equal(c->context, 0);
		assert_int_equal(c->context & ~(uint32_t)IN_ALL, 0);
		assert_null(strchr(c->name, ' '));
		keys_of(c);
	}
}

static void test_a_key_does_one_thing_in_one_place(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		struct keys a = keys_of(&screen_commands[i]);

		for (int j = i + 1; j < SCREEN_COMMAND_COUNT; j++) {
			struct keys b = keys_of(&screen_commands[j]);

			if (!(screen_commands[i].context &
			      screen_commands[j].context))
				continue;
			for (int x = 0; x < a.n; x++)
				for (int y = 0; y < b.n; y++)
					if (a.key[x] == b.key[y])
						fail_msg(
							"%s and %s share a key",
							screen_commands[i].name,
							screen_commands[j]
								.name);
		}
	}
}

static void test_names_find_their_row(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++)
		assert_int_equal(
			screen_command_find(str_of(screen_commands[i].name)),
			i);
}

static void test_beginnings(void **state)
{
	(void)state;
	assert_int_equal(screen_command_find(str_of("piv")), DO_PIVOT);
	assert_int_equal(screen_command_find(str_of("zon")), DO_ZONE);
	/* zoom-in and zoom-out */
	assert_int_equal(screen_command_find(str_of("zoom")),
			 SCREEN_COMMAND_COUNT);
	/* search, and two that begin with it */
	assert_int_equal(screen_command_find(str_of("search")), DO_SEARCH);
	assert_int_equal(screen_command_find(str_of("sea")),
			 SCREEN_COMMAND_COUNT);
	assert_int_equal(screen_command_find(str_of("")), SCREEN_COMMAND_COUNT);
	assert_int_equal(screen_command_find(str_of("nosuch")),
			 SCREEN_COMMAND_COUNT);
	assert_string_equal(screen_command_nearest(str_of("lineag")),
			    "lineage");
	assert_null(screen_command_nearest(str_of("qwertyuiop")));
}

/* Where a hint is shown its command works; none is there twice; each pane names
 * at least one thing beside help, which ends every row. */
static void test_hints_name_what_works(void **state)
{
	const struct screen_hint *last = &screen_hints[SCREEN_HINT_COUNT - 1];

	(void)state;
	assert_int_equal(last->cmd, DO_HELP);
	assert_int_equal(last->context, IN_ALL);
	for (int i = 0; i < SCREEN_HINT_COUNT; i++) {
		const struct screen_hint *h = &screen_hints[i];
		const struct screen_command_info *c = &screen_commands[h->cmd];

		if (!h->context || h->context & ~c->context)
			fail_msg("the hint \"%s\" is shown where %s is not",
				 h->word, c->name);
		assert_true(h->word[0] && c->keys[0]);
		for (int k = 0; k < i; k++)
			if (screen_hints[k].cmd == h->cmd &&
			    screen_hints[k].context & h->context)
				fail_msg("%s has two hints in one place",
					 c->name);
	}
	for (uint32_t bit = 1; bit; bit <<= 1) {
		int n = 0;

		for (int i = 0; i < SCREEN_HINT_COUNT; i++)
			n += (screen_hints[i].context & bit) != 0;
		if (bit & IN_ALL && n < 2)
			fail_msg("context %x has no hint", bit);
	}
}

/* The keymap as it was promised, letter by letter: who rebinds a default breaks
 * what fingers know. */
static void test_the_keymap(void **state)
{
	static const struct {
		const char *keys;
		enum screen_command cmd;
		uint32_t in;
	} rows[] = {
		{ "j Down", DO_DOWN, IN_LISTS },
		{ "k Up", DO_UP, IN_LISTS },
		{ "g Home", DO_TOP, IN_LISTS },
		{ "G End", DO_BOTTOM, IN_LISTS },
		{ "^D", DO_HALF_DOWN, IN_LISTS },
		{ "^U", DO_HALF_UP, IN_LISTS },
		{ "PgDn ^F", DO_PAGE_DOWN, IN_LISTS },
		{ "PgUp b", DO_PAGE_UP, IN_LISTS },
		{ "Space", DO_PAGE_ON, IN_TEXT | IN_DETAIL },
		{ "h Left", DO_FOLD, IN_TREES | IN_TIMELINE },
		{ "l Right", DO_UNFOLD, IN_TREES | IN_TIMELINE },
		{ "h Left", DO_LEFT, IN_ALERTS | IN_ATTACK },
		{ "l Right", DO_RIGHT, IN_ALERTS | IN_ATTACK },
		{ "*", DO_FOLD_ALL, IN_TREES },
		{ "J", DO_NEXT_ROW, IN_PANES },
		{ "K", DO_PREV_ROW, IN_PANES },
		{ "}", DO_NEXT_GAP, IN_PANES },
		{ "{", DO_PREV_GAP, IN_PANES },
		{ "e", DO_NEXT_ALERT, IN_PANES },
		{ "E", DO_PREV_ALERT, IN_PANES },
		{ ".", DO_NEXT_STAR, IN_PANES },
		{ ",", DO_PREV_STAR, IN_PANES },
		{ "1", DO_PANE_ALERTS, IN_ALL },
		{ "2", DO_PANE_TIMELINE, IN_ALL },
		{ "3", DO_PANE_ATTACK, IN_ALL },
		{ "4", DO_PANE_LINEAGE, IN_ALL },
		{ "5", DO_PANE_DETAIL, IN_ALL },
		{ "6 P", DO_PANE_PROFILE, IN_ALL },
		{ "0", DO_TRIAGE, IN_ALL },
		{ "Tab", DO_NEXT_PANE, IN_PANES },
		{ "S-Tab", DO_PREV_PANE, IN_PANES },
		{ "o", DO_ONLY, IN_PANES },
		{ "<", DO_NARROWER, IN_PANES },
		{ ">", DO_WIDER, IN_PANES },
		{ "=", DO_EQUAL, IN_PANES },
		{ "Enter", DO_DRILL, IN_ALL },
		{ "p", DO_PIVOT, IN_PANES },
		{ "i", DO_IDENTITY, IN_PANES },
		{ "a", DO_GUIDE, IN_PANES },
		{ "I", DO_INCIDENTS, IN_ALERTS },
		{ "W", DO_WHY, IN_PANES },
		{ "H", DO_HINTS, IN_LINEAGE },
		{ "M", DO_MATRIX, IN_PANES },
		{ "R", DO_REVOKE, IN_PANES },
		{ "x", DO_CONTEXT, IN_PANES },
		{ "v", DO_VALUES, IN_PANES },
		{ "L", DO_LANES, IN_PANES },
		{ "[ Backspace", DO_BACK, IN_ALL },
		{ "]", DO_FORWARD, IN_ALL },
		{ "/", DO_SEARCH, IN_LISTS },
		{ "n", DO_SEARCH_NEXT, IN_LISTS },
		{ "N", DO_SEARCH_PREV, IN_LISTS },
		{ "f", DO_FILTER, IN_PANES },
		{ "+", DO_KEEP, IN_PANES },
		{ "-", DO_HIDE, IN_PANES },
		{ "u", DO_UNDO, IN_LISTS },
		{ "U ^R", DO_REDO, IN_LISTS },
		{ "\\", DO_FILTERS, IN_PANES },
		{ "X", DO_CLEAR, IN_LISTS },
		{ "z", DO_ZOOM_IN, IN_PANES },
		{ "Z", DO_ZOOM_OUT, IN_PANES },
		{ "(", DO_EARLIER, IN_PANES },
		{ ")", DO_LATER, IN_PANES },
		{ "@", DO_GOTO, IN_PANES },
		{ "D", DO_ZONE, IN_PANES },
		{ "Space", DO_CHOOSE, IN_ALERTS | IN_TIMELINE },
		{ "Space", DO_TOGGLE, IN_ATTACK },
		{ "V", DO_CHOOSE_RANGE, IN_ALERTS | IN_TIMELINE },
		{ "T", DO_CHOOSE_MATCHING, IN_ALERTS | IN_TIMELINE },
		{ "m", DO_STAR, IN_PANES },
		{ "'", DO_STARS, IN_ALL },
		{ "d", DO_DISPOSE, IN_PANES },
		{ "t", DO_TAG, IN_PANES },
		{ "c", DO_NOTE, IN_PANES },
		{ "C", DO_CASE_NOTES, IN_PANES },
		{ "y", DO_COPY, IN_LISTS },
		{ "s", DO_SORT, IN_ALERTS },
		{ "S", DO_REVERSE, IN_ALERTS },
		{ "w", DO_WIDE, IN_TIMELINE },
		{ "r", DO_REPRESENT, IN_DETAIL },
		{ "r", DO_REROOT, IN_LINEAGE },
		{ "F", DO_FOLLOW, IN_LISTS },
		{ "? F1", DO_HELP, IN_ALL },
		{ ":", DO_COMMAND, IN_ALL },
		{ "q", DO_CLOSE, IN_ALL },
		{ "Esc ^G", DO_CANCEL, IN_ALL },
		{ "Q", DO_QUIT, IN_ALL },
		{ "^C", DO_INTERRUPT, IN_ALL },
		{ "^Z", DO_SUSPEND, IN_ALL },
		{ "^L F5", DO_REDRAW, IN_ALL },
	};
	static const char *const names[] = {
		"filter",     "only",      "hide",      "clear",   "goto",
		"scope",      "pivot",     "profile",   "values",  "lanes",
		"tactic",     "tag",       "note",      "star",    "sort",
		"columns",    "set",       "map",       "write",   "save",
		"export",     "report",    "errors",    "stars",   "help",
		"history",    "earlier",   "later",     "resize",  "q",
		"back",       "fwd",       "revoke",    "filters", "prev-group",
		"next-group", "prev-star", "next-star",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct screen_command_info *c =
			&screen_commands[rows[i].cmd];
		struct str wanted = str_of(rows[i].keys), name;
		struct keys have = keys_of(c);

		if (rows[i].in & ~c->context)
			fail_msg("%s does not work everywhere", c->name);
		while (str_next(&wanted, ' ', &name)) {
			key_code key = KEYC_NONE;
			bool found = false;

			assert_true(key_parse(name, &key));
			for (int k = 0; k < have.n; k++)
				found |= have.key[k] == key;
			if (!found)
				fail_msg("%s is not on %s", c->name,
					 rows[i].keys);
		}
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (screen_command_find(str_of(names[i])) ==
		    SCREEN_COMMAND_COUNT)
			fail_msg("there is no :%s", names[i]);
}

/* What a terminal, screen or tmux takes for itself. */
static void test_keys_that_are_nobodys(void **state)
{
	static const char *const never[] = { "^A", "^B", "^S",  "^Q",  "^\\",
					     "^V", "^O", "F10", "F11", "^H" };

	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		struct str rest = str_of(screen_commands[i].keys), name;

		while (str_next(&rest, ' ', &name)) {
			assert_false(str_starts(name, str_of("M-")));
			for (size_t k = 0; k < sizeof(never) / sizeof(never[0]);
			     k++)
				assert_false(str_eq(name, str_of(never[k])));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_a_key_does_one_thing_in_one_place),
		cmocka_unit_test(test_names_find_their_row),
		cmocka_unit_test(test_beginnings),
		cmocka_unit_test(test_hints_name_what_works),
		cmocka_unit_test(test_the_keymap),
		cmocka_unit_test(test_keys_that_are_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
