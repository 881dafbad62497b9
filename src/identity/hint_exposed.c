/* SPDX-License-Identifier: MIT */
/* Who may have read a key shortly before it was used from the same place. */
#include "identity/hint_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "model/keyid.h"

#define MINUTE_MS ((int64_t)60 * 1000)

enum {
	READS_MOST = 400,  /* records that are read again, all in all */
	STEPS_BACK = 2000, /* rows of an address that are gone back over */
};

/* Reads whose answer may hold a key. */
static const struct {
	const char *source, *name;
} reads[] = {
	{ "s3", "GetObject" },
	{ "s3", "SelectObjectContent" },
	{ "secretsmanager", "GetSecretValue" },
	{ "secretsmanager", "BatchGetSecretValue" },
	{ "ssm", "GetParameter" },
	{ "ssm", "GetParameters" },
	{ "ssm", "GetParametersByPath" },
	{ "ssm", "GetCommandInvocation" },
	{ "ec2", "DescribeInstanceAttribute" }, /* userData */
	{ "ec2", "DescribeLaunchTemplateVersions" },
	{ "ec2", "GetPasswordData" },
	{ "lambda", "GetFunction" },
	{ "lambda", "GetFunctionConfiguration" },
	{ "ecs", "DescribeTaskDefinition" },
	{ "codebuild", "BatchGetProjects" },
	{ "cloudformation", "DescribeStacks" },
	{ "cloudformation", "GetTemplate" },
	{ "iam", "ListAccessKeys" },
};

enum { READ_NONE, READ_ANY, READ_ATTRIBUTE };

/* Of each address: the last read, and the last one by somebody else. */
struct last_reads {
	row_id last, other;
};

struct exposing {
	struct hints *h;
	struct pair_map kinds;
	uint8_t *may_read;       /* by name: likewise */
	uint8_t *long_term;      /* by key: 0 not asked, 1 no, 2 yes */
	struct last_reads *at;   /* by address */
	struct pair_map used;    /* by key and address */
	uint32_t *first_address; /* by key */
};

/* Which rows are reads ----------------------------------------------------- */

static uint32_t classify(struct str source, struct str name)
{
	struct str service = event_service(source);

	name = event_base_name(name);
	for (size_t i = 0; i < ARRAY_SIZE(reads); i++)
		if (str_eq(name, str_of(reads[i].name)) &&
		    str_eq(service, str_of(reads[i].source)))
			return str_eq(name, STR("DescribeInstanceAttribute")) ?
				       READ_ATTRIBUTE :
				       READ_ANY;
	return READ_NONE;
}

enum { NOT_ASKED, NO, YES };

static bool is_read_name(struct str name)
{
	name = event_base_name(name);
	for (size_t i = 0; i < ARRAY_SIZE(reads); i++)
		if (str_eq(name, str_of(reads[i].name)))
			return true;
	return false;
}

/* Most names are of no read, whatever the source. */
static bool may_read(struct exposing *x, uint32_t name)
{
	if (x->may_read[name] == NOT_ASKED)
		x->may_read[name] =
			is_read_name(store_value(x->h->s, EVENT_NAME, name)) ?
				YES :
				NO;
	return x->may_read[name] == YES;
}

static uint32_t kind_of_read(struct exposing *x, row_id row)
{
	const struct store *s = x->h->s;
	uint32_t name = store_value_at(s, EVENT_NAME, row);
	uint32_t source = store_value_at(s, EVENT_SOURCE, row);
	uint32_t *kind;

	if (!name || !source || !may_read(x, name) ||
	    store_outcome(s, row) != OUTCOME_OK)
		return READ_NONE;
	kind = pair_map_at(&x->kinds, name, source);
	if (!*kind)
		*kind = 1 + classify(store_value(s, EVENT_SOURCE, source),
				     store_value(s, EVENT_NAME, name));
	return *kind - 1;
}

static void note_read(struct exposing *x, row_id row)
{
	const struct store *s = x->h->s;
	const struct uints *who = &s->column[EVENT_PRINCIPAL];
	struct last_reads *at = &x->at[store_value_at(s, EVENT_IP, row)];

	if (at->last != ROW_NONE &&
	    uints_get_u32(who, at->last) != uints_get_u32(who, row))
		at->other = at->last;
	at->last = row;
}

/* Records read again ------------------------------------------------------- */

static const struct event *read_again(struct hints *h, row_id row)
{
	const struct event *e;
	struct err err = ERR_INIT;

	if (h->reads >= READS_MOST)
		return NULL;
	h->reads++;
	if (!h->reader) {
		static const struct limits limits = LIMITS_DEFAULT;

		h->reader = reader_new(h->s, &limits);
	}
	return reader_event(h->reader, row, &e, &err) == ERR_OK ? e : NULL;
}

/* Ends in an extension of code or settings, or says what it is. */
static bool is_telling_name(struct str name)
{
	static const char *const ends[] = {
		".py",  ".sh",  ".js",   ".tf",  ".yaml", ".yml", ".json",
		".env", ".ini", ".conf", ".pem", ".sql",  ".zip",
	};
	static const char *const parts[] = { "cred", "secret", "key",
					     "config" };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (str_ends_fold(name, str_of(ends[i])))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (str_find_fold(name, str_of(parts[i]), 0) != SIZE_MAX)
			return true;
	return false;
}

/* The names of what a read asked for; lists have several. */
static bool has_telling_name(const struct event *e)
{
	static const char *const paths[] = {
		"key",
		"secretId",
		"secretIdList",
		"name",
		"names",
		"path",
		"functionName",
		"stackName",
		"launchTemplateName",
		"taskDefinition",
	};
	const struct json *request = json_member(e->record,
						 STR("requestParameters"));

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const struct json *v = json_member(request, str_of(paths[i]));

		if (!v)
			continue;
		if (json_is_scalar(v) && is_telling_name(v->text))
			return true;
		for (v = v->child; v; v = v->next)
			if (json_is_scalar(v) && is_telling_name(v->text))
				return true;
	}
	return false;
}

/* Candidates --------------------------------------------------------------- */

/* A read by somebody else, at most an hour before. */
static bool is_candidate(struct exposing *x, row_id read, row_id use)
{
	const struct store *s = x->h->s;

	return store_value_at(s, EVENT_PRINCIPAL, read) !=
		       store_value_at(s, EVENT_PRINCIPAL, use) &&
	       s->time[use] - s->time[read] <= 60 * MINUTE_MS;
}

/* What DescribeInstanceAttribute asked for. */
static bool reads_user_data(struct exposing *x, row_id row)
{
	const struct event *e = read_again(x->h, row);

	return e &&
	       str_eq(json_text_at(e->record, "requestParameters.attribute"),
		      STR("userData"));
}

/* The read before a row, of its address: for the few that turn out to have
 * been none. */
static row_id read_before(struct exposing *x, row_id row, row_id use)
{
	const struct store *s = x->h->s;
	struct rowset rows = store_rows(s, EVENT_IP,
					store_value_at(s, EVENT_IP, use));
	size_t at = rowset_seek(&rows, row);

	for (unsigned steps = 0; at-- > 0 && steps < STEPS_BACK; steps++) {
		row_id r = rows.row[at];

		if (s->time[use] - s->time[r] > 60 * MINUTE_MS)
			break;
		if (hints_is_placed(x->h, r) && kind_of_read(x, r) &&
		    is_candidate(x, r, use))
			return r;
	}
	return ROW_NONE;
}

static row_id candidate(struct exposing *x, row_id use)
{
	const struct store *s = x->h->s;
	const struct last_reads *at = &x->at[store_value_at(s, EVENT_IP, use)];
	row_id read = at->last;

	if (read != ROW_NONE && !is_candidate(x, read, use))
		read = at->other;
	if (read != ROW_NONE && !is_candidate(x, read, use))
		read = ROW_NONE;
	while (read != ROW_NONE && kind_of_read(x, read) == READ_ATTRIBUTE &&
	       !reads_user_data(x, read)) {
		if (x->h->reads >= READS_MOST)
			return ROW_NONE;
		read = read_before(x, read, use);
	}
	return read;
}

/* Whoever made a key needs not have read it, and what was not there yet nobody
 * can have read. */
static bool made_otherwise(struct hints *h, row_id read, node_id reader,
			   node_id key)
{
	node_id root = hints_root(h, reader);
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(h->l, key, i)); i++)
		if (e->kind == EDGE_CREATED &&
		    (lineage_edge_time(h->l, e) > h->s->time[read] ||
		     hints_root(h, e->from) == root))
			return true;
	return false;
}

static bool is_suppressed(struct exposing *x, row_id read, node_id key,
			  row_id use)
{
	struct hints *h = x->h;
	node_id reader = h->l->acting[read];

	return h->sharers[store_value_at(h->s, EVENT_IP, use)] >= HINT_CROWD ||
	       reader == key || hints_root(h, reader) == hints_root(h, key) ||
	       made_otherwise(h, read, reader, key);
}

static bool asks_who(const struct store *s, row_id row)
{
	return str_eq(store_text(s, EVENT_NAME, row), STR("GetCallerIdentity"));
}

/* The terms that need no record. */
static unsigned terms_of(struct exposing *x, row_id read, row_id use)
{
	struct hints *h = x->h;
	const struct store *s = h->s;
	uint32_t key = store_value_at(s, EVENT_KEY, use);
	uint32_t agent = hints_agent(h, use);
	unsigned terms = 1u << HINT_ADDRESS;

	if (agent && agent == hints_agent(h, read))
		terms |= 1u << HINT_AGENT;
	if (s->time[use] - s->time[read] <= 15 * MINUTE_MS)
		terms |= 1u << HINT_SOON;
	if (x->first_address[key] == store_value_at(s, EVENT_IP, use))
		terms |= 1u << HINT_NEW;
	if (asks_who(s, use))
		terms |= 1u << HINT_ASKED;
	return terms;
}

/* A key that is used from a place for the first time. */
static void note_use(struct exposing *x, row_id use)
{
	struct hints *h = x->h;
	node_id key = h->l->acting[use], reader;
	const struct event *e;
	row_id read;
	unsigned terms;

	if (h->l->node[key].kind != NODE_KEY)
		return;
	read = candidate(x, use);
	if (read == ROW_NONE)
		return;
	reader = h->l->acting[read];
	if ((h->l->node[reader].kind != NODE_SESSION &&
	     h->l->node[reader].kind != NODE_KEY) ||
	    is_suppressed(x, read, key, use))
		return;
	terms = terms_of(x, read, use);
	e = read_again(h, read);
	if (e && has_telling_name(e))
		terms |= 1u << HINT_NAME;
	hints_add(h, EDGE_EXPOSED_BY, reader, key, terms,
		  h->sharers[store_value_at(h->s, EVENT_IP, use)],
		  read < use ? read : use, read < use ? use : read);
}

/* The rows in order of time ------------------------------------------------ */

static bool is_long_term(struct exposing *x, uint32_t key)
{
	if (key && x->long_term[key] == NOT_ASKED)
		x->long_term[key] =
			keyid_kind(store_value(x->h->s, EVENT_KEY, key)) ==
					KEYID_LONG_TERM ?
				YES :
				NO;
	return key && x->long_term[key] == YES;
}

static bool is_first_use(struct exposing *x, row_id row)
{
	const struct store *s = x->h->s;
	uint32_t key = store_value_at(s, EVENT_KEY, row);
	uint32_t address = store_value_at(s, EVENT_IP, row), *seen;

	if (!is_long_term(x, key))
		return false;
	if (!x->first_address[key])
		x->first_address[key] = address;
	seen = pair_map_at(&x->used, key, address);
	return (*seen)++ == 0;
}

/*
 * Events of one second have no order: all of its reads are noted before its
 * keys are looked at.
 */
static void see_second(struct exposing *x, row_id from, row_id to)
{
	for (row_id r = from; r < to; r = hints_placed(x->h, r + 1))
		if (kind_of_read(x, r))
			note_read(x, r);
	for (row_id r = from; r < to; r = hints_placed(x->h, r + 1))
		if (is_first_use(x, r))
			note_use(x, r);
}

void hints_find_exposed(struct hints *h)
{
	const struct store *s = h->s;
	struct exposing x = {
		.h = h,
		.may_read = mem_zero(s->values[EVENT_NAME], 1),
		.long_term = mem_zero(s->values[EVENT_KEY], 1),
		.at = mem_alloc(s->values[EVENT_IP] * sizeof(*x.at)),
		.first_address = mem_zero(s->values[EVENT_KEY],
					  sizeof(*x.first_address)),
	};

	for (uint32_t v = 0; v < s->values[EVENT_IP]; v++)
		x.at[v] = (struct last_reads){ ROW_NONE, ROW_NONE };
	for (row_id from = hints_placed(h, 0), to; from < s->timed; from = to) {
		int64_t second = s->time[from] / 1000;

		for (to = from; to < s->timed && s->time[to] / 1000 == second;)
			to = hints_placed(h, to + 1);
		see_second(&x, from, to);
	}
	pair_map_release(&x.kinds);
	pair_map_release(&x.used);
	free(x.may_read);
	free(x.long_term);
	free(x.at);
	free(x.first_address);
}
