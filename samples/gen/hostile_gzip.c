/* SPDX-License-Identifier: MIT */
/* Compression: bombs, damage, many members, things that are too large. */
#include "gen/hostile.h"

#include <stdlib.h>
#include <string.h>

#include "base/gz.h"
#include "base/mem.h"

enum { MIB = 1 << 20 };

static void add(struct hostile *h, const char *text)
{
	strbuf_adds(&h->text, text);
}

static void stop_logging(struct hostile *h, const char *name)
{
	struct trick t = { .name = name,
			   .call = "cloudtrail:StopLogging",
			   .args = "trail=org-trail",
			   .alarming = true };

	hostile_record(h, &t);
}

/* A record with a member "x" of that JSON. */
static void with_member(struct hostile *h, const char *name, struct str json)
{
	struct strbuf bytes;
	struct trick t = { .name = name,
			   .call = "cloudtrail:StopLogging",
			   .args = "trail=org-trail",
			   .find = "\"requestParameters\":{",
			   .alarming = true };

	strbuf_init(&bytes);
	strbuf_adds(&bytes, "\"requestParameters\":{\"x\":");
	strbuf_add(&bytes, json);
	strbuf_addc(&bytes, ',');
	t.bytes = strbuf_str(&bytes);
	hostile_record(h, &t);
	strbuf_release(&bytes);
}

static void million_brackets(struct hostile *h)
{
	struct strbuf nest;

	strbuf_init(&nest);
	strbuf_addn(&nest, '[', 1000000);
	strbuf_addn(&nest, ']', 1000000);
	add(h, "{\"Records\":[");
	stop_logging(h, "before a million brackets");
	add(h, ",");
	with_member(h, "a million brackets", strbuf_str(&nest));
	add(h, ",");
	stop_logging(h, "after a million brackets");
	add(h, "]}");
	strbuf_release(&nest);
	hostile_pack(h, "deep-million.json.gz", 0,
		     "a million brackets inside the parameters");
}

static void long_strings(struct hostile *h)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_addc(&text, '"');
	strbuf_addn(&text, 'A', MIB);
	strbuf_addc(&text, '"');
	add(h, "{\"Records\":[");
	with_member(h, "a value of 1 MiB", strbuf_str(&text));
	add(h, ",");
	strbuf_clear(&text);
	strbuf_adds(&text, "1,\"");
	strbuf_addn(&text, 'k', MIB);
	strbuf_adds(&text, "\":2");
	with_member(h, "a key of 1 MiB", strbuf_str(&text));
	add(h, "]}");
	strbuf_release(&text);
	hostile_pack(h, "long-strings.json.gz", 0, "strings of 1 MiB");
}

/* Not as easy to pack as a bomb, so that only its length is too much. */
static void huge_record(struct hostile *h)
{
	struct strbuf text;
	char salt[8];

	strbuf_init(&text);
	strbuf_addc(&text, '"');
	while (text.n < (size_t)20 * MIB) {
		strbuf_addn(&text, 'A', 1300);
		rng_alnum(&h->scene.rng, salt, sizeof(salt));
		strbuf_add(&text, (struct str){ salt, sizeof(salt) });
	}
	strbuf_addc(&text, '"');
	add(h, "{\"Records\":[");
	stop_logging(h, "before 20 MiB");
	add(h, ",{\"eventName\":\"Huge\",\"x\":");
	strbuf_add(&h->text, strbuf_str(&text));
	add(h, "},");
	stop_logging(h, "after 20 MiB");
	add(h, "]}");
	strbuf_release(&text);
	hostile_pack(h, "huge-record.json.gz", 1,
		     "a record of 20 MiB between two sound ones");
}

static void bomb(struct hostile *h)
{
	add(h, "{\"Records\":[");
	stop_logging(h, "before the bomb");
	add(h, ",");
	strbuf_addn(&h->text, ' ', (size_t)40 * MIB);
	add(h, "{\"eventName\":\"BehindTheBomb\"}]}");
	hostile_pack(h, "bomb.json.gz", 1,
		     "40 MiB of blanks; the record behind them is lost");
}

/* The text gzipped, appended to `out`. */
static void add_member(struct strbuf *out, struct str text)
{
	char *packed;
	size_t n;

	gz_compress(text, &packed, &n);
	strbuf_add(out, (struct str){ packed, n });
	free(packed);
}

static void many_members(struct hostile *h)
{
	struct strbuf out;
	struct str text;

	strbuf_init(&out);
	add(h, "{\"Records\":[");
	for (int i = 0; i < 6; i++) {
		if (i)
			add(h, ",");
		stop_logging(h, scene_format(&h->scene, "over members %d", i));
	}
	add(h, "]}");
	/* The cuts lie inside records. */
	text = strbuf_str(&h->text);
	add_member(&out, str_sub(text, 0, text.n / 3));
	add_member(&out, STR_NULL);
	add_member(&out, str_sub(text, text.n / 3, text.n / 2));
	add_member(&out, str_from(text, text.n / 2));
	hostile_bytes(h, "members.json.gz", strbuf_str(&out), 0, false,
		      "one document over four members, one of them empty");
	strbuf_clear(&out);
	add(h, "{\"Records\":[");
	stop_logging(h, "in the first member");
	add(h, "]}");
	add_member(&out, strbuf_str(&h->text));
	strbuf_clear(&h->text);
	add(h, "{\"Records\":[");
	stop_logging(h, "in the second member");
	add(h, "]}");
	add_member(&out, strbuf_str(&h->text));
	hostile_bytes(h, "documents.json.gz", strbuf_str(&out), 0, false,
		      "a document in each of two members");
	strbuf_release(&out);
}

/* How much of `text` a reader gets out of damaged bytes. */
static size_t readable(struct str packed, struct str text)
{
	struct gz_stream *z = gz_open(NULL);
	char *out = mem_alloc(text.n + 1);
	size_t n = 0, same = 0;

	while (gz_state(z) == GZ_RUNNING && n < text.n) {
		size_t got = gz_inflate(z, &packed, true, out + n, text.n - n);

		if (!got)
			break;
		n += got;
	}
	while (same < n && out[same] == text.p[same])
		same++;
	gz_close(z);
	free(out);
	return same;
}

/* Sound records, then those whose end lies within `limit` are counted. */
static void damaged_records(struct hostile *h, const char *name)
{
	add(h, "{\"Records\":[");
	for (int i = 0; i < 40; i++) {
		if (i)
			add(h, ",");
		stop_logging(h, scene_format(&h->scene, "%s %d", name, i));
	}
	add(h, "]}");
}

/* Keeps what lies before `limit` in the list of what has to be found. */
static void keep_before(struct hostile *h, size_t limit)
{
	struct str text = str_sub(strbuf_str(&h->text), 0, limit);
	struct str end = STR("\"}},{\"eventVersion\"");
	size_t at = 0;
	unsigned n = 0;

	while ((at = str_find(text, end, at)) != SIZE_MAX) {
		at += end.n;
		n++;
	}
	h->records = n;
	/* An id and its comma take 37 bytes. */
	strbuf_truncate(&h->ids, n ? (size_t)n * 37 - 1 : 0);
	strbuf_truncate(&h->alarms, n ? (size_t)n * 37 - 1 : 0);
}

static void damage(struct hostile *h)
{
	struct strbuf out;

	strbuf_init(&out);
	damaged_records(h, "cut off");
	add_member(&out, strbuf_str(&h->text));
	strbuf_truncate(&out, out.n * 6 / 10);
	keep_before(h, readable(strbuf_str(&out), strbuf_str(&h->text)));
	hostile_bytes(h, "truncated.json.gz", strbuf_str(&out), 1, true,
		      "the last two fifths of the file are missing");
	strbuf_clear(&out);
	damaged_records(h, "damaged");
	add_member(&out, strbuf_str(&h->text));
	memset(out.p + out.n / 2, 0xff, 24);
	keep_before(h, readable(strbuf_str(&out), strbuf_str(&h->text)));
	hostile_bytes(h, "damaged.json.gz", strbuf_str(&out), 1, true,
		      "24 bytes in the middle are overwritten");
	strbuf_release(&out);
}

static void around(struct hostile *h)
{
	struct strbuf out;

	strbuf_init(&out);
	add(h, "{\"Records\":[");
	stop_logging(h, "before trailing bytes");
	add(h, "]}");
	add_member(&out, strbuf_str(&h->text));
	strbuf_adds(&out, "these bytes are no gzip");
	hostile_bytes(h, "trailing.json.gz", strbuf_str(&out), 1, false,
		      "bytes behind the last member");
	strbuf_clear(&out);
	add(h, "{\"Records\":[");
	stop_logging(h, "before padding");
	add(h, "]}");
	add_member(&out, strbuf_str(&h->text));
	strbuf_addn(&out, '\0', 512);
	hostile_bytes(h, "padded.json.gz", strbuf_str(&out), 0, false,
		      "zeros behind the last member, as tapes have them");
	strbuf_clear(&out);
	hostile_bytes(h, "empty.json.gz", STR_NULL, 0, false,
		      "no bytes, whatever the name says");
	add_member(&out, STR_NULL);
	hostile_bytes(h, "nothing.json.gz", strbuf_str(&out), 0, false,
		      "gzip of nothing");
	strbuf_release(&out);
	add(h, "{\"Records\":[");
	stop_logging(h, "not packed");
	add(h, "]}");
	hostile_bytes(h, "not-packed.json.gz", strbuf_str(&h->text), 0, false,
		      "named .gz, and plain JSON");
}

void hostile_gzip(struct hostile *h)
{
	million_brackets(h);
	long_strings(h);
	huge_record(h);
	bomb(h);
	many_members(h);
	damage(h);
	around(h);
}
