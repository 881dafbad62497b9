/* SPDX-License-Identifier: MIT */
#include "gen/hostile.h"
#include "gen/sets.h"

#include <stdlib.h>
#include <string.h>

#include "base/gz.h"
#include "base/timefmt.h"
#include "gen/agents.h"
#include "gen/files.h"
#include "gen/routine.h"

#define CLI AGENT_CLI("linux#6.8.0-45-generic", "x86_64", "3.12.3")

/* Adds `text` with `bytes` for each `find`. */
static void add_replaced(struct strbuf *out, struct str text, struct str find,
			 struct str bytes)
{
	size_t from = 0, at;

	while ((at = str_find(text, find, from)) != SIZE_MAX) {
		strbuf_add(out, str_sub(text, from, at));
		strbuf_add(out, bytes);
		from = at + find.n;
	}
	strbuf_add(out, str_from(text, from));
}

static void add_find(struct strbuf *out, const struct trick *t,
		     const struct event *e)
{
	if (!t->find)
		strbuf_adds(out, "@@");
	else if (strcmp(t->find, "@identity") == 0)
		session_write(out, e->by);
	else if (strcmp(t->find, "@time") == 0)
		time_format(out, e->time, TIME_ISO, NULL);
	else if (strcmp(t->find, "@id") == 0)
		strbuf_addf(out, ",\"eventID\":\"%s\"", e->id);
	else
		strbuf_adds(out, t->find);
}

static void note_id(struct strbuf *ids, const char *id)
{
	strbuf_addf(ids, "%s%s", ids->n ? "," : "", id);
}

static void add_event(struct hostile *h, const struct trick *t, struct event *e)
{
	struct strbuf text, find;

	strbuf_init(&text);
	strbuf_init(&find);
	event_write(&text, e, &h->scene.rng);
	add_find(&find, t, e);
	add_replaced(&h->text, strbuf_str(&text), strbuf_str(&find), t->bytes);
	strbuf_release(&text);
	strbuf_release(&find);
}

void hostile_record(struct hostile *h, const struct trick *t)
{
	struct event e = {
		.time = h->clock,
		.by = h->attacker,
		.call = t->call,
		.args = t->args,
		.agent = t->agent,
		.region = h->scene.region,
	};
	const char *name = scene_format(&h->scene, "hostile/%s", t->name);

	uuid_of_name(str_of(name), e.id);
	rng_seed(&h->scene.rng, name);
	if (t->call)
		add_event(h, t, &e);
	else
		add_replaced(&h->text, t->bytes, STR("@@"), str_of(e.id));
	h->clock += 10 * SECOND;
	if (t->kind == TRICK_OPTIONAL)
		h->more = true;
	else
		h->records++;
	if (t->kind == TRICK_SEEN)
		note_id(&h->ids, e.id);
	if (t->alarming)
		note_id(&h->alarms, e.id);
}

void hostile_sound(struct hostile *h, const char *name)
{
	struct trick t = { .name = name, .call = "ec2:DescribeInstances" };

	hostile_record(h, &t);
}

static void expect(struct hostile *h, const char *name, unsigned broken,
		   bool more, const char *what)
{
	strbuf_addf(&h->expect, "%s\t%u%s\t%u\t%s\t%s\t%s\n", name, h->records,
		    more || h->more ? "+" : "", broken,
		    h->ids.n ? h->ids.p : "-", h->alarms.n ? h->alarms.p : "-",
		    what);
	strbuf_clear(&h->text);
	strbuf_clear(&h->ids);
	strbuf_clear(&h->alarms);
	h->records = 0;
	h->more = false;
}

static const char *path_of(struct hostile *h, const char *name)
{
	return scene_format(&h->scene, "%s/%s", h->folder, name);
}

void hostile_bytes(struct hostile *h, const char *name, struct str bytes,
		   unsigned broken, bool more, const char *what)
{
	if (h->rc == ERR_OK)
		h->rc = files_write(path_of(h, name), bytes, h->err);
	expect(h, name, broken, more, what);
}

void hostile_write(struct hostile *h, const char *name, unsigned broken,
		   const char *what)
{
	hostile_bytes(h, name, strbuf_str(&h->text), broken, false, what);
}

void hostile_pack(struct hostile *h, const char *name, unsigned broken,
		  const char *what)
{
	if (h->rc == ERR_OK)
		h->rc = gz_write_file(path_of(h, name), strbuf_str(&h->text),
				      h->err);
	expect(h, name, broken, false, what);
}

enum err_code set_hostile(const char *folder, struct err *err)
{
	struct hostile h = { .rc = ERR_OK, .err = err };

	scene_begin(&h.scene, "hostile", "2026-10-10", "us-east-1");
	strbuf_init(&h.text);
	strbuf_init(&h.ids);
	strbuf_init(&h.alarms);
	strbuf_init(&h.expect);
	strbuf_adds(&h.expect, "file\trecords\tbroken\teventIDs\talarming\t"
			       "what\n");
	h.folder = scene_format(&h.scene, "%s/hostile", folder);
	h.clock = scene_at(&h.scene, "12:00:00");
	h.attacker = scene_user(&h.scene, "mallory", "111122223333", "mallory",
				"203.0.113.99", CLI);
	h.rc = files_make_folder(h.folder, err);
	hostile_text(&h);
	hostile_form(&h);
	hostile_gzip(&h);
	if (h.rc == ERR_OK)
		h.rc = files_write(path_of(&h, "EXPECT.tsv"),
				   strbuf_str(&h.expect), err);
	strbuf_release(&h.text);
	strbuf_release(&h.ids);
	strbuf_release(&h.alarms);
	strbuf_release(&h.expect);
	scene_end(&h.scene);
	return h.rc;
}
