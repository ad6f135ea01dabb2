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

/* The current task as a typed pointer, for programs of type tracing. libbcc has no name for it. */
static inline u64 ebt_current_task_btf(void)
{
	return ((u64(*)(void))158)(); /* BPF_FUNC_get_current_task_btf */
}

/* A 32-bit member by a plain load; 0 when the kernel does not have it. The verifier sees constants
 * and follows one way only. */
#define EBT_LOAD32(typed, member)                                       \
	({                                                              \
		u64 val_ = 0;                                           \
		if (EBT_OFF(member) != EBT_MISSING)                     \
			asm volatile("%0 = *(u32 *)(%1 + 0)"            \
				     : "=r"(val_)                       \
				     : "r"((typed) + EBT_OFF(member))); \
		(u32) val_;                                             \
	})

/* For ebt_ph.h. */
#define EBT_PH_ADD(ptr, n) __sync_fetch_and_add(ptr, n)
#define EBT_PH_OR(ptr, n)  __sync_fetch_and_or(ptr, n)
#define EBT_PH_NOW(cfg)	   (bpf_ktime_get_boot_ns() + (cfg)->epoch_ns)
