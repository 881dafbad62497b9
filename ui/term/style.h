/* SPDX-License-Identifier: MIT */
/*
 * style.h - what a cell means, for how it looks
 *
 * Whoever draws says what a text is; tty.c alone knows which attribute and
 * colour that becomes on the terminal at hand. No meaning is told by colour
 * alone: a role goes with a letter, a word or a mark that is drawn as well,
 * because there are terminals, and eyes, without colour.
 *
 * Layer: ui/term.
 */
#ifndef TRAWL_STYLE_H
#define TRAWL_STYLE_H

/* Role, the name it has in goldens. */
#define STYLE_ROLES(X)                                                        \
	X(STYLE_NORMAL, "normal")                                             \
	X(STYLE_TITLE, "title")           /* the first row of the screen */   \
	X(STYLE_BAR, "bar")               /* a pane's title and its frame */  \
	X(STYLE_BAR_FOCUS, "bar-focus")   /* of the pane that takes keys */   \
	X(STYLE_HEADING, "heading")       /* column and card headings */      \
	X(STYLE_SELECTED, "selected")     /* the cursor's row */              \
	X(STYLE_SELECTED_BLUR, "blurred") /* where the focus is elsewhere */  \
	X(STYLE_MARKED, "marked")         /* a row picked with Space */       \
	X(STYLE_MUTED, "muted")           /* less important */                \
	X(STYLE_HIDDEN, "hidden")         /* a spelled-out character */       \
	X(STYLE_HIDDEN_SELECTED, "hidden-selected") /* on the cursor's row */ \
	X(STYLE_CRITICAL, "critical")               /* Sigma's levels */      \
	X(STYLE_HIGH, "high")                                                 \
	X(STYLE_MEDIUM, "medium")                                             \
	X(STYLE_LOW, "low")                                                   \
	X(STYLE_INFORMATIONAL, "informational")                               \
	X(STYLE_DENIED, "denied") /* a call that was refused */               \
	X(STYLE_OK, "ok")                                                     \
	X(STYLE_ACCENT, "accent") /* worth a second look */                   \
	X(STYLE_KEY, "key")       /* a key in a hint */                       \
	X(STYLE_PROMPT, "prompt") /* what is asked */                         \
	X(STYLE_ERROR, "error")                                               \
	X(STYLE_MATCH, "match")         /* found by a search */               \
	X(STYLE_INDICATOR, "indicator") /* is on a list of indicators */

enum style_role {
#define X(role, name) role,
	STYLE_ROLES(X)
#undef X
		STYLE_COUNT
};

static inline const char *style_name(enum style_role role)
{
	static const char *const name[] = {
#define X(role, text) [role] = text,
		STYLE_ROLES(X)
#undef X
	};

	return role < STYLE_COUNT ? name[role] : "?";
}

#endif /* TRAWL_STYLE_H */
