/* SPDX-License-Identifier: MIT */
#include "casework/verify_keys.h"

#include <stdlib.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/timefmt.h"

enum { MOST_BYTES = 4 << 20, MOST_DEPTH = 16 };

void verify_keys_init(struct verify_keys *k)
{
	*k = (struct verify_keys){ .n = 0 };
	arena_init(&k->arena);
}

void verify_keys_release(struct verify_keys *k)
{
	for (size_t i = 0; i < k->n; i++)
		rsa_key_free(k->key[i].key);
	free(k->key);
	arena_release(&k->arena);
}

/* As text, or as seconds with a fraction, which older clients of AWS write. */
static int64_t time_at(const struct json *v, const char *path)
{
	struct str text = json_text_at(v, path);
	int64_t t = time_parse_loose(text);

	return t != TIME_NONE ?
		       t :
		       time_parse_loose(
			       str_sub(text, 0, str_find_char(text, '.', 0)));
}

static enum err_code add_key(struct verify_keys *k, const struct json *v,
			     struct err *err)
{
	struct str fingerprint = json_text_at(v, "Fingerprint");
	struct str value = json_text_at(v, "Value"), der;
	struct rsa_key *key;

	if (!fingerprint.n || !value.n)
		return err_set(err, ERR_SYNTAX,
			       "no public key: Value and Fingerprint were "
			       "expected");
	if (!base64_decode(&k->arena, value, &der) ||
	    !(key = rsa_key_read(der)))
		return err_set(err, ERR_SYNTAX, "the key %.*s cannot be read",
			       (int)(fingerprint.n < 64 ? fingerprint.n : 64),
			       fingerprint.p);
	k->key = mem_grow(k->key, &k->cap, k->n + 1, sizeof(*k->key));
	k->key[k->n++] = (struct verify_key){ arena_dup(&k->arena, fingerprint),
					      key,
					      time_at(v, "ValidityStartTime"),
					      time_at(v, "ValidityEndTime") };
	return ERR_OK;
}

static enum err_code add_all(struct verify_keys *k, const struct json *v,
			     struct err *err)
{
	const struct json *list = json_member(v, STR("PublicKeyList"));
	enum err_code rc = ERR_OK;

	if (!list) /* as the manual of CloudTrail spells it */
		list = json_member(v, STR("publicKeyList"));
	if (!list)
		list = v;
	if (list->kind != JSON_ARRAY)
		return add_key(k, list, err);
	for (const struct json *c = list->child; c && rc == ERR_OK; c = c->next)
		rc = add_key(k, c, err);
	return rc;
}

static int compare_keys(const void *a, const void *b)
{
	return str_cmp(((const struct verify_key *)a)->fingerprint,
		       ((const struct verify_key *)b)->fingerprint);
}

enum err_code verify_keys_parse(struct verify_keys *k, struct str text,
				struct err *err)
{
	size_t before = k->n;
	enum err_code rc = ERR_OK;
	struct json_scan scan;
	struct strbuf clean;
	struct arena arena;

	arena_init(&arena);
	strbuf_init(&clean);
	json_scan_init(&scan, MOST_BYTES, MOST_DEPTH);
	for (text = str_trim(text); text.n && rc == ERR_OK;
	     text = str_trim(str_from(text, scan.end))) {
		const struct json *v = NULL;

		if (json_scan(&scan, text, true, &clean) == JSON_OK)
			v = json_parse(&arena, strbuf_str(&clean), err);
		rc = v ? add_all(k, v, err) :
			 err_set(err, ERR_SYNTAX, "this is not JSON");
		arena_reset(&arena);
	}
	if (rc == ERR_OK && k->n == before)
		rc = err_set(err, ERR_SYNTAX, "there is no public key in it");
	json_scan_release(&scan);
	strbuf_release(&clean);
	arena_release(&arena);
	if (k->n)
		qsort(k->key, k->n, sizeof(*k->key), compare_keys);
	return rc;
}

static enum err_code read_file(struct verify_keys *k, const char *path,
			       struct err *err)
{
	struct strbuf text;
	enum err_code rc;

	strbuf_init(&text);
	rc = file_read(&text, path, MOST_BYTES, err);
	if (rc == ERR_OK) {
		rc = verify_keys_parse(k, strbuf_str(&text), err);
		if (rc)
			err_wrap(err, "%s", path);
	}
	strbuf_release(&text);
	return rc;
}

enum err_code verify_keys_read_all(struct verify_keys *k,
				   const char *const *path, size_t path_n,
				   struct err *err)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < path_n && rc == ERR_OK; i++)
		rc = read_file(k, path[i], err);
	return rc;
}

/* The first of that fingerprint: AWS may list one twice, and two files may. */
static size_t seek(const struct verify_keys *k, struct str fingerprint)
{
	size_t low = 0, high = k->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(k->key[mid].fingerprint, fingerprint) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct rsa_key *verify_keys_find(const struct verify_keys *k,
				       struct str fingerprint, int64_t at)
{
	for (size_t i = seek(k, fingerprint);
	     i < k->n && str_eq(k->key[i].fingerprint, fingerprint); i++) {
		const struct verify_key *key = &k->key[i];

		if ((key->from == TIME_NONE || at >= key->from) &&
		    (key->until == TIME_NONE || at <= key->until))
			return key->key;
	}
	return NULL;
}

bool verify_keys_has(const struct verify_keys *k, struct str fingerprint)
{
	size_t i = seek(k, fingerprint);

	return i < k->n && str_eq(k->key[i].fingerprint, fingerprint);
}
