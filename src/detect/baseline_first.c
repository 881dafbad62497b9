/* SPDX-License-Identifier: MIT */
/* First uses: of an address, a region, an API, by somebody who has been seen
 * before. Nothing is new of whom nothing is known. */
#include "detect/baseline_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/intern.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "model/agent.h"
#include "store/whereabouts.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* What is compared --------------------------------------------------------- */

static const struct {
	const char *word;
	enum event_column column;
} field_columns[] = {
	{ "event", EVENT_NAME },    { "service", EVENT_SOURCE },
	{ "region", EVENT_REGION }, { "ip", EVENT_IP },
	{ "network", EVENT_IP },    { "agent", EVENT_AGENT },
	{ "key", EVENT_KEY },       { "account", EVENT_ACCOUNT },
	{ "country", EVENT_IP },    { "asn", EVENT_IP },
};

/* The values of one field: the same number for those that count as one. */
struct compared {
	enum event_column column;
	struct str word;
	struct intern text;
	uint32_t *id;     /* by value of the column; 0: not compared */
	uint8_t *private; /* addresses that may be an endpoint's, by value */
};

/* "203.0.0.0/16", "2001:db8::/32"; nothing for what is no address. */
static void add_network(struct strbuf *out, struct str address)
{
	struct addr a;
	const unsigned char *b = a.byte;

	if (!addr_parse(address, &a))
		return;
	if (str_find_char(address, ':', 0) == SIZE_MAX)
		strbuf_addf(out, "%u.%u.0.0/16", b[12], b[13]);
	else
		strbuf_addf(out, "%x:%x::/32", b[0] << 8 | b[1],
			    b[2] << 8 | b[3]);
}

static uint32_t field_number(struct compared *f, const struct store *s,
			     uint32_t v)
{
	struct str value = store_value(s, f->column, v);
	struct strbuf network;
	uint32_t id;

	/* Without a database there are none, and nothing is new. */
	if (str_eq(f->word, STR("country")))
		return intern_add(&f->text,
				  store_whereabouts_shown(s, FIELD_COUNTRY, v));
	if (str_eq(f->word, STR("asn")))
		return intern_add(&f->text,
				  store_whereabouts_shown(s, FIELD_ASN, v));
	if (str_eq(f->word, STR("network"))) {
		strbuf_init(&network);
		add_network(&network, value);
		id = intern_add(&f->text, strbuf_str(&network));
		strbuf_release(&network);
		return id;
	}
	if (f->column == EVENT_NAME)
		value = event_base_name(value);
	else if (f->column == EVENT_AGENT)
		value = agent_family(value);
	return intern_add(&f->text, value);
}

static void field_init(struct compared *f, struct lineage_context *x,
		       struct str word)
{
	const struct store *s = x->store;

	*f = (struct compared){ .word = word };
	for (size_t i = 0; i < ARRAY_SIZE(field_columns); i++)
		if (str_eq_fold(word, str_of(field_columns[i].word)))
			f->column = field_columns[i].column;
	intern_init(&f->text);
	f->id = mem_zero((size_t)s->values[f->column] + 1, sizeof(*f->id));
	for (uint32_t v = 1; v < s->values[f->column]; v++)
		f->id[v] = field_number(f, s, v);
	if (f->column != EVENT_IP)
		return;
	/* Networks of one's own are expected, and so are endpoints: of these
	 * the call has to say that it came through one. */
	f->private = mem_zero((size_t)s->values[EVENT_IP] + 1, 1);
	for (uint32_t v = 1; v < s->values[EVENT_IP]; v++) {
		if (context_place_of(x, v) != PLACE_OUTSIDE)
			f->id[v] = 0;
		f->private[v] = addr_class(store_value(s, EVENT_IP, v)) ==
				ADDR_PRIVATE;
	}
}

static void field_release(struct compared *f)
{
	intern_release(&f->text);
	free(f->id);
	free(f->private);
}

/* Finding ------------------------------------------------------------------ */

/* A use that is new, and what came before it. */
struct fresh {
	row_id row;
	uint32_t group, id;
	uint32_t uses; /* of the value before */
	uint64_t events;
	int64_t since;  /* how long the group had been seen, ms */
	int64_t silent; /* how long it had done nothing */
};

/* Somebody's first use of a value. */
struct use {
	uint32_t id;
	row_id row;
};

struct looking {
	struct lineage_context *x;
	const struct lineage_rule *r;
	const struct rowset *seeds;
	struct groups groups;
	struct compared field;
	uint32_t *used_by, *uses; /* by number of a value: which group used it
				     last, and how often */
	row_id *row;              /* of the group in hand */
	struct fresh *fresh;
	size_t n, cap;
	struct use *use; /* when others' uses are asked for */
	size_t use_n, use_cap;
};

/* May the rule tell of this call? */
static bool is_candidate(const struct looking *k, row_id row)
{
	uint32_t flags = k->x->store->flags[row];

	if (k->r->seeded && !rowset_has(k->seeds, row))
		return false;
	if (!k->r->text[SET_CALLS].n)
		return true;
	return (flags & EVENT_WRITE &&
		lineage_rule_says(k->r, SET_CALLS, STR("write"))) ||
	       (flags & EVENT_READ &&
		lineage_rule_says(k->r, SET_CALLS, STR("read")));
}

static uint32_t value_of(struct looking *k, row_id row)
{
	const struct compared *f = &k->field;
	uint32_t v = store_value_at(k->x->store, f->column, row);

	if (f->column == EVENT_IP && f->private[v] &&
	    context_place(k->x, row) != PLACE_OUTSIDE)
		return 0;
	return f->id[v];
}

static void add_use(struct looking *k, uint32_t id, row_id row)
{
	k->use = mem_grow(k->use, &k->use_cap, k->use_n + 1, sizeof(*k->use));
	k->use[k->use_n++] = (struct use){ id, row };
}

static void look_at_group(struct looking *k, uint32_t group)
{
	const struct lineage_rule *r = k->r;
	const int64_t *time = k->x->store->time;
	const struct uints *column = &k->x->store->column[k->field.column];
	size_t n = groups_rows(&k->groups, group, k->row);

	for (size_t i = 0; i < n; i++) {
		row_id row = k->row[i];
		uint32_t id;
		int64_t silent;

		groups_ask(k->row, i, n, column->at, column->width);
		id = value_of(k, row);
		if (!id)
			continue;
		if (k->used_by[id] != group) {
			k->used_by[id] = group;
			k->uses[id] = 0;
			if (r->number[SET_KNOWN_TO])
				add_use(k, id, row);
		}
		if (k->uses[id]++ > (uint64_t)r->number[SET_SEEN_AT_MOST] ||
		    i < (uint64_t)r->number[SET_LEAST_EVENTS])
			continue;
		/* Few come here, and times lie anywhere. */
		silent = i ? time[row] - time[k->row[i - 1]] : 0;
		if (silent < r->number[SET_SILENT_DAYS] * DAY_MS ||
		    !is_candidate(k, row))
			continue;
		k->fresh = mem_grow(k->fresh, &k->cap, k->n + 1,
				    sizeof(*k->fresh));
		k->fresh[k->n++] =
			(struct fresh){ row,   group,
					id,    k->uses[id] - 1,
					i,     time[row] - time[k->row[0]],
					silent };
	}
}

static int compare_uses(const void *x, const void *y)
{
	const struct use *a = x, *b = y;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/* Where the uses of a value before a row end, or begin with row 0. */
static size_t uses_before(const struct looking *k, uint32_t id, row_id row)
{
	struct use wanted = { id, row };
	size_t low = 0, high = k->use_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_uses(&k->use[mid], &wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Have so many others used the value before that it is everybody's? */
static bool is_common(const struct looking *k, const struct fresh *f)
{
	size_t others;

	if (!k->r->number[SET_KNOWN_TO])
		return false;
	others = uses_before(k, f->id, f->row) - uses_before(k, f->id, 0);
	return others >= (uint64_t)k->r->number[SET_KNOWN_TO];
}

/* "first network 203.0.0.0/16 of alice in 12d 4h and 4,211 events before" */
static void tell(struct looking *k, const struct fresh *f,
		 struct lineage_found *out)
{
	bool thin = baseline_is_thin(k->r, f->since, f->events);

	if (f->uses)
		strbuf_addf(&out->text, "use %u of ", f->uses + 1);
	else
		strbuf_adds(&out->text, "first ");
	strbuf_add(&out->text, k->field.word);
	strbuf_addc(&out->text, ' ');
	strbuf_add(&out->text, intern_text(&k->field.text, f->id));
	strbuf_adds(&out->text, " of ");
	strbuf_add(&out->text, groups_text(&k->groups, f->group));
	strbuf_addc(&out->text, ' ');
	baseline_tell(&out->text, f->since, f->events);
	if (k->r->number[SET_SILENT_DAYS]) {
		strbuf_adds(&out->text, ", silent for ");
		time_format_span(&out->text, f->silent);
	}
	if (thin)
		strbuf_adds(&out->text, "; little to compare with");
	found_add_lower(out, f->row, thin);
}

DETECTION(first_seen)
{
	struct looking k = { .x = x, .r = r, .seeds = seeds };
	const struct store *s = x->store;

	groups_init(&k.groups, x, r);
	field_init(&k.field, x, lineage_rule_text(r, SET_OF));
	k.used_by = mem_zero(k.field.text.count, sizeof(*k.used_by));
	k.uses = mem_zero(k.field.text.count, sizeof(*k.uses));
	k.row = groups_room(&k.groups);
	/* One text is that of what has none: countries without a database. */
	for (uint32_t g = 1;
	     g < s->values[k.groups.by] && k.field.text.count > 1; g++)
		look_at_group(&k, g);
	if (k.use_n)
		qsort(k.use, k.use_n, sizeof(*k.use), compare_uses);
	for (size_t i = 0; i < k.n; i++)
		if (!is_common(&k, &k.fresh[i]))
			tell(&k, &k.fresh[i], out);
	free(k.use);
	free(k.fresh);
	free(k.row);
	free(k.uses);
	free(k.used_by);
	field_release(&k.field);
	groups_release(&k.groups);
}
