/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 12: the cost of bpf_probe_read_user, by size. args[0] is an address in the process that
 * runs the program. */
#define ROUNDS 1000

struct buffer {
	char bytes[16000];
};
struct small_buffer {
	char bytes[1000];
};
BPF_PERCPU_ARRAY(buffer, struct buffer, 1);
BPF_PERCPU_ARRAY(small_buffer, struct small_buffer, 1);
BPF_PERCPU_ARRAY(took_ns, u64, 1);

/* A function, because libbcc does not find map functions inside macros. */
static inline u64 *get_took(void)
{
	u32 zero = 0;

	return took_ns.lookup(&zero);
}
static inline struct buffer *get_buffer(void)
{
	u32 zero = 0;

	return buffer.lookup(&zero);
}
static inline struct small_buffer *get_small_buffer(void)
{
	u32 zero = 0;

	return small_buffer.lookup(&zero);
}

#define READ(size, place)                                                              \
	int read_##size(struct bpf_raw_tracepoint_args *ctx)                           \
	{                                                                              \
		u64 *took = get_took();                                                \
		struct place *to = get_##place();                                      \
		void *from = (void *)ctx->args[0];                                     \
		u64 begin_ns = bpf_ktime_get_ns();                                     \
                                                                                       \
		if (!took || !to)                                                      \
			return 0;                                                      \
		_Pragma("clang loop unroll(disable)") for (int i = 0; i < ROUNDS; i++) \
		{                                                                      \
			bpf_probe_read_user(to->bytes, size, from);                    \
		}                                                                      \
		*took += bpf_ktime_get_ns() - begin_ns;                                \
		return 0;                                                              \
	}

#ifdef BAD_EXAMPLE
READ(16000, small_buffer)
#else
READ(1, buffer)
READ(16, buffer)
READ(100, buffer)
READ(1000, buffer)
READ(16000, buffer)
#endif
