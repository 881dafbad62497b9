/* SPDX-License-Identifier: MIT */
/* More than is usual: of what is refused, in a few minutes, in an hour. */
#include "detect/baseline_private.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "detect/captures.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
/* More than that no field of one call says: it would drown all others. */
#define NUMBER_MOST 1e15

/* What every detection here needs. */
struct rating {
	struct lineage_context *x;
	const struct lineage_rule *r;
	const struct rowset *seeds;
	struct lineage_found *out;
	struct groups groups;
	row_id *row;    /* of the group in hand */
	uint32_t *part; /* places in row[] of those that are looked for */
	double *sum;    /* of bursts: what those before part i weigh; like row[]
			   with room for the largest group */
};

static void rating_init(struct rating *k, struct lineage_context *x,
			const struct lineage_rule *r,
			const struct rowset *seeds, struct lineage_found *out)
{
	*k = (struct rating){ .x = x, .r = r, .seeds = seeds, .out = out };
	groups_init(&k->groups, x, r);
	k->row = groups_room(&k->groups);
	k->part = mem_alloc((k->groups.most + 1) * sizeof(*k->part));
}

static void rating_release(struct rating *k)
{
	groups_release(&k->groups);
	free(k->row);
	free(k->part);
	free(k->sum);
}

static int64_t time_at(const struct rating *k, size_t i)
{
	return k->x->store->time[k->row[i]];
}

/* A run: windows that follow each other and share calls. */
struct run {
	size_t from, to; /* of part[] */
	double usual;    /* in a window, before it; see find_bursts */
	size_t before;   /* calls of the group before it */
};

/* Ratios ------------------------------------------------------------------- */

static bool is_part(const struct rating *k, row_id row)
{
	enum event_outcome o = store_outcome(k->x->store, row);

	return lineage_rule_says(k->r, SET_OUTCOME,
				 str_of(event_outcome_name(o))) &&
	       (!k->r->seeded || rowset_has(k->seeds, row));
}

/* "12 of 14 calls in 4m were denied" */
static void tell_ratio(struct rating *k, const struct run *run)
{
	size_t all = k->part[run->to - 1] - k->part[run->from] + 1;

	for (size_t i = run->from; i < run->to; i++) {
		struct strbuf *text = &k->out->text;

		strbuf_add_count(text, run->to - run->from);
		strbuf_adds(text, " of ");
		strbuf_add_count(text, all);
		strbuf_adds(text, " calls of ");
		strbuf_add(text,
			   store_text(k->x->store, k->groups.by, k->row[0]));
		strbuf_adds(text, " in ");
		time_format_span(text, time_at(k, k->part[run->to - 1]) -
					       time_at(k, k->part[run->from]));
		strbuf_adds(text, ": ");
		strbuf_add(text, lineage_rule_text(k->r, SET_OUTCOME));
		found_add(k->out, k->row[k->part[i]]);
	}
}

/* Windows end with a call that is part of it. */
static void find_ratios(struct rating *k, size_t parts)
{
	int64_t window = k->r->number[SET_WITHIN_MINUTES] * MINUTE_MS;
	struct run run = { .to = 0 };
	size_t first = 0, first_call = 0;

	for (size_t i = 0; i < parts; i++) {
		size_t at = k->part[i], n, all;

		while (time_at(k, first_call) < time_at(k, at) - window)
			first_call++;
		while (k->part[first] < first_call)
			first++;
		n = i - first + 1;
		all = at - first_call + 1;
		if (n < (uint64_t)k->r->number[SET_AT_LEAST] ||
		    n * 100 < all * (uint64_t)k->r->number[SET_PERCENT])
			continue;
		if (run.to <= first) {
			if (run.to)
				tell_ratio(k, &run);
			run.from = first;
		}
		run.to = i + 1;
	}
	if (run.to)
		tell_ratio(k, &run);
}

DETECTION(outcome_ratio)
{
	const struct store *s = x->store;
	struct rating k;

	rating_init(&k, x, r, seeds, out);
	for (uint32_t g = 1; g < s->values[k.groups.by]; g++) {
		size_t n = groups_rows(&k.groups, g, k.row), parts = 0;

		for (size_t i = 0; i < n; i++)
			if (is_part(&k, k.row[i]))
				k.part[parts++] = (uint32_t)i;
		find_ratios(&k, parts);
	}
	rating_release(&k);
}

/* Bursts ------------------------------------------------------------------- */

/* "240", or with what is summed up "1,200,000 of bytesTransferredOut in 12" */
static void tell_amount(const struct rating *k, const struct run *run,
			struct strbuf *text)
{
	struct str path = lineage_rule_text(k->r, SET_SUM_OF), name;

	if (!path.n) {
		strbuf_add_count(text, run->to - run->from);
		return;
	}
	while (str_next(&path, '.', &name))
		continue;
	strbuf_add_count(text, (uint64_t)(k->sum[run->to] - k->sum[run->from]));
	strbuf_adds(text, " of ");
	strbuf_add(text, name);
	strbuf_adds(text, " in ");
	strbuf_add_count(text, run->to - run->from);
}

/* "240 of alice in 9m; usual are 3.1 in 10m, in 12d 4h and 4,211 events before"
 */
static void tell_burst(struct rating *k, const struct run *run)
{
	int64_t window = k->r->number[SET_WITHIN_MINUTES] * MINUTE_MS;
	int64_t begun = time_at(k, k->part[run->from]);
	int64_t since = begun - time_at(k, 0);
	bool thin = baseline_is_thin(k->r, since, run->before);

	for (size_t i = run->from; i < run->to; i++) {
		struct strbuf *text = &k->out->text;

		tell_amount(k, run, text);
		strbuf_adds(text, " of ");
		strbuf_add(text,
			   store_text(k->x->store, k->groups.by, k->row[0]));
		strbuf_adds(text, " in ");
		time_format_span(text,
				 time_at(k, k->part[run->to - 1]) - begun);
		strbuf_addf(text, "; usual are %.1f in ", run->usual);
		time_format_span(text, window);
		strbuf_adds(text, ", ");
		baseline_tell(text, since, run->before);
		if (thin)
			strbuf_adds(text, "; little to compare with");
		found_add_lower(k->out, k->row[k->part[i]], thin);
	}
}

/* How many of them a window had on the average before the first of it. */
static double usual_before(const struct rating *k, size_t first)
{
	int64_t window = k->r->number[SET_WITHIN_MINUTES] * MINUTE_MS;
	int64_t span = time_at(k, k->part[first]) - time_at(k, 0);

	return span < window ? k->sum[first] :
			       k->sum[first] * (double)window / (double)span;
}

static void find_bursts(struct rating *k, size_t parts)
{
	int64_t window = k->r->number[SET_WITHIN_MINUTES] * MINUTE_MS;
	struct run run = { .to = 0 };
	size_t first = 0;

	for (size_t i = 0; i < parts; i++) {
		double n, usual;

		while (time_at(k, k->part[first]) <
		       time_at(k, k->part[i]) - window)
			first++;
		n = k->sum[i + 1] - k->sum[first];
		/* A burst is no measure of itself. */
		usual = run.to > first ? run.usual : usual_before(k, first);
		if (n < (double)k->r->number[SET_AT_LEAST] ||
		    k->part[first] < k->r->number[SET_LEAST_EVENTS] ||
		    n < (double)k->r->number[SET_TIMES_USUAL] * usual)
			continue;
		if (run.to <= first) {
			if (run.to)
				tell_burst(k, &run);
			run = (struct run){ first, 0, usual, k->part[first] };
		}
		run.to = i + 1;
	}
	if (run.to)
		tell_burst(k, &run);
}

/* What a seed weighs: 1, or the numbers of the field that is summed up. What is
 * below zero, or no number, weighs nothing. */
static double weight_of(const struct rating *k, row_id row)
{
	const struct captures *c = k->x->captures;
	const uint32_t *value;
	double sum = 0, number;
	uint32_t note;
	size_t n;

	if (!k->r->text[SET_SUM_OF].n)
		return 1;
	note = k->x->seed_note[rowset_seek(k->seeds, row)];
	if (!note)
		return 0;
	value = captures_field(c, note, 0, &n);
	for (size_t i = 0; i < n; i++)
		if (str_to_double(intern_text(&c->values, value[i]), &number) &&
		    number > 0 && number < NUMBER_MOST)
			sum += number;
	return sum;
}

DETECTION(burst)
{
	const struct store *s = x->store;
	struct bits seed = bits_new(s->n, false);
	struct rating k;

	rating_init(&k, x, r, seeds, out);
	k.sum = mem_zero(k.groups.most + 1, sizeof(*k.sum));
	for (size_t i = 0; i < seeds->n; i++)
		bits_set(&seed, seeds->row[i]);
	for (uint32_t g = 1; g < s->values[k.groups.by] && seeds->n; g++) {
		size_t n = groups_rows(&k.groups, g, k.row), parts = 0;

		for (size_t i = 0; i < n; i++)
			if (bits_has(&seed, k.row[i])) {
				k.part[parts++] = (uint32_t)i;
				k.sum[parts] = k.sum[parts - 1] +
					       weight_of(&k, k.row[i]);
			}
		find_bursts(&k, parts);
	}
	rating_release(&k);
	bits_release(&seed);
}

/* Hours -------------------------------------------------------------------- */

/* Of the hours before, so many at most: older habits may have changed, and
 * each hour that stands out costs a look at them. */
enum { HOURS_MOST = 672 };

/* An hour in which a group did something. */
struct busy {
	size_t first; /* of row[] */
	uint32_t calls;
};

/* Calls of the hours before, sorted. */
struct usual {
	uint32_t calls[HOURS_MOST];
	size_t n;
};

static size_t usual_place(const struct usual *u, uint32_t calls)
{
	size_t low = 0, high = u->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (u->calls[mid] < calls)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void usual_add(struct usual *u, uint32_t calls)
{
	size_t at = usual_place(u, calls);

	memmove(u->calls + at + 1, u->calls + at,
		(u->n++ - at) * sizeof(*u->calls));
	u->calls[at] = calls;
}

static void usual_remove(struct usual *u, uint32_t calls)
{
	size_t at = usual_place(u, calls);

	memmove(u->calls + at, u->calls + at + 1,
		(--u->n - at) * sizeof(*u->calls));
}

/* Half of them deviate less from the middle: what is nearest to it lies on
 * both sides of where it would stand. */
static double median_deviation(const struct usual *u, double middle)
{
	size_t right = usual_place(u, (uint32_t)ceil(middle)), left = right;
	double before = 0, last = 0;

	for (size_t taken = 0; taken <= u->n / 2; taken++) {
		before = last;
		if (right == u->n || (left && middle - u->calls[left - 1] <
						      u->calls[right] - middle))
			last = middle - u->calls[--left];
		else
			last = u->calls[right++] - middle;
	}
	return u->n % 2 ? last : (before + last) / 2;
}

/* How many median deviations an hour is above those before it, of which there
 * are some. A deviation of less than one call is taken as one. */
static double robust_z(const struct usual *u, uint32_t calls, double *middle)
{
	size_t half = u->n / 2;
	double spread;

	*middle = u->n % 2 ? u->calls[half] :
			     ((double)u->calls[half - 1] + u->calls[half]) / 2;
	spread = 1.4826 * median_deviation(u, *middle);
	return (calls - *middle) / (spread < 1 ? 1 : spread);
}

static void judge_hour(struct rating *k, const struct usual *before,
		       const struct busy *hour, size_t i)
{
	struct strbuf *text = &k->out->text;
	double middle, z;

	if (i < (uint64_t)k->r->number[SET_BASELINE_HOURS] || i == 0 ||
	    hour[i].calls < (uint64_t)k->r->number[SET_AT_LEAST])
		return;
	z = robust_z(before, hour[i].calls, &middle);
	if (z < (double)k->r->number[SET_ROBUST_Z])
		return;
	strbuf_add_count(text, hour[i].calls);
	strbuf_adds(text, " calls of ");
	strbuf_add(text, store_text(k->x->store, k->groups.by, k->row[0]));
	strbuf_addf(text, " in this hour, %.1f deviations above ", z);
	strbuf_addf(text, "the median of %.1f, ", middle);
	baseline_tell(text, time_at(k, hour[i].first) - time_at(k, 0),
		      hour[i].first);
	found_add(k->out, k->row[hour[i].first]);
}

static int64_t hour_of(int64_t time)
{
	return time / HOUR_MS - (time % HOUR_MS < 0);
}

DETECTION(unusual_hour)
{
	const struct store *s = x->store;
	struct busy *hour = NULL;
	struct usual before;
	size_t cap = 0;
	struct rating k;

	rating_init(&k, x, r, seeds, out);
	for (uint32_t g = 1; g < s->values[k.groups.by]; g++) {
		size_t n = groups_rows(&k.groups, g, k.row), hours = 0;

		for (size_t i = 0; i < n; i++) {
			groups_ask(k.row, i, n, s->time, sizeof(*s->time));
			if (!i || hour_of(time_at(&k, i)) !=
					  hour_of(time_at(&k, i - 1))) {
				hour = mem_grow(hour, &cap, hours + 1,
						sizeof(*hour));
				hour[hours++] = (struct busy){ i, 0 };
			}
			hour[hours - 1].calls++;
		}
		before.n = 0;
		for (size_t i = 0; i < hours; i++) {
			judge_hour(&k, &before, hour, i);
			if (before.n == HOURS_MOST)
				usual_remove(&before,
					     hour[i - HOURS_MOST].calls);
			usual_add(&before, hour[i].calls);
		}
	}
	free(hour);
	rating_release(&k);
}
