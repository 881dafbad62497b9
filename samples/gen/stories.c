/* SPDX-License-Identifier: MIT */
#include "gen/stories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"

static const struct story *const all[] = {
	stories_elsewhere, stories_chain,  stories_trust,
	stories_escalate,  stories_first,  stories_series,
	stories_workload,  stories_places, stories_named,
};

/* The credentials as they are now, for those who have a copy of them. */
static void refresh_aliases(struct scene *sc, const struct story *s)
{
	for (size_t i = 0; i < s->alias_n; i++) {
		const struct alias *a = &s->alias[i];
		struct session *copy = scene_find(sc, a->label);

		*copy = *scene_find(sc, a->of);
		copy->label = a->label;
		copy->ip = a->ip ? a->ip : copy->ip;
		copy->agent = a->agent ? a->agent : copy->agent;
		copy->delivery = a->delivery ? a->delivery : copy->delivery;
	}
}

/* Puts keys in for "@LABEL". */
static const char *with_keys(struct scene *sc, const char *args)
{
	struct str rest = str_of(args), before, label;
	struct strbuf out;
	const char *copy;

	if (!strchr(args, '@'))
		return args;
	strbuf_init(&out);
	while (str_next(&rest, '@', &before)) {
		strbuf_add(&out, before);
		if (!rest.p)
			break;
		label = str_sub(rest, 0, str_find_char(rest, ';', 0));
		rest = str_from(rest, label.n);
		label = arena_dup(&sc->arena, label);
		strbuf_adds(&out, scene_find(sc, label.p)->key);
	}
	copy = arena_dup(&sc->arena, strbuf_str(&out)).p;
	strbuf_release(&out);
	return copy;
}

/* Puts a number in for "#". */
static const char *with_number(struct scene *sc, const char *args,
			       unsigned number)
{
	const char *at = strchr(args, '#');

	if (!at)
		return args;
	return scene_format(sc, "%.*s%u%s", (int)(at - args), args, number,
			    at + 1);
}

void stories_repeat(struct scene *sc, const char *who, const char *from,
		    unsigned times, unsigned seconds, const char *call,
		    const char *args, const char *outcome)
{
	int64_t begin = scene_at(sc, from) / 1000;

	for (unsigned i = 0; i < times; i++) {
		unsigned at = (unsigned)(begin % 86400) + i * seconds;
		struct step step = { "",
				     scene_format(sc, "%02u:%02u:%02u",
						  at / 3600, at / 60 % 60,
						  at % 60),
				     who,
				     call,
				     with_number(sc, args, i + 1),
				     outcome };

		scene_play(sc, &step, 1);
	}
}

static void play(struct scene *sc, const struct story *s)
{
	s->cast(sc);
	for (size_t i = 0; i < s->alias_n; i++)
		scene_cast(sc, (struct session){ .label = s->alias[i].label });
	for (size_t i = 0; i < s->step_n; i++) {
		struct step step = s->step[i];

		refresh_aliases(sc, s);
		step.args = with_keys(sc, step.args);
		scene_play(sc, &step, 1);
	}
}

static void write_record(struct scene *sc, const struct story *s, size_t i,
			 struct strbuf *lines, struct strbuf *index)
{
	const struct trail_record *r = &sc->trail.record[i];
	struct str text = str_sub(strbuf_str(&sc->trail.text), r->offset,
				  r->offset + r->size);
	struct err err = ERR_INIT;
	const struct json *record = json_read(&sc->arena, text, &err);
	struct str id = json_text_at(record, "eventID");

	if (!id.n) {
		fprintf(stderr, "samplegen: %s: %s\n", s->name, err.msg);
		exit(1);
	}
	strbuf_add(lines, text);
	strbuf_addc(lines, '\n');
	strbuf_addf(index, "lineage/%s/%zu\t%.*s\tlineage.jsonl\n", s->name,
		    i + 1, STR_ARG(id));
}

static void write_story(const struct story *s, unsigned number,
			struct strbuf *lines, struct strbuf *index)
{
	struct scene sc;
	char date[32], set[128];

	/* Each a day of its own, so that nothing adds up over two of them. */
	snprintf(date, sizeof(date), "2026-%02u-%02u", 7 + number / 28,
		 1 + number % 28);
	snprintf(set, sizeof(set), "lineage/%s", s->name);
	scene_begin(&sc, set, date, "us-east-1");
	play(&sc, s);
	for (size_t i = 0; i < sc.trail.n; i++)
		write_record(&sc, s, i, lines, index);
	scene_end(&sc);
}

void stories_write(struct strbuf *lines, struct strbuf *index)
{
	unsigned number = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		for (const struct story *s = all[i]; s->name; s++)
			write_story(s, number++, lines, index);
}
