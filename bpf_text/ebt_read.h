/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* ebt_read.h - read members of kernel structs; it comes first in all texts */
/* clang-format off */
#define BPF_LICENSE Dual BSD/GPL
/* clang-format on */

/* Give the offset of a member of a kernel struct, which becomes known when the program is loaded.
 * With `volatile` every use keeps an instruction of its own, which the loader patches and the
 * optimiser cannot merge with another constant. */
#define EBT_OFF(member)                                                                          \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})

/* Read base->member into *dst (its size). If the kernel has no such member, EBT_MISSING leads to an
 * address outside of the kernel's half, from which the helper reads nothing and clears *dst. So
 * there is no test and no branch. */
#define EBT_READ(dst, base, member) \
	bpf_probe_read_kernel(dst, sizeof(*(dst)), (void *)((base) + EBT_OFF(member)))

/* Return true if this kernel has the member. */
#define EBT_HAS(member) (EBT_OFF(member) != EBT_MISSING)

/* Return base->member as a pointer or u64, or 0 if there is no such member. */
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

/* the bit of TASK_ABI that marks a 32-bit process (arch/…/include/asm/thread_info.h) */
#ifdef __TARGET_ARCH_arm64
#define EBT_TS_COMPAT (1 << 22) /* TIF_32BIT */
#else
#define EBT_TS_COMPAT 0x2
#endif

/* Return the current task: where the kernel allows it, as a typed pointer, otherwise as a number
 * for EBT_GET. The verifier follows a typed pointer from member to member. Each access is then a
 * plain load of some nanoseconds, a tenth of what the call in EBT_GET takes, and a fault reads as 0
 * too. The loader tries the first and falls back to the second ("=typed"); both are constants for
 * the verifier, which keeps one branch.
 *
 * The pointer goes through bpf_rdonly_cast (6.2; it becomes a move), because the result of
 * bpf_get_current_task_btf is trusted, and for each pointer in a trusted struct the verifier
 * searches the names of all types of the kernel. That takes 25 ms for one program on 6.18. */
static inline u64 ebt_task(void)
{
	if (!EBT_OFF(TYPED))
		return bpf_get_current_task();
	if (EBT_HAS(RDONLY_CAST))
		return ((u64(*)(u64, u64))(EBT_CALL_MAGIC | EBT_M_RDONLY_CAST))(
			bpf_get_current_task(), EBT_OFF(TASK_TYPE));
	return ((u64(*)(void))158)(); /* BPF_FUNC_get_current_task_btf: libbcc has no name for it */
}

/* Return base->member of a base that came from ebt_task() by EBT_FOLLOW alone. A pointer that was
 * kept in map memory in between is only a number (use EBT_GET). It is in assembly, because the
 * compiler would add offsets to pointers of another type first. */
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

/* Return true for a 32-bit process, whose system calls have other numbers. */
static inline bool ebt_is_compat(u64 task)
{
	return EBT_FOLLOW32(task, TASK_ABI) & EBT_TS_COMPAT;
}

/* For ebt_ph.h. */
#define EBT_PH_ADD(ptr, n) __sync_fetch_and_add(ptr, n)
#define EBT_PH_OR(ptr, n)  __sync_fetch_and_or(ptr, n)
#define EBT_PH_NOW(cfg)	   (bpf_ktime_get_boot_ns() + (cfg)->epoch_ns)
