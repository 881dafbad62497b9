/* SPDX-License-Identifier: MIT */
/*
 * mdoc.h - a manual page as lines of text
 *
 * The pages travel inside the binary as they are written, and are set here
 * when somebody reads them: on a jump host there is no man. What is known is
 * what our pages use of mdoc(7); a test holds the words and their order
 * against mandoc's, page by page.
 *
 * Lines of sections begin in column 0, those of subsections in 3, all others
 * in 5 or later. Everything is ASCII.
 *
 * Layer: command. Threads: any. Cost: one pass over the page.
 */
#ifndef TRAWL_MDOC_H
#define TRAWL_MDOC_H

#include "base/strbuf.h"

enum { MDOC_WIDTH = 78 };

/* Adds the page, each line ended by a newline and none of them wider than
 * `width` but those of literal displays, which are as wide as they were
 * written. Returns how many macros were not known; of these the words are
 * shown. */
size_t mdoc_render(struct str page, size_t width, struct strbuf *out);
/* What .Nd says the page is about, in one line; empty when it says nothing. */
struct str mdoc_about(struct str page);

#endif /* TRAWL_MDOC_H */
