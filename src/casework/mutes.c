/* SPDX-License-Identifier: MIT */
#include "casework/mutes.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/json_writer.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "model/identity.h"

/* Mutes -------------------------------------------------------------------- */

static bool same_rule(const struct mute *a, const struct mute *b)
{
	return str_eq(a->rule_id, b->rule_id) &&
	       (a->rule_id.n || str_eq(a->title, b->title));
}

bool mute_equal(const struct mute *a, const struct mute *b)
{
	return same_rule(a, b) && str_eq(a->actor, b->actor) &&
	       str_eq(a->address, b->address);
}

struct mute mute_of_rule(const struct rule *r, struct str actor,
			 struct str address)
{
	return (struct mute){ .rule_id = r->id,
			      .title = r->title,
			      .actor = actor,
			      .address = address,
			      .time = TIME_NONE };
}

void mute_describe(const struct mute *m, struct strbuf *out)
{
	struct arena arena;

	arena_init(&arena);
	strbuf_add(out, m->title.n ? m->title : m->rule_id);
	if (m->actor.n) {
		strbuf_adds(out, ", for ");
		strbuf_add(out, actor_label(m->actor, &arena));
	}
	if (m->address.n) {
		strbuf_adds(out, ", from ");
		strbuf_add(out, m->address);
	}
	if (!m->actor.n && !m->address.n)
		strbuf_adds(out, ", everywhere");
	arena_release(&arena);
}

void mutes_init(struct mutes *m)
{
	*m = (struct mutes){ .n = 0 };
	arena_init(&m->arena);
}

void mutes_release(struct mutes *m)
{
	free(m->item);
	arena_release(&m->arena);
	*m = (struct mutes){ .n = 0 };
}

static void add(struct mutes *m, const struct mute *x)
{
	m->item = mem_grow(m->item, &m->cap, m->n + 1, sizeof(*m->item));
	m->item[m->n++] = (struct mute){
		.rule_id = arena_dup(&m->arena, x->rule_id),
		.title = arena_dup(&m->arena, x->title),
		.actor = arena_dup(&m->arena, x->actor),
		.address = arena_dup(&m->arena, x->address),
		.author = arena_dup(&m->arena, x->author),
		.time = x->time,
	};
}

/* A mute as one text, by which it is found again. Lines of a case hold no
 * byte 0 that JSON did not spell out, and lengths keep the parts apart. */
static struct str key_of(const struct mute *m, struct strbuf *out)
{
	struct str rule = m->rule_id.n ? m->rule_id : m->title;

	strbuf_clear(out);
	strbuf_addf(out, "%d %zu %zu ", m->rule_id.n != 0, rule.n, m->actor.n);
	strbuf_add(out, rule);
	strbuf_add(out, m->actor);
	strbuf_add(out, m->address);
	return strbuf_str(out);
}

/* Reading ------------------------------------------------------------------ */

/* Is an entry about muting? */
static bool read_entry(const struct json *v, struct mute *out, bool *muted)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	struct str what = json_text_at(v, "entry");

	*muted = str_eq(what, STR("mute"));
	if (!*muted && !str_eq(what, STR("unmute")))
		return false;
	*out = (struct mute){
		.rule_id = json_text_at(v, "ruleId"),
		.title = json_text_at(v, "title"),
		.actor = json_text_at(v, "actor"),
		.address = json_text_at(v, "sourceIPAddress"),
		.author = json_text_at(v, "author"),
		.time = time_parse(json_text_at(v, "time"), &utc),
	};
	return out->rule_id.n || out->title.n;
}

/* Of those that were read the ones that hold. */
static void keep_holding(struct mutes *m, const uint8_t *holds)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++)
		if (holds[i])
			m->item[kept++] = m->item[i];
	m->n = kept;
}

void mutes_read(struct mutes *m, const struct case_file *c)
{
	size_t n = c ? case_lines(c) : 0;
	uint8_t *holds = mem_zero(n + 1, 1);
	struct intern keys;
	/* By number of the key: which of the mutes it is, and one. */
	size_t *last = mem_zero(n + 2, sizeof(*last));
	struct strbuf key;
	struct arena arena;

	m->n = 0;
	arena_reset(&m->arena);
	arena_init(&arena);
	intern_init(&keys);
	strbuf_init(&key);
	for (size_t i = 0; i < n; i++) {
		const struct json *v;
		struct mute x;
		bool muted;
		uint32_t id;

		arena_reset(&arena);
		v = case_entry(c, i, &arena);
		if (!v || !read_entry(v, &x, &muted))
			continue;
		id = intern_add(&keys, key_of(&x, &key));
		if (muted && !(last[id] && holds[last[id] - 1])) {
			add(m, &x);
			holds[m->n - 1] = 1;
			last[id] = m->n;
		} else if (!muted && last[id]) {
			holds[last[id] - 1] = 0;
		}
	}
	keep_holding(m, holds);
	free(holds);
	free(last);
	intern_release(&keys);
	strbuf_release(&key);
	arena_release(&arena);
}

/* Writing ------------------------------------------------------------------ */

static void write_entry(const struct mute *m, bool muted, struct str author,
			struct strbuf *out)
{
	struct json_writer w;

	json_writer_init(&w, out);
	json_begin_object(&w);
	json_pair(&w, "entry", muted ? STR("mute") : STR("unmute"));
	json_pair_time(&w, "time", case_now());
	json_pair(&w, "author", author);
	json_pair(&w, "ruleId", m->rule_id);
	json_pair(&w, "title", m->title);
	json_pair(&w, "actor", m->actor);
	json_pair(&w, "sourceIPAddress", m->address);
	json_end_object(&w);
}

/* As a case can say it: bytes that are no UTF-8 are U+FFFD. */
static struct str valid_text(struct arena *a, struct str text)
{
	struct strbuf valid;
	struct str kept;

	strbuf_init(&valid);
	strbuf_add_valid(&valid, text);
	kept = arena_dup(a, strbuf_str(&valid));
	strbuf_release(&valid);
	return kept;
}

static struct mute valid_mute(struct arena *a, const struct mute *m)
{
	return (struct mute){ .rule_id = valid_text(a, m->rule_id),
			      .title = valid_text(a, m->title),
			      .actor = valid_text(a, m->actor),
			      .address = valid_text(a, m->address),
			      .time = TIME_NONE };
}

bool mutes_have(const struct mutes *m, const struct mute *what)
{
	struct arena arena;
	struct mute valid;
	bool have = false;

	arena_init(&arena);
	valid = valid_mute(&arena, what);
	for (size_t i = 0; i < m->n && !have; i++)
		have = mute_equal(&m->item[i], &valid);
	arena_release(&arena);
	return have;
}

enum err_code mutes_set(struct mutes *m, struct case_file *c,
			const struct mute *what, bool muted, struct err *err)
{
	struct strbuf line;
	struct arena arena;
	struct mute valid;
	enum err_code rc;

	if (mutes_have(m, what) == muted)
		return ERR_OK;
	arena_init(&arena);
	strbuf_init(&line);
	valid = valid_mute(&arena, what);
	write_entry(&valid, muted, case_author(c), &line);
	rc = case_add(c, strbuf_str(&line), err);
	strbuf_release(&line);
	arena_release(&arena);
	if (rc == ERR_OK)
		mutes_read(m, c);
	return rc;
}

/* Matches ------------------------------------------------------------------ */

/* A rule, and numbers of the texts that it is muted for; 0: any. */
struct mute_key {
	rule_index rule;
	uint32_t actor, address;
};

struct muting {
	const struct ruleset *rules;
	const struct store *store;
	struct mute_key *key; /* ascending */
	size_t n;
	struct intern texts;
	/* By value of the column the number of its text. */
	uint32_t *actor, *address;
};

static int compare_keys(const void *x, const void *y)
{
	const struct mute_key *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->actor != b->actor)
		return a->actor < b->actor ? -1 : 1;
	return a->address < b->address ? -1 : a->address > b->address;
}

/* What a case says of bytes that are no UTF-8 is U+FFFD. */
static uint32_t *number_values(const struct muting *x, enum event_column c)
{
	const struct store *s = x->store;
	uint32_t *number = mem_zero((size_t)s->values[c] + 1, sizeof(*number));
	struct strbuf valid;

	strbuf_init(&valid);
	for (uint32_t v = 1; v < s->values[c]; v++) {
		uint32_t id;

		strbuf_clear(&valid);
		strbuf_add_valid(&valid, store_value(s, c, v));
		id = intern_find(&x->texts, strbuf_str(&valid));
		number[v] = id == INTERN_NONE ? 0 : id;
	}
	strbuf_release(&valid);
	return number;
}

static struct str own_name(struct str id, struct str title)
{
	return id.n ? id : title;
}

/* Chains of the mutes of one name: *first by number of the name. */
static uint32_t *chain_names(const struct mutes *m, struct intern *names,
			     uint32_t *next)
{
	uint32_t *first;

	for (size_t i = 0; i < m->n; i++)
		intern_add(names,
			   own_name(m->item[i].rule_id, m->item[i].title));
	first = mem_zero((size_t)names->count + 1, sizeof(*first));
	for (size_t i = m->n; i-- > 0;) {
		uint32_t name = intern_find(names, own_name(m->item[i].rule_id,
							    m->item[i].title));

		next[i] = first[name];
		first[name] = (uint32_t)i + 1;
	}
	return first;
}

/* Each rule has the keys of the mutes that name it: rules may share an id. */
static void make_keys(struct muting *x, const struct mutes *m)
{
	uint32_t *first, *next = mem_zero(m->n + 1, sizeof(*next));
	struct intern names;
	size_t cap = 0;

	intern_init(&names);
	first = chain_names(m, &names, next);
	for (rule_index r = 0; r < ruleset_count(x->rules); r++) {
		const struct rule *rule = &ruleset_at(x->rules, r)->rule;
		struct str own = own_name(rule->id, rule->title);
		uint32_t name = intern_find(&names, own);

		if (!own.n || name == INTERN_NONE)
			continue;
		for (uint32_t i = first[name]; i; i = next[i - 1]) {
			const struct mute *mute = &m->item[i - 1];

			if ((mute->rule_id.n != 0) != (rule->id.n != 0))
				continue;
			x->key = mem_grow(x->key, &cap, x->n + 1,
					  sizeof(*x->key));
			x->key[x->n++] = (struct mute_key){
				r, intern_add(&x->texts, mute->actor),
				intern_add(&x->texts, mute->address)
			};
		}
	}
	if (x->n)
		qsort(x->key, x->n, sizeof(*x->key), compare_keys);
	free(first);
	free(next);
	intern_release(&names);
}

static bool has_key(const struct muting *x, rule_index rule, uint32_t actor,
		    uint32_t address)
{
	const struct mute_key key = { rule, actor, address };

	return bsearch(&key, x->key, x->n, sizeof(key), compare_keys) != NULL;
}

static bool row_is_muted(const struct muting *x, rule_index rule, row_id row)
{
	uint32_t actor = x->actor[store_value_at(x->store, EVENT_ACTOR, row)];
	uint32_t address = x->address[store_value_at(x->store, EVENT_IP, row)];

	/* Where nobody acts the address stands for the actor. */
	if (!kind_is_call(x->store->kind[row]))
		actor = address;
	return has_key(x, rule, 0, 0) ||
	       (actor && has_key(x, rule, actor, 0)) ||
	       (address && has_key(x, rule, 0, address)) ||
	       (actor && address && has_key(x, rule, actor, address));
}

static bool episode_is_muted(const struct muting *x, const struct episode *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (!row_is_muted(x, e->rule, e->row[i]))
			return false;
	return true;
}

static void mark_all(const struct muting *x, const struct rule_matches *matches,
		     uint8_t *muted)
{
	size_t n = matches->episodes ? matches->episodes->n : 0;
	uint8_t *of_episode = mem_zero(n + 1, 1);

	for (size_t i = 0; i < n; i++)
		of_episode[i] = episode_is_muted(x,
						 &matches->episodes->item[i]);
	for (size_t i = 0; i < matches->n; i++) {
		const struct rule_match *m = &matches->match[i];

		muted[i] = ruleset_at(x->rules, m->rule)->correlation ?
				   of_episode[m->note] :
				   row_is_muted(x, m->rule, m->row);
	}
	free(of_episode);
}

void mutes_mark(const struct mutes *m, const struct ruleset *rs,
		const struct store *s, const struct rule_matches *matches,
		uint8_t *muted)
{
	struct muting x = { .rules = rs, .store = s };

	memset(muted, 0, matches->n);
	if (!m->n)
		return;
	intern_init(&x.texts);
	make_keys(&x, m);
	if (x.n) {
		x.actor = number_values(&x, EVENT_ACTOR);
		x.address = number_values(&x, EVENT_IP);
		mark_all(&x, matches, muted);
		free(x.actor);
		free(x.address);
	}
	free(x.key);
	intern_release(&x.texts);
}
