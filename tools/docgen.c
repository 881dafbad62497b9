/* SPDX-License-Identifier: MIT */
/*
 * docgen.c - the manual's tables, out of the program's own
 *
 * usage: docgen PAGE.in >PAGE
 *
 * Copies an mdoc page, putting in the place of a line that is @COMMANDS@,
 * @OPTIONS@, @KEYS@, @FIELDS@, @FORMS@, @STATES@, @QUESTIONS@ or @EXIT@ what the
 * tables in src/command, src/model and src/casework say. A test compares the
 * result with the page that is committed.
 */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "casework/verify.h"
#include "command/guide_questions.h"
#include "command/screen_command.h"
#include "command/screen_option.h"
#include "command/subcommand.h"
#include "model/field.h"
#include "model/form.h"

/* Text inside an mdoc line: what roff would read as more than text. */
static void text(const char *s)
{
	for (bool first = true; *s; s++, first = false) {
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (first && (*s == '.' || *s == '\''))
			printf("\\&%c", *s);
		else
			putchar(*s);
	}
}

/* A macro's argument: quoted, and a lone punctuation mark kept from acting. */
static void argument(const char *s)
{
	putchar('"');
	if (s[0] && !s[1] && strchr(".,:;()[]?!|", s[0]))
		fputs("\\&", stdout);
	for (; *s; s++) {
		if (*s == '"')
			fputs("\"\"", stdout);
		else if (*s == '\\')
			fputs("\\e", stdout);
		else
			putchar(*s);
	}
	putchar('"');
}

static void sentence(const char *s)
{
	text(s);
	fputs(".\n", stdout);
}

static void commands(void)
{
	printf(".Bl -tag -width summary\n");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++) {
		printf(".It Cm %s Ar ", subcommands[i].name);
		argument(subcommands[i].operands);
		putchar('\n');
		sentence(subcommands[i].help);
		printf("Formats: %s.\n", subcommands[i].formats);
	}
	printf(".El\n");
}

static void known_to(uint32_t on)
{
	bool first = true;

	if (on == ON_ALL || on == ON_LOADS || on == ON_READS ||
	    on == ON_DETECTS)
		return;
	if (on == ON(SUB_WORKBENCH)) {
		printf("For the screen alone.\n");
		return;
	}
	printf("For");
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		if (on & ON(i)) {
			printf("%s\n.Cm %s", first ? "" : " ,",
			       subcommands[i].name);
			first = false;
		}
	printf(" .\n");
}

static void options(void)
{
	const char *group = "";

	for (int i = 0; i < OPTION_COUNT; i++) {
		const struct option_info *o = &option_infos[i];

		if (strcmp(group, o->group) != 0) {
			if (*group)
				printf(".El\n");
			group = o->group;
			printf(".Ss %s\n.Bl -tag -width Ds\n", group);
		}
		printf(".It ");
		if (o->letter)
			printf("Fl %c , ", o->letter);
		printf("Fl -%s", o->name);
		if (o->argument)
			printf(" Ar %s", o->argument);
		putchar('\n');
		sentence(o->help);
		known_to(o->on);
	}
	printf(".El\n");
}

/* Where a command works, when that is not everywhere. */
static void places(uint32_t context)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ IN_ALERTS, "alerts" },   { IN_TIMELINE, "timeline" },
		{ IN_ATTACK, "ATT&CK" },   { IN_LINEAGE, "lineage" },
		{ IN_DETAIL, "detail" },   { IN_TEXT, "texts" },
		{ IN_VALUES, "values" },   { IN_PIVOT, "menus" },
		{ IN_PROFILE, "profile" }, { IN_COVERAGE, "coverage" },
		{ IN_TRACES, "traces" },   { IN_FILTERS, "filter list" },
		{ IN_STARS, "stars" },     { IN_LANES, "lanes" },
	};
	bool first = true;

	if ((context & IN_PANES) == IN_PANES)
		return;
	printf("In: ");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (context & names[i].bit) {
			printf("%s%s", first ? "" : ", ", names[i].name);
			first = false;
		}
	printf(".\n");
}

static void keys(void)
{
	const char *group = "";

	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *c = &screen_commands[i];
		struct str rest = str_of(c->keys), name;
		bool first = true;

		if (strcmp(group, c->group) != 0) {
			if (*group)
				printf(".El\n");
			group = c->group;
			printf(".Ss %s\n.Bl -tag -width Ds\n", group);
		}
		printf(".It ");
		while (str_next(&rest, ' ', &name)) {
			char key[32];

			snprintf(key, sizeof(key), "%.*s", STR_ARG(name));
			printf("%sIc ", first ? "" : " , ");
			argument(key);
			first = false;
		}
		printf("%sCm ", first ? "" : " , ");
		{
			char line[64];

			snprintf(line, sizeof(line), ":%s%s%s", c->name,
				 *c->argument ? " " : "", c->argument);
			argument(line);
		}
		putchar('\n');
		sentence(c->help);
		places(c->context);
	}
	printf(".El\n");
}

static void filter_fields(void)
{
	printf(".Bl -tag -width Ds\n");
	for (const struct field *f = fields; f->name; f++) {
		printf(".It Cm %s\n", f->name);
		text(f->help);
		printf(":\n.Ql ");
		argument(f->example);
		printf(" .\n");
	}
	printf(".El\n");
}

static void exits(void)
{
	printf(".Bl -tag -width 128+n\n");
	for (const struct exit_status_info *e = exit_statuses; e->meaning;
	     e++) {
		printf(".It %d%s\n", e->status, e->status == 128 ? "+n" : "");
		sentence(e->meaning);
	}
	printf(".El\n");
}

/* What verify finds out; with a star what is wrong. */
static void verify_states(void)
{
	printf(".Bl -tag -width Ds\n");
	for (int i = 0; i < VERIFY_STATE_COUNT; i++) {
		enum verify_state s = (enum verify_state)i;

		printf(".It Cm %s%s\n", verify_state_name(s),
		       verify_state_is_wrong(s) ? " No *" : "");
		sentence(verify_state_help(s));
	}
	printf(".El\n");
}

/* The questions of any investigation: letter, question, what answers it. */
static void questions(void)
{
	printf(".Bl -tag -width Ds\n");
	for (int i = 0; i < GUIDE_QUESTION_COUNT; i++) {
		const struct guide_question_info *q = &guide_questions[i];

		printf(".It Ic %c ", q->letter);
		argument(q->ask);
		printf("\n.Ic :");
		text(q->screen);
		printf("\n.Dl ");
		text(q->batch);
		printf("\n");
	}
	printf(".El\n");
}

/* Forms that lack something say what. */
static void forms(void)
{
	printf(".Bl -tag -width Ds\n");
	for (int i = 0; i < FORM_COUNT; i++) {
		const char *lacks = form_lacks((enum form)i);

		printf(".It ");
		argument(form_name((enum form)i));
		putchar('\n');
		if (lacks) {
			printf("lacks ");
			sentence(lacks);
		} else {
			printf("whole.\n");
		}
	}
	printf(".El\n");
}

/* What can be set on the screen. */
static void settings(void)
{
	printf(".Bl -tag -width Ds\n");
	for (int i = 0; i < SCREEN_OPTION_COUNT; i++) {
		const struct screen_option_info *o = &screen_options[i];

		printf(".It Ic %s Ar ", o->name);
		argument(o->values);
		putchar('\n');
		sentence(o->help);
		if (*o->initial)
			printf("To begin with it is\n.Ql %s .\n", o->initial);
	}
	printf(".El\n");
}

static const struct {
	const char *mark;
	void (*print)(void);
} parts[] = {
	{ "@COMMANDS@\n", commands },
	{ "@OPTIONS@\n", options },
	{ "@KEYS@\n", keys },
	{ "@FIELDS@\n", filter_fields },
	{ "@SETTINGS@\n", settings },
	{ "@EXIT@\n", exits },
	{ "@STATES@\n", verify_states },
	{ "@QUESTIONS@\n", questions },
	{ "@FORMS@\n", forms },
};

int main(int argc, char **argv)
{
	char line[4096];
	FILE *in;

	if (argc != 2 || !(in = fopen(argv[1], "r"))) {
		fprintf(stderr, "usage: docgen PAGE.in >PAGE\n");
		return 1;
	}
	while (fgets(line, sizeof(line), in)) {
		bool done = false;

		for (size_t i = 0; i < ARRAY_SIZE(parts) && !done; i++)
			if (strcmp(line, parts[i].mark) == 0) {
				parts[i].print();
				done = true;
			}
		if (!done)
			fputs(line, stdout);
	}
	fclose(in);
	return 0;
}
