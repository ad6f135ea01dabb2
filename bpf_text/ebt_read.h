/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_read.h - kernel memory by member: first of all texts.
 */
/* clang-format off */
#define BPF_LICENSE Dual BSD/GPL
/* clang-format on */

/*
 * Place of a kernel struct member, known when the program is loaded. `volatile`: every use keeps an
 * instruction of its own for the loader to patch, which the optimiser cannot fold into another
 * constant.
 */
#define EBT_OFF(member)                                                                          \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})

/*
 * Reads base->member into *dst (its size); zeros when the kernel has no such member: EBT_MISSING
 * leads out of the kernel's half of the address space, where the helper reads nothing and clears
 * *dst. No test, no branch.
 */
#define EBT_READ(dst, base, member) \
	bpf_probe_read_kernel(dst, sizeof(*(dst)), (void *)((base) + EBT_OFF(member)))

/* True when this kernel has the member. */
#define EBT_HAS(member) (EBT_OFF(member) != EBT_MISSING)

/* base->member as a pointer or u64; 0 when it is not there. */
#define EBT_GET(base, member)                  \
	({                                     \
		u64 val_;                      \
		EBT_READ(&val_, base, member); \
		val_;                          \
	})

#define EBT_GET32(base, member)                \
	({                                     \
		u32 val_;                      \
		EBT_READ(&val_, base, member); \
		val_;                          \
	})

/*
 * The current task. Where the kernel allows it a typed pointer, which the verifier follows from
 * member to member: each is then a plain load, some nanoseconds where EBT_GET is a call of ten
 * times that, and a fault reads as 0 all the same. Else a number, for EBT_GET. The loader tries the
 * first and falls back on the second ("=typed"); to the verifier all this is constants, so of the
 * ways one is left.
 *
 * bpf_rdonly_cast (6.2; it becomes a move) rather than the pointer as bpf_get_current_task_btf
 * gives it: that one is trusted, and for each pointer in a trusted struct the verifier looks
 * through the names of all types of the kernel. 25 ms for one program on 6.18.
 */
static inline u64 ebt_task(void)
{
	if (!EBT_OFF(TYPED))
		return bpf_get_current_task();
	if (EBT_HAS(RDONLY_CAST))
		return ((u64(*)(u64, u64))(EBT_CALL_MAGIC | EBT_M_RDONLY_CAST))(
			bpf_get_current_task(), EBT_OFF(TASK_TYPE));
	return ((u64(*)(void))158)(); /* BPF_FUNC_get_current_task_btf: libbcc has no name for it */
}

/* base->member, of a base that comes from ebt_task() over EBT_FOLLOW alone: kept in map memory
 * between, a pointer is but a number (EBT_GET). In assembly, or the compiler adds offsets first, to
 * pointers of a type that they do not belong to. */
#define EBT_FOLLOW_AS(type, base, member)                                             \
	({                                                                            \
		type val_;                                                            \
		if (EBT_OFF(TYPED) && EBT_HAS(member)) {                              \
			u64 at_;                                                      \
			asm volatile("%1 = %2\n%1 += %3\n%0 = *(" #type " *)(%1 + 0)" \
				     : "=r"(val_), "=&r"(at_)                         \
				     : "r"(base), "r"(EBT_OFF(member)));              \
		} else {                                                              \
			type read_;                                                   \
			EBT_READ(&read_, base, member);                               \
			val_ = read_;                                                 \
		}                                                                     \
		val_;                                                                 \
	})
#define EBT_FOLLOW(base, member)   EBT_FOLLOW_AS(u64, base, member)
#define EBT_FOLLOW32(base, member) EBT_FOLLOW_AS(u32, base, member)

/* For ebt_ph.h. */
#define EBT_PH_ADD(ptr, n) __sync_fetch_and_add(ptr, n)
#define EBT_PH_OR(ptr, n)  __sync_fetch_and_or(ptr, n)
#define EBT_PH_NOW(cfg)	   (bpf_ktime_get_boot_ns() + (cfg)->epoch_ns)
