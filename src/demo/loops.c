/* SPDX-License-Identifier: BSD-3-Clause */
/* loops.c - lesson 9: how the verifier treats loops */
#include <bpf/bpf.h>
#include <stdlib.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

/* Load and run a loop, and check that its result is the sum of 1 to rounds. */
static int run_loop(struct ebt_demo *d, const struct ebt_demo_obj *obj, const char *name,
		    uint32_t key, uint64_t rounds, unsigned *processed)
{
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = name };
	_cleanup_free_ struct bpf_insn *insns = NULL;
	uint64_t sum = 0, want = rounds * (rounds + 1) / 2;
	uint32_t n = 0;
	int err;

	bpf_map_update_elem(ebt_demo_map(obj, "values"), &key, &sum, BPF_ANY);
	err = ebt_demo_must_load(d, obj, &prog);
	if (!err)
		err = ebt_demo_must_run(d, &prog, 0, 0);
	if (err)
		return err;
	bpf_map_lookup_elem(ebt_demo_map(obj, "values"), &key, &sum);
	insns = ebt_demo_insns(obj, name, &n);
	printf("   %-8s %5llu rounds: %4u instructions, %6u verified in %u us, sum %llu\n", name,
	       (unsigned long long)rounds, n, prog.processed, prog.verify_us,
	       (unsigned long long)sum);
	ebt_demo_expect(d, sum == want, "the sum is right");
	*processed = prog.processed;
	return 0;
}

int ebt_demo_loops(struct ebt_demo *d)
{
	static const char *const more[] = { "-DROUNDS=10000", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 }, large = { 0 };
	unsigned bounded = 0, unrolled = 0, many = 0;
	int err;

	ebt_demo_stage(d, "A bounded loop, and the same unrolled by clang");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = run_loop(d, &obj, "bounded", 1, 100, &bounded);
	if (!err)
		err = run_loop(d, &obj, "unrolled", 2, 100, &unrolled);
	if (err)
		return err;
	ebt_demo_expect(d, bounded > 100 && unrolled > 100,
			"either way the verifier sees each round");
	ebt_demo_stage(d, "A hundred times as many rounds");
	err = ebt_demo_open(d, &large, more);
	if (!err)
		err = run_loop(d, &large, "bounded", 1, 10000, &many);
	if (!err)
		ebt_demo_expect(d, many > 50 * bounded && many < 200 * bounded,
				"and a hundred times as many instructions verified");
	return err;
}

int ebt_demo_loops_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	static const struct {
		const char *prog, *what, *words;
		unsigned lines;
	} cases[] = {
		{ "endless", "Endless: until a value in a map changes", "infinite loop detected",
		  6 },
		{ "from_map", "As many rounds as a map says",
		  "BPF program is too large|infinite loop detected|The sequence of", 4 },
		{ "too_long", "A million rounds, three instructions each",
		  "BPF program is too large|The sequence of", 4 },
	};
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	int err = ebt_demo_open(d, &obj, bad);

	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases) && !err; i++) {
		_cleanup_prog_ struct ebt_demo_prog prog = { .name = cases[i].prog };

		ebt_demo_stage(d, "%s", cases[i].what);
		ebt_demo_load(d, &obj, &prog);
		ebt_demo_refused(d, &prog, cases[i].lines, cases[i].words);
		printf("   the verifier looked at %u instructions\n", prog.processed);
	}
	return err;
}
