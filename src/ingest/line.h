/* SPDX-License-Identifier: MIT */
/*
 * line.h - lines of the logs that lie beside CloudTrail
 *
 * Web servers (combined and common format, with or without a virtual host
 * before and X-Forwarded-For behind), load balancers (application, network
 * with TLS, classic), S3 server access, CloudFront (standard logs), VPC flows
 * (default format, or any with its header line), the audit of MySQL databases.
 * Each line says by itself what it is, but for flows and CloudFront's lines of
 * a custom format, which need the header of their file.
 *
 * A line becomes a record: CloudTrail's names for what CloudTrail has too
 * (eventTime, eventName, sourceIPAddress, userAgent, errorCode, requestID),
 * the W3C's for HTTP (cs-method, cs-uri-stem, sc-status), as Sigma's rules for
 * web servers ask for them, the log's own for the rest; and the line itself,
 * `message`.
 *
 * Layer: ingest. Cost: O(length). Threads: any, an arena each.
 */
#ifndef TRAWL_LINE_H
#define TRAWL_LINE_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "model/form.h"

enum {
	LINE_LONGEST = 256 * 1024,
	LINE_LOOK_AHEAD = 16 * 1024, /* bytes in which a header has to be */
};

/*
 * What a line is, FORM_RECORD when nothing that is known; its record as JSON
 * replaces what `out` holds. `header` is the file's, or empty. Without its line
 * end; the arena is for what is needed on the way.
 */
enum form line_read(struct str line, struct str header, struct arena *arena,
		    struct strbuf *out);

/*
 * The header at the beginning of a log that has one, without its line end: the
 * names of VPC flows' fields, or "#Fields:" of CloudFront behind other lines of
 * that kind. Empty when there is none.
 */
struct str line_header(struct str text);

/* Is that line no entry, but the header again or a comment beside it? Files
 * that were put together have these each. */
bool line_is_aside(struct str line, struct str header);

/* "[2001:db8::1]:443": an address in brackets, as no JSON begins. */
bool line_begins_address(struct str text);

#endif /* TRAWL_LINE_H */
