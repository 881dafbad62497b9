/* SPDX-License-Identifier: MIT */
/*
 * drawn_graph.h - a graph of identities as its edges are written down
 *
 * Questions are asked of graphs, so their tests say the graph itself, an event
 * a line, and not the records that would make it:
 *
 *     06:22:01 CreateUser created K:AKIA1 P:arn:aws:iam::1:user/b high
 *
 * is an event at that time (of 2026-10-03, or with a date before: 02T06:22:01)
 * with that name, acted by K:AKIA1, which made the edge; words behind are the
 * level of its alert, `probable` or `hint`, `denied`, or `by=NODE` when another
 * acted. Where a kind of edge stands may also stand:
 *
 *     acts NODE [IP:...]      an event of that node, used from an address
 *     on ACTOR NODE           an event of ACTOR that names NODE
 *     beside IP:...           what is no call, from an address
 *     finding NODE NODE       what is no call and names the second node
 *     end NODE END_KIND       what ended it (`before=TIME` for END_REVOKED)
 *     expires NODE TIME       of a session; makes no event
 *     is NODE SESSION_KIND    of a session; makes no event
 */
#ifndef TRAWL_TEST_DRAWN_GRAPH_H
#define TRAWL_TEST_DRAWN_GRAPH_H

#include "lineage_help.h"

#include "base/sort.h"
#include "model/identity.h"
#include "store/marks.h"

enum { DRAWN_WORDS = 12 };

struct drawn_event {
	struct str word[DRAWN_WORDS]; /* time, name, kind, nodes, ... */
	unsigned n;
	row_id row; /* ROW_NONE: makes none */
};

struct drawn {
	struct arena arena;
	struct loaded load;
	struct marks marks;
	struct lineage l;
	struct drawn_event *event;
	size_t n;
	size_t node_cap;
};

static inline int64_t drawn_time(struct str text)
{
	char iso[32];

	if (text.n > 8)
		snprintf(iso, sizeof(iso), "2026-10-%.*sZ", STR_ARG(text));
	else
		snprintf(iso, sizeof(iso), "2026-10-03T%.*sZ", STR_ARG(text));
	return time_parse(str_of(iso), NULL);
}

static inline bool drawn_has(const struct drawn_event *e, const char *word)
{
	for (unsigned i = 3; i < e->n; i++)
		if (str_eq(e->word[i], str_of(word)))
			return true;
	return false;
}

/* The text after "by=", or nothing. */
static inline struct str drawn_option(const struct drawn_event *e,
				      const char *name)
{
	for (unsigned i = 3; i < e->n; i++)
		if (str_starts(e->word[i], str_of(name)))
			return str_from(e->word[i], strlen(name));
	return STR_NULL;
}

static inline bool drawn_is(const struct drawn_event *e, const char *kind)
{
	return str_eq(e->word[2], str_of(kind));
}

/* An event in which nobody acts. */
static inline bool drawn_is_no_call(const struct drawn_event *e)
{
	return drawn_is(e, "beside") || drawn_is(e, "finding");
}

/* Does the line make an event? */
static inline bool drawn_acts(const struct drawn_event *e)
{
	return !drawn_is(e, "expires") && !drawn_is(e, "is");
}

static inline void drawn_read(struct drawn *d, const char *text)
{
	struct str rest = str_of(text), line, word;
	size_t cap = 0;

	while (str_next(&rest, '\n', &line)) {
		struct drawn_event *e;
		struct str words = str_trim(line);

		if (!words.n)
			continue;
		d->event = mem_grow(d->event, &cap, d->n + 1,
				    sizeof(*d->event));
		e = &d->event[d->n++];
		*e = (struct drawn_event){ .row = ROW_NONE };
		while (str_next(&words, ' ', &word)) {
			if (!word.n)
				continue;
			assert_true(e->n < DRAWN_WORDS);
			e->word[e->n++] = word;
		}
		check(e->n >= 4, "too few words: %.*s", STR_ARG(line));
	}
}

static inline void drawn_load(struct drawn *d)
{
	struct strbuf text, id;
	struct folder f;
	const char *path = f.path;
	struct ingest_options options;

	folder_make(&f);
	strbuf_init(&text);
	strbuf_init(&id);
	for (size_t i = 0; i < d->n; i++) {
		const struct drawn_event *e = &d->event[i];

		if (!drawn_acts(e))
			continue;
		strbuf_adds(&text,
			    "{\"eventVersion\":\"1.08\",\"userIdentity\":"
			    "{\"type\":\"IAMUser\",\"principalId\":\"AIDA\","
			    "\"arn\":\"arn:aws:iam::111122223333:user/drawn\"},"
			    "\"eventTime\":\"");
		time_format(&text, drawn_time(e->word[0]), TIME_ISO, NULL);
		strbuf_addf(&text,
			    "\",\"eventSource\":\"%s.amazonaws.com\","
			    "\"eventName\":\"%.*s\",\"eventID\":\"",
			    drawn_has(e, "rolesanywhere") ? "rolesanywhere" :
							    "iam",
			    STR_ARG(e->word[1]));
		add_id(&text, (uint32_t)i);
		strbuf_adds(&text, "\"");
		if (drawn_has(e, "denied"))
			strbuf_adds(&text, ",\"errorCode\":\"AccessDenied\"");
		if (drawn_option(e, "IP:").n)
			strbuf_addf(&text, ",\"sourceIPAddress\":\"%.*s\"",
				    STR_ARG(drawn_option(e, "IP:")));
		strbuf_adds(&text, "}\n");
	}
	put_file(&f, "log.json", strbuf_str(&text));
	options = load_options(&path, 1, 1);
	load_with(&d->load, &options, NULL, NULL);
	for (size_t i = 0; i < d->n; i++) {
		strbuf_clear(&id);
		add_id(&id, (uint32_t)i);
		d->event[i].row = store_find_id(d->load.store, strbuf_str(&id),
						ROW_NONE);
		assert_int_equal(d->event[i].row == ROW_NONE,
				 !drawn_acts(&d->event[i]));
		if (drawn_is_no_call(&d->event[i]))
			d->load.store->kind[d->event[i].row] = KIND_GUARDDUTY;
	}
	strbuf_release(&text);
	strbuf_release(&id);
	folder_remove(&f);
}

static inline node_id drawn_node(struct drawn *d, struct str id)
{
	static const char *const prefixes[] = {
#define X(code, name, prefix) prefix,
		NODE_KINDS(X)
#undef X
	};
	struct lineage *l = &d->l;
	node_id n = intern_add(&l->ids, id);

	if (n < l->node_n)
		return n;
	assert_int_equal(n, l->node_n);
	l->node = mem_grow(l->node, &d->node_cap, (size_t)n + 1,
			   sizeof(*l->node));
	l->node[n] = (struct lineage_node){ .kind = NODE_KIND_COUNT,
					    .first = ROW_NONE,
					    .last = ROW_NONE };
	l->node_n++;
	for (int k = 0; k < NODE_KIND_COUNT; k++)
		if (str_starts(id, str_of(prefixes[k])))
			l->node[n].kind = (uint8_t)k;
	check(l->node[n].kind != NODE_KIND_COUNT, "no node id: %.*s",
	      STR_ARG(id));
	if (l->node[n].kind == NODE_PRINCIPAL)
		l->node[n].account = intern_add(
			&l->texts, principal_account(lineage_text(l, n)));
	if (l->node[n].kind == NODE_SESSION) {
		l->session = mem_resize(l->session, l->session_n + 1,
					sizeof(*l->session));
		l->session[l->session_n] = (struct session_attributes){
			.mfa = MFA_UNKNOWN,
		};
		l->node[n].session = l->session_n++;
	}
	return n;
}

static inline void drawn_act(struct drawn *d, node_id node, row_id row)
{
	struct lineage_node *n = &d->l.node[node];

	d->l.acting[row] = node;
	n->events++;
	if (n->first == ROW_NONE || row < n->first)
		n->first = row;
	if (n->last == ROW_NONE || row > n->last)
		n->last = row;
}

static inline int drawn_compare_rows(const void *x, const void *y)
{
	const row_id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* One more event of an edge: those of edge i, when there are several, begin
 * at EDGE_EVIDENCE * i, in order. */
static inline void drawn_evidence(struct lineage *l, uint32_t i, row_id row)
{
	struct lineage_edge *e = &l->edge[i];
	row_id *list = &l->evidence[i * EDGE_EVIDENCE];

	if (e->evidence_n == EDGE_EVIDENCE)
		return;
	if (e->evidence_n == 1) {
		list[0] = e->evidence;
		e->evidence = i * EDGE_EVIDENCE;
	}
	list[e->evidence_n++] = row;
	qsort(list, e->evidence_n, sizeof(*list), drawn_compare_rows);
}

static inline void drawn_edge(struct drawn *d, enum edge_kind kind,
			      node_id from, node_id to,
			      const struct drawn_event *event)
{
	struct lineage *l = &d->l;
	struct lineage_edge *e;

	for (uint32_t i = 0; i < l->edge_n && d->n < 1000; i++) {
		e = &l->edge[i];
		if (e->kind != kind || e->from != from || e->to != to)
			continue;
		drawn_evidence(l, i, event->row);
		return;
	}
	if ((l->edge_n & (l->edge_n + 1)) == 0)
		l->edge = mem_resize(l->edge, ((size_t)l->edge_n + 1) * 2,
				     sizeof(*l->edge));
	l->edge[l->edge_n++] = (struct lineage_edge){
		.kind = (uint8_t)kind,
		.certainty = drawn_has(event, "hint")     ? HINT :
			     drawn_has(event, "probable") ? PROBABLE :
							    CERTAIN,
		.from = from,
		.to = to,
		.evidence = event->row,
		.evidence_n = 1,
	};
}

static inline enum edge_kind drawn_edge_kind(struct str name)
{
	for (int k = 0; k < EDGE_KIND_COUNT; k++)
		if (str_eq(name, str_of(edge_kind_name((enum edge_kind)k))))
			return (enum edge_kind)k;
	check(false, "no kind of edge: %.*s", STR_ARG(name));
	return EDGE_KIND_COUNT;
}

static inline enum end_kind drawn_end_kind(struct str name)
{
	static const char *const names[] = {
#define X(code, text) #code,
		END_KINDS(X)
#undef X
	};

	for (int k = 0; k < END_KIND_COUNT; k++)
		if (str_eq(name, str_of(names[k])))
			return (enum end_kind)k;
	check(false, "no kind of end: %.*s", STR_ARG(name));
	return END_KIND_COUNT;
}

static inline void drawn_add_end(struct drawn *d, const struct drawn_event *e)
{
	struct lineage *l = &d->l;
	struct str before = drawn_option(e, "before=");

	l->end = mem_resize(l->end, l->end_n + 1, sizeof(*l->end));
	l->end[l->end_n++] = (struct lineage_end){
		.node = drawn_node(d, e->word[3]),
		.kind = drawn_end_kind(e->word[4]),
		.row = e->row,
		.time = d->load.store->time[e->row],
		.before = before.n ? drawn_time(before) : TIME_NONE,
	};
}

/* Nodes and edges of all lines, those of `on` counted alone. */
static inline void drawn_connect(struct drawn *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct drawn_event *e = &d->event[i];
		struct str by = drawn_option(e, "by=");
		node_id from = drawn_node(d, e->word[3]), to = NODE_NONE;

		if (drawn_is(e, "expires")) {
			d->l.session[d->l.node[from].session].expires =
				(uint32_t)(drawn_time(e->word[4]) / 1000);
			continue;
		}
		if (drawn_is(e, "is")) {
			for (int k = 0; k < SESSION_KIND_COUNT; k++)
				if (str_eq(e->word[4],
					   str_of(session_kind_name(
						   (enum session_kind)k))))
					d->l.node[from].session_kind =
						(uint8_t)k;
			continue;
		}
		if (drawn_is_no_call(e)) {
			if (drawn_is(e, "finding"))
				drawn_node(d, e->word[4]);
			continue;
		}
		if (drawn_is(e, "end")) {
			drawn_add_end(d, e);
			from = drawn_node(d, by.n ? by : STR("P:somebody"));
			drawn_act(d, from, e->row);
			continue;
		}
		drawn_act(d, by.n ? drawn_node(d, by) : from, e->row);
		if (e->n > 4 && (e->word[4].n > 2) &&
		    str_find_char(e->word[4], ':', 0) != SIZE_MAX)
			to = drawn_node(d, e->word[4]);
		if (drawn_is(e, "acts") && to)
			drawn_edge(d, EDGE_USED_FROM, from, to, e);
		else if (!drawn_is(e, "acts") && !drawn_is(e, "on"))
			drawn_edge(d, drawn_edge_kind(e->word[2]), from, to, e);
	}
}

static inline int drawn_compare(const struct lineage *l, node_id a, node_id b,
				const struct lineage_edge *x,
				const struct lineage_edge *y)
{
	int c;

	if (a != b)
		return a < b ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (lineage_evidence(l, x, 0) != lineage_evidence(l, y, 0))
		return lineage_evidence(l, x, 0) < lineage_evidence(l, y, 0) ?
			       -1 :
			       1;
	c = str_cmp(lineage_id(l, x->to), lineage_id(l, y->to));
	return c ? c : str_cmp(lineage_id(l, x->from), lineage_id(l, y->from));
}

static inline int drawn_by_source(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;

	return drawn_compare(l, l->edge[x].from, l->edge[y].from, &l->edge[x],
			     &l->edge[y]);
}

static inline int drawn_by_target(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage *l = context;

	return drawn_compare(l, l->edge[x].to, l->edge[y].to, &l->edge[x],
			     &l->edge[y]);
}

static inline int drawn_by_end(const void *x, const void *y)
{
	const struct lineage_end *a = x, *b = y;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

static inline void drawn_sort(struct drawn *d)
{
	struct lineage *l = &d->l;
	uint32_t *order = mem_alloc(((size_t)l->edge_n + 1) * sizeof(*order));
	struct lineage_edge *sorted =
		mem_alloc(((size_t)l->edge_n + 1) * sizeof(*sorted));

	for (uint32_t i = 0; i < l->edge_n; i++)
		order[i] = i;
	sort_u32(order, l->edge_n, drawn_by_source, l);
	for (uint32_t i = 0; i < l->edge_n; i++)
		sorted[i] = l->edge[order[i]];
	free(l->edge);
	l->edge = sorted;
	for (uint32_t i = 0; i < l->edge_n; i++)
		order[i] = i;
	sort_u32(order, l->edge_n, drawn_by_target, l);
	l->by_target = order;
	for (uint32_t i = l->edge_n; i-- > 0;) {
		l->node[l->edge[i].from].out = i;
		l->node[l->edge[order[i]].to].in = i;
	}
	if (l->end_n)
		qsort(l->end, l->end_n, sizeof(*l->end), drawn_by_end);
}

/* Rows that name a node: those of `on`, and of changes and control. */
static inline bool drawn_names(const struct drawn_event *e)
{
	return drawn_is(e, "on") || drawn_is(e, "finding") ||
	       drawn_is(e, "modified_auth") || drawn_is(e, "controls") ||
	       drawn_is(e, "created");
}

static inline void drawn_list_on(struct drawn *d)
{
	struct lineage *l = &d->l;
	uint32_t *at;

	l->on_start = mem_zero((size_t)l->node_n + 2, sizeof(*l->on_start));
	l->on = mem_zero(d->n + 1, sizeof(*l->on));
	for (size_t i = 0; i < d->n; i++)
		if (drawn_names(&d->event[i]))
			l->on_start[drawn_node(d, d->event[i].word[4]) + 1]++;
	for (node_id n = 0; n < l->node_n; n++)
		l->on_start[n + 1] += l->on_start[n];
	at = mem_dup(l->on_start, ((size_t)l->node_n + 1) * sizeof(*at));
	for (size_t i = 0; i < d->n; i++)
		if (drawn_names(&d->event[i]))
			l->on[at[drawn_node(d, d->event[i].word[4])]++] =
				d->event[i].row;
	free(at);
	for (node_id n = 0; n < l->node_n; n++)
		qsort(l->on + l->on_start[n],
		      l->on_start[n + 1] - l->on_start[n], sizeof(*l->on),
		      drawn_compare_rows);
}

static inline void drawn_mark(struct drawn *d)
{
	struct mark_label *label = mem_zero(1, sizeof(*label));
	struct mark *mark = mem_zero(d->n + 1, sizeof(*mark));
	size_t n = 0;

	label->title = STR("an alert");
	for (size_t i = 0; i < d->n; i++)
		for (int v = 0; v < LEVEL_COUNT; v++)
			if (drawn_has(&d->event[i], level_name((enum level)v)))
				mark[n++] = (struct mark){
					.row = d->event[i].row,
					.level = (unsigned)v & 7u
				};
	marks_init(&d->marks, label, 1, mark, n);
}

static inline void draw(struct drawn *d, const char *text)
{
	struct lineage *l = &d->l;

	*d = (struct drawn){ .n = 0 };
	drawn_read(d, text);
	drawn_load(d);
	l->store = d->load.store;
	intern_init(&l->ids);
	intern_init(&l->texts);
	l->node = mem_grow(NULL, &d->node_cap, 1, sizeof(*l->node));
	l->node[0] = (struct lineage_node){ .first = ROW_NONE,
					    .last = ROW_NONE };
	l->evidence = mem_zero(d->n * EDGE_EVIDENCE + 1, sizeof(*l->evidence));
	l->node_n = 1;
	l->session = mem_zero(1, sizeof(*l->session));
	l->session_n = 1;
	l->acting = mem_zero((size_t)l->store->n + 1, sizeof(*l->acting));
	l->account = mem_zero(1, sizeof(*l->account));
	drawn_connect(d);
	drawn_sort(d);
	drawn_list_on(d);
	drawn_mark(d);
}

static inline void drawn_release(struct drawn *d)
{
	struct lineage *l = &d->l;

	intern_release(&l->ids);
	intern_release(&l->texts);
	free(l->evidence);
	free(l->node);
	free(l->edge);
	free(l->by_target);
	free(l->acting);
	free(l->session);
	free(l->end);
	free(l->on);
	free(l->on_start);
	free(l->account);
	marks_release(&d->marks);
	load_release(&d->load);
	free(d->event);
}

#endif /* TRAWL_TEST_DRAWN_GRAPH_H */
