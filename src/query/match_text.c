/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/timefmt.h"
#include "model/arn.h"
#include "query/matcher_private.h"
#include "store/whereabouts.h"

/* One text, one value ----------------------------------------------------- */

/* The ASCII letters of eight bytes in lower case. */
static uint64_t lower_eight(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x80 * ones;
	uint64_t low = x & ~high;
	/* The high bit of each byte that is no less than A, more than Z. */
	uint64_t from = low + (0x80 - 'A') * ones;
	uint64_t past = low + (0x7f - 'Z') * ones;

	return x | (from & ~past & ~x & high) >> 2;
}

/* Equal to a text that is in lower case. */
static bool equals_lower(struct str s, struct str lower)
{
	size_t i = 0;

	if (s.n != lower.n)
		return false;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t x, y;

		memcpy(&x, s.p + i, 8);
		memcpy(&y, lower.p + i, 8);
		if (lower_eight(x) != y)
			return false;
	}
	for (; i < s.n; i++)
		if (str_lower(s.p[i]) != lower.p[i])
			return false;
	return true;
}

static bool literal_meets(const struct mtest *t, const struct mvalue *v,
			  struct str s)
{
	switch (t->op) {
	case TEST_CONTAINS:
		return needle_in(&v->needle, s);
	case TEST_STARTS:
		s = str_sub(s, 0, v->text.n);
		break;
	case TEST_ENDS:
		if (s.n < v->text.n)
			return false;
		s = str_from(s, s.n - v->text.n);
		break;
	default:
		break;
	}
	return t->cased ? str_eq(s, v->text) : equals_lower(s, v->text);
}

/* The same address, spelled in another way? */
static bool address_meets(const struct mvalue *v, struct str s)
{
	struct addr a;

	return addr_parse(s, &a) && memcmp(&a, &v->address, sizeof(a)) == 0;
}

static bool network_meets(const struct mvalue *v, struct str s)
{
	struct addr a;

	return addr_parse(s, &a) && network_has(&v->network, &a);
}

static bool order_meets(enum test_op op, int order)
{
	switch (op) {
	case TEST_LT:
		return order < 0;
	case TEST_LE:
		return order <= 0;
	case TEST_GT:
		return order > 0;
	case TEST_GE:
		return order >= 0;
	default:
		return order == 0;
	}
}

static bool number_meets(const struct mtest *t, const struct mvalue *v,
			 struct str s)
{
	struct number n;

	return number_parse(s, &n) &&
	       order_meets(t->op, number_compare(&n, &v->number));
}

static bool regex_meets(const struct mvalue *v, struct str s,
			struct match_scratch *scratch)
{
	enum re_result r = re_match(v->re, s, scratch->re);

	if (r == RE_GAVE_UP)
		scratch->gave_up++;
	return r == RE_YES;
}

static bool value_meets(const struct mtest *t, const struct mvalue *v,
			struct str s, struct match_scratch *scratch)
{
	switch (v->how) {
	case VALUE_PRESENT:
		return true;
	case VALUE_LITERAL:
		return literal_meets(t, v, s) ||
		       (v->is_address && address_meets(v, s));
	case VALUE_GLOB:
		return str_glob(s, v->text, !t->cased);
	case VALUE_REGEX:
		return regex_meets(v, s, scratch);
	case VALUE_NETWORK:
		return network_meets(v, s);
	case VALUE_NUMBER:
		return number_meets(t, v, s);
	case VALUE_PART:
		return time_part_meets(&v->part, s);
	case VALUE_TIME:
	case VALUE_LEVEL:
	case VALUE_TACTICS:
	case VALUE_TECHNIQUES:
	case VALUE_PATH:
		break;
	}
	return false;
}

bool text_meets(struct values vs, struct str text, struct match_scratch *s)
{
	for (size_t i = 0; i < vs.n; i++)
		if (value_meets(vs.t, &vs.v[i], text, s))
			return true;
	return false;
}

bool looks_inside(enum test_op op)
{
	return op == TEST_CONTAINS || op == TEST_STARTS || op == TEST_ENDS ||
	       op == TEST_RE;
}

bool any_present(struct values vs)
{
	for (size_t i = 0; i < vs.n; i++)
		if (vs.v[i].how == VALUE_PRESENT)
			return true;
	return false;
}

bool looks_in_one(struct values vs)
{
	for (size_t i = 0; i < vs.n; i++)
		if (!vs.v[i].in_one)
			return false;
	return vs.t->op == TEST_CONTAINS;
}

static bool some_text_meets(struct values vs, const struct str *text, size_t n,
			    struct match_scratch *s)
{
	for (size_t i = 0; i < n; i++)
		if (text_meets(vs, text[i], s))
			return true;
	return false;
}

bool texts_meet(const struct mtest *t, const struct str *text, size_t n,
		struct match_scratch *s)
{
	if (t->op == TEST_EXISTS || t->op == TEST_NULL)
		return (n > 0) == (t->op == TEST_EXISTS);
	if (!t->all)
		return some_text_meets((struct values){ t, t->value, t->n },
				       text, n, s);
	for (size_t i = 0; i < t->n; i++)
		if (!some_text_meets((struct values){ t, &t->value[i], 1 },
				     text, n, s))
			return false;
	return true;
}

/* Every kind is named here, so that the compiler tells of a new one. */
enum field_class field_class(enum field_kind kind)
{
	switch (kind) {
	case FIELD_COLUMN:
	case FIELD_SERVICE:
	case FIELD_USER:
	case FIELD_PRINCIPAL:
	case FIELD_SESSION:
	case FIELD_IP:
	case FIELD_COUNTRY:
	case FIELD_ASN:
	case FIELD_AWS:
		return CLASS_COLUMN;
	case FIELD_ACCOUNT:
		return CLASS_ACCOUNT;
	case FIELD_KEY:
		return CLASS_KEY;
	case FIELD_ID:
		return CLASS_ID;
	case FIELD_TIME:
		return CLASS_TIME;
	case FIELD_OUTCOME:
	case FIELD_KIND:
	case FIELD_HAS:
	case FIELD_READ_ONLY:
		return CLASS_FLAGS;
	case FIELD_LEVEL:
	case FIELD_RULE:
	case FIELD_TACTIC:
	case FIELD_TECHNIQUE:
	case FIELD_ALERT:
		return CLASS_MARKS;
	case FIELD_STAR:
	case FIELD_LABEL:
	case FIELD_NOTE:
	case FIELD_DISPOSITION:
		return CLASS_SAID;
	case FIELD_ORIGIN:
	case FIELD_INCIDENT:
		return CLASS_KIN;
	case FIELD_RESOURCE:
	case FIELD_ANY:
	case FIELD_PATH:
		break;
	}
	return CLASS_RECORD;
}

/* Texts of columns and flags ---------------------------------------------- */

static size_t add_text(struct str *out, size_t n, struct str text)
{
	if (text.n && n < FIELD_TEXTS)
		out[n++] = text;
	return n;
}

/* The names in an actor: of an ARN those of its resource. */
size_t user_texts(struct str actor, struct str *out)
{
	struct str account, role, session;
	struct arn arn;
	size_t n = add_text(out, 0, actor), at;

	if (arn_assumed_role(actor, &account, &role, &session)) {
		n = add_text(out, n, role);
		n = add_text(out, n, session);
		/* Both, as they are shown. */
		return add_text(out, n,
				str_from(actor, (size_t)(role.p - actor.p)));
	}
	if (arn_parse(actor, &arn)) {
		n = add_text(out, n, arn.resource);
		return add_text(out, n, arn_last_segment(arn.resource));
	}
	at = str_find_char(actor, ':', 0);
	if (at != SIZE_MAX)
		n = add_text(out, n, str_from(actor, at + 1));
	at = str_find_char(actor, '#', 0);
	return at == SIZE_MAX ? n : add_text(out, n, str_from(actor, at + 1));
}

size_t column_texts(enum field_kind kind, struct str column, struct str *out)
{
	size_t n;

	if (!column.n)
		return 0;
	switch (kind) {
	case FIELD_USER:
		return user_texts(column, out);
	case FIELD_SERVICE:
		n = add_text(out, 0, column);
		return add_text(out, n, event_service(column));
	case FIELD_COUNTRY:
	case FIELD_ASN:
	case FIELD_AWS:
		return 0; /* see stored_texts */
	default:
		return add_text(out, 0, column);
	}
}

/* "AS64496 Example": also the number by itself, and whose it is. */
static size_t asn_texts(struct str shown, struct str *out)
{
	size_t blank = str_find_char(shown, ' ', 0), n = 0;
	struct str number = str_sub(shown, 0, blank);

	n = add_text(out, n, shown);
	if (blank != SIZE_MAX) {
		n = add_text(out, n, number);
		n = add_text(out, n, str_from(shown, blank + 1));
	}
	return add_text(out, n, str_from(number, 2));
}

size_t stored_texts(const struct store *s, enum field_kind kind,
		    enum event_column c, uint32_t value, struct str *out)
{
	struct str shown;

	switch (kind) {
	case FIELD_COUNTRY:
	case FIELD_ASN:
	case FIELD_AWS:
		shown = store_whereabouts_shown(s, kind, value);
		return kind == FIELD_ASN ? asn_texts(shown, out) :
					   add_text(out, 0, shown);
	default:
		return column_texts(kind, store_value(s, c, value), out);
	}
}

size_t flag_texts(enum field_kind kind, uint32_t flags, enum event_kind event,
		  struct str *out)
{
	size_t n = 0;

	switch (kind) {
	case FIELD_OUTCOME:
		return add_text(out, 0,
				str_of(event_outcome_name((enum event_outcome)(
					flags & EVENT_OUTCOME_MASK))));
	case FIELD_KIND:
		return add_text(out, 0, str_of(event_kind_name(event)));
	case FIELD_READ_ONLY:
		if (flags & EVENT_READ)
			n = add_text(out, n, STR("true"));
		if (flags & EVENT_WRITE)
			n = add_text(out, n, STR("false"));
		return n;
	case FIELD_HAS:
		if (flags & EVENT_HAS_CONTROL)
			n = add_text(out, n, STR("control"));
		if (flags & EVENT_HAS_BIDI)
			n = add_text(out, n, STR("bidi"));
		if (flags & EVENT_HAS_NONASCII)
			n = add_text(out, n, STR("nonascii"));
		if (flags & EVENT_HAS_TRUNCATED)
			n = add_text(out, n, STR("truncated"));
		if (flags & EVENT_PARTIAL)
			n = add_text(out, n, STR("partial"));
		if (flags & EVENT_BY_SERVICE)
			n = add_text(out, n, STR("service"));
		if (flags & EVENT_AMENDED)
			n = add_text(out, n, STR("amended"));
		return n;
	default:
		return 0;
	}
}

/* Marks and times --------------------------------------------------------- */

static bool technique_meets(const struct mvalue *v,
			    const struct mark_label *label)
{
	for (size_t i = 0; i < label->technique_n; i++)
		for (size_t j = 0; j < v->technique_n; j++)
			if (attack_technique_within(&label->technique[i],
						    &v->technique[j]))
				return true;
	return false;
}

/* A value that is no name: wildcards and regexes on the names. */
static bool label_text_meets(struct values v, const struct mark_label *label,
			     struct match_scratch *s)
{
	switch (v.t->field.kind) {
	case FIELD_TACTIC:
		for (int i = 0; i < TACTIC_COUNT; i++) {
			enum attack_tactic t = (enum attack_tactic)i;

			if (label->tactics & TACTIC_BIT(t) &&
			    text_meets(v, str_of(attack_tactic_name(t)), s))
				return true;
		}
		return false;
	case FIELD_TECHNIQUE:
		for (size_t i = 0; i < label->technique_n; i++)
			if (text_meets(v, str_of(label->technique[i].text), s))
				return true;
		return false;
	case FIELD_RULE:
	case FIELD_ALERT:
		return text_meets(v, label->id, s) ||
		       text_meets(v, label->title, s);
	default:
		return false;
	}
}

static bool mark_meets_one(struct values v, enum level level,
			   const struct mark_label *label,
			   struct match_scratch *s)
{
	switch (v.v->how) {
	case VALUE_LEVEL:
		return order_meets(v.t->op, (int)level - (int)v.v->level);
	case VALUE_TACTICS:
		return (label->tactics & v.v->tactics) != 0;
	case VALUE_TECHNIQUES:
		return technique_meets(v.v, label);
	default:
		break;
	}
	if (v.t->field.kind == FIELD_LEVEL)
		return text_meets(v, str_of(level_name(level)), s);
	return label_text_meets(v, label, s);
}

bool mark_meets(struct values vs, enum level level,
		const struct mark_label *label, struct match_scratch *s)
{
	for (size_t i = 0; i < vs.n; i++)
		if (mark_meets_one((struct values){ vs.t, &vs.v[i], 1 }, level,
				   label, s))
			return true;
	return false;
}

bool time_meets(const struct mtest *t, int64_t time, struct match_scratch *s)
{
	const struct time_zone utc = TIME_ZONE_UTC;
	struct str text;

	if (time == TIME_NONE)
		return t->op == TEST_NULL;
	if (t->n && t->value[0].how == VALUE_TIME)
		return order_meets(t->op, time < t->value[0].time ?
						  -1 :
						  time > t->value[0].time);
	strbuf_clear(&s->text);
	time_format(&s->text, time, TIME_ISO, &utc);
	text = strbuf_str(&s->text);
	return texts_meet(t, &text, 1, s);
}
