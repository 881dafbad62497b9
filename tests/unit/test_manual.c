/* SPDX-License-Identifier: MIT */
#include "command/manual.h"

#include "base/embedded.h"
#include "command/mdoc.h"
#include "command/screen_command.h"
#include "command/subcommand.h"
#include "helpers.h"
#include "model/field.h"
#include "model/record_field.h"

/* What a topic says, with runs of blanks as one, is freed by the next call. */
static struct strbuf said;

static bool ask(const char *topic)
{
	struct strbuf title, text;
	struct str rest, word;
	bool found;

	strbuf_init(&title);
	strbuf_init(&text);
	strbuf_clear(&said);
	found = manual_topic(str_of(topic), &title, &text);
	assert_true(text.n > 0);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\n')
			text.p[i] = ' ';
	rest = strbuf_str(&text);
	while (str_next(&rest, ' ', &word)) {
		strbuf_add(&said, word);
		if (word.n)
			strbuf_addc(&said, ' ');
	}
	strbuf_release(&title);
	strbuf_release(&text);
	return found;
}

static void says(const char *topic, const char *wanted)
{
	if (!ask(topic))
		fail_msg("no help on %s", topic);
	if (str_find(strbuf_str(&said), str_of(wanted), 0) == SIZE_MAX)
		fail_msg("help on %s says %s", topic, said.p);
}

static void topics_are_answered(void **state)
{
	(void)state;
	says("trawl-rules(5)", "A rule is a document of a YAML file");
	says("trawl-rules.5", "A rule is a document of a YAML file");
	says("Rules", "A rule is a document of a YAML file");
	says("user", "the actor: user, role or session name, or ARN");
	says("userIdentity", "userIdentity.invokedBy");
	says("useridentity.TYPE", "IAMUser");
	says("ua", "as it calls itself");
	says("account", "recipientAccountId");
	says("mfaAuthenticated", "not a boolean");
	says("sessionissuer.arn", "with its path");
	says("cs-uri-query", "behind the question mark");
	says("walk", "trawl walk [OPTIONS] ID PATH...");
	says("i", "the lineage of the identity behind it");
	says(":goto", "go to a time");
	says("--site", "what is your own");
	says("filters", "trawl-query(7) (':help query')");
	says("query", "binds tightest");
	says(" site file ", "break-glass");
}

static void all_of_the_tables_is_a_topic(void **state)
{
	(void)state;
	for (const struct field *f = fields; f->name; f++)
		says(f->name, f->name);
	for (const struct record_field *f = cloudtrail_fields; f->name; f++)
		says(f->name, f->name);
	for (const struct record_field *f = beside_fields; f->name; f++)
		says(f->name, f->name);
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++)
		assert_true(ask(screen_commands[i].name));
	for (int i = 1; i < SUBCOMMAND_COUNT; i++)
		assert_true(ask(subcommands[i].name));
}

static void what_is_no_topic_names_what_is_near(void **state)
{
	(void)state;
	assert_false(ask("usr"));
	assert_non_null(strstr(said.p, "did you mean user"));
	assert_false(ask("nosuchtopic"));
	assert_false(ask("trawl-rules(7)"));
	assert_false(ask("NAME"));
	assert_false(ask(""));
	assert_false(ask("--nosuch"));
}

/* Sentences that end, about fields that are in no table twice. */
static void texts_of_fields_are_sentences(void **state)
{
	const struct record_field *tables[] = { cloudtrail_fields,
						beside_fields };

	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		for (const struct record_field *f = tables[t]; f->name; f++) {
			struct str help = str_of(f->help);

			if (help.n < 10 || help.p[help.n - 1] != '.')
				fail_msg("%s: %s", f->name, f->help);
			assert_ptr_equal(record_field_find(str_of(f->name)), f);
			assert_true(field_is_record_path(str_of(f->name)));
		}
	assert_null(record_field_find(STR("nosuch")));
}

static void pages_are_all_there_and_set(void **state)
{
	const struct embedded_file *page;
	size_t n = 0;

	(void)state;
	for (; (page = manual_page(n)); n++) {
		struct strbuf text;
		char section;

		strbuf_init(&text);
		assert_true(manual_page_name(page, &section).n >= 5);
		assert_true(section == '1' || section == '5' || section == '7');
		assert_true(manual_page_about(page).n > 0);
		if (mdoc_render((struct str){ (const char *)page->content,
					      page->size },
				MDOC_WIDTH, &text))
			fail_msg("%s has macros that mdoc.c does not know",
				 page->name);
		strbuf_release(&text);
	}
	assert_true(n >= 3);
}

static void sets(const char *page, const char *wanted)
{
	struct strbuf out;

	strbuf_init(&out);
	mdoc_render(str_of(page), 40, &out);
	assert_string_equal(out.p, wanted);
	strbuf_release(&out);
}

static void macros_are_set(void **state)
{
	(void)state;
	sets(".Sh NAME\n.Nm prog\n.Nd a thing\n",
	     "NAME\n     prog - a thing\n");
	sets(".Sh A\nOne two three four five six seven eight nine\n",
	     "A\n     One two three four five six seven\n"
	     "     eight nine\n");
	sets(".Sh A\n.Fl f , Fl -filter Ar EXPR\n",
	     "A\n     -f, --filter EXPR\n");
	sets(".Sh A\nsee\n.Pq Ql a b ,\nthen\n.Xr jq 1 .\n",
	     "A\n     see ('a b'), then jq(1).\n");
	sets(".Sh A\n.Po\n.Ql x\nin it\n.Pc\nend\n",
	     "A\n     ('x' in it) end\n");
	sets(".Sh A\n.Ic \\&? \"a \"\"b\"\n\\(dq\\e\n",
	     "A\n     ? a \"b \"\\\n");
	sets(".Sh A\n.Bl -tag -width Ds\n.It x\nshort\n.It longer\n"
	     "text\n.El\nafter\n",
	     "A\n     x   short\n\n     longer\n         text\n     after\n");
	sets(".Sh A\n.Bd -literal -offset indent\na  b\n.Ed\n.Pp\nc\n",
	     "A\n       a  b\n\n     c\n");
	/* Nothing in a page can make it fail. */
	sets(".El\n.It x\n.Ed\n.Xr\n.\n\n.Bl\n.It\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(topics_are_answered),
		cmocka_unit_test(all_of_the_tables_is_a_topic),
		cmocka_unit_test(what_is_no_topic_names_what_is_near),
		cmocka_unit_test(texts_of_fields_are_sentences),
		cmocka_unit_test(pages_are_all_there_and_set),
		cmocka_unit_test(macros_are_set),
	};
	int failed;

	strbuf_init(&said);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	strbuf_release(&said);
	return failed;
}
