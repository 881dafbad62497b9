/* SPDX-License-Identifier: MIT */
/*
 * keybench.c - how long keys take on the workbench, without a terminal
 *
 * usage: keybench PATH...
 *
 * Loads the paths, then sends keys to the app and draws each frame to a
 * canvas of 120x40, as the loop of the workbench does. Prints a JSON object:
 * the load's time, the time to the first rows, and for each kind of key the
 * median, the 99th percentile and the worst, in milliseconds, and the worst
 * in processor time of the thread that draws, which tells a slow key from one
 * that had to wait for others on the machine. What happens between key and
 * frame is what an analyst waits for; what follows in the background is told
 * apart as "settled", and "slice" is the longest part of it, for which a key
 * would have to wait.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/attr.h"
#include "base/json.h"
#include "base/mem.h"
#include "ui/app.h"

enum { ROWS = 40, COLS = 120, REPEATS = 200 };

static double clock_of(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static double now(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

static double worked(void)
{
	return clock_of(CLOCK_THREAD_CPUTIME_ID);
}

static int compare(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static double all[64 * REPEATS];
static size_t all_n;
/* The most that one key and one slice took since the last report, in processor
 * time; and of all. */
static double most_key, most_slice, worst_key, worst_slice;

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static void report(const char *name, double *ms, size_t n, double settled,
		   bool last)
{
	qsort(ms, n, sizeof(*ms), compare);
	printf("\"%s\":{\"n\":%zu,\"median\":%.3f,\"p99\":%.3f,\"max\":%.3f,"
	       "\"cpu\":%.3f,\"slice\":%.3f,\"settled\":%.3f}%s\n",
	       name, n, ms[n / 2], ms[(n * 99) / 100], ms[n - 1], most_key,
	       most_slice, settled, last ? "" : ",");
	worst_key = larger(worst_key, most_key);
	worst_slice = larger(worst_slice, most_slice);
	most_key = most_slice = 0;
}

/* Until nothing goes on in the background; returns how long that took. */
static double settle(struct app *app, struct canvas *c)
{
	double begun = now();

	do {
		double before = worked();

		app_poll(app);
		app_draw(app, c);
		most_slice = larger(most_slice, worked() - before);
	} while (app_busy(app) || app_is_behind(app));
	return now() - begun;
}

static double press(struct app *app, struct canvas *c, key_code key)
{
	double begun = now(), before = worked();

	app_key(app, key);
	app_draw(app, c);
	most_key = larger(most_key, worked() - before);
	return now() - begun;
}

static void type(struct app *app, struct canvas *c, const char *text,
		 double *ms, size_t *n)
{
	for (; *text; text++)
		ms[(*n)++] = press(app, c, (key_code)(unsigned char)*text);
}

/* One key, many times; each settles before the next. */
static void bench_key(struct app *app, struct canvas *c, const char *name,
		      key_code key, size_t times)
{
	double ms[REPEATS], settled = 0;

	for (size_t i = 0; i < times; i++) {
		double s;

		ms[i] = press(app, c, key);
		all[all_n++] = ms[i];
		s = settle(app, c);
		if (s > settled)
			settled = s;
	}
	report(name, ms, times, settled, false);
}

/* Keys one after the other, again and again; each settles before the next. */
static void bench_keys(struct app *app, struct canvas *c, const char *name,
		       const char *keys, size_t times)
{
	double ms[REPEATS], settled = 0;
	size_t n = 0;

	for (size_t i = 0; i < times; i++) {
		for (const char *k = keys; *k; k++) {
			key_code key = (key_code)(unsigned char)*k;
			double s;

			ms[n] = press(app, c, key == '\n' ? KEYC_ENTER : key);
			all[all_n++] = ms[n++];
			s = settle(app, c);
			if (s > settled)
				settled = s;
		}
	}
	report(name, ms, n, settled, false);
}

static void bench_filter(struct app *app, struct canvas *c, const char *name,
			 const char *filter)
{
	double ms[REPEATS], settled;
	size_t n = 0;

	ms[n++] = press(app, c, 'f');
	ms[n++] = press(app, c, KEYC_CTRL('u'));
	type(app, c, filter, ms, &n);
	ms[n++] = press(app, c, KEYC_ENTER);
	settled = settle(app, c);
	for (size_t i = 0; i < n; i++)
		all[all_n++] = ms[i];
	report(name, ms, n, settled, false);
	press(app, c, 'u');
	settle(app, c);
}

/* From the timeline, and back to it. */
static const struct {
	const char *name, *keys;
} views[] = {
	{ "fold all, unfold", "2**" },
	{ "context, back", "2x[" },
	{ "keep a value, undo", "2++u" },
	{ "failures, all", "2%%" },
	{ "writes, all", "2$$" },
	{ "noise, all", "2~~" },
	{ "ATT&CK, down", "3jj2" },
	{ "alerts: sort", "1sSs2" },
	{ "incidents, alerts", "1Ij[I2" },
	{ "guide", "aq" },
	{ "why", "Wq" },
	{ "values, down", "vjjq" },
	{ "lanes, down, of what", "Ljjvq" },
	{ "profile, down", "Pjj2" },
	{ "coverage, down", "Bjjq" },
	{ "what persists", ":persist\nq2" },
	{ "data touched", ":data\nq2" },
	{ "help", "?jq" },
	{ "next alert, gap", "2gee}}{" },
	{ "search, in vain", "2/nothing has it\n" },
	{ "values of ids", "2:values eventID\njGgq" },
	{ "lineage: unfold all", "4*Gg*2" },
	{ "origin, mute", "1:filter origin:*\n:mute everywhere\nuu2" },
};

int main(int argc, char **argv)
{
	struct investigation_options options = {
		.path = (const char *const *)argv + 1,
		.path_n = (size_t)argc - 1,
		.limits = LIMITS_DEFAULT,
	};
	const struct time_zone zone = TIME_ZONE_UTC;
	struct app_options how = { .zone = &zone,
				   .unicode = true,
				   .name = "bench" };
	struct investigation *inv;
	double begun, first = -1, loaded;
	struct canvas canvas;
	struct case_file *notes;
	struct app *app;
	struct err err;

	if (argc < 2) {
		fprintf(stderr, "usage: keybench PATH...\n");
		return 2;
	}
	json_init();
	begun = now();
	if (investigation_new(&inv, &options, &err)) {
		fprintf(stderr, "keybench: %s\n", err.msg);
		return 1;
	}
	if (case_open(&notes, "keybench.case", CASE_MEMORY, "bench", &err)) {
		fprintf(stderr, "keybench: %s\n", err.msg);
		return 1;
	}
	how.case_file = notes;
	canvas_init(&canvas, ROWS, COLS, glyphs_of(true));
	app = app_new(inv, &how);
	app_resize(app, ROWS, COLS);
	if (investigation_start(inv, &err)) {
		fprintf(stderr, "keybench: %s\n", err.msg);
		return 1;
	}
	do {
		struct timespec pause = { 0, 2000000 };

		app_poll(app);
		app_draw(app, &canvas);
		if (first < 0 && app_desk(app)->snap)
			first = now() - begun;
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		if (app_desk(app)->load.failed.code) {
			fprintf(stderr, "keybench: %s\n",
				app_desk(app)->load.failed.msg);
			return 1;
		}
	} while (app_desk(app)->load.loading || !app_desk(app)->snap);
	loaded = now() - begun;
	settle(app, &canvas);
	printf("{\"events\":%u,\"first_rows_ms\":%.1f,\"loaded_ms\":%.1f,\n",
	       app_desk(app)->snap->store->n, first, loaded);
	bench_key(app, &canvas, "alerts: down", 'j', REPEATS);
	bench_key(app, &canvas, "alerts: drill and back", KEYC_ENTER, 1);
	bench_key(app, &canvas, "timeline: down", 'j', REPEATS);
	bench_key(app, &canvas, "back", '[', 1);
	bench_key(app, &canvas, "to the timeline", '2', 1);
	bench_key(app, &canvas, "timeline: page", KEYC_PGDN, REPEATS);
	bench_key(app, &canvas, "timeline: last, first", 'G', 1);
	bench_key(app, &canvas, "identity", 'i', 1);
	bench_key(app, &canvas, "matrix", 'M', 1);
	bench_key(app, &canvas, "detail", '5', 1);
	bench_key(app, &canvas, "detail: next event", 'J', REPEATS);
	bench_key(app, &canvas, "zoom in", 'z', 5);
	bench_key(app, &canvas, "zoom out", 'Z', 5);
	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		bench_keys(app, &canvas, views[i].name, views[i].keys, 5);
	bench_filter(app, &canvas, "filter: indexed",
		     "service:iam and not outcome:ok");
	bench_filter(app, &canvas, "filter: path",
		     "requestParameters.userName:*a*");
	qsort(all, all_n, sizeof(*all), compare);
	most_key = worst_key;
	most_slice = worst_slice;
	report("all keys", all, all_n, 0, true);
	printf("}\n");
	app_free(app);
	case_close(notes);
	investigation_free(inv);
	canvas_release(&canvas);
	return 0;
}
