/* SPDX-License-Identifier: MIT */
/*
 * timeline_columns.h - which columns the timeline has, and how wide they are
 *
 * Two tables: what columns there are, and which of them a pane of some width
 * shows unless the analyst has chosen others. Time, mark and the letter of the
 * worst alert are always there and no columns here.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_TIMELINE_COLUMNS_H
#define TRAWL_TIMELINE_COLUMNS_H

#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"

/* Column; its name; at most so wide; wider than least only where there is
 * room for it (a share), else always its least. */
#define TIMELINE_COLUMNS(X)           \
	X(COL_SERVICE, "service", 4)  \
	X(COL_EVENT, "event", 34)     \
	X(COL_WHO, "who", 44)         \
	X(COL_IP, "ip", 15)           \
	X(COL_REGION, "region", 14)   \
	X(COL_ACCOUNT, "account", 12) \
	X(COL_KEY, "key", 20)         \
	X(COL_AGENT, "ua", 60)        \
	X(COL_ERROR, "error", 28)     \
	X(COL_OUTCOME, "outcome", 6)

enum { COLUMNS_WIDEST = 400 }; /* nothing lies to the right of it */

enum timeline_column {
#define X(id, name, most) id,
	TIMELINE_COLUMNS(X)
#undef X
		COL_COUNT
};

/* What the analyst has chosen; n 0: by width. */
struct column_choice {
	unsigned char col[COL_COUNT];
	size_t n;
	bool wide; /* all at their best width; h and l scroll */
	int left;  /* columns scrolled */
};

struct column_layout {
	struct {
		enum timeline_column col;
		int width;
	} at[COL_COUNT];
	size_t n;
	int total; /* with a blank behind each */
};

/* For `room` columns between mark and letter; `addresses` is how wide the
 * longest address is. Never wider than the room unless `wide`. */
void columns_lay_out(struct column_layout *out, const struct column_choice *c,
		     int room, int addresses);

/* Reads "event,who,ip" (or blanks); "" or "auto": by width. ERR_SYNTAX names
 * what is no column and lists those that there are. */
ATTR_NODISCARD enum err_code columns_parse(struct column_choice *c,
					   struct str text, struct err *err);
/* The names of those that are chosen, or "auto". */
void columns_text(const struct column_choice *c, struct strbuf *out);

#endif /* TRAWL_TIMELINE_COLUMNS_H */
