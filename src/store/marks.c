/* SPDX-License-Identifier: MIT */
#include "store/marks.h"

#include <stdlib.h>

static int compare(const void *x, const void *y)
{
	const struct mark *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->label < b->label ? -1 : a->label > b->label;
}

void marks_init(struct marks *m, struct mark_label *label, size_t label_n,
		struct mark *mark, size_t n)
{
	*m = (struct marks){ label, label_n, mark, n, NULL, NULL, NULL };
	for (size_t i = 1; i < n; i++)
		if (compare(&mark[i - 1], &mark[i]) > 0) {
			qsort(mark, n, sizeof(*mark), compare);
			break;
		}
}

void marks_release(struct marks *m)
{
	free(m->label);
	free(m->mark);
	*m = (struct marks){ NULL, 0, NULL, 0, NULL, NULL, NULL };
}

const struct mark *marks_of(const struct marks *m, row_id row, size_t *n)
{
	size_t low = 0, high = m->n, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->mark[mid].row < row)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < m->n && m->mark[end].row == row;)
		end++;
	*n = end - low;
	return *n ? &m->mark[low] : NULL;
}

int marks_level(const struct marks *m, row_id row)
{
	size_t n;
	const struct mark *mark = marks_of(m, row, &n);
	int level = -1;

	for (size_t i = 0; i < n; i++)
		if ((int)mark[i].level > level)
			level = (int)mark[i].level;
	return level;
}

size_t marks_dispositions(const struct marks *m, row_id row,
			  enum disposition out[DISPOSITION_COUNT])
{
	bool has[DISPOSITION_COUNT] = { false };
	const struct mark *mark;
	size_t n, found = 0;

	mark = marks_of(m, row, &n);
	for (size_t i = 0; i < n; i++) {
		const struct judged *j = judged_at(m->judged, row,
						   mark[i].label);
		enum disposition what = j ? j->what : DISPOSITION_NEW;

		if (!has[what])
			out[found++] = what;
		has[what] = true;
	}
	return found;
}
