/* SPDX-License-Identifier: MIT */
#include "gen/places.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "model/addr.h"

static const struct place {
	const char *network, *country, *city, *provider;
	double latitude, longitude;
	unsigned radius_km;
	uint32_t asn;
} places[] = {
	{ "198.51.0.0/16", "JP", "Tokyo", "EXAMPLE-OFFICE", 35.6762, 139.6503,
	  20, 64496 },
	{ "203.0.113.0/24", "NL", "Amsterdam", "EXAMPLE-HOSTING", 52.3676,
	  4.9041, 50, 64500 },
	{ "192.0.2.0/24", "US", "Ashburn", "EXAMPLE-CLOUD", 39.0438, -77.4874,
	  20, 64501 },
	{ "2001:db8:1::/48", "NL", "Amsterdam", "EXAMPLE-HOSTING", 52.3676,
	  4.9041, 50, 64500 },
};

/* Data --------------------------------------------------------------------- */

/* Types of MaxMind's format; those above seven are one byte longer. */
enum type {
	TEXT = 2,
	DOUBLE = 3,
	U16 = 5,
	U32 = 6,
	MAP = 7,
	U64 = 9,
	LIST = 11
};

static void add_head(struct strbuf *out, enum type type, size_t size)
{
	unsigned low = size < 29 ? (unsigned)size : 29;

	strbuf_addc(out, (char)(type > MAP ? low : (unsigned)type << 5 | low));
	if (type > MAP)
		strbuf_addc(out, (char)(type - MAP));
	if (size >= 29)
		strbuf_addc(out, (char)(size - 29));
}

static void add_text(struct strbuf *out, const char *text)
{
	add_head(out, TEXT, strlen(text));
	strbuf_adds(out, text);
}

/* The highest byte first, all of them. */
static void add_number(struct strbuf *out, enum type type, uint64_t n)
{
	int bytes = type == U16 ? 2 : type == U32 ? 4 : 8;

	add_head(out, type, (size_t)bytes);
	while (bytes-- > 0)
		strbuf_addc(out, (char)(n >> (8 * bytes)));
}

static void add_double(struct strbuf *out, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	add_head(out, DOUBLE, 8);
	for (int i = 7; i >= 0; i--)
		strbuf_addc(out, (char)(bits >> (8 * i)));
}

static void add_place(struct strbuf *out, const struct place *p)
{
	add_head(out, MAP, 5);
	add_text(out, "country");
	add_head(out, MAP, 1);
	add_text(out, "iso_code");
	add_text(out, p->country);
	add_text(out, "city");
	add_head(out, MAP, 1);
	add_text(out, "names");
	add_head(out, MAP, 1);
	add_text(out, "en");
	add_text(out, p->city);
	add_text(out, "location");
	add_head(out, MAP, 3);
	add_text(out, "latitude");
	add_double(out, p->latitude);
	add_text(out, "longitude");
	add_double(out, p->longitude);
	add_text(out, "accuracy_radius");
	add_number(out, U16, p->radius_km);
	add_text(out, "autonomous_system_number");
	add_number(out, U32, p->asn);
	add_text(out, "autonomous_system_organization");
	add_text(out, p->provider);
}

/* The tree ----------------------------------------------------------------- */

/* Two ways from each node: a node (its number), or a place (-1 - number), or 0:
 * nothing. */
struct tree {
	int32_t (*way)[2];
	size_t n, cap;
};

static int32_t new_node(struct tree *t)
{
	t->way = mem_grow(t->way, &t->cap, t->n + 1, sizeof(*t->way));
	t->way[t->n][0] = t->way[t->n][1] = 0;
	return (int32_t)t->n++;
}

/* IPv4 is at ::a.b.c.d in a tree of IPv6. */
static void add_network(struct tree *t, const char *text, int32_t place)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct network net;
	int32_t node = 0;

	if (!network_parse(str_of(text), &net))
		abort();
	if (memcmp(net.base.byte, mapped, sizeof(mapped)) == 0)
		memset(net.base.byte, 0, sizeof(mapped));
	for (unsigned i = 0; i < net.bits; i++) {
		unsigned bit = net.base.byte[i / 8] >> (7 - i % 8) & 1;

		if (i + 1 == net.bits) {
			t->way[node][bit] = -1 - place;
		} else if (t->way[node][bit] == 0) {
			int32_t next = new_node(t);

			t->way[node][bit] = next;
		}
		node = t->way[node][bit];
	}
}

static void write_tree(struct strbuf *out, const struct tree *t,
		       const size_t *offset)
{
	enum { SEPARATOR = 16 };

	for (size_t i = 0; i < t->n; i++)
		for (int bit = 0; bit < 2; bit++) {
			int32_t w = t->way[i][bit];
			size_t v = w > 0  ? (size_t)w :
				   w == 0 ? t->n :
					    t->n + SEPARATOR + offset[-1 - w];

			strbuf_addc(out, (char)(v >> 16));
			strbuf_addc(out, (char)(v >> 8));
			strbuf_addc(out, (char)v);
		}
	strbuf_addn(out, '\0', SEPARATOR);
}

static void write_metadata(struct strbuf *out, size_t nodes)
{
	/* 2026-01-01, as the samples' first events. */
	enum { BUILT = 1767225600 };

	strbuf_adds(out, "\xab\xcd\xefMaxMind.com");
	add_head(out, MAP, 9);
	add_text(out, "node_count");
	add_number(out, U32, nodes);
	add_text(out, "record_size");
	add_number(out, U16, 24);
	add_text(out, "ip_version");
	add_number(out, U16, 6);
	add_text(out, "database_type");
	add_text(out, "trawl-samples-City");
	add_text(out, "languages");
	add_head(out, LIST, 1);
	add_text(out, "en");
	add_text(out, "binary_format_major_version");
	add_number(out, U16, 2);
	add_text(out, "binary_format_minor_version");
	add_number(out, U16, 0);
	add_text(out, "build_epoch");
	add_number(out, U64, BUILT);
	add_text(out, "description");
	add_head(out, MAP, 1);
	add_text(out, "en");
	add_text(out, "Made-up places of documentation networks");
}

void places_write(struct strbuf *out)
{
	size_t offset[ARRAY_SIZE(places)];
	struct tree t = { NULL, 0, 0 };
	struct strbuf data;

	strbuf_init(&data);
	new_node(&t);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		offset[i] = data.n;
		add_place(&data, &places[i]);
		add_network(&t, places[i].network, (int32_t)i);
	}
	write_tree(out, &t, offset);
	strbuf_add(out, strbuf_str(&data));
	write_metadata(out, t.n);
	strbuf_release(&data);
	free(t.way);
}
