/* SPDX-License-Identifier: BSD-3-Clause */
/* read_size.c - lesson 12: the cost of reading user memory, by size */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#define ROUNDS	1000 /* the same number as in the BPF text */
#define RUNS	20
#define LARGEST 16000

static bool reads_arrived(const struct ebt_demo_obj *obj, const char *want, size_t size)
{
	int n = libbpf_num_possible_cpus();
	_cleanup_free_ char *all = calloc((size_t)n, LARGEST);
	uint32_t zero = 0;

	if (!all || bpf_map_lookup_elem(ebt_demo_map(obj, "buffer"), &zero, all))
		return false;
	/* The bytes arrived on the CPU that ran the program, which may be any. */
	for (int i = 0; i < n; i++) {
		if (memcmp(all + (size_t)i * LARGEST, want, size) == 0)
			return true;
	}
	return false;
}

/* Measure ns per read in the fastest run, because other work disturbs the slower ones. */
static int one_size(struct ebt_demo *d, const struct ebt_demo_obj *obj, unsigned size, double *ns)
{
	_cleanup_free_ char *from = malloc(LARGEST);
	int took = ebt_demo_map(obj, "took_ns");
	char name[32];
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = name };
	int err;

	if (!from)
		return -ENOMEM;
	memset(from, 'a' + (int)(size % 23), LARGEST);
	snprintf(name, sizeof(name), "read_%u", size);
	err = ebt_demo_must_load(d, obj, &prog);
	for (int i = 0; i < RUNS && !err; i++) {
		uint64_t before = ebt_demo_percpu_sum(took, 0);
		double each;

		err = ebt_demo_must_run(d, &prog, (uintptr_t)from, 0);
		each = (double)(ebt_demo_percpu_sum(took, 0) - before) / ROUNDS;
		if (i == 0 || each < *ns)
			*ns = each;
	}
	if (err)
		return err;
	printf("   %5u bytes: %8.1f ns per read, %8.3f ns per byte\n", size, *ns, *ns / size);
	if (!reads_arrived(obj, from, size))
		ebt_demo_expect(d, false, "the bytes arrived");
	return 0;
}

int ebt_demo_read_size(struct ebt_demo *d)
{
	static const unsigned sizes[] = { 1, 16, 100, 1000, LARGEST };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	double ns[EBT_ARRAY_SIZE(sizes)] = { 0 };
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "Reading user memory, %d times; the quickest of %d runs", ROUNDS, RUNS);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(sizes) && !err; i++)
		err = one_size(d, &obj, sizes[i], &ns[i]);
	if (err)
		return err;
	ebt_demo_expect(d, ns[4] > ns[0], "16,000 bytes take longer than one");
	ebt_demo_expect(d, ns[4] / 16000 < ns[0] / 4,
			"a byte in a large read costs less than a quarter of a single one");
	return 0;
}

int ebt_demo_read_size_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "read_16000" };
	int err = ebt_demo_open(d, &obj, bad);

	if (err)
		return err;
	ebt_demo_stage(d, "16,000 bytes into a value of 1,000");
	ebt_demo_load(d, &obj, &prog);
	ebt_demo_refused(d, &prog, 5, "invalid access to map value");
	return 0;
}
