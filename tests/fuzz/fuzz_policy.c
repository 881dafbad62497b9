/* SPDX-License-Identifier: MIT */
/*
 * IAM policies, which whoever is let into an account may write: the input is
 * the text of a document.
 *
 * Who is told of it has a name, organizations begin as they do and are no
 * pattern, there are no more than may be, and it is the same whether the
 * document stands as an object, as a text, or URL-encoded.
 */
#include "fuzz_help.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "identity/policy.h"

struct told {
	struct strbuf all;
	unsigned n;
};

static void tell(void *context, const struct policy_guest *guest)
{
	struct told *t = context;
	struct str organization = guest->organization;

	check(guest->principal.n != 0);
	check(!organization.n ||
	      (str_starts(organization, STR("o-")) &&
	       str_find_char(organization, '*', 0) == SIZE_MAX));
	strbuf_add(&t->all, guest->principal);
	strbuf_addc(&t->all, '\n');
	strbuf_add(&t->all, organization);
	strbuf_addc(&t->all, '\n');
	t->n++;
}

/* What one form of the document says. False: it is none. */
static bool read_as(enum json_kind kind, struct str text, struct strbuf *out,
		    int64_t *revokes)
{
	struct json value = { .kind = kind, .text = text };
	const struct json *document;
	struct told t = { .n = 0 };
	struct arena arena;
	struct err err;

	arena_init(&arena);
	strbuf_init(&t.all);
	document = kind == JSON_STRING ?
			   policy_document(&value, &arena) :
			   policy_document(json_read(&arena, text, &err),
					   &arena);
	if (document) {
		bool whole = policy_each_guest(document, tell, &t);

		strbuf_adds(&t.all, whole ? "whole" : "");
		*revokes = policy_revokes_before(document);
	}
	check(t.n <= POLICY_PRINCIPALS);
	strbuf_add(out, strbuf_str(&t.all));
	strbuf_release(&t.all);
	arena_release(&arena);
	return document != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_trim((struct str){ (const char *)data, size });
	struct strbuf object, plain, encoded, url;
	int64_t of_object = 0, of_text = 0, of_url = 0;

	json_init();
	if (!str_starts(text, STR("{")) || text.n > 4096)
		return 0;
	strbuf_init(&object);
	strbuf_init(&plain);
	strbuf_init(&encoded);
	strbuf_init(&url);
	for (size_t i = 0; i < text.n; i++)
		strbuf_addf(&url, "%%%02X", (unsigned char)text.p[i]);
	if (read_as(JSON_OBJECT, text, &object, &of_object)) {
		check(read_as(JSON_STRING, text, &plain, &of_text));
		check(read_as(JSON_STRING, strbuf_str(&url), &encoded,
			      &of_url));
		check(of_object == of_text && of_text == of_url);
		check(str_eq(strbuf_str(&object), strbuf_str(&plain)));
		check(str_eq(strbuf_str(&object), strbuf_str(&encoded)));
	}
	strbuf_release(&url);
	strbuf_release(&encoded);
	strbuf_release(&plain);
	strbuf_release(&object);
	return 0;
}
