/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 17: read three members of task_struct without kernel headers. Their offsets differ between
 * kernels; each is a 64-bit load of a number that no offset can have, which the loader replaces. */
#define OFF(member)                                                                              \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})

struct result {
	u32 tgid, parent_tgid;
	char comm[16];
};
BPF_ARRAY(results, struct result, 1);

int read_task(void *ctx)
{
	u64 task = bpf_get_current_task(), parent = 0;
	u32 zero = 0;
	struct result *r = results.lookup(&zero);

	if (!r)
		return 0;
	bpf_probe_read_kernel(&r->tgid, 4, (void *)(task + OFF(TASK_TGID)));
	bpf_probe_read_kernel(&r->comm, 16, (void *)(task + OFF(TASK_COMM)));
	bpf_probe_read_kernel(&parent, 8, (void *)(task + OFF(TASK_REAL_PARENT)));
	bpf_probe_read_kernel(&r->parent_tgid, 4, (void *)(parent + OFF(TASK_TGID)));
	return 0;
}
