/* SPDX-License-Identifier: MIT */
/*
 * answer.h - what can be said of a condition by one who does not see it all
 *
 * Layer: query.
 */
#ifndef TRAWL_ANSWER_H
#define TRAWL_ANSWER_H

enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_UNSURE,
};

#endif /* TRAWL_ANSWER_H */
