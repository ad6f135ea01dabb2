/* SPDX-License-Identifier: BSD-3-Clause */
/* unreachable.c - lesson 8: unreachable instructions */
#include <stdlib.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

int ebt_demo_unreachable(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "with_feature" };
	struct ebt_demo_dump dump = { 0 };
	_cleanup_free_ struct bpf_insn *insns = NULL;
	uint32_t n = 0;
	int err;

	ebt_demo_stage(d, "A feature that is switched off by a constant");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	insns = ebt_demo_insns(&obj, prog.name, &n);
	err = ebt_demo_dump(prog.fd, &dump);
	if (err)
		return ebt_demo_fail(d, err, "cannot look into the program");
	printf("   clang made %u instructions\n", n);
	printf("   the verifier followed %u\n", prog.processed);
	printf("   the kernel kept %u\n", dump.n_xlated);
	if (!dump.n_xlated)
		err = ebt_demo_lacks(d, "translated instructions for this user");
	else
		ebt_demo_expect(d, dump.n_xlated < n && prog.processed < n,
				"what is never reached is gone");
	ebt_demo_dump_free(&dump);
	return err;
}

int ebt_demo_unreachable_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "with_feature" };
	int err;

	ebt_demo_stage(d, "An instruction behind a jump, and no other way to it");
	err = ebt_demo_open(d, &obj, bad);
	if (err)
		return err;
	ebt_demo_load(d, &obj, &prog);
	ebt_demo_refused(d, &prog, 0, "unreachable insn");
	return 0;
}
