/* SPDX-License-Identifier: BSD-3-Clause */
/* contention.c - lesson 11: one shared counter compared with a counter per CPU */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#define ROUNDS 1000u /* the same number as in the BPF text */
#define RUNS   2000u

static void run_many(void *arg, unsigned cpu)
{
	for (unsigned i = 0; i < RUNS; i++)
		ebt_demo_test_run(arg, 0, 0, -1);
}

static void contention_reset(const struct ebt_demo_obj *obj)
{
	_cleanup_free_ uint64_t *zeros = calloc((size_t)libbpf_num_possible_cpus(), sizeof(*zeros));
	uint64_t none = 0;
	uint32_t zero = 0;

	if (!zeros)
		return;
	bpf_map_update_elem(ebt_demo_map(obj, "own"), &zero, zeros, BPF_ANY);
	bpf_map_update_elem(ebt_demo_map(obj, "took_ns"), &zero, zeros, BPF_ANY);
	bpf_map_update_elem(ebt_demo_map(obj, "shared"), &zero, &none, BPF_ANY);
}

struct measured {
	uint64_t sum, want;
	double ns; /* time per update */
};

static int contention_measure(const struct ebt_demo_obj *obj, struct ebt_demo_prog *prog,
			      unsigned cpus, bool percpu, struct measured *m)
{
	uint32_t zero = 0;
	int err;

	contention_reset(obj);
	err = ebt_demo_on_cpus(cpus, run_many, prog);
	if (err)
		return err;
	m->want = (uint64_t)cpus * RUNS * ROUNDS;
	m->ns = (double)ebt_demo_percpu_sum(ebt_demo_map(obj, "took_ns"), 0) / (double)m->want;
	if (percpu)
		m->sum = ebt_demo_percpu_sum(ebt_demo_map(obj, "own"), 0);
	else
		bpf_map_lookup_elem(ebt_demo_map(obj, "shared"), &zero, &m->sum);
	return 0;
}

static int one_count(struct ebt_demo *d, const struct ebt_demo_obj *obj,
		     struct ebt_demo_prog *shared, struct ebt_demo_prog *own, unsigned cpus)
{
	struct measured s = { 0 }, o = { 0 };
	int err = contention_measure(obj, shared, cpus, false, &s);

	if (!err)
		err = contention_measure(obj, own, cpus, true, &o);
	if (err)
		return err;
	printf("   CPUs: %2u   shared: %6.2f ns per update   per CPU: %6.2f ns per update\n", cpus,
	       s.ns, o.ns);
	ebt_demo_expect(d, s.sum == s.want && o.sum == o.want, "both counted all %llu updates",
			(unsigned long long)s.want);
	return 0;
}

int ebt_demo_contention(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog shared = { .name = "add_shared" };
	_cleanup_prog_ struct ebt_demo_prog own = { .name = "add_own" };
	unsigned all = ebt_demo_cpus_online();
	int err = ebt_demo_open(d, &obj, NULL);

	if (!err)
		err = ebt_demo_must_load(d, &obj, &shared);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &own);
	if (!err)
		err = ebt_demo_must_run(d, &own, 0, 0);
	if (err)
		return err;
	ebt_demo_stage(d, "From one CPU to all of them, %u updates on each", RUNS * ROUNDS);
	for (unsigned n = 1; n <= all && !err; n = n < all && n * 2 > all ? all : n * 2)
		err = one_count(d, &obj, &shared, &own, n);
	return err;
}

int ebt_demo_contention_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog shared = { .name = "add_shared" };
	struct measured m = { 0 };
	unsigned all = ebt_demo_cpus_online();
	int err = ebt_demo_open(d, &obj, bad);

	if (!err)
		err = ebt_demo_must_load(d, &obj, &shared);
	if (!err)
		err = ebt_demo_must_run(d, &shared, 0, 0);
	if (err)
		return err;
	if (all < 2)
		return ebt_demo_lacks(d, "a second CPU to run on");
	ebt_demo_stage(d, "One counter, all CPUs, no atomic addition");
	/* On a busy machine the threads may not overlap in the first attempt, so try several
	 * times. */
	for (int i = 0; i < 50 && !err && m.sum == m.want; i++)
		err = contention_measure(&obj, &shared, all, false, &m);
	if (err)
		return err;
	printf("   made: %llu updates; counted: %llu; lost: %llu\n", (unsigned long long)m.want,
	       (unsigned long long)m.sum, (unsigned long long)(m.want - m.sum));
	ebt_demo_expect(d, m.sum < m.want, "updates are lost without an error");
	return 0;
}
