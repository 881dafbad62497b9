/* SPDX-License-Identifier: MIT */
#include "base/json_plain.h"

#include "base/bytes.h"

enum {
	DEPTH = 64, /* deeper is not plain; limits.h allows more */
	NODES_AT_ONCE = 32,
};

/* A container that is open. */
struct level {
	struct json *node;
	const struct json **tail; /* where its next member goes */
	uint32_t n;
};

struct reading {
	struct arena *arena;
	const char *end;
	bool ran_out; /* so far all was plain */
	size_t most_levels;
	struct json *node;
	size_t nodes;
	uint32_t values;
	struct level level[DEPTH];
};

/*
 * The functions below take the place of something and return the one behind
 * it, or NULL when it is not plain or does not end.
 */

static inline const char *ran_out(struct reading *r)
{
	r->ran_out = true;
	return NULL;
}

/* Passes blanks; NULL when nothing follows. */
static inline const char *pass_blanks(struct reading *r, const char *p)
{
	while (p < r->end &&
	       (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p < r->end ? p : ran_out(r);
}

static inline struct json *new_node(struct reading *r)
{
	if (r->nodes == 0) {
		r->nodes = NODES_AT_ONCE;
		r->node = arena_alloc(r->arena,
				      NODES_AT_ONCE * sizeof(*r->node));
	}
	r->nodes--;
	return r->node++;
}

/* Strings ----------------------------------------------------------------- */

/* What the escape at the beginning of s stands for, and its length; NUL when
 * that is not plain. */
static char escaped(struct str s, size_t *n)
{
	int high, low;

	*n = 2;
	switch (s.p[1]) {
	case '"':
	case '\\':
	case '/':
		return s.p[1];
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'u':
		break;
	default:
		return '\0';
	}
	*n = 6;
	if (s.n < 6 || s.p[2] != '0' || s.p[3] != '0')
		return '\0';
	high = str_hex(s.p[4]);
	low = str_hex(s.p[5]);
	if (high < 2 || high > 7 || low < 0 || (high == 7 && low == 15))
		return '\0';
	return (char)(high << 4 | low);
}

/* The text between the quotes of a string that has escapes. */
static bool decode(struct reading *r, struct str raw, struct str *text)
{
	char *out = arena_alloc(r->arena, raw.n), *to = out;
	const char *p = raw.p, *end = raw.p + raw.n;

	while (p < end) {
		const char *stop = bytes_pass_quiet(p, end);
		size_t n = (size_t)(stop - p);

		memcpy(to, p, n);
		to += n;
		p = stop;
		if (p == end)
			break;
		*to = escaped((struct str){ p, (size_t)(end - p) }, &n);
		if (!*to)
			return false;
		to++;
		p += n;
	}
	*text = (struct str){ out, (size_t)(to - out) };
	return true;
}

/* The string whose opening quote is at p. */
static inline const char *read_string(struct reading *r, const char *p,
				      struct str *text)
{
	const char *from = ++p;
	bool escapes = false;

	for (;;) {
		p = bytes_pass_quiet(p, r->end);
		if (p == r->end)
			return ran_out(r);
		if (*p == '"')
			break;
		if (*p != '\\')
			return NULL;
		if (r->end - p < 2)
			return ran_out(r);
		if (!p[1] || !strchr("\"\\/nrtu", p[1]))
			return NULL;
		escapes = true;
		p += 2;
	}
	*text = (struct str){ from, (size_t)(p - from) };
	if (escapes && !decode(r, *text, text))
		return NULL;
	return p + 1;
}

/* Other scalars ----------------------------------------------------------- */

static const char *pass_digits(struct reading *r, const char *p)
{
	const char *from = p;

	while (p < r->end && *p >= '0' && *p <= '9')
		p++;
	if (p == r->end)
		return ran_out(r);
	return p > from ? p : NULL;
}

/* A number, of which the byte behind has to be there to tell its end. */
static const char *read_number(struct reading *r, const char *p,
			       struct str *text)
{
	const char *from = p;

	if (*p == '-')
		p++;
	if (r->end - p > 1 && p[0] == '0' && p[1] >= '0' && p[1] <= '9')
		return NULL;
	p = pass_digits(r, p);
	if (!p)
		return NULL;
	if (*p == '.') {
		p = pass_digits(r, p + 1);
		if (!p)
			return NULL;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		if (p < r->end && (*p == '+' || *p == '-'))
			p++;
		p = pass_digits(r, p);
		if (!p)
			return NULL;
	}
	*text = (struct str){ from, (size_t)(p - from) };
	return p;
}

static const char *read_word(struct reading *r, const char *p, struct str word)
{
	size_t there = (size_t)(r->end - p);

	if (memcmp(p, word.p, there < word.n ? there : word.n) != 0)
		return NULL;
	return there < word.n ? ran_out(r) : p + word.n;
}

static inline const char *read_scalar(struct reading *r, const char *p,
				      struct json *v)
{
	switch (*p) {
	case '"':
		v->kind = JSON_STRING;
		return read_string(r, p, &v->text);
	case 't':
		v->kind = JSON_TRUE;
		v->text = STR("true");
		return read_word(r, p, v->text);
	case 'f':
		v->kind = JSON_FALSE;
		v->text = STR("false");
		return read_word(r, p, v->text);
	case 'n':
		v->kind = JSON_NULL;
		v->text = STR("null");
		return read_word(r, p, v->text);
	default:
		v->kind = JSON_NUMBER;
		return read_number(r, p, &v->text);
	}
}

/* Trees ------------------------------------------------------------------- */

/* A member's name and the colon behind it. */
static inline const char *read_key(struct reading *r, const char *p,
				   struct str *key)
{
	if (*p != '"')
		return NULL;
	p = read_string(r, p, key);
	if (p)
		p = pass_blanks(r, p);
	if (!p || *p != ':')
		return NULL;
	return pass_blanks(r, p + 1);
}

/*
 * What follows a value: closes the containers that end with it, up to a comma,
 * behind which it returns. *depth becomes 0 when all are closed.
 */
static inline const char *close_levels(struct reading *r, const char *p,
				       size_t *depth)
{
	for (;;) {
		struct level *l = &r->level[*depth - 1];

		p = pass_blanks(r, p);
		if (!p)
			return NULL;
		if (*p == ',')
			return pass_blanks(r, p + 1);
		if (*p != (l->node->kind == JSON_OBJECT ? '}' : ']'))
			return NULL;
		l->node->n = l->n;
		p++;
		if (--*depth == 0)
			return p;
	}
}

/* Opens the container at p; returns its first member's place. */
static inline const char *open_level(struct reading *r, const char *p,
				     struct json *v, size_t *depth)
{
	if (*depth == r->most_levels)
		return NULL;
	v->kind = *p == '{' ? JSON_OBJECT : JSON_ARRAY;
	r->level[(*depth)++] = (struct level){ v, &v->child, 0 };
	return pass_blanks(r, p + 1);
}

static const char *read_tree(struct reading *r, const char *p,
			     struct json *root)
{
	size_t depth = 0;

	*root = (struct json){ .kind = JSON_OBJECT };
	p = open_level(r, p, root, &depth);
	while (p) {
		struct level *l = &r->level[depth - 1];
		bool object = l->node->kind == JSON_OBJECT;
		struct json *v;

		/* Only behind the bracket: after a comma a member follows. */
		if (l->n == 0 && *p == (object ? '}' : ']')) {
			p = close_levels(r, p, &depth);
			if (!p || depth == 0)
				break;
			continue;
		}
		if (++r->values >= JSON_MAX_VALUES)
			return NULL;
		v = new_node(r);
		*v = (struct json){ .kind = JSON_NULL };
		if (object) {
			p = read_key(r, p, &v->key);
			if (!p)
				break;
		}
		*l->tail = v;
		l->tail = &v->next;
		l->n++;
		if (*p == '{' || *p == '[') {
			p = open_level(r, p, v, &depth);
			continue;
		}
		p = read_scalar(r, p, v);
		if (p)
			p = close_levels(r, p, &depth);
		if (depth == 0)
			break;
	}
	return p;
}

enum json_status json_plain(struct arena *arena, struct str in,
			    unsigned max_depth, const struct json **v,
			    size_t *end)
{
	struct reading r;
	struct json *root;
	const char *p;

	r.arena = arena;
	r.end = in.p + in.n;
	r.ran_out = false;
	r.most_levels = max_depth < DEPTH ? max_depth : DEPTH;
	r.nodes = 0;
	r.values = 1;
	if (in.n == 0 || in.p[0] != '{')
		return JSON_BAD;
	root = new_node(&r);
	p = read_tree(&r, in.p, root);
	if (!p)
		return r.ran_out ? JSON_MORE : JSON_BAD;
	*v = root;
	*end = (size_t)(p - in.p);
	return JSON_OK;
}
