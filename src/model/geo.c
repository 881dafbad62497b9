/* SPDX-License-Identifier: MIT */
#include "model/geo.h"

#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "model/addr.h"

enum {
	RANGES_MOST = 64 << 20, /* bytes; the list has two million */
	BITS = 128,
};

/* One of AWS's ranges, and for what it is used. */
struct range {
	struct network net;
	struct str service, region;
};

struct geo {
	struct arena arena;
	struct mmdb **db;
	size_t n, cap;
	struct range *range; /* by bits, address, the general service last */
	size_t ranges, range_cap;
	/* Those of so many bits begin here; one more than there are. */
	size_t start[BITS + 2];
	struct hash128 digest; /* of the lists of ranges */
};

struct geo *geo_new(void)
{
	struct geo *g = mem_zero(1, sizeof(*g));

	arena_init(&g->arena);
	return g;
}

void geo_free(struct geo *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->n; i++)
		mmdb_close(g->db[i]);
	free(g->db);
	free(g->range);
	arena_release(&g->arena);
	free(g);
}

bool geo_is_empty(const struct geo *g)
{
	return !g->n && !g->ranges;
}

struct hash128 geo_digest(const struct geo *g)
{
	struct hash128 all = g->digest, one;

	for (size_t i = 0; i < g->n; i++) {
		one = mmdb_digest(g->db[i]);
		/* Their order counts. */
		all.hi = all.hi * 31 + one.hi;
		all.lo = all.lo * 31 + one.lo;
	}
	return all;
}

enum err_code geo_add_database(struct geo *g, const char *path, struct err *err)
{
	struct mmdb *m;
	enum err_code rc = mmdb_open(&m, path, err);

	if (rc)
		return rc;
	g->db = mem_grow(g->db, &g->cap, g->n + 1, sizeof(struct mmdb *));
	g->db[g->n++] = m;
	return ERR_OK;
}

/* AWS's ranges ------------------------------------------------------------- */

static bool is_general(struct str service)
{
	return str_eq(service, STR("AMAZON"));
}

static int compare_ranges(const void *x, const void *y)
{
	const struct range *a = x, *b = y;
	int d;

	if (a->net.bits != b->net.bits)
		return a->net.bits < b->net.bits ? -1 : 1;
	d = memcmp(a->net.base.byte, b->net.base.byte, 16);
	if (d)
		return d;
	if (is_general(a->service) != is_general(b->service))
		return is_general(a->service) ? 1 : -1;
	d = str_cmp(a->service, b->service);
	return d ? d : str_cmp(a->region, b->region);
}

/* The bits beyond the prefix do not count. */
static void mask(struct addr *a, unsigned bits)
{
	for (unsigned i = 0; i < 16; i++)
		if (bits <= i * 8)
			a->byte[i] = 0;
		else if (bits < i * 8 + 8)
			a->byte[i] &= (unsigned char)(0xff
						      << (i * 8 + 8 - bits));
}

/* How many ranges a member of the list has. */
static size_t add_ranges(struct geo *g, const struct json *list,
			 const char *key)
{
	size_t before = g->ranges;

	for (const struct json *m = list ? list->child : NULL; m; m = m->next) {
		struct range r = { .service = STR_NULL };

		if (m->kind != JSON_OBJECT ||
		    !network_parse(json_text_at(m, key), &r.net))
			continue;
		mask(&r.net.base, r.net.bits);
		r.service = arena_dup(&g->arena, json_text_at(m, "service"));
		r.region = arena_dup(&g->arena, json_text_at(m, "region"));
		g->range = mem_grow(g->range, &g->range_cap, g->ranges + 1,
				    sizeof(*g->range));
		g->range[g->ranges++] = r;
	}
	return g->ranges - before;
}

static void index_ranges(struct geo *g)
{
	size_t at = 0;

	qsort(g->range, g->ranges, sizeof(*g->range), compare_ranges);
	for (unsigned bits = 0; bits <= BITS + 1; bits++) {
		while (at < g->ranges && g->range[at].net.bits < bits)
			at++;
		g->start[bits] = at;
	}
}

enum err_code geo_add_ranges(struct geo *g, const char *path, struct err *err)
{
	struct err parse = ERR_INIT;
	const struct json *v;
	struct strbuf text;
	struct arena arena;
	enum err_code rc;
	size_t n = 0;

	arena_init(&arena);
	strbuf_init(&text);
	rc = file_read(&text, path, RANGES_MOST, err);
	if (rc == ERR_OK) {
		v = json_read(&arena, strbuf_str(&text), &parse);
		n = add_ranges(g, json_member(v, STR("prefixes")), "ip_prefix");
		n += add_ranges(g, json_member(v, STR("ipv6_prefixes")),
				"ipv6_prefix");
		if (!v)
			rc = err_set(err, ERR_FORMAT, "%s: %s", path,
				     parse.msg);
		else if (!n)
			rc = err_set(err, ERR_FORMAT,
				     "%s: not AWS's ip-ranges.json: no "
				     "\"prefixes\" in it",
				     path);
	}
	if (n) {
		struct hash128 h = hash_content(strbuf_str(&text));

		index_ranges(g);
		g->digest.hi = g->digest.hi * 31 + h.hi;
		g->digest.lo = g->digest.lo * 31 + h.lo;
	}
	strbuf_release(&text);
	arena_release(&arena);
	return rc;
}

enum err_code geo_add_site(struct geo *g, const struct site *s,
			   const char *path, struct err *err)
{
	struct str folder = str_sub(str_of(path), 0,
				    str_find_last(str_of(path), '/'));
	enum err_code rc = ERR_OK;
	struct strbuf name;

	if (str_find_char(str_of(path), '/', 0) == SIZE_MAX)
		folder = STR(".");
	strbuf_init(&name);
	for (size_t i = 0; i < s->n && rc == ERR_OK; i++) {
		const struct site_entry *e = &s->entry[i];

		if (e->kind != SITE_GEOIP && e->kind != SITE_IP_RANGES)
			continue;
		strbuf_clear(&name);
		if (e->value.p[0] != '/')
			strbuf_addf(&name, "%.*s/", STR_ARG(folder));
		strbuf_add(&name, e->value);
		rc = e->kind == SITE_GEOIP ? geo_add_database(g, name.p, err) :
					     geo_add_ranges(g, name.p, err);
	}
	strbuf_release(&name);
	return rc;
}

/* The first range of so many bits that has the address, or NULL. */
static const struct range *range_of(const struct geo *g, struct addr a,
				    unsigned bits)
{
	size_t low = g->start[bits], end = g->start[bits + 1], high = end;

	mask(&a, bits);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (memcmp(g->range[mid].net.base.byte, a.byte, 16) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < end && memcmp(g->range[low].net.base.byte, a.byte, 16) ==
				       0 ?
		       &g->range[low] :
		       NULL;
}

/* The narrowest range; one that says for what it is used before one that does
 * not. */
static void find_range(const struct geo *g, const struct addr *a,
		       struct geo_found *out)
{
	for (unsigned bits = BITS + 1; bits-- > 0;) {
		const struct range *r = range_of(g, *a, bits);

		if (!r || (out->aws_service.n && is_general(r->service)))
			continue;
		out->aws_service = r->service;
		out->aws_region = r->region;
		if (!is_general(r->service))
			return;
	}
}

/* Finding ------------------------------------------------------------------ */

void geo_find(const struct geo *g, struct str address, struct geo_found *out)
{
	struct addr a;

	*out = (struct geo_found){ .at = { .asn = 0 } };
	if (addr_class(address) != ADDR_PUBLIC || !addr_parse(address, &a))
		return;
	for (size_t i = 0; i < g->n; i++)
		mmdb_find(g->db[i], a.byte, &out->at);
	if (g->ranges)
		find_range(g, &a, out);
}

double geo_distance(double lat_a, double lon_a, double lat_b, double lon_b)
{
	const double radius = 6371.0, degree = acos(-1.0) / 180;
	double north = sin((lat_b - lat_a) * degree / 2);
	double east = sin((lon_b - lon_a) * degree / 2);
	double h = north * north +
		   cos(lat_a * degree) * cos(lat_b * degree) * east * east;

	return 2 * radius * asin(sqrt(h < 1 ? h : 1));
}
