/* SPDX-License-Identifier: BSD-3-Clause */
/* big_hash.c - lesson 3: a 4 KB value in a hash */
#include <bpf/bpf.h>
#include <stdlib.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

#define NAMES 64

struct history {
	uint64_t execs;
	char names[NAMES][64];
};

static int show_history(struct ebt_demo *d, const struct ebt_demo_obj *obj, pid_t pid)
{
	_cleanup_free_ struct history *h = calloc(1, sizeof(*h));
	uint32_t key = (uint32_t)pid;
	bool clean = true;
	char name[80];

	if (!h)
		return -ENOMEM;
	if (bpf_map_lookup_elem(ebt_demo_map(obj, "histories"), &key, h)) {
		ebt_demo_expect(d, false, "the process is in the hash");
		return 0;
	}
	printf("   process %u executed %llu programs:", key, (unsigned long long)h->execs);
	for (unsigned i = 0; i < h->execs && i < NAMES; i++)
		printf(" %s", ebt_demo_safe(name, sizeof(name), h->names[i], 16));
	printf("\n");
	ebt_demo_expect(d, h->execs == 3, "three programs in one process");
	for (unsigned i = 3; i < NAMES; i++)
		clean &= h->names[i][0] == 0;
	ebt_demo_expect(d, clean, "the %d names behind them are zeros", NAMES - 3);
	return 0;
}

int ebt_demo_big_hash(struct ebt_demo *d)
{
	static const char *const argv[] = { "/bin/sh", "-c", "exec /bin/sh -c 'exec /bin/true'",
					    NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	_cleanup_prog_ struct ebt_demo_prog prog = { .name = "trace_exec" };
	_cleanup_close_ int link = -1;
	int err;

	ebt_demo_stage(d, "Compile and load");
	err = ebt_demo_open(d, &obj, NULL);
	if (!err)
		err = ebt_demo_must_load(d, &obj, &prog);
	if (err)
		return err;
	printf("   value of the hash: %u bytes, %u elements; initial value: one element of an "
	       "array\n",
	       ebt_demo_map_spec(&obj, "histories")->value_size,
	       ebt_demo_map_spec(&obj, "histories")->max_entries);
	ebt_demo_expect(d, ebt_demo_map_spec(&obj, "zeros")->value_size == sizeof(struct history),
			"%zu bytes of zeros, none of them on the stack", sizeof(struct history));
	ebt_demo_stage(d, "A process that executes sh, sh and true, one after the other");
	link = ebt_demo_attach(d, &prog, "sched_process_exec");
	if (link < 0)
		return link;
	return show_history(d, &obj, ebt_demo_run_program(argv, NULL));
}

int ebt_demo_big_hash_bad(struct ebt_demo *d)
{
	static const char *const bad[] = { "-DBAD_EXAMPLE", NULL };
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	int err;

	ebt_demo_stage(d, "Compile with -DBAD_EXAMPLE: the zeros as a variable");
	err = ebt_demo_compile(d, &obj, bad);
	if (!ebt_demo_expect(d, err == -EIO, "clang's BPF back end refuses; it says:"))
		return err;
	ebt_demo_words(obj.words.data, 0);
	ebt_demo_expect(d, obj.words.data && strstr(obj.words.data, "stack limit of 512 bytes"),
			"it is the stack");
	return 0;
}
