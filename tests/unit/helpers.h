/* SPDX-License-Identifier: MIT */
/*
 * helpers.h - what the unit tests share
 *
 * Random numbers that are the same in every run, buffers without a byte of
 * slack (so that AddressSanitizer sees a step too far), and assertions on
 * struct str.
 */
#ifndef TRAWL_TEST_HELPERS_H
#define TRAWL_TEST_HELPERS_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/str.h"

/* Random numbers (splitmix64) --------------------------------------------- */

struct rng {
	uint64_t state;
};

static inline uint64_t rng_next(struct rng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* 0 to n - 1. */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(rng_next(r) % n);
}

static inline bool rng_one_in(struct rng *r, uint32_t n)
{
	return rng_below(r, n) == 0;
}

static inline char rng_byte(struct rng *r)
{
	return (char)(unsigned char)rng_below(r, 256);
}

/* Shuffles an array of numbers. */
static inline void rng_shuffle(struct rng *r, uint32_t *v, uint32_t n)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = rng_below(r, i), swap = v[i - 1];

		v[i - 1] = v[j];
		v[j] = swap;
	}
}

/* Text -------------------------------------------------------------------- */

/* A copy in a block of its exact size; free it with exact_free. */
static inline struct str exact_copy(struct str s)
{
	char *p = malloc(s.n);

	/* A block of no bytes has an address that must not be read. */
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

static inline void exact_free(struct str s)
{
	free((void *)(uintptr_t)s.p);
}

static inline void print_bytes(const char *what, struct str s)
{
	fprintf(stderr, "%s (%zu) \"", what, s.n);
	for (size_t i = 0; i < s.n && i < 400; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c < 0x7f)
			fputc(c, stderr);
		else
			fprintf(stderr, "\\x%02x", c);
	}
	fprintf(stderr, "\"\n");
}

static inline void check_str(struct str actual, struct str expected,
			     const char *file, int line)
{
	if (str_eq(actual, expected))
		return;
	print_bytes("actual  ", actual);
	print_bytes("expected", expected);
	_fail(file, line);
}

#define assert_str_eq(actual, expected) \
	check_str((actual), (expected), __FILE__, __LINE__)
/* With a string literal, which may hold NUL. */
#define assert_str(actual, literal) assert_str_eq((actual), STR(literal))

/* Fails with a message when a condition does not hold. */
#define check(condition, ...)                         \
	do {                                          \
		if (!(condition)) {                   \
			fprintf(stderr, __VA_ARGS__); \
			fputc('\n', stderr);          \
			_fail(__FILE__, __LINE__);    \
		}                                     \
	} while (0)

/* Processes and time ------------------------------------------------------ */

/* Does f(arg) end the process by abort? Run in a child. */
static inline bool does_abort(void (*f)(void *), void *arg)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		fclose(stderr);
		signal(SIGABRT, SIG_DFL);
		f(arg);
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static inline double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of the processor's time: what is measured so may share the machine. */
static inline double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif /* TRAWL_TEST_HELPERS_H */
