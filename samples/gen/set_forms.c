/* SPDX-License-Identifier: MIT */
/* Forty events of the incident, a file for each form. */
#include "gen/forms.h"
#include "gen/secutter.h"
#include "gen/sets.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/gz.h"
#include "base/mem.h"
#include "gen/files.h"

struct candidate {
	struct str text, time, id, name, type;
	const struct json *v;
};

static int by_time(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;
	int c = str_cmp(a->time, b->time);

	return c ? c : str_cmp(a->id, b->id);
}

/* The first of each call by each type of caller; returns how many. */
static size_t first_of_each(struct candidate *all, size_t n)
{
	size_t kept = 0;

	qsort(all, n, sizeof(*all), by_time);
	for (size_t i = 0; i < n; i++) {
		bool seen = false;

		for (size_t j = 0; j < kept && !seen; j++)
			seen = str_eq(all[j].name, all[i].name) &&
			       str_eq(all[j].type, all[i].type);
		if (!seen)
			all[kept++] = all[i];
	}
	return kept;
}

/* Those that issue credentials, and the last ones, which are the incident's, so
 * that there are forty in order of time. False when there are not so many. */
static bool choose(struct forms_events *e, struct candidate *all, size_t n)
{
	size_t kept = 0, issuing = 0;

	n = first_of_each(all, n);
	for (size_t i = 0; i < n; i++)
		issuing += json_at(all[i].v, "responseElements.credentials") !=
			   NULL;
	if (issuing >= FORMS_EVENTS || n < FORMS_EVENTS)
		return false;
	for (size_t i = 0; i < n && kept < FORMS_EVENTS; i++) {
		if (!json_at(all[i].v, "responseElements.credentials") &&
		    i < n - (FORMS_EVENTS - issuing))
			continue;
		e->event[kept].text = all[i].text;
		e->event[kept++].v = all[i].v;
	}
	return kept == FORMS_EVENTS;
}

static enum err_code read_events(struct forms_events *e, struct scene *sc,
				 struct err *err)
{
	size_t n = sc->trail.n;
	struct candidate *all = mem_zero(n, sizeof(*all));
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < n && rc == ERR_OK; i++) {
		const struct trail_record *r = &sc->trail.record[i];
		struct candidate *c = &all[i];

		c->text = str_sub(strbuf_str(&sc->trail.text), r->offset,
				  r->offset + r->size);
		c->v = json_read(e->arena, c->text, err);
		if (!c->v) {
			rc = err->code;
			break;
		}
		c->time = json_text_at(c->v, "eventTime");
		c->id = json_text_at(c->v, "eventID");
		c->name = json_text_at(c->v, "eventName");
		c->type = json_text_at(c->v, "userIdentity.type");
	}
	if (rc == ERR_OK && !choose(e, all, n))
		rc = err_set(err, ERR_FORMAT,
			     "forms: not forty kinds of calls");
	free(all);
	return rc;
}

static enum err_code write_file(struct scene *sc, const char *folder,
				const struct forms_file *f,
				const struct forms_events *e, struct err *err)
{
	const char *path = scene_format(sc, "%s/%s", folder, f->name);
	struct strbuf out;
	enum err_code rc;

	strbuf_init(&out);
	f->write(&out, e);
	rc = f->packed ? gz_write_file(path, strbuf_str(&out), err) :
			 files_write(path, strbuf_str(&out), err);
	strbuf_release(&out);
	return rc;
}

enum err_code set_forms(const char *folder, struct err *err)
{
	static const struct forms_file *const lists[] = { forms_carried,
							  forms_apart };
	struct forms_events e;
	struct arena arena;
	struct scene sc;
	enum err_code rc;
	const char *path;

	arena_init(&arena);
	e.arena = &arena;
	secutter_begin(&sc);
	path = scene_format(&sc, "%s/forms", folder);
	rc = files_make_folder(path, err);
	if (rc == ERR_OK)
		rc = read_events(&e, &sc, err);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (const struct forms_file *f = lists[i];
		     rc == ERR_OK && f->name; f++)
			rc = write_file(&sc, path, f, &e, err);
	scene_end(&sc);
	arena_release(&arena);
	return rc;
}
