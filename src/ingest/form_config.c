/* SPDX-License-Identifier: MIT */
/*
 * Configuration items of AWS Config, as records: what a resource was like when
 * Config looked, by Config's own names for it. They come in files of snapshots
 * and histories (whose array the envelope takes apart), in notices of a change,
 * and as get-resource-config-history answers, which names a few members
 * otherwise.
 */
#include "ingest/unwrap_private.h"

#include <inttypes.h>

#include "base/attr.h"
#include "base/timefmt.h"

static struct str first_of(const struct json *v, const char *name,
			   const char *other)
{
	struct str text = json_text_at(v, name);

	return text.n ? text : json_text_at(v, other);
}

static struct json *add_text(struct arena *arena, struct json *object,
			     struct str key, struct str text)
{
	struct json *m = arena_zero(arena, sizeof(*m));

	m->kind = JSON_STRING;
	m->key = key;
	m->text = text;
	m->next = object->child;
	object->child = m;
	object->n++;
	return object;
}

/* As calls have their resources: [{"ARN":"...","type":"..."}]. */
static const struct json *resources_of(struct arena *arena, struct str arn,
				       struct str type)
{
	struct json *list = arena_zero(arena, sizeof(*list));
	struct json *one = arena_zero(arena, sizeof(*one));

	list->kind = JSON_ARRAY;
	list->child = one;
	list->n = 1;
	one->kind = JSON_OBJECT;
	add_text(arena, one, STR("type"), type);
	add_text(arena, one, STR("ARN"), arn);
	return list;
}

/* The same item stands in every snapshot until the resource changes: it is
 * known by what it is of, and when that was so. */
static void put_id(struct draft *d, const struct json *v)
{
	struct str id = json_text_at(v, "resourceId");
	int64_t time = time_parse_loose(
		json_text_at(v, "configurationItemCaptureTime"));
	struct strbuf text;

	if (!id.n || time == TIME_NONE)
		return;
	strbuf_init(&text);
	strbuf_add(&text, first_of(v, "awsAccountId", "accountId"));
	strbuf_addc(&text, '/');
	strbuf_add(&text, string_of(v, STR("awsRegion")));
	strbuf_addc(&text, '/');
	strbuf_add(&text, string_of(v, STR("resourceType")));
	strbuf_addc(&text, '/');
	strbuf_add(&text, id);
	strbuf_addf(&text, "/%" PRId64, time);
	draft_text(d, "eventID", arena_dup(d->arena, strbuf_str(&text)));
	strbuf_release(&text);
}

static bool is_item(const struct json *v)
{
	return v->kind == JSON_OBJECT && string_of(v, STR("resourceType")).n &&
	       string_of(v, STR("configurationItemStatus")).n &&
	       (json_member(v, STR("configurationItemCaptureTime")) ||
		json_member(v, STR("configurationItemVersion")));
}

static void take_item(struct unwrapper *u, const struct json *v)
{
	static const char *const own[] = {
		"resourceType",
		"resourceId",
		"resourceName",
		"configurationItemStatus",
		"configurationItemCaptureTime",
		"configurationStateId",
		"resourceCreationTime",
		"relatedEvents",
		"relationships",
		"tags",
	};
	static const char *const documents[] = { "configuration",
						 "supplementaryConfiguration" };
	struct str type = string_of(v, STR("resourceType"));
	struct str arn = first_of(v, "ARN", "arn");
	struct draft d;

	draft_init(&d, unwrap_arena(u));
	draft_time(&d, "eventTime",
		   json_text_at(v, "configurationItemCaptureTime"));
	put_id(&d, v);
	draft_text(&d, "eventSource", STR("config"));
	draft_text(&d, "eventName", type);
	draft_text(&d, "awsRegion", string_of(v, STR("awsRegion")));
	draft_text(&d, "accountId", first_of(v, "awsAccountId", "accountId"));
	if (!arn.n)
		arn = first_of(v, "resourceName", "resourceId");
	if (arn.n)
		draft_value(&d, "resources", resources_of(d.arena, arn, type));
	draft_text(&d, "about.identity", arn);
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		draft_value(&d, own[i], json_member(v, str_of(own[i])));
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++)
		draft_document(&d, documents[i],
			       json_member(v, str_of(documents[i])));
	unwrap_draft(u, &d, FORM_CONFIG);
}

/* {"configurationItemDiff":{...},"configurationItem":{...},"messageType":
 * "ConfigurationItemChangeNotification"}; of a long one a summary. */
static const struct json *told_of(const struct json *v)
{
	const struct json *item = json_member(v, STR("configurationItem"));

	return item ? item : json_member(v, STR("configurationItemSummary"));
}

bool form_config(struct unwrapper *u, const struct json *v)
{
	const struct json *item;

	if (v->kind != JSON_OBJECT)
		return false;
	item = is_item(v) ? v : told_of(v);
	if (!item || !is_item(item))
		return false;
	take_item(u, item);
	return true;
}
