/* SPDX-License-Identifier: MIT */
#include "detect/placeholders.h"

static bool is_value(const struct node *n)
{
	if (n->kind == NODE_TEXT)
		return true;
	if (n->kind != NODE_LIST || n->n == 0)
		return false;
	for (size_t i = 0; i < n->n; i++)
		if (n->item[i].value->kind != NODE_TEXT)
			return false;
	return true;
}

enum err_code placeholders_read(struct arena *a, struct str text,
				const char *name, struct placeholders *out,
				struct err *err)
{
	struct rule_documents documents;
	enum err_code rc = rule_file_read(a, text, name, &documents, err);
	const struct node *map, *vars;

	*out = (struct placeholders){ NULL };
	if (rc)
		return rc;
	if (documents.n == 0)
		return ERR_OK;
	map = documents.root[0];
	vars = node_member(map, "vars");
	if (vars)
		map = vars;
	if (map->kind != NODE_MAP)
		return err_set(
			err, ERR_FORMAT,
			"%s:%u: a mapping of names to values is expected", name,
			map->line);
	for (size_t i = 0; i < map->n; i++)
		if (!is_value(map->item[i].value))
			return err_set(
				err, ERR_FORMAT,
				"%s:%u: \"%.*s\" is to be a text or a "
				"list of texts",
				name, map->item[i].line,
				STR_ARG(str_sub(map->item[i].key, 0, 80)));
	out->map = map;
	return ERR_OK;
}

/* Cuts the text before the next placeholder off *rest and says its name; with
 * no placeholder left all of it. */
static struct str next_part(struct arena *a, struct str *rest, struct str *name)
{
	char *out = arena_alloc(a, rest->n + 1);
	size_t n = 0, end;

	*name = STR_NULL;
	for (size_t i = 0; i < rest->n; i++) {
		char c = rest->p[i];

		if (c == '\\' && i + 1 < rest->n && rest->p[i + 1] == '%') {
			out[n++] = rest->p[++i];
			continue;
		}
		end = c == '%' ? str_find_char(*rest, '%', i + 1) : SIZE_MAX;
		if (end != SIZE_MAX && end > i + 1) {
			*name = str_sub(*rest, i + 1, end);
			*rest = str_from(*rest, end + 1);
			return (struct str){ out, n };
		}
		out[n++] = c;
	}
	*rest = STR_NULL;
	return (struct str){ out, n };
}

/* Every text followed by every one of some values. */
static bool multiply(struct arena *a, struct expansion *x,
		     const struct node *values)
{
	size_t n = values->kind == NODE_LIST ? values->n : 1;
	struct str *made;

	if (n > PLACEHOLDER_VALUES || x->n * n > PLACEHOLDER_VALUES) {
		x->too_many = true;
		return false;
	}
	made = arena_alloc(a, x->n * n * sizeof(*made));
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < n; k++)
			made[i * n + k] =
				arena_join(a, x->text[i],
					   values->kind == NODE_LIST ?
						   values->item[k].value->text :
						   values->text);
	x->text = made;
	x->n *= n;
	return true;
}

bool placeholders_expand(const struct placeholders *p, struct arena *a,
			 struct str value, struct expansion *out)
{
	struct str name;

	*out = (struct expansion){ .n = 1 };
	out->text = arena_zero(a, sizeof(*out->text));
	do {
		struct str part = next_part(a, &value, &name);
		const struct node *values;

		for (size_t i = 0; i < out->n && part.n; i++)
			out->text[i] = arena_join(a, out->text[i], part);
		if (!name.n)
			break;
		values = node_member(p ? p->map : NULL, arena_dup(a, name).p);
		if (!values) {
			out->unknown = name;
			return false;
		}
		if (!multiply(a, out, values))
			return false;
	} while (value.n);
	return true;
}
