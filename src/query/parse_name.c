/* SPDX-License-Identifier: MIT */
/* Values of fields that can only have certain ones: levels, outcomes, ... */
#include <stdio.h>

#include "base/attr.h"
#include "model/attack.h"
#include "model/disposition.h"
#include "model/level.h"
#include "query/parse_private.h"

static const char *kind_name(size_t i)
{
	return i <= KIND_EVIDENCE ? event_kind_name((enum event_kind)i) : NULL;
}

static const char *level_at(size_t i)
{
	return i < LEVEL_COUNT ? level_name((enum level)i) : NULL;
}

static const char *tactic_at(size_t i)
{
	return i < TACTIC_COUNT ? attack_tactic_name((enum attack_tactic)i) :
				  NULL;
}

static const char *outcome_at(size_t i)
{
	return i <= OUTCOME_FAILED ? event_outcome_name((enum event_outcome)i) :
				     NULL;
}

static const char *has_at(size_t i)
{
	static const char *const names[] = { "control",   "bidi",    "nonascii",
					     "truncated", "partial", "service",
					     "amended" };

	return i < ARRAY_SIZE(names) ? names[i] : NULL;
}

static const char *bool_at(size_t i)
{
	return i == 0 ? "true" : i == 1 ? "false" : NULL;
}

static const char *disposition_at(size_t i)
{
	return i < DISPOSITION_COUNT ? disposition_name((enum disposition)i) :
				       NULL;
}

typedef const char *(*names_at)(size_t i);

static names_at names_of(enum field_kind kind)
{
	switch (kind) {
	case FIELD_LEVEL:
		return level_at;
	case FIELD_TACTIC:
		return tactic_at;
	case FIELD_OUTCOME:
		return outcome_at;
	case FIELD_KIND:
		return kind_name;
	case FIELD_HAS:
		return has_at;
	case FIELD_READ_ONLY:
		return bool_at;
	case FIELD_DISPOSITION:
		return disposition_at;
	default:
		return NULL;
	}
}

const char *query_value_name(enum field_kind kind, size_t i)
{
	names_at at = names_of(kind);

	if (at)
		return at(i);
	return kind == FIELD_TECHNIQUE ? attack_technique_at(i) : NULL;
}

/* Does the text begin one of the names, with more of it to come? */
static bool begins_name(names_at at, struct str text)
{
	for (size_t i = 0; at(i); i++)
		if (str_starts_fold(str_of(at(i)), text))
			return true;
	return false;
}

/* "ok, denied or failed" */
static void list_names(names_at at, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; at(i) && used < size; i++) {
		int n = snprintf(out + used, size - used, "%s%s",
				 i == 0    ? "" :
				 at(i + 1) ? ", " :
					     " or ",
				 at(i));

		used += n > 0 ? (size_t)n : 0;
	}
}

bool parse_has_names(enum field_kind kind)
{
	return names_of(kind) || kind == FIELD_TECHNIQUE;
}

static bool check_technique(struct parser *p, const struct token *t,
			    struct str text)
{
	struct technique_id id;
	bool begun = parse_at_end(p, t) && text.n < 9 &&
		     (text.p[0] == 'T' || text.p[0] == 't');

	if (attack_technique_id(text, &id))
		return true;
	for (size_t i = 1; i < text.n; i++)
		begun &= (text.p[i] >= '0' && text.p[i] <= '9') ||
			 (i == 5 && text.p[i] == '.');
	parse_fail(p, begun ? QUERY_INCOMPLETE : QUERY_WRONG, t->from, t->to,
		   "\"%.*s\" is no technique; expected a number such as T1098",
		   STR_ARG(str_sub(text, 0, 60)));
	return false;
}

bool parse_name(struct parser *p, const struct expr_field *field,
		const struct token *t, struct str *text)
{
	names_at at = names_of(field->kind);
	char list[300];
	enum level level;

	if (field->kind == FIELD_TECHNIQUE)
		return check_technique(p, t, *text);
	if (field->kind == FIELD_LEVEL && level_parse(*text, &level)) {
		*text = str_of(level_name(level));
		return true;
	}
	if (field->kind == FIELD_TACTIC && attack_tactics_named(*text))
		return true;
	for (size_t i = 0; at(i); i++)
		if (str_eq_fold(*text, str_of(at(i)))) {
			*text = str_of(at(i));
			return true;
		}
	list_names(at, list, sizeof(list));
	parse_fail(p,
		   parse_at_end(p, t) && begins_name(at, *text) ?
			   QUERY_INCOMPLETE :
			   QUERY_WRONG,
		   t->from, t->to, "\"%.*s\" is no %.*s; expected %s",
		   STR_ARG(str_sub(*text, 0, 60)), STR_ARG(field->path), list);
	return false;
}
