/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lesson 5: the context of a raw tracepoint is an array of 64-bit arguments. sched_process_exec has
 * three: task, old thread id, struct linux_binprm.
 */
struct note {
	u32 pid, old_tid;
};
BPF_RINGBUF_OUTPUT(notes, 64);
BPF_ARRAY(sink, u64, 1);

#ifndef BAD_EXAMPLE
int read_args(struct bpf_raw_tracepoint_args *ctx)
{
	struct note note = {
		.pid = bpf_get_current_pid_tgid() >> 32,
		.old_tid = ctx->args[1],
	};

	notes.ringbuf_output(&note, sizeof(note), 0);
	return 0;
}
#else
static inline void keep(u64 v)
{
	u32 zero = 0;
	u64 *at = sink.lookup(&zero);

	if (at)
		*at = v;
}

/* Read beyond the 12 arguments that a raw tracepoint can have at most. */
int read_beyond(struct bpf_raw_tracepoint_args *ctx)
{
	keep(ctx->args[12]);
	return 0;
}

int write_args(struct bpf_raw_tracepoint_args *ctx)
{
	*(volatile u64 *)&ctx->args[0] = 0;
	return 0;
}

/* Read within the 12, but beyond the three arguments of this tracepoint. */
int read_fifth(struct bpf_raw_tracepoint_args *ctx)
{
	keep(ctx->args[4]);
	return 0;
}
#endif
