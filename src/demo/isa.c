/* SPDX-License-Identifier: BSD-3-Clause */
/* isa.c - lesson 14: the encoding of eBPF instructions */
#include <stdlib.h>

#include "demo/lesson.h"
#include "demo/lessons.h"

static void print_registers(void)
{
	printf("   r0        what a function returns, and what the program returns\n"
	       "   r1 to r5  arguments of a function; lost behind a call\n"
	       "   r6 to r9  kept over calls\n"
	       "   r10       frame pointer, read only; the stack is r10-512 to r10-1\n"
	       "   each 64 bits; at the start r1 is the context and r10 the frame\n");
}

/* Names from linux/bpf_common.h and linux/bpf.h. */
static const char *const classes[8] = { "LD", "LDX", "ST", "STX", "ALU", "JMP", "JMP32", "ALU64" };
static const char *const sizes[4] = { "W", "H", "B", "DW" };
static const char *const modes[8] = { "IMM", "ABS", "IND", "MEM", "MEMSX", "?", "ATOMIC", "?" };
static const char *const alu[16] = { "ADD", "SUB", "MUL", "DIV", "OR",	 "AND", "LSH", "RSH",
				     "NEG", "MOD", "XOR", "MOV", "ARSH", "END", "?",   "?" };
static const char *const jumps[16] = { "JA",   "JEQ",  "JGT", "JGE", "JSET", "JNE",  "JSGT", "JSGE",
				       "CALL", "EXIT", "JLT", "JLE", "JSLT", "JSLE", "?",    "?" };

/* Write class, mode or operation, and size of the operation byte to out. */
static void isa_operation(char *out, size_t len, uint8_t code)
{
	unsigned class = BPF_CLASS(code);

	if (class <= BPF_STX)
		snprintf(out, len, "%-5s %-6s %s", classes[class], modes[BPF_MODE(code) >> 5],
			 sizes[BPF_SIZE(code) >> 3]);
	else if (class == BPF_JMP || class == BPF_JMP32)
		snprintf(out, len, "%-5s %-6s %s", classes[class], jumps[BPF_OP(code) >> 4],
			 BPF_SRC(code) == BPF_X ? "X" : "K");
	else
		snprintf(out, len, "%-5s %-6s %s", classes[class], alu[BPF_OP(code) >> 4],
			 BPF_SRC(code) == BPF_X ? "X" : "K");
}

/* Print one row with the bytes, the operation, the fields and the disassembly. */
static void print_insn(uint32_t at, const struct bpf_insn *insn, const char *text)
{
	const unsigned char *b = (const unsigned char *)insn;
	char op[32];

	if (insn->code)
		isa_operation(op, sizeof(op), insn->code);
	else
		op[0] = '\0'; /* this is the second half of a 64-bit load */
	printf("   %3u: %02x %02x %02x %02x %02x %02x %02x %02x  %-15s %3u %3u %5d %8d  %s\n", at,
	       b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], op, insn->dst_reg, insn->src_reg,
	       insn->off, insn->imm, text);
}

static int print_program(struct ebt_demo *d, const struct ebt_demo_obj *obj, unsigned used[8])
{
	uint32_t n = 0;
	_cleanup_free_ struct bpf_insn *insns = ebt_demo_insns(obj, "example", &n);
	char why[128], text[128];
	struct ebt_disasm *dis = ebt_disasm_new("bpf", why, sizeof(why));
	uint32_t i = 0;

	if (!dis)
		return ebt_demo_lacks(d, "%s", why);
	printf("        bytes                    class mode   size dst src   off      imm\n");
	while (insns && i < n) {
		size_t len = ebt_disasm_one(dis, &insns[i], (n - i) * sizeof(*insns), i * 8, text,
					    sizeof(text));

		if (!len)
			break;
		used[BPF_CLASS(insns[i].code)]++;
		print_insn(i, &insns[i], text);
		for (size_t k = 1; k < len / sizeof(*insns); k++)
			print_insn(i + (uint32_t)k, &insns[i + k], "(its upper 32 bits: imm)");
		i += (uint32_t)(len / sizeof(*insns));
	}
	ebt_disasm_free(&dis);
	ebt_demo_expect(d, n && i == n, "all %u instructions were understood, %u bytes", n, n * 8);
	return 0;
}

int ebt_demo_isa(struct ebt_demo *d)
{
	_cleanup_obj_ struct ebt_demo_obj obj = { 0 };
	unsigned used[8] = { 0 };
	int err = ebt_demo_open(d, &obj, NULL);

	if (err)
		return err;
	ebt_demo_stage(d, "The registers");
	print_registers();
	ebt_demo_stage(d, "The format: op:8 dst:4 src:4 off:16 imm:32");
	err = print_program(d, &obj, used);
	if (err)
		return err;
	ebt_demo_stage(d, "The classes, the lowest three bits of op, and how often they occur");
	for (unsigned i = 0; i < 8; i++)
		printf("   %u %-5s %u\n", i, classes[i], used[i]);
	ebt_demo_expect(d, used[BPF_LDX] && used[BPF_STX] && used[BPF_JMP] && used[BPF_LD],
			"loads, stores, jumps and a wide load are there");
	return 0;
}
