/* SPDX-License-Identifier: MIT */
/*
 * Forms: the input is a file's bytes, whatever they are.
 *
 * Reading it ends; what is found in it is a record that can be read, and is
 * found again when the same value is unwrapped again, as the reader does.
 */
#include "fuzz_help.h"

#include <unistd.h>

#include "ingest/envelope.h"
#include "ingest/unwrap.h"

static const struct limits small = FUZZ_LIMITS;

/* A descriptor of a nameless file with these bytes. */
static int file_of(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/trawl-fuzz-XXXXXX";
	int fd = mkstemp(path);

	check(fd >= 0);
	unlink(path);
	check(write(fd, data, size) == (ssize_t)size);
	return fd;
}

struct forms {
	struct unwrapper *once, *again;
	struct value_reader reader;
	struct arena arena;
};

static const struct unwrapped *unwrap_item(struct unwrapper *u,
					   const struct envelope_item *item,
					   size_t *n)
{
	return item->line ? unwrap_line(u, item->raw, item->header, n) :
			    unwrap(u, item->value, n);
}

static void unwrap_twice(struct forms *f, const struct envelope_item *item)
{
	const struct unwrapped *x, *y;
	size_t n, m;

	x = unwrap_item(f->once, item, &n);
	y = unwrap_item(f->again, item, &m);
	check(n == m);
	for (size_t i = 0; i < n; i++) {
		struct event e;

		check(x[i].skip == y[i].skip && x[i].form == y[i].form);
		check(str_eq(x[i].text, y[i].text));
		if (x[i].skip)
			continue;
		check(x[i].text.n <= small.max_record);
		arena_reset(&f->arena);
		if (unwrapped_event(&e, &x[i], &f->reader, &f->arena))
			check(e.flags & EVENT_CARRIED);
		/* What is put together of a line is JSON. */
		else
			check(!item->line);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct forms f = { .once = unwrapper_new(&small),
			   .again = unwrapper_new(&small) };
	int fd = file_of(data, size);
	struct envelope *envelope;
	struct envelope_item item;
	struct source *source;
	struct arena arena;
	struct err err;
	uint64_t items = 0;

	json_init();
	arena_init(&arena);
	arena_init(&f.arena);
	value_reader_init(&f.reader, &small);
	envelope = envelope_new(&small, &arena);
	if (source_open(&source, "input", fd, NULL, &small, NULL, &err) ==
	    ERR_OK) {
		envelope_start(envelope, source);
		for (;;) {
			envelope_next(envelope, &item);
			if (item.kind == ITEM_END)
				break;
			check(++items <=
			      2 * size * (uint64_t)small.max_ratio + 16);
			if (item.kind == ITEM_RECORD)
				unwrap_twice(&f, &item);
		}
		source_close(source);
	}
	envelope_free(envelope);
	value_reader_release(&f.reader);
	arena_release(&f.arena);
	arena_release(&arena);
	unwrapper_free(f.once);
	unwrapper_free(f.again);
	close(fd);
	return 0;
}
