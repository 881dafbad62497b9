/* SPDX-License-Identifier: MIT */
#include "ui/dispatch_private.h"
#include "ui/panes/text.h"

/* "2": the second one; false when there is none of that number. */
static bool numbered(struct app *a, struct str text, size_t *i)
{
	uint64_t number;

	if (!str_to_u64(text, &number) || !number ||
	    number > a->desk->now.filters.n) {
		app_say(a,
			"there are %zu filters; on, off or a number was "
			"expected",
			a->desk->now.filters.n);
		return false;
	}
	*i = (size_t)number - 1;
	return true;
}

static void turn(struct app *a, struct str argument)
{
	struct desk *d = a->desk;
	bool off = !d->now.filters.off;
	enum err_code rc;
	struct err err;
	size_t i;

	if (!d->now.filters.n) {
		app_say(a, "there is no filter");
		return;
	}
	if (str_eq_fold(argument, STR("on")) ||
	    str_eq_fold(argument, STR("off"))) {
		off = str_eq_fold(argument, STR("off"));
	} else if (argument.n) {
		if (!numbered(a, argument, &i))
			return;
		app_remember(a);
		if (desk_toggle_filter(d, i, &err))
			app_say(a, "%s", err.msg);
		return;
	}
	app_remember(a);
	rc = desk_filters_off(d, off, &err);
	if (rc)
		app_say(a, "%s", err.msg);
	else
		app_say(a, off ? "filters are off, and kept" :
				 "filters are on again");
}

static void drop(struct app *a, struct str argument)
{
	size_t i;

	if (!numbered(a, argument, &i))
		return;
	app_remember(a);
	desk_drop_filter(a->desk, i);
}

static void save(struct app *a, struct str name)
{
	struct err err;

	if (!name.n)
		app_say(a, "save NAME: a name was expected");
	else if (desk_save_filter(a->desk, name, false, &err))
		app_say(a, "%s", err.msg);
	else
		app_say(a, "saved as %.*s; :load %.*s brings it back",
			STR_ARG(name), STR_ARG(name));
}

static void load(struct app *a, struct str name)
{
	const struct saved_filter *f = saved_filters_find(&a->desk->saved,
							  name);
	struct err err;

	if (!name.n) {
		app_command(a, DO_FILTER_LIST, STR_NULL);
		return;
	}
	if (!f) {
		app_say(a, "no filter is saved as %.*s", STR_ARG(name));
		return;
	}
	app_remember(a);
	if (desk_set_filter(a->desk, f->filter, &err))
		app_say(a, "%.*s: %s", STR_ARG(f->name), err.msg);
}

bool dispatch_filters(struct app *a, enum screen_command cmd,
		      struct str argument)
{
	switch (cmd) {
	case DO_FILTERS:
		turn(a, argument);
		return true;
	case DO_FILTER_LIST:
		app_open(a, &overlay_filters, filter_list_new());
		return true;
	case DO_DROP_FILTER:
		drop(a, argument);
		return true;
	case DO_SAVE:
		save(a, argument);
		return true;
	case DO_LOAD:
		load(a, argument);
		return true;
	default:
		return false;
	}
}
