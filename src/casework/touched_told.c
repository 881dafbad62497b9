/* SPDX-License-Identifier: MIT */
#include "casework/touched.h"

#include <stdlib.h>

#include "base/mem.h"

void touched_told(struct rowset *out, const struct lineage *l,
		  const struct rowset *rows, const node_id *member, size_t n)
{
	struct rowset told = ROWSET_INIT;
	row_id *all = NULL;
	size_t found = 0, cap = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t count;
		const row_id *on = lineage_on(l, member[i], &count);

		for (uint32_t k = 0; k < count; k++) {
			if (l->store->kind[on[k]] != KIND_S3_ACCESS)
				continue;
			all = mem_grow(all, &cap, found + 1, sizeof(*all));
			all[found++] = on[k];
		}
	}
	rowset_of(&told, all, found);
	rowset_union(out, rows, &told);
	rowset_release(&told);
	free(all);
}
