/* SPDX-License-Identifier: MIT */
/*
 * Where addresses are: distances against known ones, AWS's ranges against
 * their list, a database against the table it was written from, and databases
 * that are cut or spoiled at every byte.
 */
#include "ingest_help.h"

#include "base/file.h"
#include "base/json.h"
#include "model/geo.h"

static void distances(void **state)
{
	(void)state;
	/* London to New York, as atlases have it: 5,570 km. */
	double km = geo_distance(51.5074, -0.1278, 40.7128, -74.0060);

	assert_true(km > 5560 && km < 5580);
	/* Half way round, and over the date line: 2 degrees of the equator. */
	km = geo_distance(0, 0, 0, 180);
	assert_true(km > 20014 && km < 20016);
	km = geo_distance(0, 179, 0, -179);
	assert_true(km > 222 && km < 223);
	assert_true(geo_distance(12, 34, 12, 34) < 0.001);
}

static const char ranges[] =
	"{\"syncToken\":\"1\",\"prefixes\":["
	"{\"ip_prefix\":\"3.5.140.0/22\",\"region\":\"ap-northeast-2\","
	"\"service\":\"AMAZON\"},"
	"{\"ip_prefix\":\"3.0.0.0/8\",\"region\":\"us-east-1\","
	"\"service\":\"EC2\"},"
	"{\"ip_prefix\":\"52.94.76.0/22\",\"region\":\"us-west-2\","
	"\"service\":\"AMAZON\"},"
	"{\"ip_prefix\":\"52.94.76.0/22\",\"region\":\"us-west-2\","
	"\"service\":\"S3\"},"
	"{\"ip_prefix\":\"nonsense\",\"service\":\"X\"},7],"
	"\"ipv6_prefixes\":[{\"ipv6_prefix\":\"2600:1f18::/33\",\"region\":"
	"\"us-east-1\",\"service\":\"EC2\"}]}";

static void check_range(const struct geo *g, const char *address,
			const char *service, const char *region)
{
	struct geo_found f;

	geo_find(g, str_of(address), &f);
	check(str_eq(f.aws_service, str_of(service)) &&
		      str_eq(f.aws_region, str_of(region)),
	      "%s: %.*s %.*s", address, STR_ARG(f.aws_service),
	      STR_ARG(f.aws_region));
}

static void aws(void **state)
{
	struct geo *g = geo_new();
	struct err err = ERR_INIT;
	struct folder f;

	(void)state;
	folder_make(&f);
	put_file(&f, "ranges", str_of(ranges));
	put_file(&f, "other", STR("{\"a\":1}"));
	put_file(&f, "none", STR("<html>"));
	assert_true(geo_is_empty(g));
	assert_int_equal(geo_add_ranges(g, in_folder(&f, "other"), &err),
			 ERR_FORMAT);
	assert_int_equal(geo_add_ranges(g, in_folder(&f, "none"), &err),
			 ERR_FORMAT);
	assert_int_equal(geo_add_ranges(g, in_folder(&f, "absent"), &err),
			 ERR_IO);
	assert_true(geo_is_empty(g));
	assert_int_equal(geo_add_ranges(g, in_folder(&f, "ranges"), &err),
			 ERR_OK);
	/* The wider range says for what; the narrower one does not. */
	check_range(g, "3.5.140.1", "EC2", "us-east-1");
	check_range(g, "3.5.139.255", "EC2", "us-east-1");
	check_range(g, "52.94.79.255", "S3", "us-west-2");
	check_range(g, "52.94.80.0", "", "");
	check_range(g, "2600:1f18:7fff::1", "EC2", "us-east-1");
	check_range(g, "2600:1f18:8000::1", "", "");
	check_range(g, "::ffff:3.5.140.1", "EC2", "us-east-1");
	check_range(g, "AWS Internal", "", "");
	check_range(g, "", "", "");
	geo_free(g);
	folder_remove(&f);
}

#ifdef HAVE_MAXMINDDB

/* The samples' own, whose places stand in samples/gen/places.c. */
static struct str sample_database(struct strbuf *out)
{
	struct err err = ERR_INIT;
	struct strbuf path;

	strbuf_init(&path);
	strbuf_addf(&path, "%s/samples/rules/places.mmdb",
		    getenv("TRAWL_SOURCE_DIR"));
	assert_int_equal(file_read(out, path.p, 1 << 20, &err), ERR_OK);
	strbuf_release(&path);
	return strbuf_str(out);
}

static void check_place(const struct geo *g, const char *address,
			const char *country, const char *city, uint32_t asn)
{
	struct geo_found f;

	geo_find(g, str_of(address), &f);
	check(str_eq(f.at.country, str_of(country)) &&
		      str_eq(f.at.city, str_of(city)) && f.at.asn == asn,
	      "%s: %.*s %.*s %u", address, STR_ARG(f.at.country),
	      STR_ARG(f.at.city), f.at.asn);
	assert_int_equal(f.at.located, country[0] != '\0');
}

static void database(void **state)
{
	struct geo *g = geo_new();
	struct err err = ERR_INIT;
	struct geo_found found;
	struct strbuf bytes;
	struct folder f;

	(void)state;
	folder_make(&f);
	strbuf_init(&bytes);
	put_file(&f, "db", sample_database(&bytes));
	assert_int_equal(geo_add_database(g, in_folder(&f, "db"), &err),
			 ERR_OK);
	/* The copy is what is asked. */
	put_file(&f, "db", STR(""));
	check_place(g, "198.51.100.7", "JP", "Tokyo", 64496);
	check_place(g, "198.52.0.0", "", "", 0);
	check_place(g, "203.0.113.255", "NL", "Amsterdam", 64500);
	check_place(g, "::ffff:203.0.113.1", "NL", "Amsterdam", 64500);
	check_place(g, "203.0.114.0", "", "", 0);
	check_place(g, "192.0.2.1", "US", "Ashburn", 64501);
	check_place(g, "2001:db8:1:2::3", "NL", "Amsterdam", 64500);
	check_place(g, "2001:db8:2::", "", "", 0);
	check_place(g, "10.0.0.1", "", "", 0);
	check_place(g, "ec2.amazonaws.com", "", "", 0);
	geo_find(g, STR("198.51.100.7"), &found);
	assert_true(found.at.latitude > 35.676 && found.at.latitude < 35.677);
	assert_true(found.at.longitude > 139.650 &&
		    found.at.longitude < 139.651);
	assert_int_equal(found.at.radius_km, 20);
	geo_free(g);
	strbuf_release(&bytes);
	folder_remove(&f);
}

static void ask_all(const struct folder *f)
{
	static const char *const addresses[] = { "198.51.100.7", "203.0.113.9",
						 "192.0.2.1", "2001:db8:1::1",
						 "255.255.255.255" };
	struct geo *g = geo_new();
	struct err err = ERR_INIT;
	struct geo_found found;

	if (geo_add_database(g, in_folder(f, "db"), &err) == ERR_OK)
		for (size_t i = 0; i < 5; i++)
			geo_find(g, str_of(addresses[i]), &found);
	geo_free(g);
}

/* Whatever is done to a database, asking it ends and stays in it. */
static void spoiled(void **state)
{
	struct strbuf bytes, copy;
	struct folder f;
	struct str whole;

	(void)state;
	folder_make(&f);
	strbuf_init(&bytes);
	strbuf_init(&copy);
	whole = sample_database(&bytes);
	for (size_t n = 0; n < whole.n; n += 7) {
		put_file(&f, "db", str_sub(whole, 0, n));
		ask_all(&f);
	}
	for (size_t at = 0; at < whole.n; at++) {
		strbuf_clear(&copy);
		strbuf_add(&copy, whole);
		copy.p[at] = (char)(copy.p[at] ^ (at % 3 ? 0xff : 1 << at % 8));
		put_file(&f, "db", strbuf_str(&copy));
		ask_all(&f);
	}
	strbuf_release(&bytes);
	strbuf_release(&copy);
	folder_remove(&f);
}

#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(aws),
#ifdef HAVE_MAXMINDDB
		cmocka_unit_test(database),
		cmocka_unit_test(spoiled),
#endif
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
