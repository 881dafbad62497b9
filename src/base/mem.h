/* SPDX-License-Identifier: MIT */
/*
 * mem.h - allocation that does not return NULL
 *
 * Whatever is sized by input is checked against a limit before it gets here
 * (see base/limits.h). What remains is the program's own small change: when
 * even that fails there is nothing sensible left to do, so these write one
 * line to standard error and abort; the terminal's handler for SIGABRT gives
 * the screen back (ui/term/tty.h). Products of sizes are checked.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_MEM_H
#define TRAWL_MEM_H

#include <stddef.h>

/*
 * Before anything else: large pieces go back to the system when they are
 * freed, and grow without being copied. Left to itself glibc keeps them in the
 * heap after the first one was freed, where they leave holes.
 */
void mem_setup(void);

/* Uninitialised; never NULL, also for 0 bytes. The caller frees with free. */
void *mem_alloc(size_t bytes);
/* The same, for what is filled at once: in large pages where it is large and
 * the system has them. */
void *mem_large(size_t bytes);
/* n * size bytes of zeros. */
void *mem_zero(size_t n, size_t size);
/* Resizes to n * size bytes; the bytes added are uninitialised. */
void *mem_resize(void *p, size_t n, size_t size);
/* A copy of `bytes` bytes, or a zero-terminated copy of a string. */
void *mem_dup(const void *p, size_t bytes);
char *mem_strdup(const char *s);

/*
 * Makes room for at least `need` items in an array that has room for *cap,
 * at least doubling it; amortised O(1) an item. Returns the array.
 */
void *mem_grow(void *p, size_t *cap, size_t need, size_t size);

#endif /* TRAWL_MEM_H */
