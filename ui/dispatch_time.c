/* SPDX-License-Identifier: MIT */
#include "ui/dispatch_private.h"

/* Narrows to half, or widens to the double, around the selected event. What
 * widens stays inside the evidence, so that as many steps out as in show all
 * of it again. */
static void zoom(struct app *a, bool in)
{
	struct desk *d = a->desk;
	int64_t since, until, first, last, span, middle;

	if (!desk_window(d, &since, &until) || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	store_span(d->snap->store, &first, &last);
	middle = d->snap->store->time[d->selected];
	if (middle == TIME_NONE)
		middle = since + (until - since) / 2;
	span = in ? (until - since + 3) / 4 : (until - since);
	if (span < 1000)
		span = 1000;
	since = middle - span;
	until = middle + span;
	if (!in && since < first) {
		until += first - since;
		since = first;
	} else if (!in && until > last + 1) {
		since -= until - last - 1;
		until = last + 1;
	}
	if (since <= first && until > last)
		since = until = TIME_NONE;
	if (!in && since == d->now.since && until == d->now.until)
		app_say(a, "that is all of the evidence");
	desk_set_window(d, since, until);
}

/* The next span around an event, or the one before; 0 when there is none. */
static int64_t next_span(int64_t ms, bool more)
{
	static const int64_t seconds[] = { 10,      30,      60,      120,
					   300,     900,     1800,    3600,
					   7200,    21600,   43200,   86400,
					   172800,  604800,  1209600, 2592000,
					   7776000, 31536000 };
	int64_t found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(seconds); i++) {
		int64_t span = seconds[i] * 1000;

		if (more ? span > ms && !found : span < ms)
			found = span;
	}
	return found;
}

/* More around the event, or less; false when no look around one is what is
 * shown. */
static bool widen_look(struct app *a, bool more)
{
	struct desk *d = a->desk;
	int64_t ms = next_span(scope_around_ms(&d->scope), more);
	struct scope scope;
	struct strbuf span;

	if (d->scope.kind != SCOPE_AROUND)
		return false;
	if (!ms) {
		app_say(a, "no %s than that", more ? "more" : "less");
		return true;
	}
	scope = scope_around(d->scope.text[0], ms, d->scope.text[2],
			     d->scope.label);
	desk_set_scope(d, scope);
	strbuf_init(&span);
	time_format_span(&span, ms);
	app_say(a, "%zu events within %.*s", d->rows.n,
		STR_ARG(strbuf_str(&span)));
	strbuf_release(&span);
	return true;
}

static void shift(struct app *a, int by)
{
	struct desk *d = a->desk;
	int64_t since, until, half;

	if (!desk_window(d, &since, &until))
		return;
	half = (until - since) / 2 * by;
	desk_set_window(d, since + half, until + half);
}

/* "21:40" of the selected event's day, "+5m", "-1d", or a whole time. */
static bool parse_goto(const struct desk *d, struct str text, int64_t *t)
{
	int64_t first, from = 0, span;
	struct strbuf whole;

	/* Events without a time stand behind the last one that has one. */
	store_span(d->snap->store, &first, &from);
	if (d->selected < d->snap->store->timed)
		from = d->snap->store->time[d->selected];
	if (text.n > 1 && (text.p[0] == '+' || text.p[0] == '-') &&
	    time_parse_span(str_from(text, 1), &span)) {
		/* Far beyond any time: no sum may overflow. */
		if (span > INT64_MAX / 4)
			span = INT64_MAX / 4;
		*t = text.p[0] == '+' ? from + span : from - span;
		return true;
	}
	*t = time_parse(text, &d->zone);
	if (*t != TIME_NONE)
		return true;
	strbuf_init(&whole);
	time_format(&whole, from, TIME_DATE, &d->zone);
	strbuf_addc(&whole, ' ');
	strbuf_add(&whole, text);
	*t = time_parse(strbuf_str(&whole), &d->zone);
	strbuf_release(&whole);
	return *t != TIME_NONE;
}

static void go_to(struct app *a, struct str text)
{
	struct desk *d = a->desk;
	int64_t t;

	if (!d->rows.n) {
		app_say(a, "there is no event to go to");
		return;
	}
	if (!text.n) {
		app_ask(a, ASK_GOTO, STR_NULL);
		return;
	}
	if (!parse_goto(d, text, &t)) {
		app_say(a,
			"%.*s is no time; 21:40, +5m, -1d or 2026-01-09 "
			"21:40 was expected",
			STR_ARG(text));
		return;
	}
	desk_select(d, store_seek_time(d->snap->store, t));
	d->version++;
}

/* "21:40 to 22:10": from the first to before the second. */
static void set_scope(struct app *a, struct str text)
{
	struct desk *d = a->desk;
	size_t to = str_find(text, STR(" to "), 0);
	int64_t since = TIME_NONE, until = TIME_NONE;

	if (text.n &&
	    (to == SIZE_MAX ||
	     !parse_goto(d, str_trim(str_sub(text, 0, to)), &since) ||
	     !parse_goto(d, str_trim(str_from(text, to + 4)), &until) ||
	     since >= until)) {
		app_say(a,
			"a time, to and a later time were expected, as 21:40 "
			"to 22:10, not %.*s",
			STR_ARG(text));
		return;
	}
	app_remember(a);
	desk_set_window(d, since, until);
}

/* Times are told from the event that all is around, or the selected one. */
static bool tell_from_event(struct desk *d)
{
	row_id from = d->selected;

	if (d->scope.kind == SCOPE_AROUND)
		from = store_find_id(d->snap->store, d->scope.text[0],
				     ROW_NONE);
	if (from == ROW_NONE || d->snap->store->time[from] == TIME_NONE)
		return false;
	d->relative_to = d->snap->store->time[from];
	return true;
}

static void tell_zone(struct app *a)
{
	struct strbuf text;

	strbuf_init(&text);
	desk_zone_text(a->desk, &text);
	app_say(a, "times are shown in %.*s", STR_ARG(strbuf_str(&text)));
	strbuf_release(&text);
}

/* In a circle: the first zone, the other one, from the event. */
static void next_zone(struct desk *d)
{
	bool first = str_eq(str_of(d->zone.name), str_of(d->zones[0].name));

	if (d->relative_to != TIME_NONE) {
		d->relative_to = TIME_NONE;
	} else if (first) {
		d->zone = d->zones[1];
	} else {
		d->zone = d->zones[0];
		tell_from_event(d);
	}
}

/* True when it is one; the first zone stays in the circle. */
static bool set_zone(struct desk *d, struct str name)
{
	struct time_zone zone;

	if (str_eq_fold(name, str_of(d->zones[0].name)))
		zone = d->zones[0];
	else if (str_eq_fold(name, str_of(d->zones[1].name)))
		zone = d->zones[1];
	else if (time_zone_parse(name, &zone))
		d->zones[1] = zone;
	else
		return false;
	d->zone = zone;
	d->relative_to = TIME_NONE;
	return true;
}

bool app_set_zone(struct app *a, struct str name)
{
	if (str_eq_fold(name, STR("relative")))
		return tell_from_event(a->desk);
	return set_zone(a->desk, name);
}

static void change_zone(struct app *a, struct str name)
{
	struct desk *d = a->desk;

	if (!name.n) {
		next_zone(d);
	} else if (str_eq_fold(name, STR("relative"))) {
		if (!tell_from_event(d)) {
			app_say(a, "no event with a time is selected");
			return;
		}
	} else if (!set_zone(d, name)) {
		app_say(a,
			"%.*s: UTC, local, relative or an offset such as "
			"+09:00 was expected; --tz takes names",
			STR_ARG(name));
		return;
	}
	d->version++;
	tell_zone(a);
}

bool dispatch_time(struct app *a, enum screen_command cmd, struct str argument)
{
	if (!a->desk->snap)
		return false;
	switch (cmd) {
	case DO_ZOOM_IN:
	case DO_ZOOM_OUT:
		if (!widen_look(a, cmd == DO_ZOOM_OUT))
			zoom(a, cmd == DO_ZOOM_IN);
		return true;
	case DO_MORE:
	case DO_LESS:
		if (!widen_look(a, cmd == DO_MORE))
			app_say(a, "x looks around an event first");
		return true;
	case DO_EARLIER:
	case DO_LATER:
		shift(a, cmd == DO_LATER ? 1 : -1);
		return true;
	case DO_SCOPE:
		set_scope(a, argument);
		return true;
	case DO_GOTO:
		go_to(a, argument);
		return true;
	case DO_ZONE:
		change_zone(a, argument);
		return true;
	default:
		return false;
	}
}
