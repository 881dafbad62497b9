/* SPDX-License-Identifier: MIT */
#include "base/crypto.h"

#include <stdlib.h>
#include <string.h>
#ifdef HAVE_LIBCRYPTO
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#endif

#include "base/mem.h"

/* SHA-256 ----------------------------------------------------------------- */

int sha256_cmp(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte));
}

bool sha256_parse(struct str hex, struct sha256 *out)
{
	struct sha256 s;

	if (hex.n != 2 * sizeof(s.byte))
		return false;
	for (size_t i = 0; i < sizeof(s.byte); i++) {
		int high = str_hex(hex.p[2 * i]),
		    low = str_hex(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		s.byte[i] = (unsigned char)(high << 4 | low);
	}
	*out = s;
	return true;
}

void sha256_print(struct strbuf *out, const struct sha256 *s)
{
	for (size_t i = 0; i < sizeof(s->byte); i++)
		strbuf_addf(out, "%02x", s->byte[i]);
}

#ifdef HAVE_LIBCRYPTO

enum { LEAST_BITS = 1024, MOST_BITS = 16384, MOST_DER = 16384 };

bool crypto_exists(void)
{
	return true;
}

const char *crypto_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}

struct sha256_sum {
	EVP_MD_CTX *of, *copy;
};

/* Only lack of memory, and a library without SHA-256, can fail here. */
static void must(int ok)
{
	if (ok != 1)
		abort();
}

struct sha256_sum *sha256_new(void)
{
	struct sha256_sum *s = mem_zero(1, sizeof(*s));

	s->of = EVP_MD_CTX_new();
	s->copy = EVP_MD_CTX_new();
	must(s->of && s->copy);
	sha256_restart(s);
	return s;
}

void sha256_free(struct sha256_sum *s)
{
	if (!s)
		return;
	EVP_MD_CTX_free(s->of);
	EVP_MD_CTX_free(s->copy);
	free(s);
}

void sha256_restart(struct sha256_sum *s)
{
	must(EVP_DigestInit_ex(s->of, EVP_sha256(), NULL));
}

void sha256_add(struct sha256_sum *s, struct str bytes)
{
	must(EVP_DigestUpdate(s->of, bytes.p, bytes.n));
}

struct sha256 sha256_so_far(struct sha256_sum *s)
{
	struct sha256 out = { { 0 } };
	unsigned n = sizeof(out.byte);

	must(EVP_MD_CTX_copy_ex(s->copy, s->of));
	must(EVP_DigestFinal_ex(s->copy, out.byte, &n));
	return out;
}

/* RSA --------------------------------------------------------------------- */

struct rsa_key {
	EVP_PKEY *pkey;
};

struct rsa_key *rsa_key_read(struct str der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	struct rsa_key *k;
	EVP_PKEY *pkey;

	if (!der.n || der.n > MOST_DER)
		return NULL;
	pkey = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)der.n);
	if (!pkey) {
		p = (const unsigned char *)der.p;
		pkey = d2i_PUBKEY(NULL, &p, (long)der.n);
	}
	/* The library queues what it found wrong. */
	ERR_clear_error();
	if (!pkey)
		return NULL;
	if (EVP_PKEY_base_id(pkey) != EVP_PKEY_RSA ||
	    EVP_PKEY_bits(pkey) < LEAST_BITS ||
	    EVP_PKEY_bits(pkey) > MOST_BITS) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	k = mem_alloc(sizeof(*k));
	k->pkey = pkey;
	return k;
}

void rsa_key_free(struct rsa_key *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->pkey);
	free(k);
}

bool rsa_key_signed(const struct rsa_key *k, struct str text,
		    struct str signature)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok;

	must(c != NULL);
	/* The padding of such a context is that of PKCS #1 v1.5. */
	ok = EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, k->pkey) == 1 &&
	     EVP_DigestVerify(c, (const unsigned char *)signature.p,
			      signature.n, (const unsigned char *)text.p,
			      text.n) == 1;
	EVP_MD_CTX_free(c);
	ERR_clear_error();
	return ok;
}

#else

bool crypto_exists(void)
{
	return false;
}

const char *crypto_version(void)
{
	return "none";
}

struct sha256_sum *sha256_new(void)
{
	return NULL;
}

void sha256_free(struct sha256_sum *s)
{
	(void)s;
}

void sha256_restart(struct sha256_sum *s)
{
	(void)s;
}

void sha256_add(struct sha256_sum *s, struct str bytes)
{
	(void)s;
	(void)bytes;
}

struct sha256 sha256_so_far(struct sha256_sum *s)
{
	(void)s;
	return (struct sha256){ { 0 } };
}

struct rsa_key *rsa_key_read(struct str der)
{
	(void)der;
	return NULL;
}

void rsa_key_free(struct rsa_key *k)
{
	(void)k;
}

bool rsa_key_signed(const struct rsa_key *k, struct str text,
		    struct str signature)
{
	(void)k;
	(void)text;
	(void)signature;
	return false;
}

#endif
