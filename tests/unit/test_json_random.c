/* SPDX-License-Identifier: MIT */
/*
 * Random documents: what comes back is compared with what was put in, at
 * every split and every length; then the same documents with damage.
 */
#include "helpers.h"

#include "base/json.h"
#include "base/utf8.h"
#include "json_agree.h"

static struct json_readers readers;
static struct arena arena, model;
static struct json_scan scan;
static struct strbuf clean;

/* Documents --------------------------------------------------------------- */

/* A document being written: its text, and the tree that it stands for. */
struct writer {
	struct rng r;
	struct strbuf text;
	unsigned notes;
	unsigned max_depth;
	bool plain; /* only what json_plain takes */
};

static void note(struct writer *w, uint32_t cp)
{
	if (cp > 0x7e)
		w->notes |= JSON_SAW_NONASCII;
	if ((cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') ||
	    (cp >= 0x7f && cp < 0xa0))
		w->notes |= JSON_SAW_CONTROL;
	if (cp == 0x061c || cp == 0x200e || cp == 0x200f ||
	    (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069))
		w->notes |= JSON_SAW_BIDI;
}

static void blanks(struct writer *w)
{
	while (rng_one_in(&w->r, 4))
		strbuf_addc(&w->text, " \t\r\n"[rng_below(&w->r, 4)]);
}

static uint32_t random_character(struct rng *r, bool plain)
{
	static const uint32_t odd[] = { 0,      0x1b,   0x7f,   0x9b,   0xff,
					0x202e, 0x2028, 0xfeff, 0xfffd, 0xffff,
					0x061c, 0xd7ff, 0xe000, 0x10000 };

	switch (plain ? 3 : rng_below(r, 6)) {
	case 0:
		return odd[rng_below(r, ARRAY_SIZE(odd))];
	case 1:
		return rng_below(r, 0xd800);
	case 2:
		return 0x10000 + rng_below(r, 0x100000);
	default:
		return 0x20 + rng_below(r, 0x5f);
	}
}

static void write_unit(struct writer *w, uint32_t unit)
{
	strbuf_addf(&w->text, rng_one_in(&w->r, 2) ? "\\u%04x" : "\\u%04X",
		    unit);
}

/* One character, raw or as an escape; `value` gets its bytes. */
static void write_character(struct writer *w, struct strbuf *value)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char decoded[] = "\"\\/\b\f\n\r\t";
	uint32_t cp = random_character(&w->r, w->plain);
	char buf[4];
	struct str raw = { buf, utf8_encode(cp, buf) };
	const char *letter = cp && cp < 0x7f ? strchr(decoded, (int)cp) : NULL;

	note(w, cp);
	strbuf_add(value, raw);
	if (letter && rng_one_in(&w->r, 2)) {
		strbuf_addc(&w->text, '\\');
		strbuf_addc(&w->text, letters[letter - decoded]);
	} else if (cp == '"' || cp == '\\' || rng_one_in(&w->r, 3)) {
		if (cp < 0x10000) {
			write_unit(w, cp);
		} else {
			write_unit(w, 0xd800 + ((cp - 0x10000) >> 10));
			write_unit(w, 0xdc00 + ((cp - 0x10000) & 0x3ff));
		}
	} else {
		strbuf_add(&w->text, raw);
	}
}

/* What no well-behaved program writes. */
static void write_oddity(struct writer *w, struct strbuf *value)
{
	static const char *const bytes[] = { "\xff", "\xfe",     "\xff#",
					     "\xc0", "\xe2\x82", "\xff\xff" };
	const char *b = bytes[rng_below(&w->r, ARRAY_SIZE(bytes))];
	uint32_t unit = 0xd800 + rng_below(&w->r, 0x800);
	char buf[4];

	w->notes |= JSON_SAW_NONASCII;
	if (rng_one_in(&w->r, 2)) {
		strbuf_adds(&w->text, b);
		strbuf_adds(value, b);
	} else {
		write_unit(w, unit);
		strbuf_add(value, (struct str){ buf, utf8_encode(unit, buf) });
	}
	/* So that no second half follows, raw or as an escape. */
	strbuf_addc(&w->text, '.');
	strbuf_addc(value, '.');
}

static struct str write_string(struct writer *w)
{
	struct strbuf value;
	struct str s;

	strbuf_init(&value);
	strbuf_addc(&w->text, '"');
	for (uint32_t n = rng_below(&w->r, 8); n; n--) {
		if (!w->plain && rng_one_in(&w->r, 8))
			write_oddity(w, &value);
		else
			write_character(w, &value);
	}
	strbuf_addc(&w->text, '"');
	s = arena_dup(&model, strbuf_str(&value));
	strbuf_release(&value);
	return s;
}

static struct str write_number(struct writer *w)
{
	size_t from = w->text.n;

	if (rng_one_in(&w->r, 3))
		strbuf_addc(&w->text, '-');
	if (rng_one_in(&w->r, 4))
		strbuf_addc(&w->text, '0');
	else
		strbuf_addf(&w->text, "%u", 1 + rng_below(&w->r, 1u << 31));
	if (rng_one_in(&w->r, 3))
		strbuf_addf(&w->text, ".%03u", rng_below(&w->r, 1000));
	if (rng_one_in(&w->r, 4))
		strbuf_addf(&w->text, "%c%s%02u", "eE"[rng_below(&w->r, 2)],
			    rng_one_in(&w->r, 2) ? "+" : "",
			    rng_below(&w->r, 999));
	return arena_dup(&model, str_from(strbuf_str(&w->text), from));
}

static struct json *write_value(struct writer *w, unsigned depth);

static void write_members(struct writer *w, struct json *v, unsigned depth)
{
	const struct json **tail = &v->child;
	bool object = v->kind == JSON_OBJECT;
	uint32_t n = rng_below(&w->r, 5);

	strbuf_addc(&w->text, object ? '{' : '[');
	for (uint32_t i = 0; i < n; i++) {
		struct str key = STR_NULL;
		struct json *m;

		if (i)
			strbuf_addc(&w->text, ',');
		blanks(w);
		if (object) {
			key = write_string(w);
			blanks(w);
			strbuf_addc(&w->text, ':');
			blanks(w);
		}
		m = write_value(w, depth + 1);
		m->key = key;
		*tail = m;
		tail = &m->next;
		blanks(w);
	}
	if (n == 0)
		blanks(w);
	strbuf_addc(&w->text, object ? '}' : ']');
	v->n = n;
}

static struct json *write_value(struct writer *w, unsigned depth)
{
	static const char *const words[] = { "null", "false", "true" };
	struct json *v = arena_zero(&model, sizeof(*v));
	size_t from = w->text.n;

	v->kind = (enum json_kind)rng_below(&w->r, depth > 6 ? 5 : 7);
	if (depth == 0)
		v->kind = JSON_OBJECT;
	switch (v->kind) {
	case JSON_NUMBER:
		v->text = write_number(w);
		break;
	case JSON_STRING:
		v->text = write_string(w);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		write_members(w, v, depth);
		if (depth < w->max_depth)
			break;
		/* Too deep: a string with its text. */
		w->notes |= JSON_SAW_DEEP;
		*v = (struct json){ .kind = JSON_STRING };
		v->text = arena_dup(&model,
				    str_from(strbuf_str(&w->text), from));
		break;
	default:
		v->text = str_of(words[v->kind]);
		strbuf_add(&w->text, v->text);
	}
	return v;
}

static void check_tree(const struct json *v, const struct json *want)
{
	const struct json *m = v->child;

	assert_int_equal(v->kind, want->kind);
	assert_str_eq(v->text, want->text);
	assert_str_eq(v->key, want->key);
	assert_int_equal(v->n, want->n);
	for (const struct json *k = want->child; k; k = k->next, m = m->next) {
		assert_non_null(m);
		check_tree(m, k);
	}
	assert_null(m);
}

static struct json *write_document(struct writer *w, uint64_t seed)
{
	w->r.state = seed;
	w->notes = 0;
	w->plain = rng_one_in(&w->r, 2);
	w->max_depth = rng_one_in(&w->r, 3) ? 1 + rng_below(&w->r, 4) : 128;
	scan.max_depth = w->max_depth;
	strbuf_clear(&w->text);
	arena_reset(&model);
	arena_reset(&arena);
	return write_value(w, 0);
}

/* Undamaged --------------------------------------------------------------- */

static enum json_status scan_exact(struct str s, bool last)
{
	struct str exact = exact_copy(s);
	enum json_status st = json_scan(&scan, exact, last, &clean);
	const char *differ = NULL;

	if (exact.n)
		differ = json_readers_differ(&readers, exact, scan.max_depth);
	if (differ)
		print_bytes(differ, exact);
	assert_null(differ);
	exact_free(exact);
	return st;
}

static void what_goes_in_comes_out(void **state)
{
	struct writer w;
	struct err err = ERR_INIT;

	(void)state;
	strbuf_init(&w.text);
	for (uint64_t seed = 1; seed < 8000; seed++) {
		const struct json *want = write_document(&w, seed), *v;
		struct str text = strbuf_str(&w.text);
		unsigned plain = readers.plain;

		assert_int_equal(scan_exact(text, seed % 2), JSON_OK);
		assert_int_equal(scan.end, text.n);
		assert_int_equal(scan.notes, w.notes);
		if (w.plain && !w.notes)
			assert_int_equal(readers.plain, plain + 1);
		v = json_parse(&arena, strbuf_str(&clean), &err);
		assert_non_null(v);
		check_tree(v, want);
		/* Behind the value may be anything. */
		strbuf_adds(&w.text, ",\"");
		assert_int_equal(scan_exact(strbuf_str(&w.text), false),
				 JSON_OK);
		assert_int_equal(scan.end, text.n);
	}
	strbuf_release(&w.text);
}

/* Whatever was seen before, the whole gives the same. */
static void at_every_split(void **state)
{
	struct writer w;
	struct strbuf copy;

	(void)state;
	strbuf_init(&w.text);
	strbuf_init(&copy);
	for (uint64_t seed = 10000; seed < 10300; seed++) {
		struct str text;

		write_document(&w, seed);
		text = strbuf_str(&w.text);
		assert_int_equal(scan_exact(text, false), JSON_OK);
		strbuf_clear(&copy);
		strbuf_add(&copy, strbuf_str(&clean));
		for (size_t n = 0; n < text.n; n++) {
			struct str head = str_sub(text, 0, n);

			assert_int_equal(scan_exact(head, true), JSON_BAD);
			assert_int_equal(scan.bad_at <= n, 1);
			assert_int_equal(scan_exact(head, false), JSON_MORE);
			if (n % 8 == 0) {
				assert_int_equal(scan_exact(text, false),
						 JSON_OK);
				assert_str_eq(strbuf_str(&clean),
					      strbuf_str(&copy));
				assert_int_equal(scan.notes, w.notes);
			}
		}
	}
	strbuf_release(&copy);
	strbuf_release(&w.text);
}

/* What printing makes of a text: U+FFFD for each byte that is no UTF-8 and
 * for each lone surrogate. */
static struct str printable(struct str s)
{
	struct strbuf b;
	struct str all;

	strbuf_init(&b);
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;
		size_t n = utf8_decode(s, i, &cp);

		if (cp == UTF8_INVALID) {
			n = utf8_surrogate(s, i, &cp) ? 3 : 1;
			strbuf_adds(&b, "\xef\xbf\xbd");
		} else {
			strbuf_add(&b, str_sub(s, i, i + n));
		}
		i += n;
	}
	all = arena_dup(&model, strbuf_str(&b));
	strbuf_release(&b);
	return all;
}

static struct json *printable_tree(const struct json *v)
{
	struct json *copy = arena_zero(&model, sizeof(*copy));
	const struct json **tail = &copy->child;

	copy->kind = v->kind;
	copy->n = v->n;
	copy->key = printable(v->key);
	copy->text = printable(v->text);
	for (const struct json *m = v->child; m; m = m->next) {
		struct json *member = printable_tree(m);

		*tail = member;
		tail = &member->next;
	}
	return copy;
}

static void printing_and_reading_again(void **state)
{
	struct writer w;
	struct strbuf out;
	struct err err = ERR_INIT;

	(void)state;
	strbuf_init(&w.text);
	strbuf_init(&out);
	for (uint64_t seed = 20000; seed < 22000; seed++) {
		const struct json *want = write_document(&w, seed), *v;

		strbuf_clear(&out);
		json_print(&out, want);
		assert_true(utf8_valid(strbuf_str(&out)));
		for (size_t i = 0; i < out.n; i++) {
			unsigned char c = (unsigned char)out.p[i];

			assert_true(c >= 0x20 && c != 0x7f);
		}
		scan.max_depth = 128;
		assert_int_equal(scan_exact(strbuf_str(&out), true), JSON_OK);
		assert_int_equal(scan.end, out.n);
		v = json_parse(&arena, strbuf_str(&clean), &err);
		assert_non_null(v);
		check_tree(v, printable_tree(want));
	}
	strbuf_release(&w.text);
	strbuf_release(&out);
}

/* Damaged ----------------------------------------------------------------- */

/*
 * A change of a few bytes: whatever json_scan says about the whole it says
 * about each beginning, or asks for more; and cJSON takes each clean copy.
 */
static void damaged_documents(void **state)
{
	struct writer w;
	struct rng r = { 13 };
	int good = 0, bad = 0;

	(void)state;
	strbuf_init(&w.text);
	for (uint64_t seed = 30000; seed < 34000; seed++) {
		struct str text;
		enum json_status whole;
		struct err err = ERR_INIT;
		size_t end;

		write_document(&w, seed);
		for (uint32_t n = 1 + rng_below(&r, 3); n; n--) {
			static const char pool[] = "{}[]\",:\\u0e+-.\xff\xed ";
			size_t at = rng_below(&r, (uint32_t)w.text.n);

			w.text.p[at] =
				rng_one_in(&r, 4) ?
					rng_byte(&r) :
					pool[rng_below(&r, sizeof(pool))];
		}
		text = strbuf_str(&w.text);
		whole = scan_exact(text, true);
		end = whole == JSON_OK ? scan.end : scan.bad_at;
		assert_true(end <= text.n);
		if (whole == JSON_OK) {
			good++;
			assert_non_null(
				json_parse(&arena, strbuf_str(&clean), &err));
		} else {
			bad++;
			assert_int_equal(whole, JSON_BAD);
			assert_non_null(scan.reason);
		}
		for (int k = 0; k < 6; k++) {
			size_t n = rng_below(&r, (uint32_t)text.n + 1);
			enum json_status st = scan_exact(str_sub(text, 0, n),
							 false);

			if (st == JSON_OK)
				assert_true(whole == JSON_OK &&
					    scan.end == end);
			else if (st == JSON_BAD)
				assert_true(whole == JSON_BAD &&
					    scan.bad_at == end);
			else
				assert_int_equal(st, JSON_MORE);
		}
	}
	assert_true(good > 300 && bad > 1000);
	strbuf_release(&w.text);
}

static void random_bytes(void **state)
{
	struct rng r = { 14 };
	char buf[64];

	(void)state;
	for (int i = 0; i < 30000; i++) {
		static const char pool[] =
			"{}[]\"\",:\\u00d8e1-.tn\xff\xed\xa0";
		struct str s = { buf, 1 + rng_below(&r, sizeof(buf)) };
		struct err err = ERR_INIT;

		for (size_t k = 0; k < s.n; k++)
			buf[k] = rng_one_in(&r, 9) ?
					 rng_byte(&r) :
					 pool[rng_below(&r, sizeof(pool))];
		buf[0] = "{[\"-"[rng_below(&r, 4)];
		if (scan_exact(s, i % 2) == JSON_OK) {
			assert_true(scan.end <= s.n);
			assert_non_null(
				json_parse(&arena, strbuf_str(&clean), &err));
			arena_reset(&arena);
		}
	}
}

static int set_up(void **state)
{
	(void)state;
	json_init();
	arena_init(&arena);
	arena_init(&model);
	json_scan_init(&scan, SIZE_MAX, 128);
	strbuf_init(&clean);
	json_readers_init(&readers);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	arena_release(&model);
	json_scan_release(&scan);
	strbuf_release(&clean);
	json_readers_release(&readers);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(at_every_split),
		cmocka_unit_test(printing_and_reading_again),
		cmocka_unit_test(damaged_documents),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
