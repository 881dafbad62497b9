/* SPDX-License-Identifier: MIT */
/* From the clean copy to a tree, and from a tree to text. */
#include "base/json_private.h"

#include <cjson/cJSON.h>

#include "base/bytes.h"
#include "base/unicode.h"
#include "base/utf8.h"

_Static_assert(JSON_MOST_DEPTH <= CJSON_NESTING_LIMIT,
	       "cJSON refuses what the scanner lets pass");

/* Parsing ----------------------------------------------------------------- */

/* cJSON's hooks take no context: this is the one way to an arena a thread. */
static _Thread_local struct arena *hook_arena;

static void *hook_malloc(size_t bytes)
{
	return arena_alloc(hook_arena, bytes);
}

static void hook_free(void *p)
{
	(void)p;
}

void json_init(void)
{
	cJSON_Hooks hooks = { hook_malloc, hook_free };

	cJSON_InitHooks(&hooks);
}

/* Undoes the escapes of the clean copy, in place. */
static struct str unmark(char *p)
{
	size_t n = strlen(p), to = 0;

	if (!memchr(p, MARK, n))
		return (struct str){ p, n };
	for (size_t i = 0; i < n; i++) {
		if (p[i] == MARK && i + 1 < n) {
			i++;
			p[to++] = p[i] == MARK_NUL ? '\0' : p[i];
		} else {
			p[to++] = p[i];
		}
	}
	p[to] = '\0';
	return (struct str){ p, to };
}

static void take_scalar(struct json *v, const cJSON *c)
{
	if (cJSON_IsString(c)) {
		if (c->valuestring[0] == MARK &&
		    c->valuestring[1] == MARK_NUM) {
			v->kind = JSON_NUMBER;
			v->text = str_of(c->valuestring + 2);
		} else {
			v->kind = JSON_STRING;
			v->text = unmark(c->valuestring);
		}
	} else if (cJSON_IsTrue(c)) {
		v->kind = JSON_TRUE;
		v->text = STR("true");
	} else if (cJSON_IsFalse(c)) {
		v->kind = JSON_FALSE;
		v->text = STR("false");
	} else {
		v->kind = JSON_NULL;
		v->text = STR("null");
	}
}

/* Recursion is bounded by max_depth of the scan that made the copy. */
static struct json *take_tree(struct arena *a, const cJSON *c)
{
	struct json *v = arena_zero(a, sizeof(*v));
	const struct json **tail = &v->child;

	if (c->string)
		v->key = unmark(c->string);
	if (!cJSON_IsArray(c) && !cJSON_IsObject(c)) {
		take_scalar(v, c);
		return v;
	}
	v->kind = cJSON_IsArray(c) ? JSON_ARRAY : JSON_OBJECT;
	for (const cJSON *m = c->child; m; m = m->next) {
		struct json *member = take_tree(a, m);

		*tail = member;
		tail = &member->next;
		v->n++;
	}
	return v;
}

const struct json *json_parse(struct arena *arena, struct str clean,
			      struct err *err)
{
	const char *end = NULL;
	cJSON *c;

	hook_arena = arena;
	c = cJSON_ParseWithLengthOpts(clean.p, clean.n, &end, 0);
	hook_arena = NULL;
	if (!c) {
		err_set(err, ERR_FORMAT, "not JSON");
		return NULL;
	}
	return take_tree(arena, c);
}

const struct json *json_read(struct arena *arena, struct str text,
			     struct err *err)
{
	struct json_scan scan;
	struct strbuf clean;
	const struct json *v = NULL;
	enum json_status st;

	text = str_trim(text);
	json_scan_init(&scan, SIZE_MAX, 100);
	strbuf_init(&clean);
	st = json_scan(&scan, text, true, &clean);
	if (st != JSON_OK)
		err_set(err, ERR_FORMAT, "%s at byte %zu",
			scan.reason ? scan.reason : "too many values",
			scan.bad_at);
	else if (scan.end != text.n)
		err_set(err, ERR_FORMAT, "text after the value at byte %zu",
			scan.end);
	else
		v = json_parse(arena, arena_dup(arena, strbuf_str(&clean)),
			       err);
	strbuf_release(&clean);
	json_scan_release(&scan);
	return v;
}

/* Looking ----------------------------------------------------------------- */

const struct json *json_member(const struct json *v, struct str key)
{
	if (!v || v->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *m = v->child; m; m = m->next)
		if (str_eq(m->key, key))
			return m;
	return NULL;
}

const struct json *json_at(const struct json *v, const char *path)
{
	struct str rest = str_of(path), name;

	while (v && str_next(&rest, '.', &name))
		v = json_member(v, name);
	return v;
}

/* Recurses once an array or part of the path: what is parsed is nested at most
 * as deep as a scan lets pass. */
static bool each(const struct json *v, struct str path, json_see see,
		 void *context)
{
	size_t dot;

	if (!v)
		return true;
	if (v->kind == JSON_ARRAY) {
		for (v = v->child; v; v = v->next)
			if (!each(v, path, see, context))
				return false;
		return true;
	}
	if (!path.n)
		return !json_is_scalar(v) || v->kind == JSON_NULL ||
		       see(context, v);
	dot = str_find_char(path, '.', 0);
	if (dot == SIZE_MAX)
		return each(json_member(v, path), STR_NULL, see, context);
	return each(json_member(v, str_sub(path, 0, dot)),
		    str_from(path, dot + 1), see, context);
}

void json_each(const struct json *v, struct str path, json_see see,
	       void *context)
{
	each(v, path, see, context);
}

struct str json_text_at(const struct json *v, const char *path)
{
	v = json_at(v, path);
	if (!v || v->kind == JSON_NULL)
		return STR_NULL;
	return v->text;
}

/* Printing ---------------------------------------------------------------- */

static void print_escaped(struct strbuf *out, uint32_t cp)
{
	if (cp > 0xffff) {
		cp -= 0x10000;
		strbuf_addf(out, "\\u%04x\\u%04x", 0xd800 + (cp >> 10),
			    0xdc00 + (cp & 0x3ff));
	} else {
		strbuf_addf(out, "\\u%04x", cp);
	}
}

static void print_character(struct strbuf *out, struct str raw, uint32_t cp)
{
	switch (cp) {
	case '"':
		strbuf_adds(out, "\\\"");
		return;
	case '\\':
		strbuf_adds(out, "\\\\");
		return;
	case '\n':
		strbuf_adds(out, "\\n");
		return;
	case '\r':
		strbuf_adds(out, "\\r");
		return;
	case '\t':
		strbuf_adds(out, "\\t");
		return;
	default:
		break;
	}
	switch (unicode_class(cp)) {
	case UNICODE_CONTROL:
	case UNICODE_BIDI:
	case UNICODE_HIDDEN:
		print_escaped(out, cp);
		break;
	default:
		strbuf_add(out, raw);
	}
}

void json_print_string(struct strbuf *out, struct str s)
{
	strbuf_addc(out, '"');
	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		uint32_t cp;

		i = (size_t)(bytes_pass_quiet(s.p + i, s.p + s.n) - s.p);
		strbuf_add(out, str_sub(s, from, i));
		if (i >= s.n)
			break;
		from = i;
		i += utf8_decode(s, i, &cp);
		if (cp != UTF8_INVALID) {
			print_character(out, str_sub(s, from, i), cp);
			continue;
		}
		if (utf8_surrogate(s, from, &cp))
			i = from + 3;
		strbuf_adds(out, "\\ufffd");
	}
	strbuf_addc(out, '"');
}

/* Bounded by the depth of the tree, which json_parse bounds. */
void json_print(struct strbuf *out, const struct json *v)
{
	bool object = v->kind == JSON_OBJECT;

	if (v->kind == JSON_STRING) {
		json_print_string(out, v->text);
		return;
	}
	if (json_is_scalar(v)) {
		strbuf_add(out, v->text);
		return;
	}
	strbuf_addc(out, object ? '{' : '[');
	for (const struct json *m = v->child; m; m = m->next) {
		if (m != v->child)
			strbuf_addc(out, ',');
		if (object) {
			json_print_string(out, m->key);
			strbuf_addc(out, ':');
		}
		json_print(out, m);
	}
	strbuf_addc(out, object ? '}' : ']');
}
