/* SPDX-License-Identifier: BSD-3-Clause */
/* map_kinds.c - lesson 13: the cost of lookups and updates in four kinds of map */
#include <bpf/bpf.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#define ENTRIES 1000 /* the same number as in the BPF text */
#define RUNS	50

struct result {
	uint64_t ns, hits;
};

/* Measure ns per operation in the fastest run, because other work disturbs the slower ones. Fail
 * when an operation did not find its element. */
static int kinds_measure(struct ebt_demo *d, const struct ebt_demo_obj *obj, const char *what,
			 const char *map, double *ns)
{
	char name[32];
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = name };
	uint32_t zero = 0;
	int results = ebt_demo_map(obj, "results"), err;

	snprintf(name, sizeof(name), "%s_%s", what, map);
	err = ebt_demo_must_load(d, obj, &prog);
	for (int i = 0; i < RUNS && !err; i++) {
		struct result r = { 0 };
		double each;

		bpf_map_update_elem(results, &zero, &r, BPF_ANY);
		err = ebt_demo_must_run(d, &prog, 0, 0);
		bpf_map_lookup_elem(results, &zero, &r);
		each = (double)r.ns / ENTRIES;
		if (i == 0 || each < *ns)
			*ns = each;
		/* With a per-CPU map, a run on another CPU may not find the elements that this CPU
		 * inserted. */
		if (!err && r.hits != ENTRIES && strncmp(map, "percpu", 6) != 0)
			ebt_demo_expect(d, false, "%s: %llu of %d", name,
					(unsigned long long)r.hits, ENTRIES);
	}
	return err;
}

int ebt_demo_map_kinds(struct ebt_demo *d)
{
	static const char *const maps[] = { "array", "percpu_array", "hash", "percpu_hash" };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	double lookup[4] = { 0 }, update[4] = { 0 };
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "%d elements of 8 bytes; the quickest of %d runs", ENTRIES, RUNS);
	printf("   %-14s %14s %14s\n", "", "ns per lookup", "ns per update");
	for (size_t i = 0; i < EBT_ARRAY_SIZE(maps) && !err; i++) {
		err = kinds_measure(d, &obj, "update", maps[i], &update[i]);
		if (!err)
			err = kinds_measure(d, &obj, "lookup", maps[i], &lookup[i]);
		if (!err)
			printf("   %-14s %14.1f %14.1f\n", maps[i], lookup[i], update[i]);
	}
	if (err)
		return err;
	ebt_demo_expect(d, lookup[0] < lookup[2],
			"an array is found by arithmetic, a hash by searching");
	ebt_demo_expect(d, update[0] < update[2], "and a hash locks a bucket to be changed");
	return 0;
}
