/* SPDX-License-Identifier: MIT */
/* Help: the keys of a pane, and the manual inside the program. */
#include "base/embedded.h"
#include "command/completion.h"
#include "command/manual.h"
#include "model/field.h"
#include "ui/app_private.h"
#include "ui/keymap.h"
#include "ui/panes/text.h"

static void add_command(struct text_view *v, const struct keymap *k,
			enum screen_command cmd, uint32_t context)
{
	const struct screen_command_info *c = &screen_commands[cmd];
	struct strbuf line, keys;

	strbuf_init(&line);
	strbuf_adds(&line, c->help);
	strbuf_addf(&line, "  (:%s%s%s)", c->name, *c->argument ? " " : "",
		    c->argument);
	strbuf_init(&keys);
	keymap_keys(k, cmd, context, &keys);
	text_view_add(v, keys.n ? keys.p : " ", strbuf_str(&line));
	strbuf_release(&keys);
	strbuf_release(&line);
}

static void add_keys(struct text_view *v, const struct keymap *k,
		     uint32_t context)
{
	const char *group = "";

	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *c = &screen_commands[i];

		if (!(c->context & context))
			continue;
		if (strcmp(group, c->group) != 0) {
			group = c->group;
			text_view_heading(v, group);
		}
		add_command(v, k, (enum screen_command)i, context);
	}
}

static void add_fields(struct text_view *v)
{
	struct strbuf line;

	strbuf_init(&line);
	text_view_heading(v, "Filters");
	for (const struct field *f = fields; f->name; f++) {
		strbuf_clear(&line);
		strbuf_addf(&line, "%s   e.g. %s", f->help, f->example);
		text_view_add(v, f->name, strbuf_str(&line));
	}
	strbuf_release(&line);
}

static void add_pages(struct text_view *v)
{
	const struct embedded_file *page;
	struct strbuf line;

	strbuf_init(&line);
	text_view_heading(v, "Manual, by :help TOPIC");
	for (size_t i = 0; (page = manual_page(i)); i++) {
		strbuf_clear(&line);
		strbuf_add(&line, manual_page_name(page, NULL));
		text_view_add(v, line.p, manual_page_about(page));
	}
	text_view_add(v, "FIELD",
		      STR("what a field of a record or of the filter says"));
	text_view_add(v, "SECTION", STR("a section of a page, as FILTERS"));
	strbuf_release(&line);
}

static void open_keys(struct app *a)
{
	const struct pane_class *class = app_active(a)->class;
	struct text_view *v = text_view_new("?] help: every key has a command");
	struct strbuf heading;

	strbuf_init(&heading);
	strbuf_addf(&heading, "In this pane: %s", class->name);
	text_view_heading(v, heading.p);
	strbuf_release(&heading);
	add_keys(v, &a->config->keymap, class->context);
	add_fields(v);
	add_pages(v);
	app_open(a, &overlay_text, v);
}

void app_open_help(struct app *a, struct str topic)
{
	struct strbuf name, title, text;

	topic = str_trim(topic);
	if (!topic.n) {
		open_keys(a);
		return;
	}
	strbuf_init(&name);
	strbuf_init(&title);
	strbuf_init(&text);
	if (manual_topic(topic, &name, &text)) {
		struct text_view *v;

		strbuf_addf(&title, "?] help: %s", name.p);
		v = text_view_new(title.p);
		text_view_page(v, strbuf_str(&text));
		app_open(a, &overlay_text, v);
	} else {
		app_say(a, "%s", text.p);
	}
	strbuf_release(&name);
	strbuf_release(&title);
	strbuf_release(&text);
}

void app_complete_help(struct str typed, struct prompt_candidates *out)
{
	struct strbuf words;
	struct str rest, word;

	strbuf_init(&words);
	completion_operand_words(SUB_HELP, &words);
	rest = strbuf_str(&words);
	while (str_next(&rest, ' ', &word))
		if (word.n && str_starts_fold(word, typed))
			prompt_offer(out, word);
	strbuf_release(&words);
}
