/* SPDX-License-Identifier: MIT */
/* trawl verify: is the evidence what CloudTrail delivered? */
#include "casework/verify.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/stop.h"
#include "ingest/archive.h"
#include "ingest/walk.h"

enum { WIDTH = 78 };

static const char *const kinds[] = {
	[VERIFY_DIGEST] = "digest", [VERIFY_LOG] = "log", [VERIFY_GAP] = "gap"
};

/* Reading ----------------------------------------------------------------- */

static bool tick(void *context, uint64_t done, uint64_t all)
{
	return progress_files(context, "", done, all);
}

static bool walking(void *context, uint32_t found)
{
	return tick(context, 0, found);
}

static enum err_code find_files(struct files *files, const struct options *o,
				struct progress *p, struct err *err)
{
	struct walk_terms terms = { .going = walking, .context = p };
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < o->path_n && rc == ERR_OK; i++)
		rc = walk_path(files, o->path[i], &terms, err);
	if (rc == ERR_OK && !archives_open(files, &o->limits, walking, p))
		rc = err_set(err, ERR_CANCELLED, "stopped");
	if (rc == ERR_OK)
		walk_finish(files);
	return rc;
}

/* JSON -------------------------------------------------------------------- */

/* What all of it comes to. */
static const char *outcome(const struct verify_result *r)
{
	for (int s = 0; s < VERIFY_STATE_COUNT; s++)
		if (verify_state_is_wrong((enum verify_state)s) && r->of[s])
			return "findings";
	if (!r->chains)
		return "unproven";
	if (!r->of[VERIFY_VERIFIED] || r->of[VERIFY_CONSISTENT])
		return "consistent";
	/* Logs that no digest vouches for may be all there is of a Region. */
	return r->of[VERIFY_UNPROVEN] ? "partly" : "verified";
}

static void json_states(struct json_writer *w, const char *key,
			const uint64_t *of)
{
	json_key(w, key);
	json_begin_object(w);
	for (int s = 0; s < VERIFY_STATE_COUNT; s++)
		if (of[s])
			json_pair_uint(w,
				       verify_state_name((enum verify_state)s),
				       of[s]);
	json_end_object(w);
}

static void json_chain(struct json_writer *w, const struct verify_chain *c)
{
	uint64_t of[VERIFY_STATE_COUNT];

	for (int s = 0; s < VERIFY_STATE_COUNT; s++)
		of[s] = c->of[s];
	json_begin_object(w);
	json_pair(w, "kind", STR("chain"));
	json_pair(w, "state", str_of(verify_state_name(c->worst)));
	json_pair(w, "account", c->account);
	json_pair(w, "region", c->region);
	json_pair(w, "trail", c->trail);
	json_pair(w, "homeRegion", c->home);
	json_pair(w, "s3Bucket", c->bucket);
	json_key(w, "backfill");
	json_bool(w, c->backfill);
	json_pair_time(w, "first", c->first);
	json_pair_time(w, "last", c->last);
	json_pair_time(w, "verifiedTo", c->signed_to);
	json_pair_uint(w, "digests", c->digests);
	json_pair_uint(w, "logs", c->logs);
	json_states(w, "states", of);
	json_end_object(w);
}

static void json_item(struct json_writer *w, const struct verify_result *r,
		      const struct verify_item *m)
{
	json_begin_object(w);
	json_pair(w, "kind", str_of(kinds[m->kind]));
	json_pair(w, "state", str_of(verify_state_name(m->state)));
	json_key(w, "wrong");
	json_bool(w, verify_state_is_wrong(m->state));
	if (m->file != VERIFY_NONE)
		json_pair(w, "file", str_of(r->files->entry[m->file].path));
	json_pair(w, "s3Bucket", m->bucket);
	json_pair(w, "s3Object", m->object);
	if (m->chain != VERIFY_NONE) {
		json_pair(w, "account", r->chain[m->chain].account);
		json_pair(w, "region", r->chain[m->chain].region);
		json_pair(w, "trail", r->chain[m->chain].trail);
	}
	json_pair_time(w, "first", m->first);
	json_pair_time(w, "last", m->last);
	json_pair(w, "detail", m->detail);
	json_end_object(w);
}

static void write_lines(struct output *out, const struct verify_result *r)
{
	struct json_writer w;

	for (uint32_t i = 0; i < r->chains; i++) {
		output_json(out, &w);
		json_chain(&w, &r->chain[i]);
		output_line(out);
	}
	for (size_t i = 0; i < r->n; i++) {
		output_json(out, &w);
		json_item(&w, r, &r->item[i]);
		output_line(out);
	}
}

static void write_json(struct output *out, const struct verify_result *r)
{
	struct json_writer w;

	output_json(out, &w);
	json_begin_object(&w);
	json_pair(&w, "result", str_of(outcome(r)));
	json_key(&w, "publicKeys");
	json_bool(&w, r->keys);
	json_key(&w, "files");
	json_begin_object(&w);
	json_pair_uint(&w, "digests", r->digests);
	json_pair_uint(&w, "logs", r->logs);
	json_pair_uint(&w, "others", r->others);
	json_end_object(&w);
	json_states(&w, "states", r->of);
	json_key(&w, "chains");
	json_begin_array(&w);
	for (uint32_t i = 0; i < r->chains; i++)
		json_chain(&w, &r->chain[i]);
	json_end_array(&w);
	json_key(&w, "items");
	json_begin_array(&w);
	for (size_t i = 0; i < r->n; i++)
		json_item(&w, r, &r->item[i]);
	json_end_array(&w);
	json_end_object(&w);
	output_line(out);
}

/* For people -------------------------------------------------------------- */

static void write_time(struct output *out, const struct time_zone *zone,
		       int64_t t)
{
	struct strbuf text;

	strbuf_init(&text);
	time_format(&text, t, TIME_DATETIME, zone);
	output_text(out, strbuf_str(&text));
	strbuf_release(&text);
}

static void write_span(struct output *out, const struct time_zone *zone,
		       int64_t first, int64_t last)
{
	write_time(out, zone, first);
	output_format(out, " to ");
	write_time(out, zone, last);
	output_format(out, " %s", zone->name);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void write_chain(struct output *out, const struct options *o,
			const struct verify_chain *c)
{
	const char *before = "    ";

	output_format(out, "chain  ");
	output_text(out, c->account);
	output_format(out, " ");
	output_text(out, c->region);
	output_format(out, ", trail ");
	output_text(out, c->trail);
	output_format(out, " of ");
	output_text(out, c->home);
	output_format(out, "%s\n    ", c->backfill ? ", backfill digests" : "");
	write_span(out, &o->zone, c->first, c->last);
	output_format(out, ": %u digest%s, %u log%s in them\n", c->digests,
		      plural(c->digests), c->logs, plural(c->logs));
	for (int s = 0; s < VERIFY_STATE_COUNT; s++) {
		if (!c->of[s])
			continue;
		output_format(out, "%s%s %u", before,
			      verify_state_name((enum verify_state)s),
			      c->of[s]);
		before = ", ";
	}
	output_format(out, "\n");
	if (c->signed_to != TIME_NONE) {
		output_format(out, "    signatures hold up to ");
		write_time(out, &o->zone, c->signed_to);
		output_format(out, " %s\n", o->zone.name);
	}
}

/* Words from column `from` on, wrapped. */
static void write_wrapped(struct output *out, struct str text, size_t from)
{
	struct str word;
	size_t column = from;

	output_format(out, "%*s", (int)from, "");
	while (str_next(&text, ' ', &word)) {
		if (column > from && column + 1 + word.n > WIDTH) {
			output_format(out, "\n%*s", (int)from, "");
			column = from;
		} else if (column > from) {
			output_format(out, " ");
			column++;
		}
		output_text(out, word);
		column += word.n;
	}
	output_format(out, "\n");
}

static void write_item(struct output *out, const struct options *o,
		       const struct verify_result *r,
		       const struct verify_item *m)
{
	output_format(out, "%-15s  %-6s  ", verify_state_name(m->state),
		      kinds[m->kind]);
	if (m->file != VERIFY_NONE) {
		output_text(out, str_of(r->files->entry[m->file].path));
	} else if (m->object.n) {
		output_text(out, m->bucket);
		output_format(out, "%s", m->bucket.n ? "/" : "");
		output_text(out, m->object);
	} else {
		output_text(out, r->chain[m->chain].account);
		output_format(out, " ");
		output_text(out, r->chain[m->chain].region);
		output_format(out, ", ");
		write_span(out, &o->zone, m->first, m->last);
	}
	output_format(out, "\n");
	if (m->detail.n)
		write_wrapped(out, m->detail, 4);
}

static void write_items(struct output *out, const struct options *o,
			const struct verify_result *r)
{
	bool first = true;

	for (size_t i = 0; i < r->n; i++) {
		const struct verify_item *m = &r->item[i];

		if (!o->verbose && !verify_state_is_wrong(m->state))
			continue;
		if (first)
			output_format(out, "\n");
		first = false;
		write_item(out, o, r, m);
	}
}

static void write_state(struct output *out, const struct verify_result *r,
			enum verify_state s, const char *text)
{
	struct strbuf line;

	if (!r->of[s])
		return;
	strbuf_init(&line);
	strbuf_addf(&line, "%s, %" PRIu64 ": %s", verify_state_name(s),
		    r->of[s], text);
	write_wrapped(out, strbuf_str(&line), 0);
	strbuf_release(&line);
}

/* Backfill digests come when something was late; others every hour. */
static bool has_open_end(const struct verify_result *r)
{
	for (uint32_t i = 0; i < r->chains; i++)
		if (!r->chain[i].backfill)
			return true;
	return false;
}

/* What is proven, and what is not. */
static void write_worth(struct output *out, const struct verify_result *r)
{
	output_format(out, "\n");
	write_state(out, r, VERIFY_VERIFIED,
		    "as CloudTrail delivered it: a digest by a signature of "
		    "AWS, or named by one that is signed; a log by the sum in "
		    "such a digest.");
	write_state(
		out, r, VERIFY_CONSISTENT,
		r->keys ? "consistent, unsigned: no public key was given that "
			  "these digests name." :
			  "consistent, unsigned: digests and logs agree with "
			  "one another, and no more than that. Whoever could "
			  "write to the bucket could have made all of it "
			  "anew. --public-keys FILE checks the signatures.");
	write_state(out, r, VERIFY_UNCONFIRMED,
		    "digests that no later one here confirms, the newest of a "
		    "chain and the last before a hole, and the logs in them: "
		    "they agree with each other alone.");
	if (has_open_end(r))
		write_wrapped(out,
			      STR("The newest digest of a chain may have been "
				  "removed, and any number before it: nothing "
				  "names the last one. It shows only where "
				  "logs, or other chains of the trail, go on."),
			      0);
	write_state(out, r, VERIFY_UNPROVEN,
		    "logs of which no digest here says anything that can be "
		    "relied on; -v lists them. They may be as they were "
		    "delivered, or not.");
	if (!r->chains)
		write_wrapped(out,
			      STR("No digest was found: nothing is proven. "
				  "Digests lie in S3 beside the logs, under "
				  "CloudTrail-Digest/, when validation is "
				  "switched on."),
			      0);
}

static void write_text(struct output *out, const struct options *o,
		       const struct verify_result *r)
{
	output_format(out,
		      "%" PRIu64 " digest%s, %" PRIu64 " log%s, %" PRIu64
		      " other file%s: %s\n%s",
		      r->digests, plural(r->digests), r->logs, plural(r->logs),
		      r->others, plural(r->others), outcome(r),
		      r->chains ? "\n" : "");
	for (uint32_t i = 0; i < r->chains; i++)
		write_chain(out, o, &r->chain[i]);
	write_items(out, o, r);
	write_worth(out, r);
}

/* ------------------------------------------------------------------------- */

static int status_of(const struct verify_result *r)
{
	if (r->of[VERIFY_UNREADABLE] || !r->chains)
		return EXIT_SKIPPED;
	for (int s = 0; s < VERIFY_STATE_COUNT; s++)
		if (verify_state_is_wrong((enum verify_state)s) && r->of[s])
			return EXIT_FINDINGS;
	return EXIT_OK;
}

static enum err_code write_result(const struct options *o,
				  const struct verify_result *r, FILE *out,
				  struct err *err)
{
	struct output output;
	enum err_code rc = output_open(&output, o, out, err);

	if (rc)
		return rc;
	rc = output_spares(&output, o, r->files, err);
	if (rc) {
		output_discard(&output);
		return rc;
	}
	if (o->format == FORMAT_JSON)
		write_json(&output, r);
	else if (o->format == FORMAT_JSONL)
		write_lines(&output, r);
	else
		write_text(&output, o, r);
	return output_close(&output, err);
}

static unsigned threads(const struct options *o)
{
	enum { MOST = 16 };
	long n = o->threads ? (long)o->threads : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : !o->threads && n > MOST ? MOST : (unsigned)n;
}

static enum err_code run(const struct options *o, struct files *files,
			 struct verify_keys *keys, struct verify_result *r,
			 FILE *err_file, struct err *err)
{
	struct progress progress;
	const struct verify_options options = { .limits = &o->limits,
						.threads = threads(o),
						.keys = keys,
						.going = tick,
						.context = &progress };
	struct stop stop;
	enum err_code rc;

	progress_begin(&progress, o, err_file);
	stop_catch(&stop);
	rc = find_files(files, o, &progress, err);
	if (rc == ERR_OK)
		rc = verify_run(r, files, &options, err);
	progress_end(&progress);
	stop_release(&stop);
	return rc;
}

int cli_verify(const struct options *o, FILE *out, FILE *err_file)
{
	struct verify_result r = { .n = 0 };
	struct verify_keys keys;
	struct files files;
	enum err_code rc;
	struct err err;
	int status = EXIT_OK;

	if (!crypto_exists()) {
		err_set(&err, ERR_NOTFOUND,
			"this trawl was built without libcrypto and cannot "
			"verify anything: install libssl-dev and build it "
			"again");
		return cli_fail(err_file, &err);
	}
	files_init(&files);
	verify_keys_init(&keys);
	rc = verify_keys_read_all(&keys, o->public_keys, o->public_keys_n,
				  &err);
	if (rc == ERR_OK)
		rc = run(o, &files, &keys, &r, err_file, &err);
	if (rc == ERR_OK) {
		status = status_of(&r);
		rc = write_result(o, &r, out, &err);
		if (!r.chains && !o->quiet)
			message(err_file, "no digest was found");
		verify_result_release(&r);
	}
	verify_keys_release(&keys);
	files_release(&files);
	return rc ? cli_fail(err_file, &err) : status;
}
