/* SPDX-License-Identifier: BSD-3-Clause */
/* wrong_type.c - lesson 7: helpers check the types of their arguments */
#include <bpf/bpf.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

int ebt_demo_wrong_type(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "right_types" };
	uint32_t key = 1;
	uint64_t n = 0;
	int err;

	ebt_demo_stage(d, "Compile and load: map and key are what the helper wants");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	ebt_demo_expect(d, !prog.err, "accepted");
	ebt_demo_stage(d, "Run it five times");
	bpf_map_update_elem(ebt_demo_map(&obj, "counts"), &key, &n, BPF_ANY);
	for (int i = 0; i < 5 && !err; i++)
		err = ebt_demo_must_run(d, &prog, 0, 0);
	if (err)
		return err;
	bpf_map_lookup_elem(ebt_demo_map(&obj, "counts"), &key, &n);
	ebt_demo_expect(d, n == 5, "the element says %llu", (unsigned long long)n);
	return 0;
}

int ebt_demo_wrong_type_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	static const struct {
		const char *prog, *what, *words;
	} cases[] = {
		{ "key_as_map", "the key in place of the map", "R1 type=fp expected=map_ptr" },
		{ "number_as_key", "a number in place of the key's address",
		  "R2 type=scalar expected=fp|R2 type=inv expected=fp" },
		{ "write_into_ctx", "the context as a place to write to",
		  "R1 type=ctx expected=fp" },
	};
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	int err = ebt_demo_open(d, &obj, bad);

	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases) && !err; i++) {
		_cleanup_prog_ struct ebt_demo_prog prog = { .name = cases[i].prog };

		ebt_demo_stage(d, "A helper gets %s", cases[i].what);
		ebt_demo_load(d, &obj, &prog);
		ebt_demo_refused(d, &prog, 5, cases[i].words);
	}
	return err;
}
