/* SPDX-License-Identifier: MIT */
/*
 * What the terminal's description says, as the painter wants it: how to move,
 * to erase, and what each role looks like.
 */
#include "ui/term/tty_private.h"

#include <string.h>

/* The colours that are used, on the terminal's own background. No black and no
 * white: one of the two is the background. */
enum { RED = 1, GREEN, YELLOW, MAGENTA = 5, CYAN };

enum {
	BOLD = PAINT_BOLD,
	DIM = PAINT_DIM,
	UNDERLINE = PAINT_UNDERLINE,
	REVERSE = PAINT_REVERSE,
};

/* Attributes without colour tell the roles apart as far as they can. */
static const struct {
	unsigned char attr;       /* where there is colour */
	unsigned char plain_attr; /* where there is none */
	unsigned char color;
} looks[STYLE_COUNT] = {
	[STYLE_TITLE] = { BOLD, BOLD, 0 },
	[STYLE_BAR_FOCUS] = { BOLD, BOLD, CYAN },
	[STYLE_HEADING] = { UNDERLINE, UNDERLINE, 0 },
	[STYLE_SELECTED] = { REVERSE, REVERSE, 0 },
	[STYLE_SELECTED_BLUR] = { BOLD, BOLD, 0 },
	[STYLE_MARKED] = { BOLD, BOLD, YELLOW },
	[STYLE_MUTED] = { DIM, 0, 0 },
	[STYLE_HIDDEN] = { REVERSE, REVERSE, 0 },
	[STYLE_HIDDEN_SELECTED] = { BOLD | UNDERLINE, BOLD | UNDERLINE, 0 },
	[STYLE_CRITICAL] = { BOLD | UNDERLINE, BOLD | UNDERLINE, RED },
	[STYLE_HIGH] = { BOLD, BOLD, RED },
	[STYLE_MEDIUM] = { 0, UNDERLINE, YELLOW },
	[STYLE_LOW] = { 0, 0, CYAN },
	[STYLE_DENIED] = { 0, BOLD, MAGENTA },
	[STYLE_OK] = { 0, 0, GREEN },
	[STYLE_ACCENT] = { BOLD, BOLD, CYAN },
	[STYLE_KEY] = { BOLD, BOLD, 0 },
	[STYLE_PROMPT] = { BOLD, BOLD, 0 },
	[STYLE_ERROR] = { BOLD, BOLD, RED },
	[STYLE_MATCH] = { UNDERLINE, UNDERLINE, YELLOW },
	[STYLE_INDICATOR] = { BOLD | UNDERLINE, BOLD | UNDERLINE, MAGENTA },
};

/* By bit of PAINT_BOLD...; how terminfo numbers what colours exclude. */
static const struct {
	const char *name;
	int excluded;
} attrs[PAINT_ATTRS] = {
	{ "bold", 32 },
	{ "dim", 16 },
	{ "smul", 2 },
	{ "rev", 4 },
};

static const char *const step_names[PAINT_STEPS] = {
	[PAINT_PLACE] = "cup",    [PAINT_ROW] = "vpa",  [PAINT_COL] = "hpa",
	[PAINT_RIGHT] = "cuf",    [PAINT_LEFT] = "cub", [PAINT_BACK] = "cub1",
	[PAINT_DOWN] = "cud1",    [PAINT_FIRST] = "cr", [PAINT_ERASE] = "ech",
	[PAINT_ERASE_ALL] = "el",
};

static bool add_step(struct strbuf *out, enum paint_step step, int a, int b)
{
	const char *text = tty_the_one.step[step];

	if (!text)
		return false;
	/* Most of them for one column. */
	if (step == PAINT_RIGHT && a == 1 && tty_the_one.right_one)
		text = tty_the_one.right_one;
	tty_add_capability(out, tty_fill(text, a, b));
	return true;
}

/* Without what it takes back of a set of letters that is never chosen. */
static void set_plain(struct tty *t)
{
	const char *set = tty_capability("rmacs");
	size_t n = set ? strlen(set) : 0;
	char *at;

	tty_copy_capability(t->plain, sizeof(t->plain), "sgr0");
	memcpy(t->looks.plain, t->plain, sizeof(t->looks.plain));
	at = n ? strstr(t->looks.plain, set) : NULL;
	if (at && strlen(t->looks.plain) > n)
		memmove(at, at + n, strlen(at + n) + 1);
}

static struct paint_look look_of(const struct tty *t, int role)
{
	struct paint_look look = { looks[role].plain_attr, 0 };
	int excluded = tty_number("ncv");

	if (t->color)
		look = (struct paint_look){ looks[role].attr,
					    looks[role].color };
	for (int i = 0; i < PAINT_ATTRS; i++)
		if (!t->looks.attr[i][0] || (look.color && excluded > 0 &&
					     excluded & attrs[i].excluded))
			look.attrs &= (unsigned char)~(1 << i);
	return look;
}

void tty_painter(struct tty *t)
{
	for (int i = 0; i < PAINT_STEPS; i++)
		t->step[i] = tty_capability(step_names[i]);
	t->right_one = tty_capability("cuf1");
	set_plain(t);
	for (int i = 0; i < PAINT_ATTRS; i++)
		tty_copy_capability(t->looks.attr[i], PAINT_CODE_MAX,
				    attrs[i].name);
	for (int i = 0; t->color && i < PAINT_COLORS; i++)
		tty_copy_color(t->looks.color[i], PAINT_CODE_MAX, i);
	for (int i = 0; i < STYLE_COUNT; i++)
		t->looks.look[i] = look_of(t, i);
	t->looks.step = add_step;
	t->looks.moves_plain = !tty_flag("msgr");
	t->looks.no_corner = tty_flag("am") && !tty_flag("xenl");
	paint_init(&t->paint, &t->looks);
}
