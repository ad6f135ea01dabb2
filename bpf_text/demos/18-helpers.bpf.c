/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 18: count events by kernel stack. The program does not read its context, so it could be of
 * any type. */
BPF_TABLE("stacktrace", int, struct bpf_stacktrace, stacks, 256);
BPF_HASH(counts, u32, u64, 256);

int counts_stacks(void *ctx)
{
	u32 stack = stacks.get_stackid(ctx, 0);

	counts.increment(stack);
	return 0;
}
