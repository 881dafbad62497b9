/* SPDX-License-Identifier: MIT */
/* What is a name: every record of the evidence is asked. */
#include "casework/disguise_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "identity/lineage.h"
#include "model/attack.h"

enum { LEAST_NAME = 3, ORDINAL_BITS = 24 };

const char *disguise_kind_name(enum name_kind kind)
{
	static const char *const names[] = {
#define X(code, word) [code] = word,
		DISGUISE_KINDS(X)
#undef X
	};

	return names[kind];
}

/* Members of records whose values are names. */
static const struct {
	const char *key;
	enum name_kind kind;
} members[] = {
	{ "userName", NAME_USER },
	{ "roleName", NAME_ROLE },
	{ "roleSessionName", NAME_SESSION },
	{ "sessionName", NAME_SESSION },
	{ "sourceIdentity", NAME_SESSION },
	{ "groupName", NAME_GROUP },
	{ "policyName", NAME_POLICY },
	{ "instanceProfileName", NAME_ROLE },
	{ "bucketName", NAME_BUCKET },
	{ "bucket", NAME_BUCKET },
	{ "s3BucketName", NAME_BUCKET },
	{ "key", NAME_OBJECT },
	{ "prefix", NAME_OBJECT },
	{ "functionName", NAME_FUNCTION },
	{ "secretId", NAME_SECRET },
	{ "name", NAME_RESOURCE },
	{ "trailName", NAME_RESOURCE },
	{ "tableName", NAME_RESOURCE },
	{ "dBInstanceIdentifier", NAME_RESOURCE },
	{ "dBClusterIdentifier", NAME_RESOURCE },
	{ "dBSnapshotIdentifier", NAME_RESOURCE },
	{ "stackName", NAME_RESOURCE },
	{ "projectName", NAME_RESOURCE },
	{ "keyName", NAME_RESOURCE },
	{ "queueName", NAME_RESOURCE },
	{ "topicName", NAME_RESOURCE },
	{ "repositoryName", NAME_RESOURCE },
	{ "clusterName", NAME_RESOURCE },
	{ "logGroupName", NAME_RESOURCE },
	{ "logStreamName", NAME_RESOURCE },
	{ "rule", NAME_RESOURCE },
	{ "alias", NAME_RESOURCE },
	{ "aliasName", NAME_RESOURCE },
	{ "externalId", NAME_RESOURCE },
	{ "accountName", NAME_SITE },
	{ "email", NAME_PERSON },
};

/* First part of an ARN's resource, and what follows it. */
static const struct {
	const char *type;
	enum name_kind kind;
} types[] = {
	{ "user", NAME_USER },
	{ "role", NAME_ROLE },
	{ "assumed-role", NAME_ROLE },
	{ "federated-user", NAME_SESSION },
	{ "group", NAME_GROUP },
	{ "policy", NAME_POLICY },
	{ "function", NAME_FUNCTION },
	{ "secret", NAME_SECRET },
	{ "instance-profile", NAME_ROLE },
};

struct learning {
	struct disguise *d;
	const struct site *site;
	uint64_t row;
	uint32_t ordinal; /* of the name in its record */
	bool full;
};

/* Names --------------------------------------------------------------------------- */

/* A finding's id, which is its event's, and a UUID. */
static bool is_event_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '-' && !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == 32 || s.n == 36;
}

/* "i-0e69...", "eni-...": ids of machines and networks, which tell nothing. */
static bool is_machine_id(struct str s)
{
	size_t dash = str_find_char(s, '-', 0);
	struct str hex;

	if (dash > 6)
		return false;
	hex = str_from(s, dash + 1);
	return (hex.n == 8 || hex.n == 17) && str_all_hex(hex);
}

/* Shorter names are known where nothing else can be meant, as long as they are
 * no number. */
static bool is_letters(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (str_lower(s.p[i]) < 'a' || str_lower(s.p[i]) > 'z')
			return false;
	return true;
}

/* The first place that names it says what it is. */
static void note(struct learning *x, struct str folded, enum name_kind kind)
{
	struct disguise *d = x->d;
	uint32_t before = d->names.count, id;
	uint64_t at = x->row << ORDINAL_BITS | x->ordinal;

	if (before >= DISGUISE_NAMES &&
	    intern_find(&d->names, folded) == INTERN_NONE) {
		x->full = true;
		return;
	}
	id = intern_add(&d->names, folded);
	d->name = mem_grow(d->name, &d->name_cap, (size_t)id + 1,
			   sizeof(*d->name));
	if (id == before || at < d->name[id].first)
		d->name[id] = (struct disguise_name){ kind, at, 0, false };
}

static void learn(struct learning *x, struct str name, enum name_kind kind)
{
	struct strbuf folded;

	name = str_trim(name);
	if (x->ordinal + 1 < 1u << ORDINAL_BITS)
		x->ordinal++;
	if (!name.n || (name.n < LEAST_NAME && !is_letters(name)) ||
	    name.n > DISGUISE_NAME_MAX || is_machine_id(name) ||
	    is_event_id(name) || str_starts(name, STR("AWSServiceRole")) ||
	    str_starts(name, STR("AWS-")) ||
	    str_find(name, STR("HIDDEN_DUE_TO"), 0) != SIZE_MAX)
		return;
	strbuf_init(&folded);
	disguise_fold(&folded, name);
	if (intern_find(&x->d->words, strbuf_str(&folded)) == INTERN_NONE)
		note(x, strbuf_str(&folded), kind);
	strbuf_release(&folded);
}

/* A path is a name as a whole, and so is each of its parts. */
static void learn_path(struct learning *x, struct str path, enum name_kind kind)
{
	struct str part;

	learn(x, path, kind);
	while (str_next(&path, '/', &part))
		learn(x, part, kind);
}

static enum name_kind kind_of_type(struct str type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_eq(type, str_of(types[i].type)))
			return types[i].kind;
	return NAME_RESOURCE;
}

/* "assumed-role/OrgAdmin/build", "function:thumbnail:3", a bucket. */
static void learn_resource(struct learning *x, struct str service,
			   struct str resource)
{
	size_t cut = 0;
	struct str type, rest, part;
	enum name_kind kind;

	while (cut < resource.n && resource.p[cut] != '/' &&
	       resource.p[cut] != ':')
		cut++;
	type = str_sub(resource, 0, cut);
	rest = str_from(resource, cut + 1);
	kind = kind_of_type(type);
	if (str_eq(service, STR("s3"))) {
		learn(x, type, NAME_BUCKET);
		learn_path(x, rest, NAME_OBJECT);
		return;
	}
	if (cut == resource.n) {
		learn(x, resource, NAME_RESOURCE);
		return;
	}
	if (str_eq(type, STR("assumed-role"))) {
		str_next(&rest, '/', &part);
		learn(x, part, NAME_ROLE);
		learn(x, rest, NAME_SESSION);
		return;
	}
	learn(x, rest, kind);
	while (str_next(&rest, '/', &part)) {
		struct str piece;

		while (str_next(&part, ':', &piece))
			learn(x, piece, kind);
	}
}

/* AWS's own things are no secret, and their names are words. */
static void learn_arn(struct learning *x, struct str arn)
{
	struct str rest = arn, part[5];

	for (size_t i = 0; i < ARRAY_SIZE(part); i++)
		if (!str_next(&rest, ':', &part[i]))
			return;
	if (str_eq(part[4], STR("aws"))) {
		size_t slash = str_find_last(rest, '/');

		disguise_add_word(x->d, slash == SIZE_MAX ?
						rest :
						str_from(rest, slash + 1));
		return;
	}
	learn_resource(x, part[2], rest);
}

/* Keys, accounts, people and ARNs anywhere in a text. */
static void learn_text(struct learning *x, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		bool first = i == 0 ||
			     !((s.p[i - 1] >= '0' && s.p[i - 1] <= '9') ||
			       (str_lower(s.p[i - 1]) >= 'a' &&
				str_lower(s.p[i - 1]) <= 'z'));
		bool key = false;
		size_t end = 0;

		if (first && (end = disguise_account_at(s, i)))
			learn(x, str_sub(s, i, end), NAME_ACCOUNT);
		else if (first && (end = disguise_id_at(s, i, &key)))
			learn(x, str_sub(s, i, end), key ? NAME_KEY : NAME_ID);
		else if (first && (end = disguise_mail_at(s, i)))
			learn(x, str_sub(s, i, end), NAME_PERSON);
		else if (first && str_starts(str_from(s, i), STR("arn:"))) {
			end = i;
			while (end < s.n &&
			       !strchr(" \t\r\n\"'<>,;()[]{}", s.p[end]))
				end++;
			learn_arn(x, str_sub(s, i, end));
			end = i + 4; /* what is in it is learnt as well */
		}
		i = end ? end : i + 1;
	}
}

static void learn_member(struct learning *x, struct str key, struct str value)
{
	/* "AROA...:session", and of a provider "qualifier:subject". */
	if (str_eq(key, STR("principalId"))) {
		struct str part;

		while (str_next(&value, ':', &part))
			learn(x, part, NAME_SESSION);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (str_eq_fold(key, str_of(members[i].key))) {
			if (str_starts(value, STR("arn:")))
				return;
			learn_path(x, value, members[i].kind);
			return;
		}
}

/* Every text of a record, by its depth no deeper than records may be. */
static void learn_value(struct learning *x, const struct json *v)
{
	/* A tag: what it says is a name as well. */
	if (v->kind == JSON_OBJECT && json_member(v, STR("key")) &&
	    json_member(v, STR("value")))
		learn(x, json_text_at(v, "value"), NAME_RESOURCE);
	if (v->kind == JSON_STRING) {
		learn_text(x, v->text);
		learn_member(x, v->key, v->text);
		if (site_network_of(x->site, v->text))
			learn(x, v->text, NAME_ADDRESS);
	}
	for (const struct json *child = v->child; child; child = child->next)
		learn_value(x, child);
}

/* All records ------------------------------------------------------------------- */

static void see(void *worker, row_id row, const struct event *e)
{
	struct learning *x = worker;

	x->row = row;
	x->ordinal = 0;
	learn_value(x, e->record);
}

/* In this thread: what came first must not depend on others. */
static enum err_code read_all(struct learning *x, const struct snapshot *snap,
			      const struct scan_options *options,
			      struct err *err)
{
	struct rowset all = ROWSET_INIT;
	struct scan_state state;

	rowset_add_range(&all, 0, snap->store->n);
	scan_alone(snap->store, &all, options->limits, see, x, NULL, &state);
	rowset_release(&all);
	if (state.unread)
		return err_set(err, ERR_IO,
			       "--redact: %zu records could not be read "
			       "again, so their names are not known: %s",
			       state.unread, state.why.msg);
	return ERR_OK;
}

/* What the site file and the command line call things. */
static void learn_site(struct learning *x, const struct site *site,
		       const char *const *evidence, size_t evidence_n)
{
	x->row = UINT32_MAX;
	for (size_t i = 0; i < site->n; i++) {
		x->ordinal = (uint32_t)i;
		learn(x, site->entry[i].name, NAME_SITE);
	}
	for (size_t i = 0; i < evidence_n; i++)
		learn(x, str_of(evidence[i]), NAME_EVIDENCE);
}

/* Numbers ------------------------------------------------------------------------ */

struct order {
	uint64_t first;
	uint32_t id;
};

static int compare_order(const void *x, const void *y)
{
	const struct order *a = x, *b = y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* By the first place; what was found to be a word meanwhile is no name. */
static void number(struct disguise *d)
{
	uint32_t count[NAME_KIND_COUNT] = { 0 };
	struct order *order = mem_alloc((d->names.count + 1) * sizeof(*order));
	uint32_t n = 0;

	for (uint32_t id = 1; id < d->names.count; id++)
		if (intern_find(&d->words, intern_text(&d->names, id)) ==
		    INTERN_NONE)
			order[n++] = (struct order){ d->name[id].first, id };
	qsort(order, n, sizeof(*order), compare_order);
	for (uint32_t i = 0; i < n; i++) {
		struct disguise_name *name = &d->name[order[i].id];
		struct str text = intern_text(&d->names, order[i].id);

		name->number = ++count[name->kind];
		name->vague = text.n < LEAST_NAME ||
			      intern_find(&d->common, text) != INTERN_NONE;
		disguise_sieve_add(d, text);
	}
	free(order);
}

enum err_code disguise_learn(struct disguise *d, const struct snapshot *snap,
			     const char *const *evidence, size_t evidence_n,
			     const struct scan_options *options,
			     struct err *err)
{
	struct learning x = { .d = d, .site = &snap->site };
	enum err_code rc;

	disguise_words(d, snap);
	rc = read_all(&x, snap, options, err);
	if (rc)
		return rc;
	learn_site(&x, &snap->site, evidence, evidence_n);
	if (x.full)
		return err_set(err, ERR_LIMIT,
			       "--redact: there are more than %d names in the "
			       "evidence",
			       DISGUISE_NAMES);
	number(d);
	return ERR_OK;
}
