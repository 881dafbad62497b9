/* SPDX-License-Identifier: MIT */
/* Names and their pseudonyms in texts; what is a name is learnt in
 * disguise_learn.c. */
#include "casework/disguise_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/addr.h"

#define FNV_BEGIN 0xcbf29ce484222325u

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* A name may begin, and end, where a word does. */
static bool is_edge(struct str s, size_t i)
{
	/* "%2Fname": what is percent-encoded is no part of a word. */
	if (i >= 3 && s.p[i - 3] == '%' && str_hex(s.p[i - 2]) >= 0 &&
	    str_hex(s.p[i - 1]) >= 0)
		return true;
	return i == 0 || i == s.n || !is_word(s.p[i - 1]) || !is_word(s.p[i]);
}

/* The sieve -------------------------------------------------------------------- */

static uint64_t fnv_step(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)str_lower(c)) * 0x100000001b3u;
}

static uint32_t sieve_bit(uint64_t hash)
{
	return (uint32_t)(hash ^ hash >> 32) & (DISGUISE_SIEVE - 1);
}

void disguise_sieve_add(struct disguise *d, struct str name)
{
	uint64_t hash = FNV_BEGIN;
	uint32_t bit;

	for (size_t i = 0; i < name.n; i++)
		hash = fnv_step(hash, name.p[i]);
	bit = sieve_bit(hash);
	d->sieve[bit / 8] |= (uint8_t)(1u << bit % 8);
	if (name.n > d->longest)
		d->longest = name.n;
}

/* Do the words before a place say what the name there is: "user service",
 * "console session service"? */
static bool is_introduced(const struct disguise *d, struct str before)
{
	static const char *const kinds[] = {
		"federated", "identity", "center", "saml", "web", "cognito"
	};
	struct str word;
	size_t n = 0;

	while (str_next(&before, ' ', &word)) {
		char folded[24];
		bool is;

		if (!word.n || word.n > sizeof(folded) || n++ > 4)
			return false;
		for (size_t i = 0; i < word.n; i++)
			folded[i] = str_lower(word.p[i]);
		word.p = folded;
		is = intern_find(&d->words, word) != INTERN_NONE;
		for (size_t i = 0; i < ARRAY_SIZE(kinds) && !is; i++)
			is = str_eq(word, str_of(kinds[i]));
		if (!is)
			return false;
	}
	return n > 0;
}

/* "takes role reader of account-1": by what it is, in a sentence. */
static bool ends_with_kind(struct str before)
{
	static const char *const kinds[] = { "user",   "role",     "session",
					     "group",  "function", "bucket",
					     "secret", "policy" };
	struct str word = str_from(before,
				   str_find_last(before, ' ') == SIZE_MAX ?
					   0 :
					   str_find_last(before, ' ') + 1);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_eq(word, str_of(kinds[i])))
			return true;
	return false;
}

/* What may come behind a name: the end, a sign, or how a sentence goes on. */
static bool goes_on(struct str behind)
{
	static const char *const words[] = { " of ", " in ", " from ", " by " };

	if (behind.n < 2 || behind.p[0] != ' ')
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_starts(behind, str_of(words[i])))
			return true;
	return !is_word(behind.p[1]);
}

/* Can only a name stand there: by itself, between quotes, in an ARN or beside
 * the sign that joins a role and its session? */
static bool is_place_of_name(const struct disguise *d, struct str s, size_t at,
			     size_t end)
{
	char before = at ? s.p[at - 1] : '\0', after = '\0';

	if (end < s.n)
		after = s.p[end];
	if (!before && !after)
		return true;
	if ((before == '"' || before == '\'') && after == before)
		return end + 1 == s.n || s.p[end + 1] != ':';
	/* "bob: arn:aws:iam::aws:policy/...", of what has two parts. */
	if (!before && after == ':')
		return true;
	if (before == '/' || before == ':' || before == '~' || after == '/' ||
	    after == '~')
		return true;
	if (before != ' ')
		return false;
	if (goes_on(str_from(s, end)))
		return ends_with_kind(str_sub(s, 0, at - 1)) ||
		       is_introduced(d, str_sub(s, 0, at - 1));
	return false;
}

/* The longest name that begins at `at`: its end, or 0. */
static size_t name_at(const struct disguise *d, struct str s, size_t at,
		      uint32_t *name)
{
	char folded[DISGUISE_NAME_MAX];
	uint64_t hash = FNV_BEGIN;
	size_t end = 0, most = s.n - at < d->longest ? s.n - at : d->longest;

	for (size_t i = 0; i < most; i++) {
		uint32_t bit, id;

		folded[i] = str_lower(s.p[at + i]);
		hash = fnv_step(hash, folded[i]);
		bit = sieve_bit(hash);
		if (!(d->sieve[bit / 8] & 1u << bit % 8) ||
		    !is_edge(s, at + i + 1))
			continue;
		id = intern_find(&d->names, (struct str){ folded, i + 1 });
		if (id != INTERN_NONE && id && d->name[id].number &&
		    (!d->name[id].vague ||
		     is_place_of_name(d, s, at, at + i + 1))) {
			end = at + i + 1;
			*name = id;
		}
	}
	return end;
}

/* Patterns ---------------------------------------------------------------------- */

/* "11111111-1111-4111-8111-000000000001": an event's id, or a key's. */
static size_t uuid_at(struct str s, size_t at)
{
	if (!str_is_uuid(str_sub(s, at, at + 36)))
		return 0;
	return at + 36 == s.n || !is_word(s.p[at + 36]) ? at + 36 : 0;
}

size_t disguise_account_at(struct str s, size_t at)
{
	size_t end = at;

	while (end < s.n && s.p[end] >= '0' && s.p[end] <= '9')
		end++;
	return end - at == 12 && is_edge(s, end) ? end : 0;
}

/* "o-a1b2c3d4e5": an organization's. */
static size_t organization_at(struct str s, size_t at)
{
	size_t end = at + 2;

	if (!str_starts(str_from(s, at), STR("o-")))
		return 0;
	while (end < s.n && ((s.p[end] >= '0' && s.p[end] <= '9') ||
			     (s.p[end] >= 'a' && s.p[end] <= 'z')))
		end++;
	return end - at >= 12 && end - at <= 34 && is_edge(s, end) ? end : 0;
}

/* "AKIA...", "AROA...": keys and unique ids, in one case. */
size_t disguise_id_at(struct str s, size_t at, bool *key)
{
	static const char *const prefixes[] = {
		"AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA",
		"AGPA", "AIPA", "ANPA", "ANVA", "APKA", "ASCA"
	};
	size_t end = organization_at(s, at);

	*key = false;
	if (end)
		return end;
	end = at;
	while (end < s.n && ((s.p[end] >= 'A' && s.p[end] <= 'Z') ||
			     (s.p[end] >= '0' && s.p[end] <= '9')))
		end++;
	if (end - at < 16 || end - at > 128 || !is_edge(s, end))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (memcmp(s.p + at, prefixes[i], 4) == 0) {
			*key = i < 4;
			return end;
		}
	return 0;
}

static bool is_mail(char c)
{
	return is_word(c) || c == '.' || c == '_' || c == '+' || c == '-';
}

size_t disguise_mail_at(struct str s, size_t at)
{
	size_t i = at, dot = 0;

	while (i < s.n && i - at < 64 && is_mail(s.p[i]))
		i++;
	if (i == at || i >= s.n || s.p[i] != '@')
		return 0;
	for (i++; i < s.n && is_mail(s.p[i]) && s.p[i] != '_'; i++)
		if (s.p[i] == '.' && i + 1 < s.n && is_word(s.p[i + 1]))
			dot = i;
	return dot ? i : 0;
}

/* Defanging ---------------------------------------------------------------------- */

static bool is_address(char c)
{
	return str_hex(c) >= 0 || c == '.' || c == ':';
}

static size_t address_at(struct str s, size_t at)
{
	struct addr addr;
	size_t end = at;

	while (end < s.n && end - at < 46 && is_address(s.p[end]))
		end++;
	while (end > at && (s.p[end - 1] == ':' || s.p[end - 1] == '.') &&
	       !addr_parse(str_sub(s, at, end), &addr))
		end--;
	return end > at && is_edge(s, end) &&
			       addr_parse(str_sub(s, at, end), &addr) ?
		       end :
		       0;
}

static void add_fanged(struct strbuf *out, struct str s, char what)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == what)
			strbuf_addf(out, "[%c]", what);
		else
			strbuf_addc(out, s.p[i]);
}

/* "http://host.example/path": the scheme, and the points of the host. */
static size_t link_at(struct str s, size_t at)
{
	struct str rest = str_from(s, at);
	size_t scheme = str_starts_fold(rest, STR("https://")) ? 8 :
			str_starts_fold(rest, STR("http://"))  ? 7 :
								 0;
	size_t end = at + scheme;

	if (!scheme)
		return 0;
	while (end < s.n &&
	       (is_mail(s.p[end]) || s.p[end] == '@' || s.p[end] == ':' ||
		s.p[end] == '[' || s.p[end] == ']'))
		end++;
	return end;
}

static void defang(struct str s, struct strbuf *out)
{
	for (size_t i = 0; i < s.n;) {
		size_t end = is_edge(s, i) ? link_at(s, i) : 0;

		if (end) {
			strbuf_adds(out, "hxxp");
			add_fanged(out, str_sub(s, i + 4, end), '.');
			i = end;
			continue;
		}
		end = is_edge(s, i) ? address_at(s, i) : 0;
		if (end) {
			struct str address = str_sub(s, i, end);
			bool colons = str_find_char(address, ':', 0) !=
				      SIZE_MAX;

			add_fanged(out, address, colons ? ':' : '.');
			i = end;
			continue;
		}
		strbuf_addc(out, s.p[i++]);
	}
}

/* Redacting ---------------------------------------------------------------------- */

static void add_pseudonym(const struct disguise *d, uint32_t name,
			  struct strbuf *out)
{
	strbuf_addf(out, "%s-%u", disguise_kind_name(d->name[name].kind),
		    d->name[name].number);
}

/* What looks like an account or a key and was in no record. */
static size_t stranger_at(struct str s, size_t at, struct strbuf *out)
{
	bool key = false;
	size_t end = disguise_account_at(s, at);

	if (end) {
		strbuf_adds(out, "account-other");
		return end;
	}
	end = disguise_id_at(s, at, &key);
	if (end)
		strbuf_adds(out, key ? "key-other" : "id-other");
	else if ((end = disguise_mail_at(s, at)))
		strbuf_adds(out, "person-other");
	return end;
}

static void redact(const struct disguise *d, struct str s, struct strbuf *out)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t name = 0;
		size_t end;

		if (!is_edge(s, i)) {
			strbuf_addc(out, s.p[i++]);
			continue;
		}
		end = uuid_at(s, i);
		if (end) {
			strbuf_add(out, str_sub(s, i, end));
		} else if ((end = name_at(d, s, i, &name))) {
			add_pseudonym(d, name, out);
		} else if (!(end = stranger_at(s, i, out))) {
			strbuf_addc(out, s.p[i]);
			end = i + 1;
		}
		i = end;
	}
}

static void show_text(const struct disguise *d, struct str in,
		      struct strbuf *out)
{
	struct strbuf named;

	if (!d->defang) {
		redact(d, in, out);
		return;
	}
	strbuf_init(&named);
	if (d->redact)
		redact(d, in, &named);
	else
		strbuf_add(&named, in);
	defang(strbuf_str(&named), out);
	strbuf_release(&named);
}

static void apply(const void *context, struct str in, struct strbuf *out)
{
	show_text(context, in, out);
}

const struct text_filter *disguise_filter(const struct disguise *d)
{
	return &d->filter;
}

enum err_code disguise_new(struct disguise **out, bool want_redact,
			   bool want_defang, const struct snapshot *snap,
			   const char *const *evidence, size_t evidence_n,
			   const struct scan_options *options, struct err *err)
{
	struct disguise *d = mem_zero(1, sizeof(*d));
	enum err_code rc = ERR_OK;

	d->redact = want_redact;
	d->defang = want_defang;
	d->filter = (struct text_filter){ apply, d };
	intern_init(&d->names);
	intern_init(&d->words);
	intern_init(&d->common);
	d->sieve = mem_zero(DISGUISE_SIEVE / 8, 1);
	if (want_redact)
		rc = disguise_learn(d, snap, evidence, evidence_n, options,
				    err);
	if (rc) {
		disguise_free(d);
		return rc;
	}
	*out = d;
	return ERR_OK;
}

void disguise_free(struct disguise *d)
{
	if (!d)
		return;
	intern_release(&d->names);
	intern_release(&d->words);
	intern_release(&d->common);
	free(d->name);
	free(d->sieve);
	free(d);
}
