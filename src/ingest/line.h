/* SPDX-License-Identifier: MIT */
/*
 * line.h - lines of the logs that lie beside CloudTrail
 *
 * Web servers (combined and common format, with or without a virtual host
 * before and X-Forwarded-For behind), load balancers (application, network
 * with TLS, classic), S3 server access, VPC flows (default format, or any with
 * its header line). Each line says by itself what it is, but for flows of a
 * custom format, which need the header of their file.
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

enum { LINE_LONGEST = 256 * 1024 };

/*
 * What a line is, FORM_RECORD when nothing that is known; its record as JSON
 * replaces what `out` holds. `header` is the file's, or empty. Without its line
 * end; the arena is for what is needed on the way.
 */
enum form line_read(struct str line, struct str header, struct arena *arena,
		    struct strbuf *out);

/* Is that the header of VPC flows? */
bool line_is_header(struct str line);

#endif /* TRAWL_LINE_H */
