/* SPDX-License-Identifier: MIT */
/*
 * crypto.h - SHA-256 and RSA signatures, as CloudTrail's digests have them
 *
 * By libcrypto (OpenSSL) where the program was built with it, which
 * crypto_exists tells and callers ask before anything else: without it every
 * sum is zero and no key can be read.
 *
 * Layer: base. The one file with libcrypto. Threads: a sum is one thread's; a
 * key may be used by any.
 */
#ifndef TRAWL_CRYPTO_H
#define TRAWL_CRYPTO_H

#include <stdbool.h>

#include "base/str.h"
#include "base/strbuf.h"

bool crypto_exists(void);
/* "OpenSSL 3.0.2 15 Mar 2022", or "none". */
const char *crypto_version(void);

/* SHA-256 ----------------------------------------------------------------- */

struct sha256 {
	unsigned char byte[32];
};

/* <0, 0, >0 in the order of the bytes. */
int sha256_cmp(const struct sha256 *a, const struct sha256 *b);
/* From 64 hexadecimal digits; false, and nothing changed, for all else. */
bool sha256_parse(struct str hex, struct sha256 *out);
/* Adds 64 hexadecimal digits in lower case. */
void sha256_print(struct strbuf *out, const struct sha256 *s);

/* A sum of bytes that come in pieces. */
struct sha256_sum;

struct sha256_sum *sha256_new(void);
void sha256_free(struct sha256_sum *s);
void sha256_restart(struct sha256_sum *s);
void sha256_add(struct sha256_sum *s, struct str bytes);
/* Of what was added so far; more may be added afterwards. */
struct sha256 sha256_so_far(struct sha256_sum *s);

/* RSA --------------------------------------------------------------------- */

struct rsa_key;

/* A public key in DER: RSAPublicKey (PKCS #1) or SubjectPublicKeyInfo. NULL
 * when it is none, or of a size that is no longer or not yet in use. */
struct rsa_key *rsa_key_read(struct str der);
void rsa_key_free(struct rsa_key *k);
/* Is this the key's signature of the text: PKCS #1 v1.5 with SHA-256? */
bool rsa_key_signed(const struct rsa_key *k, struct str text,
		    struct str signature);

#endif /* TRAWL_CRYPTO_H */
