/* SPDX-License-Identifier: MIT */
#include "ui/panes/muting.h"

#include "base/mem.h"
#include "model/identity.h"
#include "ui/panes/text.h"

enum { MOST_ADDRESSES = 9 };

/* A mute as the argument of a line of the menu, which outlives the alert. The
 * lengths of the texts come first, for these may hold anything. */
static void pack(const struct mute *m, struct strbuf *out)
{
	const struct str *text[] = { &m->rule_id, &m->title, &m->actor,
				     &m->address };

	strbuf_clear(out);
	for (size_t i = 0; i < ARRAY_SIZE(text); i++)
		strbuf_addf(out, "%zu ", text[i]->n);
	for (size_t i = 0; i < ARRAY_SIZE(text); i++)
		strbuf_add(out, *text[i]);
}

static struct mute unpack(struct str packed)
{
	struct mute m = { .time = TIME_NONE };
	struct str *text[] = { &m.rule_id, &m.title, &m.actor, &m.address };
	uint64_t n[ARRAY_SIZE(text)] = { 0 };
	struct str number;

	for (size_t i = 0; i < ARRAY_SIZE(text); i++)
		if (str_next(&packed, ' ', &number))
			str_to_u64(number, &n[i]);
	for (size_t i = 0; i < ARRAY_SIZE(text); i++) {
		*text[i] = str_sub(packed, 0, n[i]);
		packed = str_from(packed, n[i]);
	}
	return m;
}

static void set(struct app *app, const struct mute *m, bool muted)
{
	struct strbuf words;
	struct err err;

	strbuf_init(&words);
	mute_describe(m, &words);
	if (desk_mute(app_desk(app), m, muted, &err))
		app_say(app, "%s", err.msg);
	else
		app_say(app, "%s: %.*s; u takes it back",
			muted ? "muted" : "heard again",
			STR_ARG(strbuf_str(&words)));
	strbuf_release(&words);
}

static void run_mute(struct app *app, struct str packed)
{
	const struct mute m = unpack(packed);

	set(app, &m, true);
}

static void run_unmute(struct app *app, struct str packed)
{
	const struct mute m = unpack(packed);

	set(app, &m, false);
}

static void run_show(struct app *app, struct str unused)
{
	struct desk *d = app_desk(app);

	(void)unused;
	desk_show_muted(d, !d->show_muted);
}

/* The menu ----------------------------------------------------------------- */

static void add_line(struct menu *m, char key, struct str label,
		     const struct mute *mute, bool muted)
{
	struct strbuf packed;

	strbuf_init(&packed);
	pack(mute, &packed);
	menu_add(m, key, label, muted ? run_mute : run_unmute,
		 strbuf_str(&packed));
	strbuf_release(&packed);
}

static void add_mutes(struct menu *m, const struct store *s,
		      const struct alert *al)
{
	struct mute mute = mute_of_rule(al->rule, al->actor_text, STR_NULL);
	struct strbuf label;
	struct arena arena;

	arena_init(&arena);
	strbuf_init(&label);
	strbuf_adds(&label, "mute it for ");
	strbuf_add(&label, actor_label(al->actor_text, &arena));
	add_line(m, 'a', strbuf_str(&label), &mute, true);
	mute.actor = STR_NULL;
	for (size_t i = 0; i < al->addresses.n && i < MOST_ADDRESSES; i++) {
		mute.address = store_value(s, EVENT_IP, al->addresses.value[i]);
		strbuf_clear(&label);
		strbuf_adds(&label, "mute it for the address ");
		strbuf_add(&label, mute.address);
		add_line(m, (char)('1' + i), strbuf_str(&label), &mute, true);
	}
	mute.address = STR_NULL;
	add_line(m, 'e', STR("mute it everywhere"), &mute, true);
	strbuf_release(&label);
	arena_release(&arena);
}

/* Does a mute speak of some of the alert? */
static bool is_about(const struct mute *m, const struct store *s,
		     const struct alert *al)
{
	struct mute rule = mute_of_rule(al->rule, m->actor, m->address);
	bool address = !m->address.n;

	for (size_t i = 0; i < al->addresses.n; i++)
		address |= str_eq(m->address,
				  store_value(s, EVENT_IP,
					      al->addresses.value[i]));
	return mute_equal(m, &rule) && address &&
	       (!m->actor.n || al->group.n || str_eq(m->actor, al->actor_text));
}

static void add_ends(struct menu *m, const struct desk *d,
		     const struct alert *al)
{
	struct strbuf label;
	size_t n = 0;

	strbuf_init(&label);
	for (size_t i = 0; i < d->mutes.n && n < MOST_ADDRESSES; i++) {
		if (!is_about(&d->mutes.item[i], d->snap->store, al))
			continue;
		strbuf_clear(&label);
		strbuf_adds(&label, "hear again: ");
		mute_describe(&d->mutes.item[i], &label);
		add_line(m, (char)('1' + n++), strbuf_str(&label),
			 &d->mutes.item[i], false);
	}
	strbuf_release(&label);
}

static void open_menu(struct app *app, const struct alert *al, bool muted)
{
	const struct desk *d = app_desk(app);
	struct strbuf text;
	struct menu *m;

	strbuf_init(&text);
	strbuf_adds(&text, "O] ");
	strbuf_add(&text, al->rule->title);
	m = menu_new(text.p);
	if (muted)
		add_ends(m, d, al);
	else
		add_mutes(m, d->snap->store, al);
	if (d->muted_alerts.n) {
		strbuf_clear(&text);
		strbuf_addf(&text, "%s what is muted: %zu alerts",
			    d->show_muted ? "hide" : "show", d->muted_alerts.n);
		menu_add(m, 's', strbuf_str(&text), run_show, STR_NULL);
	}
	strbuf_release(&text);
	app_open(app, &overlay_menu, m);
}

void mute_alert(struct app *app, const struct alert *al, bool muted,
		struct str what)
{
	struct mute m = mute_of_rule(al->rule, STR_NULL, STR_NULL);

	if (!what.n) {
		open_menu(app, al, muted);
		return;
	}
	if (str_eq(what, STR("actor")))
		m.actor = al->actor_text;
	else if (!str_eq(what, STR("everywhere")))
		m.address = what;
	set(app, &m, true);
}
