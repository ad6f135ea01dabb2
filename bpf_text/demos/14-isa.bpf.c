/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lesson 14: a function with an instruction of nearly every class.
 */
BPF_HASH(counts, u64, u64, 64);

int example(struct bpf_raw_tracepoint_args *ctx)
{
	u64 key = ctx->args[0] & 63;  /* load, arithmetic, store to the stack */
	u64 *n = counts.lookup(&key); /* wide load, call */

	if (n)				    /* jump */
		__sync_fetch_and_add(n, 2); /* atomic addition */
	return 0;			    /* exit */
}
