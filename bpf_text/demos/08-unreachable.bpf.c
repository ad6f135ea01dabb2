/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lesson 8: an instruction that no way leads to is refused. One that the verifier finds to be never
 * reached, because a condition is always false, is taken out.
 */
BPF_ARRAY(counts, u64, 2);

int with_feature(void *ctx)
{
	u32 zero = 0, one = 1;
	u64 feature, *n = counts.lookup(&zero);

	if (!n)
		return 0;
	*n += 1;
#ifdef BAD_EXAMPLE
	/* A jump over an instruction that nobody else jumps to. */
	asm volatile("goto +1; %0 = 1" : "=r"(feature));
#else
	/* Clang cannot look into this, the verifier can: feature is 0. */
	asm volatile("%0 = 0" : "=r"(feature));
	if (feature) {
		u64 *m = counts.lookup(&one);

		if (m)
			*m += bpf_ktime_get_ns() * bpf_get_prandom_u32();
	}
#endif
	return 0;
}
