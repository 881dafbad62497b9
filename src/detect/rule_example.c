/* SPDX-License-Identifier: MIT */
#include "detect/rule_example.h"

#include "base/json.h"
#include "base/json_writer.h"
#include "detect/rule.h"
#include "ingest/line.h"
#include "ingest/value.h"

/* What JSON has as it is: true, false, a number. */
static bool is_literal(struct arena *a, const struct node *n)
{
	struct err err = ERR_INIT;
	const struct json *v = n->plain ? json_read(a, n->text, &err) : NULL;

	return v && v->kind > JSON_NULL && v->kind < JSON_STRING;
}

/* The tree's depth is bounded, and what aliases repeat. */
static void write_node(struct json_writer *w, struct arena *a,
		       const struct node *n)
{
	switch (n->kind) {
	case NODE_NULL:
		json_null(w);
		return;
	case NODE_TEXT:
		if (is_literal(a, n))
			json_raw(w, n->text);
		else
			json_string(w, n->text);
		return;
	case NODE_LIST:
		json_begin_array(w);
		for (size_t i = 0; i < n->n; i++)
			write_node(w, a, n->item[i].value);
		json_end_array(w);
		return;
	case NODE_MAP:
		json_begin_object(w);
		for (size_t i = 0; i < n->n; i++) {
			json_key(w, arena_dup(a, n->item[i].key).p);
			write_node(w, a, n->item[i].value);
		}
		json_end_object(w);
	}
}

static struct str json_of(struct arena *a, const struct node *n)
{
	struct json_writer w;
	struct strbuf json;
	struct str kept;

	strbuf_init(&json);
	json_writer_init(&w, &json);
	write_node(&w, a, n);
	kept = arena_dup(a, strbuf_str(&json));
	strbuf_release(&json);
	return kept;
}

static bool is_json(struct str text)
{
	return text.n && (text.p[0] == '{' || text.p[0] == '[');
}

/* What a line of a log says; empty when it is none. Names have no blanks. */
static struct str line_of(struct arena *a, struct str text)
{
	struct str record = STR_NULL;
	struct strbuf json;

	strbuf_init(&json);
	if (line_read(text, STR_NULL, a, &json) != FORM_RECORD)
		record = arena_dup(a, strbuf_str(&json));
	strbuf_release(&json);
	return record;
}

static void add_example(struct rule_examples *out, struct arena *a,
			const struct node *n, unsigned line)
{
	struct rule_example *x = &out->item[out->n];
	struct str text = str_trim(node_text(n));

	*x = (struct rule_example){ .line = line };
	if (n->kind == NODE_MAP || n->kind == NODE_LIST)
		x->records = json_of(a, n);
	else if (is_json(text))
		x->records = text;
	else if (str_find_char(text, ' ', 0) != SIZE_MAX ||
		 str_find_char(text, '\t', 0) != SIZE_MAX)
		x->records = line_of(a, text);
	else
		x->name = text;
	out->n += x->name.n || x->records.n;
}

struct rule_examples rule_examples_read(struct arena *a, const struct node *n)
{
	struct rule_examples out = { NULL, 0 };

	if (!n)
		return out;
	out.item = arena_zero(a, (n->n + 1) * sizeof(*out.item));
	if (n->kind != NODE_LIST) {
		add_example(&out, a, n, n->line);
		return out;
	}
	for (size_t i = 0; i < n->n; i++)
		add_example(&out, a, n->item[i].value, n->item[i].line);
	return out;
}

/* Records ------------------------------------------------------------------ */

/* The bytes of an array's members, which have to be objects. */
static bool take_members(struct arena *a, const struct json *list,
			 struct rule_texts *out)
{
	struct strbuf text;

	strbuf_init(&text);
	out->text = arena_alloc(a, (list->n + 1) * sizeof(*out->text));
	for (const struct json *m = list->child; m; m = m->next) {
		if (m->kind != JSON_OBJECT)
			break;
		strbuf_clear(&text);
		json_print(&text, m);
		out->text[out->n++] = arena_dup(a, strbuf_str(&text));
	}
	strbuf_release(&text);
	return out->n && out->n == list->n;
}

bool rule_example_records(struct arena *a, const struct rule_example *x,
			  struct rule_texts *out)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct value_reader reader;
	const struct json *v;
	bool taken = false;

	*out = (struct rule_texts){ NULL, 0 };
	value_reader_init(&reader, &limits);
	v = value_read(&reader, a, x->records);
	if (v && reader.end == x->records.n && v->kind == JSON_OBJECT) {
		out->text = arena_alloc(a, sizeof(*out->text));
		out->text[out->n++] = x->records;
		taken = true;
	} else if (v && reader.end == x->records.n && v->kind == JSON_ARRAY) {
		taken = take_members(a, v, out);
	}
	value_reader_release(&reader);
	return taken;
}
