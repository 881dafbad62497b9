/* SPDX-License-Identifier: MIT */
/*
 * manual.h - the manual inside the program
 *
 * The pages man/trawl*.[1-9] are in the binary. A topic is a page, with or
 * without "trawl-" and its section ("query", "trawl-query(7)"), a section of
 * one ("FILTERS"), a key or command of the screen, a batch command, an
 * option, or a field: of the filter language or of a record.
 *
 * Layer: command. Threads: any.
 */
#ifndef TRAWL_MANUAL_H
#define TRAWL_MANUAL_H

#include <stdbool.h>

#include "base/strbuf.h"

struct embedded_file;

/* The pages: one after another, from 0; NULL behind the last. */
const struct embedded_file *manual_page(size_t i);
/* "trawl-query", and its section. */
struct str manual_page_name(const struct embedded_file *page, char *section);
/* What the page is about, in a few words. */
struct str manual_page_about(const struct embedded_file *page);

/*
 * Writes what there is to say of a topic, in lines of at most MDOC_WIDTH
 * columns that are set as mdoc.h says, with `title` a name for it. False when
 * there is no such topic; then `out` has one line with what is near.
 */
bool manual_topic(struct str topic, struct strbuf *title, struct strbuf *out);
/* All topics in a few lines: pages, and what else may be asked for. */
void manual_topics(struct strbuf *out);

#endif /* TRAWL_MANUAL_H */
