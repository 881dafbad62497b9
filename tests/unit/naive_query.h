/* SPDX-License-Identifier: MIT */
/*
 * naive_query.h - random events, random conditions, and the simplest way to
 * say whether one meets the other
 *
 * The oracle for matcher and plan: it walks the tree and the record again for
 * each question, prepares nothing and uses nothing of src/query but the tree's
 * own types.
 */
#ifndef NAIVE_QUERY_H
#define NAIVE_QUERY_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/attr.h"
#include "base/json.h"
#include "base/re.h"
#include "base/strbuf.h"
#include "base/timefmt.h"
#include "query/expr.h"
#include "query/pattern.h"
#include "store/marks.h"

/* Random numbers ---------------------------------------------------------- */

static uint64_t naive_seed = 88172645463325252u;

static unsigned naive_random(unsigned below)
{
	naive_seed ^= naive_seed << 13;
	naive_seed ^= naive_seed >> 7;
	naive_seed ^= naive_seed << 17;
	return (unsigned)(naive_seed >> 20) % below;
}

#define NAIVE_PICK(list) ((list)[naive_random(ARRAY_SIZE(list))])

/* Random events ----------------------------------------------------------- */

/* As they stand in JSON. */
static const char *const naive_scalars[] = {
	"null",
	"null",
	"true",
	"false",
	"0",
	"22",
	"22.0",
	"-3",
	"1e2",
	"9007199254740993",
	"\"\"",
	"\"22\"",
	"\"true\"",
	"\"abc\"",
	"\"ABC\"",
	"\"abcabd\"",
	"\"ab\"",
	"\"a*b\"",
	"\"a\\\\b\"",
	"\"b\\u0000abc\"",
	"\"\\ud800abc\"",
	"\"\xff"
	"abc\"",
	"\"\xc3\xa9"
	"b\"",
	"\"10.1.2.3\"",
	"\"2001:db8::1\"",
	"\"arn:aws:iam::111122223333:user/path/abc\"",
	"\"{\\\"a\\\":\\\"abc\\\",\\\"b\\\":[1,{\\\"a\\\":\\\"x\\\"}]}\"",
	"\"[\\\"ab\\\",null]\"",
	"\"{broken\"",
};

static const char *const naive_keys[] = { "a", "b", "a.b", "c", "", "b.c" };

static void naive_value(struct strbuf *out, unsigned depth)
{
	unsigned what = naive_random(depth ? 6 : 4), n;

	if (what < 4) {
		strbuf_adds(out, NAIVE_PICK(naive_scalars));
		return;
	}
	n = naive_random(4);
	strbuf_addc(out, what == 4 ? '{' : '[');
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strbuf_adds(out, ",");
		if (what == 4)
			strbuf_addf(out, "\"%s\":", NAIVE_PICK(naive_keys));
		naive_value(out, depth - 1);
	}
	strbuf_addc(out, what == 4 ? '}' : ']');
}

static void naive_member(struct strbuf *out, const char *key,
			 const char *const *values, size_t n)
{
	const char *v = values[naive_random((unsigned)n)];

	if (v)
		strbuf_addf(out, ",\"%s\":%s", key, v);
}

#define NAIVE_MEMBER(out, key, list) \
	naive_member(out, key, list, ARRAY_SIZE(list))

/* Users, roles, other accounts, services, nobody. */
#define NAIVE_USER                                                   \
	"{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:" \
	"user/ci/abc\",\"accountId\":\"111122223333\","              \
	"\"accessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"userName\":\"abc\"}"
#define NAIVE_ROLE                                                       \
	"{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::111122223333:" \
	"assumed-role/Admin/abc\",\"accountId\":\"111122223333\","       \
	"\"principalId\":\"AROAX:abc\",\"accessKeyId\":\"ASIAABC\","     \
	"\"sessionContext\":{\"attributes\":{\"creationDate\":"          \
	"\"2026-01-09T21:00:00Z\"}}}"
#define NAIVE_ACCOUNT                                         \
	"{\"type\":\"AWSAccount\",\"principalId\":\"AIDAX\"," \
	"\"accountId\":\"444455556666\"}"

static void naive_identity(struct strbuf *out)
{
	static const char *const whole[] = {
		NAIVE_USER,    NAIVE_ROLE,
		NAIVE_ACCOUNT, "{\"invokedBy\":\"ec2.amazonaws.com\"}",
		"null",        "{}"
	};

	strbuf_addf(out, ",\"userIdentity\":%s", NAIVE_PICK(whole));
}

/* A record that CloudTrail could nearly have written. */
static inline void naive_record(struct strbuf *out, unsigned number)
{
	static const char *const names[] = { "\"abc\"", "\"ABD\"", "\"x\"",
					     "\"abc\"", NULL,      "22" };
	static const char *const sources[] = { "\"iam.amazonaws.com\"",
					       "\"sts.amazonaws.com\"",
					       "\"abc\"", NULL };
	static const char *const addresses[] = { "\"10.1.2.3\"",
						 "\"203.0.113.66\"",
						 "\"2001:db8::1\"",
						 "\"AWS Internal\"", NULL };
	static const char *const agents[] = { "\"abc\"", "\"[aws-cli]\"",
					      "\"\"", "null", NULL };
	static const char *const errors[] = {
		"\"AccessDenied\"", "\"NoSuchAbc\"", "null", "\"\"", NULL, NULL
	};
	static const char *const bools[] = { "true", "false", "\"true\"",
					     NULL };
	static const char *const times[] = { "\"2026-01-09T21:40:00Z\"",
					     "\"2026-01-09T21:41:07Z\"",
					     "\"2026-01-10T00:00:00Z\"",
					     "\"2029-12-31T23:59:59Z\"",
					     "\"2027-01-03T05:00:00Z\"",
					     "\"never\"",
					     NULL };
	static const char *const accounts[] = { "\"111122223333\"",
						"\"999988887777\"", NULL };
	static const char *const resources[] = {
		"[{\"ARN\":\"arn:aws:s3:::abc/x\"}]", "[{\"ARN\":\"ab\"},null]",
		"null", NULL
	};
	static const char *const regions[] = { "\"eu-west-1\"", "\"abc\"" };

	strbuf_addf(out, "{\"number\":%u", number);
	if (naive_random(8))
		strbuf_addf(out, ",\"eventID\":\"%s%07u-0000-4000-8000-%012u\"",
			    naive_random(6) ? "0" : "X", number, number);
	NAIVE_MEMBER(out, "eventName", names);
	NAIVE_MEMBER(out, "eventSource", sources);
	NAIVE_MEMBER(out, "sourceIPAddress", addresses);
	NAIVE_MEMBER(out, "userAgent", agents);
	NAIVE_MEMBER(out, "errorCode", errors);
	NAIVE_MEMBER(out, "readOnly", bools);
	NAIVE_MEMBER(out, "eventTime", times);
	NAIVE_MEMBER(out, "recipientAccountId", accounts);
	NAIVE_MEMBER(out, "resources", resources);
	NAIVE_MEMBER(out, "awsRegion", regions);
	naive_identity(out);
	if (naive_random(6) == 0)
		strbuf_adds(out, ",\"eventCategory\":\"Insight\"");
	for (unsigned i = naive_random(3); i; i--) {
		strbuf_adds(out, ",\"requestParameters\":");
		naive_value(out, 4);
	}
	if (naive_random(3) == 0)
		strbuf_adds(out, ",\"responseElements\":{\"credentials\":"
				 "{\"accessKeyId\":\"ASIAIOSFODNN7NEWNEW1\"}}");
	strbuf_addc(out, '}');
}

/* Random conditions ------------------------------------------------------- */

static const char *const naive_paths[] = {
	"requestParameters",     "requestParameters.a",
	"requestParameters.b",   "requestParameters.a.b",
	"requestParameters.b.c", "requestParameters.a.b.c",
	"requestParameters.a.a", "userIdentity.arn",
	"errorMessage",          "eventName",
	"requestParameters..a",  "status",
	"requestParameters.b.a",
};

static const char *const naive_parts[] = {
	"hour=21", "hour>=5",  "minute<41", "day<=9",   "week=53",
	"week=1",  "month>11", "year=2026", "year>2026"
};

static const char *const naive_patterns[] = {
	"*",
	"abc",
	"AB",
	"a*",
	"*b",
	"?b*",
	"*ab*",
	"a\\*b",
	"22",
	"true",
	"null",
	"",
	"ab?",
	"*\\\\*",
	"b?abc",
	"*a*c*",
	"\"a\":",
	"x",
	"1",
	"[",
	"b",
	"Admin",
	"*Denied",
	"arn:*",
	"AKIA*",
	"*NEW1",
	"iam",
	"*.amazonaws.com",
	"control",
	"ok",
	"insight",
	"false",
	"111122223333",
	"2026-01-09*",
	"high",
	"persistence",
	"T1098",
	"T1562",
	"rule*",
	"ab",
	"new",
	"benign",
	"*-positive",
};

static struct expr_field naive_field(struct arena *a)
{
	struct expr_field f = { FIELD_PATH, EVENT_NAME, STR_NULL };
	size_t n = 0;

	if (naive_random(2)) {
		f.path = str_of(NAIVE_PICK(naive_paths));
		return f;
	}
	if (naive_random(12) == 0)
		return (struct expr_field){ FIELD_ANY, EVENT_NAME, STR("any") };
	while (fields[n].name)
		n++;
	n = naive_random((unsigned)n);
	(void)a;
	return (struct expr_field){ fields[n].kind, fields[n].column,
				    str_of(fields[n].name) };
}

static const struct expr *naive_order(struct arena *a, struct expr_field f)
{
	static const char *const numbers[] = { "22", "21.99",
					       "9007199254740992", "-1",
					       "1e2" };
	static const char *const times[] = { "2026-01-09T21:40:00Z",
					     "2026-01-09T21:41:00Z" };
	struct str value = str_of(NAIVE_PICK(numbers));
	struct expr_test t = { .field = f,
			       .op = (enum test_op)((unsigned)TEST_LT +
						    naive_random(4)),
			       .value = &value,
			       .value_n = 1 };

	if (f.kind == FIELD_TIME)
		value = str_of(NAIVE_PICK(times));
	else if (f.kind == FIELD_LEVEL)
		value = str_of(level_name((enum level)naive_random(5)));
	return expr_test(a, &t);
}

static inline const struct expr *naive_test(struct arena *a)
{
	struct expr_list list = { NULL, 0, 0 };
	struct expr_field f = naive_field(a);
	struct str value = STR("abc");
	struct expr_test t = { .field = f };
	enum test_op op;

	switch (naive_random(9)) {
	case 0:
		if (f.kind == FIELD_ANY)
			break;
		t.op = naive_random(2) ? TEST_EXISTS : TEST_NULL;
		return expr_test(a, &t);
	case 1:
		if (f.kind == FIELD_PATH || f.kind == FIELD_TIME ||
		    f.kind == FIELD_LEVEL || f.kind == FIELD_COLUMN)
			return naive_order(a, f);
		break;
	case 2:
		t.op = TEST_RE;
		t.re_flags = naive_random(2) ? RE_FOLD : 0;
		t.value = &value;
		t.value_n = 1;
		return expr_test(a, &t);
	case 3:
		value = STR("10.0.0.0/8");
		t.op = TEST_CIDR;
		t.value = &value;
		t.value_n = 1;
		return expr_test(a, &t);
	case 4:
		if (!expr_can_refer(f.kind))
			break;
		value = STR("requestParameters.a");
		t.op = TEST_FIELD;
		t.refers = (enum test_op)naive_random(TEST_ENDS + 1);
		t.value = &value;
		t.value_n = 1;
		return expr_test(a, &t);
	case 5:
		if (f.kind != FIELD_PATH && f.kind != FIELD_TIME)
			break;
		value = str_of(NAIVE_PICK(naive_parts));
		if (f.kind == FIELD_PATH && naive_random(2))
			t.field.path = STR("eventTime");
		t.op = TEST_PART;
		t.value = &value;
		t.value_n = 1;
		return expr_test(a, &t);
	default:
		break;
	}
	op = (enum test_op)naive_random(TEST_ENDS + 1);
	for (unsigned n = 1 + naive_random(naive_random(4) ? 3 : 8); n; n--)
		expr_list_add(a, &list,
			      pattern_test(a, &f, op, naive_random(6) == 0,
					   str_of(NAIVE_PICK(naive_patterns))));
	return pattern_join(a, naive_random(3) ? EXPR_OR : EXPR_AND, &list);
}

static inline const struct expr *naive_expr(struct arena *a, unsigned depth)
{
	const struct expr *member[3];
	unsigned what = naive_random(depth ? 7 : 4);

	if (what < 4)
		return naive_random(40) ? naive_test(a) :
					  expr_constant(a, naive_random(2));
	member[0] = naive_expr(a, depth - 1);
	if (what == 4)
		return expr_not(a, member[0]);
	member[1] = naive_expr(a, depth - 1);
	member[2] = naive_expr(a, depth - 1);
	return expr_join(a, what == 5 ? EXPR_AND : EXPR_OR, member,
			 2 + naive_random(2));
}

/* The oracle -------------------------------------------------------------- */

/* A list of what a path or a field leads to. */
struct naive_list {
	const struct json *node[4000];
	size_t n;
};

static bool naive_glob(const char *s, size_t n, const char *p, size_t m,
		       bool cased)
{
	size_t width = 1;

	if (m == 0)
		return n == 0;
	if (*p == '*')
		return naive_glob(s, n, p + 1, m - 1, cased) ||
		       (n && naive_glob(s + 1, n - 1, p, m, cased));
	if (n == 0)
		return false;
	if (*p == '?') {
		while (width < n && ((unsigned char)s[width] & 0xc0) == 0x80)
			width++;
		return naive_glob(s + width, n - width, p + 1, m - 1, cased);
	}
	if (*p == '\\' && m > 1) {
		p++;
		m--;
	}
	if (cased ? *s != *p : str_lower(*s) != str_lower(*p))
		return false;
	return naive_glob(s + 1, n - 1, p + 1, m - 1, cased);
}

/* "ab" anywhere: the only regex that the generator writes is literal. */
static bool naive_contains(struct str s, struct str what, bool fold)
{
	for (size_t i = 0; i + what.n <= s.n; i++) {
		bool same = true;

		for (size_t j = 0; j < what.n; j++)
			same &= fold ? str_lower(s.p[i + j]) ==
						str_lower(what.p[j]) :
				       s.p[i + j] == what.p[j];
		if (same)
			return true;
	}
	return false;
}

/* JSON in a string: parsed anew each time, and kept until the end. */
static const struct json *naive_embedded(struct arena *a, const struct json *v)
{
	struct err err = ERR_INIT;

	if (v->kind != JSON_STRING || v->text.n < 2 ||
	    (v->text.p[0] != '{' && v->text.p[0] != '['))
		return NULL;
	return json_read(a, v->text, &err);
}

/* All nodes at a path: every key that some prefix of the path spells. */
static void naive_walk(struct arena *a, struct naive_list *out,
		       const struct json *v, struct str path)
{
	const struct json *inner = naive_embedded(a, v);

	if (inner) {
		naive_walk(a, out, inner, path);
		return;
	}
	for (const struct json *m = v->child; m; m = m->next) {
		if (v->kind == JSON_ARRAY) {
			naive_walk(a, out, m, path);
			continue;
		}
		if (str_eq(m->key, path))
			out->node[out->n++] = m;
		for (size_t i = 0; i < path.n; i++)
			if (path.p[i] == '.' &&
			    str_eq(m->key, str_sub(path, 0, i)))
				naive_walk(a, out, m, str_from(path, i + 1));
	}
}

struct naive {
	struct arena *arena;
	const struct event *e;
	const struct marks *marks;
	row_id row;
	struct str id;
};

/* What a part is of a time that the C library has broken down. */
static int naive_part_of(struct str part, const struct tm *tm)
{
	char week[8];

	if (str_starts(part, STR("minute")))
		return tm->tm_min;
	if (str_starts(part, STR("hour")))
		return tm->tm_hour;
	if (str_starts(part, STR("day")))
		return tm->tm_mday;
	if (str_starts(part, STR("month")))
		return tm->tm_mon + 1;
	if (str_starts(part, STR("year")))
		return tm->tm_year + 1900;
	strftime(week, sizeof(week), "%V", tm);
	return atoi(week);
}

/* "hour>=22" of a time such as 2026-01-09T21:40:00Z. */
static bool naive_part(struct str text, struct str part)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *sign = part.p + strcspn(part.p, "<>=");
	int wanted = atoi(part.p + strcspn(part.p, "0123456789")), have;
	char copy[32] = "";

	if (text.n != 20)
		return false;
	memcpy(copy, text.p, text.n);
	if (sscanf(copy, "%4d-%2d-%2dT%2d:%2d:%2dZ", &tm.tm_year, &tm.tm_mon,
		   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	mktime(&tm); /* finds the day of the week */
	have = naive_part_of(part, &tm);
	if (sign[0] == '=')
		return have == wanted;
	if (sign[1] == '=' && have == wanted)
		return true;
	return sign[0] == '<' ? have < wanted : have > wanted;
}

static bool naive_text(const struct naive *x, const struct expr_test *t,
		       struct str value, struct str text)
{
	struct str pattern = value;
	double a, b;
	unsigned q[4];

	(void)x;
	switch (t->op) {
	case TEST_EQUALS:
	case TEST_CONTAINS:
	case TEST_STARTS:
	case TEST_ENDS:
		if (t->op == TEST_CONTAINS || t->op == TEST_ENDS)
			pattern = arena_join(x->arena, STR("*"), pattern);
		if (t->op == TEST_CONTAINS || t->op == TEST_STARTS)
			pattern = arena_join(x->arena, pattern, STR("*"));
		return naive_glob(text.p, text.n, pattern.p, pattern.n,
				  t->cased);
	case TEST_RE:
		return naive_contains(text, value, t->re_flags & RE_FOLD);
	case TEST_CIDR: /* the one network is 10.0.0.0/8 */
		return text.n < 16 &&
		       sscanf(arena_dup(x->arena, text).p, "%u.%u.%u.%u", &q[0],
			      &q[1], &q[2], &q[3]) == 4 &&
		       q[0] == 10;
	case TEST_PART:
		return naive_part(text, value);
	default:
		break;
	}
	/* The one pair that a double cannot tell apart. */
	if (str_eq(text, STR("9007199254740993")) &&
	    str_eq(value, STR("9007199254740992")))
		return t->op == TEST_GT || t->op == TEST_GE;
	if (!str_to_double(text, &a) || !str_to_double(value, &b))
		return false;
	return t->op == TEST_LT ? a < b :
	       t->op == TEST_LE ? a <= b :
	       t->op == TEST_GT ? a > b :
				  a >= b;
}

static bool naive_looks_inside(enum test_op op)
{
	return op == TEST_CONTAINS || op == TEST_STARTS || op == TEST_ENDS ||
	       op == TEST_RE;
}

/* Every scalar at or below v that is not null; JSON in strings if `deep`. */
static void naive_scalars_of(struct arena *a, struct naive_list *out,
			     const struct json *v, bool objects, bool deep)
{
	const struct json *inner;

	if (json_is_scalar(v)) {
		if (v->kind != JSON_NULL)
			out->node[out->n++] = v;
		inner = deep ? naive_embedded(a, v) : NULL;
		if (inner)
			naive_scalars_of(a, out, inner, true, true);
		return;
	}
	if (v->kind == JSON_OBJECT && !objects)
		return;
	for (const struct json *m = v->child; m; m = m->next)
		naive_scalars_of(a, out, m, objects, deep);
}

/* Objects in v that are reached through arrays alone, and v itself. */
static bool naive_compact(const struct naive *x, const struct expr_test *t,
			  struct str value, const struct json *v)
{
	const struct json *inner = naive_embedded(x->arena, v);
	struct strbuf text;
	bool hit;

	if (inner)
		v = inner;
	if (json_is_scalar(v))
		return false;
	strbuf_init(&text);
	json_print(&text, v);
	hit = naive_text(x, t, value, strbuf_str(&text));
	strbuf_release(&text);
	for (const struct json *m = v->child; m && !inner; m = m->next)
		if (v->kind == JSON_ARRAY && !hit)
			hit = naive_compact(x, t, value, m);
	return hit;
}

/* "*" on what a path leads to. */
static bool naive_present(const struct json *v)
{
	if (v->kind != JSON_ARRAY)
		return v->kind != JSON_NULL;
	for (const struct json *m = v->child; m; m = m->next)
		if (naive_present(m))
			return true;
	return false;
}

static bool naive_node(const struct naive *x, const struct expr_test *t,
		       struct str value, const struct json *v)
{
	struct naive_list scalars;
	bool inside = naive_looks_inside(t->op);

	if (t->op == TEST_EQUALS && str_eq(value, STR("*")))
		return naive_present(v);
	scalars.n = 0;
	naive_scalars_of(x->arena, &scalars, v, inside, inside);
	for (size_t i = 0; i < scalars.n; i++)
		if (naive_text(x, t, value, scalars.node[i]->text))
			return true;
	return inside && naive_compact(x, t, value, v);
}

/* TEST_FIELD against requestParameters.a, the only one there is. */
static bool naive_refers(const struct naive *x, const struct expr_test *t,
			 struct str value, struct str text)
{
	struct naive_list nodes, scalars;

	nodes.n = scalars.n = 0;
	naive_walk(x->arena, &nodes, x->e->record, value);
	for (size_t i = 0; i < nodes.n; i++)
		naive_scalars_of(x->arena, &scalars, nodes.node[i], false,
				 false);
	for (size_t i = 0; i < scalars.n; i++) {
		struct str other = scalars.node[i]->text, part = text;

		/* Of a longer text the end where the other one would be. */
		if (t->refers == TEST_STARTS)
			part = str_sub(text, 0, other.n);
		if (t->refers == TEST_ENDS && text.n > other.n)
			part = str_from(text, text.n - other.n);
		if (t->refers != TEST_EQUALS && other.n == 0)
			continue;
		if ((t->refers == TEST_CONTAINS || part.n == other.n) &&
		    naive_contains(part, other, !t->cased))
			return true;
	}
	return false;
}

static bool naive_path_value(const struct naive *x, const struct expr_test *t,
			     struct str value)
{
	struct naive_list nodes, scalars;

	nodes.n = 0;
	naive_walk(x->arena, &nodes, x->e->record, t->field.path);
	for (size_t i = 0; i < nodes.n; i++) {
		if (t->op != TEST_FIELD) {
			if (naive_node(x, t, value, nodes.node[i]))
				return true;
			continue;
		}
		scalars.n = 0;
		naive_scalars_of(x->arena, &scalars, nodes.node[i], false,
				 false);
		for (size_t j = 0; j < scalars.n; j++)
			if (naive_refers(x, t, value, scalars.node[j]->text))
				return true;
	}
	return false;
}

static bool naive_any_null(const struct json *v)
{
	bool found = v->kind == JSON_NULL;

	if (v->kind == JSON_ARRAY)
		for (const struct json *m = v->child; m; m = m->next)
			found |= naive_any_null(m);
	return found;
}

static bool naive_path(const struct naive *x, const struct expr_test *t)
{
	struct naive_list nodes;
	bool some = false, every = true, null = false;

	if (t->op == TEST_EXISTS || t->op == TEST_NULL) {
		nodes.n = 0;
		naive_walk(x->arena, &nodes, x->e->record, t->field.path);
		for (size_t i = 0; i < nodes.n; i++)
			null |= naive_any_null(nodes.node[i]);
		return t->op == TEST_EXISTS ? nodes.n > 0 : !nodes.n || null;
	}
	for (size_t i = 0; i < t->value_n; i++) {
		bool hit = naive_path_value(x, t, t->value[i]);

		some |= hit;
		every &= hit;
	}
	return t->all && t->value_n > 1 ? every : some;
}

/* Texts of the fields that are no paths. */
/* What was said of a row, by looking at all that was said. */
static size_t naive_said(const struct naive *x, enum field_kind kind,
			 struct str *out)
{
	static const enum field_kind kinds[] = { [SAID_STAR] = FIELD_STAR,
						 [SAID_LABEL] = FIELD_LABEL,
						 [SAID_NOTE] = FIELD_NOTE };
	const struct marks *m = x->marks;
	size_t n = 0;

	for (size_t i = 0; m && m->said && i < m->said->n; i++)
		if (m->said->item[i].row == x->row &&
		    kinds[m->said->item[i].kind] == kind)
			out[n++] = m->said->item[i].text;
	for (size_t i = 0; kind == FIELD_DISPOSITION && m && i < m->n; i++) {
		const char *what = "new";

		if (m->mark[i].row != x->row)
			continue;
		for (size_t k = 0; m->judged && k < m->judged->n; k++)
			if (m->judged->item[k].row == x->row &&
			    m->judged->item[k].label == m->mark[i].label)
				what = disposition_name(
					m->judged->item[k].what);
		out[n++] = str_of(what);
	}
	return n;
}

/* The names on the way up from a row, or its incident's. */
static size_t naive_kin(const struct naive *x, enum field_kind kind,
			struct str *out)
{
	const struct kin *k = x->marks ? x->marks->kin : NULL;
	size_t n = 0;

	if (k && kind == FIELD_INCIDENT && k->incident[x->row])
		out[n++] = k->incident_name[k->incident[x->row]];
	if (!k || kind == FIELD_INCIDENT)
		return n;
	for (uint32_t g = k->group[x->row]; g; g = k->up[g])
		for (uint32_t same = g; same; same = k->alias[same]) {
			out[n++] = k->name[same];
			out[n++] = str_from(k->name[same], 2);
		}
	return n;
}

static size_t naive_texts(const struct naive *x, const struct expr_test *t,
			  struct str *out)
{
	static const char *const has[] = { "control",   "bidi",    "nonascii",
					   "truncated", "partial", "service",
					   "amended" };
	const struct event *e = x->e;
	size_t n = 0, at;
	struct str actor = e->column[EVENT_ACTOR];
	struct naive_list list;
	struct strbuf time;

	switch (t->field.kind) {
	case FIELD_ACCOUNT:
		out[n++] = e->column[EVENT_ACCOUNT];
		out[n++] = e->column[EVENT_CALLER];
		break;
	case FIELD_SERVICE:
		out[n++] = e->column[EVENT_SOURCE];
		at = str_find(out[0], STR(".amazonaws.com"), 0);
		out[n++] = str_sub(out[0], 0, at);
		break;
	case FIELD_USER:
		out[n++] = actor;
		if (str_starts(actor, STR("arn:aws:iam::111122223333:user/"))) {
			out[n++] = STR("user/ci/abc");
			out[n++] = STR("abc");
		} else if (str_starts(actor, STR("arn:"))) {
			out[n++] = STR("Admin");
			out[n++] = STR("abc");
			out[n++] = STR("Admin/abc");
		} else if (str_starts(actor, STR("acct:"))) {
			out[n++] = str_from(actor, 5);
			out[n++] = STR("AIDAX");
		}
		break;
	case FIELD_KEY:
		out[n++] = e->column[EVENT_KEY];
		for (unsigned i = 0; i < e->more_key_count; i++)
			out[n++] = e->more_keys[i];
		break;
	case FIELD_ID:
		out[n++] = x->id;
		break;
	case FIELD_TIME:
		if (e->time == TIME_NONE)
			break;
		strbuf_init(&time);
		time_format(&time, e->time, TIME_ISO,
			    &(struct time_zone)TIME_ZONE_UTC);
		out[n++] = arena_dup(x->arena, strbuf_str(&time));
		strbuf_release(&time);
		break;
	case FIELD_OUTCOME:
		out[n++] = str_of(
			event_outcome_name((enum event_outcome)(e->flags & 3)));
		break;
	case FIELD_KIND:
		out[n++] = str_of(event_kind_name(e->kind));
		break;
	case FIELD_READ_ONLY:
		if (e->flags & (EVENT_READ | EVENT_WRITE))
			out[n++] = e->flags & EVENT_READ ? STR("true") :
							   STR("false");
		break;
	case FIELD_HAS:
		for (unsigned i = 0; i < 4; i++)
			if (e->flags & (unsigned)EVENT_HAS_CONTROL << i)
				out[n++] = str_of(has[i]);
		if (e->flags & EVENT_PARTIAL)
			out[n++] = str_of(has[4]);
		if (e->flags & EVENT_BY_SERVICE)
			out[n++] = str_of(has[5]);
		if (e->flags & EVENT_AMENDED)
			out[n++] = str_of(has[6]);
		break;
	case FIELD_STAR:
	case FIELD_LABEL:
	case FIELD_NOTE:
	case FIELD_DISPOSITION:
		n = naive_said(x, t->field.kind, out);
		break;
	case FIELD_ORIGIN:
	case FIELD_INCIDENT:
		n = naive_kin(x, t->field.kind, out);
		break;
	case FIELD_ANY:
	case FIELD_RESOURCE:
		list.n = 0;
		if (t->field.kind == FIELD_ANY) {
			naive_scalars_of(x->arena, &list, e->record, true,
					 naive_looks_inside(t->op));
		} else {
			struct naive_list at_path;

			at_path.n = 0;
			naive_walk(x->arena, &at_path, e->record,
				   STR("requestParameters"));
			naive_walk(x->arena, &at_path, e->record,
				   STR("resources.ARN"));
			for (size_t i = 0; i < at_path.n; i++)
				naive_scalars_of(x->arena, &list,
						 at_path.node[i], true, false);
		}
		for (size_t i = 0; i < list.n && n < 1000; i++) {
			struct str s = list.node[i]->text;
			size_t colon;

			out[n++] = s;
			if (t->field.kind == FIELD_ANY ||
			    !str_starts(s, STR("arn:")))
				continue;
			colon = str_find_last(s, ':');
			out[n++] = str_from(s, colon + 1);
			at = str_find_last(s, '/');
			out[n++] = str_from(s,
					    (at == SIZE_MAX ? colon : at) + 1);
		}
		break;
	/* No database was given: see check_geo.sh. */
	case FIELD_COUNTRY:
	case FIELD_ASN:
	case FIELD_AWS:
		break;
	default:
		out[n++] = e->column[t->field.column];
	}
	/* Absent ones are no texts, but in the record "" is one. */
	at = 0;
	for (size_t i = 0; i < n; i++)
		if (out[i].n || t->field.kind == FIELD_ANY)
			out[at++] = out[i];
	return at;
}

/* What the marks of the row say to one value. */
static bool naive_mark(const struct naive *x, const struct expr_test *t,
		       struct str value)
{
	bool any = t->op == TEST_EQUALS && str_eq(value, STR("*"));

	for (size_t i = 0; x->marks && i < x->marks->n; i++) {
		const struct mark *m = &x->marks->mark[i];
		const struct mark_label *l = &x->marks->label[m->label];
		enum level level = (enum level)m->level, wanted;
		bool exact = t->op == TEST_EQUALS && !t->cased;
		bool hit = false;
		struct technique_id id;

		if (m->row != x->row)
			continue;
		switch (t->field.kind) {
		case FIELD_LEVEL:
			if (t->op >= TEST_LT && t->op <= TEST_GE) {
				level_parse(value, &wanted);
				hit = t->op == TEST_LT ? level < wanted :
				      t->op == TEST_LE ? level <= wanted :
				      t->op == TEST_GT ? level > wanted :
							 level >= wanted;
			} else {
				hit = naive_text(x, t, value,
						 str_of(level_name(level)));
				if (exact && value.n == 1 &&
				    level_parse(value, &wanted))
					hit = level == wanted;
			}
			break;
		case FIELD_TACTIC:
			for (int k = 0; k < TACTIC_COUNT; k++)
				if (l->tactics >> k & 1)
					hit |= naive_text(
						x, t, value,
						str_of(attack_tactic_name((
							enum attack_tactic)k)));
			break;
		case FIELD_TECHNIQUE:
			for (size_t k = 0; k < l->technique_n; k++) {
				struct str have = str_of(l->technique[k].text);

				hit |= naive_text(x, t, value, have);
				/* Labels have T1098.001 and T1686.001. */
				if (exact && str_eq(value, STR("T1098")))
					hit |= str_starts(have, STR("T1098"));
				if (exact && str_eq(value, STR("T1562")))
					hit |= str_starts(have, STR("T1686"));
				(void)id;
			}
			break;
		default:
			hit = naive_text(x, t, value, l->id) ||
			      naive_text(x, t, value, l->title);
		}
		if (hit || (any && t->field.kind != FIELD_TACTIC &&
			    t->field.kind != FIELD_TECHNIQUE))
			return true;
	}
	return false;
}

static bool naive_has_mark(const struct naive *x)
{
	for (size_t i = 0; x->marks && i < x->marks->n; i++)
		if (x->marks->mark[i].row == x->row)
			return true;
	return false;
}

static bool naive_texts_value(const struct naive *x, const struct expr_test *t,
			      struct str value, const struct str *text,
			      size_t n)
{
	int64_t wanted, have = x->e->time;

	if (t->field.kind == FIELD_TIME && t->op >= TEST_LT &&
	    t->op <= TEST_GE) {
		wanted = time_parse(value, NULL);
		if (have == TIME_NONE)
			return false;
		return t->op == TEST_LT ? have < wanted :
		       t->op == TEST_LE ? have <= wanted :
		       t->op == TEST_GT ? have > wanted :
					  have >= wanted;
	}
	for (size_t i = 0; i < n; i++) {
		if (t->op == TEST_FIELD ? naive_refers(x, t, value, text[i]) :
					  naive_text(x, t, value, text[i]))
			return true;
	}
	return false;
}

static bool naive_test_holds(const struct naive *x, const struct expr_test *t)
{
	bool marked = false, some = false, every = true;
	struct str text[1010];
	size_t n = 0;

	switch (t->field.kind) {
	case FIELD_PATH:
		return naive_path(x, t);
	case FIELD_LEVEL:
	case FIELD_RULE:
	case FIELD_TACTIC:
	case FIELD_TECHNIQUE:
	case FIELD_ALERT:
		marked = true;
		break;
	default:
		n = naive_texts(x, t, text);
	}
	if (t->op == TEST_EXISTS || t->op == TEST_NULL)
		return (marked ? naive_has_mark(x) : n > 0) ==
		       (t->op == TEST_EXISTS);
	for (size_t i = 0; i < t->value_n; i++) {
		bool hit = marked ? naive_mark(x, t, t->value[i]) :
				    naive_texts_value(x, t, t->value[i], text,
						      n);

		some |= hit;
		every &= hit;
	}
	return t->all && t->value_n > 1 ? every : some;
}

static inline bool naive_holds(const struct naive *x, const struct expr *e)
{
	bool some = false, every = true;

	switch (e->kind) {
	case EXPR_TRUE:
	case EXPR_FALSE:
		return e->kind == EXPR_TRUE;
	case EXPR_TEST:
		return naive_test_holds(x, &e->test);
	case EXPR_NOT:
		return !naive_holds(x, e->member[0]);
	default:
		for (size_t i = 0; i < e->member_n; i++) {
			bool hit = naive_holds(x, e->member[i]);

			some |= hit;
			every &= hit;
		}
		return e->kind == EXPR_AND ? every : some;
	}
}

#endif /* NAIVE_QUERY_H */
