/* SPDX-License-Identifier: MIT */
#include "casework/guide.h"

#include <stddef.h>
#include <string.h>

#include "base/attr.h"
#include "query/print.h"

struct values {
	struct str value[GUIDE_VALUES];
	size_t n;
};

static void add_value(struct values *v, struct str text)
{
	if (!text.n)
		return;
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->value[i], text))
			return;
	if (v->n < GUIDE_VALUES)
		v->value[v->n++] = text;
}

static bool see_value(void *context, const struct json *v)
{
	add_value(context, v->text);
	return true;
}

static void gather_event(struct values *v, const struct event *e,
			 struct str path)
{
	v->n = 0;
	json_each(e->record, path, see_value, v);
	for (int c = 0; !v->n && c < EVENT_COLUMN_COUNT; c++)
		if (str_eq(path,
			   str_of(event_column_name((enum event_column)c))))
			add_value(v, e->column[c]);
}

static void add_terms(struct strbuf *out, struct str field,
		      const struct values *v)
{
	if (v->n > 1)
		strbuf_addc(out, '(');
	for (size_t i = 0; i < v->n; i++) {
		if (i)
			strbuf_adds(out, " or ");
		query_term(out, field, v->value[i]);
	}
	if (v->n > 1)
		strbuf_addc(out, ')');
}

enum err_code guide_filter(struct strbuf *out, struct str step,
			   const struct event *e, struct err *err)
{
	struct values values;

	while (step.n) {
		size_t open = str_find_char(step, '{', 0);
		size_t close = str_find_char(step, '}', 0);
		size_t field;

		if (open == SIZE_MAX || close == SIZE_MAX || close < open ||
		    open == 0 || step.p[open - 1] != ':')
			break;
		field = open - 1;
		while (field && step.p[field - 1] != ' ' &&
		       step.p[field - 1] != '(')
			field--;
		gather_event(&values, e, str_sub(step, open + 1, close));
		if (!values.n)
			return err_set(err, ERR_FORMAT, "the event has no %.*s",
				       STR_ARG(str_sub(step, open + 1, close)));
		strbuf_add(out, str_sub(step, 0, field));
		add_terms(out, str_sub(step, field, open - 1), &values);
		step = str_from(step, close + 1);
	}
	strbuf_add(out, step);
	return ERR_OK;
}

/* Questions ----------------------------------------------------------------- */

/* As one word of a POSIX shell. */
static void add_word(struct strbuf *out, struct str text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789@%+=:,./-_";
	bool quote = !text.n;

	for (size_t i = 0; i < text.n; i++)
		quote |= !text.p[i] || !strchr(plain, text.p[i]);
	if (!quote) {
		strbuf_add(out, text);
		return;
	}
	strbuf_addc(out, '\'');
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\'')
			strbuf_adds(out, "'\\''");
		else
			strbuf_addc(out, text.p[i]);
	strbuf_addc(out, '\'');
}

bool guide_fill(struct strbuf *out, const char *text,
		const struct guide_about *about, enum guide_form form,
		const char **missing)
{
	static const struct {
		const char *name, *words;
		size_t at;
	} values[] = {
		{ "{id}", "no identity is selected",
		  offsetof(struct guide_about, id) },
		{ "{event}", "no event is selected",
		  offsetof(struct guide_about, event) },
		{ "{address}", "the event has no address",
		  offsetof(struct guide_about, address) },
	};

	while (*text) {
		const struct str *value = NULL;

		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			size_t n = strlen(values[i].name);

			if (strncmp(text, values[i].name, n) != 0)
				continue;
			value = (const struct str *)((const char *)about +
						     values[i].at);
			*missing = values[i].words;
			text += n;
			break;
		}
		if (!value)
			strbuf_addc(out, *text++);
		else if (!value->n)
			return false;
		else if (form == GUIDE_SHELL)
			add_word(out, *value);
		else
			strbuf_add(out, *value);
	}
	return true;
}
