/* SPDX-License-Identifier: MIT */
/* Which alerts are shown: of tactics and techniques in scope, not muted. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/desk_private.h"

/* Tactics and techniques -------------------------------------------------- */

static bool technique_hidden(const struct narrowing *n,
			     const struct technique_id *id)
{
	for (size_t i = 0; i < n->hidden_n; i++)
		if (strcmp(n->hidden_technique[i].text, id->text) == 0)
			return true;
	return false;
}

/* Is a rule about anything that is in scope? */
static bool label_in_scope(const struct narrowing *n, tactic_set tactics,
			   const struct technique_id *technique,
			   size_t technique_n)
{
	size_t hidden = 0;

	if (tactics && !(tactics & ~n->hidden))
		return false;
	for (size_t i = 0; i < technique_n; i++)
		hidden += technique_hidden(n, &technique[i]);
	return technique_n == 0 || hidden < technique_n;
}

bool desk_attack_is_narrowed(const struct desk *d)
{
	return d->now.hidden || d->now.hidden_n;
}

void desk_keep_in_scope(struct desk *d)
{
	const struct marks *marks = &d->snap->marks;
	struct rowset marked = ROWSET_INIT, both = ROWSET_INIT;
	row_id last = ROW_NONE;

	if (!desk_attack_is_narrowed(d))
		return;
	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *m = &marks->mark[i];
		const struct mark_label *l = &marks->label[m->label];

		if (m->row == last ||
		    !label_in_scope(&d->now, l->tactics, l->technique,
				    l->technique_n))
			continue;
		rowset_add(&marked, m->row);
		last = m->row;
	}
	rowset_intersect(&both, &d->narrowed, &marked);
	rowset_copy(&d->narrowed, &both);
	rowset_release(&marked);
	rowset_release(&both);
}

static void keep_alerts_in_scope(const struct desk *d, struct alerts *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct rule *r = a->alert[i].rule;

		if (label_in_scope(&d->now, r->tactics, r->technique,
				   r->technique_n))
			a->alert[kept++] = a->alert[i];
	}
	a->n = kept;
}

void desk_fold_alerts(struct desk *d, const struct rowset *rows)
{
	alerts_release(&d->alerts);
	alerts_release(&d->muted_alerts);
	snapshot_alerts(d->snap, investigation_rules(d->inv), rows, d->muted,
			&d->alerts, &d->muted_alerts);
	keep_alerts_in_scope(d, &d->alerts);
	keep_alerts_in_scope(d, &d->muted_alerts);
	alert_order_make(&d->order, &d->alerts, d->snap->store);
	d->alerts_version++;
}

void desk_fold_shown(const struct desk *d, struct alerts *out)
{
	snapshot_alerts(d->snap, investigation_rules(d->inv), &d->narrowed,
			d->show_muted ? NULL : d->muted, out, NULL);
	keep_alerts_in_scope(d, out);
}

/* Muting ------------------------------------------------------------------ */

/* Which matches of the snapshot are muted. */
static void mark_muted(struct desk *d)
{
	free(d->muted);
	d->muted = mem_alloc(d->snap->matches.n + 1);
	mutes_mark(&d->mutes, investigation_rules(d->inv), d->snap->store,
		   &d->snap->matches, d->muted);
}

static void find_kin(void *context, const atomic_bool *stop)
{
	const struct snapshot *snap = context;

	(void)stop;
	kin_know(snap->marks.kin);
}

void desk_end_kin(struct desk *d)
{
	if (!d->kin.snap)
		return;
	job_wait(&d->kin.job);
	snapshot_release(d->kin.snap);
	d->kin.snap = NULL;
}

void desk_make_kin(struct desk *d)
{
	struct kin *kin = d->snap ? d->snap->marks.kin : NULL;

	if (d->kin.snap && job_ended(&d->kin.job, 0))
		desk_end_kin(d);
	/* What the load made is found by the thread of the load. */
	if (!kin || !d->snap->whole || kin_is_known(kin))
		return;
	kin_promise(kin);
	if (d->kin.snap)
		return;
	d->kin.snap = snapshot_hold(d->snap);
	job_begin(&d->kin.job, find_kin, d->kin.snap);
}

void desk_hear(struct desk *d)
{
	/* Loads have numbers below that. */
	uint64_t version = ++d->hearings << 32;
	struct snapshot *heard;

	mark_muted(d);
	heard = snapshot_heard(d->snap, investigation_rules(d->inv),
			       d->show_muted ? NULL : d->muted, version);
	snapshot_release(d->snap);
	d->snap = heard;
	desk_put_said(d);
	desk_make_kin(d);
}

void desk_mutes_changed(struct desk *d)
{
	struct snapshot *before = d->snap;

	if (!before)
		return;
	snapshot_hold(before);
	desk_stop_run(d);
	desk_hear(d);
	desk_search_again(d);
	snapshot_release(before);
}

enum err_code desk_set_mute(struct desk *d, const struct mute *m, bool muted,
			    struct err *err)
{
	enum err_code rc = desk_has_case(d, err);

	if (rc)
		return rc;
	rc = mutes_set(&d->mutes, d->case_file, m, muted, err);
	if (rc == ERR_OK)
		desk_mutes_changed(d);
	return desk_written(d, rc, err);
}

enum err_code desk_mute(struct desk *d, const struct mute *m, bool muted,
			struct err *err)
{
	enum err_code rc;

	if (mutes_have(&d->mutes, m) == muted)
		return ERR_OK;
	/* Before: what it names may be one of the mutes that are read anew. */
	changes_push_mute(&d->done, m, muted);
	rc = desk_set_mute(d, m, muted, err);
	if (rc)
		changes_pop(&d->done, NULL);
	else
		changes_clear(&d->undone);
	return rc;
}

void desk_show_muted(struct desk *d, bool show)
{
	if (d->show_muted == show)
		return;
	d->show_muted = show;
	d->version++;
	desk_mutes_changed(d);
}

/* Asked for --------------------------------------------------------------- */

size_t desk_alert_count(const struct desk *d)
{
	return d->alerts.n + (d->show_muted ? d->muted_alerts.n : 0);
}

const struct alert *desk_alert(const struct desk *d, size_t i, bool *muted)
{
	*muted = i >= d->alerts.n;
	return *muted ? &d->muted_alerts.alert[i - d->alerts.n] :
			&d->alerts.alert[d->order.at[i]];
}

void desk_order_alerts(struct desk *d, enum alert_by by, bool reversed)
{
	d->order.by = by;
	d->order.reversed = reversed;
	if (d->snap)
		alert_order_make(&d->order, &d->alerts, d->snap->store);
	d->alerts_version++;
	d->version++;
}

void desk_shown_alerts(const struct desk *d, struct alerts *out)
{
	snapshot_alerts(d->snap, investigation_rules(d->inv), &d->rows,
			d->muted, out, NULL);
	if (d->scope.kind != SCOPE_AROUND)
		keep_alerts_in_scope(d, out);
}
