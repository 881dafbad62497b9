/* SPDX-License-Identifier: MIT */
#include "base/json_writer.h"

#include <assert.h>
#include <inttypes.h>

#include "base/json.h"
#include "base/timefmt.h"

void json_writer_init(struct json_writer *w, struct strbuf *out)
{
	*w = (struct json_writer){ .out = out };
}

static uint64_t level_bit(const struct json_writer *w)
{
	return (uint64_t)1 << w->depth;
}

static void before_member(struct json_writer *w)
{
	if (w->has_members & level_bit(w))
		strbuf_addc(w->out, ',');
	w->has_members |= level_bit(w);
}

static void before_value(struct json_writer *w)
{
	if (!w->after_key) {
		assert(!(w->is_object & level_bit(w)));
		before_member(w);
	}
	w->after_key = false;
}

static void open_level(struct json_writer *w, bool object)
{
	before_value(w);
	strbuf_addc(w->out, object ? '{' : '[');
	w->depth++;
	assert(w->depth < 64);
	w->has_members &= ~level_bit(w);
	w->is_object &= ~level_bit(w);
	if (object)
		w->is_object |= level_bit(w);
}

static void close_level(struct json_writer *w, bool object)
{
	assert(w->depth > 0 && !w->after_key);
	assert(!!(w->is_object & level_bit(w)) == object);
	w->depth--;
	strbuf_addc(w->out, object ? '}' : ']');
}

void json_begin_object(struct json_writer *w)
{
	open_level(w, true);
}

void json_end_object(struct json_writer *w)
{
	close_level(w, true);
}

void json_begin_array(struct json_writer *w)
{
	open_level(w, false);
}

void json_end_array(struct json_writer *w)
{
	close_level(w, false);
}

void json_key(struct json_writer *w, const char *key)
{
	assert(w->is_object & level_bit(w) && !w->after_key);
	before_member(w);
	json_print_string(w->out, str_of(key));
	strbuf_addc(w->out, ':');
	w->after_key = true;
}

void json_string(struct json_writer *w, struct str s)
{
	struct strbuf shown;

	before_value(w);
	if (!w->filter) {
		json_print_string(w->out, s);
		return;
	}
	strbuf_init(&shown);
	w->filter->apply(w->filter->context, s, &shown);
	json_print_string(w->out, strbuf_str(&shown));
	strbuf_release(&shown);
}

void json_uint(struct json_writer *w, uint64_t v)
{
	before_value(w);
	strbuf_addf(w->out, "%" PRIu64, v);
}

void json_bool(struct json_writer *w, bool v)
{
	json_raw(w, v ? STR("true") : STR("false"));
}

void json_null(struct json_writer *w)
{
	json_raw(w, STR("null"));
}

void json_raw(struct json_writer *w, struct str text)
{
	before_value(w);
	strbuf_add(w->out, text);
}

void json_pair(struct json_writer *w, const char *key, struct str s)
{
	if (s.n == 0)
		return;
	json_key(w, key);
	json_string(w, s);
}

void json_pair_time(struct json_writer *w, const char *key, int64_t t)
{
	struct strbuf text;

	json_key(w, key);
	if (t == TIME_NONE) {
		json_null(w);
		return;
	}
	strbuf_init(&text);
	time_format(&text, t, TIME_ISO, NULL);
	before_value(w);
	json_print_string(w->out, strbuf_str(&text));
	strbuf_release(&text);
}

void json_pair_uint(struct json_writer *w, const char *key, uint64_t v)
{
	json_key(w, key);
	json_uint(w, v);
}
