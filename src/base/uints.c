/* SPDX-License-Identifier: MIT */
#include "base/uints.h"

#include <stdlib.h>

#include "base/mem.h"

unsigned uints_width(uint64_t most)
{
	return most <= UINT8_MAX  ? 1 :
	       most <= UINT16_MAX ? 2 :
	       most <= UINT32_MAX ? 4 :
				    8;
}

void uints_resize(struct uints *u, size_t cap)
{
	if (!u->width)
		u->width = 1;
	u->at = mem_resize(u->at, cap, u->width);
}

void uints_fit(struct uints *u, size_t cap, size_t n, uint64_t most)
{
	struct uints wider = { NULL, (uint8_t)uints_width(most) };

	if (wider.width <= u->width)
		return;
	uints_resize(&wider, cap);
	for (size_t i = 0; i < n; i++)
		uints_put(&wider, i, uints_get(u, i));
	uints_free(u);
	*u = wider;
}

void uints_free(struct uints *u)
{
	free(u->at);
	*u = (struct uints){ NULL, 0 };
}

uint64_t uints_most(const struct uints *u, size_t n)
{
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t v = uints_get(u, i);

		most = v > most ? v : most;
	}
	return most;
}
