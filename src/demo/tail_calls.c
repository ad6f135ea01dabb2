/* SPDX-License-Identifier: BSD-3-Clause */
/* tail_calls.c - lesson 10: chains of tail calls */
#include <bpf/bpf.h>

#include "base/failure.h"
#include "demo/insns.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

static uint64_t tails_element(const struct ebt_demo_obj *obj, const char *map, uint32_t key)
{
	uint64_t v = 0;

	bpf_map_lookup_elem(ebt_demo_map(obj, map), &key, &v);
	return v;
}

static int tails_put(struct ebt_demo *d, const struct ebt_demo_obj *obj, uint32_t slot,
		     const struct ebt_demo_prog *prog)
{
	uint32_t fd = (uint32_t)prog->fd;
	int err = bpf_map_update_elem(ebt_demo_map(obj, "chain"), &slot, &fd, BPF_ANY);

	return err ? ebt_demo_fail(d, err, "cannot put %s into slot %u", prog->name, slot) : 0;
}

static int run_chain(struct ebt_demo *d, const struct ebt_demo_obj *obj)
{
	_cleanup_prog_ struct ebt_demo_prog first = { .name = "first" };
	_cleanup_prog_ struct ebt_demo_prog second = { .name = "second" };
	_cleanup_prog_ struct ebt_demo_prog third = { .name = "third" };
	int err = ebt_demo_must_load(d, obj, &first);

	if (!err)
		err = ebt_demo_must_load(d, obj, &second);
	if (!err)
		err = ebt_demo_must_load(d, obj, &third);
	if (!err)
		err = tails_put(d, obj, 2, &second);
	if (!err)
		err = tails_put(d, obj, 3, &third);
	if (!err)
		err = ebt_demo_must_run(d, &first, 0, 0);
	if (err)
		return err;
	printf("   the digits they wrote: %llu\n",
	       (unsigned long long)tails_element(obj, "order", 0));
	ebt_demo_expect(d, tails_element(obj, "order", 0) == 123, "first, second, third");
	ebt_demo_expect(d, tails_element(obj, "runs", 2) == 0, "none of them was returned to");
	return 0;
}

int ebt_demo_tail_calls(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog again = { .name = "again" };
	uint64_t runs, back;
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "A chain of three programs");
	err = run_chain(d, &obj);
	if (err)
		return err;
	ebt_demo_stage(d, "A program that calls itself");
	err = ebt_demo_must_load(d, &obj, &again);
	if (!err)
		err = tails_put(d, &obj, 0, &again);
	if (!err)
		err = ebt_demo_must_run(d, &again, 0, 0);
	if (err)
		return err;
	runs = tails_element(&obj, "runs", 0);
	back = tails_element(&obj, "runs", 1);
	printf("   it ran %llu times: once by itself, %llu times by tail call\n",
	       (unsigned long long)runs, (unsigned long long)runs - 1);
	ebt_demo_expect(d, runs == 34 || runs == 33, "33 tail calls are the limit");
	ebt_demo_expect(d, back == 1, "the one too many did nothing, the program went on");
	return 0;
}

int ebt_demo_tail_calls_bad(struct ebt_demo *d)
{
	static const struct bpf_insn insns[] = { MOV64_IMM(BPF_REG_0, 0), EXIT() };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog first = { .name = "first" };
	_cleanup_prog_ struct ebt_demo_prog filter = { .name = "filter",
						       .type = BPF_PROG_TYPE_SOCKET_FILTER };
	uint32_t slot = 2, fd;
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "A tail call to an empty slot");
	err = ebt_demo_must_load(d, &obj, &first);
	if (!err)
		err = ebt_demo_must_run(d, &first, 0, 0);
	if (err)
		return err;
	printf("   the digits they wrote: %llu\n",
	       (unsigned long long)tails_element(&obj, "order", 0));
	ebt_demo_expect(d, tails_element(&obj, "runs", 2) == 1,
			"no error: the program just goes on");
	ebt_demo_stage(d, "A socket filter in a chain of raw tracepoint programs");
	ebt_demo_load_insns(&filter, insns, EBT_ARRAY_SIZE(insns));
	fd = (uint32_t)filter.fd;
	err = bpf_map_update_elem(ebt_demo_map(&obj, "chain"), &slot, &fd, BPF_ANY);
	printf("   putting it into slot 2: %s\n", err ? ebt_strerror(-err) : "done");
	ebt_demo_expect(d, err == -EINVAL, "a program array holds programs of one type");
	return 0;
}
