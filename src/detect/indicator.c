/* SPDX-License-Identifier: MIT */
#include "detect/indicator.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/intern.h"
#include "base/mem.h"
#include "model/keyid.h"

enum {
	TEXT_MAX = 256,      /* of a text that is looked up; longer is none */
	TEXT_MIN = 4,        /* shorter ones are no indicators */
	SIEVE_BITS = 1 << 21 /* a power of two */
};

/* Numbers of indicators by what they are looked up by. */
struct table {
	struct intern keys;
	uint32_t *of; /* by number of the key */
	size_t cap;
};

struct indicators {
	struct arena arena;
	struct indicator *item;
	size_t n, cap;
	struct table text;    /* in lower case */
	struct table agent;   /* likewise, whole */
	struct table network; /* bits of the prefix, then its bytes */
	bool prefix[129];     /* lengths that occur */
	uint64_t *sieve;      /* of texts: most that are none are seen here */
	uint32_t *wildcard;   /* indicators that are patterns */
	struct str *pattern;
	size_t wildcard_n;
	struct hash128 digest;
	bool names; /* there are some: then ends of names are looked up, too */
};

/* Tables ------------------------------------------------------------------- */

static void table_init(struct table *t)
{
	*t = (struct table){ .of = NULL };
	intern_init(&t->keys);
}

static void table_release(struct table *t)
{
	intern_release(&t->keys);
	free(t->of);
}

/* The first of two lines that say the same stays. */
static void table_add(struct table *t, struct str key, uint32_t indicator)
{
	uint32_t before = t->keys.count, id = intern_add(&t->keys, key);

	if (id < before)
		return;
	t->of = mem_grow(t->of, &t->cap, (size_t)id + 1, sizeof(*t->of));
	t->of[id] = indicator;
}

static uint32_t table_find(const struct table *t, struct str key)
{
	uint32_t id = key.n ? intern_find(&t->keys, key) : INTERN_NONE;

	return id == INTERN_NONE ? INDICATOR_NONE : t->of[id];
}

struct indicators *indicators_new(void)
{
	struct indicators *x = mem_zero(1, sizeof(*x));

	arena_init(&x->arena);
	table_init(&x->text);
	table_init(&x->agent);
	table_init(&x->network);
	x->sieve = mem_zero(SIEVE_BITS / 64, sizeof(*x->sieve));
	x->wildcard = mem_zero(INDICATOR_WILDCARDS, sizeof(*x->wildcard));
	x->pattern = mem_zero(INDICATOR_WILDCARDS, sizeof(*x->pattern));
	return x;
}

void indicators_free(struct indicators *x)
{
	if (!x)
		return;
	free(x->item);
	table_release(&x->text);
	table_release(&x->agent);
	table_release(&x->network);
	free(x->sieve);
	free(x->wildcard);
	free(x->pattern);
	arena_release(&x->arena);
	free(x);
}

size_t indicators_count(const struct indicators *x)
{
	return x->n;
}

const struct indicator *indicators_at(const struct indicators *x, uint32_t i)
{
	return &x->item[i];
}

const char *indicator_kind_name(enum indicator_kind k)
{
	static const char *const names[] = {
#define X(code, name) name,
		INDICATOR_KINDS(X)
#undef X
	};

	return names[k];
}

/* Texts -------------------------------------------------------------------- */

/* In lower case; false when it is too long or too short for any. */
static bool lower(struct str s, char out[TEXT_MAX])
{
	if (s.n > TEXT_MAX || s.n < TEXT_MIN)
		return false;
	for (size_t i = 0; i < s.n; i++)
		out[i] = str_lower(s.p[i]);
	return true;
}

/* A bit for its length, its first and its last four bytes. */
static uint32_t sieve_bit(struct str s)
{
	uint32_t first, last, h;

	memcpy(&first, s.p, 4);
	memcpy(&last, s.p + s.n - 4, 4);
	/* Letters lose their case, and others what nobody misses. */
	h = (first | 0x20202020) * 0x9e3779b1u;
	h ^= (last | 0x20202020) * 0x85ebca77u;
	h ^= (uint32_t)s.n * 0xc2b2ae3du;
	h ^= h >> 15;
	h *= 0x2c1b3c6du;
	return (h >> 8) & (SIEVE_BITS - 1);
}

static uint32_t find_text(const struct indicators *x, struct str s)
{
	char folded[TEXT_MAX];
	uint32_t bit;

	if (s.n > TEXT_MAX || s.n < TEXT_MIN)
		return INDICATOR_NONE;
	bit = sieve_bit(s);
	if (!(x->sieve[bit / 64] >> bit % 64 & 1) || !lower(s, folded))
		return INDICATOR_NONE;
	return table_find(&x->text, (struct str){ folded, s.n });
}

static void add_text(struct indicators *x, struct str s, uint32_t indicator)
{
	char folded[TEXT_MAX];
	uint32_t bit;

	if (!lower(s, folded))
		return;
	bit = sieve_bit(s);
	x->sieve[bit / 64] |= (uint64_t)1 << bit % 64;
	table_add(&x->text, (struct str){ folded, s.n }, indicator);
}

/* Networks ----------------------------------------------------------------- */

/* The bytes of a prefix, the rest zero, behind its length. */
static struct str network_key(const struct addr *a, unsigned bits,
			      unsigned char out[17])
{
	memset(out, 0, 17);
	out[0] = (unsigned char)bits;
	memcpy(out + 1, a->byte, bits / 8);
	if (bits % 8)
		out[1 + bits / 8] = (unsigned char)(a->byte[bits / 8] &
						    0xff << (8 - bits % 8));
	return (struct str){ (const char *)out, 17 };
}

uint32_t indicators_address(const struct indicators *x, const struct addr *a)
{
	static const struct network v4 = {
		{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff } }, 96
	};
	unsigned least = network_has(&v4, a) ? 96 : 0;
	unsigned char key[17];

	/* The narrowest first. */
	for (unsigned bits = 129; bits-- > least;) {
		uint32_t found;

		if (!x->prefix[bits])
			continue;
		found = table_find(&x->network, network_key(a, bits, key));
		if (found != INDICATOR_NONE)
			return found;
	}
	return INDICATOR_NONE;
}

/* Agents ------------------------------------------------------------------- */

uint32_t indicators_agent(const struct indicators *x, struct str agent)
{
	struct strbuf folded;
	uint32_t found;

	strbuf_init(&folded);
	for (size_t i = 0; i < agent.n; i++)
		strbuf_addc(&folded, str_lower(agent.p[i]));
	found = table_find(&x->agent, strbuf_str(&folded));
	strbuf_release(&folded);
	for (size_t i = 0; found == INDICATOR_NONE && i < x->wildcard_n; i++)
		if (str_glob(agent, x->pattern[i], true))
			found = x->wildcard[i];
	return found;
}

/* In a text ---------------------------------------------------------------- */

enum {
	CHAR_APART,     /* sets parts apart */
	CHAR_LETTER,    /* belongs to any */
	CHAR_HEX,       /* likewise, and to an address */
	CHAR_DOT,       /* likewise, and ends a label of a name */
	CHAR_COLON,     /* sets parts apart, but not in an ARN or address */
	CHAR_SOMETIMES, /* likewise, but not in a path or a hash */
};

static const unsigned char classes[256] = {
	['0'] = CHAR_HEX,       ['1'] = CHAR_HEX,       ['2'] = CHAR_HEX,
	['3'] = CHAR_HEX,       ['4'] = CHAR_HEX,       ['5'] = CHAR_HEX,
	['6'] = CHAR_HEX,       ['7'] = CHAR_HEX,       ['8'] = CHAR_HEX,
	['9'] = CHAR_HEX,       ['a'] = CHAR_HEX,       ['b'] = CHAR_HEX,
	['c'] = CHAR_HEX,       ['d'] = CHAR_HEX,       ['e'] = CHAR_HEX,
	['f'] = CHAR_HEX,       ['g'] = CHAR_LETTER,    ['h'] = CHAR_LETTER,
	['i'] = CHAR_LETTER,    ['j'] = CHAR_LETTER,    ['k'] = CHAR_LETTER,
	['l'] = CHAR_LETTER,    ['m'] = CHAR_LETTER,    ['n'] = CHAR_LETTER,
	['o'] = CHAR_LETTER,    ['p'] = CHAR_LETTER,    ['q'] = CHAR_LETTER,
	['r'] = CHAR_LETTER,    ['s'] = CHAR_LETTER,    ['t'] = CHAR_LETTER,
	['u'] = CHAR_LETTER,    ['v'] = CHAR_LETTER,    ['w'] = CHAR_LETTER,
	['x'] = CHAR_LETTER,    ['y'] = CHAR_LETTER,    ['z'] = CHAR_LETTER,
	['A'] = CHAR_HEX,       ['B'] = CHAR_HEX,       ['C'] = CHAR_HEX,
	['D'] = CHAR_HEX,       ['E'] = CHAR_HEX,       ['F'] = CHAR_HEX,
	['G'] = CHAR_LETTER,    ['H'] = CHAR_LETTER,    ['I'] = CHAR_LETTER,
	['J'] = CHAR_LETTER,    ['K'] = CHAR_LETTER,    ['L'] = CHAR_LETTER,
	['M'] = CHAR_LETTER,    ['N'] = CHAR_LETTER,    ['O'] = CHAR_LETTER,
	['P'] = CHAR_LETTER,    ['Q'] = CHAR_LETTER,    ['R'] = CHAR_LETTER,
	['S'] = CHAR_LETTER,    ['T'] = CHAR_LETTER,    ['U'] = CHAR_LETTER,
	['V'] = CHAR_LETTER,    ['W'] = CHAR_LETTER,    ['X'] = CHAR_LETTER,
	['Y'] = CHAR_LETTER,    ['Z'] = CHAR_LETTER,    ['-'] = CHAR_LETTER,
	['_'] = CHAR_LETTER,    ['.'] = CHAR_DOT,       [':'] = CHAR_COLON,
	['/'] = CHAR_SOMETIMES, ['='] = CHAR_SOMETIMES, ['@'] = CHAR_SOMETIMES,
	['+'] = CHAR_SOMETIMES, ['*'] = CHAR_SOMETIMES, ['%'] = CHAR_SOMETIMES,
};

struct telling {
	const struct indicators *x;
	struct str text;
	indicator_told told;
	void *context;
	bool ended;
};

static void tell(struct telling *t, uint32_t found, size_t from, size_t to)
{
	if (found != INDICATOR_NONE && !t->ended)
		t->ended = !t->told(t->context, found, from, to);
}

/* The whole of a name, then what it lies in: a.evil.example, evil.example. */
static void look_up_name(struct telling *t, size_t from, size_t to)
{
	size_t at = from;

	while ((at = str_find_char(t->text, '.', at)) < to) {
		uint32_t found = find_text(t->x, str_sub(t->text, ++at, to));

		if (found != INDICATOR_NONE &&
		    t->x->item[found].kind == INDICATOR_NAME) {
			tell(t, found, from, to);
			return;
		}
	}
}

static bool look_up_address(struct telling *t, size_t from, size_t to)
{
	struct addr a;

	if (to > t->text.n || !addr_parse(str_sub(t->text, from, to), &a))
		return false;
	tell(t, indicators_address(t->x, &a), from, to);
	return true;
}

/* One part; `dots` and `colons` are in it, `hex`: nothing but these and what
 * addresses have. */
static void look_up(struct telling *t, size_t from, size_t to, unsigned dots,
		    unsigned colons, bool hex)
{
	uint32_t found;

	if (hex && (dots == 3 || colons > 1) && look_up_address(t, from, to))
		return;
	/* A name may end with a dot, and so may a sentence. */
	if (to > from && t->text.p[to - 1] == '.')
		to--;
	found = find_text(t->x, str_sub(t->text, from, to));
	tell(t, found, from, to);
	if (found == INDICATOR_NONE && dots && t->x->names && !colons)
		look_up_name(t, from, to);
}

/* Parts of a run that what belongs to some only sets apart. */
static void look_up_parts(struct telling *t, size_t from, size_t to)
{
	unsigned dots = 0;
	bool hex = true;

	for (size_t i = from; i <= to; i++) {
		unsigned char c = i < to ? (unsigned char)t->text.p[i] : ':';

		switch (classes[c]) {
		case CHAR_COLON:
		case CHAR_SOMETIMES:
			look_up(t, from, i, dots, 0, hex);
			from = i + 1;
			dots = 0;
			hex = true;
			break;
		case CHAR_DOT:
			dots++;
			break;
		case CHAR_LETTER:
			hex = false;
			break;
		default:
			break;
		}
	}
}

void indicators_in(const struct indicators *x, struct str text,
		   indicator_told told, void *context)
{
	struct telling t = { x, text, told, context, false };
	size_t from = 0;
	unsigned dots = 0, colons = 0, others = 0;
	bool hex = true;

	for (size_t i = 0; i <= text.n && !t.ended; i++) {
		unsigned char class =
			i < text.n ? classes[(unsigned char)text.p[i]] :
				     CHAR_APART;

		dots += class == CHAR_DOT;
		colons += class == CHAR_COLON;
		others += class == CHAR_SOMETIMES;
		hex = hex && class != CHAR_LETTER && class != CHAR_SOMETIMES;
		if (class != CHAR_APART)
			continue;
		if (i - from >= TEXT_MIN || (colons && i > from)) {
			look_up(&t, from, i, dots, colons, hex);
			if (colons > 1 && others == 1)
				look_up_address(&t, from,
						str_find_char(text, '/', from));
			if (colons || others)
				look_up_parts(&t, from, i);
		}
		from = i + 1;
		dots = colons = others = 0;
		hex = true;
	}
}

/* Reading ------------------------------------------------------------------ */

static bool all_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(set, s.p[i]))
			return false;
	return s.n > 0;
}

static bool is_hash(struct str s)
{
	return (s.n == 32 || s.n == 40 || s.n == 64) &&
	       all_of(s, "0123456789abcdefABCDEF");
}

/* "evil.example": labels, and a last one of letters. */
static bool is_name(struct str s)
{
	size_t dot = str_find_last(s, '.');
	struct str last = str_from(s, dot + 1);

	return dot != SIZE_MAX && dot > 0 && s.p[0] != '.' && last.n > 1 &&
	       all_of(last, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") &&
	       all_of(s, "abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") &&
	       str_find(s, STR(".."), 0) == SIZE_MAX;
}

/* Digits and what stands between them in addresses: it is meant as one. */
static bool looks_like_address(struct str s)
{
	bool dots = str_find_char(s, '.', 0) != SIZE_MAX;
	bool colons = str_find_char(s, ':', 0) != SIZE_MAX;

	return (dots && all_of(s, "0123456789./")) ||
	       (colons && all_of(s, "0123456789abcdefABCDEF:./"));
}

/* A SHA-256 as Lambda writes it: in base64. */
static void add_base64(struct indicators *x, struct str hex, uint32_t indicator)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char byte[33] = { 0 };
	char out[44];

	for (size_t i = 0; i < 64; i++) {
		char c = str_lower(hex.p[i]);
		int v = c <= '9' ? c - '0' : c - 'a' + 10;

		byte[i / 2] = (unsigned char)(byte[i / 2] << 4 | v);
	}
	for (size_t i = 0; i < 11; i++) {
		unsigned v = (unsigned)byte[3 * i] << 16 |
			     (unsigned)byte[3 * i + 1] << 8 | byte[3 * i + 2];

		for (size_t k = 0; k < 4; k++)
			out[4 * i + k] =
				digits[v >> (18 - 6 * (unsigned)k) & 63];
	}
	out[43] = '=';
	add_text(x, (struct str){ out, sizeof(out) }, indicator);
}

static enum err_code add_agent(struct indicators *x, struct str agent,
			       uint32_t indicator, const char **wrong)
{
	struct strbuf folded;

	if (str_find_char(agent, '*', 0) != SIZE_MAX ||
	    str_find_char(agent, '?', 0) != SIZE_MAX) {
		*wrong = all_of(agent, "*?") ? "any user agent would match" :
			 x->wildcard_n == INDICATOR_WILDCARDS ?
					       "too many user agents with "
					       "wildcards; 1000 are possible" :
					       NULL;
		if (*wrong)
			return ERR_SYNTAX;
		x->pattern[x->wildcard_n] = arena_dup(&x->arena, agent);
		x->wildcard[x->wildcard_n++] = indicator;
		return ERR_OK;
	}
	strbuf_init(&folded);
	for (size_t i = 0; i < agent.n; i++)
		strbuf_addc(&folded, str_lower(agent.p[i]));
	table_add(&x->agent, strbuf_str(&folded), indicator);
	strbuf_release(&folded);
	return ERR_OK;
}

static enum err_code add_network(struct indicators *x, struct str word,
				 uint32_t indicator, const char **wrong)
{
	unsigned char key[17];
	struct network net;

	*wrong = "no address and no network";
	if (!network_parse(word, &net))
		return ERR_SYNTAX;
	*wrong = "all addresses would match";
	if (net.bits == 0 ||
	    (net.bits == 96 && str_find_char(word, ':', 0) == SIZE_MAX))
		return ERR_SYNTAX;
	x->prefix[net.bits] = true;
	table_add(&x->network, network_key(&net.base, net.bits, key),
		  indicator);
	return ERR_OK;
}

/* What the line is; `word` is its first one. */
static enum err_code classify(struct indicators *x, struct str line,
			      struct str word, uint32_t number,
			      enum indicator_kind *kind, const char **wrong)
{
	if (str_starts_fold(line, STR("agent:"))) {
		*kind = INDICATOR_AGENT;
		*wrong = "a user agent was expected";
		line = str_trim(str_from(line, 6));
		return line.n ? add_agent(x, line, number, wrong) : ERR_SYNTAX;
	}
	if (looks_like_address(word)) {
		*kind = INDICATOR_ADDRESS;
		return add_network(x, word, number, wrong);
	}
	if (str_find(word, STR("://"), 0) != SIZE_MAX) {
		*wrong = "URLs are not logged; give the name of the host";
		return ERR_SYNTAX;
	}
	if (str_starts_fold(word, STR("sha256:")))
		word = str_from(word, 7);
	if (keyid_kind(word) != KEYID_OTHER) {
		*kind = keyid_is_access_key(word) ? INDICATOR_KEY :
						    INDICATOR_IDENTITY;
	} else if (str_starts_fold(word, STR("arn:")) ||
		   (word.n == 12 && str_all_digits(word))) {
		*kind = INDICATOR_IDENTITY;
	} else if (is_hash(word)) {
		*kind = INDICATOR_HASH;
		if (word.n == 64)
			add_base64(x, word, number);
	} else if (is_name(word)) {
		*kind = INDICATOR_NAME;
		x->names = true;
	} else {
		*kind = INDICATOR_AGENT;
		return add_agent(x, line, number, wrong);
	}
	*wrong = "longer than any that is logged";
	if (word.n > TEXT_MAX)
		return ERR_SYNTAX;
	add_text(x, word, number);
	return ERR_OK;
}

/* "203[.]0[.]113[.]66", as lists are passed on. */
static struct str refang(struct str line, struct arena *a)
{
	struct strbuf out;
	struct str kept;

	if (str_find(line, STR("[.]"), 0) == SIZE_MAX)
		return line;
	strbuf_init(&out);
	for (size_t i = 0; i < line.n; i++) {
		if (str_starts(str_from(line, i), STR("[.]"))) {
			strbuf_addc(&out, '.');
			i += 2;
		} else {
			strbuf_addc(&out, line.p[i]);
		}
	}
	kept = arena_dup(a, strbuf_str(&out));
	strbuf_release(&out);
	return kept;
}

static enum err_code add_line(struct indicators *x, struct str line,
			      const char *path, unsigned number,
			      struct err *err)
{
	enum indicator_kind kind = INDICATOR_AGENT;
	const char *wrong = "";
	struct str plain;
	size_t end = 0;

	if (line.n > INDICATOR_LINE_MAX)
		return err_set(err, ERR_SYNTAX, "%s:%u: longer than %d bytes",
			       path, number, INDICATOR_LINE_MAX);
	if (x->n == INDICATORS_MAX)
		return err_set(err, ERR_LIMIT, "%s:%u: more than %d indicators",
			       path, number, INDICATORS_MAX);
	plain = refang(line, &x->arena);
	while (end < plain.n && !strchr(" \t,;", plain.p[end]))
		end++;
	if (classify(x, plain, str_sub(plain, 0, end), (uint32_t)x->n, &kind,
		     &wrong))
		return err_set(err, ERR_SYNTAX, "%s:%u: %.*s: %s", path, number,
			       STR_ARG(str_sub(line, 0, 100)), wrong);
	x->item = mem_grow(x->item, &x->cap, x->n + 1, sizeof(*x->item));
	x->item[x->n++] = (struct indicator){ kind, arena_dup(&x->arena, line),
					      path, number };
	return ERR_OK;
}

/* A text more: the digest of what came before, of its name and its bytes. */
static void digest(struct indicators *x, const char *path, struct str text)
{
	struct hash128 h[3] = { x->digest, hash_content(str_of(path)),
				hash_content(text) };

	x->digest = hash_content((struct str){ (const char *)h, sizeof(h) });
}

enum err_code indicators_read(struct indicators *x, struct str text,
			      const char *path, struct err *err)
{
	const char *kept = arena_dup(&x->arena, str_of(path)).p;
	unsigned number = 0;
	struct str line;

	digest(x, path, text);
	/* What some editors put first. */
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	while (str_next(&text, '\n', &line)) {
		enum err_code rc = ERR_OK;

		number++;
		line = str_trim(line);
		if (line.n && line.p[0] != '#')
			rc = add_line(x, line, kept, number, err);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

struct hash128 indicators_digest(const struct indicators *x)
{
	return x->digest;
}

enum err_code indicators_read_file(struct indicators *x, const char *path,
				   struct err *err)
{
	struct strbuf text;
	enum err_code rc;

	strbuf_init(&text);
	rc = file_read(&text, path, INDICATOR_FILE_MAX, err);
	if (rc == ERR_OK)
		rc = indicators_read(x, strbuf_str(&text), path, err);
	strbuf_release(&text);
	return rc;
}
