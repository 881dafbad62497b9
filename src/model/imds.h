/* SPDX-License-Identifier: MIT */
/*
 * imds.h - the metadata services of AWS, in whatever spelling
 *
 * A machine's credentials are at an address that is no secret; who wants a
 * server to fetch them names it in a request. The address has many spellings:
 * percent-encoded once or more, as one number, in hexadecimal or octal parts,
 * as IPv6 with IPv4 in it, as a name that leads there. What a text names is
 * worked out as the C library would, not looked up in a list of spellings.
 *
 * Layer: model. Cost: O(length). Threads: any.
 */
#ifndef TRAWL_IMDS_H
#define TRAWL_IMDS_H

#include "base/arena.h"
#include "base/str.h"

/* Undoes percent-encoding as often as it was done, at most three times; a text
 * without any is returned as it is. */
struct str imds_decode(struct arena *arena, struct str text);

/*
 * The metadata service that a decoded text names, as it is usually written:
 * "169.254.169.254" (EC2), "169.254.170.2" (ECS), "169.254.170.23" (EKS),
 * "fd00:ec2::254", "fd00:ec2::23"; NULL when it names none.
 */
const char *imds_named(struct str text);

#endif /* TRAWL_IMDS_H */
