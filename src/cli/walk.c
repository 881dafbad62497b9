/* SPDX-License-Identifier: MIT */
/* trawl walk: what one identity did, what was done to it, what it left. */
#include "cli/cli.h"
#include "cli/walk_view.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "store/whereabouts.h"

/* In order of a page. */
static const struct {
	enum walk_section section;
	void (*json)(struct walk_view *v, struct json_writer *w);
	void (*table)(struct walk_view *v);
} sections[] = {
	{ SECTION_DID, walk_did_json, walk_did_table },
	{ SECTION_ON, walk_on_json, walk_on_table },
	{ SECTION_PERSIST, walk_persist_json, walk_persist_table },
	{ SECTION_DATA, walk_data_json, walk_data_table },
	{ SECTION_REACH, walk_reach_json, walk_reach_table },
	{ SECTION_REVOKE, walk_revoke_json, walk_revoke_table },
};

void walk_title(struct walk_view *v, const char *title)
{
	output_format(&v->s->out, "\n%s\n", title);
	for (size_t i = 0; title[i]; i++)
		output_format(&v->s->out, "-");
	output_format(&v->s->out, "\n");
}

/* The account whose trail may be why nothing was found: the only one in which
 * the identity acted; when `data`, one of them without data events. Empty when
 * none stands out. */
static struct str account_of(const struct walk_view *v, bool data)
{
	const struct coverage *c = session_coverage(v->s);
	const struct store *s = v->s->snap->store;
	uint8_t *seen = mem_zero(s->values[EVENT_ACCOUNT], 1);
	struct str only = STR_NULL;
	size_t n = 0;

	for (size_t i = 0; i < v->walk->rows.n; i++)
		seen[store_value_at(s, EVENT_ACCOUNT, v->walk->rows.row[i])] =
			1;
	for (uint32_t a = 1; a < s->values[EVENT_ACCOUNT]; a++) {
		struct str account = store_value(s, EVENT_ACCOUNT, a);

		if (!seen[a])
			continue;
		n++;
		only = account;
		if (data && !coverage_has_data(c, account, STR_NULL)) {
			n = 1;
			break;
		}
	}
	free(seen);
	return n == 1 ? only : STR_NULL;
}

bool walk_lacks_data(const struct walk_view *v)
{
	return !coverage_has_data(session_coverage(v->s), account_of(v, true),
				  STR_NULL);
}

void walk_none(struct walk_view *v, const char *nothing, bool data)
{
	struct coverage_question q = COVERAGE_QUESTION_INIT;

	q.account = account_of(v, data);
	q.since = v->s->o->since;
	q.until = v->s->o->until;
	q.data = data;
	output_format(&v->s->out, "  %s", nothing);
	session_tell_none(v->s, "; ", &q);
}

bool walk_line(struct walk_view *v, const char *section, size_t i, size_t n)
{
	if (v->whole || i < PAGE_LINES)
		return true;
	if (i == PAGE_LINES)
		output_format(&v->s->out, "  and %zu more: --section %s\n",
			      n - PAGE_LINES, section);
	return false;
}

static bool is_wanted(const struct walk_view *v, enum walk_section section)
{
	return v->s->o->section == SECTION_ALL || v->s->o->section == section;
}

/* Where the identity is, when it is an address of which something is known. */
static struct str whereabouts_of(struct walk_view *v, struct strbuf *out)
{
	const struct snapshot *snap = v->s->snap;
	node_id node = v->everybody ? NODE_NONE : v->walk->member[0];

	if (snap->lineage->node[node].kind == NODE_IP)
		store_tell_whereabouts(
			snap->store,
			store_find_value(snap->store, EVENT_IP,
					 lineage_text(snap->lineage, node)),
			out);
	return strbuf_str(out);
}

static void write_json(struct walk_view *v)
{
	const struct lineage *l = v->s->snap->lineage;
	const struct walk *walk = v->walk;
	struct json_writer w;
	struct strbuf where;

	strbuf_init(&where);
	output_json(&v->s->out, &w);
	json_begin_object(&w);
	if (!v->everybody)
		json_pair(&w, "identity", lineage_id(l, walk->member[0]));
	json_pair(&w, "whereabouts", whereabouts_of(v, &where));
	strbuf_release(&where);
	json_key(&w, "nodes");
	json_begin_array(&w);
	for (size_t i = 0; i < walk->member_n; i++)
		json_string(&w, lineage_id(l, walk->member[i]));
	json_end_array(&w);
	json_pair_uint(&w, "events", walk->rows.n);
	if (is_wanted(v, SECTION_DID)) {
		walk_matrix_json(v, &w);
		walk_created_json(v, &w);
	}
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (is_wanted(v, sections[i].section))
			sections[i].json(v, &w);
	json_end_object(&w);
	output_line(&v->s->out);
}

static void write_page(struct walk_view *v)
{
	const struct walk *walk = v->walk;
	struct strbuf text;

	strbuf_init(&text);
	if (v->everybody) {
		strbuf_addf(&text, "everybody: %zu events", walk->rows.n);
	} else {
		node_describe(v->s->snap->lineage, walk->member[0], &text);
		strbuf_addf(&text,
			    ": %zu events, %zu keys, sessions and principals",
			    walk->rows.n, walk->member_n);
	}
	output_text(&v->s->out, strbuf_str(&text));
	output_format(&v->s->out, "\n");
	strbuf_clear(&text);
	if (whereabouts_of(v, &text).n) {
		output_text(&v->s->out, strbuf_str(&text));
		output_format(&v->s->out, "\n");
	}
	strbuf_release(&text);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (is_wanted(v, sections[i].section))
			sections[i].table(v);
}

int cli_walk(const struct options *o, FILE *out, FILE *err_file)
{
	bool everybody = strcmp(o->subject, "*") == 0;
	struct subject subject = { .node = NULL };
	struct session s;
	struct walk walk = { .member = NULL, .rows = ROWSET_INIT };
	struct err err;
	struct walk_view v;

	if (everybody && o->section != SECTION_PERSIST &&
	    o->section != SECTION_DATA) {
		err_set(&err, ERR_USAGE,
			"walk '*': --section persist or data is needed");
		return cli_fail(err_file, &err);
	}
	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (!everybody && subject_find(&subject, &s, o->subject, true, &err))
		return session_fail(&s, &err);
	if (everybody)
		rowset_copy(&walk.rows, &s.rows);
	else
		walk_identity(&walk, s.snap->lineage, subject.node, subject.n,
			      &s.rows);
	v = (struct walk_view){
		.everybody = everybody,
		.s = &s,
		.subject = &subject,
		.walk = &walk,
		.question = { .marks = &s.snap->marks,
			      .hints = o->hints,
			      .at = TIME_NONE },
		.scan = { .threads = o->threads, .limits = &o->limits },
		.whole = o->section != SECTION_ALL,
		.member = mem_zero(s.snap->lineage->node_n, 1),
	};
	for (size_t i = 0; i < walk.member_n; i++)
		v.member[walk.member[i]] = 1;
	if (o->format == FORMAT_JSON)
		write_json(&v);
	else
		write_page(&v);
	free(v.member);
	walk_release(&walk);
	subject_release(&subject);
	return session_close(&s);
}
