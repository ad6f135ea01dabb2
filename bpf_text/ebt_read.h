/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_read.h - kernel memory by member, for texts that do without ebt_bpf.h (whose maps they do not
 * want). The same words as there.
 */
/* clang-format off */
#define BPF_LICENSE Dual BSD/GPL
/* clang-format on */

#define EBT_OFF(member)                                                                          \
	({                                                                                       \
		u64 off_;                                                                        \
		asm volatile("%0 = %1 ll" : "=r"(off_) : "i"(EBT_RELOC_MAGIC | EBT_M_##member)); \
		off_;                                                                            \
	})

#define EBT_READ(dst, base, member) \
	bpf_probe_read_kernel(dst, sizeof(*(dst)), (void *)((base) + EBT_OFF(member)))

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
