/* SPDX-License-Identifier: MIT */
#include "ui/config.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "base/xdg.h"
#include "query/parse.h"
#include "ui/panes/timeline_columns.h"

void config_init(struct config *c)
{
	*c = (struct config){ .filter = NULL };
	arena_init(&c->arena);
	keymap_init(&c->keymap);
}

void config_release(struct config *c)
{
	keymap_release(&c->keymap);
	free(c->filter);
	arena_release(&c->arena);
	*c = (struct config){ .filter = NULL };
}

/* "word rest of it" */
static struct str take_word(struct str *line)
{
	size_t space = str_find_char(*line, ' ', 0);
	struct str word = str_sub(*line, 0, space);

	*line = space == SIZE_MAX ? STR_NULL : str_trim(str_from(*line, space));
	return word;
}

/* Set ---------------------------------------------------------------------- */

enum err_code config_parse_set(struct str line, enum screen_option *option,
			       struct str *value, struct err *err)
{
	size_t space = str_find_char(line, ' ', 0);
	size_t equal = str_find_char(line, '=', 0);
	size_t cut = equal < space ? equal : space;
	struct str name = str_sub(line, 0, cut);
	struct strbuf known;

	*option = screen_option_find(name);
	*value = cut == SIZE_MAX ? STR_NULL : str_trim(str_from(line, cut + 1));
	if (space < equal && value->n && value->p[0] == '=')
		*value = str_trim(str_from(*value, 1));
	if (*option == SCREEN_OPTION_COUNT) {
		strbuf_init(&known);
		for (int i = 0; i < SCREEN_OPTION_COUNT; i++)
			strbuf_addf(&known, "%s%s", i ? ", " : "",
				    screen_options[i].name);
		err_set(err, ERR_SYNTAX, "no option %.*s; there are %s",
			STR_ARG(str_sub(name, 0, 40)), known.p);
		strbuf_release(&known);
		return ERR_SYNTAX;
	}
	if (!value->n || !screen_option_takes(*option, *value))
		return err_set(err, ERR_SYNTAX, "%s: %s was expected",
			       screen_options[*option].name,
			       screen_options[*option].values);
	return ERR_OK;
}

static enum err_code read_set(struct config *c, struct str line,
			      struct err *err)
{
	enum screen_option option;
	struct time_zone zone;
	struct str value;
	enum err_code rc = config_parse_set(line, &option, &value, err);

	if (rc)
		return rc;
	if (c->set[option].p)
		return err_set(err, ERR_SYNTAX, "%s is set already",
			       screen_options[option].name);
	if (option == SET_TZ && !time_zone_parse(value, &zone))
		return err_set(err, ERR_SYNTAX,
			       "tz: %.*s is no zone that the configuration can "
			       "set; UTC, local or +09:00 was expected",
			       STR_ARG(str_sub(value, 0, 40)));
	if (option == SET_COLUMNS) {
		struct column_choice columns = { .n = 0 };

		rc = columns_parse(&columns, value, err);
		if (rc)
			return rc;
	}
	c->set[option] = arena_dup(&c->arena, value);
	return ERR_OK;
}

/* Filters ------------------------------------------------------------------ */

static enum err_code read_filter(struct config *c, struct str line,
				 struct err *err)
{
	struct str name = take_word(&line);
	const struct expr *expr;
	struct arena arena;
	enum err_code rc;

	if (!name.n || !line.n)
		return err_set(err, ERR_SYNTAX,
			       "a name and a filter were expected");
	for (size_t i = 0; i < c->filter_n; i++)
		if (str_eq_fold(c->filter[i].name, name))
			return err_set(err, ERR_SYNTAX,
				       "there is a filter %.*s already",
				       STR_ARG(str_sub(name, 0, 40)));
	arena_init(&arena);
	rc = query_read(line, NULL, &arena, &expr, err);
	arena_release(&arena);
	if (rc)
		return rc;
	c->filter = mem_grow(c->filter, &c->filter_cap, c->filter_n + 1,
			     sizeof(*c->filter));
	c->filter[c->filter_n++] = (struct config_filter){
		arena_dup(&c->arena, name), arena_dup(&c->arena, line)
	};
	return ERR_OK;
}

/* Files -------------------------------------------------------------------- */

static enum err_code read_line(struct config *c, struct str line,
			       struct err *err)
{
	struct str word = take_word(&line);

	if (str_eq(word, STR("bind")))
		return keymap_bind(&c->keymap, line, err);
	if (str_eq(word, STR("unbind")))
		return keymap_unbind(&c->keymap, line, err);
	if (str_eq(word, STR("set")))
		return read_set(c, line, err);
	if (str_eq(word, STR("filter")))
		return read_filter(c, line, err);
	return err_set(err, ERR_SYNTAX,
		       "bind, unbind, set or filter was expected, not %.*s",
		       STR_ARG(str_sub(word, 0, 40)));
}

enum err_code config_read(struct config *c, struct str text, const char *name,
			  struct err *err)
{
	unsigned number = 0;
	struct str line;
	enum err_code rc;

	while (str_next(&text, '\n', &line)) {
		number++;
		line = str_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		rc = read_line(c, line, err);
		if (rc)
			return err_wrap(err, "%s:%u", name, number);
	}
	rc = keymap_check(&c->keymap, err);
	return rc ? err_wrap(err, "%s", name) : ERR_OK;
}

enum err_code config_load(struct config *c, const char *path, struct err *err)
{
	struct strbuf own, text;
	enum err_code rc = ERR_OK;

	strbuf_init(&own);
	strbuf_init(&text);
	if (!path && xdg_path(&own, XDG_CONFIG, "config") &&
	    access(own.p, F_OK) == 0)
		path = own.p;
	if (path) {
		rc = file_read(&text, path, CONFIG_MAX, err);
		if (rc == ERR_OK)
			rc = config_read(c, strbuf_str(&text), path, err);
	}
	strbuf_release(&own);
	strbuf_release(&text);
	return rc;
}
