/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lesson 15: a small function to look at in three forms.
 */
BPF_ARRAY(counts, u64, 64);

int example(struct bpf_raw_tracepoint_args *ctx)
{
	u32 key = ctx->args[0];
	u64 *n = counts.lookup(&key);

	if (n)
		*n += 1;
	return 0;
}
