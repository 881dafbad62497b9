/* SPDX-License-Identifier: MIT */
#include "ui/term/tty_private.h"

enum { CLIPBOARD_MAX = 74994 }; /* bytes that common terminals take */

bool tty_clipboard(struct tty *t, struct str text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"
				    "klmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)text.p;
	struct strbuf b;

	if (t->suspended || text.n > CLIPBOARD_MAX / 4 * 3)
		return false;
	strbuf_init(&b);
	strbuf_adds(&b, "\x1b]52;c;");
	for (size_t i = 0; i < text.n; i += 3) {
		size_t left = text.n - i;
		unsigned v = (unsigned)p[i] << 16;

		if (left > 1)
			v |= (unsigned)p[i + 1] << 8;
		if (left > 2)
			v |= p[i + 2];
		strbuf_addc(&b, digit[v >> 18]);
		strbuf_addc(&b, digit[v >> 12 & 63]);
		strbuf_addc(&b, left > 1 ? digit[v >> 6 & 63] : '=');
		strbuf_addc(&b, left > 2 ? digit[v & 63] : '=');
	}
	strbuf_adds(&b, "\x1b\\");
	tty_flush(t);
	tty_write(t, b.p, b.n);
	strbuf_release(&b);
	return !t->dead;
}
