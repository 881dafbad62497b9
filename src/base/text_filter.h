/* SPDX-License-Identifier: MIT */
/*
 * text_filter.h - what data is shown as, when it is not shown as it is
 *
 * Whoever writes data for others passes it through one of these where there is
 * one: with names replaced by pseudonyms, say.
 *
 * Layer: base. Threads: as the filter says.
 */
#ifndef TRAWL_TEXT_FILTER_H
#define TRAWL_TEXT_FILTER_H

#include "base/strbuf.h"

struct text_filter {
	/* Adds what `in` is shown as to `out`. */
	void (*apply)(const void *context, struct str in, struct strbuf *out);
	const void *context;
};

#endif /* TRAWL_TEXT_FILTER_H */
