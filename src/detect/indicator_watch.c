/* SPDX-License-Identifier: MIT */
#include "detect/indicator_watch.h"

#include <stdlib.h>

#include "base/intern_pack.h"
#include "base/mem.h"
#include "detect/noted_pack.h"
#include "store/files.h"

enum {
	HITS_MAX = 16,         /* different indicators told of one event */
	PATH_MAX_BYTES = 160,  /* of a path that is told */
	NOTES_MAX = 200 * 1000 /* then notes are told without the path */
};

/* Rules -------------------------------------------------------------------- */

/* clang-format off */
#define RULE(kind, id, title, about, steps)                                    \
	"title: " title "\n"                                                   \
	"id: " id "\n"                                                         \
	"status: stable\n"                                                     \
	"description: " about "\n"                                             \
	"author: trawl\n"                                                      \
	"date: 2026-11-22\n"                                                   \
	"logsource: {product: aws, service: cloudtrail}\n"                     \
	"indicator: " kind "\n"                                                \
	"level: high\n"                                                        \
	"falsepositives: [Lists grow old; addresses change hands]\n"           \
	"trawl: {fixed-level: true}\n"                                         \
	"investigate:\n" steps
#define STEP(ask, what) "    - ask: " ask "\n      " what "\n"

static const char rules_text[] =
	RULE("address", "1d0d2a5e-5b0a-4d53-8f0f-5a3a1c5b7e01",
	     "Address on a list of indicators",
	     "An address of a list was used, or stands in a request or an "
	     "answer.",
	     STEP("What else did this address do?",
		  "filter: ip:{sourceIPAddress}")
	     STEP("Who used it?", "view: values userIdentity.arn")
	     STEP("Whose session is it?", "pivot: identity"))
	"---\n"
	RULE("key", "1d0d2a5e-5b0a-4d53-8f0f-5a3a1c5b7e02",
	     "Access key on a list of indicators",
	     "An access key of a list made a call, or was issued or named by "
	     "one.",
	     STEP("What else did this key do?",
		  "filter: key:{userIdentity.accessKeyId}")
	     STEP("Whose is it, and what came of it?", "pivot: identity"))
	"---\n"
	RULE("identity", "1d0d2a5e-5b0a-4d53-8f0f-5a3a1c5b7e03",
	     "Identity on a list of indicators",
	     "An ARN, a unique id or an account of a list made a call or is "
	     "named in one.",
	     STEP("What else did the caller do?", "pivot: identity")
	     STEP("What happened around it?", "view: context"))
	"---\n"
	RULE("name", "1d0d2a5e-5b0a-4d53-8f0f-5a3a1c5b7e04",
	     "Name on a list of indicators",
	     "A host or domain of a list stands in a record.",
	     STEP("Who made the call?", "pivot: identity")
	     STEP("What happened around it?", "view: context"))
	"---\n"
	RULE("hash", "1d0d2a5e-5b0a-4d53-8f0f-5a3a1c5b7e05",
	     "Hash on a list of indicators",
	     "A hash of a list stands in a record, as that of a function's "
	     "code or an image.",
	     STEP("Who brought it?", "pivot: identity")
	     STEP("What happened around it?", "view: context"))
	"---\n"
	RULE("agent", "1d0d2a5e-5b0a-4d53-8f0f-5a3a1c5b7e06",
	     "User agent on a list of indicators",
	     "A tool of a list made a call.",
	     STEP("What else was done with this tool?",
		  "filter: userAgent:{userAgent}")
	     STEP("Whose session is it?", "pivot: identity"));
/* clang-format on */

void indicator_rules_add(struct ruleset *rs)
{
	ruleset_add_text(rs, "indicators", str_of(rules_text), true);
}

/* Noting ------------------------------------------------------------------- */

struct noted {
	uint32_t where; /* row of a batch, or number of arrival */
	uint32_t kind;  /* enum indicator_kind */
	uint32_t note;
};

struct notes {
	struct noted *item;
	size_t n, cap;
	struct intern text;
};

struct indicator_watch {
	const struct indicators *indicators;
	rule_index rule[INDICATOR_KIND_COUNT]; /* UINT32_MAX: none */
	struct notes notes;
};

/* A user agent is looked up once a value, for wildcards take time. */
struct agents {
	struct intern text;
	uint32_t *found;
	size_t cap;
};

struct worker {
	const struct indicators *indicators;
	struct notes *notes;
	struct agents agents;
	/* Of the event of now. */
	uint32_t hit[HITS_MAX];
	size_t hit_n;
	struct strbuf note[INDICATOR_KIND_COUNT];
};

static struct notes *notes_new(void)
{
	struct notes *n = mem_zero(1, sizeof(*n));

	intern_init(&n->text);
	return n;
}

static void notes_release(struct notes *n)
{
	free(n->item);
	intern_release(&n->text);
}

static void notes_add(struct notes *n, uint32_t where, uint32_t kind,
		      struct str text)
{
	n->item = mem_grow(n->item, &n->cap, n->n + 1, sizeof(*n->item));
	n->item[n->n++] = (struct noted){ where, kind,
					  intern_add(&n->text, text) };
}

static void *worker_new(void *context)
{
	struct indicator_watch *w = context;
	struct worker *k = mem_zero(1, sizeof(*k));

	k->indicators = w->indicators;
	intern_init(&k->agents.text);
	for (int i = 0; i < INDICATOR_KIND_COUNT; i++)
		strbuf_init(&k->note[i]);
	return k;
}

static void drop(void *part)
{
	if (!part)
		return;
	notes_release(part);
	free(part);
}

static void worker_free(void *worker)
{
	struct worker *k = worker;

	drop(k->notes);
	intern_release(&k->agents.text);
	free(k->agents.found);
	for (int i = 0; i < INDICATOR_KIND_COUNT; i++)
		strbuf_release(&k->note[i]);
	free(k);
}

/* A part of the way from the record to a text. */
struct way {
	const struct way *up;
	struct str key;
};

/* A text in hand. */
struct looking {
	struct worker *worker;
	const struct way *way;
	bool ended;
};

/* From the top; numbers of array members are left out, as in filters. */
static struct str path_of(const struct way *way, char *out)
{
	size_t n = PATH_MAX_BYTES;

	for (; way && n; way = way->up) {
		size_t take = way->key.n < n ? way->key.n : n;

		n -= take;
		if (take)
			memcpy(out + n, way->key.p + way->key.n - take, take);
		if (n && way->up)
			out[--n] = '.';
	}
	return (struct str){ out + n, PATH_MAX_BYTES - n };
}

/* "ioc.txt:12: 203.0.113.66 seen at Acme, in sourceIPAddress". False when
 * that is enough for one event. */
static bool note_hit(struct worker *k, uint32_t indicator, struct str path)
{
	const struct indicator *i = indicators_at(k->indicators, indicator);
	struct strbuf *note = &k->note[i->kind];

	for (size_t n = 0; n < k->hit_n; n++)
		if (k->hit[n] == indicator)
			return true;
	k->hit[k->hit_n++] = indicator;
	strbuf_addf(note, "%s%s:%u: ", note->n ? "; " : "",
		    file_base_name(i->path), i->number);
	strbuf_add(note, i->line);
	if (!k->notes || k->notes->text.count < NOTES_MAX) {
		strbuf_adds(note, ", in ");
		strbuf_add(note, path);
	}
	return k->hit_n < HITS_MAX;
}

static bool told(void *context, uint32_t indicator, size_t from, size_t to)
{
	struct looking *l = context;
	char path[PATH_MAX_BYTES];

	(void)from;
	(void)to;
	l->ended = !note_hit(l->worker, indicator, path_of(l->way, path));
	return !l->ended;
}

/* Recursion is bounded by the depth that records are kept to. */
static void look(struct looking *l, const struct json *v, const struct way *up)
{
	for (const struct json *m = v->child; m && !l->ended; m = m->next) {
		const struct way way = { up, m->key };
		const struct way *here = v->kind == JSON_ARRAY ? up : &way;

		if (!json_is_scalar(m)) {
			look(l, m, here);
		} else if (m->kind == JSON_STRING) {
			l->way = here;
			indicators_in(l->worker->indicators, m->text, told, l);
		}
	}
}

static uint32_t find_agent(struct worker *k, struct str agent)
{
	uint32_t before = k->agents.text.count;
	uint32_t id = intern_add(&k->agents.text, agent);

	if (id >= before) {
		k->agents.found = mem_grow(k->agents.found, &k->agents.cap,
					   (size_t)id + 1,
					   sizeof(*k->agents.found));
		k->agents.found[id] = indicators_agent(k->indicators, agent);
	}
	return k->agents.found[id];
}

static void see(void *worker, const struct event *e, uint32_t row)
{
	struct worker *k = worker;
	struct looking l = { .worker = k };
	struct str agent = e->column[EVENT_AGENT];
	uint32_t found = agent.n ? find_agent(k, agent) : INDICATOR_NONE;

	if (found != INDICATOR_NONE)
		note_hit(k, found, STR("userAgent"));
	look(&l, e->record, NULL);
	if (!k->hit_n)
		return;
	if (!k->notes)
		k->notes = notes_new();
	for (uint32_t i = 0; i < INDICATOR_KIND_COUNT; i++)
		if (k->note[i].n) {
			notes_add(k->notes, row, i, strbuf_str(&k->note[i]));
			strbuf_clear(&k->note[i]);
		}
	k->hit_n = 0;
}

static void *take(void *worker)
{
	struct worker *k = worker;
	struct notes *part = k->notes;

	k->notes = NULL;
	return part;
}

static void merge(void *context, void *part, uint32_t first)
{
	struct indicator_watch *w = context;
	const struct notes *from = part;

	for (size_t i = 0; i < from->n; i++) {
		const struct noted *x = &from->item[i];

		notes_add(&w->notes, first + x->where, x->kind,
			  intern_text(&from->text, x->note));
	}
	drop(part);
}

/* The watch ---------------------------------------------------------------- */

struct indicator_watch *indicator_watch_new(const struct indicators *x,
					    const struct ruleset *rs)
{
	struct indicator_watch *w = mem_zero(1, sizeof(*w));

	w->indicators = x;
	intern_init(&w->notes.text);
	for (int k = 0; k < INDICATOR_KIND_COUNT; k++) {
		struct str name =
			str_of(indicator_kind_name((enum indicator_kind)k));

		w->rule[k] = UINT32_MAX;
		for (rule_index i = (rule_index)ruleset_count(rs); i-- > 0;)
			if (ruleset_at(rs, i)->state == RULE_ACTIVE &&
			    str_eq(ruleset_at(rs, i)->rule.indicator, name))
				w->rule[k] = i;
	}
	return w;
}

void indicator_watch_free(struct indicator_watch *w)
{
	if (!w)
		return;
	notes_release(&w->notes);
	free(w);
}

struct ingest_visitor indicator_watch_visitor(struct indicator_watch *w)
{
	return (struct ingest_visitor){ .context = w,
					.worker_new = worker_new,
					.worker_free = worker_free,
					.see = see,
					.take = take,
					.merge = merge,
					.drop = drop };
}

void indicator_watch_matches(const struct indicator_watch *w,
			     const row_id *row_of, uint32_t arrivals,
			     struct rule_matches *m)
{
	struct rule_match *found;
	size_t n = 0;

	if (!w->notes.n)
		return;
	if (!m->notes) {
		m->notes = mem_alloc(sizeof(*m->notes));
		intern_init(m->notes);
	}
	found = mem_alloc(w->notes.n * sizeof(*found));
	for (size_t i = 0; i < w->notes.n; i++) {
		const struct noted *x = &w->notes.item[i];

		if (x->where >= arrivals || row_of[x->where] == ROW_NONE ||
		    w->rule[x->kind] == UINT32_MAX)
			continue;
		found[n++] = rule_match_of(
			row_of[x->where], w->rule[x->kind],
			intern_add(m->notes,
				   intern_text(&w->notes.text, x->note)),
			0);
	}
	rule_matches_sort(found, n);
	rule_matches_merge(m, found, n);
	free(found);
}

/* In a pack ---------------------------------------------------------------- */

enum {
	SAVED_NOTES = WATCH_LATER, /* struct noted */
	SAVED_TEXTS,               /* strings, two */
	SAVED_ALL = SAVED_TEXTS + 2,
};

_Static_assert((int)SAVED_ALL <= (int)NOTED_LATER_END, "numbers are free");

uint64_t indicator_watch_bytes(const struct indicator_watch *w)
{
	return w->notes.n * sizeof(*w->notes.item) +
	       intern_memory(&w->notes.text);
}

void indicator_watch_save(const struct indicator_watch *w,
			  const uint32_t *number, struct pack_writer *pack)
{
	pack_begin(pack, SAVED_NOTES);
	for (size_t i = 0; i < w->notes.n; i++) {
		struct noted x = w->notes.item[i];

		x.where = number[x.where];
		pack_add(pack, &x, sizeof(x));
	}
	intern_save(&w->notes.text, pack, SAVED_TEXTS);
}

static void reset(struct indicator_watch *w)
{
	notes_release(&w->notes);
	w->notes = (struct notes){ .n = 0 };
	intern_init(&w->notes.text);
}

bool indicator_watch_restore(struct indicator_watch *w,
			     const struct rest_arrived *arrived, struct pack *p)
{
	size_t n;
	struct noted *x = pack_take(p, SAVED_NOTES, sizeof(*x), &n);
	struct intern texts;
	bool ok;

	intern_init(&texts);
	ok = x && intern_restore(&texts, p, SAVED_TEXTS);
	for (size_t i = 0; ok && i < n; i++) {
		ok = x[i].where < arrived->n &&
		     x[i].kind < INDICATOR_KIND_COUNT &&
		     x[i].note < texts.count;
		if (ok && arrived->of[x[i].where] != ROW_NONE)
			notes_add(&w->notes, arrived->of[x[i].where], x[i].kind,
				  intern_text(&texts, x[i].note));
	}
	intern_release(&texts);
	free(x);
	if (!ok)
		reset(w);
	return ok;
}
