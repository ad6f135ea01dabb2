/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 4: count execs by user. A lookup returns a pointer or NULL, and the verifier knows
 * that. */
BPF_HASH(by_user, u32, u64, 1024);
BPF_ARRAY(all, u64, 1);

int count_exec(void *ctx)
{
	u32 uid = bpf_get_current_uid_gid();
	u64 *n = by_user.lookup(&uid);

#ifndef BAD_EXAMPLE
	if (!n) {
		u64 one = 1;

		by_user.update(&uid, &one);
		return 0;
	}
#endif
	__sync_fetch_and_add(n, 1);
	return 0;
}

#ifdef BAD_EXAMPLE
/* Element 0 of an array always exists. Does the verifier know that, too? */
int count_all(void *ctx)
{
	u32 zero = 0;
	u64 *n = all.lookup(&zero);

	__sync_fetch_and_add(n, 1);
	return 0;
}
#endif
