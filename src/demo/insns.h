/* SPDX-License-Identifier: BSD-3-Clause */
/* insns.h - macros for eBPF instructions, named like those in the kernel's
 * include/linux/filter.h */
#ifndef EBT_DEMO_INSNS_H
#define EBT_DEMO_INSNS_H

#include <linux/bpf.h>

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV64_IMM(dst, imm)	   INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define MOV64_REG(dst, src)	   INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define ADD64_IMM(dst, imm)	   INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm)
#define ST_IMM(size, dst, off, i)  INSN(BPF_ST | BPF_MEM | (size), dst, 0, off, i)
#define STX_MEM(size, dst, src, o) INSN(BPF_STX | BPF_MEM | (size), dst, src, o, 0)
#define LDX_MEM(size, dst, src, o) INSN(BPF_LDX | BPF_MEM | (size), dst, src, o, 0)
#define CALL_HELPER(id)		   INSN(BPF_JMP | BPF_CALL, 0, 0, 0, id)
/* offset counts instructions and starts at the next one */
#define CALL_FUNC(offset) INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, offset)
#define JA(offset)	  INSN(BPF_JMP | BPF_JA, 0, 0, offset, 0)
#define EXIT()		  INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

#endif
