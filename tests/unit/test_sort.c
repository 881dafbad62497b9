/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/sort.h"

/* What qsort needs to see in place of a context. */
static const int64_t *keys;

static int by_key_then_place(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	if (keys[a] != keys[b])
		return keys[a] < keys[b] ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int by_key(uint32_t a, uint32_t b, const void *context)
{
	const int64_t *key = context;

	return key[a] < key[b] ? -1 : key[a] > key[b];
}

/* Something of a size that no word has, its key as it was at first in it. */
struct item {
	int64_t key;
	uint32_t was;
	char rest[5];
};

static int by_item(uint32_t a, uint32_t b, const void *context)
{
	const struct item *item = context;

	return item[a].key < item[b].key ? -1 : item[a].key > item[b].key;
}

/* All sorts against qsort, which is made stable by the place. */
static void check_sorts(const int64_t *key, size_t n)
{
	uint32_t *want = mem_alloc(n * sizeof(*want));
	uint32_t *merged = mem_alloc(n * sizeof(*merged));
	uint32_t *order = sort_order(n, by_key, key);
	struct item *item = mem_zero(n + 1, sizeof(*item));
	uint32_t *radix = mem_alloc(n * sizeof(*radix));

	for (size_t i = 0; i < n; i++)
		want[i] = merged[i] = item[i].was = (uint32_t)i;
	for (size_t i = 0; i < n; i++)
		item[i].key = key[i];
	keys = key;
	if (n)
		qsort(want, n, sizeof(*want), by_key_then_place);
	sort_u32(merged, n, by_key, key);
	memset(radix, 0xff, n * sizeof(*radix));
	sort_by_key(radix, key, n);
	sort_items(item, n, sizeof(*item), by_item, item);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(merged[i], want[i]);
		assert_int_equal(order[i], want[i]);
		assert_int_equal(item[i].was, want[i]);
		assert_true(item[i].key == key[want[i]]);
		assert_int_equal(radix[i], want[i]);
	}
	free(want);
	free(merged);
	free(radix);
	free(order);
	free(item);
}

static void nothing_and_one(void **state)
{
	int64_t key[] = { 5 };

	(void)state;
	check_sorts(key, 0);
	check_sorts(key, 1);
	sort_u32(NULL, 0, by_key, NULL);
	sort_by_key(NULL, NULL, 0);
	sort_items(NULL, 0, 8, by_key, NULL);
}

/* Every length around the borders of insertion sort and of halves. */
static void short_lists(void **state)
{
	struct rng r = { 18 };
	int64_t key[70];

	(void)state;
	for (size_t n = 0; n <= ARRAY_SIZE(key); n++)
		for (uint32_t kinds = 1; kinds < 200; kinds *= 3) {
			for (size_t i = 0; i < n; i++)
				key[i] = rng_below(&r, kinds);
			check_sorts(key, n);
		}
}

static void keys_of_every_kind(void **state)
{
	enum { N = 3000 };
	static int64_t key[N];
	static const int64_t ends[] = { INT64_MIN, INT64_MIN + 1, -1,       0,
					1,         INT64_MAX - 1, INT64_MAX };
	struct rng r = { 19 };

	(void)state;
	for (int kind = 0; kind < 8; kind++) {
		for (size_t i = 0; i < N; i++) {
			uint64_t x = rng_next(&r);

			switch (kind) {
			case 0: /* anything */
				key[i] = (int64_t)x;
				break;
			case 1: /* both ends */
				key[i] = ends[x % ARRAY_SIZE(ends)];
				break;
			case 2: /* times, some of them missing */
				key[i] = x % 10 ?
						 1767994927000 +
							 (int64_t)(x % 100000) *
								 1000 :
						 INT64_MAX;
				break;
			case 3: /* around the epoch */
				key[i] = (int64_t)(x % 2001) - 1000;
				break;
			case 4: /* equal */
				key[i] = -7;
				break;
			case 5: /* in order */
				key[i] = (int64_t)i * 3;
				break;
			case 6: /* backwards */
				key[i] = -(int64_t)i;
				break;
			default: /* differing in the top bits alone */
				key[i] = (int64_t)(x & 0xf) << 59;
			}
		}
		check_sorts(key, N);
	}
}

static void a_permutation_of_other_numbers(void **state)
{
	enum { N = 500 };
	static int64_t key[10 * N];
	static uint32_t v[N];
	struct rng r = { 20 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(key); i++)
		key[i] = rng_below(&r, 50);
	for (size_t i = 0; i < N; i++)
		v[i] = (uint32_t)i * 10;
	sort_u32(v, N, by_key, key);
	for (size_t i = 1; i < N; i++)
		assert_true(key[v[i - 1]] < key[v[i]] ||
			    (key[v[i - 1]] == key[v[i]] && v[i - 1] < v[i]));
}

static size_t comparisons;

static int counted(uint32_t a, uint32_t b, const void *context)
{
	comparisons++;
	return by_key(a, b, context);
}

static void order_is_cheap(void **state)
{
	enum { N = 100000 };
	static int64_t key[N];
	static uint32_t v[N];

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		key[i] = i;
		v[i] = i;
	}
	sort_u32(v, N, counted, key);
	assert_true(comparisons < 2 * N);
	comparisons = 0;
	for (uint32_t i = 0; i < N; i++)
		v[i] = N - 1 - i;
	sort_u32(v, N, counted, key);
	assert_true(comparisons < 20 * N);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(v[i], i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_and_one),
		cmocka_unit_test(short_lists),
		cmocka_unit_test(keys_of_every_kind),
		cmocka_unit_test(a_permutation_of_other_numbers),
		cmocka_unit_test(order_is_cheap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
