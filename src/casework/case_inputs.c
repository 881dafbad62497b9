/* SPDX-License-Identifier: MIT */
#include "casework/case_inputs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/intern.h"
#include "base/json_writer.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "casework/file_sum.h"

enum { LINE_BYTES = 256 * 1024 /* and one file more */ };

/* What the case names. */
struct known {
	struct intern paths, sums;
	struct as_was {
		uint64_t bytes;
		int64_t modified;
		bool summed;
		bool seen; /* it is there today */
	} * was;           /* by path */
	size_t cap;
	/* By sum: a path that had it. */
	uint32_t *path_of;
	size_t path_of_cap;
};

static void known_release(struct known *k)
{
	intern_release(&k->paths);
	intern_release(&k->sums);
	free(k->was);
	free(k->path_of);
}

static void take(struct known *k, const struct json *f)
{
	static const struct time_zone utc = TIME_ZONE_UTC;
	struct str path = json_text_at(f, "file");
	struct str sum = json_text_at(f, "sha256");
	uint32_t at, n;
	struct as_was was = { .modified = time_parse(
				      json_text_at(f, "modified"), &utc),
			      .summed = sum.n > 0 };

	if (!path.n || !str_to_u64(json_text_at(f, "bytes"), &was.bytes))
		return;
	at = intern_add(&k->paths, path);
	k->was = mem_grow(k->was, &k->cap, (size_t)at + 1, sizeof(*k->was));
	k->was[at] = was;
	if (!sum.n)
		return;
	n = intern_add(&k->sums, sum);
	k->path_of = mem_grow(k->path_of, &k->path_of_cap, (size_t)n + 1,
			      sizeof(*k->path_of));
	k->path_of[n] = at;
}

static void known_read(struct known *k, const struct case_file *c)
{
	struct arena arena;

	*k = (struct known){ .cap = 0 };
	intern_init(&k->paths);
	intern_init(&k->sums);
	arena_init(&arena);
	for (size_t i = 0; i < case_lines(c); i++) {
		const struct json *v, *list;

		arena_reset(&arena);
		v = case_entry(c, i, &arena);
		if (!v || !str_eq(json_text_at(v, "entry"), STR("inputs")))
			continue;
		list = json_member(v, STR("files"));
		for (const struct json *f = list ? list->child : NULL; f;
		     f = f->next)
			take(k, f);
	}
	arena_release(&arena);
}

/* To the second, as a line of a case has it. */
static int64_t modified(const struct file_entry *e)
{
	return e->changed[0] / 1000000 / 1000 * 1000;
}

static bool is_input(const struct file_entry *e)
{
	return !e->foreign && !e->refused;
}

static struct as_was *find(const struct known *k, const struct file_entry *e)
{
	uint32_t at = intern_find(&k->paths, str_of(e->path));

	return at == INTERN_NONE ? NULL : &k->was[at];
}

static bool is_as_it_was(const struct as_was *was, const struct file_entry *e)
{
	return was && was->bytes == e->bytes && was->modified == modified(e);
}

/* The sum as text, within what may still be read. */
static bool sum_text(const struct file_entry *e, uint64_t *left,
		     struct strbuf *out)
{
	struct sha256 sum;

	strbuf_clear(out);
	if (!crypto_exists() || e->bytes > *left)
		return false;
	*left -= e->bytes;
	if (!file_sum(e, &sum))
		return false;
	sha256_print(out, &sum);
	return true;
}

/* Comparing ----------------------------------------------------------------- */

struct difference {
	size_t other, gone, added, unsure;
	const char *first; /* of the others */
};

static void compare_one(struct known *k, const struct file_entry *e,
			uint64_t *left, struct strbuf *sum,
			struct difference *d)
{
	struct as_was *was = find(k, e);
	bool summed;
	uint32_t n;

	if (was)
		was->seen = true;
	if (is_as_it_was(was, e))
		return;
	summed = sum_text(e, left, sum);
	n = summed ? intern_find(&k->sums, strbuf_str(sum)) : INTERN_NONE;
	if (n != INTERN_NONE) {
		k->was[k->path_of[n]].seen = true;
	} else if (!was) {
		d->added++;
	} else if (was->bytes != e->bytes || (summed && was->summed)) {
		d->other++;
		d->first = d->first ? d->first : e->path;
	} else {
		d->unsure++;
	}
}

static void tell(struct strbuf *out, size_t n, const char *one,
		 const char *many)
{
	if (n)
		strbuf_addf(out, "%s%zu %s", out->n ? ", " : "", n,
			    n == 1 ? one : many);
}

void case_inputs_compare(const struct case_file *c, const struct files *files,
			 struct strbuf *out)
{
	struct difference d = { .other = 0 };
	uint64_t left = CASE_INPUTS_OPENED;
	struct strbuf sum, text;
	struct known k;

	known_read(&k, c);
	strbuf_init(&sum);
	strbuf_init(&text);
	for (uint32_t i = 0; i < files->n && k.paths.count > 1; i++)
		if (is_input(&files->entry[i]))
			compare_one(&k, &files->entry[i], &left, &sum, &d);
	for (uint32_t i = 1; i < k.paths.count; i++)
		d.gone += !k.was[i].seen;
	tell(&text, d.other, "file has other bytes", "files have other bytes");
	if (d.first) {
		strbuf_adds(&text, " (");
		strbuf_adds(&text, d.first);
		strbuf_addc(&text, ')');
	}
	tell(&text, d.gone, "is not there", "are not there");
	tell(&text, d.unsure, "has another date", "have other dates");
	tell(&text, d.added, "is new", "are new");
	if (text.n) {
		strbuf_adds(out, "the case was made on other evidence: ");
		strbuf_add(out, strbuf_str(&text));
	}
	strbuf_release(&text);
	strbuf_release(&sum);
	known_release(&k);
}

/* Keeping ------------------------------------------------------------------- */

static void begin_line(struct json_writer *w, const struct case_file *c,
		       struct strbuf *out)
{
	json_writer_init(w, out);
	json_begin_object(w);
	json_pair(w, "entry", STR("inputs"));
	json_pair_time(w, "time", case_now());
	json_pair(w, "author", case_author(c));
	json_key(w, "files");
	json_begin_array(w);
}

static void end_line(struct json_writer *w, struct strbuf *out)
{
	json_end_array(w);
	json_end_object(w);
	strbuf_addc(out, '\n');
}

static void write_file(struct json_writer *w, const struct file_entry *e,
		       uint64_t *left, struct strbuf *sum)
{
	json_begin_object(w);
	json_pair(w, "file", str_of(e->path));
	json_pair_uint(w, "bytes", e->bytes);
	if (e->changed[0])
		json_pair_time(w, "modified", modified(e));
	if (sum_text(e, left, sum))
		json_pair(w, "sha256", strbuf_str(sum));
	json_end_object(w);
}

enum err_code case_inputs_keep(struct case_file *c, const struct files *files,
			       struct err *err)
{
	uint64_t left = CASE_INPUTS_LEFT;
	struct strbuf lines, sum;
	struct json_writer w;
	struct known k;
	size_t begun = 0;
	bool open = false;
	enum err_code rc;

	if (!case_lines(c) || case_refusal(c))
		return ERR_OK;
	known_read(&k, c);
	strbuf_init(&lines);
	strbuf_init(&sum);
	for (uint32_t i = 0; i < files->n; i++) {
		const struct file_entry *e = &files->entry[i];

		if (!is_input(e) || is_as_it_was(find(&k, e), e))
			continue;
		if (!open) {
			begun = lines.n;
			begin_line(&w, c, &lines);
		}
		write_file(&w, e, &left, &sum);
		open = lines.n - begun < LINE_BYTES;
		if (!open)
			end_line(&w, &lines);
	}
	if (open)
		end_line(&w, &lines);
	rc = lines.n ? case_add(c, strbuf_str(&lines), err) : ERR_OK;
	strbuf_release(&sum);
	strbuf_release(&lines);
	known_release(&k);
	return rc;
}
