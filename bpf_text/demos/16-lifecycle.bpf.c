/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lesson 16: the smallest exec tracer, to follow from text to event.
 */
struct event {
	u64 mono_ns;
	u32 pid;
	char comm[16];
};
BPF_RINGBUF_OUTPUT(events, 64);

int trace_exec(void *ctx)
{
	struct event e = {};

	e.mono_ns = bpf_ktime_get_ns();
	e.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
