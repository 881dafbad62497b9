/* SPDX-License-Identifier: MIT */
#include "ui/follow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/files.h"
#include "ui/complete_path.h"
#include "ui/app_private.h"

enum { REST = 4 }; /* times as long as a load took, before the next one */

/* An alert, told apart from others in any snapshot, and its matches. */
struct alert_tally {
	uint64_t key;
	size_t count;
	enum level level;
};

/* What came ---------------------------------------------------------------- */

static int compare_tallies(const void *x, const void *y)
{
	const struct alert_tally *a = x, *b = y;

	return (a->key > b->key) - (a->key < b->key);
}

/* Of all that is not muted, whatever is narrowed to; to be freed. */
static struct alert_tally *tally_alerts(const struct desk *d, size_t *n)
{
	static const struct hash_key key = { 1, 2 }; /* of one run */
	struct rowset all = ROWSET_INIT;
	struct alert_tally *t;
	struct alerts alerts;

	rowset_add_range(&all, 0, d->snap->store->n);
	snapshot_alerts(d->snap, investigation_rules(d->inv), &all, d->muted,
			&alerts, NULL);
	rowset_release(&all);
	t = mem_alloc((alerts.n + 1) * sizeof(*t));
	for (size_t i = 0; i < alerts.n; i++) {
		const struct alert *al = &alerts.alert[i];

		t[i] = (struct alert_tally){ hash_str(key,
						      alert_fold_text(al)) ^
						     hash_u64(al->rule_number),
					     al->count, al->level };
	}
	*n = alerts.n;
	alerts_release(&alerts);
	qsort(t, *n, sizeof(*t), compare_tallies);
	return t;
}

/* Alerts that are new or have more matches than before. */
static size_t alerts_that_came(const struct follow *f, const struct desk *d,
			       enum level *worst)
{
	size_t n, came = 0;
	struct alert_tally *now = tally_alerts(d, &n);

	*worst = LEVEL_INFORMATIONAL;
	for (size_t i = 0; i < n; i++) {
		const struct alert_tally *old =
			bsearch(&now[i], f->before, f->before_n,
				sizeof(*f->before), compare_tallies);

		if (old && old->count >= now[i].count)
			continue;
		came++;
		if (now[i].level > *worst)
			*worst = now[i].level;
	}
	free(now);
	return came;
}

struct file_changes {
	size_t added, changed, gone;
};

static bool is_same_file(const struct file_entry *x, const struct file_entry *y)
{
	return x->bytes == y->bytes && x->inode == y->inode &&
	       x->changed[0] == y->changed[0];
}

/* Both lists are in order of the paths. */
static struct file_changes compare_files(const struct files *before,
					 const struct files *now)
{
	struct file_changes c = { 0, 0, 0 };
	uint32_t b = 0, n = 0;

	while (b < before->n || n < now->n) {
		int order = b == before->n ? 1 :
			    n == now->n    ? -1 :
					     strcmp(before->entry[b].path,
						    now->entry[n].path);

		if (order < 0)
			c.gone++;
		else if (order > 0)
			c.added++;
		else if (!is_same_file(&before->entry[b], &now->entry[n]))
			c.changed++;
		b += order <= 0;
		n += order >= 0;
	}
	return c;
}

static void add_part(struct strbuf *b, size_t n, const char *what)
{
	if (!n)
		return;
	strbuf_adds(b, b->n ? ", " : "");
	strbuf_add_count(b, n);
	strbuf_addf(b, " %s", what);
}

static void tell_what_came(struct app *a)
{
	struct follow *f = &a->follow;
	const struct store *now = a->desk->snap->store;
	const struct store *before = f->held->store;
	struct file_changes c = compare_files(before->files, now->files);
	int64_t events = (int64_t)now->n - (int64_t)before->n;
	enum level worst;
	size_t alerts = alerts_that_came(f, a->desk, &worst);
	struct strbuf text;

	f->came += events;
	strbuf_init(&text);
	add_part(&text, c.added, c.added == 1 ? "file came" : "files came");
	add_part(&text, c.changed, "changed");
	add_part(&text, c.gone, "gone");
	strbuf_adds(&text, text.n ? ": " : "");
	strbuf_add_count(&text, (uint64_t)llabs(events));
	strbuf_addf(&text, " event%s %s, ", llabs(events) == 1 ? "" : "s",
		    events < 0 ? "fewer" : "more");
	strbuf_add_count(&text, alerts);
	strbuf_addf(&text, " alert%s came", alerts == 1 ? "" : "s");
	if (alerts)
		strbuf_addf(&text, ", the worst %s", level_name(worst));
	app_say(a, "%s", text.p);
	strbuf_release(&text);
}

void follow_before(struct app *a)
{
	struct follow *f = &a->follow;

	if (!f->renewing || !a->desk->snap)
		return;
	f->held = snapshot_hold(a->desk->snap);
	f->before = tally_alerts(a->desk, &f->before_n);
}

static void forget_before(struct follow *f)
{
	snapshot_release(f->held);
	free(f->before);
	f->held = NULL;
	f->before = NULL;
	f->before_n = 0;
}

void follow_after(struct app *a)
{
	if (a->follow.held)
		tell_what_came(a);
	forget_before(&a->follow);
}

/* Watching ---------------------------------------------------------------- */

void follow_release(struct follow *f)
{
	watch_free(f->watch);
	f->watch = NULL;
	forget_before(f);
}

/* The paths are others: whoever follows follows all of them. */
static void watch_paths(struct app *a)
{
	struct follow *f = &a->follow;
	struct err err;

	if (!f->watch)
		return;
	watch_free(f->watch);
	if (investigation_watch(a->desk->inv, &f->watch, &err)) {
		f->watch = NULL;
		app_say(a, "no longer following: %s", err.msg);
	}
}

static void begin(struct app *a)
{
	struct follow *f = &a->follow;
	struct err err;

	if (investigation_watch(a->desk->inv, &f->watch, &err)) {
		app_say(a, "cannot follow: %s", err.msg);
		return;
	}
	f->came = 0;
	app_say(a, "following: what comes into %s is loaded; F again ends it",
		a->name.p);
}

static void end(struct app *a)
{
	struct follow *f = &a->follow;

	if (f->renewing)
		investigation_cancel(a->desk->inv);
	f->due = f->renewing = false;
	follow_release(f);
	app_say(a, "no longer following");
}

void app_follow(struct app *a, struct str argument)
{
	bool on = !a->follow.watch;

	argument = str_trim(argument);
	if (str_eq(argument, STR("on")))
		on = true;
	else if (str_eq(argument, STR("off")))
		on = false;
	else if (argument.n) {
		app_say(a, "on or off");
		return;
	}
	if (on == (a->follow.watch != NULL))
		app_say(a,
			on ? "it is following already" : "it is not following");
	else if (on)
		begin(a);
	else
		end(a);
}

int app_follow_fd(const struct app *a)
{
	return a->follow.watch ? watch_fd(a->follow.watch) : -1;
}

void app_open_path(struct app *a, struct str argument)
{
	struct follow *f = &a->follow;
	struct strbuf path;
	struct err err;

	argument = str_trim(argument);
	if (!argument.n) {
		app_say(a, "open PATH: a file or folder was expected");
		return;
	}
	strbuf_init(&path);
	path_add_home(&path, argument);
	if (investigation_open(a->desk->inv, path.p, &err)) {
		app_say(a, "%s", err.msg);
	} else {
		f->opening = f->renewing = true;
		f->begun = clock_ms();
		a->desk->load.loading = true;
		app_say(a, "loading %s beside what there is; ^C stops it",
			path.p);
	}
	strbuf_release(&path);
}

bool app_follow_interrupt(struct app *a)
{
	if (!a->follow.renewing)
		return false;
	investigation_cancel(a->desk->inv);
	app_say(a, "stopped: what came is loaded at the next change; F ends "
		   "following");
	return true;
}

/* The load has ended, with news or without. */
static void ended(struct app *a)
{
	struct follow *f = &a->follow;
	const struct err *failed = &a->desk->load.failed;
	int64_t took = (clock_ms() - f->begun) * REST;

	f->renewing = false;
	if (f->opening && !failed->code)
		watch_paths(a);
	f->opening = false;
	if (f->watch)
		watch_rest(f->watch, took < 600000 ? (unsigned)took : 600000);
	if (failed->code)
		app_say(a, "not loaded, what was there stays: %s", failed->msg);
}

void follow_poll(struct app *a)
{
	struct follow *f = &a->follow;

	if (f->renewing && !a->desk->load.loading)
		ended(a);
	if (!f->watch)
		return;
	f->due |= watch_take(f->watch);
	if (!f->due || !investigation_renew(a->desk->inv))
		return;
	f->due = false;
	f->renewing = true;
	f->begun = clock_ms();
	a->desk->load.loading = true;
}

void follow_title(const struct app *a, struct strbuf *out)
{
	if (!a->follow.watch)
		return;
	strbuf_adds(out, "following");
	if (!a->follow.came)
		return;
	strbuf_adds(out, a->follow.came < 0 ? " -" : " +");
	strbuf_add_count(out, (uint64_t)llabs(a->follow.came));
}
