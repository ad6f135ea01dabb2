/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 6: the address of the current task is only a number. A helper that survives a wrong
 * address reads the task's members. */
#define OFF(member)                                                                              \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})

struct result {
	u64 by_helper, by_task, wrong_address;
};
BPF_ARRAY(results, struct result, 1);

int read_tgid(void *ctx)
{
	u64 task = bpf_get_current_task();
	u32 zero = 0, tgid = 0;
	struct result *r = results.lookup(&zero);

	if (!r)
		return 0;
	/* libbcc would turn a plain dereference into bpf_probe_read; the barrier hides from it
	 * where the number comes from. */
	asm volatile("" : "+r"(task));
#ifdef BAD_EXAMPLE
	tgid = *(u32 *)(task + OFF(TASK_TGID));
#else
	bpf_probe_read_kernel(&tgid, sizeof(tgid), (void *)(task + OFF(TASK_TGID)));
	r->wrong_address = bpf_probe_read_kernel(&zero, sizeof(zero), (void *)8);
#endif
	r->by_helper = bpf_get_current_pid_tgid() >> 32;
	r->by_task = tgid;
	return 0;
}
