/* SPDX-License-Identifier: MIT */
#include "model/field.h"

#include "model/record_field.h"

const struct field fields[] = {
#define X(name, kind, column, help, example) \
	{ name, kind, column, help, example },
	FIELDS(X)
#undef X
		{ NULL, FIELD_ANY, EVENT_NAME, NULL, NULL },
};

const struct field *field_find(struct str name)
{
	for (const struct field *f = fields; f->name; f++)
		if (str_eq_fold(name, str_of(f->name)))
			return f;
	return NULL;
}

bool field_is_record_path(struct str path)
{
	struct str top = str_sub(path, 0, str_find_char(path, '.', 0));

	for (const struct record_field *f = cloudtrail_fields; f->name; f++)
		if (str_eq(top, str_of(f->name)))
			return true;
	for (const struct record_field *f = beside_fields; f->name; f++)
		if (str_eq(top, str_of(f->name)))
			return true;
	return false;
}

static void keep_nearest(struct str name, const char *candidate, size_t *best,
			 const char **found)
{
	size_t d = str_distance(name, str_of(candidate));

	if (d < *best) {
		*best = d;
		*found = candidate;
	}
}

const char *field_nearest(struct str name)
{
	/* More edits than that and it is another word. */
	size_t best = name.n / 3 + 2;
	const char *found = NULL;

	for (const struct field *f = fields; f->name; f++)
		keep_nearest(name, f->name, &best, &found);
	for (const struct record_field *f = cloudtrail_fields; f->name; f++)
		keep_nearest(name, f->name, &best, &found);
	for (const struct record_field *f = beside_fields; f->name; f++)
		keep_nearest(name, f->name, &best, &found);
	return found;
}
