/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 7: every argument of a helper has a type, and the verifier knows the type of the value in
 * every register. The helpers are called by number here, because the C compiler would reject wrong
 * types. */
BPF_HASH(counts, u32, u64, 64);

static void *(*lookup_elem)(void *map, void *key) = (void *)BPF_FUNC_map_lookup_elem;
static long (*read_kernel)(void *dst, u32 size, void *src) = (void *)BPF_FUNC_probe_read_kernel;

#define COUNTS ((void *)bpf_pseudo_fd(1, -1)) /* the first map of this text */

#ifndef BAD_EXAMPLE
int right_types(void *ctx)
{
	u32 key = 1;
	u64 *n = lookup_elem(COUNTS, &key);

	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}
#else
/* R1 is the key instead of the map. */
int key_as_map(void *ctx)
{
	u32 key = 1;

	return lookup_elem(&key, &key) != 0;
}

/* R2 is a number instead of the address of the key. */
int number_as_key(void *ctx)
{
	return lookup_elem(COUNTS, (void *)1) != 0;
}

/* R1 is the context, which is not a buffer to write to. */
int write_into_ctx(void *ctx)
{
	return read_kernel(ctx, 8, 0);
}
#endif
