/* SPDX-License-Identifier: MIT */
/* Lines of a tree: made when they are unfolded, shown in order. */
#include "identity/tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

/* What a tree begins with is unfolded up to so many lines. */
enum { BEGIN_LINES = 60 };

uint32_t *tree_scratch(struct tree *t, size_t n)
{
	struct tree_parts *p = t->parts;

	if (p->scratch_n < n) {
		free(p->scratch);
		p->scratch = mem_zero(n, sizeof(*p->scratch));
		p->scratch_n = n;
	}
	return p->scratch;
}

void tree_add_line(struct tree_lines *to, const struct tree_line *line)
{
	to->line = mem_grow(to->line, &to->cap, to->n + 1, sizeof(*to->line));
	to->line[to->n++] = *line;
}

bool tree_on_path(const struct tree *t, node_id node)
{
	for (uint32_t i = 0; i < t->parts->path_n; i++)
		if (t->parts->path[i] == node)
			return true;
	return false;
}

bool tree_is_above(const struct tree *t, uint32_t line, node_id node)
{
	for (; line != TREE_NO_LINE; line = t->line[line].parent)
		if (t->line[line].kind == TREE_NODE &&
		    t->line[line].node == node)
			return true;
	return false;
}

/* Making ------------------------------------------------------------------ */

static uint32_t append(struct tree *t, const struct tree_line *line, size_t n)
{
	size_t cap = t->parts->line_cap;
	uint32_t at = t->n;

	t->line = mem_grow(t->line, &cap, (size_t)t->n + n, sizeof(*t->line));
	t->parts->line_cap = cap;
	for (size_t i = 0; i < n; i++)
		t->line[at + i] = line[i];
	t->n += (uint32_t)n;
	return at;
}

static void adopt(struct tree *t, uint32_t parent, uint32_t child, uint32_t n)
{
	for (uint32_t i = child; i < child + n; i++) {
		t->line[i].parent = parent;
		t->line[i].depth = (uint16_t)(t->line[parent].depth + 1);
	}
}

struct crowd_order {
	const struct tree_line *line;
};

/* The most telling first; of equals the earliest. */
static int compare_crowd(uint32_t x, uint32_t y, const void *context)
{
	const struct crowd_order *o = context;
	const struct tree_line *a = &o->line[x], *b = &o->line[y];

	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Takes the least telling ones of the lines from..to out, when they are more
 * than `most`, and leaves a line that says so. */
static void thin_out(struct tree_lines *lines, size_t from, size_t to,
		     size_t most, struct tree_lines *rest)
{
	struct crowd_order context = { lines->line + from };
	size_t n = to - from, kept = from;
	uint32_t *order = sort_order(n, compare_crowd, &context);
	uint8_t *keep = mem_zero(n + 1, 1);
	struct tree_line more = { .kind = TREE_MORE,
				  .verb = lines->line[from].verb,
				  .level = -1,
				  .below = -1,
				  .first = ROW_NONE,
				  .last = ROW_NONE,
				  .opens = true,
				  .grown = true };

	for (size_t i = 0; i < most; i++)
		keep[order[i]] = 1;
	for (size_t i = 0; i < n; i++) {
		const struct tree_line *line = &lines->line[from + i];

		if (keep[i]) {
			lines->line[kept++] = *line;
			continue;
		}
		more.count++;
		more.events += line->events;
		more.denied += line->denied;
		more.level = more.below = line->level > more.level ?
						  line->level :
						  more.level;
		tree_add_line(rest, line);
	}
	lines->line[kept++] = more;
	memmove(lines->line + kept, lines->line + to,
		(lines->n - to) * sizeof(*lines->line));
	lines->n -= to - kept;
	free(order);
	free(keep);
}

static size_t most_of(enum tree_kind kind)
{
	if (kind == TREE_DEED)
		return DEEDS_SHOWN;
	return kind == TREE_SOURCE ? SOURCES_SHOWN : UINT32_MAX;
}

void tree_commit(struct tree *t, uint32_t parent, struct tree_lines *lines,
		 bool deeds)
{
	struct tree_lines rest = { NULL, 0, 0 };
	uint32_t child, child_of_more, moved = 0, n;

	for (size_t i = 0; i < lines->n;) {
		enum tree_kind kind = lines->line[i].kind;
		size_t end = i, most = most_of(kind);

		while (end < lines->n && lines->line[end].kind == kind &&
		       lines->line[end].verb == lines->line[i].verb)
			end++;
		/* A line for one left out would save nothing. */
		if (end - i > most + 1) {
			thin_out(lines, i, end, most, &rest);
			end = i + most + 1;
		}
		i = end;
	}
	n = (uint32_t)lines->n;
	child = append(t, lines->line, n);
	adopt(t, parent, child, n);
	if (deeds) {
		t->line[parent].deed = child;
		t->line[parent].deed_n = n;
	} else {
		t->line[parent].child = child;
		t->line[parent].child_n = n;
	}
	/* What was taken out goes below the lines that say so. */
	for (uint32_t i = child; i < child + n; i++) {
		uint32_t count = t->line[i].count;

		if (t->line[i].kind != TREE_MORE || !t->line[i].grown)
			continue;
		/* Appending moves the lines: first that, then into a line. */
		child_of_more = append(t, rest.line + moved, count);
		t->line[i].child = child_of_more;
		t->line[i].child_n = count;
		adopt(t, i, child_of_more, count);
		moved += count;
	}
	free(lines->line);
	free(rest.line);
}

void tree_add_root(struct tree *t, const struct tree_line *line)
{
	uint32_t at = append(t, line, 1);

	t->line[at].parent = TREE_NO_LINE;
	t->parts->roots = at + 1;
}

/* Showing ----------------------------------------------------------------- */

static uint32_t first_below(const struct tree *t, uint32_t line)
{
	const struct tree_line *l = &t->line[line];

	if (l->deed_n)
		return l->deed;
	return l->child_n ? l->child : TREE_NO_LINE;
}

static bool is_call_of(const struct tree_line *parent, uint32_t line)
{
	return parent->deed_n && line >= parent->deed &&
	       line < parent->deed + parent->deed_n;
}

/* The line behind a line below the same one, or TREE_NO_LINE. */
static uint32_t next_line(const struct tree *t, uint32_t line)
{
	uint32_t parent = t->line[line].parent;
	const struct tree_line *p;

	if (parent == TREE_NO_LINE)
		return line + 1 < t->parts->roots ? line + 1 : TREE_NO_LINE;
	p = &t->line[parent];
	if (is_call_of(p, line)) {
		if (line + 1 < p->deed + p->deed_n)
			return line + 1;
		return p->child_n ? p->child : TREE_NO_LINE;
	}
	return line + 1 < p->child + p->child_n ? line + 1 : TREE_NO_LINE;
}

static bool is_below(const struct tree *t, uint32_t line, uint32_t top)
{
	for (; line != TREE_NO_LINE; line = t->line[line].parent)
		if (line == top)
			return true;
	return false;
}

/* Of a brief tree: calls, and what does not alarm and has nothing to do with
 * the focus. */
static bool is_left_out(const struct tree *t, uint32_t number)
{
	const struct tree_line *line = &t->line[number];

	if (!t->brief || t->options.form != TREE_BY_PERSON ||
	    line->parent == TREE_NO_LINE)
		return false;
	return is_call_of(&t->line[line->parent], number) ||
	       (line->level < 0 && line->below < 0 &&
		!is_below(t, number, t->focus) &&
		!is_below(t, t->focus, number));
}

static uint32_t shown_from(const struct tree *t, uint32_t line)
{
	while (line != TREE_NO_LINE && is_left_out(t, line))
		line = next_line(t, line);
	return line;
}

void tree_show(struct tree *t)
{
	size_t cap = t->parts->shown_cap;
	uint32_t at = t->n ? 0 : TREE_NO_LINE;

	t->shown_n = 0;
	while (at != TREE_NO_LINE) {
		uint32_t next = shown_from(t, next_line(t, at)), below;

		t->shown = mem_grow(t->shown, &cap, (size_t)t->shown_n + 1,
				    sizeof(*t->shown));
		t->shown[t->shown_n++] = at;
		t->line[at].last_child = next == TREE_NO_LINE;
		below = t->line[at].open ? shown_from(t, first_below(t, at)) :
					   TREE_NO_LINE;
		if (below != TREE_NO_LINE) {
			at = below;
			continue;
		}
		while (next == TREE_NO_LINE) {
			at = t->line[at].parent;
			if (at == TREE_NO_LINE)
				break;
			next = shown_from(t, next_line(t, at));
		}
		at = next;
	}
	t->parts->shown_cap = cap;
}

void tree_set_brief(struct tree *t, bool brief)
{
	t->brief = brief;
	tree_show(t);
}

bool tree_unfold(struct tree *t, uint32_t line)
{
	tree_grow(t, line);
	t->line[line].open = first_below(t, line) != TREE_NO_LINE;
	return t->line[line].open;
}

bool tree_open(struct tree *t, uint32_t line)
{
	bool opened = tree_unfold(t, line);

	if (opened)
		tree_show(t);
	return opened;
}

void tree_close(struct tree *t, uint32_t line)
{
	t->line[line].open = false;
	tree_show(t);
}

void tree_close_all(struct tree *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		t->line[i].open = false;
	for (uint32_t i = 0; i < t->parts->roots; i++)
		tree_unfold(t, i);
	tree_show(t);
}

/* What begins folded: it may be long, belongs to another story, or there is
 * nothing alarming in it and it did not come of the focus. */
static bool begins_folded(const struct tree *t, uint32_t number)
{
	const struct tree_line *line = &t->line[number];

	if (line->kind == TREE_GROUP || line->kind == TREE_MORE ||
	    line->verb == VERB_CONTROLS || line->verb == VERB_PASSED ||
	    line->verb == VERB_MAY_HAVE_READ)
		return true;
	if (line->below >= 0)
		return false;
	return line->kind == TREE_SOURCE || !is_below(t, number, t->focus);
}

/* Lines that would be shown below it. */
static uint32_t below_n(const struct tree_line *line)
{
	return line->deed_n + line->child_n;
}

/* Does a line stay folded that could be unfolded? */
static bool stays_folded(const struct tree *t, uint32_t number,
			 enum tree_unfolding how, bool alarming)
{
	const struct tree_line *line = &t->line[number];

	if (how == TREE_UNFOLD_BEGIN)
		return begins_folded(t, number);
	if (how == TREE_UNFOLD_WHOLE)
		return false;
	if (line->kind == TREE_MORE || (alarming && line->below < 0))
		return true;
	return line->kind == TREE_GROUP &&
	       !t->parts->group[line->extra].telling;
}

/* One pass over what is unfolded; returns the lines that are shown then. */
static uint32_t open_pass(struct tree *t, uint32_t lines, uint32_t most,
			  enum tree_unfolding how, bool alarming)
{
	uint8_t *opened = mem_zero(t->l->node_n, 1);
	uint32_t *queue = NULL, n = 0;
	size_t cap = 0;

	for (uint32_t i = 0; i < t->parts->roots; i++) {
		queue = mem_grow(queue, &cap, (size_t)n + 1, sizeof(*queue));
		queue[n++] = i;
	}
	for (uint32_t at = 0; at < n; at++) {
		uint32_t line = queue[at];
		node_id node = t->line[line].kind == TREE_NODE ?
				       t->line[line].node :
				       NODE_NONE;

		/* What was reached before has been unfolded there: paths may
		 * be many more than nodes. */
		if (node && opened[node])
			continue;
		opened[node] = 1;
		if (!t->line[line].open) {
			if (lines >= most || !t->line[line].opens ||
			    stays_folded(t, line, how, alarming))
				continue;
			tree_grow(t, line);
			if (below_n(&t->line[line]) > most - lines ||
			    !tree_unfold(t, line))
				continue;
			lines += below_n(&t->line[line]);
		}
		for (uint32_t i = first_below(t, line); i != TREE_NO_LINE;
		     i = next_line(t, i)) {
			queue = mem_grow(queue, &cap, (size_t)n + 1,
					 sizeof(*queue));
			queue[n++] = i;
		}
	}
	free(queue);
	free(opened);
	return lines;
}

void tree_open_all(struct tree *t, uint32_t most, enum tree_unfolding how)
{
	uint32_t lines;

	tree_show(t);
	lines = t->shown_n;
	if (how == TREE_UNFOLD_TELLING)
		lines = open_pass(t, lines, most, how, true);
	open_pass(t, lines, most, how, false);
	tree_show(t);
}

uint32_t tree_position(const struct tree *t, uint32_t line)
{
	uint32_t seen = line, at = line;

	if (line >= t->n)
		return 0;
	/* The outermost folded line around it is what is shown. */
	for (uint32_t up = t->line[line].parent; up != TREE_NO_LINE;
	     at = up, up = t->line[up].parent)
		if (!t->line[up].open || is_left_out(t, at))
			seen = up;
	for (uint32_t i = 0; i < t->shown_n; i++)
		if (t->shown[i] == seen)
			return i;
	return 0;
}

/* Life cycle -------------------------------------------------------------- */

struct tree *tree_new(const struct tree_index *x, node_id focus,
		      const struct tree_options *options)
{
	struct tree *t = mem_zero(1, sizeof(*t));
	struct tree_line root;

	t->index = x;
	t->l = x->l;
	t->options = *options;
	t->parts = mem_zero(1, sizeof(*t->parts));
	intern_init(&t->parts->texts);
	focus = tree_stand_in(x->l, focus);
	tree_find_path(t, focus);
	/* Nothing came of an address or an account: it was used. */
	if (options->form == TREE_BY_PERSON &&
	    x->l->node[focus].kind == NODE_IP)
		t->options.form = TREE_BY_ADDRESS;
	else if (options->form == TREE_BY_PERSON &&
		 x->l->node[focus].kind == NODE_ACCOUNT)
		t->options.form = TREE_BY_KEY;
	if (t->options.form == TREE_BY_PERSON) {
		root = tree_node_line(t, t->parts->path[0], NULL, VERB_NONE, 0);
		tree_add_root(t, &root);
		tree_reveal(t);
	} else {
		tree_plant_values(t, t->parts->path[0], focus);
		tree_show(t);
		return t;
	}
	tree_open_all(t, BEGIN_LINES, TREE_UNFOLD_BEGIN);
	return t;
}

void tree_free(struct tree *t)
{
	struct tree_parts *p;

	if (!t)
		return;
	p = t->parts;
	free(p->group);
	free(p->member);
	free(p->deed);
	free(p->row);
	free(p->path);
	intern_release(&p->texts);
	free(p->said);
	free(p->pending);
	free(p->scratch);
	free(p);
	free(t->line);
	free(t->shown);
	free(t);
}

/* Reading ----------------------------------------------------------------- */

void tree_group_of(const struct tree *t, uint32_t line, node_id *of,
		   row_id *row)
{
	const struct tree_group *g = &t->parts->group[t->line[line].extra];

	*of = g->of;
	*row = g->row;
}
