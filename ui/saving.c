/* SPDX-License-Identifier: MIT */
#include "ui/saving.h"

#include "ui/app_private.h"

/* What is shown of all events, in words that follow "events that". */
static void add_words(struct strbuf *out, const char *words, struct str raw)
{
	strbuf_addf(out, "%s%s", out->n ? ", " : "", words);
	strbuf_add(out, raw);
}

static void add_time(struct strbuf *out, const char *words, int64_t t)
{
	if (t == TIME_NONE)
		return;
	add_words(out, words, STR_NULL);
	time_format(out, t, TIME_ISO, NULL);
}

static void describe_narrowing(const struct narrowing *n, bool scoped,
			       struct strbuf *out)
{
	if (n->filter.n)
		add_words(out, "match ", n->filter);
	for (int t = 0; t < TOGGLE_COUNT; t++)
		if (n->toggles & 1u << t)
			add_words(out, "match ",
				  str_of(toggle_keeps((enum toggle)t)));
	add_time(out, "are at or after ", n->since);
	add_time(out, "are before ", n->until);
	for (int t = 0; scoped && t < TACTIC_COUNT; t++)
		if (n->hidden & TACTIC_BIT(t))
			add_words(out, "raise alerts of other tactics than ",
				  str_of(attack_tactic_name(
					  (enum attack_tactic)t)));
	for (size_t i = 0; scoped && i < n->hidden_n; i++)
		add_words(out, "raise alerts of other techniques than ",
			  str_of(n->hidden_technique[i].text));
}

static void describe_selection(const struct desk *d, bool scoped,
			       struct strbuf *out)
{
	static const struct scope all = SCOPE_INIT;
	const struct scope *s = scoped ? &d->scope : &all;

	if (s->kind == SCOPE_AROUND) {
		strbuf_addf(out, "lie within %lld seconds of ",
			    (long long)scope_around_ms(s) / 1000);
		strbuf_add(out, s->text[0]);
		return;
	}
	describe_narrowing(&d->now, scoped, out);
	if (s->kind == SCOPE_ALERT)
		add_words(out, "belong to the alert: ", s->label);
	else if (s->kind != SCOPE_ALL)
		add_words(out, "belong to ", s->label);
}

/* The file that was named, and what is written into it. */
static void begin(struct app *a, struct saving_wish *wish)
{
	const struct desk *d = a->desk;
	struct writing_terms terms = {
		.options = wish->options,
		.line = wish->line,
		.path = wish->path,
		.command = wish->command,
		.zone = &d->zone,
		.snap = d->snap,
		.muted = d->muted_alerts.n,
		.rows = &d->rows,
		.among = &d->evidence,
		.case_file = d->case_file,
		.limits = investigation_limits(d->inv),
	};
	/* An incident that was named is one of the list, which knows nothing
	 * of what was drilled into. */
	bool scoped = !wish->options.has_incident;
	struct strbuf selection;
	struct err err;

	terms.evidence = investigation_paths(d->inv, &terms.evidence_n);
	strbuf_init(&selection);
	describe_selection(d, scoped, &selection);
	terms.selection = strbuf_str(&selection);
	if (scoped)
		desk_shown_alerts(d, &terms.alerts);
	else
		desk_all_alerts(d, &terms.alerts);
	a->writing = writing_begin(&terms, &err);
	strbuf_release(&selection);
	if (a->writing)
		app_say(a, "writing %s", writing_path(a->writing));
	else
		app_say(a, "%s", err.msg);
}

void app_save(struct app *a, struct saving_wish *wish)
{
	if (!a->desk->snap || a->desk->load.loading)
		app_say(a, "the load is not at its end, and a part would be "
			   "written; ^C ends it");
	else if (a->writing)
		app_say(a, "%s is being written; ^C ends that",
			writing_path(a->writing));
	else {
		begin(a, wish);
		return;
	}
	options_release(&wish->options);
	option_line_release(&wish->line);
}

static void end(struct app *a)
{
	struct strbuf said;
	struct err err;

	strbuf_init(&said);
	if (writing_end(a->writing, &said, &err))
		app_say(a, "%s", err.msg);
	else
		app_say(a, "%s", said.p);
	strbuf_release(&said);
	a->writing = NULL;
}

void saving_poll(struct app *a)
{
	if (a->writing && writing_done(a->writing))
		end(a);
}

bool saving_interrupt(struct app *a)
{
	if (!a->writing)
		return false;
	writing_stop(a->writing);
	return true;
}

void saving_end(struct app *a)
{
	if (saving_interrupt(a))
		end(a);
}
