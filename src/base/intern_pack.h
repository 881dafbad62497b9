/* SPDX-License-Identifier: MIT */
/*
 * intern_pack.h - tables of strings, in packs
 *
 * A table takes two sections: its own number and the next.
 *
 * Layer: base. Threads: as pack.h and intern.h say.
 */
#ifndef TRAWL_INTERN_PACK_H
#define TRAWL_INTERN_PACK_H

#include "base/intern.h"
#include "base/pack.h"

void intern_save(const struct intern *t, struct pack_writer *w,
		 uint32_t section);
/* Fills a table that was only begun; each string gets the id that it had.
 * False when the sections are no table: then it holds part of it. */
bool intern_restore(struct intern *t, struct pack *p, uint32_t section);

#endif /* TRAWL_INTERN_PACK_H */
