/* SPDX-License-Identifier: MIT */
/*
 * Single events for the tests of rules, completed from the templates in
 * samples/gen/rules/TACTIC.json. See samples/README.md for their members.
 */
#include "gen/places.h"
#include "gen/sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "base/timefmt.h"
#include "gen/calls.h"
#include "gen/files.h"
#include "gen/routine.h"
#include "gen/rules_cast.h"
#include "gen/scene.h"
#include "gen/stories.h"

static const char *const tactics[] = {
	"initial-access",       "execution",    "persistence",
	"privilege-escalation", "stealth",      "defense-impairment",
	"credential-access",    "discovery",    "lateral-movement",
	"collection",           "exfiltration", "impact",
};

enum {
	APART = 2 * HOUR, /* between two events, so that none adds up */
	REPEAT_MAX = 200,
};

/* What is written, and where it stands. */
struct book {
	struct scene scene;
	const char *tactic;
	struct strbuf lines; /* of the tactic's file */
	struct strbuf index;
	int64_t next; /* time of the next event */
};

/* A case ("together": its variants follow one another after that many
 * seconds) and the variant that overrides some of its members. */
struct entry {
	const struct json *base, *over;
	const char *name; /* "persistence/create-user/fire" */
};

static void mistake(const struct entry *x, const char *what)
{
	fprintf(stderr, "samplegen: %s: %s\n", x->name, what);
	exit(1);
}

static const struct json *member(const struct entry *x, const char *key)
{
	const struct json *v = json_member(x->over, str_of(key));

	return v ? v : json_member(x->base, str_of(key));
}

/* A string member, zero-terminated; NULL when it is not there. */
static const char *text(struct scene *sc, const struct entry *x,
			const char *key)
{
	const struct json *v = member(x, key);

	return v ? arena_dup(&sc->arena, v->text).p : NULL;
}

static int64_t number(const struct entry *x, const char *key, int64_t absent)
{
	const struct json *v = member(x, key);
	uint64_t n;

	if (!v)
		return absent;
	if (!str_to_u64(v->text, &n))
		mistake(x, "not a number");
	return (int64_t)n;
}

static bool flag(const struct entry *x, const char *key)
{
	const struct json *v = member(x, key);

	return v && v->kind == JSON_TRUE;
}

static void add_url_encoded(struct strbuf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("-_.~", c);

		if (plain)
			strbuf_addc(out, c);
		else
			strbuf_addf(out, "%%%02X", (unsigned char)c);
	}
}

static void add_template(struct strbuf *out, const struct json *v);

/* {"$json": ...} is a string that holds JSON, {"$url": ...} one that holds
 * it URL-encoded. */
static bool add_wrapped(struct strbuf *out, const struct json *v)
{
	bool url = v->n == 1 && str_eq(v->child->key, STR("$url"));
	struct strbuf inner, spelled;

	if (v->n != 1 || (!url && !str_eq(v->child->key, STR("$json"))))
		return false;
	strbuf_init(&inner);
	strbuf_init(&spelled);
	add_template(&inner, v->child);
	if (url)
		add_url_encoded(&spelled, strbuf_str(&inner));
	else
		strbuf_add(&spelled, strbuf_str(&inner));
	json_print_string(out, strbuf_str(&spelled));
	strbuf_release(&inner);
	strbuf_release(&spelled);
	return true;
}

static void add_members(struct strbuf *out, const struct json *v)
{
	bool object = v->kind == JSON_OBJECT;

	strbuf_addc(out, object ? '{' : '[');
	for (const struct json *m = v->child; m; m = m->next) {
		if (m != v->child)
			strbuf_addc(out, ',');
		if (object) {
			json_print_string(out, m->key);
			strbuf_addc(out, ':');
		}
		add_template(out, m);
	}
	strbuf_addc(out, object ? '}' : ']');
}

/* A value as a template; bounded by the depth that json_read bounds. */
static void add_template(struct strbuf *out, const struct json *v)
{
	if (json_is_scalar(v))
		json_print(out, v);
	else if (v->kind != JSON_OBJECT || !add_wrapped(out, v))
		add_members(out, v);
}

static const char *template(struct scene *sc, const struct entry *x,
			    const char *key, const char *absent)
{
	const struct json *v = member(x, key);
	struct strbuf out;
	const char *copy;

	if (!v)
		return absent;
	if (v->kind == JSON_NULL)
		return NULL;
	strbuf_init(&out);
	add_template(&out, v);
	/* Templates take these for quotes. */
	if (strpbrk(out.p, "'`"))
		mistake(x, "' and ` have to be written otherwise");
	copy = arena_dup(&sc->arena, strbuf_str(&out)).p;
	strbuf_release(&out);
	return copy;
}

static struct call shape_of(struct scene *sc, const struct entry *x,
			    const char *name)
{
	const struct call *known = call_find(name);
	struct call c = known ? *known : (struct call){ .name = name };

	c.request = template(sc, x, "request", c.request);
	c.response = template(sc, x, "response", c.response);
	c.additional = template(sc, x, "additional", c.additional);
	c.resources = template(sc, x, "resources", c.resources);
	c.details = template(sc, x, "details", c.details);
	if (flag(x, "data"))
		c.flags |= CALL_DATA;
	if (flag(x, "signin"))
		c.flags |= CALL_SIGNIN | CALL_WRITE;
	if (flag(x, "read"))
		c.flags |= CALL_READ;
	return c;
}

static void write_event(struct book *b, const struct entry *x, const char *name,
			int64_t time, int i)
{
	struct scene *sc = &b->scene;
	size_t from = b->lines.n;
	struct err err = ERR_INIT;
	const char *call = text(sc, x, "call"), *args = text(sc, x, "args");
	struct session who = *rules_actor(sc, text(sc, x, "as"));
	struct call shape;
	struct event e = {
		.time = time,
		.by = &who,
		.call = call,
		.args = scene_format(sc, "i=%d;%s", i, args ? args : ""),
		.outcome = text(sc, x, "outcome"),
		.region = text(sc, x, "region"),
		.account = text(sc, x, "account"),
		.ip = text(sc, x, "ip"),
		.agent = text(sc, x, "agent"),
		.shape = &shape,
	};
	const char *shared = text(sc, x, "shared");

	if (!call || !strchr(call, ':'))
		mistake(x, "no call");
	shape = shape_of(sc, x, call);
	if (!call_find(call) && !member(x, "request") &&
	    !call_is_read(&shape, call))
		mistake(x, "neither in the catalogue nor with a request");
	if (text(sc, x, "session"))
		who.name = text(sc, x, "session");
	if (shared) {
		char *id = arena_alloc(&sc->arena, UUID_SIZE);

		uuid_of_name(str_of(scene_format(sc, "shared/%s", shared)), id);
		e.shared_id = id;
	}
	if (!e.region)
		e.region = sc->region;
	if (!e.account && who.kind == SESSION_FOREIGN)
		e.account = "111122223333";
	rng_seed(&sc->rng, name);
	if (who.created) {
		who.created = time - time % SECOND - 20 * MINUTE;
		if (who.key[0])
			session_new_key(&who, &sc->rng);
	}
	uuid_of_name(str_of(scene_format(sc, "rules/%s", name)), e.id);
	event_write(&b->lines, &e, &sc->rng);
	if (files_check_json(str_from(strbuf_str(&b->lines), from), &err) !=
	    ERR_OK)
		mistake(x, err.msg);
	strbuf_addc(&b->lines, '\n');
	strbuf_addf(&b->index, "%s\t%s\t%s.jsonl\n", name, e.id, b->tactic);
}

static void write_variant(struct book *b, const struct entry *x, int64_t apart)
{
	int64_t n = number(x, "repeat", 1);
	int64_t every = number(x, "every", 1) * SECOND;

	if (n > REPEAT_MAX)
		mistake(x, "repeated too often");
	for (int i = 1; i <= n; i++) {
		const char *name = n == 1 ? x->name :
					    scene_format(&b->scene, "%s/%d",
							 x->name, i);

		write_event(b, x, name, b->next + (i - 1) * every, i);
	}
	b->next += n * every + apart;
}

static void write_case(struct book *b, const struct json *v)
{
	const struct json *variants = json_member(v, STR("variants"));
	struct str name = json_text_at(v, "name");
	struct entry x = { .base = v, .over = v };
	int64_t gap = number(&x, "together", 0) * SECOND;

	if (!variants) {
		x.name = scene_format(&b->scene, "%s/%.*s/fire", b->tactic,
				      STR_ARG(name));
		write_variant(b, &x, APART);
		return;
	}
	for (x.over = variants->child; x.over; x.over = x.over->next) {
		x.name = scene_format(&b->scene, "%s/%.*s/%.*s", b->tactic,
				      STR_ARG(name), STR_ARG(x.over->key));
		write_variant(b, &x, gap ? gap : APART);
	}
	b->next += APART;
}

static enum err_code write_tactic(struct book *b, const char *folder,
				  struct err *err)
{
	struct scene *sc = &b->scene;
	const struct json *cases;
	enum err_code rc;
	struct str content;

	rc = files_read(scene_format(sc, SAMPLEGEN_TEMPLATES "/%s.json",
				     b->tactic),
			&content, err);
	if (rc != ERR_OK)
		return rc;
	cases = json_read(&sc->arena, content, err);
	if (cases && cases->kind == JSON_ARRAY) {
		for (const struct json *v = cases->child; v; v = v->next)
			write_case(b, v);
	} else {
		rc = cases ? err_set(err, ERR_FORMAT, "not an array") :
			     err->code;
		rc = err_wrap(err, "%s.json", b->tactic);
	}
	free((void *)(uintptr_t)content.p);
	if (rc == ERR_OK)
		rc = files_write(scene_format(sc, "%s/%s.jsonl", folder,
					      b->tactic),
				 strbuf_str(&b->lines), err);
	return rc;
}

enum err_code set_rules(const char *folder, struct err *err)
{
	struct book b = { .next = 0 };
	struct strbuf requests;
	enum err_code rc;
	const char *path;

	scene_begin(&b.scene, "rules", "2026-01-01", "us-east-1");
	strbuf_init(&b.lines);
	strbuf_init(&b.index);
	strbuf_adds(&b.index, "name\teventID\tfile\n");
	rules_cast(&b.scene);
	path = scene_format(&b.scene, "%s/rules", folder);
	rc = files_make_folder(path, err);
	for (size_t i = 0; i < ARRAY_SIZE(tactics) && rc == ERR_OK; i++) {
		b.tactic = tactics[i];
		/* Two weeks for each: a new case moves its neighbours only. */
		b.next = scene_at(&b.scene, "00:00:10") +
			 (int64_t)i * 14 * 24 * HOUR;
		strbuf_clear(&b.lines);
		rc = write_tactic(&b, path, err);
	}
	strbuf_clear(&b.lines);
	strbuf_init(&requests);
	stories_write(&b.lines, &b.index);
	stories_write_requests(&b.lines, &requests, &b.index);
	if (rc == ERR_OK)
		rc = files_write(scene_format(&b.scene, "%s/lineage.jsonl",
					      path),
				 strbuf_str(&b.lines), err);
	if (rc == ERR_OK)
		rc = files_write(scene_format(&b.scene, "%s/s3access.log",
					      path),
				 strbuf_str(&requests), err);
	strbuf_release(&requests);
	if (rc == ERR_OK)
		rc = files_write(scene_format(&b.scene, "%s/site", path),
				 STR("organization o-abcdefghij\n"
				     "vendor 666677778888 Acme monitoring\n"
				     "break-glass arn:aws:iam::111122223333:"
				     "user/emergency in the safe\n"
				     "geoip places.mmdb\n"),
				 err);
	if (rc == ERR_OK) {
		strbuf_clear(&b.lines);
		places_write(&b.lines);
		rc = files_write(scene_format(&b.scene, "%s/places.mmdb", path),
				 strbuf_str(&b.lines), err);
	}
	if (rc == ERR_OK)
		rc = files_write(scene_format(&b.scene, "%s/INDEX.tsv", path),
				 strbuf_str(&b.index), err);
	strbuf_release(&b.lines);
	strbuf_release(&b.index);
	scene_end(&b.scene);
	return rc;
}
