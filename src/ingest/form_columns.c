/* SPDX-License-Identifier: MIT */
/* Rows of query results: CloudTrail Lake, Athena, Logs Insights, the console. */
#include "ingest/columns.h"
#include "ingest/unwrap_private.h"

/* A row as an array of cells becomes an object: [{"eventID":"..."},...] as Lake
 * answers, [{"field":"eventID","value":"..."},...] as Insights does. */
static const struct json *as_object(struct unwrapper *u, const struct json *row)
{
	struct json *object = arena_zero(unwrap_arena(u), sizeof(*object));
	const struct json **tail = &object->child;

	object->kind = JSON_OBJECT;
	for (const struct json *cell = row->child; cell; cell = cell->next) {
		struct json *m;
		struct str field = string_of(cell, STR("field"));
		const struct json *value = json_member(cell, STR("value"));

		if (cell->kind != JSON_OBJECT || !cell->child)
			return NULL;
		m = arena_zero(unwrap_arena(u), sizeof(*m));
		*m = field.n && value ? *value : *cell->child;
		if (field.n && value)
			m->key = field;
		m->next = NULL;
		*tail = m;
		tail = &m->next;
		object->n++;
	}
	return object;
}

bool form_columns(struct unwrapper *u, const struct json *v)
{
	const struct json *whole;
	struct draft d;

	if (v->kind == JSON_ARRAY)
		v = as_object(u, v);
	if (!v || !columns_known(v))
		return false;
	whole = columns_whole(v);
	if (whole && whole->kind == JSON_STRING) {
		unwrap_text(u, whole->text,
			    whole->key.p[0] == '@' ? FORM_LOG_QUERY :
			    whole->key.p[0] == '_' ? FORM_SPLUNK :
						     FORM_LAKE);
		return true;
	}
	if (whole) {
		unwrap_value(u, whole, FORM_LAKE);
		return true;
	}
	draft_init(&d, unwrap_arena(u));
	for (const struct json *m = v->child; m; m = m->next)
		columns_put(&d, m->key, m);
	unwrap_draft(u, &d, FORM_COLUMNS);
	return true;
}
