/* SPDX-License-Identifier: MIT */
#include "ingest/http_request.h"

#include "base/attr.h"
#include "model/addr.h"
#include "model/imds.h"

enum {
	LONGEST_NAME = 120, /* bytes of a path that name a request */
	MOST_FORWARDED = 32,
};

struct str http_host(struct str text)
{
	size_t colon = str_find_last(text, ':');

	if (text.n && text.p[0] == '[')
		return str_sub(text, 1, str_find_char(text, ']', 0));
	return colon == SIZE_MAX ? text : str_sub(text, 0, colon);
}

struct http_request http_request_split(struct str s)
{
	struct http_request r = { .stem = STR_NULL };
	size_t first = str_find_char(s, ' ', 0), last = str_find_last(s, ' ');
	struct str uri = s;
	size_t at;

	if (first != SIZE_MAX && last > first &&
	    str_starts(str_from(s, last + 1), STR("HTTP/"))) {
		r.method = str_sub(s, 0, first);
		uri = str_sub(s, first + 1, last);
		r.protocol = str_from(s, last + 1);
	}
	at = str_find(uri, STR("://"), 0);
	if (at != SIZE_MAX && at < 6 && r.method.n) {
		uri = str_from(uri, at + 3);
		at = str_find_char(uri, '/', 0);
		r.host = http_host(str_sub(uri, 0, at));
		uri = at == SIZE_MAX ? STR("/") : str_from(uri, at);
	}
	at = str_find_char(uri, '?', 0);
	r.stem = str_sub(uri, 0, at);
	r.query = at == SIZE_MAX ? STR_NULL : str_from(uri, at + 1);
	return r;
}

struct str http_request_name(const struct http_request *r, struct arena *arena)
{
	struct str path = str_sub(r->stem, 0, LONGEST_NAME);

	if (!r->method.n)
		return STR("request");
	return arena_join_all(arena,
			      (struct str[]){ r->method, STR(" "), path }, 3);
}

const char *http_metadata(const struct http_request *r, struct arena *arena)
{
	/* IPv6 lost its brackets when the port was taken off. */
	struct str part[] = { STR("["), r->host,  STR("] "), r->host,
			      r->stem,  STR("?"), r->query };

	return imds_named(imds_decode(arena, arena_join_all(arena, part,
							    ARRAY_SIZE(part))));
}

struct str http_client(struct str remote, struct str forwarded)
{
	struct str rest = forwarded, part, last = STR_NULL;

	if (addr_class(remote) == ADDR_PUBLIC)
		return remote;
	for (int i = 0; i < MOST_FORWARDED && str_next(&rest, ',', &part);
	     i++) {
		part = str_trim(part);
		if (addr_class(part) == ADDR_PUBLIC)
			last = part;
	}
	return last.n && !rest.n ? last : remote;
}
