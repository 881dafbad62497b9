/* SPDX-License-Identifier: MIT */
/*
 * Requests that S3's access log has and CloudTrail's data events do not. Both
 * say the request's id, which stands in the records alone: where there are such
 * logs, the data events around their times are read again.
 */
#include "detect/lineage_detections.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "ingest/reader.h"
#include "model/s3_operation.h"

enum {
	RECORDS_MOST = 1000000, /* data events read again, at most */
	MINUTE_MS = 60 * 1000,
	AHEAD_MS = 5 * 1000, /* clocks that differ */
};

/* Hashes of texts, each once; 0 is free. */
struct hash_set {
	uint64_t *slot;
	size_t mask, n;
};

static size_t slot_of(const struct hash_set *s, uint64_t hash)
{
	size_t at = (size_t)hash & s->mask;

	while (s->slot[at] && s->slot[at] != hash)
		at = (at + 1) & s->mask;
	return at;
}

static bool set_has(const struct hash_set *s, uint64_t hash)
{
	return s->slot && s->slot[slot_of(s, hash)];
}

static void set_add(struct hash_set *s, uint64_t hash)
{
	if (s->n * 2 >= s->mask) {
		struct hash_set more = { .mask = s->mask * 2 + 1023 };

		more.mask |= more.mask >> 1;
		more.mask |= more.mask >> 2;
		more.mask |= more.mask >> 4;
		more.mask |= more.mask >> 8;
		more.mask |= more.mask >> 16;
		more.slot = mem_zero(more.mask + 1, sizeof(*more.slot));
		for (size_t i = 0; s->slot && i <= s->mask; i++)
			if (s->slot[i])
				more.slot[slot_of(&more, s->slot[i])] =
					s->slot[i];
		more.n = s->n;
		free(s->slot);
		*s = more;
	}
	s->n += !s->slot[slot_of(s, hash)];
	s->slot[slot_of(s, hash)] = hash;
}

/* The join ----------------------------------------------------------------- */

struct joining {
	const struct lineage_rule *r;
	const struct store *s;
	struct reader *reader;
	struct hash_key key;
	uint8_t *name;           /* of each value of EVENT_NAME: is it read? */
	uint32_t source;         /* S3's value of EVENT_SOURCE */
	struct hash_set request; /* ids that data events have */
	struct hash_set bucket;  /* of which data events are there, of reads and
				    of writes each */
	struct hash_set minute;  /* and of which call in which minute */
	int64_t judged;          /* requests after that are not judged */
	size_t records;
	bool lost; /* one of them could not be read: nothing can be lacking */
};

static uint64_t hash_of(const struct joining *j, struct str text)
{
	return hash_str(j->key, text) | 1;
}

static const struct event *read_again(struct joining *j, row_id row)
{
	static const struct limits limits = LIMITS_DEFAULT;
	const struct event *e;
	struct err err = ERR_INIT;

	if (!j->reader)
		j->reader = reader_new(j->s, &limits);
	return reader_event(j->reader, row, &e, &err) == ERR_OK ? e : NULL;
}

static bool is_data_event(const struct joining *j, row_id row)
{
	return store_value_at(j->s, EVENT_SOURCE, row) == j->source &&
	       j->name[store_value_at(j->s, EVENT_NAME, row)] &&
	       kind_is_call(j->s->kind[row]);
}

/* The first row at that time, or later. */
static row_id row_at(const struct store *s, int64_t time)
{
	row_id low = 0, high = s->timed;

	while (low < high) {
		row_id mid = low + (high - low) / 2;

		if (s->time[mid] < time)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* A trail that records reads alone, or writes alone, has that of a bucket. */
static uint64_t hash_of_bucket(const struct joining *j, struct str bucket,
			       bool write)
{
	return (hash_of(j, bucket) ^ (write ? 0x9e3779b97f4a7c15u : 0)) | 1;
}

static uint64_t hash_of_minute(const struct joining *j, struct str event,
			       int64_t minute)
{
	return hash_u64(hash_of(j, event) ^ (uint64_t)minute) | 1;
}

static void take(struct joining *j, row_id row)
{
	const struct event *e = read_again(j, row);

	if (!e) {
		j->lost = true;
		return;
	}
	set_add(&j->request, hash_of(j, json_text_at(e->record, "requestID")));
	set_add(&j->bucket,
		hash_of_bucket(j,
			       json_text_at(e->record,
					    "requestParameters.bucketName"),
			       e->flags & EVENT_WRITE));
	set_add(&j->minute, hash_of_minute(j, e->column[EVENT_NAME],
					   j->s->time[row] / MINUTE_MS));
}

/*
 * Reads the data events that may be of a request: an event says when its
 * request ended, the log when it came. Those around the next request mostly
 * are the same.
 */
static void take_around(struct joining *j, const struct rowset *seeds)
{
	int64_t after = j->r->number[SET_WITHIN_MINUTES] * MINUTE_MS;
	row_id next = 0;

	for (size_t i = 0; i < seeds->n; i++) {
		int64_t t = j->s->time[seeds->row[i]];
		row_id row;

		if (seeds->row[i] >= j->s->timed)
			break;
		row = row_at(j->s, t - AHEAD_MS);
		for (next = row > next ? row : next;
		     next < j->s->timed && j->s->time[next] <= t + after;
		     next++) {
			if (!is_data_event(j, next))
				continue;
			if (j->records == RECORDS_MOST)
				return;
			j->records++;
			take(j, next);
		}
		j->judged = t;
	}
}

/* Since when there are calls at all, and until when. */
static bool calls_span(const struct store *s, int64_t *first, int64_t *last)
{
	row_id from = 0, to = s->timed;

	while (from < to && !kind_is_call(s->kind[from]))
		from++;
	while (to > from && !kind_is_call(s->kind[to - 1]))
		to--;
	if (from == to)
		return false;
	*first = s->time[from];
	*last = s->time[to - 1];
	return true;
}

/* Somebody who signed his request, by the log; else anybody can read it. */
static bool is_signed(const struct event *e)
{
	return json_text_at(e->record, "requester").n > 0;
}

/* Is it a part of a request that a data event tells of? It may have an id of
 * its own, so any such call about then will do. */
static bool is_part(const struct joining *j, const struct s3_operation *o,
		    int64_t time)
{
	static const char *const more = "DeleteObject";
	int64_t minute = time / MINUTE_MS;

	if (!o->of_another)
		return false;
	for (int64_t m = minute - 1; m <= minute + 1; m++)
		if (set_has(&j->minute,
			    hash_of_minute(j, str_of(o->event), m)) ||
		    (str_eq(str_of(o->event), STR("DeleteObjects")) &&
		     set_has(&j->minute, hash_of_minute(j, str_of(more), m))))
			return true;
	return false;
}

static void tell(const struct event *e, const struct s3_operation *o,
		 bool others, struct strbuf *out)
{
	struct str requester = json_text_at(e->record, "requester");
	struct str object = json_text_at(e->record, "objectKey");

	strbuf_add(out, requester.n ? requester : STR("anybody"));
	strbuf_addf(out, " %s s3://", o->done);
	strbuf_add(out, json_text_at(e->record, "bucket"));
	if (object.n) {
		strbuf_addc(out, '/');
		strbuf_add(out, object);
	}
	strbuf_addf(out,
		    others ? "; no data event has its request id, though %ss "
			     "of the bucket are recorded" :
			     "; the evidence has no data event of a %s of the "
			     "bucket then",
		    o->write ? "write" : "read");
}

static void judge(struct joining *j, row_id row, bool only_recorded,
		  struct lineage_found *out)
{
	const struct event *e = read_again(j, row);
	const struct s3_operation *o;
	struct str request, bucket;
	bool others;

	if (!e)
		return;
	o = s3_operation_find(json_text_at(e->record, "operation"));
	request = json_text_at(e->record, "requestID");
	if (!o || !request.n || set_has(&j->request, hash_of(j, request)) ||
	    is_part(j, o, j->s->time[row]))
		return;
	bucket = json_text_at(e->record, "bucket");
	others = set_has(&j->bucket, hash_of_bucket(j, bucket, o->write));
	if (only_recorded && !others)
		return;
	tell(e, o, others, &out->text);
	found_add_lower(out, row, others ? 0 : is_signed(e) ? 1 : 2);
}

static void find_unrecorded(const struct lineage_rule *r,
			    struct lineage_context *x,
			    const struct rowset *seeds, bool only_recorded,
			    struct lineage_found *out)
{
	struct joining j = { .r = r, .s = x->store, .judged = INT64_MIN };
	const struct store *s = x->store;
	int64_t first, last;

	/* What CloudTrail's evidence does not reach to it cannot lack. */
	if (!seeds->n || !calls_span(s, &first, &last))
		return;
	j.key = hash_key_new();
	j.source = intern_find(&s->strings->column[EVENT_SOURCE],
			       STR("s3.amazonaws.com"));
	j.name = mem_zero((size_t)s->values[EVENT_NAME] + 1, 1);
	for (uint32_t v = 1; v < s->values[EVENT_NAME]; v++)
		j.name[v] = lineage_rule_says(r, SET_EVENTS,
					      store_value(s, EVENT_NAME, v));
	take_around(&j, seeds);
	for (size_t i = 0; i < seeds->n; i++) {
		int64_t t = s->time[seeds->row[i]];

		if (seeds->row[i] >= s->timed || t < first || t > last)
			continue;
		if (j.lost || t > j.judged)
			out->left_out++;
		else
			judge(&j, seeds->row[i], only_recorded, out);
	}
	reader_free(j.reader);
	free(j.name);
	free(j.request.slot);
	free(j.bucket.slot);
	free(j.minute.slot);
}

DETECTION(read_unrecorded)
{
	find_unrecorded(r, x, seeds, false, out);
}

/* Where no writes of the bucket are recorded, none are lacking. */
DETECTION(change_unrecorded)
{
	find_unrecorded(r, x, seeds, true, out);
}
