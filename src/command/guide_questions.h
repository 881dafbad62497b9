/* SPDX-License-Identifier: MIT */
/*
 * guide_questions.h - the questions of an investigation, in their order: one
 * table, data only
 *
 * One row a question: its letter in the guide, the question, the batch command
 * that answers it, and the line of the screen that does. Both are templates: {id}
 * is the identity, {event} the event and {address} the address that the
 * question is about; PATH... stands for the evidence; a semicolon is between two
 * commands, or two lines of the screen where no value is filled in. The guide, the manual,
 * --help and the tests read it.
 *
 * Letters never change, so that fingers learn them; those that move in a list
 * are left out.
 *
 * Layer: command.
 */
#ifndef TRAWL_GUIDE_QUESTIONS_H
#define TRAWL_GUIDE_QUESTIONS_H

/* Code, letter, question, batch command, line of the screen. */
#define GUIDE_QUESTIONS(X)                                                    \
	X(GUIDE_HELD, 'a', "What do I hold: span, accounts, regions, holes?", \
	  "trawl coverage PATH...", "coverage")                               \
	X(GUIDE_ALARMING, 'b', "What is alarming, worst first?",              \
	  "trawl alerts PATH...", "triage;top")                               \
	X(GUIDE_AROUND, 'c', "Is it authorised: what stands around it?",      \
	  "trawl events --around {event} PATH...", "context")                 \
	X(GUIDE_WHO, 'd', "Who is this really?", "trawl origin {id} PATH...", \
	  "identity {id}")                                                    \
	X(GUIDE_DID, 'e', "What did it do, over services and accounts?",      \
	  "trawl walk {id} PATH...", "matrix {id}")                           \
	X(GUIDE_FROM, 'f', "Where did it come from, and who else did?",       \
	  "trawl profile {id} PATH...", "profile {id}")                       \
	X(GUIDE_SHARED, 'g', "What else came from that address?",             \
	  "trawl profile {address} PATH...", "profile {address}")             \
	X(GUIDE_PERSISTS, 'h', "What did it make or change that persists?",   \
	  "trawl walk --section persist {id} PATH...", "persist {id}")        \
	X(GUIDE_DONE_TO, 'i', "What was done to it?",                         \
	  "trawl walk --section on {id} PATH...", "done-to {id}")             \
	X(GUIDE_DATA, 'l', "Which data was touched, and how much?",           \
	  "trawl walk --section data {id} PATH...", "data {id}")              \
	X(GUIDE_ENTRY, 'm', "How did they get in: what came first?",          \
	  "trawl alerts --incidents PATH...", "entry")                        \
	X(GUIDE_REVOKE, 'n', "Which credentials must be revoked, and how?",   \
	  "trawl walk --section revoke {id} PATH...", "revoke {id}")          \
	X(GUIDE_REACH, 'o', "How far did it reach?",                          \
	  "trawl walk --section reach {id} PATH...", "reach {id}")            \
	X(GUIDE_TAMPERED, 'p',                                                \
	  "Were logs tampered with; is the evidence whole?",                  \
	  "trawl verify PATH...; "                                            \
	  "trawl alerts --technique T1685.002 PATH...",                       \
	  "coverage logging stopped")                                         \
	X(GUIDE_REPORT, 'r', "Write it up",                                   \
	  "trawl report --incident {event} PATH...", "report {event}")

enum guide_question {
#define X(code, letter, ask, batch, screen) code,
	GUIDE_QUESTIONS(X)
#undef X
		GUIDE_QUESTION_COUNT
};

struct guide_question_info {
	char letter;
	const char *ask, *batch, *screen;
};

extern const struct guide_question_info guide_questions[GUIDE_QUESTION_COUNT];

#endif /* TRAWL_GUIDE_QUESTIONS_H */
