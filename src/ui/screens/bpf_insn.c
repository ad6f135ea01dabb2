/* SPDX-License-Identifier: BSD-3-Clause */
/* bpf_insn.c - format a BPF instruction
 *
 * It follows Documentation/bpf/standardization/instruction-set.rst and the notation of the kernel's
 * kernel/bpf/disasm.c. */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "ui/screens/bpf_insn.h"

/* The list of the kernel header. Since 6.2 it gives a number with each name, and no commas. */
#ifdef ___BPF_FUNC_MAPPER
#define HELPER(name, number, ...) [number] = "bpf_" #name,
#else
#define HELPER(name) [BPF_FUNC_##name] = "bpf_" #name
#endif
static const char *const helpers[] = { __BPF_FUNC_MAPPER(HELPER) };

static void show_helper(int32_t number, char *out, size_t len)
{
	if (number > 0 && (size_t)number < sizeof(helpers) / sizeof(helpers[0]) && helpers[number])
		snprintf(out, len, "call %s", helpers[number]);
	else
		snprintf(out, len, "call helper#%d", number);
}

static const char *size_name(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_W:
		return "u32";
	case BPF_H:
		return "u16";
	case BPF_B:
		return "u8";
	default:
		return "u64";
	}
}

static void insn_alu(char *out, size_t len, const struct bpf_insn *in)
{
	static const char *const ops[16] = { "+=", "-=", "*=", "/=", "|=",   "&=", "<<=", ">>=",
					     "",   "%=", "^=", "=",  "s>>=", "",   "",	  "" };
	char r = BPF_CLASS(in->code) == BPF_ALU64 ? 'r' : 'w';
	unsigned op = BPF_OP(in->code) >> 4;

	if (BPF_OP(in->code) == BPF_END)
		snprintf(out, len, "r%u = %s%d r%u", in->dst_reg,
			 BPF_SRC(in->code) == BPF_TO_BE ? "be" : "le", in->imm, in->dst_reg);
	else if (BPF_OP(in->code) == BPF_NEG)
		snprintf(out, len, "%c%u = -%c%u", r, in->dst_reg, r, in->dst_reg);
	else if (!ops[op][0])
		snprintf(out, len, "(%02x) ?", in->code);
	else if (BPF_SRC(in->code) == BPF_X)
		snprintf(out, len, "%c%u %s %c%u", r, in->dst_reg, ops[op], r, in->src_reg);
	else
		snprintf(out, len, "%c%u %s %d", r, in->dst_reg, ops[op], in->imm);
}

static void insn_jump(char *out, size_t len, const struct bpf_insn *in, uint32_t at)
{
	static const char *const ops[16] = { "goto", "==",   ">", ">=", "&",  "!=",  "s>", "s>=",
					     "call", "exit", "<", "<=", "s<", "s<=", "",   "" };
	char r = BPF_CLASS(in->code) == BPF_JMP ? 'r' : 'w';
	unsigned op = BPF_OP(in->code) >> 4;
	long target = (long)at + 1 + in->off;

	if (BPF_OP(in->code) == BPF_EXIT)
		snprintf(out, len, "exit");
	else if (BPF_OP(in->code) == BPF_CALL && in->src_reg == BPF_PSEUDO_CALL)
		snprintf(out, len, "call %ld", (long)at + 1 + in->imm);
	else if (BPF_OP(in->code) == BPF_CALL)
		show_helper(in->imm, out, len);
	else if (BPF_OP(in->code) == BPF_JA)
		snprintf(out, len, "goto %ld", target);
	else if (!ops[op][0])
		snprintf(out, len, "(%02x) ?", in->code);
	else if (BPF_SRC(in->code) == BPF_X)
		snprintf(out, len, "if %c%u %s %c%u goto %ld", r, in->dst_reg, ops[op], r,
			 in->src_reg, target);
	else
		snprintf(out, len, "if %c%u %s %d goto %ld", r, in->dst_reg, ops[op], in->imm,
			 target);
}

static void load_imm(char *out, size_t len, const struct bpf_insn *in)
{
	if (in->code == 0)
		out[0] = '\0'; /* the second half of a 64-bit load */
	else if (in->src_reg == BPF_PSEUDO_MAP_FD || in->src_reg == BPF_PSEUDO_MAP_IDX)
		snprintf(out, len, "r%u = map#%d", in->dst_reg, in->imm);
	else if (BPF_MODE(in->code) == BPF_IMM)
		snprintf(out, len, "r%u = %d ll", in->dst_reg, in->imm);
	else
		snprintf(out, len, "(%02x) ?", in->code);
}

static void store_reg(char *out, size_t len, const struct bpf_insn *in)
{
	if (BPF_MODE(in->code) == BPF_ATOMIC)
		snprintf(out, len, "lock *(%s *)(r%u %+d) op%02x r%u", size_name(in->code),
			 in->dst_reg, in->off, (unsigned)in->imm & 0xff, in->src_reg);
	else
		snprintf(out, len, "*(%s *)(r%u %+d) = r%u", size_name(in->code), in->dst_reg,
			 in->off, in->src_reg);
}

char *ebt_bpf_insn_text(char *out, size_t len, uint64_t raw, uint32_t at)
{
	struct bpf_insn in;

	memcpy(&in, &raw, sizeof(in));
	switch (BPF_CLASS(in.code)) {
	case BPF_ALU:
	case BPF_ALU64:
		insn_alu(out, len, &in);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		insn_jump(out, len, &in, at);
		break;
	case BPF_LD:
		load_imm(out, len, &in);
		break;
	case BPF_LDX:
		snprintf(out, len, "r%u = *(%s *)(r%u %+d)", in.dst_reg, size_name(in.code),
			 in.src_reg, in.off);
		break;
	case BPF_ST:
		snprintf(out, len, "*(%s *)(r%u %+d) = %d", size_name(in.code), in.dst_reg, in.off,
			 in.imm);
		break;
	default:
		store_reg(out, len, &in);
		break;
	}
	return out;
}
