/* SPDX-License-Identifier: MIT */
/*
 * What is known of digests: who vouches for whom, and where time has holes.
 *
 * A digest is told of by later ones alone, so they are judged from the newest
 * to the oldest: when one is judged, all that speak of it have been.
 */
#include "casework/verify_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

enum {
	HOUR = 3600 * 1000, /* ms */
	/* Files that claim one place in S3, and claims about one digest, that
	 * are gone into: more is nothing that a bucket can hold. */
	MOST_RIVALS = 16,
	MOST_CLAIMS = 64,
	MOST_HOURS = 1000,     /* missing ones that are listed one by one */
	MOST_UNNAMED = 100000, /* of all gaps together */
};

/* Order ------------------------------------------------------------------- */

static int compare_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_times(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_objects(uint32_t x, uint32_t y, const void *context)
{
	const struct verify *v = context;
	const struct known_digest *a = &v->digest[x], *b = &v->digest[y];
	int c = str_cmp(a->d.object, b->d.object);

	if (!c)
		c = str_cmp(a->d.bucket, b->d.bucket);
	if (!c)
		c = sha256_cmp(&a->sum, &b->sum);
	return c ? c : compare_u32(a->file, b->file);
}

/* "PREFIX/AWSLogs/o-ORG/ACCOUNT/" */
static struct str place_of(const struct digest *d)
{
	size_t at = str_find(d->object, STR("CloudTrail-Digest/"), 0);

	return str_sub(d->object, 0, at == SIZE_MAX ? 0 : at);
}

static int compare_chains(const struct digest *a, const struct digest *b)
{
	int c = str_cmp(a->name.stem, b->name.stem);

	if (!c)
		c = (int)a->name.backfill - (int)b->name.backfill;
	if (!c)
		c = str_cmp(place_of(a), place_of(b));
	return c ? c : str_cmp(a->bucket, b->bucket);
}

static int compare_in_chains(uint32_t x, uint32_t y, const void *context)
{
	const struct verify *v = context;
	const struct known_digest *a = &v->digest[x], *b = &v->digest[y];
	int c = compare_chains(&a->d, &b->d);

	if (!c)
		c = compare_times(a->d.end, b->d.end);
	if (!c)
		c = str_cmp(a->d.object, b->d.object);
	if (!c)
		c = sha256_cmp(&a->sum, &b->sum);
	return c ? c : compare_u32(a->file, b->file);
}

static void add_chain(struct verify *v, const struct digest *d)
{
	struct verify_chain *c = &v->r->chain[v->r->chains++];

	*c = (struct verify_chain){
		.bucket = d->bucket,
		.account = d->name.account,
		.region = d->name.region,
		.trail = d->name.trail,
		.home = d->name.home,
		.backfill = d->name.backfill,
		.first = d->start,
		.signed_to = TIME_NONE,
		.logs_to = TIME_NONE,
		.logs_from = TIME_NONE,
	};
}

void verify_sort_chains(struct verify *v)
{
	const struct known_digest *before = NULL;

	v->by_object = sort_order(v->digests, compare_objects, v);
	v->by_chain = sort_order(v->digests, compare_in_chains, v);
	v->r->chain = mem_zero((size_t)v->digests + 1, sizeof(*v->r->chain));
	for (uint32_t i = 0; i < v->digests; i++) {
		struct known_digest *k = &v->digest[v->by_chain[i]];
		struct verify_chain *c;

		if (!before || compare_chains(&before->d, &k->d))
			add_chain(v, &k->d);
		k->chain = v->r->chains - 1;
		c = &v->r->chain[k->chain];
		if (k->d.start < c->first)
			c->first = k->d.start;
		c->last = k->d.end;
		c->digests++;
		before = k;
	}
	for (uint32_t i = 1; i < v->digests; i++) {
		struct known_digest *a = &v->digest[v->by_object[i - 1]];
		struct known_digest *b = &v->digest[v->by_object[i]];

		b->copy = str_eq(a->d.object, b->d.object) &&
			  str_eq(a->d.bucket, b->d.bucket) &&
			  !sha256_cmp(&a->sum, &b->sum);
	}
}

/* Judging ----------------------------------------------------------------- */

/* The first in by_object that has the object and bucket, or a later one. */
static uint32_t seek(const struct verify *v, struct str object,
		     struct str bucket)
{
	uint32_t low = 0, high = v->digests;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct digest *d = &v->digest[v->by_object[mid]].d;
		int c = str_cmp(d->object, object);

		if (!c)
			c = str_cmp(d->bucket, bucket);
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool is_at(const struct verify *v, uint32_t place, struct str object,
		  struct str bucket)
{
	const struct digest *d;

	if (place >= v->digests)
		return false;
	d = &v->digest[v->by_object[place]].d;
	return str_eq(d->object, object) && str_eq(d->bucket, bucket);
}

bool verify_has_before(const struct verify *v, const struct known_digest *k)
{
	const struct digest *d = &k->d;

	return is_at(v, seek(v, d->before_object, d->before_bucket),
		     d->before_object, d->before_bucket);
}

static void check_signature(const struct verify *v, struct known_digest *k,
			    struct str hex)
{
	const struct rsa_key *key = v->o->keys ?
					    verify_keys_find(v->o->keys,
							     k->d.fingerprint,
							     k->d.end) :
					    NULL;
	struct strbuf text, signature;

	if (!key || k->held)
		return;
	strbuf_init(&text);
	strbuf_init(&signature);
	digest_add_signed(&text, &k->d, &k->sum);
	if (digest_signature(hex, &signature) &&
	    rsa_key_signed(key, strbuf_str(&text), strbuf_str(&signature)))
		k->held = true;
	else
		k->denied = true;
	strbuf_release(&text);
	strbuf_release(&signature);
}

static bool is_trusted(enum verify_state s)
{
	return s == VERIFY_VERIFIED || s == VERIFY_CONSISTENT ||
	       s == VERIFY_UNCONFIRMED;
}

/* What a digest that was judged says of the one before it. */
static void tell(struct verify *v, const struct known_digest *k)
{
	const struct digest *d = &k->d;
	uint32_t i = seek(v, d->before_object, d->before_bucket);

	for (uint32_t n = 0;
	     n < MOST_RIVALS && is_at(v, i, d->before_object, d->before_bucket);
	     i++) {
		struct known_digest *p = &v->digest[v->by_object[i]];
		bool same = d->summed && !sha256_cmp(&p->sum, &d->before_sum);

		n += !p->copy;
		if (p->d.end >= d->end || p->named >= MOST_CLAIMS)
			continue;
		p->named++;
		p->believed |= same && k->state == VERIFY_VERIFIED;
		p->agreed |= same && is_trusted(k->state);
		p->doubted |= d->summed && !same;
		check_signature(v, p, d->before_signature);
	}
}

static void judge(struct known_digest *k)
{
	if (k->held || k->believed)
		k->state = VERIFY_VERIFIED;
	else if (k->doubted && !k->agreed)
		k->state = VERIFY_CHANGED;
	else if (k->denied)
		k->state = VERIFY_FORGED;
	else
		k->state = k->agreed ? VERIFY_CONSISTENT : VERIFY_UNCONFIRMED;
}

/* Whoever names another sum for what a signature holds of is wrong. */
static void find_misled(struct verify *v, struct known_digest *k)
{
	const struct digest *d = &k->d;
	uint32_t i = seek(v, d->before_object, d->before_bucket);
	bool held = false, same = false;

	for (uint32_t n = 0;
	     n < MOST_RIVALS && is_at(v, i, d->before_object, d->before_bucket);
	     n++, i++) {
		const struct known_digest *p = &v->digest[v->by_object[i]];

		same |= !sha256_cmp(&p->sum, &d->before_sum);
		held |= p->held;
	}
	k->misled = d->summed && held && !same;
	if (k->misled && k->state != VERIFY_VERIFIED)
		k->state = VERIFY_CHANGED;
}

static int compare_ends(uint32_t x, uint32_t y, const void *context)
{
	const struct verify *v = context;

	return compare_times(v->digest[y].d.end, v->digest[x].d.end);
}

static int compare_heads(const void *a, const void *b)
{
	return str_cmp(((const struct head *)a)->base,
		       ((const struct head *)b)->base);
}

/* Signatures that somebody saved out of S3, which the newest have nowhere
 * else. */
static void check_heads(struct verify *v)
{
	if (v->heads)
		qsort(v->head, v->heads, sizeof(*v->head), compare_heads);
	for (uint32_t i = 0; v->heads && i < v->digests; i++) {
		struct known_digest *k = &v->digest[i];
		struct head wanted = { name_unpacked(k->d.object), STR_NULL };
		const struct head *h = bsearch(&wanted, v->head, v->heads,
					       sizeof(wanted), compare_heads);

		if (!h)
			continue;
		check_signature(v, k, h->signature);
		k->denied_by_s3 = k->denied;
	}
}

void verify_judge_digests(struct verify *v)
{
	uint32_t *order = sort_order(v->digests, compare_ends, v);

	check_heads(v);
	for (uint32_t i = 0; i < v->digests; i++) {
		struct known_digest *k = &v->digest[order[i]];

		judge(k);
		if (!k->d.starting)
			tell(v, k);
	}
	for (uint32_t i = 0; i < v->digests; i++)
		if (!v->digest[i].d.starting)
			find_misled(v, &v->digest[i]);
	free(order);
}

/* Gaps -------------------------------------------------------------------- */

static struct str words(struct verify *v, struct strbuf *text)
{
	struct str s = arena_text(&v->r->arena, strbuf_str(text));

	strbuf_release(text);
	return s;
}

void verify_add_named(struct verify *v, const struct known_digest *by,
		      int64_t first)
{
	struct verify_item *m = verify_add(v, VERIFY_DIGEST, VERIFY_MISSING,
					   by->chain);
	struct strbuf text;

	m->bucket = by->d.before_bucket;
	m->object = by->d.before_object;
	m->first = first;
	m->last = by->d.start;
	strbuf_init(&text);
	strbuf_adds(&text, "deleted, or not collected: it is named by ");
	strbuf_add(&text, name_base(by->d.object));
	m->detail = words(v, &text);
}

/* "..._20261003T080131Z.json.gz" for the digest that ends then. */
static struct str expected_name(struct verify *v, const struct digest *d,
				int64_t end)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	struct time_parts p = time_split(end, &utc);
	struct strbuf text;

	strbuf_init(&text);
	strbuf_add(&text, place_of(d));
	strbuf_adds(&text, "CloudTrail-Digest/");
	strbuf_add(&text, d->name.region);
	strbuf_addf(&text, "/%04d/%02d/%02d/", p.year, p.month, p.day);
	strbuf_add(&text, d->name.stem);
	strbuf_addf(&text, "_%04d%02d%02dT%02d%02d%02dZ.json.gz", p.year,
		    p.month, p.day, p.hour, p.minute, p.second);
	return words(v, &text);
}

/* Digests between two that nothing here names, since the one that named them
 * is missing as well. */
static void add_unnamed(struct verify *v, const struct known_digest *a,
			const struct known_digest *b, int64_t hours)
{
	struct verify_item *m;
	int64_t i = 1;

	/* Digests are written by whoever wrote them: of all gaps together no
	 * more are listed than there is room for. */
	for (; i < hours && i <= MOST_HOURS && v->unnamed < MOST_UNNAMED &&
	       !v->gaps;
	     i++) {
		v->unnamed++;
		m = verify_add(v, VERIFY_DIGEST, VERIFY_MISSING, b->chain);
		m->first = a->d.end + (i - 1) * HOUR;
		m->last = m->first + HOUR;
		m->bucket = a->d.bucket;
		m->object = expected_name(v, &a->d, m->last);
		m->detail = STR("deleted, or not collected: no digest here "
				"names it, since the one after it is missing "
				"as well; this is the name that its hour "
				"gives it");
	}
	if (!v->gaps && i >= hours)
		return;
	m = verify_add(v, VERIFY_GAP, VERIFY_MISSING, b->chain);
	m->first = a->d.end;
	m->last = b->d.start;
	m->detail = hours > 1 ? STR("digests in a row are missing") :
				STR("a digest is missing");
	if (!v->gaps)
		m->detail = STR("more digests in a row are missing than are "
				"listed");
}

static void add_restart(struct verify *v, const struct known_digest *a,
			const struct known_digest *b)
{
	struct verify_item *m = verify_add(v, VERIFY_GAP, VERIFY_RESTARTED,
					   b->chain);
	struct strbuf text;

	m->first = a->d.end;
	m->last = b->d.start;
	strbuf_init(&text);
	strbuf_adds(&text, "the chain begins anew with ");
	strbuf_add(&text, name_base(b->d.object));
	strbuf_adds(&text,
		    ": logging or its validation was off (look for "
		    "StopLogging, UpdateTrail, DeleteTrail), or the last "
		    "digests before it, which nothing names, were deleted");
	m->detail = words(v, &text);
}

/* Two digests of a chain, one after the other. */
static void look_between(struct verify *v, struct known_digest *a,
			 const struct known_digest *b)
{
	int64_t gap = b->d.start - a->d.end;
	int64_t hours = gap > 0 ? (gap + HOUR / 2) / HOUR : 0;

	if (b->d.starting) {
		if (!b->d.name.backfill)
			add_restart(v, a, b);
	} else if (!verify_has_before(v, b)) {
		verify_add_named(v, b,
				 b->d.name.backfill || hours < 1 ?
					 TIME_NONE :
					 b->d.start - gap / hours);
		if (!b->d.name.backfill)
			add_unnamed(v, a, b, hours);
	} else if (!a->named && is_trusted(a->state)) {
		a->state = VERIFY_EXTRA;
	}
}

void verify_find_gaps(struct verify *v)
{
	struct known_digest *a = NULL;

	for (uint32_t i = 0; i < v->digests; i++) {
		struct known_digest *b = &v->digest[v->by_chain[i]];
		bool rival = a && a->chain == b->chain &&
			     str_eq(a->d.object, b->d.object);

		if (a && a->chain == b->chain && !rival)
			look_between(v, a, b);
		if (!rival)
			a = b;
	}
	for (uint32_t i = 0; i < v->digests; i++) {
		struct known_digest *k = &v->digest[i];

		k->word = k->state;
		if (k->appended && is_trusted(k->state))
			k->state = VERIFY_APPENDED;
	}
}

/* Lists ------------------------------------------------------------------- */

/* Where a digest stands among those of its chain that are here. */
struct place {
	bool oldest, newest;
};

static struct place place_in_chain(const struct verify *v, uint32_t i)
{
	uint32_t chain = v->digest[v->by_chain[i]].chain;

	return (struct place){
		i == 0 || v->digest[v->by_chain[i - 1]].chain != chain,
		i + 1 == v->digests ||
			v->digest[v->by_chain[i + 1]].chain != chain,
	};
}

static struct str detail_of(struct verify *v, const struct known_digest *k,
			    struct place place)
{
	struct str path = str_of(v->files->entry[k->file].path);

	switch (k->state) {
	case VERIFY_CHANGED:
		return k->misled ? STR("what it says of the digest before it "
				       "is not so, which a signature holds "
				       "of") :
				   STR("its sum is not the one that the next "
				       "digest has of it");
	case VERIFY_FORGED:
		if (k->denied_by_s3)
			return STR("the signature that S3 has of it does not "
				   "hold");
		return STR("the signature that the next digest has of it does "
			   "not hold");
	case VERIFY_APPENDED:
		return STR("something follows the first gzip member; what "
			   "comes before is as it was");
	case VERIFY_EXTRA:
		return STR("no later digest names it, though they are here");
	case VERIFY_UNCONFIRMED:
		if (k->named)
			return STR(
				"no digest that can be relied on has its sum");
		if (!place.newest)
			return STR("no digest after it is here that would "
				   "confirm it");
		break;
	default:
		break;
	}
	if (v->r->keys && k->state != VERIFY_VERIFIED && k->named &&
	    !verify_keys_has(v->o->keys, k->d.fingerprint))
		return STR("none of the public keys has its fingerprint");
	if (v->r->keys && k->state != VERIFY_VERIFIED && k->named &&
	    !verify_keys_find(v->o->keys, k->d.fingerprint, k->d.end))
		return STR("the public key with its fingerprint was not valid "
			   "at its time");
	if (k->copy)
		return STR("a copy of another file here");
	if (!str_eq(name_unpacked(path), name_unpacked(k->d.object)))
		return STR("under another name than in S3");
	if (k->d.starting)
		return STR("the first of its chain");
	if (place.oldest && !verify_has_before(v, k))
		return STR("the digest before it is not here: the evidence "
			   "begins later");
	return STR_NULL;
}

void verify_list_digests(struct verify *v)
{
	for (uint32_t i = 0; i < v->digests; i++) {
		struct known_digest *k = &v->digest[v->by_chain[i]];
		struct verify_item *m = verify_add(v, VERIFY_DIGEST, k->state,
						   k->chain);

		m->file = k->file;
		m->bucket = k->d.bucket;
		m->object = k->d.object;
		m->first = k->d.start;
		m->last = k->d.end;
		m->detail = detail_of(v, k, place_in_chain(v, i));
		if (k->word == VERIFY_VERIFIED)
			v->r->chain[k->chain].signed_to = k->d.end;
	}
	for (uint32_t f = 0; f < v->files->n; f++) {
		const struct read_file *r = &v->read[f];
		struct verify_item *m;

		v->r->digests += r->kind == READ_DIGEST;
		if (r->kind != READ_DIGEST || !r->refused)
			continue;
		m = verify_add(v, VERIFY_DIGEST, VERIFY_UNREADABLE,
			       VERIFY_NONE);
		m->file = f;
		m->detail = str_of(r->trouble);
	}
}
