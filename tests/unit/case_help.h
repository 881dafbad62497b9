/* SPDX-License-Identifier: MIT */
/*
 * case_help.h - a folder that the tests of one program keep their cases in
 */
#ifndef TRAWL_TEST_CASE_HELP_H
#define TRAWL_TEST_CASE_HELP_H

#include "ingest_help.h"

static struct folder dir;

static inline int dir_make(void **state)
{
	(void)state;
	folder_make(&dir);
	return 0;
}

static inline int dir_remove(void **state)
{
	(void)state;
	folder_remove(&dir);
	return 0;
}

/* The tests of an array, while `dir` is there; what main returns. */
#define run_case_tests(tests) \
	(json_init(), cmocka_run_group_tests(tests, dir_make, dir_remove))

#endif /* TRAWL_TEST_CASE_HELP_H */
