/* SPDX-License-Identifier: MIT */
/*
 * Tactics and techniques: how many alerts each has, and which are in scope.
 * What is counted are the alerts of filter and window whatever the scope, so
 * that a tactic that was put out can be put in again.
 */
#include "ui/app.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

/* A technique that some alert names. */
struct technique_row {
	struct technique_id id;
	unsigned alerts;
	int level; /* of the worst */
};

struct attack_pane {
	struct list list;
	bool techniques; /* of `tactic`, instead of the tactics */
	enum attack_tactic tactic;
	size_t tactic_cursor; /* where to go back to */
	unsigned alerts[TACTIC_COUNT];
	int level[TACTIC_COUNT];
	struct technique_row *row; /* of the tactic, by id */
	size_t row_n, row_cap;
};

static void *attack_open(void)
{
	return mem_zero(1, sizeof(struct attack_pane));
}

static void attack_close(void *state)
{
	struct attack_pane *p = state;

	free(p->row);
	free(p);
}

/* The tactics in which the cloud has techniques, in the matrix' order. */
static const enum attack_tactic shown[] = {
	TACTIC_INITIAL_ACCESS,
	TACTIC_EXECUTION,
	TACTIC_PERSISTENCE,
	TACTIC_PRIVILEGE_ESCALATION,
	TACTIC_STEALTH,
	TACTIC_DEFENSE_IMPAIRMENT,
	TACTIC_CREDENTIAL_ACCESS,
	TACTIC_DISCOVERY,
	TACTIC_LATERAL_MOVEMENT,
	TACTIC_COLLECTION,
	TACTIC_COMMAND_AND_CONTROL,
	TACTIC_EXFILTRATION,
	TACTIC_IMPACT,
	TACTIC_RECONNAISSANCE,
	TACTIC_RESOURCE_DEVELOPMENT,
};

static int compare_rows(const void *x, const void *y)
{
	const struct technique_row *a = x, *b = y;

	return strcmp(a->id.text, b->id.text);
}

static void count_technique(struct attack_pane *p,
			    const struct technique_id *id, int level)
{
	size_t i = 0;

	/* Under the tactic only techniques that serve it, as far as the table
	 * knows them. */
	if (attack_technique_tactics(id) &&
	    !(attack_technique_tactics(id) & TACTIC_BIT(p->tactic)))
		return;
	while (i < p->row_n && strcmp(p->row[i].id.text, id->text) != 0)
		i++;
	if (i == p->row_n) {
		p->row = mem_grow(p->row, &p->row_cap, p->row_n + 1,
				  sizeof(*p->row));
		p->row[p->row_n++] = (struct technique_row){ *id, 0, -1 };
	}
	p->row[i].alerts++;
	if (level > p->row[i].level)
		p->row[i].level = level;
}

static void attack_refresh(void *state, struct desk *d)
{
	struct attack_pane *p = state;
	struct alerts all = { .n = 0 };
	size_t cursor = p->list.cursor, n;

	memset(p->alerts, 0, sizeof(p->alerts));
	for (int t = 0; t < TACTIC_COUNT; t++)
		p->level[t] = -1;
	p->row_n = 0;
	if (d->snap)
		desk_all_alerts(d, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct alert *a = &all.alert[i];

		for (int t = 0; t < TACTIC_COUNT; t++) {
			if (!(a->rule->tactics & TACTIC_BIT(t)))
				continue;
			p->alerts[t]++;
			if ((int)a->level > p->level[t])
				p->level[t] = (int)a->level;
		}
		if (!(a->rule->tactics & TACTIC_BIT(p->tactic)))
			continue;
		for (size_t k = 0; k < a->rule->technique_n; k++)
			count_technique(p, &a->rule->technique[k],
					(int)a->level);
	}
	if (d->snap)
		alerts_release(&all);
	if (p->row_n)
		qsort(p->row, p->row_n, sizeof(*p->row), compare_rows);
	n = p->techniques ? p->row_n : ARRAY_SIZE(shown);
	list_replace(&p->list, n, cursor < n ? cursor : n ? n - 1 : 0);
}

static void attack_title(const void *state, const struct desk *d,
			 struct arena *arena, struct safetext *left,
			 struct safetext *right)
{
	const struct attack_pane *p = state;

	if (p->techniques)
		*left = safe_format(arena,
				    "3 ATT&CK " ATTACK_VERSION
				    "] %s: techniques",
				    attack_tactic_title(p->tactic));
	else
		*left = safe_format(arena,
				    "3 ATT&CK " ATTACK_VERSION "] tactics%s",
				    d->now.hidden || d->now.hidden_n ?
					    ", some out of scope" :
					    "");
	*right = list_position(&p->list, arena);
}

static bool hides(const struct narrowing *n, const struct technique_id *id)
{
	for (size_t i = 0; i < n->hidden_n; i++)
		if (strcmp(n->hidden_technique[i].text, id->text) == 0)
			return true;
	return false;
}

/* "[x] Persistence          5 M #####" */
static void draw_line(struct canvas *c, int line, bool in, const char *id,
		      const char *name, unsigned alerts, int level,
		      unsigned most, struct arena *a)
{
	int id_width = *id ? 11 : 0, bar, name_width;
	enum style_role style = alerts ? STYLE_NORMAL : STYLE_MUTED;

	canvas_text(c, line, 1, safe_literal(in ? "[x]" : "[ ]"), style);
	canvas_text(c, line, 5, safe_literal(id), style);
	name_width = c->cols - 5 - id_width - 16;
	if (name_width > 24 && !*id)
		name_width = 24;
	if (name_width < 8)
		name_width = 8;
	canvas_text(c, line, 5 + id_width,
		    list_cell(c, a, str_of(name), name_width, SAFE_CUT_END),
		    style);
	canvas_text_end(c, line, 5 + id_width + name_width + 5,
			safe_format(a, "%u", alerts), style);
	if (level < 0)
		return;
	bar = 5 + id_width + name_width + 6;
	canvas_text(c, line, bar, level_text((enum level)level),
		    level_style((enum level)level));
	bar += 2;
	for (unsigned i = 0; most && i < alerts * 8 / most + (alerts > 0) &&
			     bar + (int)i < c->cols;
	     i++)
		canvas_glyph(c, line, bar + (int)i, GLYPH_SPARK_8, STYLE_MUTED);
}

static void attack_draw(const void *state, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	const struct attack_pane *p = state;
	unsigned most = 0;
	size_t row;

	for (size_t i = 0; !p->techniques && i < ARRAY_SIZE(shown); i++)
		if (p->alerts[shown[i]] > most)
			most = p->alerts[shown[i]];
	for (size_t i = 0; p->techniques && i < p->row_n; i++)
		if (p->row[i].alerts > most)
			most = p->row[i].alerts;
	for (int line = 0; line < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row))
			break;
		if (p->techniques && row < p->row_n) {
			const struct technique_row *t = &p->row[row];

			draw_line(c, line, !hides(&d->now, &t->id), t->id.text,
				  attack_technique_title(&t->id), t->alerts,
				  t->level, most, how->arena);
		} else if (!p->techniques) {
			enum attack_tactic t = shown[row];

			draw_line(c, line, !(d->now.hidden & TACTIC_BIT(t)), "",
				  attack_tactic_title(t), p->alerts[t],
				  p->level[t], most, how->arena);
		}
		draw_cursor(c, line, row == p->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
	if (p->techniques && !p->row_n)
		canvas_text(c, 0, 1, safe_literal("no alerts of this tactic"),
			    STYLE_MUTED);
}

static struct list *attack_list(void *state)
{
	return &((struct attack_pane *)state)->list;
}

static void attack_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct attack_pane *p = state;
	const char *was;

	(void)d;
	if (!p->techniques) {
		strbuf_adds(out, attack_tactic_title(shown[row]));
		return;
	}
	strbuf_adds(out, p->row[row].id.text);
	was = attack_technique_was(&p->row[row].id);
	if (was)
		strbuf_addf(out, " (was %s)", was);
	strbuf_addf(out, " %s", attack_technique_title(&p->row[row].id));
}

static void show_techniques(struct attack_pane *p, struct desk *d, bool on)
{
	if (on) {
		p->tactic = shown[p->list.cursor];
		p->tactic_cursor = p->list.cursor;
	}
	p->techniques = on;
	p->list.cursor = 0;
	attack_refresh(p, d);
	if (!on)
		list_goto(&p->list, p->tactic_cursor);
}

/* Enter on a technique: its events, as a filter that can be undone. */
static void filter_technique(struct app *app, const struct technique_id *id)
{
	struct err err;

	app_remember(app);
	if (desk_add_term(app_desk(app), STR("technique"), str_of(id->text),
			  true, &err))
		app_say(app, "%s", err.msg);
	app_focus(app, PANE_TIMELINE);
}

static bool attack_command(void *state, struct app *app,
			   enum screen_command cmd, struct str argument)
{
	struct attack_pane *p = state;
	struct desk *d = app_desk(app);
	size_t at = p->list.cursor;

	(void)argument;
	if (at >= p->list.n && cmd != DO_REPRESENT && cmd != DO_CLOSE)
		return false;
	switch (cmd) {
	case DO_TOGGLE:
		if (p->techniques)
			desk_toggle_technique(d, &p->row[at].id);
		else
			desk_toggle_tactic(d, shown[at]);
		return true;
	case DO_DRILL:
		if (p->techniques)
			filter_technique(app, &p->row[at].id);
		else
			show_techniques(p, d, true);
		return true;
	case DO_REPRESENT:
		show_techniques(p, d, !p->techniques);
		return true;
	case DO_CLOSE:
		if (!p->techniques)
			return false;
		show_techniques(p, d, false);
		return true;
	default:
		return false;
	}
}

static void attack_save(const void *state, const struct desk *d,
			struct strbuf *out)
{
	const struct attack_pane *p = state;

	(void)d;
	strbuf_addf(out, "%d %d %zu", p->techniques, (int)p->tactic,
		    p->list.cursor);
}

static void attack_restore(void *state, struct desk *d, struct str saved)
{
	struct attack_pane *p = state;
	struct str field;
	uint64_t v[3] = { 0, 0, 0 };

	for (int i = 0; i < 3 && str_next(&saved, ' ', &field); i++)
		str_to_u64(field, &v[i]);
	p->techniques = v[0] != 0;
	p->tactic = v[1] < TACTIC_COUNT ? (enum attack_tactic)v[1] : 0;
	attack_refresh(p, d);
	list_goto(&p->list, (size_t)v[2]);
}

const struct pane_class pane_attack = {
	.name = "ATT&CK",
	.context = IN_ATTACK,
	.open = attack_open,
	.close = attack_close,
	.refresh = attack_refresh,
	.title = attack_title,
	.draw = attack_draw,
	.command = attack_command,
	.list = attack_list,
	.row_text = attack_row_text,
	.save = attack_save,
	.restore = attack_restore,
};
