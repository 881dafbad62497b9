/* SPDX-License-Identifier: MIT */
/*
 * paneplay.h - what plays a script: the workbench, its evidence and its canvas
 *
 * Layer: tests. Ownership: the player owns what it points to but for its
 * script, folder and work, which are texts of the command line.
 */
#ifndef PANES_PANEPLAY_H
#define PANES_PANEPLAY_H

#include <stdbool.h>
#include <stdio.h>

#include "ui/app.h"

enum { MOST_KEPT = 16 };

struct player {
	const char *script, *folder, *work;
	char rules[64], ioc[64], name[64];
	unsigned line;
	bool failed, update;
	struct investigation *inv;
	struct case_file *case_file;
	struct config config;
	char history[1024];
	struct app *app;
	struct canvas canvas;
	int rows, cols;
	bool unicode;
	struct {
		char name[64];
		struct strbuf dump;
	} kept[MOST_KEPT];
	size_t kept_n;
};

/* Tells where in the script something is not as it should be. */
void play_fail(struct player *p, const char *what, struct str detail);
/* A workbench over what was loaded, as a session begins with it. */
void play_open(struct player *p);
void play_settle(struct player *p);
/* Settles, and adds the canvas as text. */
void play_dump(struct player *p, struct strbuf *out);
/* "j<Enter>^D<Down*3>": names and counts in angle brackets. */
void play_press(struct player *p, struct str keys);
/* "80x24" */
void play_resize(struct player *p, struct str size);
/* Fails where no row has a text, or one has it that is not wanted. */
void play_look_for(struct player *p, struct str text, bool wanted);

/* `questions FILE` and `steps N`, see paneplay.c. */
void play_questions(struct player *p, struct str name);
void play_steps(struct player *p, struct str least);

#endif /* PANES_PANEPLAY_H */
