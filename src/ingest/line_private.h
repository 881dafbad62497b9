/* SPDX-License-Identifier: MIT */
/* line_private.h - what the readers of single logs share */
#ifndef TRAWL_LINE_PRIVATE_H
#define TRAWL_LINE_PRIVATE_H

#include "base/json_writer.h"
#include "base/timefmt.h"
#include "ingest/http_request.h"
#include "ingest/line.h"

enum { LINE_TOKENS = 64 };

struct line_token {
	struct str text; /* without the quotes or brackets around it */
	char mark;       /* '"', '[' or '\0' */
};

struct line {
	struct str whole;
	struct line_token token[LINE_TOKENS];
	unsigned n;
	struct arena *arena;
	struct strbuf *out;
};

/* A reader says whether the line is of its log, and then has written it. */
typedef bool (*line_reader)(struct line *l);

bool line_web(struct line *l);
bool line_elb(struct line *l);
bool line_nlb(struct line *l);
bool line_s3(struct line *l);
bool line_flow(struct line *l, struct str header);
/* These two do not look at the tokens, which need not be there. */
bool line_edge(struct line *l, struct str header);
bool line_mysql(struct line *l);
/* Is that the header of VPC flows, of CloudFront? */
bool line_is_flow_header(struct str line);
bool line_is_edge_header(struct str line);

/* The text of a token; empty for "-" and where there is none. */
static inline struct str line_text(const struct line *l, unsigned i)
{
	if (i >= l->n || str_eq(l->token[i].text, STR("-")))
		return STR_NULL;
	return l->token[i].text;
}

/* "10/Oct/2020:15:06:31 +0900"; TIME_NONE for anything else. */
int64_t line_time(struct str text);
/* Three digits. */
bool line_is_status(struct str text);

/* Writing: begin, what the log says, end. */
void line_begin(struct line *l, struct json_writer *w, int64_t time,
		const char *source, struct str name, struct str address);
/* A number as one where it is one; nothing for an empty text. */
void line_put(struct json_writer *w, const char *key, struct str text);
/* The parts of a request, and its status. */
void line_put_request(struct line *l, struct json_writer *w,
		      const struct http_request *r, struct str status);
/* A status of HTTP that is an error's as errorCode; the outcome follows. */
void line_put_error(struct json_writer *w, struct str status);
void line_end(struct line *l, struct json_writer *w);

#endif /* TRAWL_LINE_PRIVATE_H */
