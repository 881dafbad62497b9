/* SPDX-License-Identifier: MIT */
/* A load on a thread of its own, and once more. */
#include "casework/investigation_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	FIRST_SNAPSHOT_MS = 150, /* after the start */
	SNAPSHOT_MS = 500,       /* between two of them, at least */
	TOLD_MS = 250,           /* between two signs of progress */
};

static void tell(struct investigation *inv)
{
	ssize_t n;

	do {
		n = write(inv->news[1], "", 1);
	} while (n < 0 && errno == EINTR);
	inv->told = clock_ms();
}

static void replace_latest(struct investigation *inv, struct snapshot *s)
{
	struct snapshot *before;

	pthread_mutex_lock(&inv->lock);
	before = inv->latest;
	inv->latest = s;
	pthread_mutex_unlock(&inv->lock);
	snapshot_release(before);
}

/*
 * Rows should be seen soon, and the load should not suffer: a snapshot costs
 * in proportion to the rows, so each waits until they have doubled, and when
 * most of the files are read the last one is near.
 */
static bool snapshot_is_due(const struct investigation *inv, int64_t now)
{
	uint32_t rows = builder_rows(ingest_builder(inv->ingest));
	const struct ingest_progress *p = &inv->progress;

	if (rows == 0 || now - inv->begun < FIRST_SNAPSHOT_MS)
		return false;
	if (inv->published_rows == 0)
		return true;
	return rows / 2 >= inv->published_rows &&
	       now - inv->published >= SNAPSHOT_MS &&
	       p->bytes < p->bytes_total / 10 * 7;
}

static bool load_tick(void *context, const struct ingest_progress *progress)
{
	struct investigation *inv = context;
	int64_t now = clock_ms();

	pthread_mutex_lock(&inv->lock);
	inv->progress = *progress;
	pthread_mutex_unlock(&inv->lock);
	if (snapshot_is_due(inv, now)) {
		inv->published_rows = builder_rows(ingest_builder(inv->ingest));
		replace_latest(inv,
			       investigation_publish(inv, PUBLISH_INTERIM));
		inv->published = clock_ms();
		tell(inv);
	} else if (now - inv->told >= TOLD_MS) {
		tell(inv);
	}
	return !atomic_load(&inv->cancelled);
}

/* As if all files had been read. */
static void tell_restored(struct investigation *inv, const struct store *s)
{
	pthread_mutex_lock(&inv->lock);
	inv->progress.files = inv->progress.files_total = s->files->n;
	inv->progress.bytes = 0;
	for (uint32_t f = 0; f < s->files->n; f++)
		inv->progress.bytes += s->files->entry[f].bytes;
	inv->progress.bytes_total = inv->progress.bytes;
	inv->progress.content_bytes = s->counts.content_bytes;
	inv->progress.records = s->counts.records;
	inv->progress.rejected = s->counts.rejected;
	inv->progress.skips = s->skips.n + s->skips.unlisted;
	pthread_mutex_unlock(&inv->lock);
}

static void end_loading(struct investigation *inv, const struct err *failed)
{
	pthread_mutex_lock(&inv->lock);
	if (failed)
		inv->failed = *failed;
	inv->loading = false;
	pthread_mutex_unlock(&inv->lock);
	tell(inv);
}

/* It is shown, and then kept. The first who asks for an origin finds it. */
static void hand_out(struct investigation *inv, struct snapshot *s)
{
	kin_promise(s->marks.kin);
	/* One holder more, as long as it is being kept. */
	replace_latest(inv, snapshot_hold(s));
	end_loading(inv, NULL);
	kin_know(s->marks.kin);
	if (!s->restored && inv->cache)
		load_cache_save(inv->cache, s);
	snapshot_release(s);
}

static void *load_thread(void *argument)
{
	struct investigation *inv = argument;
	struct err err = ERR_INIT;
	enum err_code rc = investigation_find(inv, load_tick, inv, &err);
	struct snapshot *s;

	if (rc != ERR_OK && rc != ERR_CANCELLED) {
		end_loading(inv, &err);
		return NULL;
	}
	s = rc ? NULL : investigation_restore(inv);
	if (s) {
		tell_restored(inv, s->store);
	} else {
		if (rc || !ingest_run(inv->ingest, load_tick, inv))
			builder_mark_partial(ingest_builder(inv->ingest));
		s = investigation_publish(inv, PUBLISH_LAST);
	}
	hand_out(inv, s);
	return NULL;
}

/* Once more ----------------------------------------------------------------- */

/* No rows are shown before all are there: those that are shown are more. */
static bool renew_tick(void *context, const struct ingest_progress *progress)
{
	struct investigation *inv = context;

	pthread_mutex_lock(&inv->lock);
	inv->progress = *progress;
	pthread_mutex_unlock(&inv->lock);
	if (clock_ms() - inv->told >= TOLD_MS)
		tell(inv);
	return !atomic_load(&inv->cancelled);
}

static void *renew_thread(void *argument)
{
	struct investigation *inv = argument;
	const struct store *shown;
	struct err err = ERR_INIT;
	struct snapshot *s;
	enum err_code rc;

	/* The thread of before may still be keeping its load. */
	pthread_join(inv->before, NULL);
	shown = inv->latest->store;
	investigation_forget_load(inv);
	rc = investigation_prepare(inv, &err);
	if (rc == ERR_OK)
		rc = investigation_find(inv, renew_tick, inv, &err);
	if (rc) {
		end_loading(inv, rc == ERR_CANCELLED ? NULL : &err);
		return NULL;
	}
	if (!shown->partial &&
	    files_same(shown->files, investigation_files(inv))) {
		end_loading(inv, NULL);
		return NULL;
	}
	s = investigation_restore(inv);
	if (s) {
		tell_restored(inv, s->store);
	} else if (ingest_run(inv->ingest, renew_tick, inv)) {
		s = investigation_publish(inv, PUBLISH_LAST);
	} else {
		end_loading(inv, NULL);
		return NULL;
	}
	hand_out(inv, s);
	return NULL;
}

bool investigation_renew(struct investigation *inv)
{
	bool may;

	pthread_mutex_lock(&inv->lock);
	may = inv->started && !inv->loading && inv->latest;
	if (may) {
		inv->loading = true;
		/* What was cut short is kept by nobody, so a thread that may
		 * still be about to keep it does not. */
		atomic_store(&inv->cancelled, false);
		inv->failed = (struct err)ERR_INIT;
	}
	pthread_mutex_unlock(&inv->lock);
	if (!may)
		return false;
	inv->begun = clock_ms();
	inv->before = inv->thread;
	if (pthread_create(&inv->thread, NULL, renew_thread, inv) == 0)
		return true;
	inv->thread = inv->before;
	pthread_mutex_lock(&inv->lock);
	inv->loading = false;
	pthread_mutex_unlock(&inv->lock);
	return false;
}

/* No thread reads the paths but in a load. The list of before stays: a watch
 * may have it. */
static void add_path(struct investigation *inv, const char *path)
{
	struct investigation_options *o = &inv->options;
	const char **list = arena_alloc(&inv->paths,
					(o->path_n + 1) * sizeof(*list));

	for (size_t i = 0; i < o->path_n; i++)
		list[i] = o->path[i];
	list[o->path_n++] = arena_dup(&inv->paths, str_of(path)).p;
	o->path = list;
}

enum err_code investigation_open(struct investigation *inv, const char *path,
				 struct err *err)
{
	struct stat st;
	bool may;

	if (stat(path, &st) != 0)
		return err_errno(err, "%s", path);
	pthread_mutex_lock(&inv->lock);
	may = inv->started && !inv->loading && inv->latest;
	pthread_mutex_unlock(&inv->lock);
	if (may) {
		add_path(inv, path);
		inv->opened = true;
		if (investigation_renew(inv))
			return ERR_OK;
		inv->opened = false;
		inv->options.path_n--;
	}
	return err_set(err, ERR_USAGE,
		       "a load is running: %s can be opened when that has "
		       "ended",
		       path);
}

enum err_code investigation_start(struct investigation *inv, struct err *err)
{
	if (pipe(inv->news) != 0)
		return err_errno(err, "no pipe to the loading thread");
	for (int i = 0; i < 2; i++) {
		fcntl(inv->news[i], F_SETFL, O_NONBLOCK);
		fcntl(inv->news[i], F_SETFD, FD_CLOEXEC);
	}
	inv->begun = clock_ms();
	inv->loading = true;
	errno = pthread_create(&inv->thread, NULL, load_thread, inv);
	if (errno)
		return err_errno(err, "no thread to load on");
	inv->started = true;
	return ERR_OK;
}

void investigation_cancel(struct investigation *inv)
{
	atomic_store(&inv->cancelled, true);
}

enum err_code investigation_watch(const struct investigation *inv,
				  struct watch **out, struct err *err)
{
	const struct watch_terms terms = { .path = inv->options.path,
					   .path_n = inv->options.path_n,
					   .days = inv->options.days,
					   .names = inv->options.names };

	return watch_new(out, &terms, err);
}

int investigation_fd(const struct investigation *inv)
{
	return inv->news[0];
}

void investigation_poll(struct investigation *inv,
			struct investigation_state *state)
{
	char waste[64];

	while (inv->news[0] >= 0 &&
	       read(inv->news[0], waste, sizeof(waste)) > 0)
		;
	pthread_mutex_lock(&inv->lock);
	state->progress = inv->progress;
	state->loading = inv->loading;
	state->failed = inv->failed;
	state->elapsed_ms = inv->begun ? clock_ms() - inv->begun : 0;
	state->version = inv->latest ? inv->latest->version : 0;
	pthread_mutex_unlock(&inv->lock);
	if (inv->opened && !state->loading) {
		if (state->failed.code)
			inv->options.path_n--;
		inv->opened = false;
	}
}

struct snapshot *investigation_latest(struct investigation *inv)
{
	struct snapshot *s;

	pthread_mutex_lock(&inv->lock);
	s = inv->latest;
	if (s)
		snapshot_hold(s);
	pthread_mutex_unlock(&inv->lock);
	return s;
}
