/* SPDX-License-Identifier: MIT */
#include "model/addr.h"

#include <arpa/inet.h>

#include "base/attr.h"

/* What an IPv4 address begins with. */
static const unsigned char mapped[12] = { 0, 0, 0, 0, 0,    0,
					  0, 0, 0, 0, 0xff, 0xff };

bool addr_parse(struct str s, struct addr *out)
{
	char text[INET6_ADDRSTRLEN];

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (strlen(text) != s.n)
		return false;
	if (inet_pton(AF_INET, text, out->byte + 12) == 1) {
		memcpy(out->byte, mapped, sizeof(mapped));
		return true;
	}
	return inet_pton(AF_INET6, text, out->byte) == 1;
}

bool network_parse(struct str s, struct network *out)
{
	size_t slash = str_find_char(s, '/', 0);
	struct str host = str_sub(s, 0, slash);
	uint64_t bits;
	bool v4 = str_find_char(host, ':', 0) == SIZE_MAX;

	if (!addr_parse(host, &out->base))
		return false;
	out->bits = 128;
	if (slash == SIZE_MAX)
		return true;
	if (!str_to_u64(str_from(s, slash + 1), &bits) ||
	    bits > (v4 ? 32 : 128))
		return false;
	out->bits = (unsigned)bits + (v4 ? 96 : 0);
	return true;
}

bool network_has(const struct network *net, const struct addr *a)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;

	/* "::/0" is all of IPv6 and nothing of IPv4. */
	if (net->bits < 8 * sizeof(mapped) &&
	    memcmp(a->byte, mapped, sizeof(mapped)) == 0)
		return false;
	if (memcmp(net->base.byte, a->byte, whole) != 0)
		return false;
	return rest == 0 ||
	       (net->base.byte[whole] ^ a->byte[whole]) >> (8 - rest) == 0;
}

static bool is_private(const struct addr *a)
{
	static const char *const nets[] = {
		"10.0.0.0/8",     "172.16.0.0/12", "192.168.0.0/16",
		"169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
		"fc00::/7",       "fe80::/10",     "::1",
	};

	for (size_t i = 0; i < ARRAY_SIZE(nets); i++) {
		struct network net;

		if (network_parse(str_of(nets[i]), &net) &&
		    network_has(&net, a))
			return true;
	}
	return false;
}

enum addr_class addr_class(struct str s)
{
	struct addr a;

	if (addr_parse(s, &a))
		return is_private(&a) ? ADDR_PRIVATE : ADDR_PUBLIC;
	if (str_starts(s, STR("AWS Internal")))
		return ADDR_INTERNAL;
	if (str_ends(s, STR(".amazonaws.com")) ||
	    str_ends(s, STR(".amazonaws.com.cn")) ||
	    str_ends(s, STR(".amazon.com")))
		return ADDR_SERVICE;
	return ADDR_OTHER;
}
