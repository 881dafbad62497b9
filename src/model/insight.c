/* SPDX-License-Identifier: MIT */
#include "model/insight.h"

#include <math.h>

#include "base/timefmt.h"

#define MINUTE_MS ((int64_t)60 * 1000)
/* Longer than a day no Insight lasts without being told anew. */
#define DURATION_MOST 1440.0

static struct str either(const struct json *v, const char *path,
			 const char *of_lake)
{
	struct str text = json_text_at(v, path);

	return text.n ? text : json_text_at(v, of_lake);
}

static double number_or(struct str text, double otherwise)
{
	double value;

	return str_to_double(text, &value) && isfinite(value) && value >= 0 ?
		       value :
		       otherwise;
}

/* Values ------------------------------------------------------------------- */

static struct insight_value *value_of(struct insight_values *v, struct str text)
{
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->value[i].text, text))
			return &v->value[i];
	if (!text.n || v->n == INSIGHT_VALUES)
		return NULL;
	v->value[v->n] = (struct insight_value){ .text = text };
	return &v->value[v->n++];
}

/* [{"value":"arn:...","average":0.2}, ...] */
static void take_list(struct insight_values *out, const struct json *list,
		      bool usual)
{
	size_t known = out->n;
	unsigned left = 4 * INSIGHT_VALUES;

	if (!list || list->kind != JSON_ARRAY)
		return;
	for (const struct json *v = list->child; v && left--; v = v->next) {
		struct str text = json_text_at(v, "value");
		struct insight_value *at;

		/* Nothing but what was seen then is of interest. */
		if (usual && known == 0)
			return;
		at = usual ? NULL : value_of(out, text);
		for (size_t i = 0; usual && i < known; i++)
			if (str_eq(out->value[i].text, text))
				at = &out->value[i];
		if (at)
			*(usual ? &at->usual : &at->then) =
				number_or(json_text_at(v, "average"), 0);
	}
}

static void sort_values(struct insight_values *v)
{
	for (size_t i = 1; i < v->n; i++)
		for (size_t k = i; k && v->value[k].then > v->value[k - 1].then;
		     k--) {
			struct insight_value held = v->value[k];

			v->value[k] = v->value[k - 1];
			v->value[k - 1] = held;
		}
}

static void take_attributions(struct insight *out, const struct json *list)
{
	const struct {
		const char *name;
		struct insight_values *values;
	} kinds[] = {
		{ "userIdentityArn", &out->identities },
		{ "userAgent", &out->agents },
		{ "errorCode", &out->codes },
	};

	if (!list || list->kind != JSON_ARRAY)
		return;
	for (const struct json *v = list->child; v; v = v->next)
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			if (!str_eq(json_text_at(v, "attribute"),
				    str_of(kinds[k].name)) ||
			    kinds[k].values->n)
				continue;
			take_list(kinds[k].values,
				  json_member(v, STR("insight")), false);
			take_list(kinds[k].values,
				  json_member(v, STR("baseline")), true);
			sort_values(kinds[k].values);
		}
}

bool insight_stands_out(const struct insight_value *v)
{
	return v->then > 2 * v->usual;
}

/* The event ----------------------------------------------------------------- */

/* An event of the beginning says when that was, one of the end when all was
 * over; how many minutes lie between both say, or at least how many so far. */
static void take_times(struct insight *out, const struct event *e,
		       struct str minutes)
{
	double n = number_or(minutes, 0);
	int64_t span;

	out->from = out->to = TIME_NONE;
	if (e->time == TIME_NONE)
		return;
	span = (int64_t)(n < 1             ? 1 :
			 n > DURATION_MOST ? DURATION_MOST :
					     n) *
	       MINUTE_MS;
	/* Calls are counted by the minute. */
	if (str_eq_fold(out->state, STR("End"))) {
		out->from = e->time - span - MINUTE_MS;
		out->to = e->time + MINUTE_MS;
	} else {
		out->from = e->time - MINUTE_MS;
		out->to = e->time + span + MINUTE_MS;
	}
}

bool insight_read(struct insight *out, const struct event *e)
{
	const struct json *r = e->record;
	const struct json *context;

	*out = (struct insight){ .usual = -1, .then = -1 };
	if (e->kind != KIND_INSIGHT)
		return false;
	out->source = either(r, "insightDetails.eventSource",
			     "insightEventSource");
	if (!out->source.n)
		out->source = json_text_at(r, "insightSource");
	out->name = either(r, "insightDetails.eventName", "insightEventName");
	out->state = either(r, "insightDetails.state", "insightState");
	out->error = either(r, "insightDetails.errorCode", "insightErrorCode");
	out->errors =
		str_eq(either(r, "insightDetails.insightType", "insightType"),
		       STR("ApiErrorRateInsight"));
	context = json_at(r, "insightDetails.insightContext");
	if (!context)
		context = json_member(r, STR("insightContext"));
	out->usual = number_or(either(context, "statistics.baseline.average",
				      "baselineAverage"),
			       -1);
	out->then = number_or(either(context, "statistics.insight.average",
				     "insightAverage"),
			      -1);
	take_times(out, e,
		   either(context, "statistics.insightDuration",
			  "insightDuration"));
	if (context)
		take_attributions(out,
				  json_member(context, STR("attributions")));
	return out->name.n > 0;
}

void insight_tell_rate(double rate, struct strbuf *out)
{
	strbuf_addf(out, rate > 0 && rate < 0.0001 ? "%.6f" : "%.4g", rate);
}

void insight_tell_rates(const struct insight *i, struct strbuf *out)
{
	if (i->then < 0)
		return;
	insight_tell_rate(i->then, out);
	strbuf_adds(out, i->errors ? " failures a minute" : " calls a minute");
	if (i->usual < 0)
		return;
	strbuf_adds(out, ", ");
	insight_tell_rate(i->usual, out);
	strbuf_adds(out, " are usual");
}
