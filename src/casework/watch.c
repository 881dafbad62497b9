/* SPDX-License-Identifier: MIT */
#include "casework/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"

enum {
	EVERY_MS = 2000,
	SHARE = 20,           /* of the time may be spent on walks: 1/SHARE */
	MOST_WAIT_MS = 30000, /* for files that go on changing */
};

struct watch {
	struct watch_terms terms;
	struct hash_key key;
	pthread_t thread;
	int news[2]; /* a pipe */
	atomic_bool ending;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	int64_t rest_until; /* monotonic ms */
};

/* Looking ----------------------------------------------------------------- */

static bool going(void *context, uint32_t found)
{
	const struct watch *w = context;

	(void)found;
	return !atomic_load(&w->ending);
}

static uint64_t add_entry(const struct watch *w, uint64_t sum,
			  const struct file_entry *e)
{
	sum = hash_u64(sum ^ hash_str(w->key, str_of(e->path)));
	sum = hash_u64(sum ^ e->bytes);
	sum = hash_u64(sum ^ e->inode);
	sum = hash_u64(sum ^ (uint64_t)e->changed[0]);
	return hash_u64(sum ^ (uint64_t)e->changed[1]);
}

/* A number that is another one when the files are. A path that is not there
 * counts as a file of no size. */
static uint64_t look(struct watch *w)
{
	struct walk_terms terms = { .days = w->terms.days,
				    .names = w->terms.names,
				    .going = going,
				    .context = w };
	uint64_t sum = 0;
	struct files files;

	files_init(&files);
	for (size_t i = 0; i < w->terms.path_n; i++) {
		struct err err;

		if (walk_path(&files, w->terms.path[i], &terms, &err))
			files_add(&files, w->terms.path[i], 0);
	}
	walk_finish(&files);
	for (uint32_t f = 0; f < files.n; f++)
		sum = add_entry(w, sum, &files.entry[f]);
	files_release(&files);
	return sum;
}

/* The thread -------------------------------------------------------------- */

static void tell(struct watch *w)
{
	ssize_t n;

	do {
		n = write(w->news[1], "", 1);
	} while (n < 0 && errno == EINTR);
}

/* False when the watch ends. */
static bool nap(struct watch *w, int64_t ms)
{
	int64_t until = clock_ms() + ms;
	struct timespec at = { until / 1000, until % 1000 * 1000000L };
	bool ending;

	pthread_mutex_lock(&w->lock);
	while (!atomic_load(&w->ending) && clock_ms() < until)
		pthread_cond_timedwait(&w->wake, &w->lock, &at);
	ending = atomic_load(&w->ending);
	pthread_mutex_unlock(&w->lock);
	return !ending;
}

static bool rests(struct watch *w)
{
	bool rests;

	pthread_mutex_lock(&w->lock);
	rests = clock_ms() < w->rest_until;
	pthread_mutex_unlock(&w->lock);
	return rests;
}

static void *watch_thread(void *argument)
{
	struct watch *w = argument;
	unsigned every = w->terms.every_ms ? w->terms.every_ms : EVERY_MS;
	int64_t since = 0; /* when the files began to be others */
	int64_t begun = clock_ms(), took;
	uint64_t told = look(w), last = told;

	tell(w);
	for (;;) {
		uint64_t now;

		took = (clock_ms() - begun) * SHARE;
		if (!nap(w, took > every ? took : every))
			return NULL;
		begun = clock_ms();
		now = look(w);
		if (atomic_load(&w->ending))
			return NULL;
		if (now == told)
			since = 0;
		else if (!since)
			since = begun;
		if (since && !rests(w) &&
		    (now == last || begun - since >= MOST_WAIT_MS)) {
			told = now;
			since = 0;
			tell(w);
		}
		last = now;
	}
}

/* Life cycle -------------------------------------------------------------- */

static enum err_code check_paths(const struct watch_terms *terms,
				 struct err *err)
{
	struct stat st;

	for (size_t i = 0; i < terms->path_n; i++) {
		const char *path = terms->path[i];

		if (strcmp(path, "-") != 0 &&
		    (stat(path, &st) != 0 || S_ISREG(st.st_mode) ||
		     S_ISDIR(st.st_mode)))
			continue;
		return err_set(err, ERR_UNSUPPORTED,
			       "%s came through a pipe, so nothing more can "
			       "come from there",
			       strcmp(path, "-") == 0 ? "standard input" :
							path);
	}
	return ERR_OK;
}

static void init_wake(pthread_cond_t *wake)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(wake, &attr);
	pthread_condattr_destroy(&attr);
}

static void release(struct watch *w)
{
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	close(w->news[0]);
	close(w->news[1]);
	free(w);
}

enum err_code watch_new(struct watch **out, const struct watch_terms *terms,
			struct err *err)
{
	struct watch *w;
	int news[2];
	enum err_code rc = check_paths(terms, err);

	if (rc)
		return rc;
	if (pipe(news) != 0)
		return err_errno(err, "no pipe to the watching thread");
	for (int i = 0; i < 2; i++) {
		fcntl(news[i], F_SETFL, O_NONBLOCK);
		fcntl(news[i], F_SETFD, FD_CLOEXEC);
	}
	w = mem_zero(1, sizeof(*w));
	w->terms = *terms;
	w->key = hash_key_new();
	memcpy(w->news, news, sizeof(news));
	pthread_mutex_init(&w->lock, NULL);
	init_wake(&w->wake);
	errno = pthread_create(&w->thread, NULL, watch_thread, w);
	if (errno) {
		rc = err_errno(err, "no thread to watch the files on");
		release(w);
		return rc;
	}
	*out = w;
	return ERR_OK;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	atomic_store(&w->ending, true);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	release(w);
}

/* News -------------------------------------------------------------------- */

int watch_fd(const struct watch *w)
{
	return w->news[0];
}

bool watch_take(struct watch *w)
{
	char waste[64];
	bool any = false;

	while (read(w->news[0], waste, sizeof(waste)) > 0)
		any = true;
	return any;
}

void watch_rest(struct watch *w, unsigned ms)
{
	pthread_mutex_lock(&w->lock);
	w->rest_until = clock_ms() + ms;
	pthread_mutex_unlock(&w->lock);
}
