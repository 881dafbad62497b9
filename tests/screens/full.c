/* SPDX-License-Identifier: MIT */
/*
 * full.so, for LD_PRELOAD: a disk that is full after FULL_AFTER bytes. Plain
 * files alone are counted; the last write that there is room for may be short,
 * as on a real one. What is cut off a file gives no room back.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long left = -1;

__attribute__((constructor)) static void begin(void)
{
	const char *after = getenv("FULL_AFTER");

	atomic_store(&left, after ? atol(after) : 0);
}

__attribute__((visibility("default"))) ssize_t write(int fd, const void *p,
						     size_t n)
{
	static ssize_t (*real)(int, const void *, size_t);
	struct stat st;
	long room = atomic_load(&left);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "write");
	if (n == 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return real(fd, p, n);
	if (room <= 0) {
		errno = ENOSPC;
		return -1;
	}
	if ((long)n > room)
		n = (size_t)room;
	atomic_fetch_sub(&left, (long)n);
	return real(fd, p, n);
}
