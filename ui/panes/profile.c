/* SPDX-License-Identifier: MIT */
/* The page of an entity. */
#include "ui/app.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "identity/tree.h"
#include "model/field.h"
#include "store/whereabouts.h"
#include "ui/histogram.h"
#include "ui/panes/profile.h"
#include "ui/panes/profile_private.h"
#include "ui/picks.h"

static void *profile_open(void)
{
	struct profile_pane *p = mem_zero(1, sizeof(*p));

	p->due_row = SIZE_MAX;
	strbuf_init(&p->of);
	strbuf_init(&p->why);
	page_init(&p->page);
	return p;
}

static void profile_close(void *state)
{
	struct profile_pane *p = state;

	page_release(&p->page, &p->more);
	entity_release(&p->page.entity);
	strbuf_release(&p->of);
	strbuf_release(&p->why);
	free(p->row);
	free(p);
}

static int profile_resized(void *state, int rows, int cols)
{
	struct profile_pane *p = state;

	if (p->cols != cols) {
		p->cols = cols;
		profile_arrange(p);
		list_replace(&p->list, p->n,
			     p->list.cursor < p->n ? p->list.cursor : 0);
	}
	return rows > 2 * HEAD_ROWS ? rows - HEAD_ROWS : rows;
}

/* Refreshing -------------------------------------------------------------- */

static void rearrange(struct profile_pane *p)
{
	profile_arrange(p);
	list_replace(&p->list, p->n,
		     p->list.cursor < p->n ? p->list.cursor : 0);
}

/* Whose page it is: of what was asked for, else of the selected event. */
static void find_entity(const struct profile_pane *p, const struct desk *d,
			struct entity *e)
{
	const struct lineage *l = d->snap->lineage;
	struct err err;

	if (p->of.n && entity_find(e, d->snap, strbuf_str(&p->of), &err))
		e->kind = ENTITY_NONE;
	if (e->kind == ENTITY_NONE && d->selected != ROW_NONE)
		entity_of_node(
			e, l,
			profile_subject(l, lineage_subject(l, d->selected)));
}

static void profile_refresh(void *state, struct desk *d)
{
	struct profile_pane *p = state;
	struct entity e;

	if (!d->snap)
		return;
	entity_init(&e);
	find_entity(p, d, &e);
	if (p->made_of == d->snap->version && p->since == d->now.since &&
	    p->until == d->now.until && e.kind == p->page.entity.kind &&
	    str_eq(strbuf_str(&e.name), strbuf_str(&p->page.entity.name))) {
		entity_release(&e);
		return;
	}
	p->due_row = SIZE_MAX;
	p->due_part = PROFILE_TOP;
	/* Of many events what is asked of the page before is not waited for. */
	p->renew = d->snap->store->n > d->at_once && !page_stop(&p->more);
	if (p->renew) {
		page_forget(&p->page);
		p->made_of = UINT64_MAX;
		p->n = 0;
		list_replace(&p->list, 0, 0);
		entity_release(&e);
		return;
	}
	p->made_of = d->snap->version;
	p->since = d->now.since;
	p->until = d->now.until;
	p->l = d->snap->lineage;
	page_make(&p->page, &p->more, &e, d);
	strbuf_clear(&p->why);
	if (p->page.node)
		desk_none_of(d, lineage_account_text(p->l, p->page.node),
			     &p->why);
	rearrange(p);
	entity_release(&e);
}

static void go_to_part(struct profile_pane *p, enum profile_part part)
{
	size_t row = part == PROFILE_REVOKE ? p->revoke : p->on;

	if (row >= p->n)
		return;
	p->side = part == PROFILE_DONE_TO ? p->on_side : 0;
	list_last(&p->list);
	list_goto(&p->list, row + 1);
	list_show_from(&p->list, row);
}

static bool profile_busy(const void *state)
{
	return ((const struct profile_pane *)state)->more.running;
}

/* All rows are there. */
static void go_where_due(struct profile_pane *p)
{
	if (p->due_part != PROFILE_TOP)
		go_to_part(p, p->due_part);
	if (p->due_row != SIZE_MAX && p->list.cursor == p->due_at) {
		list_goto(&p->list, p->due_row);
		list_show_from(&p->list, p->due_top);
	}
	p->due_part = PROFILE_TOP;
	p->due_row = SIZE_MAX;
}

/* The page that waited for the end of another one. */
static void renew(struct profile_pane *p, struct desk *d, unsigned ms)
{
	enum profile_part part = p->due_part;
	size_t row = p->due_row;

	if (!job_ended(&p->more.job, ms))
		return;
	profile_refresh(p, d);
	p->due_part = part;
	p->due_row = row;
	if (!p->more.running)
		go_where_due(p);
}

static void profile_step(void *state, struct desk *d, unsigned ms)
{
	struct profile_pane *p = state;

	if (p->renew) {
		renew(p, d, ms);
		return;
	}
	if (!page_step(&p->page, &p->more, ms))
		return;
	rearrange(p);
	go_where_due(p);
}

static void profile_show_from(void *state, size_t top)
{
	struct profile_pane *p = state;

	p->due_top = top;
	list_show_from(&p->list, top);
}

node_id profile_subject(const struct lineage *l, node_id acting)
{
	node_id node = tree_stand_in(l, acting);
	const struct lineage_edge *up = lineage_parent(l, node);

	return up && up->kind == EDGE_OWNS ? up->from : node;
}

static void go(struct app *app, struct str name, enum profile_part part)
{
	struct profile_pane *p = app_pane(app, PANE_PROFILE)->state;

	app_remember(app);
	strbuf_clear(&p->of);
	strbuf_add(&p->of, name);
	p->side = 0;
	p->open = 0;
	list_first(&p->list);
	app_focus(app, PANE_PROFILE);
	if (part == PROFILE_TOP)
		return;
	if (p->page.has && !p->renew)
		go_to_part(p, part);
	else
		p->due_part = part;
}

void profile_go(struct app *app, const struct lineage *l, node_id node,
		enum profile_part part)
{
	go(app, lineage_id(l, node), part);
}

void profile_go_to(struct app *app, struct str words, enum profile_part part)
{
	const struct desk *d = app_desk(app);
	struct entity e;
	struct err err;

	if (!d->snap) {
		app_say(app, "nothing is loaded yet");
		return;
	}
	entity_init(&e);
	if (entity_find(&e, d->snap, words, &err))
		app_say(app, "%s", err.msg);
	else
		go(app, strbuf_str(&e.name), part);
	entity_release(&e);
}

/* What is called something stands in these. */
static bool names_things(struct str path)
{
	return str_starts(path, STR("requestParameters")) ||
	       str_starts(path, STR("responseElements")) ||
	       str_starts(path, STR("resources"));
}

bool profile_go_to_value(struct app *app, struct str field, struct str value)
{
	const struct desk *d = app_desk(app);
	struct strbuf words;
	struct entity e;
	struct err err;
	bool found;

	if (!d->snap || !value.n)
		return false;
	strbuf_init(&words);
	entity_init(&e);
	strbuf_add(&words, field);
	strbuf_addc(&words, ':');
	strbuf_add(&words, value);
	found = field_find(field) &&
		entity_find(&e, d->snap, strbuf_str(&words), &err) == ERR_OK;
	if (!found)
		found = entity_find(&e, d->snap, value, &err) == ERR_OK &&
			(e.kind == ENTITY_NODE ||
			 (e.kind == ENTITY_RESOURCE && names_things(field)));
	if (found)
		go(app, strbuf_str(&e.name), PROFILE_TOP);
	strbuf_release(&words);
	entity_release(&e);
	return found;
}

/* Where it is: the account, of an address the place and whose it is. */
static void add_where(const struct profile_pane *p, const struct desk *d,
		      struct strbuf *out)
{
	const struct rowset *rows = &p->page.profile.rows;
	const struct store *s = d->snap->store;
	struct str account;

	if (!p->page.node)
		return;
	account = lineage_account_text(d->snap->lineage, p->page.node);
	if (account.n && !str_ends(strbuf_str(out), account)) {
		strbuf_adds(out, "  ");
		strbuf_add(out, account);
	}
	/* All rows of an address have it. */
	if (p->page.has && rows->n &&
	    d->snap->lineage->node[p->page.node].kind == NODE_IP)
		store_tell_whereabouts(
			s, store_value_at(s, EVENT_IP, rows->row[0]), out);
}

/* The name gives way to what stands at the right of the bar. */
enum { BAR_ROOM = 4, NAME_LEAST = 20 };

static void profile_title(const void *state, const struct desk *d,
			  struct arena *arena, struct safetext *left,
			  struct safetext *right)
{
	const struct profile_pane *p = state;
	struct strbuf text;
	int room;

	*left = safe_literal("6 Profile] ");
	*right = list_position(&p->list, arena);
	if (!d->snap || p->page.entity.kind == ENTITY_NONE ||
	    p->made_of != d->snap->version)
		return;
	strbuf_init(&text);
	if (p->page.has) {
		strbuf_add_count(&text, p->page.profile.rows.n);
		strbuf_adds(&text, " ev ");
		*right = safe_join(
			arena, safe_text(arena, strbuf_str(&text), SAFE_LIST),
			*right);
		strbuf_clear(&text);
	}
	entity_describe(&p->page.entity, d->snap, &text);
	add_where(p, d, &text);
	if (p->since != TIME_NONE || p->until != TIME_NONE)
		strbuf_adds(&text, ", in the window");
	room = p->cols - (int)(left->width + right->width) - BAR_ROOM;
	*left = safe_join(
		arena, *left,
		safe_fit(arena, safe_text(arena, strbuf_str(&text), SAFE_LIST),
			 room > NAME_LEAST ? (size_t)room : NAME_LEAST,
			 SAFE_CUT_END, "~"));
	strbuf_release(&text);
}

/* Commands ---------------------------------------------------------------- */

static const struct profile_cell *chosen_cell(const struct profile_pane *p)
{
	const struct profile_row *r;

	if (p->list.cursor >= p->n)
		return NULL;
	r = &p->row[p->list.cursor];
	return &r->cell[p->side < r->n ? p->side : r->n - 1];
}

/* Events by their ids, the first ones where they are many. */
static void drill_rows(struct app *app, const struct store *s,
		       const struct rowset *rows, struct str label)
{
	struct strbuf ids;

	strbuf_init(&ids);
	for (size_t i = 0; i < rows->n && i < SCOPE_IDS; i++) {
		if (i)
			strbuf_addc(&ids, ' ');
		store_id_text(s, rows->row[i], &ids);
	}
	app_drill(app, scope_make(SCOPE_EVENTS, strbuf_str(&ids), STR_NULL,
				  STR_NULL, label));
	if (rows->n > SCOPE_IDS)
		app_say(app, "the first %d of %zu events", SCOPE_IDS, rows->n);
	strbuf_release(&ids);
}

/* The entity's events that have a value. */
static void drill_value(struct profile_pane *p, struct app *app,
			const struct desk *d, const struct profile_cell *cell)
{
	const struct profile_value *v =
		&p->page.profile.card[cell->card].value[cell->number];
	struct rowset rows = ROWSET_INIT;
	struct strbuf label;

	if (cell->card == CARD_RESOURCES) {
		profile_go_to(app, v->text, PROFILE_TOP);
		return;
	}
	strbuf_init(&label);
	entity_describe(&p->page.entity, d->snap, &label);
	strbuf_adds(&label, ", ");
	strbuf_add(&label, v->text);
	profile_value_rows(&p->page.profile, d->snap, cell->card, cell->number,
			   &rows);
	drill_rows(app, d->snap->store, &rows, strbuf_str(&label));
	rowset_release(&rows);
	strbuf_release(&label);
}

static void drill_on(struct profile_pane *p, struct app *app,
		     const struct desk *d, const struct page_call *k)
{
	struct strbuf label;

	strbuf_init(&label);
	node_describe(d->snap->lineage, p->page.node, &label);
	strbuf_adds(&label, ", done to it: ");
	strbuf_add(&label, store_value(d->snap->store, EVENT_NAME, k->name));
	drill_rows(app, d->snap->store, &k->rows, strbuf_str(&label));
	strbuf_release(&label);
}

static void drill(struct profile_pane *p, struct app *app, const struct desk *d)
{
	const struct profile_cell *cell = chosen_cell(p);
	row_id row = ROW_NONE;

	if (!cell)
		return;
	switch (cell->part) {
	case PART_VALUE:
		drill_value(p, app, d, cell);
		return;
	case PART_MORE:
		p->open |= 1u << cell->card;
		rearrange(p);
		return;
	case PART_ALERT:
		app_drill(app,
			  scope_of_alert(
				  &d->snap->alerts
					   .alert[p->page.profile
							  .alert[cell->number]
							  .alert]));
		return;
	case PART_ON:
		drill_on(p, app, d, &p->page.on[cell->number]);
		return;
	case PART_SUSPECT:
		row = profile_suspect(p, cell->number)->row;
		break;
	case PART_CREDENTIAL:
	case PART_HOW:
		row = p->page.revocation.credential[cell->number].row;
		break;
	case PART_NONE:
	case PART_NONE_WHY:
		return;
	}
	if (row == ROW_NONE)
		app_say(app, "no event shows it");
	else
		app_look_around(app, row);
}

/* Whoever the row names; NODE_NONE for the page's own. */
static node_id named(const struct profile_pane *p)
{
	const struct profile_cell *cell = chosen_cell(p);

	if (!cell)
		return NODE_NONE;
	switch (cell->part) {
	case PART_ON:
		return p->page.on[cell->number].by;
	case PART_SUSPECT:
		return profile_suspect(p, cell->number)->node;
	case PART_CREDENTIAL:
		return p->page.revocation.credential[cell->number].node;
	default:
		return NODE_NONE;
	}
}

static void move_side(struct profile_pane *p, int by)
{
	int n = p->list.cursor < p->n ? p->row[p->list.cursor].n : 1;
	int side = (p->side < n ? p->side : n - 1) + by;

	p->side = side < 0 ? 0 : side >= n ? n - 1 : side;
}

/* The page of the value under the cursor. */
static bool go_to_value(const struct profile_pane *p, struct app *app)
{
	const struct profile_cell *cell = chosen_cell(p);
	const struct profile_value *v;
	struct strbuf words;

	if (!cell || cell->part != PART_VALUE)
		return false;
	v = &p->page.profile.card[cell->card].value[cell->number];
	strbuf_init(&words);
	if (cell->card == CARD_AGENTS) {
		strbuf_adds(&words, "userAgent:");
		strbuf_add(&words, store_value(app_desk(app)->snap->store,
					       EVENT_AGENT, v->value));
	} else {
		strbuf_addf(&words, "%s:",
			    cell->card == CARD_ACCOUNTS ?
				    "account" :
				    profile_card_value(cell->card));
		strbuf_add(&words, v->text);
	}
	profile_go_to(app, strbuf_str(&words), PROFILE_TOP);
	strbuf_release(&words);
	return true;
}

static bool profile_command(void *state, struct app *app,
			    enum screen_command cmd, struct str argument)
{
	const struct desk *d = app_desk(app);
	struct profile_pane *p = state;
	node_id node;

	if (!d->snap || p->page.entity.kind == ENTITY_NONE || argument.n)
		return false;
	switch (cmd) {
	case DO_LEFT:
	case DO_RIGHT:
		move_side(p, cmd == DO_RIGHT ? 1 : -1);
		return true;
	case DO_DRILL:
		drill(p, app, d);
		return true;
	case DO_PANE_PROFILE:
		node = named(p);
		if (node)
			profile_go(app, d->snap->lineage, node, PROFILE_TOP);
		else if (!go_to_value(p, app))
			app_say(app, "the row names nothing else");
		return true;
	case DO_REROOT:
		profile_reroot(p, app);
		return true;
	case DO_REVOKE:
		if (!p->page.node)
			return false;
		profile_go(app, d->snap->lineage, p->page.node, PROFILE_REVOKE);
		return true;
	default:
		return false;
	}
}

static node_id profile_identity(const void *state, const struct desk *d)
{
	const struct profile_pane *p = state;

	return p->made_of == d->snap->version ? p->page.node : NODE_NONE;
}

static void profile_picks(const void *state, const struct desk *d,
			  struct picks *out)
{
	const struct profile_pane *p = state;
	const struct profile_cell *cell = chosen_cell(p);

	if (!d->snap || p->made_of != d->snap->version)
		return;
	if (cell && cell->part == PART_VALUE && cell->card != CARD_AGENTS)
		picks_add(out, 'e',
			  cell->card == CARD_ACCOUNTS ?
				  "account" :
				  profile_card_value(cell->card),
			  p->page.profile.card[cell->card]
				  .value[cell->number]
				  .text);
	if (cell && cell->part == PART_ON)
		picks_add(out, 'e', "eventName",
			  store_value(d->snap->store, EVENT_NAME,
				      p->page.on[cell->number].name));
	if (named(p))
		picks_node(out, d->snap->lineage, named(p));
	if (p->page.node)
		picks_node(out, d->snap->lineage, p->page.node);
}

static struct list *profile_list(void *state)
{
	return &((struct profile_pane *)state)->list;
}

static void cell_text(const struct profile_pane *p, const struct desk *d,
		      const struct profile_cell *cell, struct strbuf *out)
{
	const struct lineage *l = d->snap->lineage;
	const struct profile *f = &p->page.profile;
	const struct page_call *k;

	switch (cell->part) {
	case PART_NONE:
	case PART_MORE:
		strbuf_adds(out, cell->heading ? cell->heading : "");
		break;
	case PART_VALUE:
		strbuf_add(out, f->card[cell->card].value[cell->number].text);
		break;
	case PART_ALERT:
		strbuf_add(out,
			   d->snap->alerts.alert[f->alert[cell->number].alert]
				   .rule->title);
		break;
	case PART_ON:
		k = &p->page.on[cell->number];
		strbuf_add(out,
			   store_value(d->snap->store, EVENT_NAME, k->name));
		strbuf_addc(out, ' ');
		node_describe(l, k->by, out);
		break;
	case PART_SUSPECT:
		node_describe(l, profile_suspect(p, cell->number)->node, out);
		strbuf_addc(out, ' ');
		suspect_describe(l, profile_suspect(p, cell->number), out);
		break;
	case PART_CREDENTIAL:
		node_describe(l,
			      p->page.revocation.credential[cell->number].node,
			      out);
		break;
	case PART_HOW:
	case PART_NONE_WHY:
		strbuf_add(out, cell->how);
		break;
	}
}

static void profile_row_text(const void *state, const struct desk *d,
			     size_t row, struct strbuf *out)
{
	const struct profile_pane *p = state;

	if (row >= p->n || p->made_of != d->snap->version)
		return;
	for (int i = 0; i < p->row[row].n; i++) {
		cell_text(p, d, &p->row[row].cell[i], out);
		strbuf_addc(out, ' ');
	}
}

/* Places ------------------------------------------------------------------ */

static void profile_save(const void *state, const struct desk *d,
			 struct strbuf *out)
{
	const struct profile_pane *p = state;

	(void)d;
	strbuf_addf(out, "%zu %d ", p->list.cursor, p->side);
	strbuf_add(out, strbuf_str(&p->of));
}

static void profile_restore(void *state, struct desk *d, struct str saved)
{
	struct profile_pane *p = state;
	struct str row = STR_NULL, side = STR_NULL;
	uint64_t r = 0;

	str_next(&saved, ' ', &row);
	str_next(&saved, ' ', &side);
	str_to_u64(side, &r);
	p->side = (int)(r % PROFILE_COLS);
	r = 0;
	str_to_u64(row, &r);
	strbuf_clear(&p->of);
	strbuf_add(&p->of, saved);
	profile_refresh(p, d);
	list_goto(&p->list, (size_t)r);
	p->due_row = p->more.running ? (size_t)r : SIZE_MAX;
	p->due_at = p->list.cursor;
	p->due_top = p->list.top;
}

const struct pane_class pane_profile = {
	.name = "Profile",
	.context = IN_PROFILE,
	.open = profile_open,
	.close = profile_close,
	.refresh = profile_refresh,
	.title = profile_title,
	.draw = profile_draw,
	.command = profile_command,
	.list = profile_list,
	.identity = profile_identity,
	.resized = profile_resized,
	.row_text = profile_row_text,
	.picks = profile_picks,
	.busy = profile_busy,
	.step = profile_step,
	.save = profile_save,
	.restore = profile_restore,
	.show_from = profile_show_from,
};
