/* SPDX-License-Identifier: MIT */
#include "store/whereabouts.h"

#include <stdlib.h>

#include "base/mem.h"

void whereabouts_free(struct whereabouts *w)
{
	if (!w)
		return;
	intern_release(&w->text);
	free(w->of);
	free(w);
}

static void fill(struct whereabouts *w, struct whereabouts_entry *e,
		 const struct geo_found *f, struct strbuf *text)
{
	e->country = intern_add(&w->text, f->at.country);
	e->city = intern_add(&w->text, f->at.city);
	if (f->at.asn) {
		strbuf_clear(text);
		strbuf_addf(text, "AS%u%s%.*s", f->at.asn,
			    f->at.organization.n ? " " : "",
			    STR_ARG(f->at.organization));
		e->asn = intern_add(&w->text, strbuf_str(text));
	}
	if (f->aws_service.n) {
		strbuf_clear(text);
		strbuf_addf(text, "%.*s %.*s", STR_ARG(f->aws_service),
			    STR_ARG(f->aws_region));
		e->aws = intern_add(&w->text, strbuf_str(text));
	}
	e->located = f->at.located;
	e->latitude = (float)f->at.latitude;
	e->longitude = (float)f->at.longitude;
	e->radius_km = (uint16_t)f->at.radius_km;
	w->located |= e->located;
}

void store_locate(struct store *s, const struct geo *g)
{
	struct geo_found found;
	struct whereabouts *w;
	struct strbuf text;

	if (geo_is_empty(g))
		return;
	w = mem_zero(1, sizeof(*w));
	w->n = s->values[EVENT_IP];
	w->of = mem_zero((size_t)w->n + 1, sizeof(*w->of));
	intern_init(&w->text);
	strbuf_init(&text);
	for (uint32_t v = 1; v < w->n; v++) {
		geo_find(g, store_value(s, EVENT_IP, v), &found);
		fill(w, &w->of[v], &found, &text);
	}
	strbuf_release(&text);
	s->whereabouts = w;
}

const struct whereabouts_entry *store_whereabouts(const struct store *s,
						  uint32_t value)
{
	return s->whereabouts && value < s->whereabouts->n ?
		       &s->whereabouts->of[value] :
		       NULL;
}

static struct str text_of(const struct store *s, uint32_t id)
{
	return s->whereabouts ? intern_text(&s->whereabouts->text, id) :
				STR_NULL;
}

struct str store_whereabouts_shown(const struct store *s, enum field_kind kind,
				   uint32_t value)
{
	const struct whereabouts_entry *e = store_whereabouts(s, value);

	if (!e)
		return STR_NULL;
	return text_of(s, kind == FIELD_COUNTRY ? e->country :
			  kind == FIELD_ASN     ? e->asn :
						  e->aws);
}

static void tell(struct strbuf *out, const char *before, struct str text)
{
	if (text.n)
		strbuf_addf(out, "%s%.*s", out->n ? before : "", STR_ARG(text));
}

void store_tell_whereabouts(const struct store *s, uint32_t value,
			    struct strbuf *out)
{
	const struct whereabouts_entry *e = store_whereabouts(s, value);
	struct strbuf text;

	if (!e)
		return;
	strbuf_init(&text);
	tell(&text, "", text_of(s, e->country));
	tell(&text, ", ", text_of(s, e->city));
	tell(&text, "; ", text_of(s, e->asn));
	if (e->aws) {
		strbuf_adds(&text, text.n ? "; AWS " : "AWS ");
		strbuf_add(&text, text_of(s, e->aws));
	}
	strbuf_add(out, strbuf_str(&text));
	strbuf_release(&text);
}
