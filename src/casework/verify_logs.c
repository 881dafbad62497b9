/* SPDX-License-Identifier: MIT */
/* Logs against the digests that list them, and how far both go. */
#include "casework/verify_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/intern.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

enum {
	MINUTE = 60 * 1000,
	/* From the time in a log's name to its delivery: a log of the end of
	 * an hour may stand in the digest of the next. */
	LATE = 15 * MINUTE,
};

struct listed {
	const struct digest_entry *e;
	uint32_t digest;
};

/* What is listed under one name. Of those digests whose word is worth most,
 * one; and whether all of them say the same. */
struct name_group {
	uint32_t best;
	bool agreed;
	bool found; /* a file of this name, or with this content, is here */
};

struct logs {
	struct verify *v;
	struct listed *listed;
	uint32_t n;
	uint32_t *by_sum;
	struct name_group *group; /* by name */
	uint32_t groups;
	uint32_t *by_time; /* digests by account, Region and start */
	uint32_t *latest;  /* by place in by_time: the digest with the latest
			      end so far, of that account and Region */
	uint32_t timed;
	struct intern kinds; /* of logs that are listed */
	struct intern days;  /* "ACCOUNT REGION DAY", of files that are here */
};

/* What digests list ------------------------------------------------------- */

static struct str listed_name(const struct logs *l, uint32_t i)
{
	return name_unpacked(l->listed[i].e->object);
}

static int compare_names(uint32_t a, uint32_t b, const void *context)
{
	const struct logs *l = context;
	int c = str_cmp(listed_name(l, a), listed_name(l, b));

	return c ? c : a < b ? -1 : a > b;
}

static int compare_sums(uint32_t a, uint32_t b, const void *context)
{
	const struct logs *l = context;
	int c = sha256_cmp(&l->listed[a].e->sum, &l->listed[b].e->sum);

	return c ? c : a < b ? -1 : a > b;
}

/* What a digest's word is worth: less is more. */
static unsigned rank_of(const struct logs *l, uint32_t listed)
{
	switch (l->v->digest[l->listed[listed].digest].word) {
	case VERIFY_VERIFIED:
		return 0;
	case VERIFY_CONSISTENT:
		return 1;
	case VERIFY_UNCONFIRMED:
		return 2;
	default:
		return 3;
	}
}

static void add_to_group(struct logs *l, struct name_group *g, uint32_t k)
{
	unsigned rank = rank_of(l, k), best = rank_of(l, g->best);

	if (rank > best)
		return;
	if (rank < best)
		*g = (struct name_group){ .best = k, .agreed = true };
	else if (sha256_cmp(&l->listed[k].e->sum, &l->listed[g->best].e->sum))
		g->agreed = false;
}

static void group_names(struct logs *l)
{
	uint32_t *by_name = sort_order(l->n, compare_names, l);

	l->group = mem_alloc(((size_t)l->n + 1) * sizeof(*l->group));
	for (uint32_t i = 0; i < l->n; i++) {
		uint32_t k = by_name[i];

		if (i == 0 ||
		    !str_eq(listed_name(l, k), listed_name(l, by_name[i - 1])))
			l->group[l->groups++] = (struct name_group){
				.best = k, .agreed = true
			};
		else
			add_to_group(l, &l->group[l->groups - 1], k);
	}
	free(by_name);
}

static void gather(struct logs *l)
{
	const struct verify *v = l->v;
	struct delivery_name name;
	size_t n = 0;

	for (uint32_t i = 0; i < v->digests; i++)
		n += v->digest[i].copy ? 0 : v->digest[i].d.n;
	l->listed = mem_alloc((n + 1) * sizeof(*l->listed));
	for (uint32_t i = 0; i < v->digests; i++) {
		const struct digest *d = &v->digest[i].d;

		for (size_t e = 0; !v->digest[i].copy && e < d->n; e++) {
			l->listed[l->n++] = (struct listed){ &d->entry[e], i };
			if (delivery_name_read(d->entry[e].object, &name))
				intern_add(&l->kinds, name.kind);
		}
		if (!v->digest[i].copy)
			v->r->chain[v->digest[i].chain].logs += (uint32_t)d->n;
	}
	l->by_sum = sort_order(l->n, compare_sums, l);
	group_names(l);
}

/* The group of a name, or NULL. */
static struct name_group *find_group(const struct logs *l, struct str name)
{
	uint32_t low = 0, high = l->groups;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int c = str_cmp(listed_name(l, l->group[mid].best), name);

		if (!c)
			return &l->group[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* Time -------------------------------------------------------------------- */

static int compare_starts(uint32_t x, uint32_t y, const void *context)
{
	const struct verify *v = context;
	const struct digest *a = &v->digest[x].d, *b = &v->digest[y].d;
	int c = str_cmp(a->name.account, b->name.account);

	if (!c)
		c = str_cmp(a->name.region, b->name.region);
	if (!c && a->start != b->start)
		c = a->start < b->start ? -1 : 1;
	return c ? c : x < y ? -1 : x > y;
}

static bool is_of(const struct logs *l, uint32_t place, struct str account,
		  struct str region)
{
	const struct digest_name *n = &l->v->digest[l->by_time[place]].d.name;

	return str_eq(n->account, account) && str_eq(n->region, region);
}

static void order_times(struct logs *l)
{
	const struct verify *v = l->v;

	l->by_time = mem_alloc(((size_t)v->digests + 1) * sizeof(*l->by_time));
	l->latest = mem_alloc(((size_t)v->digests + 1) * sizeof(*l->latest));
	for (uint32_t i = 0; i < v->digests; i++)
		if (!v->digest[i].d.name.backfill)
			l->by_time[l->timed++] = i;
	sort_u32(l->by_time, l->timed, compare_starts, v);
	for (uint32_t i = 0; i < l->timed; i++) {
		const struct digest *d = &v->digest[l->by_time[i]].d;
		bool later = i > 0 &&
			     is_of(l, i - 1, d->name.account, d->name.region) &&
			     v->digest[l->latest[i - 1]].d.end >= d->end;

		l->latest[i] = later ? l->latest[i - 1] : l->by_time[i];
	}
}

/* How digests of an account and a Region stand to a time. */
enum cover { COVER_NONE, COVER_BEFORE, COVER_YES, COVER_HOLE, COVER_AFTER };

/* Places in by_time below the first that starts after `t`. */
static uint32_t seek_time(const struct logs *l, struct str account,
			  struct str region, int64_t t)
{
	uint32_t low = 0, high = l->timed;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct digest *d = &l->v->digest[l->by_time[mid]].d;
		int c = str_cmp(d->name.account, account);

		if (!c)
			c = str_cmp(d->name.region, region);
		if (c < 0 || (!c && d->start <= t))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* `latest` is told of the digest with the latest end of those that start
 * before, where there is one. */
static enum cover cover_of(const struct logs *l,
			   const struct delivery_name *name, int64_t t,
			   uint32_t *latest)
{
	uint32_t i = seek_time(l, name->account, name->region, t);
	bool before = i > 0 && is_of(l, i - 1, name->account, name->region);
	bool after = i < l->timed && is_of(l, i, name->account, name->region);

	if (!before)
		return after ? COVER_BEFORE : COVER_NONE;
	*latest = l->latest[i - 1];
	if (l->v->digest[*latest].d.end > t)
		return COVER_YES;
	return after ? COVER_HOLE : COVER_AFTER;
}

/* Files ------------------------------------------------------------------- */

static enum verify_state state_by(const struct logs *l, uint32_t listed)
{
	return rank_of(l, listed) == 3 ?
		       VERIFY_UNPROVEN :
		       l->v->digest[l->listed[listed].digest].word;
}

static struct str wrong_sum(const struct logs *l, const struct read_file *r,
			    uint32_t listed)
{
	struct strbuf text;
	struct str s;

	if (!r->trouble && rank_of(l, listed) < 2)
		return STR("its sum is not the one in its digest");
	strbuf_init(&text);
	if (r->trouble)
		strbuf_addf(&text, "%s: its sum cannot be", r->trouble);
	else
		strbuf_adds(&text, "its sum is not");
	strbuf_adds(&text, " the one in its digest");
	if (rank_of(l, listed) >= 2)
		strbuf_adds(&text, ", which nothing confirms either");
	s = arena_text(&l->v->r->arena, strbuf_str(&text));
	strbuf_release(&text);
	return s;
}

static void put_listed(const struct logs *l, struct verify_item *m, uint32_t k)
{
	m->bucket = l->listed[k].e->bucket;
	m->object = l->listed[k].e->object;
	m->chain = l->v->digest[l->listed[k].digest].chain;
}

static void judge_listed(struct logs *l, struct verify_item *m,
			 const struct name_group *g)
{
	const struct read_file *r = &l->v->read[m->file];
	const struct sha256 *sum = &l->listed[g->best].e->sum;
	bool first = g->agreed && !sha256_cmp(sum, &r->first);
	bool all = g->agreed && !sha256_cmp(sum, &r->all);

	put_listed(l, m, g->best);
	if (r->refused) {
		m->state = VERIFY_UNREADABLE;
		m->detail = str_of(r->trouble);
	} else if (!g->agreed) {
		m->state = VERIFY_CHANGED;
		m->detail = STR("digests that are worth as much have different "
				"sums of it");
	} else if (first && r->followed) {
		m->state = VERIFY_APPENDED;
		m->detail = STR("something follows the first gzip member, "
				"which is all that was delivered");
	} else if ((first || all) && !r->trouble) {
		m->state = state_by(l, g->best);
		if (m->state == VERIFY_UNPROVEN)
			m->detail = STR("only a digest that is wrong, or that "
					"no other names, lists it");
	} else {
		m->state = VERIFY_CHANGED;
		m->detail = wrong_sum(l, r, g->best);
	}
}

/* A log of another name whose content is listed. */
static bool judge_by_sum(struct logs *l, struct verify_item *m)
{
	const struct read_file *r = &l->v->read[m->file];
	uint32_t low = 0, high = l->n, best = VERIFY_NONE;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (sha256_cmp(&l->listed[l->by_sum[mid]].e->sum, &r->all) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	/* They were sorted by number: few digests list one content. */
	for (unsigned tries = 0; low < l->n && tries < 16; low++, tries++) {
		uint32_t k = l->by_sum[low];

		if (sha256_cmp(&l->listed[k].e->sum, &r->all))
			break;
		if (best == VERIFY_NONE || rank_of(l, k) < rank_of(l, best))
			best = k;
	}
	if (best == VERIFY_NONE || r->trouble || r->followed)
		return false;
	m->state = state_by(l, best);
	put_listed(l, m, best);
	m->detail = STR("under another name than in S3");
	find_group(l, listed_name(l, best))->found = true;
	return true;
}

/* A log that is older than the first digest. */
static void note_before(const struct logs *l, const struct delivery_name *name)
{
	uint32_t i = seek_time(l, name->account, name->region, name->time);
	struct verify_chain *c =
		&l->v->r->chain[l->v->digest[l->by_time[i]].chain];

	if (c->logs_from == TIME_NONE || c->logs_from < name->time)
		c->logs_from = name->time;
}

/* A log that is newer than the last digest. */
static void note_beyond(const struct logs *l, uint32_t latest, int64_t t)
{
	struct verify_chain *c = &l->v->r->chain[l->v->digest[latest].chain];

	if (c->logs_to == TIME_NONE || c->logs_to < t)
		c->logs_to = t;
}

static void judge_unlisted(struct logs *l, struct verify_item *m,
			   const struct delivery_name *name)
{
	static const char *const why[] = {
		[COVER_NONE] = "no digest of its account and Region is here",
		[COVER_BEFORE] = "delivered before the first digest here "
				 "begins",
		[COVER_HOLE] = "no digest here covers its time",
		[COVER_AFTER] = "newer than the last digest here: not yet "
				"proven",
	};
	uint32_t latest = 0;
	enum cover cover = cover_of(l, name, name->time, &latest);

	m->state = VERIFY_UNPROVEN;
	m->first = m->last = name->time;
	if (cover == COVER_YES) {
		/* It may have been delivered into the next digest's hour. */
		cover = cover_of(l, name, name->time + LATE, &latest);
		/* Those of Insights, of network activity and of aggregates. */
		if (cover == COVER_YES &&
		    !str_eq(name->kind, STR("CloudTrail")) &&
		    intern_find(&l->kinds, name->kind) == INTERN_NONE) {
			m->detail = STR("digests here list no logs of this "
					"kind");
			return;
		}
	}
	if (cover == COVER_AFTER)
		note_beyond(l, latest, name->time);
	else if (cover == COVER_BEFORE)
		note_before(l, name);
	if (cover != COVER_YES) {
		m->detail = str_of(why[cover]);
		return;
	}
	m->state = VERIFY_EXTRA;
	m->detail = STR("added afterwards, or of another trail, or late and "
			"waiting for a backfill digest");
}

static void judge_file(struct logs *l, uint32_t file)
{
	struct str path = str_of(l->v->files->entry[file].path);
	struct verify_item *m = verify_add(l->v, VERIFY_LOG, VERIFY_UNPROVEN,
					   VERIFY_NONE);
	struct delivery_name name;
	bool named = delivery_name_read(path, &name);
	struct name_group *group = find_group(l, name_unpacked(path));

	m->file = file;
	if (named)
		m->first = m->last = name.time;
	l->v->r->logs++;
	if (group) {
		group->found = true;
		judge_listed(l, m, group);
	} else if (l->v->read[file].refused) {
		m->state = VERIFY_UNREADABLE;
		m->detail = str_of(l->v->read[file].trouble);
	} else if (!judge_by_sum(l, m) && named) {
		judge_unlisted(l, m, &name);
	} else if (!named && !m->object.n) {
		m->detail = STR("its name does not tell when and where it was "
				"delivered");
	}
}

/* Neither a digest nor a log, as far as could be seen. */
static void judge_other(struct verify *v, uint32_t file)
{
	struct verify_item *m;

	v->r->others++;
	if (!v->read[file].refused || v->files->entry[file].foreign)
		return;
	m = verify_add(v, VERIFY_LOG, VERIFY_UNREADABLE, VERIFY_NONE);
	m->file = file;
	m->detail = str_of(v->read[file].trouble);
}

/* "111122223333 us-east-1 20454" */
static void add_day(struct strbuf *out, const struct delivery_name *name)
{
	strbuf_add(out, name->account);
	strbuf_addc(out, ' ');
	strbuf_add(out, name->region);
	strbuf_addf(out, " %lld", (long long)(name->time / (24 * 60 * MINUTE)));
}

static void note_days(struct logs *l)
{
	struct delivery_name name;
	struct strbuf day;

	strbuf_init(&day);
	for (uint32_t f = 0; f < l->v->files->n; f++) {
		if (l->v->read[f].kind != READ_LOG ||
		    !delivery_name_read(str_of(l->v->files->entry[f].path),
					&name))
			continue;
		strbuf_clear(&day);
		add_day(&day, &name);
		intern_add(&l->days, strbuf_str(&day));
	}
	strbuf_release(&day);
}

static struct str why_missing(const struct logs *l, uint32_t listed,
			      const struct delivery_name *name)
{
	struct strbuf day;
	bool here;

	if (rank_of(l, listed) == 3)
		return STR("listed by a digest that is wrong");
	strbuf_init(&day);
	add_day(&day, name);
	here = intern_find(&l->days, strbuf_str(&day)) != INTERN_NONE;
	strbuf_release(&day);
	return here ? STR("deleted, or not collected: its digest lists it") :
		      STR("not collected, or deleted: no log of its Region "
			  "and day is here");
}

static void list_missing(struct logs *l)
{
	for (uint32_t i = 0; i < l->groups; i++) {
		const struct name_group *g = &l->group[i];
		struct delivery_name name;
		struct verify_item *m;

		if (g->found)
			continue;
		m = verify_add(l->v, VERIFY_LOG, VERIFY_MISSING, VERIFY_NONE);
		put_listed(l, m, g->best);
		if (!delivery_name_read(m->object, &name))
			continue;
		m->first = m->last = name.time;
		m->detail = why_missing(l, g->best, &name);
	}
}

void verify_judge_logs(struct verify *v)
{
	struct logs l = { .v = v };

	intern_init(&l.kinds);
	intern_init(&l.days);
	gather(&l);
	order_times(&l);
	for (uint32_t f = 0; f < v->files->n; f++)
		if (v->read[f].kind == READ_LOG)
			judge_file(&l, f);
		else if (v->read[f].kind != READ_DIGEST)
			judge_other(v, f);
	note_days(&l);
	list_missing(&l);
	free(l.listed);
	free(l.by_sum);
	free(l.group);
	free(l.by_time);
	free(l.latest);
	intern_release(&l.kinds);
	intern_release(&l.days);
}
