/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 9: the verifier follows a loop iteration by iteration, as the kernel would execute it. */
#ifndef ROUNDS
#define ROUNDS 100
#endif

BPF_HASH(values, u32, u64, 4);

static inline u64 *value(u32 key)
{
	return values.lookup(&key);
}

#ifndef BAD_EXAMPLE
int bounded(void *ctx)
{
	u64 *sum = value(1);

	if (!sum)
		return 0;
#pragma clang loop unroll(disable)
	for (u32 i = 1; i <= ROUNDS; i++)
		*(volatile u64 *)sum += i;
	return 0;
}

int unrolled(void *ctx)
{
	u64 *sum = value(2);

	if (!sum)
		return 0;
#pragma clang loop unroll(full)
	for (u32 i = 1; i <= 100; i++)
		*(volatile u64 *)sum += i;
	return 0;
}
#else
/* This loop ends when somebody else changes the value. */
int endless(void *ctx)
{
	volatile u64 *flag = value(1);

	if (!flag)
		return 0;
	while (*flag)
		;
	return 0;
}

/* This loop ends after the number of rounds in the map. */
int from_map(void *ctx)
{
	u64 *n = value(1), *sum = value(2);

	if (!n || !sum)
		return 0;
#pragma clang loop unroll(disable)
	for (u64 i = 0, end = *n; i < end; i++)
		*(volatile u64 *)sum += i;
	return 0;
}

/* This loop visibly ends, but only after a million rounds. */
int too_long(void *ctx)
{
	u64 *sum = value(2);

	if (!sum)
		return 0;
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < 1000000; i++)
		*(volatile u64 *)sum += i;
	return 0;
}
#endif
