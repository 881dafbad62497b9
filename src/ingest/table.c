/* SPDX-License-Identifier: MIT */
#include "ingest/table.h"

#include "ingest/columns.h"

size_t table_row_end(struct str text, bool last)
{
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			quoted = !quoted;
		else if (text.p[i] == '\n' && !quoted)
			return i + 1;
	}
	return last && !quoted ? text.n : SIZE_MAX;
}

/* Takes the cell at the beginning of *rest, with what follows it. */
static struct str next_cell(struct arena *arena, struct str *rest, char sep)
{
	struct str cell;
	char *to;
	size_t at, end = 1, n = 0;

	if (!rest->n || rest->p[0] != '"') {
		at = str_find_char(*rest, sep, 0);
		cell = str_sub(*rest, 0, at);
		*rest = at == SIZE_MAX ? STR_NULL : str_from(*rest, at + 1);
		return cell;
	}
	/* So much as the cell may take: a row may be long, its cells many. */
	while (end < rest->n &&
	       (rest->p[end] != '"' ||
		(end + 1 < rest->n && rest->p[end + 1] == '"')))
		end += rest->p[end] == '"' ? 2 : 1;
	to = arena_alloc(arena, end);
	for (at = 1; at < rest->n; at++) {
		if (rest->p[at] != '"') {
			to[n++] = rest->p[at];
		} else if (at + 1 < rest->n && rest->p[at + 1] == '"') {
			to[n++] = '"';
			at++;
		} else {
			break;
		}
	}
	at = str_find_char(*rest, sep, at);
	*rest = at == SIZE_MAX ? STR_NULL : str_from(*rest, at + 1);
	return (struct str){ to, n };
}

/* What stands behind the first name. */
static char separator(struct str header)
{
	bool quoted = false;

	for (size_t i = 0; i < header.n; i++) {
		char c = header.p[i];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == ',' || c == ';' || c == '\t'))
			return c;
	}
	return ',';
}

const struct json *table_value(struct arena *arena, struct str header,
			       struct str row)
{
	struct json *object = arena_zero(arena, sizeof(*object));
	const struct json **tail = &object->child;
	char sep = separator(header);

	object->kind = JSON_OBJECT;
	row = str_chomp(row);
	while (header.n && object->n < TABLE_MOST_COLUMNS) {
		struct json *m = arena_zero(arena, sizeof(*m));

		m->kind = JSON_STRING;
		m->key = str_trim(next_cell(arena, &header, sep));
		m->text = next_cell(arena, &row, sep);
		*tail = m;
		tail = &m->next;
		object->n++;
	}
	return object;
}

/* Names of columns hold nothing that JSON or an archive does. */
static bool is_header(struct str row)
{
	for (size_t i = 0; i < row.n; i++)
		if (row.p[i] == '{' || row.p[i] == '}' ||
		    ((unsigned char)row.p[i] < ' ' && row.p[i] != '\t'))
			return false;
	return true;
}

bool table_header(struct str text, struct arena *arena, struct str *header)
{
	size_t end;

	text = str_sub(text, 0, TABLE_LONGEST_HEADER);
	end = table_row_end(text, false);
	if (end == SIZE_MAX)
		return false;
	*header = str_chomp(str_sub(text, 0, end));
	return is_header(*header) &&
	       columns_known(table_value(arena, *header, STR_NULL));
}
