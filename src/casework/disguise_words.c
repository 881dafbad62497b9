/* SPDX-License-Identifier: MIT */
/* Words that are no names, and words that are names only where nothing else can
 * be meant. */
#include "casework/disguise_private.h"

#include "base/attr.h"

void disguise_fold(struct strbuf *out, struct str s)
{
	strbuf_clear(out);
	for (size_t i = 0; i < s.n; i++)
		strbuf_addc(out, str_lower(s.p[i]));
}

void disguise_add_word(struct disguise *d, struct str word)
{
	struct strbuf folded;

	strbuf_init(&folded);
	disguise_fold(&folded, word);
	intern_add(&d->words, strbuf_str(&folded));
	strbuf_release(&folded);
}

static void add_column_words(struct disguise *d, const struct store *s,
			     enum event_column c)
{
	for (uint32_t v = 1; v < s->values[c]; v++) {
		struct str text = store_value(s, c, v);

		disguise_add_word(d, text);
		if (c == EVENT_SOURCE)
			disguise_add_word(d, event_service(text));
		if (c == EVENT_NAME)
			disguise_add_word(d, event_base_name(text));
	}
}

/* What trawl itself says in values of JSON. */
static void add_own_words(struct disguise *d)
{
	static const char *const own[] = {
		"root",      "user",    "role",       "session",
		"key",       "group",   "policy",     "instance",
		"function",  "secret",  "bucket",     "object",
		"address",   "account", "access key", "aws",
		"amazon",    "console", "true",       "false",
		"null",      "all",     "none",       "unknown",
		"anonymous", "arn",     "default",    "latest",
		"events",    "alerts",  "evidence",   "assumed-role",
		"log",       "digest",  "iamuser",    "assumedrole",
	};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		disguise_add_word(d, str_of(own[i]));
	for (int i = 0; i < LEVEL_COUNT; i++)
		disguise_add_word(d, str_of(level_name((enum level)i)));
	for (int i = 0; i < TACTIC_COUNT; i++)
		disguise_add_word(
			d, str_of(attack_tactic_name((enum attack_tactic)i)));
	for (int i = 0; i < NODE_KIND_COUNT; i++)
		disguise_add_word(
			d, str_of(lineage_kind_name((enum lineage_kind)i)));
	for (int i = 0; i < SESSION_KIND_COUNT; i++)
		disguise_add_word(
			d, str_of(session_kind_name((enum session_kind)i)));
	for (int i = 0; i < EDGE_KIND_COUNT; i++)
		disguise_add_word(d, str_of(edge_kind_name((enum edge_kind)i)));
	for (int i = CERTAIN; i <= HINT; i++)
		disguise_add_word(d, str_of(certainty_name((enum certainty)i)));
	for (int i = 0; i < EVENT_KIND_COUNT; i++)
		disguise_add_word(d,
				  str_of(event_kind_name((enum event_kind)i)));
	for (int i = OUTCOME_OK; i <= OUTCOME_FAILED; i++)
		disguise_add_word(
			d, str_of(event_outcome_name((enum event_outcome)i)));
}

/* Words of sentences ------------------------------------------------------------ */

/* Whoever is called by one of these would take it out of every sentence. */
static void add_common_words(struct disguise *d)
{
	static const char common[] =
		"a about access act action active activity actor add admin "
		"administrator after again all also an and another any api app "
		"application are as asked at attack attached audit aws backup "
		"be been before began billing bot bucket build by call called "
		"calls can certain change changed client cloud code command "
		"common compute config console copy cost create created "
		"credential credentials data database day days default delete "
		"deleted deny deploy deployment dev development disk do "
		"document done each end ended event every everybody example "
		"execution external file files find first for foreign found "
		"from full function group guest had has have her his home "
		"host hour hours how id identity image in index information "
		"instance internal internet into is issued it its job key "
		"keys kind lambda last least left level list live load log "
		"logging login logs long made mail main maintenance make "
		"management manager many master me minute minutes monitor "
		"monitoring more most my name names network new no node none "
		"not nothing now object of off office on once one only open "
		"operation operator or organization other others out over "
		"owner page part password path people person place platform "
		"policy portal power prod production program project proxy "
		"public queue read reader records region release remote "
		"report request resource resources restore revoke right "
		"rights role roles root rule run runner same scan script "
		"secret secrets security see server service services session "
		"sessions set share shared sign sign-in since site snapshot "
		"so some source stage staging start state stop storage store "
		"support system table tag task team temp test than that the "
		"their them then there these they thing this those time to "
		"token tool trail trust two under undo until update upload "
		"use used user users value version view viewer volume was "
		"web what when where which who whom whose with within work "
		"worker write writer year yes you your zone";
	struct str rest = str_of(common), word;

	while (str_next(&rest, ' ', &word))
		intern_add(&d->common, word);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Each word of a sentence. */
static void add_words_of(struct disguise *d, struct str text)
{
	struct strbuf folded;

	strbuf_init(&folded);
	for (size_t i = 0, end; i < text.n; i = end + 1) {
		for (end = i; end < text.n && is_letter(text.p[end]); end++)
			;
		if (end == i)
			continue;
		disguise_fold(&folded, str_sub(text, i, end));
		intern_add(&d->common, strbuf_str(&folded));
	}
	strbuf_release(&folded);
}

/* What rules say is shown with what they found. */
static void add_words_of_rules(struct disguise *d, const struct alerts *alerts)
{
	for (size_t i = 0; i < alerts->n; i++) {
		const struct rule *rule = alerts->alert[i].rule;

		if (i && rule == alerts->alert[i - 1].rule)
			continue;
		add_words_of(d, rule->title);
		add_words_of(d, rule->mend);
	}
}

void disguise_words(struct disguise *d, const struct snapshot *snap)
{
	add_own_words(d);
	add_column_words(d, snap->store, EVENT_NAME);
	add_column_words(d, snap->store, EVENT_SOURCE);
	add_column_words(d, snap->store, EVENT_REGION);
	add_column_words(d, snap->store, EVENT_ERROR);
	add_common_words(d);
	add_words_of_rules(d, &snap->alerts);
}
