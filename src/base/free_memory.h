/* SPDX-License-Identifier: MIT */
/*
 * free_memory.h - how much memory a program may still take
 *
 * The least of what the system could free for it, what its control group
 * leaves it and what its address space may grow by.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_FREE_MEMORY_H
#define TRAWL_FREE_MEMORY_H

#include <stdint.h>

/* Bytes; 0 when the system does not say. */
uint64_t free_memory(void);

#endif /* TRAWL_FREE_MEMORY_H */
