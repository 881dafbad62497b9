/* SPDX-License-Identifier: MIT */
/*
 * arena_help.h - one arena that the tests of a program share
 */
#ifndef TRAWL_TEST_ARENA_HELP_H
#define TRAWL_TEST_ARENA_HELP_H

#include "helpers.h"

#include "base/arena.h"
#include "base/json.h"

static struct arena arena;

static inline int arena_set_up(void **state)
{
	(void)state;
	json_init();
	arena_init(&arena);
	return 0;
}

static inline int arena_tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* The tests of an array, with the arena; what main returns. */
#define run_arena_tests(tests) \
	cmocka_run_group_tests(tests, arena_set_up, arena_tear_down)

#endif /* TRAWL_TEST_ARENA_HELP_H */
