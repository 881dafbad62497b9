/* SPDX-License-Identifier: MIT */
/*
 * http_request.h - requests of HTTP, as access logs have them
 *
 * What web servers, load balancers, CloudFront and WAF say of a request is
 * named and judged in one way.
 *
 * Layer: ingest. Cost: O(length). Threads: any.
 */
#ifndef TRAWL_HTTP_REQUEST_H
#define TRAWL_HTTP_REQUEST_H

#include "base/arena.h"
#include "base/str.h"

/* What a log does not say is empty; of what is no request all is the stem. */
struct http_request {
	struct str method, host, stem, query, protocol;
};

/* "GET /a?b HTTP/1.1"; a load balancer writes the whole address of the page. */
struct http_request http_request_split(struct str request);

/* "203.0.113.7:443" and "[2001:db8::1]:443" without the port. */
struct str http_host(struct str text);

/* "GET /index.php"; a long path is cut. */
struct str http_request_name(const struct http_request *r, struct arena *arena);

/* The metadata service that it names (model/imds.h), or NULL. */
const char *http_metadata(const struct http_request *r, struct arena *arena);

/*
 * Who called. Behind a load balancer the server sees the balancer, which has
 * added whom it saw to the end of X-Forwarded-For: what stands before, the
 * client wrote. From outside nothing of it is believed.
 */
struct str http_client(struct str remote, struct str forwarded);

#endif /* TRAWL_HTTP_REQUEST_H */
