/* SPDX-License-Identifier: MIT */
/*
 * mouse.h - what a mouse did, where the terminal tells
 *
 * Rows and columns count from 0. Layer: ui/term. Data only.
 */
#ifndef TRAWL_MOUSE_H
#define TRAWL_MOUSE_H

enum mouse_act { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct mouse {
	enum mouse_act act;
	int row, col;
};

#endif /* TRAWL_MOUSE_H */
