/* SPDX-License-Identifier: BSD-3-Clause */
/* bad_pointer.c - lesson 6: a wrong address makes a helper fail instead of crashing the kernel */
#include <bpf/bpf.h>
#include <unistd.h>

#include "base/failure.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

struct result {
	uint64_t by_helper, by_task, wrong_address;
};

int ebt_demo_bad_pointer(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "read_tgid" };
	struct result r = { 0 };
	uint32_t zero = 0;
	int err;

	ebt_demo_stage(d, "Compile and load: task->tgid through bpf_probe_read_kernel");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	ebt_demo_expect(d, !prog.err, "accepted");
	ebt_demo_stage(d, "Run it once, in this process");
	err = ebt_demo_must_run(d, &prog, 0, 0);
	if (err)
		return err;
	bpf_map_lookup_elem(ebt_demo_map(&obj, "results"), &zero, &r);
	printf("   getpid() says %d, the helper %llu, the task itself %llu\n", getpid(),
	       (unsigned long long)r.by_helper, (unsigned long long)r.by_task);
	ebt_demo_expect(d, r.by_task == (uint64_t)getpid(), "all the same");
	printf("   reading address 8, a member behind NULL: %s\n",
	       ebt_strerror((int)-(int64_t)r.wrong_address));
	ebt_demo_expect(d, (int64_t)r.wrong_address < 0,
			"a wrong address is an error, not a crash");
	return 0;
}

int ebt_demo_bad_pointer_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "read_tgid" };
	int err;

	ebt_demo_stage(d, "A plain dereference of the task's address");
	err = ebt_demo_open(d, &obj, bad);
	if (err)
		return err;
	ebt_demo_load(d, &obj, &prog);
	ebt_demo_refused(d, &prog, 6, "invalid mem access 'scalar'|invalid mem access 'inv'");
	return 0;
}
