/* SPDX-License-Identifier: MIT */
/* What can be set, and which key does what: at the start and while one works. */
#include "ui/app_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/panes/text.h"

static enum err_code apply(struct app *a, enum screen_option option,
			   struct str value, struct err *err)
{
	struct desk *d = a->desk;

	switch (option) {
	case SET_TZ:
		if (!app_set_zone(a, value))
			return err_set(err, ERR_SYNTAX,
				       "tz: UTC, local, relative or an offset "
				       "such as +09:00 was expected");
		break;
	case SET_HIST:
		if (!histogram_scale_parse(value, &d->histogram))
			return err_set(err, ERR_SYNTAX,
				       "hist: lin, sqrt or log was expected");
		break;
	case SET_TEXT:
		a->wide_text = str_eq(value, STR("unicode"));
		break;
	case SET_COLUMNS:
		if (columns_parse(&d->columns, value, err))
			return err->code;
		break;
	case SET_ATTACK:
		(void)attack_version_parse(value, &d->attack);
		break;
	case SET_MOUSE:
		a->mouse = str_eq(value, STR("on"));
		break;
	case SET_THEME:
		return err_set(err, ERR_SYNTAX,
			       "theme is for the configuration: it holds from "
			       "the next start on");
	case SCREEN_OPTION_COUNT:
		break;
	}
	d->version++;
	return ERR_OK;
}

void app_configure(struct app *a)
{
	const struct config *c = a->config;
	struct err err;

	for (int i = 0; i < SCREEN_OPTION_COUNT; i++) {
		enum screen_option option = (enum screen_option)i;

		if (!c->set[i].p || option == SET_THEME ||
		    (option == SET_TZ && a->options.has_zone))
			continue;
		if (apply(a, option, c->set[i], &err))
			app_say(a, "configuration: %s", err.msg);
	}
	a->mouse = a->mouse || a->options.mouse;
	for (size_t i = 0; i < c->filter_n; i++)
		saved_filters_offer(&a->desk->saved, c->filter[i].name,
				    c->filter[i].filter);
}

/* :set -------------------------------------------------------------------- */

static void value_text(const struct app *a, enum screen_option option,
		       struct strbuf *out)
{
	const struct desk *d = a->desk;

	switch (option) {
	case SET_TZ:
		strbuf_adds(out, d->relative_to != TIME_NONE ? "relative" :
							       d->zone.name);
		break;
	case SET_HIST:
		strbuf_adds(out, histogram_scale_name(d->histogram));
		break;
	case SET_TEXT:
		strbuf_adds(out, a->wide_text ? "unicode" : "ascii");
		break;
	case SET_COLUMNS:
		columns_text(&d->columns, out);
		break;
	case SET_ATTACK:
		strbuf_adds(out, attack_version_name(d->attack));
		break;
	case SET_MOUSE:
		strbuf_adds(out, a->mouse ? "on" : "off");
		break;
	case SET_THEME:
		strbuf_add(out, a->config->set[SET_THEME].p ?
					a->config->set[SET_THEME] :
					str_of(screen_options[option].initial));
		break;
	case SCREEN_OPTION_COUNT:
		break;
	}
}

static void show_options(struct app *a)
{
	struct text_view *v = text_view_new("set] what can be set");
	struct strbuf line;

	strbuf_init(&line);
	for (int i = 0; i < SCREEN_OPTION_COUNT; i++) {
		strbuf_clear(&line);
		value_text(a, (enum screen_option)i, &line);
		strbuf_addf(&line, "   %s; %s", screen_options[i].values,
			    screen_options[i].help);
		text_view_add(v, screen_options[i].name, strbuf_str(&line));
	}
	strbuf_release(&line);
	app_open(a, &overlay_text, v);
}

void app_set(struct app *a, struct str line)
{
	enum screen_option option;
	struct strbuf text;
	struct str value;
	struct err err;

	if (!line.n) {
		show_options(a);
		return;
	}
	if (config_parse_set(line, &option, &value, &err) ||
	    apply(a, option, value, &err)) {
		app_say(a, "%s", err.msg);
		return;
	}
	strbuf_init(&text);
	value_text(a, option, &text);
	app_say(a, "%s: %.*s", screen_options[option].name,
		STR_ARG(strbuf_str(&text)));
	strbuf_release(&text);
}

/* :map -------------------------------------------------------------------- */

static void show_binding(struct text_view *v, const struct binding *b)
{
	const struct screen_command_info *c = &screen_commands[b->cmd];
	char key[KEY_NAME_MAX];
	struct strbuf line;

	strbuf_init(&line);
	strbuf_addf(&line, ":%s", c->name);
	if (b->argument.n) {
		strbuf_addc(&line, ' ');
		strbuf_add(&line, b->argument);
	}
	strbuf_addf(&line, "   %s", c->help);
	text_view_add(v, key_print(b->key, key), strbuf_str(&line));
	strbuf_release(&line);
}

/* All keys of this pane, or what one does anywhere. */
static void show_keys(struct app *a, key_code key)
{
	const struct keymap *k = &a->config->keymap;
	uint32_t context = key ? IN_ALL : app_active(a)->class->context;
	struct text_view *v = text_view_new(
		key ? "map] what the key does" :
		      "map] keys of this pane, as they are bound");

	for (size_t i = 0; i < k->n; i++)
		if ((k->item[i].context & context) &&
		    (!key || k->item[i].key == key))
			show_binding(v, &k->item[i]);
	app_open(a, &overlay_text, v);
}

void app_map(struct app *a, struct str line)
{
	struct keymap *k = &a->config->keymap;
	struct str name = str_sub(line, 0, str_find_char(line, ' ', 0));
	key_code key = KEYC_NONE;
	struct err err;

	if (line.n && !key_parse(name, &key)) {
		app_say(a, "%.*s is no key", STR_ARG(name));
		return;
	}
	if (name.n == line.n) {
		show_keys(a, key);
		return;
	}
	if (keymap_bind(k, line, &err))
		app_say(a, "%s", err.msg);
	else
		app_say(a, "bound for now; in the configuration: bind %.*s",
			STR_ARG(line));
}

void app_unmap(struct app *a, struct str name)
{
	struct keymap *k = &a->config->keymap;
	struct binding *before = mem_dup(k->item, k->n * sizeof(*before));
	size_t n = k->n;
	struct err err;

	if (keymap_unbind(k, name, &err) || keymap_check(k, &err)) {
		memcpy(k->item, before, n * sizeof(*before));
		app_say(a, "%s", err.msg);
	} else {
		app_say(a, "%.*s does nothing now", STR_ARG(name));
	}
	free(before);
}
