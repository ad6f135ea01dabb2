/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_read.h - kernel memory by member, for texts that do without ebt_bpf.h (whose maps they do not
 * want). The same words as there.
 */
#define BPF_LICENSE Dual BSD / GPL

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

/* For ebt_ph.h. */
#define EBT_PH_ADD(ptr, n) __sync_fetch_and_add(ptr, n)
#define EBT_PH_OR(ptr, n)  __sync_fetch_and_or(ptr, n)
#define EBT_PH_NOW(cfg)	   (bpf_ktime_get_boot_ns() + (cfg)->epoch_ns)
