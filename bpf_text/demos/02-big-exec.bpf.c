/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Lesson 2: read all arguments of an exec through a buffer that is eight times as large as the
 * stack, although the arguments may be hundreds of times as large as the buffer.
 *
 * CHUNK is the size of the buffer in bytes, CHUNKS how often it is filled for one exec. */
#ifndef CHUNK
#define CHUNK 4096
#endif
#ifndef CHUNKS
#define CHUNKS 1
#endif

/* The offset of a kernel struct member; the loader replaces the number (lesson 17). */
#define OFF(member)                                                                              \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})
#define GET(type, base, member)                                                             \
	({                                                                                  \
		type val_;                                                                  \
		bpf_probe_read_kernel(&val_, sizeof(val_), (void *)((base) + OFF(member))); \
		val_;                                                                       \
	})

struct piece {
	u32 pid;
	u32 total;  /* bytes of all arguments together */
	u32 offset; /* offset of this piece in them */
	u32 len;
	char bytes[CHUNK];
};

BPF_RINGBUF_OUTPUT(pieces, 2048);
BPF_ARRAY(parent, u32, 1); /* only children of this process are traced */
#ifndef BAD_EXAMPLE
BPF_PERCPU_ARRAY(scratch, struct piece, 1);
#endif

int trace_exec(void *ctx)
{
	u64 task = bpf_get_current_task();
	u64 up = GET(u64, task, TASK_REAL_PARENT);
	u32 zero = 0, ppid = GET(u32, up, TASK_TGID);
	u32 *wanted = parent.lookup(&zero);
#ifdef BAD_EXAMPLE
	struct piece on_stack, *p = &on_stack;
#else
	struct piece *p = scratch.lookup(&zero);
#endif

	if (!p || !wanted || *wanted != ppid)
		return 0;
	u64 mm = GET(u64, task, TASK_MM);
	u64 begin = GET(u64, mm, MM_ARG_START);
	p->pid = bpf_get_current_pid_tgid() >> 32;
	p->total = GET(u64, mm, MM_ARG_END) - begin;
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < CHUNKS; i++) {
		u64 offset = (u64)i * CHUNK, len = p->total - offset;

		if (offset >= p->total)
			break;
		/* The verifier must see the bound in the register that the helpers get. */
		asm volatile("" : "+r"(len));
		if (len > CHUNK)
			len = CHUNK;
		p->offset = offset;
		p->len = len;
		if (bpf_probe_read_user(p->bytes, len, (void *)(begin + offset)))
			break;
		pieces.ringbuf_output(p, __builtin_offsetof(struct piece, bytes) + len, 0);
	}
	return 0;
}
