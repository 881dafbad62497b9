/* SPDX-License-Identifier: MIT */
/*
 * case_file.h - what an analyst writes down, so that nothing of it is lost
 *
 * A case is a file of JSON objects, one a line; the first is a header. What
 * the lines mean is the business of others (case_book.h, mutes.h): here they are
 * lines, in the order in which they were written. Nothing is ever taken out:
 * what no longer holds is said by a later line, and what this program does not
 * know stays as it was. trawl-case(5) describes the format.
 *
 * A line that was added is in PATH.journal, and on the disk, when case_add
 * returns. case_save puts all lines into a new file, which takes the place of
 * the old one in one step, and empties the journal; so a crash, a full disk
 * or a lost connection at any moment costs nothing that was confirmed. At the
 * next opening lines that are in a journal alone are there again.
 *
 * The journal is locked while somebody has the case open for writing: others
 * read it and are told who that is. Reading alone changes nothing on the disk,
 * and neither does writing until the first line is added.
 *
 * Errors are ERR_CASE. Layer: casework. Threads: one.
 */
#ifndef TRAWL_CASE_FILE_H
#define TRAWL_CASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "base/strbuf.h"

enum {
	CASE_VERSION = 1,
	CASE_FILE_MAX = 256 * 1024 * 1024,
	CASE_LINE_MAX = 1024 * 1024,
};

enum case_mode {
	CASE_READ,   /* it has to be there */
	CASE_WRITE,  /* it is made when something is added */
	CASE_OWN,    /* likewise, with the folders that lead to it */
	CASE_MEMORY, /* what is added stays in memory; it need not be there */
};

struct case_file;

/*
 * Opens a case for an author; NULL is $USER, else the account's name. One that
 * others write, or that this user may not, is opened for reading instead: see
 * case_refusal. ERR_CASE for what is no case, is no plain file, or was written
 * by a newer program.
 */
ATTR_NODISCARD enum err_code case_open(struct case_file **out, const char *path,
				       enum case_mode mode, const char *author,
				       struct err *err);
/* Lets go of it. What was not saved stays in the journal. */
void case_close(struct case_file *c);

const char *case_path(const struct case_file *c);
/* Why nothing can be added, or NULL: a sentence fragment, raw. */
const char *case_refusal(const struct case_file *c);
/* Is what is added kept anywhere but in memory? */
bool case_is_kept(const struct case_file *c);
/* How many lines were found in the journal of a session that did not end. */
size_t case_recovered(const struct case_file *c);
/* When it was begun, or TIME_NONE. */
int64_t case_created(const struct case_file *c);
/* How many lines are no JSON objects; they are kept. */
size_t case_damaged(const struct case_file *c);

/* Changes when the lines were read anew, because somebody else may have added
 * some before the lock was there: those of before are gone. Never 0. */
uint64_t case_edition(const struct case_file *c);
/* The lines behind the header, without their line ends. */
size_t case_lines(const struct case_file *c);
struct str case_line(const struct case_file *c, size_t i);
/* A line as JSON in an arena, or NULL when it is damaged. */
const struct json *case_entry(const struct case_file *c, size_t i,
			      struct arena *a);

/* Adds a line, one JSON object, or several, a line each: they are on the disk
 * when this returns ERR_OK, and are not there at all otherwise. */
ATTR_NODISCARD enum err_code case_add(struct case_file *c, struct str lines,
				      struct err *err);
/*
 * Where the author stands in the workbench, one JSON object that begins with
 * CASE_PLACE: of each author the last one is kept, and it is none of the lines.
 * A case that says nothing is not begun for its sake. It is in the journal when
 * this returns, but for what a loss of power may take.
 */
#define CASE_PLACE "{\"entry\":\"place\","
ATTR_NODISCARD enum err_code case_set_place(struct case_file *c,
					    struct str object, struct err *err);
/* The author's, or empty. */
struct str case_place(const struct case_file *c);
/* Writes the file anew, if anything was added since. */
ATTR_NODISCARD enum err_code case_save(struct case_file *c, struct err *err);

/* Who writes, for entries. */
struct str case_author(const struct case_file *c);
/* Now, ms since 1970. */
int64_t case_now(void);

#endif /* TRAWL_CASE_FILE_H */
