/* SPDX-License-Identifier: MIT */
#include "identity/fact.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/timefmt.h"

/* A fact whose texts still lie in the part's arena. */
struct raw_fact {
	uint32_t row; /* in the batch */
	enum fact_kind kind;
	struct str text[FACT_TEXTS];
};

/* What one worker noted since the last take. */
struct part {
	struct arena arena;
	struct raw_fact *fact;
	size_t n, cap;
};

struct worker {
	struct part *part;
};

void facts_init(struct facts *f)
{
	*f = (struct facts){ .n = 0 };
	intern_init(&f->strings);
}

void facts_release(struct facts *f)
{
	intern_release(&f->strings);
	free(f->fact);
	*f = (struct facts){ .n = 0 };
}

struct str fact_text(const struct facts *f, const struct fact *fact,
		     enum fact_text which)
{
	return intern_text(&f->strings, fact->text[which]);
}

/* Parts ------------------------------------------------------------------- */

static struct part *part_new(void)
{
	struct part *p = mem_zero(1, sizeof(*p));

	arena_init(&p->arena);
	return p;
}

static void part_free(void *part)
{
	struct part *p = part;

	arena_release(&p->arena);
	free(p->fact);
	free(p);
}

static struct raw_fact *add_fact(struct worker *w, enum fact_kind kind,
				 uint32_t row)
{
	struct part *p;

	if (!w->part)
		w->part = part_new();
	p = w->part;
	p->fact = mem_grow(p->fact, &p->cap, p->n + 1, sizeof(*p->fact));
	p->fact[p->n] = (struct raw_fact){ .row = row, .kind = kind };
	return &p->fact[p->n++];
}

/* Texts point into the record, which goes: copy. */
static void keep(struct worker *w, struct raw_fact *f, enum fact_text which,
		 struct str text)
{
	if (text.n)
		f->text[which] = arena_dup(&w->part->arena, text);
}

/* The event's time as a session's creationDate has it, whatever its form. */
static void keep_time(struct worker *w, struct raw_fact *f,
		      const struct event *e)
{
	struct strbuf text;

	if (e->time == TIME_NONE)
		return;
	strbuf_init(&text);
	time_format(&text, e->time - e->time % 1000, TIME_ISO, NULL);
	keep(w, f, FACT_TIME, strbuf_str(&text));
	strbuf_release(&text);
}

/* Events ------------------------------------------------------------------ */

static struct raw_fact *note_issued(struct worker *w, const struct event *e,
				    uint32_t row)
{
	struct raw_fact *f = add_fact(w, FACT_ISSUED, row);

	keep_time(w, f, e);
	keep(w, f, FACT_ACCESS_KEY,
	     json_text_at(e->record,
			  "responseElements.credentials.accessKeyId"));
	keep(w, f, FACT_SHARED_ID, json_text_at(e->record, "sharedEventID"));
	return f;
}

static void see_assume_role(struct worker *w, const struct event *e,
			    uint32_t row)
{
	struct raw_fact *f = note_issued(w, e, row);

	keep(w, f, FACT_PRINCIPAL_ID,
	     json_text_at(e->record,
			  "responseElements.assumedRoleUser.assumedRoleId"));
	keep(w, f, FACT_ROLE,
	     json_text_at(e->record, "requestParameters.roleArn"));
	keep(w, f, FACT_SESSION_NAME,
	     json_text_at(e->record, "requestParameters.roleSessionName"));
}

static void see_session_token(struct worker *w, const struct event *e,
			      uint32_t row)
{
	struct raw_fact *f = note_issued(w, e, row);

	keep(w, f, FACT_PRINCIPAL_ID,
	     json_text_at(e->record, "userIdentity.principalId"));
}

static void see_federation_token(struct worker *w, const struct event *e,
				 uint32_t row)
{
	struct raw_fact *f = note_issued(w, e, row);

	keep(w, f, FACT_PRINCIPAL_ID,
	     json_text_at(e->record,
			  "responseElements.federatedUser.federatedUserId"));
}

static void see_console_login(struct worker *w, const struct event *e,
			      uint32_t row)
{
	struct raw_fact *f;

	if (!str_eq(json_text_at(e->record, "responseElements.ConsoleLogin"),
		    STR("Success")))
		return;
	f = add_fact(w, FACT_CONSOLE, row);
	keep_time(w, f, e);
	keep(w, f, FACT_PRINCIPAL_ID,
	     json_text_at(e->record, "userIdentity.principalId"));
}

static void see_create_key(struct worker *w, const struct event *e,
			   uint32_t row)
{
	struct raw_fact *f = add_fact(w, FACT_KEY, row);

	keep(w, f, FACT_ACCESS_KEY,
	     json_text_at(e->record, "responseElements.accessKey.accessKeyId"));
	keep(w, f, FACT_OWNER,
	     json_text_at(e->record, "responseElements.accessKey.userName"));
	if (!f->text[FACT_OWNER].n)
		keep(w, f, FACT_OWNER,
		     json_text_at(e->record, "requestParameters.userName"));
}

static void see_created(struct worker *w, const struct event *e, uint32_t row)
{
	struct str arn = json_text_at(e->record, "responseElements.user.arn");
	struct raw_fact *f;

	if (!arn.n)
		arn = json_text_at(e->record, "responseElements.role.arn");
	if (!arn.n)
		return;
	f = add_fact(w, FACT_CREATED, row);
	keep(w, f, FACT_ROLE, arn);
}

static const struct {
	const char *source, *name;
	void (*see)(struct worker *w, const struct event *e, uint32_t row);
} handlers[] = {
	{ "sts.amazonaws.com", "AssumeRole", see_assume_role },
	{ "sts.amazonaws.com", "AssumeRoleWithSAML", see_assume_role },
	{ "sts.amazonaws.com", "AssumeRoleWithWebIdentity", see_assume_role },
	{ "sts.amazonaws.com", "GetSessionToken", see_session_token },
	{ "sts.amazonaws.com", "GetFederationToken", see_federation_token },
	{ "signin.amazonaws.com", "ConsoleLogin", see_console_login },
	{ "iam.amazonaws.com", "CreateAccessKey", see_create_key },
	{ "iam.amazonaws.com", "CreateUser", see_created },
	{ "iam.amazonaws.com", "CreateRole", see_created },
};

static void see(void *worker, const struct event *e, uint32_t row)
{
	struct str name = e->column[EVENT_NAME];

	/* Only what succeeded issues or creates anything. */
	if (e->column[EVENT_ERROR].n)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(handlers); i++)
		if (str_eq(name, str_of(handlers[i].name)) &&
		    str_eq(e->column[EVENT_SOURCE],
			   str_of(handlers[i].source))) {
			handlers[i].see(worker, e, row);
			return;
		}
}

/* Visitor ----------------------------------------------------------------- */

static void *worker_new(void *context)
{
	(void)context;
	return mem_zero(1, sizeof(struct worker));
}

static void worker_free(void *worker)
{
	struct worker *w = worker;

	if (w->part)
		part_free(w->part);
	free(w);
}

static void *take(void *worker)
{
	struct worker *w = worker;
	struct part *p = w->part;

	w->part = NULL;
	return p;
}

static void merge(void *context, void *part, uint32_t first)
{
	struct facts *all = context;
	struct part *p = part;

	for (size_t i = 0; i < p->n; i++) {
		const struct raw_fact *raw = &p->fact[i];
		struct fact f = { first + raw->row, raw->kind, { 0 } };

		for (int t = 0; t < FACT_TEXTS; t++)
			f.text[t] = intern_add(&all->strings, raw->text[t]);
		all->fact = mem_grow(all->fact, &all->cap, all->n + 1,
				     sizeof(*all->fact));
		all->fact[all->n++] = f;
	}
	part_free(p);
}

struct ingest_visitor fact_visitor(struct facts *f)
{
	return (struct ingest_visitor){
		.context = f,
		.worker_new = worker_new,
		.worker_free = worker_free,
		.see = see,
		.take = take,
		.merge = merge,
		.drop = part_free,
	};
}
