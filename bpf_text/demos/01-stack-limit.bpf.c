/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 1: an exec tracer whose working memory is three times as large as the stack.
 *
 * With BAD_EXAMPLE_STACK the three structs are variables of the function. Without it they are
 * elements of per-CPU arrays. Nothing else differs. */
struct big_event {
	u32 pid;
	u64 timestamp;
	char comm[16];
	char data[512];
};

struct extra_buffer {
	char buf1[256];
	char buf2[256];
	u64 values[32];
};

struct local_data {
	char bytes[256];
};

BPF_RINGBUF_OUTPUT(events, 64);
BPF_PERCPU_ARRAY(event_scratch, struct big_event, 1);
BPF_PERCPU_ARRAY(extra_scratch, struct extra_buffer, 1);
BPF_PERCPU_ARRAY(local_scratch, struct local_data, 1);

/* Make the compiler treat every byte of *p as used, so that it cannot drop the variable or keep
 * only some of its bytes. */
#define KEEP(p) asm volatile("" : : "r"(p) : "memory")

int trace_exec(void *ctx)
{
#ifdef BAD_EXAMPLE_STACK
	struct big_event event_on_stack, *event = &event_on_stack;
	struct extra_buffer extra_on_stack, *extra = &extra_on_stack;
	struct local_data local_on_stack, *local = &local_on_stack;
#else
	u32 zero = 0;
	struct big_event *event = event_scratch.lookup(&zero);
	struct extra_buffer *extra = extra_scratch.lookup(&zero);
	struct local_data *local = local_scratch.lookup(&zero);

	if (!event || !extra || !local)
		return 0;
#endif
	/* Fill the event. */
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->timestamp = bpf_ktime_get_ns();
	bpf_get_current_comm(event->comm, sizeof(event->comm));

	/* Extra buffer: store all over it. */
#pragma unroll
	for (int i = 0; i < 32; i++) {
		extra->values[i] = event->timestamp + i;
		extra->buf1[i * 8] = event->pid + i;
		extra->buf2[255 - i * 8] = event->pid - i;
	}
	KEEP(extra);

	/* Local data. */
#pragma unroll
	for (int i = 0; i < 32; i++)
		local->bytes[i * 8] = extra->buf1[i * 8] ^ extra->buf2[255 - i * 8];
	KEEP(local);

	/* The data: clear it first, because a reused element still holds the data of the last
	 * event. */
#pragma unroll
	for (int i = 0; i < 512; i += 8)
		*(u64 *)&event->data[i] = extra->values[i / 16];
	event->data[0] = event->pid;
	event->data[1] = event->pid >> 8;
	event->data[2] = local->bytes[0];
	event->data[3] = local->bytes[8];
	KEEP(event);

	/* Send it. */
	events.ringbuf_output(event, sizeof(*event), 0);
	return 0;
}
