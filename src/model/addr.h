/* SPDX-License-Identifier: MIT */
/*
 * addr.h - what sourceIPAddress says, and networks
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_ADDR_H
#define TRAWL_ADDR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum addr_class {
	ADDR_OTHER,    /* empty, anonymised quads, anything else: shown raw */
	ADDR_PUBLIC,   /* a global address; documentation ranges count too */
	ADDR_PRIVATE,  /* RFC 1918, link-local, 100.64/10, unique local */
	ADDR_INTERNAL, /* "AWS Internal": never a place to pivot to */
	ADDR_SERVICE,  /* an AWS service's name: likewise */
};

/* An address as 16 bytes; IPv4 is mapped (::ffff:a.b.c.d). */
struct addr {
	unsigned char byte[16];
};

enum addr_class addr_class(struct str s);
/* False when `s` is no address. */
bool addr_parse(struct str s, struct addr *out);

/* A network, or an address as a network of one. */
struct network {
	struct addr base;
	unsigned bits; /* of 128 */
};

/* "10.0.0.0/8", "2001:db8::/32", "192.0.2.1"; false for anything else. Bits
 * beyond the prefix are ignored. */
bool network_parse(struct str s, struct network *out);
/* A network of IPv6 has no addresses of IPv4, and the other way round. */
bool network_has(const struct network *net, const struct addr *a);

#endif /* TRAWL_ADDR_H */
