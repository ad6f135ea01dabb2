/* SPDX-License-Identifier: BSD-3-Clause */
/* null_check.c - lesson 4: the result of a lookup must be checked for NULL */
#include <bpf/bpf.h>
#include <unistd.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#define WORKLOAD 7

int ebt_demo_null_check(struct ebt_demo *d)
{
	static const char *const argv[] = { "/bin/true", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "count_exec" };
	_cleanup_close_ int link = -1;
	uint32_t uid = getuid();
	uint64_t n = 0;
	int err;

	ebt_demo_stage(d, "Compile and load: with the check");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	ebt_demo_expect(d, !prog.err, "accepted");
	ebt_demo_stage(d, "Attach, start %d programs", WORKLOAD);
	link = ebt_demo_attach(d, &prog, "sched_process_exec");
	if (link < 0)
		return link;
	for (int i = 0; i < WORKLOAD; i++)
		ebt_demo_run_program(argv, NULL);
	bpf_map_lookup_elem(ebt_demo_map(&obj, "by_user"), &uid, &n);
	printf("   user %u executed %llu programs (others may be among them)\n", uid,
	       (unsigned long long)n);
	ebt_demo_expect(d, n >= WORKLOAD, "at least the %d that were started", WORKLOAD);
	return 0;
}

int ebt_demo_null_check_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "count_exec" };
	_cleanup_prog_ struct ebt_demo_prog array = { .name = "count_all" };
	int err;

	ebt_demo_stage(d, "Without the check: the value of a hash is used as it comes");
	err = ebt_demo_open(d, &obj, bad);
	if (err)
		return err;
	ebt_demo_load(d, &obj, &prog);
	ebt_demo_refused(d, &prog, 6, "invalid mem access 'map_value_or_null'");
	ebt_demo_stage(d, "The same with an array and the constant key 0");
	ebt_demo_load(d, &obj, &array);
	if (array.err) {
		ebt_demo_refused(d, &array, 6, "invalid mem access 'map_value_or_null'");
		return 0;
	}
	printf("   accepted: this kernel knows that element 0 of an array is there (Linux 6.14)\n");
	return 0;
}
