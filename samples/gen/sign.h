/* SPDX-License-Identifier: MIT */
/*
 * sign.h - sums and signatures of the sample digests
 *
 * SHA-256 and RSA written out: the samples are the same where there is no
 * libcrypto, and trawl's own checks, which are libcrypto's, are held against
 * another hand. The key was made for these samples; it is published here and
 * protects nothing. Never use this where anything does: no step of it takes
 * care of how long it takes.
 *
 * Source: FIPS 180-4; RFC 8017, RSASSA-PKCS1-v1_5; C. K. Koc and others,
 * "Analyzing and Comparing Montgomery Multiplication Algorithms", 1996.
 */
#ifndef SAMPLEGEN_SIGN_H
#define SAMPLEGEN_SIGN_H

#include "base/str.h"
#include "base/strbuf.h"

/* Adds the sum of a text as 64 hexadecimal digits. */
void sign_add_sum(struct strbuf *out, struct str text);
/* Adds the signature of a text with the samples' key as 512 hexadecimal
 * digits; the same text has the same signature. Some 20 ms. */
void sign_add_signature(struct strbuf *out, struct str text);

/* The public key as `aws cloudtrail list-public-keys` prints it: PKCS #1 in
 * base64, and the MD5 of what that is. */
extern const char sign_public_key[];
#define SIGN_FINGERPRINT "e537e90464a4e3c6bc5e21c6be612cdd"

#endif /* SAMPLEGEN_SIGN_H */
