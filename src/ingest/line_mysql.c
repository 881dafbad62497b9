/* SPDX-License-Identifier: MIT */
/*
 * The audit of MySQL and MariaDB databases in RDS (SERVER_AUDIT), and of
 * Aurora, which counts microseconds since 1970 first:
 *
 *	time,serverhost,username,host,connectionid,queryid,operation,database,
 *	'object',retcode
 */
#include "ingest/line_private.h"

enum {
	TIME_PREFIX = 24,  /* "2026-01-09T21:42:07.000Z" of CloudWatch Logs */
	LONGEST_WORD = 12, /* of a statement */
};

/* "20260109 21:42:07", in UTC, or microseconds. */
static int64_t audit_time(struct str s)
{
	char iso[] = "2026-01-09 21:42:07";
	uint64_t us;

	if (s.n == 17) {
		memcpy(iso, s.p, 4);
		memcpy(iso + 5, s.p + 4, 2);
		memcpy(iso + 8, s.p + 6, 11);
		return time_parse(str_of(iso), NULL);
	}
	if (s.n == 16 && str_to_u64(s, &us))
		return (int64_t)(us / 1000);
	return TIME_NONE;
}

static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 'A' || s.p[i] > 'Z') && s.p[i] != '_')
			return false;
	return s.n && s.n <= 2 * LONGEST_WORD;
}

/* The object is quoted and may hold commas; the code comes last. */
static bool take_end(struct str rest, struct str *database, struct str *object,
		     struct str *code)
{
	size_t last;

	if (!str_next(&rest, ',', database))
		return false;
	last = str_find_last(rest, ',');
	if (last == SIZE_MAX)
		return false;
	*object = str_sub(rest, 0, last);
	*code = str_trim(str_from(rest, last + 1));
	if (object->n >= 2 && object->p[0] == '\'' &&
	    object->p[object->n - 1] == '\'')
		*object = str_sub(*object, 1, object->n - 1);
	return str_all_digits(*code) && code->n;
}

/* "QUERY SELECT", "CONNECT": with the first word of a statement. */
static struct str name_of(struct line *l, struct str operation, struct str sql)
{
	char *word = arena_alloc(l->arena, LONGEST_WORD);
	size_t n = 0;

	if (!str_eq(operation, STR("QUERY")))
		return operation;
	sql = str_trim(sql);
	while (n < sql.n && n < LONGEST_WORD && str_lower(sql.p[n]) >= 'a' &&
	       str_lower(sql.p[n]) <= 'z') {
		word[n] = (char)(str_lower(sql.p[n]) - 'a' + 'A');
		n++;
	}
	if (!n || n == LONGEST_WORD)
		return operation;
	return arena_join_all(
		l->arena, (struct str[]){ operation, STR(" "), { word, n } },
		3);
}

bool line_mysql(struct line *l)
{
	static const char *const keys[] = { "serverhost", "username",
					    "host",       "connectionid",
					    "queryid",    "operation" };
	enum { FIELDS = sizeof(keys) / sizeof(keys[0]) };
	struct str rest = l->whole, when, field[FIELDS], database, object, code;
	struct json_writer w;
	int64_t t;

	/* Out of CloudWatch Logs: a time before each line. */
	if (rest.n > TIME_PREFIX && rest.p[TIME_PREFIX] == ' ' &&
	    rest.p[TIME_PREFIX - 1] == 'Z' &&
	    time_parse(str_sub(rest, 0, TIME_PREFIX), NULL) != TIME_NONE)
		rest = str_from(rest, TIME_PREFIX + 1);
	if (!str_next(&rest, ',', &when) || (t = audit_time(when)) == TIME_NONE)
		return false;
	for (unsigned i = 0; i < FIELDS; i++)
		if (!str_next(&rest, ',', &field[i]))
			return false;
	if (!str_all_digits(field[3]) || !str_all_digits(field[4]) ||
	    !is_word(field[5]) || !take_end(rest, &database, &object, &code))
		return false;
	line_begin(l, &w, t, "mysql", name_of(l, field[5], object), field[2]);
	if (!str_eq(code, STR("0")))
		json_pair(&w, "errorCode", code);
	for (unsigned i = 0; i < FIELDS; i++)
		line_put(&w, keys[i], field[i]);
	json_pair(&w, "database", database);
	json_pair(&w, "object", object);
	line_put(&w, "retcode", code);
	line_end(l, &w);
	return true;
}
