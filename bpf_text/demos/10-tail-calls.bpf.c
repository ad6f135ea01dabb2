/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 10: a tail call replaces the running program by another one, with the same context and a
 * fresh stack, and never returns. The programs pass data to each other through a map. */
BPF_PROG_ARRAY(chain, 4);
BPF_ARRAY(runs, u64, 4);
BPF_ARRAY(order, u64, 1);

static inline void count(u32 key)
{
	u64 *n = runs.lookup(&key);

	if (n)
		*n += 1;
}

/* Slot 0: call this program again until the kernel refuses. */
int again(void *ctx)
{
	count(0);
	chain.call(ctx, 0);
	count(1); /* only reached when the call did not happen */
	return 0;
}

/* Slots 1, 2 and 3: each program appends its digit. */
static inline void digit(u64 v)
{
	u32 zero = 0;
	u64 *at = order.lookup(&zero);

	if (at)
		*at = *at * 10 + v;
}

int first(void *ctx)
{
	digit(1);
	chain.call(ctx, 2);
	count(2);
	return 0;
}

int second(void *ctx)
{
	digit(2);
	chain.call(ctx, 3);
	count(2);
	return 0;
}

int third(void *ctx)
{
	digit(3);
	return 0;
}
