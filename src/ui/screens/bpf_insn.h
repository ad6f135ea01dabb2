/* SPDX-License-Identifier: BSD-3-Clause */
/* bpf_insn.h - format one BPF instruction in the kernel's notation ("r0 = *(u32 *)(r1 +4)") */
#ifndef EBT_UI_SCREENS_BPF_INSN_H
#define EBT_UI_SCREENS_BPF_INSN_H

#include <stddef.h>
#include <stdint.h>

/* Format an instruction into out and return it. raw is struct bpf_insn as it lies in memory; at is
 * its index, for jump targets. */
char *ebt_bpf_insn_text(char *out, size_t len, uint64_t raw, uint32_t at);

#endif
