/* SPDX-License-Identifier: MIT */
/* The configuration: what it takes, what it refuses and in which words, and
 * that the manual's table of keys and settings are those that hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/config.h"

static const struct {
	const char *text;
	const char *error; /* a part of it; NULL: it is right */
} cases[] = {
	{ "", NULL },
	{ "# nothing\n\n  \t\n", NULL },
	{ "bind F2 filter outcome:denied", NULL },
	{ "bind ^X clear\nbind é values", NULL },
	{ "set hist log\nset tz +09:00\nset text=unicode\nset theme mono\n"
	  "set columns event,who\nset attack v18",
	  NULL },
	{ "filter denied outcome:denied and not service:sts", NULL },
	/* What a key does is asked for by the names of the table. */
	{ "bind F2 filtr x", "config:1: no command filtr; did you mean" },
	{ "bind F2", "a command was expected" },
	{ "bind", "is no key" },
	{ "\n\nbind Hyper filter", "config:3: \"Hyper\" is no key" },
	{ "bind F2 undo twice", "undo takes no argument" },
	/* Once in one place; both commands are named. */
	{ "bind f undo",
	  "f is bound to values-first and cannot be bound to undo" },
	{ "bind F2 undo\nbind F2 redo",
	  "config:2: F2 is bound to undo and cannot be bound to redo" },
	{ "bind F2 filter a\nbind F2 filter b", "bound to filter and cannot" },
	{ "bind F2 undo\nbind F2 undo", NULL },
	{ "unbind f\nbind f search", NULL },
	/* Space is free where nothing is toggled. */
	{ "unbind f\nbind F2 filter", NULL },
	{ "unbind F2", "F2 is not bound" },
	{ "unbind x\nunbind x", "config:2: x is not bound" },
	/* Never: what others take, what is another key by birth. */
	{ "bind ^A top", "^A cannot be bound: screen and tmux take it" },
	{ "bind ^S save-x", "cannot be bound" },
	{ "bind F10 undo", "cannot be bound" },
	/* No way out. */
	{ "unbind q\nunbind Q", NULL },
	{ "unbind q\nunbind Q\nunbind :", "no key is left to quit with" },
	{ "unbind q\nunbind Q\nunbind :\nbind F2 q", NULL },
	{ "unbind q\nunbind Q\nunbind :\nbind F2 close", NULL },
	/* Settings. */
	{ "set nothing x", "no option nothing; there are tz, hist" },
	{ "set hist", "hist: lin|sqrt|log was expected" },
	{ "set attack v17", "attack: v19|v18 was expected" },
	{ "set hist cubic", "hist: lin|sqrt|log was expected" },
	{ "set hist lin\nset hist log", "config:2: hist is set already" },
	{ "set tz Mars", "tz: Mars is no zone" },
	{ "set columns bogus", "bogus" },
	/* Filters. */
	{ "filter a usr:x", "column 1: unknown field \"usr\"" },
	{ "filter a level>=", "column" },
	{ "filter a", "a name and a filter were expected" },
	{ "filter a b\nfilter A c", "there is a filter A already" },
	{ "mind F2 undo", "bind, unbind, set or filter was expected" },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct config c;
		struct err err = ERR_INIT;
		enum err_code rc;

		config_init(&c);
		rc = config_read(&c, str_of(cases[i].text), "config", &err);
		if (!cases[i].error && rc)
			fail_msg("%s: %s", cases[i].text, err.msg);
		if (cases[i].error && (!rc || !strstr(err.msg, cases[i].error)))
			fail_msg("%s: \"%s\", expected \"%s\"", cases[i].text,
				 rc ? err.msg : "taken", cases[i].error);
		config_release(&c);
	}
}

static void test_what_it_does(void **state)
{
	const struct binding *b;
	struct config c;
	struct err err;
	char name[KEY_NAME_MAX];

	(void)state;
	config_init(&c);
	assert_int_equal(
		config_read(&c,
			    STR("unbind f\nbind f search\n"
				"bind F2 filter outcome:denied\n"
				"set hist = log\nfilter one event:A\n"),
			    "config", &err),
		ERR_OK);
	b = keymap_find(&c.keymap, 'f', IN_TIMELINE);
	assert_int_equal(b->cmd, DO_SEARCH);
	b = keymap_find(&c.keymap, KEYC_F1 + 1, IN_ALERTS);
	assert_int_equal(b->cmd, DO_FILTER);
	assert_true(str_eq(b->argument, STR("outcome:denied")));
	/* :filter does not work in texts, and neither does its key. */
	assert_null(keymap_find(&c.keymap, KEYC_F1 + 1, IN_TEXT));
	assert_string_equal(keymap_first_key(&c.keymap, DO_SEARCH, name), "/");
	/* A key with an argument is no key of the command as such. */
	assert_string_equal(keymap_first_key(&c.keymap, DO_FILTER, name), "");
	assert_true(str_eq(c.set[SET_HIST], STR("log")));
	assert_null(c.set[SET_TZ].p);
	assert_int_equal(c.filter_n, 1);
	config_release(&c);
}

/* Every command can be bound by its name, every key of the table is one that
 * a configuration may name, and without one the keys are the table's. */
static void test_the_table(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *cmd = &screen_commands[i];
		struct str rest = str_of(cmd->keys), name;
		struct strbuf line, keys;
		struct config c;
		struct err err;
		key_code key;

		config_init(&c);
		strbuf_init(&line);
		strbuf_init(&keys);
		strbuf_addf(&line, "bind F12 %s", cmd->name);
		if (config_read(&c, strbuf_str(&line), "config", &err))
			fail_msg("%s", err.msg);
		assert_int_equal(
			keymap_find(&c.keymap, KEYC_F1 + 11, cmd->context)->cmd,
			i);
		while (str_next(&rest, ' ', &name)) {
			assert_true(key_parse(name, &key));
			assert_non_null(
				keymap_find(&c.keymap, key, cmd->context));
			strbuf_clear(&line);
			strbuf_adds(&line, "unbind ");
			strbuf_add(&line, name);
			if (config_read(&c, strbuf_str(&line), "config", &err))
				fail_msg("%s", err.msg);
		}
		strbuf_release(&line);
		strbuf_release(&keys);
		config_release(&c);
	}
}

static void test_options(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_OPTION_COUNT; i++) {
		const struct screen_option_info *o = &screen_options[i];

		assert_int_equal(screen_option_find(str_of(o->name)), i);
		assert_true(o->help[0] && o->values[0]);
		if (*o->initial)
			assert_true(screen_option_takes((enum screen_option)i,
							str_of(o->initial)));
	}
	assert_int_equal(screen_option_find(STR("nothing")),
			 SCREEN_OPTION_COUNT);
}

static void test_too_large(void **state)
{
	struct config c;
	struct err err;

	(void)state;
	config_init(&c);
	assert_int_equal(config_load(&c, "/nonexistent/config", &err), ERR_IO);
	assert_int_equal(config_load(&c, "/dev/zero", &err), ERR_LIMIT);
	config_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_what_it_does),
		cmocka_unit_test(test_the_table),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
