/* SPDX-License-Identifier: MIT */
/*
 * files.h - the files that the evidence came from
 *
 * One entry a file, by file_id, in order of the path. Rows name their file by
 * this id; raw records are read again from it. An entry is written while its
 * file loads, by the thread that appends, and only read afterwards; the
 * access points of a large gzip file are added by its one worker before the
 * entry is handed over.
 *
 * Layer: store.
 */
#ifndef TRAWL_FILES_H
#define TRAWL_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/gz.h"
#include "model/form.h"

typedef uint32_t file_id;

enum file_format {
	FILE_UNREAD,
	FILE_RECORDS, /* {"Records":[...]} */
	FILE_OBJECT,  /* {"Events":[...]} and others that hold an array */
	FILE_ARRAY,   /* [...] */
	FILE_LINES,   /* one object after another: JSON lines, one record */
	FILE_TABLE,   /* rows behind a header */
	FILE_LOG,     /* lines of a log beside CloudTrail */
	FILE_CLOSED,  /* may be evidence, in a form that is not read */
	FILE_UNKNOWN, /* nothing that is read */
	FILE_EMPTY,
};

const char *file_format_name(enum file_format f);

/* A stretch of a file. */
struct file_part {
	uint64_t begin, length; /* bytes */
};

struct file_entry {
	char *path;             /* as found from the PATH given */
	int fd;                 /* -1; else where it can be read again, for
				    input that came from a pipe */
	bool spooled;           /* a member of an archive: a part of what fd is,
				    which is the list's */
	struct file_part part;  /* of a member: where it lies there */
	uint64_t bytes;         /* on disk */
	uint64_t content_bytes; /* decompressed */
	bool named;             /* named outright, not found in a folder */
	bool kept;              /* a load of before has read it: its rows are
				   there */
	const char *refused;    /* why it is not even opened, a constant */
	bool foreign;           /* nothing that could be a log */
	uint64_t device, inode; /* 0 for a pipe's copy */
	int64_t changed[2];     /* when its bytes, and it, last changed: ns
				   since 1970; likewise */
	bool gzip;
	enum file_format format;
	enum form form;   /* of its first record */
	uint32_t members; /* gzip members */
	uint64_t records; /* found, rejected ones too */
	uint64_t rejected;
	uint64_t unlisted;       /* skips beyond SKIPS_PER_FILE */
	struct gz_points points; /* of a large gzip file */
};

struct files {
	struct file_entry *entry;
	uint32_t n;
	size_t cap;
	int spool; /* -1; else a nameless file with members of archives */
};

void files_init(struct files *f);
/* Closes the files that are held open. */
void files_release(struct files *f);
/* Adds a path, which is copied; returns its id. */
file_id files_add(struct files *f, const char *path, uint64_t bytes);

/* Nothing in it could be used. */
static inline bool file_says_nothing(const struct file_entry *e)
{
	return e->format == FILE_UNKNOWN || e->format == FILE_CLOSED;
}

/* What of e->fd is the file's; NULL: all of it. */
static inline const struct file_part *file_part_of(const struct file_entry *e)
{
	return e->spooled ? &e->part : NULL;
}

/* Are these the same files, of the same sizes and times? */
bool files_same(const struct files *a, const struct files *b);

/* Base name of a path: what follows the last slash. */
const char *file_base_name(const char *path);

#endif /* TRAWL_FILES_H */
