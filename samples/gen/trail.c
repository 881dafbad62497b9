/* SPDX-License-Identifier: MIT */
#include "gen/trail.h"

#include <stdlib.h>
#include <string.h>

#include "base/gz.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "gen/files.h"

enum {
	SLOT = 300000,        /* ms between deliveries, unless said */
	LATE_MIN = 60000,     /* ms from event to delivery, at least */
	LATE_MAX = 420000,    /* and at most */
	AGAIN_MAX = 900000,   /* ms more for a second copy */
	RECORDS_A_FILE = 150, /* more make another file */
};

void trail_init(struct trail *t)
{
	*t = (struct trail){ .n = 0 };
	strbuf_init(&t->text);
}

void trail_release(struct trail *t)
{
	strbuf_release(&t->text);
	free(t->record);
}

void trail_added(struct trail *t, size_t from, int64_t time,
		 const char *account, const char *region)
{
	t->record = mem_grow(t->record, &t->cap, t->n + 1, sizeof(*t->record));
	t->record[t->n++] = (struct trail_record){
		.time = time,
		.account = account,
		.region = region,
		.offset = from,
		.size = t->text.n - from,
	};
}

void trail_folder(struct strbuf *out, const char *account, const char *region,
		  int64_t delivered)
{
	struct time_zone utc = TIME_ZONE_UTC;
	struct time_parts p = time_split(delivered, &utc);

	strbuf_addf(out, "AWSLogs/%s/CloudTrail/%s/%04d/%02d/%02d", account,
		    region, p.year, p.month, p.day);
}

void trail_file_name(struct strbuf *out, const char *account,
		     const char *region, int64_t delivered, struct rng *r)
{
	struct time_zone utc = TIME_ZONE_UTC;
	struct time_parts p = time_split(delivered, &utc);
	char tail[17] = "";

	rng_alnum(r, tail, 16);
	strbuf_addf(out, "%s_CloudTrail_%s_%04d%02d%02dT%02d%02dZ_%s", account,
		    region, p.year, p.month, p.day, p.hour, p.minute, tail);
}

static int64_t slot_after(const struct delivery *d, int64_t t)
{
	int64_t slot = d->slot ? d->slot : SLOT;

	return (t / slot + 1) * slot;
}

static void choose_deliveries(struct trail *t, const struct delivery *d,
			      struct rng *r)
{
	size_t n = t->n;

	for (size_t i = 0; i < n; i++) {
		struct trail_record *rec = &t->record[i];
		int64_t late = rng_between(r, LATE_MIN, LATE_MAX);

		rec->delivered = slot_after(d, rec->time + late);
		rec->order = (uint32_t)rng_next(r);
	}
	for (size_t i = 0; i < n; i++) {
		struct trail_record again = t->record[i];

		if (!rng_chance(r, d->duplicates))
			continue;
		again.delivered = slot_after(
			d, again.delivered + rng_between(r, 0, AGAIN_MAX));
		again.order = (uint32_t)rng_next(r);
		t->record = mem_grow(t->record, &t->cap, t->n + 1,
				     sizeof(*t->record));
		t->record[t->n++] = again;
	}
}

static int by_file(const struct trail_record *a, const struct trail_record *b)
{
	int c = strcmp(a->account, b->account);

	if (c == 0)
		c = strcmp(a->region, b->region);
	if (c == 0)
		c = (a->delivered > b->delivered) -
		    (a->delivered < b->delivered);
	return c;
}

static int by_place(const void *x, const void *y)
{
	const struct trail_record *a = x, *b = y;
	int c = by_file(a, b);

	if (c == 0)
		c = (a->order > b->order) - (a->order < b->order);
	if (c == 0)
		c = (a->offset > b->offset) - (a->offset < b->offset);
	return c;
}

static enum err_code write_file(struct trail *t, size_t from, size_t to,
				const struct delivery *d, struct rng *r,
				struct err *err)
{
	const struct trail_record *first = &t->record[from];
	struct strbuf path, text;
	enum err_code rc;

	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_adds(&text, "{\"Records\":[");
	for (size_t i = from; i < to; i++) {
		if (i > from)
			strbuf_addc(&text, ',');
		strbuf_add(&text,
			   str_sub(strbuf_str(&t->text), t->record[i].offset,
				   t->record[i].offset + t->record[i].size));
	}
	strbuf_adds(&text, "]}");
	strbuf_addf(&path, "%s/", d->folder);
	if (!d->flat)
		trail_folder(&path, first->account, first->region,
			     first->delivered);
	rc = files_make_folder(path.p, err);
	if (rc == ERR_OK)
		rc = files_check_json(strbuf_str(&text), err);
	strbuf_addc(&path, '/');
	trail_file_name(&path, first->account, first->region, first->delivered,
			r);
	strbuf_adds(&path, ".json");
	if (rc == ERR_OK && rng_chance(r, d->plain)) {
		rc = files_write(path.p, strbuf_str(&text), err);
	} else if (rc == ERR_OK) {
		strbuf_adds(&path, ".gz");
		rc = gz_write_file(path.p, strbuf_str(&text), err);
	}
	strbuf_release(&path);
	strbuf_release(&text);
	return rc;
}

enum err_code trail_deliver(struct trail *t, const struct delivery *d,
			    struct err *err)
{
	enum err_code rc = ERR_OK;
	struct rng r;
	size_t from = 0;

	rng_seed(&r, d->name);
	choose_deliveries(t, d, &r);
	if (t->n)
		qsort(t->record, t->n, sizeof(*t->record), by_place);
	while (from < t->n && rc == ERR_OK) {
		size_t to = from + 1;

		while (to < t->n && to - from < RECORDS_A_FILE &&
		       by_file(&t->record[from], &t->record[to]) == 0)
			to++;
		rc = write_file(t, from, to, d, &r, err);
		from = to;
	}
	return rc;
}
