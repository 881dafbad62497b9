/* SPDX-License-Identifier: MIT */
#include "ui/panes/timeline_columns.h"

#include "base/attr.h"

enum {
	SHARE = -1, /* a share of what the others leave */
	LEAST = 6,  /* of what has a share */
	IPV6 = 39,
	IPV6_ROOM = 118, /* from where on a whole IPv6 address is shown */
};

static const struct {
	const char *name;
	int most;
} columns[COL_COUNT] = {
#define X(id, name, most) [id] = { name, most },
	TIMELINE_COLUMNS(X)
#undef X
};

/* What a room shows: the last entry that it is wide enough for. */
static const struct {
	int room;
	int width[COL_COUNT]; /* 0: not shown */
} sets[] = {
	{ 0, { [COL_SERVICE] = 4, [COL_EVENT] = SHARE, [COL_WHO] = SHARE } },
	{ 46, { [COL_SERVICE] = 6, [COL_EVENT] = SHARE, [COL_WHO] = SHARE } },
	{ 59,
	  { [COL_SERVICE] = 6,
	    [COL_EVENT] = SHARE,
	    [COL_WHO] = SHARE,
	    [COL_IP] = 15 } },
	{ 96,
	  { [COL_SERVICE] = 14,
	    [COL_EVENT] = SHARE,
	    [COL_WHO] = SHARE,
	    [COL_IP] = 15,
	    [COL_OUTCOME] = 6 } },
	{ 118,
	  { [COL_SERVICE] = 14,
	    [COL_EVENT] = SHARE,
	    [COL_WHO] = SHARE,
	    [COL_IP] = 15,
	    [COL_REGION] = 14,
	    [COL_OUTCOME] = 6 } },
	{ 140,
	  { [COL_SERVICE] = 14,
	    [COL_EVENT] = SHARE,
	    [COL_WHO] = SHARE,
	    [COL_IP] = 15,
	    [COL_REGION] = 14,
	    [COL_ACCOUNT] = 12,
	    [COL_OUTCOME] = 6 } },
	{ 176,
	  { [COL_SERVICE] = 14,
	    [COL_EVENT] = SHARE,
	    [COL_WHO] = SHARE,
	    [COL_IP] = 15,
	    [COL_REGION] = 14,
	    [COL_ACCOUNT] = 12,
	    [COL_KEY] = 20,
	    [COL_AGENT] = SHARE,
	    [COL_OUTCOME] = 6 } },
};

static void add(struct column_layout *l, enum timeline_column col, int width)
{
	l->at[l->n].col = col;
	l->at[l->n++].width = width;
}

/* The columns that the table has for a room. */
static void by_room(struct column_layout *l, int room)
{
	size_t set = 0;

	while (set + 1 < ARRAY_SIZE(sets) && sets[set + 1].room <= room)
		set++;
	for (int c = 0; c < COL_COUNT; c++)
		if (sets[set].width[c])
			add(l, (enum timeline_column)c, sets[set].width[c]);
}

/* Those that were chosen; what is long has a share. */
static void by_choice(struct column_layout *l, const struct column_choice *c)
{
	for (size_t i = 0; i < c->n; i++) {
		enum timeline_column col = (enum timeline_column)c->col[i];

		add(l, col,
		    columns[col].most > 20 && !c->wide ? SHARE :
							 columns[col].most);
	}
}

static int fixed_width(const struct column_layout *l, int *shares)
{
	int used = 0;

	*shares = 0;
	for (size_t i = 0; i < l->n; i++)
		if (l->at[i].width == SHARE) {
			used++;
			++*shares;
		} else {
			used += l->at[i].width + 1;
		}
	return used;
}

/* Leaves columns out from the right until all have their least. */
static void drop(struct column_layout *l, int room)
{
	int shares, used = fixed_width(l, &shares);

	while (l->n > 1 && used + shares * LEAST > room) {
		l->n--;
		used = fixed_width(l, &shares);
	}
}

static void give_shares(struct column_layout *l, int room)
{
	int shares, left = room - fixed_width(l, &shares);

	for (size_t i = 0; i < l->n; i++) {
		int most = columns[l->at[i].col].most, width;

		if (l->at[i].width != SHARE)
			continue;
		width = left > 0 ? left / shares : 0;
		l->at[i].width = width < most ? width : most;
		left -= l->at[i].width;
		shares--;
	}
}

void columns_lay_out(struct column_layout *out, const struct column_choice *c,
		     int room, int addresses)
{
	struct column_choice all = *c;

	*out = (struct column_layout){ .n = 0 };
	if (c->wide && !c->n)
		for (all.n = 0; all.n < COL_COUNT; all.n++)
			all.col[all.n] = (unsigned char)all.n;
	if (all.n)
		by_choice(out, &all);
	else
		by_room(out, room);
	for (size_t i = 0; i < out->n; i++)
		if (out->at[i].col == COL_IP && addresses > 15 &&
		    (c->wide || room >= IPV6_ROOM))
			out->at[i].width = IPV6;
		else if (out->at[i].col == COL_SERVICE && all.n)
			out->at[i].width = 14;
	if (!c->wide)
		drop(out, room);
	give_shares(out, room);
	for (size_t i = 0; i < out->n; i++)
		out->total += out->at[i].width + 1;
}

enum err_code columns_parse(struct column_choice *c, struct str text,
			    struct err *err)
{
	struct column_choice next = { .wide = c->wide };

	text = str_trim(text);
	while (text.n && !str_eq_fold(text, STR("auto"))) {
		size_t end = 0, col = 0;
		struct str name;

		while (end < text.n && text.p[end] != ',' && text.p[end] != ' ')
			end++;
		name = str_sub(text, 0, end);
		text = str_trim(str_from(text, end + (end < text.n)));
		if (!name.n)
			continue;
		while (col < COL_COUNT &&
		       !str_eq_fold(name, str_of(columns[col].name)))
			col++;
		if (col == COL_COUNT)
			return err_set(err, ERR_SYNTAX,
				       "%.*s is no column; there are service, "
				       "event, who, ip, region, account, key, "
				       "ua, error, outcome; auto is by width",
				       STR_ARG(name));
		for (size_t i = 0; i < next.n; i++)
			if (next.col[i] == col)
				return err_set(err, ERR_SYNTAX,
					       "column %.*s is there twice",
					       STR_ARG(name));
		next.col[next.n++] = (unsigned char)col;
	}
	*c = next;
	return ERR_OK;
}

void columns_text(const struct column_choice *c, struct strbuf *out)
{
	if (!c->n)
		strbuf_adds(out, "auto");
	for (size_t i = 0; i < c->n; i++) {
		if (i)
			strbuf_addc(out, ',');
		strbuf_adds(out, columns[c->col[i]].name);
	}
}
