/* SPDX-License-Identifier: MIT */
#include "casework/tune.h"

#include <inttypes.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "model/arn.h"

enum { TITLE_MAX = 200 }; /* bytes; Sigma allows 256 characters */

/* YAML --------------------------------------------------------------------- */

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return true;
}

/* A scalar that is a text whatever it holds: 'as it is', else "escaped". */
static void add_quoted(struct strbuf *out, struct str s)
{
	bool plain = is_plain(s);

	strbuf_addc(out, plain ? '\'' : '"');
	for (size_t at = 0; at < s.n;) {
		uint32_t cp;

		at += utf8_decode(s, at, &cp);
		if (cp == UTF8_INVALID)
			cp = 0xfffd;
		if (plain && cp == '\'')
			strbuf_adds(out, "''");
		else if (!plain && (cp == '"' || cp == '\\'))
			strbuf_addf(out, "\\%c", (char)cp);
		else if (cp >= ' ' && cp <= '~')
			strbuf_addc(out, (char)cp);
		else if (cp <= 0xffff)
			strbuf_addf(out, "\\u%04" PRIX32, cp);
		else
			strbuf_addf(out, "\\U%08" PRIX32, cp);
	}
	strbuf_addc(out, plain ? '\'' : '"');
}

static void add_pair(struct strbuf *out, const char *key, struct str value)
{
	if (!value.n)
		return;
	strbuf_addf(out, "%s: ", key);
	add_quoted(out, value);
	strbuf_addc(out, '\n');
}

/* A value of an item: no wildcards. */
static void add_value(struct strbuf *out, struct str s)
{
	struct strbuf literal;

	strbuf_init(&literal);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '\\')
			strbuf_addc(&literal, '\\');
		strbuf_addc(&literal, s.p[i]);
	}
	add_quoted(out, strbuf_str(&literal));
	strbuf_release(&literal);
}

/* Selections --------------------------------------------------------------- */

enum { VALUES = 5, ITEMS = 6, MAPS = 3 };

/* A field and what it may be; or it is not there, null or empty. */
struct item {
	const char *field;
	struct str value[VALUES];
	size_t n;
};

/* Maps of which one has to hold, each with items of which all have to. */
struct selection {
	struct map {
		struct item item[ITEMS];
		size_t n;
	} map[MAPS];
	size_t n;
};

#define TYPE         "userIdentity.type"
#define ARN          "userIdentity.arn"
#define ACCOUNT      "userIdentity.accountId"
#define PRINCIPAL_ID "userIdentity.principalId"
#define USER_NAME    "userIdentity.userName"
#define INVOKED_BY   "userIdentity.invokedBy"
#define ISSUER       "userIdentity.sessionContext.sessionIssuer.arn"
#define STORE_ARN    "userIdentity.onBehalfOf.identityStoreArn"
#define STORE_USER   "userIdentity.onBehalfOf.userId"

static struct map *add_map(struct selection *s)
{
	return &s->map[s->n++];
}

/* One value more, or none: NULL. */
static void add_item(struct map *m, const char *field, struct str value)
{
	struct item *item = m->n ? &m->item[m->n - 1] : NULL;

	if (!item || strcmp(item->field, field) != 0) {
		item = &m->item[m->n++];
		*item = (struct item){ .field = field };
	}
	if (value.n)
		item->value[item->n++] = value;
}

static void add_texts(struct map *m, const char *field, const char *const *text,
		      size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_item(m, field, str_of(text[i]));
}

static const char *const types_of_arns[] = { "Root", "IAMUser", "AssumedRole",
					     "Role", "FederatedUser" };

/* Records of failed logins name account and user, but no ARN. */
static void select_without_arn(struct selection *s, const struct arn *arn)
{
	struct str user = str_from(arn->resource, sizeof("user/") - 1);
	bool is_user = str_starts(arn->resource, STR("user/"));
	struct map *m;

	if (!str_eq(arn->partition, STR("aws")) || arn->region.n ||
	    !arn->account.n)
		return;
	if (str_eq(arn->resource, STR("root"))) {
		m = add_map(s);
		add_item(m, TYPE, STR("Root"));
	} else if (is_user && user.n &&
		   !str_starts(user, STR("HIDDEN_DUE_TO_"))) {
		m = add_map(s);
		add_item(m, TYPE, STR("IAMUser"));
		add_item(m, USER_NAME, user);
	} else {
		return;
	}
	add_item(m, ACCOUNT, arn->account);
	add_item(m, ARN, STR_NULL);
}

static void select_arn(struct selection *s, struct str actor,
		       const struct arn *arn)
{
	struct map *m = add_map(s);

	add_texts(m, TYPE, types_of_arns, ARRAY_SIZE(types_of_arns));
	add_item(m, ARN, actor);
	if (!str_eq(arn->service, STR("iam")))
		return;
	select_without_arn(s, arn);
	/* Sessions that have no name of their own are their role's. */
	m = add_map(s);
	add_texts(m, TYPE, &types_of_arns[2], 3);
	add_item(m, ARN, STR_NULL);
	add_item(m, ISSUER, actor);
}

static void select_principal_id(struct selection *s, const char *type,
				struct str id)
{
	struct map *m = add_map(s);

	add_item(m, TYPE, str_of(type));
	add_item(m, PRINCIPAL_ID, id);
}

/* "ACCOUNT", "ACCOUNT#ID" */
static void select_account(struct selection *s, struct str text)
{
	size_t hash = str_find_char(text, '#', 0);
	struct map *m = add_map(s);

	add_item(m, TYPE, STR("AWSAccount"));
	add_item(m, ACCOUNT, str_sub(text, 0, hash));
	add_item(m, PRINCIPAL_ID,
		 hash == SIZE_MAX ? STR_NULL : str_from(text, hash + 1));
}

/* "STORE#USER"; the type was Unknown, or not there, before it had a name. */
static void select_center(struct selection *s, struct str text)
{
	static const char *const types[] = { "IdentityCenterUser", "Unknown" };
	size_t hash = str_find_char(text, '#', 0);

	for (int typed = 1; typed >= 0; typed--) {
		struct map *m = add_map(s);

		if (typed)
			add_texts(m, TYPE, types, ARRAY_SIZE(types));
		else
			add_item(m, TYPE, STR_NULL);
		if (!typed)
			add_item(m, INVOKED_BY, STR_NULL);
		add_item(m, STORE_ARN, str_sub(text, 0, hash));
		add_item(m, STORE_USER,
			 hash == SIZE_MAX ? STR_NULL :
					    str_from(text, hash + 1));
	}
}

/* A name alone: a service, whose own records often have no type, or what an
 * export calls a user of whom it says no more. */
static void select_name(struct selection *s, struct str name)
{
	struct map *m = add_map(s);

	add_item(m, TYPE, STR("AWSService"));
	add_item(m, INVOKED_BY, name);
	m = add_map(s);
	add_item(m, TYPE, STR_NULL);
	add_item(m, INVOKED_BY, name);
	m = add_map(s);
	add_item(m, TYPE, STR_NULL);
	add_item(m, INVOKED_BY, STR_NULL);
	add_item(m, PRINCIPAL_ID, STR_NULL);
	add_item(m, STORE_USER, STR_NULL);
	add_item(m, USER_NAME, name);
}

static void select_anonymous(struct selection *s)
{
	static const char *const accounts[] = { "ANONYMOUS_PRINCIPAL",
						"anonymous" };
	struct map *m = add_map(s);

	add_item(m, TYPE, STR("AWSAccount"));
	add_texts(m, ACCOUNT, accounts, ARRAY_SIZE(accounts));
}

static void select_actor(struct selection *s, struct str actor)
{
	struct arn arn;

	if (arn_parse(actor, &arn))
		select_arn(s, actor, &arn);
	else if (str_starts(actor, STR("saml:")))
		select_principal_id(s, "SAMLUser", str_from(actor, 5));
	else if (str_starts(actor, STR("web:")))
		select_principal_id(s, "WebIdentityUser", str_from(actor, 4));
	else if (str_starts(actor, STR("acct:")))
		select_account(s, str_from(actor, 5));
	else if (str_starts(actor, STR("idc:")))
		select_center(s, str_from(actor, 4));
	else if (str_eq(actor, STR("anonymous")))
		select_anonymous(s);
	else if (str_eq(actor, STR("unknown")))
		add_item(add_map(s), "trawl.actor", actor);
	else
		select_name(s, actor);
}

static void write_item(const struct item *item, struct strbuf *out)
{
	if (item->n == 1) {
		strbuf_addf(out, "%s|cased: ", item->field);
		add_value(out, item->value[0]);
		strbuf_addc(out, '\n');
		return;
	}
	strbuf_addf(out, "%s%s:\n", item->field, item->n ? "|cased" : "");
	for (size_t i = 0; i < item->n; i++) {
		strbuf_adds(out, "              - ");
		add_value(out, item->value[i]);
		strbuf_addc(out, '\n');
	}
	if (!item->n)
		strbuf_adds(out, "              - null\n"
				 "              - ''\n");
}

static void write_selection(const struct mute *m, struct strbuf *out)
{
	struct selection s = { .n = 0 };

	/* A selection that always holds: it is there, or it is not. */
	if (!m->actor.n && !m->address.n) {
		strbuf_adds(out, "        - eventName|exists: true\n"
				 "        - eventName|exists: false\n");
		return;
	}
	if (m->actor.n)
		select_actor(&s, m->actor);
	else
		add_map(&s);
	for (size_t i = 0; i < s.n; i++) {
		if (m->address.n)
			add_item(&s.map[i], "sourceIPAddress", m->address);
		for (size_t k = 0; k < s.map[i].n; k++) {
			strbuf_adds(out, k ? "          " : "        - ");
			write_item(&s.map[i].item[k], out);
		}
	}
}

/* Rules -------------------------------------------------------------------- */

/* What is muted, as mutes_mark finds it. */
static bool is_muted(const struct mute *m, const struct rule *r)
{
	return m->rule_id.n ? str_eq(m->rule_id, r->id) :
			      !r->id.n && str_eq(m->title, r->title);
}

static const char *why_not_rule(const struct ruleset_rule *r)
{
	if (r->state != RULE_ACTIVE && r->state != RULE_SILENT)
		return "the rule does not run";
	if (r->correlation)
		return "a correlation tests no event of its own; mute the "
		       "rules that it names";
	if (r->rule.indicator.n)
		return "its matches come from lists of indicators";
	if (r->lineage && lineage_rule_measures(r->lineage))
		return "it measures against what went before, where a filter "
		       "would take events away";
	if (!r->matcher)
		return "it asks the graph of identities and tests no event";
	return NULL;
}

/* What a log source says is left out where not all rules say it. */
static void agree(struct str *all, struct str one)
{
	if (!str_eq_fold(*all, one))
		*all = STR_NULL;
}

/*
 * The rules that a filter would find by this name have to be those that are
 * muted. Fills in the log source of all of them.
 */
static const char *find_rules(const struct mute *m, const struct ruleset *rs,
			      struct str name, struct rule *source)
{
	rule_index i = UINT32_MAX;
	bool found = false;

	if (str_eq_fold(name, STR("any")))
		return "its name stands for all rules in a filter; give it an "
		       "id";
	while ((i = ruleset_find(rs, name, i)) != UINT32_MAX) {
		const struct ruleset_rule *r = ruleset_at(rs, i);
		const char *why;

		if (r->state == RULE_FILTER)
			continue;
		if (!is_muted(m, &r->rule))
			return "another rule has this name; give it an id";
		why = why_not_rule(r);
		if (why)
			return why;
		if (!found)
			*source = r->rule;
		agree(&source->category, r->rule.category);
		agree(&source->product, r->rule.product);
		agree(&source->service, r->rule.service);
		found = true;
	}
	return found ? NULL : "there is no such rule; --rules names more";
}

static bool names(const struct correlation *c, const struct mute *m,
		  const struct ruleset *rs)
{
	for (size_t i = 0; i < c->ref_n; i++)
		if (is_muted(m, &ruleset_at(rs, c->ref[i].rule)->rule))
			return true;
	return false;
}

static size_t count_correlations(const struct mute *m, const struct ruleset *rs)
{
	size_t n = 0;

	for (size_t i = 0; i < ruleset_count(rs); i++) {
		const struct ruleset_rule *r = ruleset_at(rs, (rule_index)i);

		n += r->correlation && r->state == RULE_ACTIVE &&
		     names(r->correlation, m, rs);
	}
	return n;
}

/* Documents ---------------------------------------------------------------- */

/* Bytes that a case could not say are U+FFFD there, and lost. */
static bool is_lossy(struct str s)
{
	return str_find(s, STR("\xef\xbf\xbd"), 0) != SIZE_MAX ||
	       !utf8_valid(s);
}

/* One mute has one id, whenever it is written: a UUID of version 8. */
static void add_id(const struct mute *m, struct str name, struct strbuf *out)
{
	struct hash128 h;
	struct strbuf key;

	strbuf_init(&key);
	strbuf_addf(&key, "mute %zu %zu ", name.n, m->actor.n);
	strbuf_add(&key, name);
	strbuf_add(&key, m->actor);
	strbuf_add(&key, m->address);
	h = hash_content(strbuf_str(&key));
	strbuf_release(&key);
	strbuf_addf(out,
		    "id: %08" PRIx64 "-%04" PRIx64 "-8%03" PRIx64 "-%04" PRIx64
		    "-%012" PRIx64 "\n",
		    h.hi >> 32, h.hi >> 16 & 0xffff, h.hi & 0xfff,
		    (h.lo >> 48 & 0x3fff) | 0x8000, h.lo & 0xffffffffffff);
}

static void add_title(const struct mute *m, struct strbuf *out)
{
	struct strbuf text;
	size_t end = 0;

	strbuf_init(&text);
	strbuf_adds(&text, "Muted: ");
	mute_describe(m, &text);
	while (end < text.n && end < TITLE_MAX) {
		uint32_t cp;

		end += utf8_decode(strbuf_str(&text), end, &cp);
	}
	add_pair(out, "title", str_sub(strbuf_str(&text), 0, end));
	strbuf_release(&text);
}

static void add_when(int64_t time, struct strbuf *out)
{
	static const struct time_zone utc = TIME_ZONE_UTC;

	if (time == TIME_NONE)
		return;
	strbuf_adds(out, "date: ");
	time_format(out, time, TIME_DATE, &utc);
	strbuf_addc(out, '\n');
}

static void add_source(const struct rule *r, struct strbuf *out)
{
	if (!r->category.n && !r->product.n && !r->service.n) {
		strbuf_adds(out, "logsource: {}\n");
		return;
	}
	strbuf_adds(out, "logsource:\n");
	add_pair(out, "    category", r->category);
	add_pair(out, "    product", r->product);
	add_pair(out, "    service", r->service);
}

const char *tune_filter(const struct mute *m, const struct ruleset *rs,
			struct strbuf *out, size_t *correlations)
{
	struct str name = m->rule_id.n ? m->rule_id : m->title;
	struct rule source;
	const char *why = find_rules(m, rs, name, &source);

	if (why)
		return why;
	if (is_lossy(m->actor) || is_lossy(m->address))
		return "it was written with bytes that are no text, which a "
		       "rule cannot name";
	*correlations = count_correlations(m, rs);
	add_title(m, out);
	add_id(m, name, out);
	add_pair(out, "author", m->author);
	add_when(m->time, out);
	add_source(&source, out);
	strbuf_adds(out, "filter:\n    rules:\n        - ");
	add_quoted(out, name);
	strbuf_adds(out, "\n    selection:\n");
	write_selection(m, out);
	strbuf_adds(out, "    condition: not selection\n");
	return NULL;
}
