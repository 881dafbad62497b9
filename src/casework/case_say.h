/* SPDX-License-Identifier: MIT */
/*
 * case_say.h - saying something in a case, and taking it back
 *
 * A saying is an entry that is not written yet: who and when are put to it when
 * it is. Those that belong together (a star for each of twelve events) go into
 * the case together, or not at all. What undoes a saying is another one, which
 * is made before it is written, from what the case said until then: nothing is
 * ever taken out of a case.
 *
 * Layer: casework. Threads: one.
 */
#ifndef TRAWL_CASE_SAY_H
#define TRAWL_CASE_SAY_H

#include "casework/case_rows.h"

struct case_saying {
	struct case_item item; /* texts are the sayings' own */
	bool ends;             /* it holds no more */
};

struct case_sayings {
	struct case_saying *item;
	size_t n, cap;
	struct arena arena;
};

void case_sayings_init(struct case_sayings *s);
void case_sayings_release(struct case_sayings *s);
/* Texts are copied. */
void case_sayings_add(struct case_sayings *s, const struct case_item *item,
		      bool ends);

enum {
	CASE_LABEL_MAX = 60,    /* bytes */
	CASE_TEXT_MAX = 262144, /* bytes of a note, or of the notes of a case */
};

/* Both add to `say` what is to be said of a row, and to `undo` its contrary;
 * nothing when it is so already. Of an event that is delivered to several
 * accounts all rows are meant. */
void case_say_star(struct case_sayings *say, struct case_sayings *undo,
		   const struct case_book *b, const struct store *s, row_id row,
		   bool star);
void case_say_label(struct case_sayings *say, struct case_sayings *undo,
		    const struct case_book *b, const struct store *s,
		    row_id row, struct str label, bool has);
/* A note of a row; ROW_NONE: of the case. */
void case_say_note(struct case_sayings *say, struct case_sayings *undo,
		   const struct store *s, row_id row, struct str text);
/* A note of the incident that this event names. */
void case_say_incident_note(struct case_sayings *say, struct case_sayings *undo,
			    struct str incident, struct str text);
/* All that the author keeps as notes of the case; empty: nothing more. */
void case_say_text(struct case_sayings *say, struct case_sayings *undo,
		   const struct case_book *b, struct str author,
		   struct str text);
void case_say_evidence(struct case_sayings *say, struct case_sayings *undo,
		       int64_t time, struct str what, struct str where);
/* A disposition of matches of one rule, those at `rows`. What was decided of
 * them before comes back with `undo`. */
void case_say_disposition(struct case_sayings *say, struct case_sayings *undo,
			  const struct case_rows *rows_said,
			  const struct rule *rule, uint32_t label,
			  struct str actor, const struct store *s,
			  const struct rowset *rows, enum disposition what);

/* Writes them, signed and dated. ERR_CASE: nothing is written. */
ATTR_NODISCARD enum err_code case_say(struct case_file *c,
				      const struct case_sayings *s,
				      struct err *err);

#endif /* TRAWL_CASE_SAY_H */
