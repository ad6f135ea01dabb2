/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 8: the kernel refuses an instruction that no path reaches. An instruction that is never
 * reached because a condition is always false is removed instead. */
BPF_ARRAY(counts, u64, 2);

int with_feature(void *ctx)
{
	u32 zero = 0, one = 1;
	u64 feature, *n = counts.lookup(&zero);

	if (!n)
		return 0;
	*n += 1;
#ifdef BAD_EXAMPLE
	/* Jump over an instruction that no other path reaches. */
	asm volatile("goto +1; %0 = 1" : "=r"(feature));
#else
	/* Clang cannot look into the assembly, but the verifier sees that feature is 0. */
	asm volatile("%0 = 0" : "=r"(feature));
	if (feature) {
		u64 *m = counts.lookup(&one);

		if (m)
			*m += bpf_ktime_get_ns() * bpf_get_prandom_u32();
	}
#endif
	return 0;
}
