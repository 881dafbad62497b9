/* SPDX-License-Identifier: MIT */
/* Credentials that are used after their end: what was done to contain an
 * intruder has not worked. */
#include "detect/lineage_detections.h"

#include "base/attr.h"
#include "base/timefmt.h"

enum { CLIMB_MOST = 32 }; /* steps from a session to what issued it */

static const char *const end_words[END_KIND_COUNT] = {
	[END_KEY_INACTIVE] = "key-inactive",
	[END_KEY_DELETED] = "key-deleted",
	[END_USER_DELETED] = "user-deleted",
	[END_ROLE_DELETED] = "role-deleted",
	[END_REVOKED] = "revoked",
	[END_PROFILE_REMOVED] = "profile-removed",
	[END_TERMINATED] = "terminated",
	[END_PORTAL_REVOKED] = "portal-revoked",
	[END_EXPIRED] = "expired",
};

static bool wants_end(const struct lineage_rule *r, enum end_kind kind)
{
	return end_words[kind] &&
	       lineage_rule_says(r, SET_ENDS, str_of(end_words[kind]));
}

/* The time of a node's last row that has one; TIME_NONE. */
static int64_t last_time(struct lineage_context *x, node_id node)
{
	struct rowset rows = context_rows(x, node);

	for (size_t i = rows.n; i-- > 0;)
		if (rows.row[i] < x->store->timed)
			return x->store->time[rows.row[i]];
	return TIME_NONE;
}

/* A console goes on for hours after the credentials that opened it. */
static bool outlives_expiry(const struct lineage *l, node_id node)
{
	struct lineage_session s;

	if (l->node[node].kind != NODE_SESSION)
		return false;
	return l->node[node].session_kind == SESSION_CONSOLE ||
	       (lineage_session(l, node, &s) && s.console_token);
}

/* "the key was deleted, 2026-01-09 06:00:00 UTC, event ..." */
static void tell_end(struct lineage_context *x, const struct lineage_end *end,
		     struct strbuf *out)
{
	context_describe(x, end->node, out);
	strbuf_adds(out, ": ");
	strbuf_adds(out, end_kind_text(end->kind));
	strbuf_adds(out, " at ");
	time_format(out, end->time, TIME_ISO, NULL);
	strbuf_adds(out, ", event ");
	store_id_text(x->store, end->row, out);
}

static void tell_after(struct lineage_context *x, node_id node, row_id row,
		       const struct lineage_end *end, struct lineage_found *out)
{
	context_describe(x, node, &out->text);
	strbuf_adds(&out->text, " used from ");
	strbuf_add(&out->text, store_text(x->store, EVENT_IP, row));
	strbuf_adds(&out->text, " after ");
	tell_end(x, end, &out->text);
	found_add(out, row);
}

/* Rows after an end that nothing takes back. */
static void find_rows_after(struct lineage_context *x,
			    const struct lineage_rule *r, node_id node,
			    const struct lineage_end *end,
			    struct lineage_found *out)
{
	int64_t grace = r->number[SET_GRACE_SECONDS] * 1000;
	struct rowset rows = context_rows(x, node);
	const struct store *s = x->store;

	for (size_t i = rows.n; i-- > 0;) {
		row_id row = rows.row[i];

		if (row >= s->timed)
			continue;
		if (s->time[row] <= end->time + grace)
			break;
		if (!(s->flags[row] & EVENT_BY_SERVICE))
			tell_after(x, node, row, end, out);
	}
}

/* Rows between a key's deactivation and its activation, if there is one. */
static void find_rows_inactive(struct lineage_context *x,
			       const struct lineage_rule *r, node_id key,
			       struct lineage_found *out)
{
	int64_t grace = r->number[SET_GRACE_SECONDS] * 1000;
	const struct lineage_end *end, *inactive = NULL;
	struct rowset rows = context_rows(x, key);
	const struct store *s = x->store;
	uint32_t n, next = 0;

	end = lineage_ends(x->lineage, key, &n);
	for (size_t i = 0; i < rows.n && rows.row[i] < s->timed; i++) {
		row_id row = rows.row[i];

		for (; next < n && end[next].time <= s->time[row]; next++) {
			if (end[next].kind == END_KEY_ACTIVE)
				inactive = NULL;
			else if (end[next].kind == END_KEY_INACTIVE &&
				 !inactive)
				inactive = &end[next];
		}
		if (inactive && s->time[row] > inactive->time + grace &&
		    !(s->flags[row] & EVENT_BY_SERVICE))
			tell_after(x, key, row, inactive, out);
	}
}

/* The end of a node's credentials before its last use, expiry included. */
static bool find_end(struct lineage_context *x, const struct lineage_rule *r,
		     node_id node, struct lineage_end *end)
{
	int64_t grace = r->number[SET_GRACE_SECONDS] * 1000;
	const struct lineage *l = x->lineage;
	int64_t last = last_time(x, node);
	struct lineage_session about;

	if (last == TIME_NONE)
		return false;
	if (lineage_ended(l, node, last - grace - 1, end) &&
	    end->kind != END_KEY_INACTIVE)
		return wants_end(r, end->kind);
	if (!wants_end(r, END_EXPIRED) || outlives_expiry(l, node) ||
	    !lineage_session(l, node, &about) || about.expires == TIME_NONE ||
	    about.expires + grace >= last)
		return false;
	*end = (struct lineage_end){ .node = node,
				     .kind = END_EXPIRED,
				     .row = session_issued_in(x, node),
				     .time = about.expires };
	return end->row != ROW_NONE;
}

DETECTION(used_after_end)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (node_id n = 1; n < l->node_n; n++) {
		struct lineage_end end;

		if ((l->node[n].kind != NODE_SESSION &&
		     l->node[n].kind != NODE_KEY) ||
		    !l->node[n].events)
			continue;
		if (l->node[n].kind == NODE_KEY &&
		    wants_end(r, END_KEY_INACTIVE))
			find_rows_inactive(x, r, n, out);
		if (find_end(x, r, n, &end))
			find_rows_after(x, r, n, &end, out);
	}
}

/* Sessions of what has ended ----------------------------------------------- */

/* Deactivating or deleting what issued a session does not end the session: it
 * works until it expires. */
static bool ends_only_itself(enum end_kind kind)
{
	return kind == END_KEY_INACTIVE || kind == END_KEY_DELETED ||
	       kind == END_REVOKED;
}

/* The end of something that a session came of, which was after the session's
 * beginning and before its last use. */
static bool issuer_ended(struct lineage_context *x, node_id session,
			 int64_t issued, int64_t at, struct lineage_end *end)
{
	const struct lineage *l = x->lineage;
	const struct lineage_edge *e = climb_parent(&x->climb, session);
	node_id node = session;

	for (int i = 0; e && i < CLIMB_MOST; i++) {
		node = lineage_other_end(e, node);
		if ((l->node[node].kind == NODE_KEY ||
		     l->node[node].kind == NODE_SESSION) &&
		    lineage_ended(l, node, at, end) &&
		    ends_only_itself(end->kind) && end->time >= issued)
			return true;
		e = climb_parent(&x->climb, node);
	}
	return false;
}

static void judge_session(struct lineage_context *x,
			  const struct lineage_rule *r, node_id session,
			  struct lineage_found *out)
{
	int64_t grace = r->number[SET_GRACE_SECONDS] * 1000;
	const struct lineage *l = x->lineage;
	const struct store *s = x->store;
	struct rowset rows = context_rows(x, session);
	int64_t last = last_time(x, session);
	struct lineage_session about;
	struct lineage_end end, own;

	if (last == TIME_NONE || !lineage_session(l, session, &about) ||
	    about.issued == TIME_NONE ||
	    !issuer_ended(x, session, about.issued, last - grace - 1, &end))
		return;
	for (size_t i = rows.n; i-- > 0;) {
		row_id row = rows.row[i];

		if (row >= s->timed)
			continue;
		if (s->time[row] <= end.time + grace)
			break;
		/* That its own end did not hold weighs more. */
		if (s->flags[row] & EVENT_BY_SERVICE ||
		    lineage_ended(l, session, s->time[row], &own))
			continue;
		tell_after(x, session, row, &end, out);
	}
}

DETECTION(outlives_issuer)
{
	const struct lineage *l = x->lineage;

	(void)seeds;
	for (node_id n = 1; n < l->node_n; n++)
		if (l->node[n].kind == NODE_SESSION && l->node[n].events)
			judge_session(x, r, n, out);
}
