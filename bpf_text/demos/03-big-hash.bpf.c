/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 3: a hash of the programs that each process executed, 4 KB per process.
 *
 * A new element needs an initial value in memory: 4 KB of zeros, which do not fit on the stack. The
 * element of an array that nobody writes to holds such zeros. */
#define NAMES 64

struct history {
	u64 execs;
	char names[NAMES][64];
};

BPF_HASH(histories, u32, struct history, 1024);
BPF_ARRAY(zeros, struct history, 1);

int trace_exec(void *ctx)
{
	u32 zero = 0, pid = bpf_get_current_pid_tgid() >> 32;
#ifdef BAD_EXAMPLE
	struct history on_stack, *init = &on_stack;

#pragma unroll
	for (int i = 0; i < sizeof(on_stack) / 8; i++)
		((volatile u64 *)init)[i] = 0;
#else
	struct history *init = zeros.lookup(&zero);

	if (!init)
		return 0;
#endif
	struct history *h = histories.lookup_or_try_init(&pid, init);

	if (!h) /* the hash is full */
		return 0;
	u64 n = h->execs;

	bpf_get_current_comm(h->names[n % NAMES], 16);
	h->execs = n + 1;
	return 0;
}
