/* SPDX-License-Identifier: MIT */
#include "casework/file_sum.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

bool file_sum(const struct file_entry *e, struct sha256 *out)
{
	enum { PIECE = 256 * 1024 };
	struct sha256_sum *sum;
	uint64_t at = 0, end = UINT64_MAX;
	int fd = e->fd >= 0 ? e->fd : open(e->path, O_RDONLY | O_CLOEXEC);
	char *piece;
	size_t n;

	if (fd < 0)
		return false;
	if (e->spooled) {
		at = e->part.begin;
		end = at + e->part.length;
	}
	piece = mem_alloc(PIECE);
	sum = sha256_new();
	do {
		size_t wanted = end - at < PIECE ? (size_t)(end - at) : PIECE;

		n = wanted ? file_read_at(fd, piece, wanted, at) : 0;
		sha256_add(sum, (struct str){ piece, n });
		at += n;
	} while (n);
	*out = sha256_so_far(sum);
	sha256_free(sum);
	free(piece);
	if (fd != e->fd)
		close(fd);
	/* What was cut short meanwhile has another sum than it was read with;
	 * what cannot be read has none. */
	return e->spooled ? at == end : e->fd >= 0 || at >= e->bytes;
}
