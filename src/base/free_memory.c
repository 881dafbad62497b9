/* SPDX-License-Identifier: MIT */
#include "base/free_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"

/* The first number of a small file, from behind `name` on. */
static bool number_in(const char *path, const char *name, uint64_t *value)
{
	enum { LARGEST = 64 * 1024 };
	struct err err = ERR_INIT;
	struct strbuf text;
	struct str rest;
	size_t at, n = 0;
	bool found = false;

	strbuf_init(&text);
	if (file_read(&text, path, LARGEST, &err) == ERR_OK) {
		at = str_find(strbuf_str(&text), str_of(name), 0);
		if (at != SIZE_MAX) {
			rest = str_trim(
				str_from(strbuf_str(&text), at + strlen(name)));
			while (n < rest.n && rest.p[n] >= '0' &&
			       rest.p[n] <= '9')
				n++;
			found = n && str_to_u64(str_sub(rest, 0, n), value);
		}
	}
	strbuf_release(&text);
	return found;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a && a < b ? a : b;
}

uint64_t free_memory(void)
{
	uint64_t have = 0, most, used;
	struct rlimit limit;
	long pages;

	if (number_in("/proc/meminfo", "MemAvailable:", &have)) {
		have *= 1024;
	} else {
		pages = sysconf(_SC_PHYS_PAGES);
		have = pages > 0 ? (uint64_t)pages *
					   (uint64_t)sysconf(_SC_PAGESIZE) :
				   0;
	}
	/* What is kept of files is given back when it is wanted. */
	if (number_in("/sys/fs/cgroup/memory.max", "", &most) &&
	    number_in("/sys/fs/cgroup/memory.stat", "anon ", &used))
		have = least(have, most > used ? most - used : 1);
	if (getrlimit(RLIMIT_AS, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY)
		have = least(have, (uint64_t)limit.rlim_cur);
	return have;
}
