/* SPDX-License-Identifier: MIT */
#include "casework/deed.h"

#include <stdlib.h>

#include "base/attr.h"
#include "casework/deed_words.h"

/* Spans --------------------------------------------------------------------- */

static void add_span(struct deed *d, struct str text, bool data)
{
	if (text.n && d->n < DEED_SPANS)
		d->span[d->n++] = (struct deed_span){ text, data };
}

/* Words, a literal; and data, raw, which has to outlive the deed. */
static void say(struct deed *d, const char *words)
{
	add_span(d, str_of(words), false);
}

static void show(struct deed *d, struct str data)
{
	add_span(d, data, true);
}

void deed_text(const struct deed *d, struct strbuf *out)
{
	for (size_t i = 0; i < d->n; i++)
		strbuf_add(out, d->span[i].text);
}

/* Values of a record --------------------------------------------------------- */

struct gathering {
	struct strbuf text;
	size_t n;
};

static bool see_value(void *context, const struct json *v)
{
	struct gathering *g = context;

	if (!v->text.n || v->kind == JSON_NULL)
		return true;
	if (g->n < DEED_VALUES) {
		if (g->n)
			strbuf_adds(&g->text, ", ");
		strbuf_add(&g->text, str_sub(v->text, 0, DEED_VALUE_MAX));
	}
	return ++g->n < 1000;
}

/* What the record has at a path of the words; empty when it has nothing. */
static struct str value_at(const struct event *e, struct str path,
			   struct arena *a)
{
	struct gathering g = { .n = 0 };
	struct strbuf whole;
	struct str text = STR_NULL;

	if (!e)
		return text;
	strbuf_init(&g.text);
	strbuf_init(&whole);
	if (path.n && path.p[0] == '>') {
		strbuf_adds(&whole, "responseElements.");
		path = str_from(path, 1);
	} else if (path.n && path.p[0] == '.') {
		path = str_from(path, 1);
	} else {
		strbuf_adds(&whole, "requestParameters.");
	}
	strbuf_add(&whole, path);
	json_each(e->record, strbuf_str(&whole), see_value, &g);
	if (g.n > DEED_VALUES)
		strbuf_addf(&g.text, " and %zu more", g.n - DEED_VALUES);
	if (g.n)
		text = arena_dup(a, strbuf_str(&g.text));
	strbuf_release(&whole);
	strbuf_release(&g.text);
	return text;
}

/* Words --------------------------------------------------------------------- */

static int compare_words(const void *x, const void *y)
{
	const struct call_name *key = x;
	const struct deed_words *w = y;
	int order = strcmp(key->service, w->name.service);

	return order ? order : strcmp(key->name, w->name.name);
}

static const struct deed_words *words_of(const struct store *s, row_id row)
{
	struct str service = event_service(store_text(s, EVENT_SOURCE, row));
	struct str name = event_base_name(store_text(s, EVENT_NAME, row));
	char of[2][64];
	const struct call_name key = { of[0], of[1] };

	if (service.n >= sizeof(of[0]) || name.n >= sizeof(of[1]) ||
	    !kind_is_call(s->kind[row]))
		return NULL;
	memcpy(of[0], service.p ? service.p : "", service.n);
	of[0][service.n] = '\0';
	memcpy(of[1], name.p ? name.p : "", name.n);
	of[1][name.n] = '\0';
	return bsearch(&key, deed_words, deed_words_n, sizeof(*deed_words),
		       compare_words);
}

/* A part of the words without [...]; false, and nothing added, when `needed`
 * and a value is missing. */
static bool fill_part(struct deed *d, struct str part, const struct event *e,
		      bool needed, struct arena *a)
{
	size_t before = d->n;

	while (part.n) {
		size_t open = str_find_char(part, '{', 0);
		size_t close = str_find_char(part, '}', 0);
		struct str value;

		if (open == SIZE_MAX || close == SIZE_MAX) {
			add_span(d, part, false);
			break;
		}
		add_span(d, str_sub(part, 0, open), false);
		value = value_at(e, str_sub(part, open + 1, close), a);
		if (!value.n && needed) {
			d->n = before;
			return false;
		}
		if (value.n)
			add_span(d, value, true);
		else
			add_span(d, STR("(not said)"), false);
		part = str_from(part, close + 1);
	}
	return true;
}

static void fill_words(struct deed *d, struct str words, const struct event *e,
		       struct arena *a)
{
	while (words.n) {
		size_t open = str_find_char(words, '[', 0);
		size_t close = str_find_char(words, ']', 0);

		if (open == SIZE_MAX || close == SIZE_MAX) {
			fill_part(d, words, e, false, a);
			return;
		}
		fill_part(d, str_sub(words, 0, open), e, false, a);
		fill_part(d, str_sub(words, open + 1, close), e, true, a);
		words = str_from(words, close + 1);
	}
}

/* Calls --------------------------------------------------------------------- */

static bool has_parameters(const struct event *e)
{
	const struct json *all =
		e ? json_member(e->record, STR("requestParameters")) : NULL;

	return all && all->kind == JSON_OBJECT && all->n;
}

/* The first things that a call names, where nothing better is known. */
static void show_parameters(struct deed *d, const struct event *e,
			    struct arena *a)
{
	enum { SHOWN = 2 };
	const struct json *all =
		e ? json_member(e->record, STR("requestParameters")) : NULL;
	size_t shown = 0;

	if (!all || all->kind != JSON_OBJECT)
		return;
	for (const struct json *v = all->child; v && shown < SHOWN;
	     v = v->next) {
		if (!json_is_scalar(v) || v->kind == JSON_NULL || !v->text.n ||
		    str_eq(v->key, STR("Host")))
			continue;
		say(d, shown ? ", " : " (");
		show(d, arena_dup(a, str_sub(v->key, 0, DEED_VALUE_MAX)));
		say(d, " ");
		show(d, arena_dup(a, str_sub(v->text, 0, DEED_VALUE_MAX)));
		shown++;
	}
	if (shown)
		say(d, ")");
}

static void tell_call(struct deed *d, const struct store *s, row_id row,
		      const struct event *e, struct arena *a)
{
	const struct deed_words *w = words_of(s, row);
	bool ok = store_outcome(s, row) == OUTCOME_OK;
	struct str error = store_text(s, EVENT_ERROR, row), why = STR_NULL;

	/* What was refused has often no parameters: the message names them. */
	if (!ok && !has_parameters(e)) {
		why = value_at(e, STR(".errorMessage"), a);
		w = NULL;
	}

	if (!ok)
		say(d, "tried to ");
	if (w) {
		struct str words = str_of(w->words);
		size_t bar = str_find_char(words, '|', 0);
		size_t blank = str_find_char(words, ' ', bar);

		if (!ok) {
			add_span(d, str_sub(words, 0, bar), false);
			words = str_from(words, blank);
		} else {
			words = str_from(words, bar + 1);
		}
		fill_words(d, words, e, a);
	} else {
		say(d, ok ? "called " : "call ");
		show(d, store_text(s, EVENT_NAME, row));
		say(d, " of ");
		show(d, event_service(store_text(s, EVENT_SOURCE, row)));
		show_parameters(d, e, a);
	}
	if (ok)
		return;
	say(d,
	    store_outcome(s, row) == OUTCOME_DENIED ? ": refused" : ": failed");
	if (error.n) {
		say(d, " (");
		show(d, error);
		say(d, ")");
	}
	if (why.n) {
		say(d, ": ");
		show(d, why);
	}
}

/* What is no call ------------------------------------------------------------ */

static void tell_request(struct deed *d, const struct store *s, row_id row,
			 const struct event *e, struct arena *a)
{
	struct str query = value_at(e, STR(".cs-uri-query"), a);
	struct str status = value_at(e, STR(".sc-status"), a);
	struct str bytes = value_at(e, STR(".sc-bytes"), a);

	say(d, "web request ");
	if (query.n && !str_eq(query, STR("-")))
		show(d, arena_join_all(
				a,
				(struct str[]){ store_text(s, EVENT_NAME, row),
						STR("?"), query },
				3));
	else
		show(d, store_text(s, EVENT_NAME, row));
	if (status.n) {
		say(d, ", answered ");
		show(d, status);
	}
	if (bytes.n) {
		say(d, ", bytes ");
		show(d, bytes);
	}
}

static void tell_flow(struct deed *d, const struct store *s, row_id row,
		      const struct event *e, struct arena *a)
{
	struct str from = value_at(e, STR(".srcaddr"), a);
	struct str to = value_at(e, STR(".dstaddr"), a);
	struct str bytes = value_at(e, STR(".bytes"), a);

	say(d, "network flow ");
	show(d, store_text(s, EVENT_NAME, row));
	if (from.n) {
		say(d, " from ");
		show(d, from);
	}
	if (to.n) {
		say(d, " to ");
		show(d, to);
	}
	if (bytes.n) {
		say(d, ", bytes ");
		show(d, bytes);
	}
}

static void tell_finding(struct deed *d, const struct store *s, row_id row,
			 const struct event *e, struct arena *a)
{
	struct str title = value_at(e, STR(".title"), a);

	say(d, s->kind[row] == KIND_GUARDDUTY ? "GuardDuty found: " :
						"Security Hub: ");
	show(d, store_text(s, EVENT_NAME, row));
	if (title.n) {
		say(d, ", ");
		show(d, title);
	}
}

static void tell_item(struct deed *d, const struct store *s, row_id row,
		      const struct event *e, struct arena *a)
{
	struct str name = value_at(e, STR(".resourceName"), a);
	struct str status = value_at(e, STR(".configurationItemStatus"), a);

	if (!name.n)
		name = value_at(e, STR(".resourceId"), a);
	say(d, "AWS Config saw ");
	show(d, store_text(s, EVENT_NAME, row));
	if (name.n) {
		say(d, " ");
		show(d, name);
	}
	if (status.n && !str_eq(status, STR("OK"))) {
		say(d, ", ");
		show(d, status);
	}
}

void deed_of(struct deed *out, const struct store *s, row_id row,
	     const struct event *e, struct arena *a)
{
	out->n = 0;
	switch ((enum event_kind)s->kind[row]) {
	case KIND_CLOUDTRAIL:
	case KIND_NETWORK:
		tell_call(out, s, row, e, a);
		return;
	case KIND_WEB:
	case KIND_ELB:
	case KIND_CLOUDFRONT:
	case KIND_WAF:
		tell_request(out, s, row, e, a);
		return;
	case KIND_FLOW:
		tell_flow(out, s, row, e, a);
		return;
	case KIND_GUARDDUTY:
	case KIND_SECURITYHUB:
		tell_finding(out, s, row, e, a);
		return;
	case KIND_CONFIG:
		tell_item(out, s, row, e, a);
		return;
	default:
		break;
	}
	show(out, str_of(event_kind_name((enum event_kind)s->kind[row])));
	say(out, ": ");
	show(out, store_text(s, EVENT_NAME, row));
}

/* Older records, and some forms of newer ones, do not say whether a call only
 * reads: its name does. */
static bool asks_by_name(struct str name)
{
	static const char *const verbs[] = { "Describe", "List", "Get", "Head",
					     "Lookup" };

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (str_starts(name, str_of(verbs[i])))
			return true;
	return false;
}

bool deed_is_look(const struct store *s, row_id row)
{
	if (!kind_is_call(s->kind[row]) || s->flags[row] & EVENT_WRITE ||
	    words_of(s, row))
		return false;
	return s->flags[row] & EVENT_READ ||
	       asks_by_name(store_text(s, EVENT_NAME, row));
}
