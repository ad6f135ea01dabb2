/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 11: one counter that all CPUs add to atomically, compared with a counter on each CPU. */
#define ROUNDS 1000

BPF_ARRAY(shared, u64, 1);
BPF_PERCPU_ARRAY(own, u64, 1);
BPF_PERCPU_ARRAY(took_ns, u64, 1);

static inline void took(u64 begin_ns)
{
	u32 zero = 0;
	u64 *ns = took_ns.lookup(&zero);

	if (ns)
		*ns += bpf_ktime_get_ns() - begin_ns;
}

int add_shared(void *ctx)
{
	u64 begin_ns = bpf_ktime_get_ns();
	u32 zero = 0;
	u64 *n = shared.lookup(&zero);

	if (!n)
		return 0;
#pragma clang loop unroll(disable)
	for (int i = 0; i < ROUNDS; i++) {
#ifdef BAD_EXAMPLE
		/* read, add, write: another CPU can interfere in between */
		*(volatile u64 *)n += 1;
#else
		__sync_fetch_and_add(n, 1);
#endif
	}
	took(begin_ns);
	return 0;
}

int add_own(void *ctx)
{
	u64 begin_ns = bpf_ktime_get_ns();
	u32 zero = 0;
	u64 *n = own.lookup(&zero);

	if (!n)
		return 0;
#pragma clang loop unroll(disable)
	for (int i = 0; i < ROUNDS; i++)
		*(volatile u64 *)n += 1;
	took(begin_ns);
	return 0;
}
