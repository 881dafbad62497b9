/* SPDX-License-Identifier: MIT */
#include "command/manual.h"

#include <string.h>

#include "base/embedded.h"
#include "command/mdoc.h"
#include "command/screen_command.h"
#include "command/subcommand.h"
#include "model/field.h"
#include "model/record_field.h"

enum { TEXT_COLUMN = 5 };

/* Pages ------------------------------------------------------------------- */

static bool is_page(const struct embedded_file *f)
{
	return str_starts(str_of(f->name), STR("man/"));
}

const struct embedded_file *manual_page(size_t i)
{
	for (const struct embedded_file *f = embedded_files; f->name; f++)
		if (is_page(f) && i-- == 0)
			return f;
	return NULL;
}

struct str manual_page_name(const struct embedded_file *page, char *section)
{
	struct str name = str_from(str_of(page->name), strlen("man/"));
	size_t dot = str_find_last(name, '.');

	if (section)
		*section = dot + 1 < name.n ? name.p[dot + 1] : '1';
	return str_sub(name, 0, dot);
}

static struct str page_text(const struct embedded_file *page)
{
	return (struct str){ (const char *)page->content, page->size };
}

struct str manual_page_about(const struct embedded_file *page)
{
	return mdoc_about(page_text(page));
}

/* "query", "trawl-query", "query(7)", "trawl-query.7". */
static bool names_page(struct str topic, const struct embedded_file *page)
{
	char section;
	struct str name = manual_page_name(page, &section);
	size_t n = topic.n;

	if (n > 3 && topic.p[n - 1] == ')' && topic.p[n - 3] == '(') {
		if (topic.p[n - 2] != section)
			return false;
		topic.n -= 3;
	} else if (n > 2 && topic.p[n - 2] == '.') {
		if (topic.p[n - 1] != section)
			return false;
		topic.n -= 2;
	}
	return str_eq_fold(topic, name) ||
	       (str_starts(name, STR("trawl-")) &&
		str_eq_fold(topic, str_from(name, strlen("trawl-"))));
}

/* Sections ---------------------------------------------------------------- */

static bool is_section(struct str line)
{
	return line.n && line.p[0] != ' ';
}

static bool has_section(const struct embedded_file *page, struct str wanted)
{
	struct str rest = page_text(page), line;

	while (str_next(&rest, '\n', &line))
		if (str_starts(line, STR(".Sh ")) &&
		    str_eq_fold(str_from(line, 4), wanted))
			return true;
	return false;
}

/* The lines of a page from a section's heading to the next one. */
static bool add_section(struct strbuf *out, const struct embedded_file *page,
			struct str wanted)
{
	struct strbuf whole;
	struct str rest, line;
	bool inside = false, found = false;

	if (!has_section(page, wanted))
		return false;
	strbuf_init(&whole);
	mdoc_render(page_text(page), MDOC_WIDTH, &whole);
	rest = strbuf_str(&whole);
	while (str_next(&rest, '\n', &line)) {
		if (is_section(line))
			inside = str_eq_fold(line, wanted);
		if (!inside)
			continue;
		found = true;
		strbuf_add(out, line);
		strbuf_addc(out, '\n');
	}
	strbuf_release(&whole);
	return found;
}

/* Sections that every page has say nothing when they are asked for alone. */
static bool is_common(struct str topic)
{
	return str_eq_fold(topic, STR("NAME")) ||
	       str_eq_fold(topic, STR("DESCRIPTION")) ||
	       str_eq_fold(topic, STR("SYNOPSIS"));
}

static bool add_sections(struct strbuf *out, struct str topic)
{
	const struct embedded_file *page;
	bool found = false;

	if (is_common(topic))
		return false;
	for (size_t i = 0; (page = manual_page(i)); i++)
		found |= add_section(out, page, topic);
	return found;
}

/* Tables ------------------------------------------------------------------ */

static void heading(struct strbuf *out, const char *what, const char *name)
{
	if (out->n)
		strbuf_addc(out, '\n');
	strbuf_addf(out, "%s%s%s\n", what, *name ? " " : "", name);
}

/* Words, wrapped, from the column of text on. */
static void paragraph(struct strbuf *out, const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = 0;

	while (str_next(&rest, ' ', &word)) {
		if (column && column + 1 + word.n > MDOC_WIDTH) {
			strbuf_addc(out, '\n');
			column = 0;
		}
		if (!column) {
			strbuf_addn(out, ' ', TEXT_COLUMN);
			column = TEXT_COLUMN;
		} else {
			strbuf_addc(out, ' ');
			column++;
		}
		strbuf_add(out, word);
		column += word.n;
	}
	strbuf_addc(out, '\n');
}

static bool has_key(const char *keys, struct str key)
{
	struct str rest = str_of(keys), one;

	while (str_next(&rest, ' ', &one))
		if (str_eq(one, key))
			return true;
	return false;
}

static bool add_screen_commands(struct strbuf *out, struct str topic)
{
	struct str name = topic.n > 1 && topic.p[0] == ':' ?
				  str_from(topic, 1) :
				  topic;
	bool found = false;

	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *c = &screen_commands[i];

		if (!str_eq(name, str_of(c->name)) && !has_key(c->keys, topic))
			continue;
		found = true;
		heading(out, "Command of the screen:", c->name);
		paragraph(out, c->help);
		strbuf_addn(out, ' ', TEXT_COLUMN);
		strbuf_addf(out, ":%s%s%s", c->name, *c->argument ? " " : "",
			    c->argument);
		strbuf_addf(out, *c->keys ? "   keys: %s\n" : "\n", c->keys);
	}
	return found;
}

static bool add_subcommand(struct strbuf *out, struct str topic)
{
	enum subcommand sub = topic.n ? subcommand_find(topic) :
					SUBCOMMAND_COUNT;
	const struct subcommand_info *s;

	if (sub == SUBCOMMAND_COUNT || sub == SUB_WORKBENCH)
		return false;
	s = &subcommands[sub];
	heading(out, "Batch command:", s->name);
	paragraph(out, s->help);
	strbuf_addn(out, ' ', TEXT_COLUMN);
	strbuf_addf(out, "trawl %s [OPTIONS] %s\n", s->name, s->operands);
	return true;
}

static bool add_option(struct strbuf *out, struct str topic)
{
	enum option_code code;
	const struct option_info *o;

	if (!str_starts(topic, STR("--")))
		return false;
	code = option_find(str_from(topic, 2));
	if (code == OPTION_COUNT)
		return false;
	o = &option_infos[code];
	heading(out, "Option:", o->name);
	paragraph(out, o->help);
	strbuf_addn(out, ' ', TEXT_COLUMN);
	strbuf_addf(out, "--%s%s%s\n", o->name, o->argument ? " " : "",
		    o->argument ? o->argument : "");
	return true;
}

/* What lies below a path of records, by the tables. */
static void add_parts(struct strbuf *out, const struct record_field *table,
		      struct str path)
{
	for (; table->name; table++) {
		struct str name = str_of(table->name);

		if (name.n <= path.n || name.p[path.n] != '.' ||
		    !str_eq(str_sub(name, 0, path.n), path))
			continue;
		strbuf_addf(out, "\n   %s\n", table->name);
		paragraph(out, table->help);
	}
}

static bool is_alias(const struct field *f)
{
	return f->kind == FIELD_COLUMN || f->kind == FIELD_ACCOUNT ||
	       f->kind == FIELD_SERVICE || f->kind == FIELD_IP ||
	       f->kind == FIELD_KEY;
}

static bool add_field(struct strbuf *out, struct str topic)
{
	const struct field *f = field_find(topic);
	const struct record_field *r = record_field_find(topic);

	/* Another name of a field has that field's text besides. */
	if (f && !r && is_alias(f))
		r = record_field_find(str_of(event_column_name(f->column)));
	if (f) {
		heading(out, "Field of the filter:", f->name);
		paragraph(out, f->help);
		strbuf_addn(out, ' ', TEXT_COLUMN);
		strbuf_addf(out, "for example: %s\n", f->example);
	}
	if (r) {
		heading(out, "Field of the record:", r->name);
		paragraph(out, r->help);
		add_parts(out, cloudtrail_fields, str_of(r->name));
	}
	return f || r;
}

/* Topics ------------------------------------------------------------------ */

void manual_topics(struct strbuf *out)
{
	const struct embedded_file *page;

	heading(out, "PAGES", "");
	for (size_t i = 0; (page = manual_page(i)); i++) {
		char section;
		struct str name = manual_page_name(page, &section);
		size_t from = out->n;

		strbuf_addn(out, ' ', TEXT_COLUMN);
		strbuf_add(out, name);
		strbuf_addf(out, "(%c)", section);
		from = out->n - from;
		strbuf_addn(out, ' ', from < 26 ? 26 - from : 1);
		strbuf_add(out, manual_page_about(page));
		strbuf_addc(out, '\n');
	}
	heading(out, "OTHER TOPICS", "");
	paragraph(out,
		  "A field of a record or of the filter (userIdentity, user), "
		  "a key or command of the screen (i, identity), a batch "
		  "command (walk), an option (--site), or the heading of a "
		  "section (FILTERS).");
}

static void add_nearest(struct strbuf *out, struct str topic)
{
	const char *field = field_nearest(topic);
	const char *command = screen_command_nearest(topic);

	strbuf_adds(out, "no help on ");
	strbuf_add(out, topic);
	if (field || command)
		strbuf_adds(out, "; did you mean ");
	if (field)
		strbuf_adds(out, field);
	if (command && (!field || strcmp(field, command) != 0))
		strbuf_addf(out, "%s%s", field ? " or " : "", command);
	if (field || command)
		strbuf_addc(out, '?');
}

bool manual_topic(struct str topic, struct strbuf *title, struct strbuf *out)
{
	const struct embedded_file *page;
	bool found;

	topic = str_trim(topic);
	strbuf_add(title, topic);
	for (size_t i = 0; (page = manual_page(i)); i++) {
		char section;

		if (!names_page(topic, page))
			continue;
		strbuf_clear(title);
		strbuf_add(title, manual_page_name(page, &section));
		strbuf_addf(title, "(%c)", section);
		mdoc_render(page_text(page), MDOC_WIDTH, out);
		return true;
	}
	found = add_screen_commands(out, topic);
	found |= add_subcommand(out, topic);
	found |= add_option(out, topic);
	found |= add_field(out, topic);
	found |= add_sections(out, topic);
	if (!found)
		add_nearest(out, topic);
	return found;
}
