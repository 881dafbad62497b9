/* SPDX-License-Identifier: MIT */
#include "query/complete.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/attack.h"
#include "model/identity.h"
#include "query/lex.h"
#include "query/parse.h"
#include "query/print.h"
#include "store/whereabouts.h"

/* Where the cursor is. */
struct place {
	enum {
		PLACE_NONE,  /* nothing can be said */
		PLACE_TERM,  /* a term begins */
		PLACE_AFTER, /* a term has ended */
		PLACE_VALUE, /* a value of `field` */
		PLACE_GROUP, /* a value in a group has ended */
	} kind;
	struct expr_field field;
	struct str word; /* what has been typed of it */
	size_t from;
};

struct completing {
	struct arena *arena;
	const struct store *store; /* or NULL */
	const struct marks *marks; /* or NULL */
	struct completions *out;
	struct str word;
};

/* The place --------------------------------------------------------------- */

/* A value that has begun, or the values of a group. */
static bool walk_values(struct lexer *l, struct place *p, unsigned *depth)
{
	struct token t = lex_next(l, LEX_VALUE);

	if (t.kind == TOKEN_OPEN) {
		++*depth;
		return true;
	}
	if (t.kind == TOKEN_CLOSE) {
		if (*depth)
			--*depth;
		p->kind = *depth ? PLACE_GROUP : PLACE_AFTER;
		return *depth > 0;
	}
	if (t.kind == TOKEN_END)
		return false;
	if (t.to == l->text.n && t.kind == TOKEN_REGEX) {
		p->kind = PLACE_NONE; /* flags may follow */
		return false;
	}
	if (t.to == l->text.n &&
	    (t.kind == TOKEN_WORD || t.kind == TOKEN_OPEN_END)) {
		bool quote = t.kind == TOKEN_OPEN_END;

		p->word = str_from(t.text, quote ? 1 : 0);
		p->from = t.from;
		if (quote && t.text.p[0] != '"')
			p->kind = PLACE_NONE;
		return false;
	}
	if (token_is_keyword(&t))
		p->kind = PLACE_VALUE;
	else
		p->kind = *depth ? PLACE_GROUP : PLACE_AFTER;
	return *depth > 0;
}

/* One term, or what there is of it; false when the cursor is in it. */
static bool walk_term(struct lexer *l, struct place *p)
{
	struct token t = lex_next(l, LEX_TERM), next;
	unsigned depth = 0;

	switch (t.kind) {
	case TOKEN_END:
		return false;
	case TOKEN_OPEN:
		p->kind = PLACE_TERM;
		return true;
	case TOKEN_WORD:
		break;
	case TOKEN_OPEN_END:
		p->kind = PLACE_NONE;
		return false;
	case TOKEN_REGEX:
		p->kind = t.to == l->text.n ? PLACE_NONE : PLACE_AFTER;
		return true;
	default:
		p->kind = PLACE_AFTER;
		return true;
	}
	next = lex_peek(l, LEX_TERM);
	if (next.kind == TOKEN_OPERATOR) {
		lex_next(l, LEX_TERM);
		p->kind = query_field(t.text, &p->field) ? PLACE_VALUE :
							   PLACE_NONE;
		p->from = l->text.n;
		while (walk_values(l, p, &depth))
			;
		return l->at < l->text.n;
	}
	if (t.to == l->text.n) {
		p->word = t.text;
		p->from = t.from;
		return false;
	}
	p->kind = token_is_keyword(&t) ? PLACE_TERM : PLACE_AFTER;
	return true;
}

static struct place find_place(struct str text)
{
	struct place p = { .kind = PLACE_TERM, .from = text.n };
	struct lexer l = { text, 0 };

	while (walk_term(&l, &p))
		;
	/* A blank ends a word, and with it what could be completed. */
	if (p.word.n == 0 && p.from != text.n && p.kind != PLACE_VALUE)
		p.from = text.n;
	return p;
}

/* Candidates -------------------------------------------------------------- */

static bool begins(const struct completing *c, struct str text)
{
	return str_starts_fold(text, c->word);
}

static void add(struct completing *c, struct str text, const char *help)
{
	if (c->out->n < COMPLETE_MAX)
		c->out->item[c->out->n++] =
			(struct completion){ text, help, COMPLETE_UNCOUNTED };
}

static void add_word(struct completing *c, const char *word, const char *help)
{
	if (begins(c, str_of(word)))
		add(c, str_of(word), help);
}

static void add_fields(struct completing *c)
{
	for (const struct field *f = fields; f->name; f++) {
		struct str name = str_of(f->name);

		if (!begins(c, name))
			continue;
		add(c, arena_join(c->arena, name, STR(":")), f->help);
		if (c->word.n == name.n &&
		    (f->kind == FIELD_LEVEL || f->kind == FIELD_TIME))
			add(c, arena_join(c->arena, name, STR(">=")), f->help);
	}
}

static void add_names(struct completing *c, enum field_kind kind)
{
	const char *name;

	for (size_t i = 0; (name = query_value_name(kind, i)); i++) {
		struct technique_id id;
		const char *help = NULL;

		if (!begins(c, str_of(name)))
			continue;
		if (kind == FIELD_TECHNIQUE &&
		    attack_technique_id(str_of(name), &id))
			help = attack_technique_title(&id);
		add(c, str_of(name), help);
	}
}

/* Values of columns ------------------------------------------------------- */

/* A value that could be meant and how many rows have it. */
struct candidate {
	struct str text;
	uint64_t rows;
};

static int by_rows(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->rows != b->rows)
		return a->rows > b->rows ? -1 : 1;
	return str_cmp(a->text, b->text);
}

static int by_text(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	return str_cmp(a->text, b->text);
}

static struct str shown_as(struct completing *c, const struct expr_field *f,
			   uint32_t value)
{
	struct str text = store_value(c->store, f->column, value);
	enum field_kind kind = f->kind;

	if (kind == FIELD_COUNTRY || kind == FIELD_ASN || kind == FIELD_AWS)
		return store_whereabouts_shown(c->store, kind, value);
	if (kind == FIELD_SERVICE)
		return event_service(text);
	if (kind == FIELD_USER)
		return actor_label(text, c->arena);
	return text;
}

/* Values that are shown alike become one. */
static size_t merge(struct candidate *list, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(list, n, sizeof(*list), by_text);
	for (size_t i = 0; i < n; i++) {
		if (kept && str_eq(list[kept - 1].text, list[i].text))
			list[kept - 1].rows += list[i].rows;
		else
			list[kept++] = list[i];
	}
	return kept;
}

/* The most frequent ones first. */
static void offer_by_rows(struct completing *c, struct candidate *list,
			  size_t n)
{
	n = merge(list, n);
	if (n)
		qsort(list, n, sizeof(*list), by_rows);
	for (size_t i = 0; i < n && c->out->n < COMPLETE_MAX; i++) {
		struct strbuf text;

		strbuf_init(&text);
		query_value(&text, list[i].text);
		add(c, arena_dup(c->arena, strbuf_str(&text)), NULL);
		c->out->item[c->out->n - 1].rows = list[i].rows;
		strbuf_release(&text);
	}
}

static void add_column(struct completing *c, const struct expr_field *f)
{
	const struct store *s = c->store;
	uint32_t values = s->values[f->column];
	uint64_t *rows = mem_zero((size_t)values + 1, sizeof(*rows));
	struct candidate *list = mem_zero((size_t)values + 1, sizeof(*list));
	size_t n = 0;

	for (row_id r = 0; r < s->n; r++)
		rows[store_value_at(s, f->column, r)]++;
	for (uint32_t v = 1; v < values; v++) {
		struct str text = shown_as(c, f, v);

		if (text.n && begins(c, text))
			list[n++] = (struct candidate){ text, rows[v] };
	}
	offer_by_rows(c, list, n);
	free(rows);
	free(list);
}

/* Names that values are put to one by one. */
struct tallied {
	struct completing *c;
	struct candidate *list;
	size_t n, cap;
};

static void tally(struct tallied *t, struct str text, uint64_t rows)
{
	if (!text.n || !begins(t->c, text))
		return;
	t->list = mem_grow(t->list, &t->cap, t->n + 1, sizeof(*t->list));
	t->list[t->n++] = (struct candidate){ text, rows };
}

/* Rules that alert, by how many rows they mark. */
static void tally_rules(struct tallied *t, const struct marks *m)
{
	uint64_t *rows = mem_zero(m->label_n + 1, sizeof(*rows));

	for (size_t i = 0; i < m->n; i++)
		rows[m->mark[i].label]++;
	for (size_t i = 0; i < m->label_n; i++)
		if (rows[i])
			tally(t, m->label[i].title, rows[i]);
	free(rows);
}

static void tally_said(struct tallied *t, const struct marks *m,
		       enum said_kind kind)
{
	for (size_t i = 0; m->said && i < m->said->n; i++)
		if (m->said->item[i].kind == kind)
			tally(t, m->said->item[i].text, 1);
}

static void tally_origins(struct tallied *t, const struct kin *k)
{
	uint64_t *rows = mem_zero((size_t)k->groups + 1, sizeof(*rows));

	for (row_id r = 0; r < k->rows; r++)
		rows[kin_origin(k, r)]++;
	for (uint32_t g = 1; g < k->groups; g++)
		if (rows[g])
			tally(t, k->name[g], rows[g]);
	free(rows);
}

static void tally_incidents(struct tallied *t, const struct kin *k)
{
	uint64_t *rows = mem_zero((size_t)k->incidents + 1, sizeof(*rows));

	for (row_id r = 0; r < k->rows; r++)
		rows[kin_incident(k, r)]++;
	for (uint32_t i = 1; i < k->incidents; i++)
		tally(t, k->incident_name[i], rows[i]);
	free(rows);
}

static void add_marked(struct completing *c, enum field_kind kind)
{
	struct tallied t = { .c = c };
	const struct marks *m = c->marks;
	const struct kin *k = m ? kin_know(m->kin) : NULL;

	if (m && kind == FIELD_RULE)
		tally_rules(&t, m);
	else if (m && kind == FIELD_LABEL)
		tally_said(&t, m, SAID_LABEL);
	else if (m && kind == FIELD_STAR)
		tally_said(&t, m, SAID_STAR);
	else if (k && kind == FIELD_ORIGIN)
		tally_origins(&t, k);
	else if (k && kind == FIELD_INCIDENT)
		tally_incidents(&t, k);
	offer_by_rows(c, t.list, t.n);
	free(t.list);
}

/* How many rows have one of the few values of a field. */
static uint64_t count_name(const struct completing *c, enum field_kind kind,
			   size_t i)
{
	const struct store *s = c->store;
	const struct marks *m = c->marks;
	row_id last = ROW_NONE;
	uint64_t n = 0;

	for (row_id r = 0; s && r < s->n; r++)
		n += kind == FIELD_OUTCOME ? (size_t)store_outcome(s, r) == i :
		     kind == FIELD_KIND    ? s->kind[r] == i :
					     0;
	for (size_t k = 0; m && k < m->n; k++) {
		const struct mark *x = &m->mark[k];

		if (x->row != last &&
		    ((kind == FIELD_LEVEL && x->level == i) ||
		     (kind == FIELD_TACTIC &&
		      m->label[x->label].tactics & TACTIC_BIT(i)))) {
			last = x->row;
			n++;
		}
	}
	return n;
}

/* The few values of a field in their own order, with their rows. */
static void add_counted_names(struct completing *c, enum field_kind kind)
{
	const char *name;

	for (size_t i = 0; (name = query_value_name(kind, i)); i++) {
		if (!begins(c, str_of(name)))
			continue;
		add(c, str_of(name), NULL);
		if ((c->store &&
		     (kind == FIELD_OUTCOME || kind == FIELD_KIND)) ||
		    (c->marks && (kind == FIELD_LEVEL || kind == FIELD_TACTIC)))
			c->out->item[c->out->n - 1].rows = count_name(c, kind,
								      i);
	}
}

static void add_values(struct completing *c, const struct expr_field *f)
{
	switch (f->kind) {
	case FIELD_COLUMN:
	case FIELD_ACCOUNT:
	case FIELD_SERVICE:
	case FIELD_USER:
	case FIELD_PRINCIPAL:
	case FIELD_SESSION:
	case FIELD_KEY:
	case FIELD_IP:
	case FIELD_COUNTRY:
	case FIELD_ASN:
	case FIELD_AWS:
		if (c->store)
			add_column(c, f);
		break;
	case FIELD_RULE:
	case FIELD_LABEL:
	case FIELD_STAR:
	case FIELD_ORIGIN:
	case FIELD_INCIDENT:
		add_marked(c, f->kind);
		break;
	case FIELD_OUTCOME:
	case FIELD_KIND:
	case FIELD_LEVEL:
	case FIELD_TACTIC:
		add_counted_names(c, f->kind);
		break;
	default:
		add_names(c, f->kind);
	}
}

void query_complete(struct str text, size_t cursor, const struct store *store,
		    const struct marks *marks, struct arena *arena,
		    struct completions *out)
{
	struct place p = find_place(str_sub(text, 0, cursor));
	struct completing c = { arena, store, marks, out, p.word };

	out->n = 0;
	out->from = p.from;
	out->to = cursor < text.n ? cursor : text.n;
	switch (p.kind) {
	case PLACE_NONE:
		break;
	case PLACE_TERM:
		add_fields(&c);
		add_word(&c, "not", "the next term must not be true");
		break;
	case PLACE_AFTER:
		add_word(&c, "and", "both must be true");
		add_word(&c, "or", "one must be true");
		add_word(&c, "not", "the next term must not be true");
		add_fields(&c);
		break;
	case PLACE_VALUE:
		add_values(&c, &p.field);
		break;
	case PLACE_GROUP:
		add_word(&c, "or", "another value will do");
		add_word(&c, "and", "another value as well");
		break;
	}
}
