/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "model/addr.h"

static void classes(void **state)
{
	static const struct {
		const char *text;
		enum addr_class want;
	} cases[] = {
		{ "8.8.8.8", ADDR_PUBLIC },
		{ "255.255.255.255", ADDR_PUBLIC },
		/* Documentation ranges stand for public addresses. */
		{ "192.0.2.1", ADDR_PUBLIC },
		{ "198.51.100.7", ADDR_PUBLIC },
		{ "203.0.113.66", ADDR_PUBLIC },
		{ "2001:db8::1", ADDR_PUBLIC },
		{ "2600:1f18::1", ADDR_PUBLIC },
		/* The borders of what is private. */
		{ "9.255.255.255", ADDR_PUBLIC },
		{ "10.0.0.0", ADDR_PRIVATE },
		{ "10.255.255.255", ADDR_PRIVATE },
		{ "11.0.0.0", ADDR_PUBLIC },
		{ "172.15.255.255", ADDR_PUBLIC },
		{ "172.16.0.0", ADDR_PRIVATE },
		{ "172.31.255.255", ADDR_PRIVATE },
		{ "172.32.0.0", ADDR_PUBLIC },
		{ "192.167.255.255", ADDR_PUBLIC },
		{ "192.168.0.0", ADDR_PRIVATE },
		{ "192.168.255.255", ADDR_PRIVATE },
		{ "192.169.0.0", ADDR_PUBLIC },
		{ "169.253.255.255", ADDR_PUBLIC },
		{ "169.254.169.254", ADDR_PRIVATE },
		{ "169.255.0.0", ADDR_PUBLIC },
		{ "100.63.255.255", ADDR_PUBLIC },
		{ "100.64.0.0", ADDR_PRIVATE },
		{ "100.127.255.255", ADDR_PRIVATE },
		{ "100.128.0.0", ADDR_PUBLIC },
		{ "127.0.0.1", ADDR_PRIVATE },
		{ "::1", ADDR_PRIVATE },
		{ "fc00::", ADDR_PRIVATE },
		{ "fdff:ffff::1", ADDR_PRIVATE },
		{ "fe00::1", ADDR_PUBLIC },
		{ "fe80::1", ADDR_PRIVATE },
		{ "febf::1", ADDR_PRIVATE },
		{ "::ffff:10.0.0.1", ADDR_PRIVATE },
		{ "::ffff:8.8.8.8", ADDR_PUBLIC },
		/* AWS itself. */
		{ "AWS Internal", ADDR_INTERNAL },
		{ "AWS Internal/3", ADDR_INTERNAL },
		{ "ec2.amazonaws.com", ADDR_SERVICE },
		{ "delivery.logs.amazonaws.com", ADDR_SERVICE },
		{ "ec2.amazonaws.com.cn", ADDR_SERVICE },
		/* Everything else. */
		{ "", ADDR_OTHER },
		{ "255.090.254.5", ADDR_OTHER },
		{ "256.1.1.1", ADDR_OTHER },
		{ "1.2.3", ADDR_OTHER },
		{ "1.2.3.4.5", ADDR_OTHER },
		{ "1.2.3.4 ", ADDR_OTHER },
		{ " 1.2.3.4", ADDR_OTHER },
		{ "0x7f.1.1.1", ADDR_OTHER },
		{ "1.2.3.4/32", ADDR_OTHER },
		{ "2001:db8::g", ADDR_OTHER },
		{ "1::2::3", ADDR_OTHER },
		{ "ANONYMOUS_PRINCIPAL", ADDR_OTHER },
		{ "amazonaws.com", ADDR_OTHER },
		{ "evil.amazonaws.com.example.org", ADDR_OTHER },
		{ "aws internal", ADDR_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str s = exact_copy(str_of(cases[i].text));

		check(addr_class(s) == cases[i].want, "%s is %d", cases[i].text,
		      (int)addr_class(s));
		exact_free(s);
	}
	assert_int_equal(addr_class(STR("10.0.0.1\0")), ADDR_OTHER);
	assert_int_equal(addr_class(STR_NULL), ADDR_OTHER);
}

static void addresses_as_bytes(void **state)
{
	static const unsigned char v4[16] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 66
	};
	static const unsigned char v6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0,
					      0,    0,    0,    0,    0, 0,
					      0,    0,    0,    0x66 };
	struct addr a;

	(void)state;
	assert_true(addr_parse(STR("203.0.113.66"), &a));
	assert_memory_equal(a.byte, v4, 16);
	assert_true(addr_parse(STR("::ffff:203.0.113.66"), &a));
	assert_memory_equal(a.byte, v4, 16);
	assert_true(addr_parse(STR("2001:0DB8:0::66"), &a));
	assert_memory_equal(a.byte, v6, 16);
	assert_false(addr_parse(STR("2001:db8::66%eth0"), &a));
	assert_false(addr_parse(STR("2001:0db8:0000:0000:0000:0000:0000:00066"
				    "0000000000000000"),
				&a));
}

static void networks_that_are_none(void **state)
{
	static const char *const bad[] = {
		"",
		"/",
		"/8",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/+8",
		"10.0.0.0/8 ",
		"10.0.0.0/8/8",
		"10/8",
		"::/129",
		"::/",
		"10.0.0.0/0x8",
		"example.com/8",
		"10.0.0.*",
		"10.0.0.0/255.0.0.0",
		"10.0.0.0/99999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct str s = exact_copy(str_of(bad[i]));
		struct network net;

		check(!network_parse(s, &net), "%s", bad[i]);
		exact_free(s);
	}
}

static bool has(const char *network, const char *address)
{
	struct network net;
	struct addr a;

	assert_true(network_parse(str_of(network), &net));
	assert_true(addr_parse(str_of(address), &a));
	return network_has(&net, &a);
}

static void borders_of_networks(void **state)
{
	(void)state;
	assert_true(has("0.0.0.0/0", "255.1.2.3"));
	assert_false(has("0.0.0.0/0", "2001:db8::1"));
	assert_true(has("::/0", "2001:db8::1"));
	assert_false(has("::/0", "192.0.2.1"));
	assert_true(has("::ffff:0:0/96", "192.0.2.1"));
	assert_true(has("192.0.2.1", "192.0.2.1"));
	assert_false(has("192.0.2.1", "192.0.2.0"));
	assert_true(has("192.0.2.1/32", "192.0.2.1"));
	assert_false(has("192.0.2.1/32", "192.0.2.2"));
	assert_true(has("192.0.2.0/31", "192.0.2.1"));
	assert_false(has("192.0.2.0/31", "192.0.2.2"));
	assert_true(has("2001:db8::1/128", "2001:db8::1"));
	assert_false(has("2001:db8::1/128", "2001:db8::2"));
	/* Bits beyond the prefix are ignored. */
	assert_true(has("10.9.8.7/8", "10.0.0.1"));
	assert_false(has("10.9.8.7/8", "11.0.0.1"));
	assert_true(has("128.0.0.0/1", "255.255.255.255"));
	assert_false(has("128.0.0.0/1", "127.255.255.255"));
	assert_true(has("::ffff:10.0.0.0/104", "10.1.2.3"));
}

/* Bit by bit. */
static bool naive_has(const struct addr *base, unsigned bits,
		      const struct addr *a)
{
	for (unsigned i = 0; i < bits; i++) {
		unsigned shift = 7 - i % 8;

		if ((base->byte[i / 8] >> shift & 1) !=
		    (a->byte[i / 8] >> shift & 1))
			return false;
	}
	return true;
}

static void every_prefix_length(void **state)
{
	struct rng r = { 25 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct network net;
		struct addr a, base;
		char text[64];
		bool v4 = rng_one_in(&r, 2);
		unsigned bits = rng_below(&r, v4 ? 33 : 129);
		unsigned flip = rng_below(&r, v4 ? 32 : 128) + (v4 ? 96 : 0);

		memset(base.byte, 0, 10);
		memset(base.byte + 10, 0xff, 2);
		for (size_t k = v4 ? 12 : 0; k < 16; k++)
			base.byte[k] = (unsigned char)rng_byte(&r);
		/* Two addresses that differ first at one bit. */
		a = base;
		a.byte[flip / 8] ^= (unsigned char)(0x80 >> flip % 8);
		if (v4)
			snprintf(text, sizeof(text), "%u.%u.%u.%u/%u",
				 base.byte[12], base.byte[13], base.byte[14],
				 base.byte[15], bits);
		else
			snprintf(text, sizeof(text),
				 "%02x%02x:%02x%02x:%02x%02x:%02x%02x:"
				 "%02x%02x:%02x%02x:%02x%02x:%02x%02x/%u",
				 base.byte[0], base.byte[1], base.byte[2],
				 base.byte[3], base.byte[4], base.byte[5],
				 base.byte[6], base.byte[7], base.byte[8],
				 base.byte[9], base.byte[10], base.byte[11],
				 base.byte[12], base.byte[13], base.byte[14],
				 base.byte[15], bits);
		assert_true(network_parse(str_of(text), &net));
		assert_true(network_has(&net, &base));
		assert_int_equal(network_has(&net, &a),
				 naive_has(&base, bits + (v4 ? 96 : 0), &a));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes),
		cmocka_unit_test(addresses_as_bytes),
		cmocka_unit_test(networks_that_are_none),
		cmocka_unit_test(borders_of_networks),
		cmocka_unit_test(every_prefix_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
