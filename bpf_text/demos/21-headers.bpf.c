/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 21: read the same member twice, at the offset from the kernel's headers and at the offset
 * from its BTF. */
#ifdef WITH_HEADERS
#include <linux/sched.h>
#else
#define OFF(member)                                                                              \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})
#endif

struct result {
	u32 tgid, pid;
};
BPF_ARRAY(results, struct result, 1);

int read_task(void *ctx)
{
	u64 task = bpf_get_current_task();
	u32 zero = 0;
	struct result *r = results.lookup(&zero);

	if (!r)
		return 0;
#ifdef WITH_HEADERS
	bpf_probe_read_kernel(&r->tgid, 4, &((struct task_struct *)task)->tgid);
	bpf_probe_read_kernel(&r->pid, 4, &((struct task_struct *)task)->pid);
#else
	bpf_probe_read_kernel(&r->tgid, 4, (void *)(task + OFF(TASK_TGID)));
	bpf_probe_read_kernel(&r->pid, 4, (void *)(task + OFF(TASK_PID)));
#endif
	return 0;
}
