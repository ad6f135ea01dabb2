/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 19: send the same records through a ring, which all CPUs share, and through a perf buffer,
 * which each CPU has. args[0] is the number of records. */
#ifndef RING_PAGES
#define RING_PAGES 64
#endif

struct record {
	u64 bytes[8];
};
struct result {
	u64 ns, sent, failed;
};
BPF_RINGBUF_OUTPUT(ring, RING_PAGES);
BPF_PERF_OUTPUT(perf);
BPF_ARRAY(results, struct result, 1);

static inline struct result *get_result(void)
{
	u32 zero = 0;

	return results.lookup(&zero);
}

static inline void account(struct result *r, long err)
{
	r->sent += 1;
	r->failed += err != 0;
}

/* Wake the reader if it sleeps. */
int ring_waking(struct bpf_raw_tracepoint_args *ctx)
{
	struct record rec = {};
	struct result *r = get_result();
	u64 begin_ns = bpf_ktime_get_ns();

	if (!r)
		return 0;
#pragma clang loop unroll(disable)
	for (u64 i = 0; i < 1000 && i < ctx->args[0]; i++)
		account(r, ring.ringbuf_output(&rec, sizeof(rec), 0));
	r->ns += bpf_ktime_get_ns() - begin_ns;
	return 0;
}

/* Do not wake the reader, which polls. */
int ring_silent(struct bpf_raw_tracepoint_args *ctx)
{
	struct record rec = {};
	struct result *r = get_result();
	u64 begin_ns = bpf_ktime_get_ns();

	if (!r)
		return 0;
#pragma clang loop unroll(disable)
	for (u64 i = 0; i < 1000 && i < ctx->args[0]; i++)
		account(r, ring.ringbuf_output(&rec, sizeof(rec), BPF_RB_NO_WAKEUP));
	r->ns += bpf_ktime_get_ns() - begin_ns;
	return 0;
}

int perf_buffer(struct bpf_raw_tracepoint_args *ctx)
{
	struct record rec = {};
	struct result *r = get_result();
	u64 begin_ns = bpf_ktime_get_ns();

	if (!r)
		return 0;
#pragma clang loop unroll(disable)
	for (u64 i = 0; i < 1000 && i < ctx->args[0]; i++)
		account(r, perf.perf_submit(ctx, &rec, sizeof(rec)));
	r->ns += bpf_ktime_get_ns() - begin_ns;
	return 0;
}
