/* SPDX-License-Identifier: BSD-3-Clause */
#include <linux/bpf.h>
#include <string.h>

#include "ui/screens/bpf_insn.h"
#include "ui_test.h"

static const char *text(uint8_t code, uint8_t dst, uint8_t src, int16_t off, int32_t imm)
{
	static char out[80];
	struct bpf_insn in = {
		.code = code, .dst_reg = dst, .src_reg = src, .off = off, .imm = imm
	};
	uint64_t raw;

	memcpy(&raw, &in, sizeof(raw));
	return ebt_bpf_insn_text(out, sizeof(out), raw, 10);
}

/* As bpftool prog dump prints them, but for the offsets' signs. */
static void test_notation(void **state)
{
	(void)state;
	assert_string_equal(text(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, -7), "r1 = -7");
	assert_string_equal(text(BPF_ALU64 | BPF_ADD | BPF_X, 2, 3, 0, 0), "r2 += r3");
	assert_string_equal(text(BPF_ALU | BPF_RSH | BPF_K, 4, 0, 0, 3), "w4 >>= 3");
	assert_string_equal(text(BPF_ALU64 | BPF_NEG, 4, 0, 0, 0), "r4 = -r4");
	assert_string_equal(text(BPF_ALU | BPF_END | BPF_TO_BE, 4, 0, 0, 16), "r4 = be16 r4");
	assert_string_equal(text(BPF_LDX | BPF_MEM | BPF_W, 0, 1, 4, 0), "r0 = *(u32 *)(r1 +4)");
	assert_string_equal(text(BPF_STX | BPF_MEM | BPF_DW, 10, 6, -8, 0),
			    "*(u64 *)(r10 -8) = r6");
	assert_string_equal(text(BPF_ST | BPF_MEM | BPF_B, 10, 0, -1, 9), "*(u8 *)(r10 -1) = 9");
	assert_string_equal(text(BPF_STX | BPF_ATOMIC | BPF_DW, 1, 2, 0, BPF_XCHG),
			    "lock *(u64 *)(r1 +0) ope1 r2");
	assert_string_equal(text(BPF_JMP | BPF_JA, 0, 0, 4, 0), "goto 15");
	assert_string_equal(text(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, -3, 0), "if r0 == 0 goto 8");
	assert_string_equal(text(BPF_JMP32 | BPF_JSGT | BPF_X, 1, 2, 1, 0), "if w1 s> w2 goto 12");
	assert_string_equal(text(BPF_JMP | BPF_CALL, 0, 0, 0, 14), "call bpf_get_current_pid_tgid");
	assert_string_equal(text(BPF_JMP | BPF_CALL, 0, 0, 0, 99999), "call helper#99999");
	assert_string_equal(text(BPF_JMP | BPF_CALL, 0, 0, 0, -1), "call helper#-1");
	assert_string_equal(text(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 5), "call 16");
	assert_string_equal(text(BPF_JMP | BPF_EXIT, 0, 0, 0, 0), "exit");
	assert_string_equal(text(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, 3),
			    "r1 = map#3");
	assert_string_equal(text(0, 0, 0, 0, 0), "");
}

/* Any eight bytes: a text, no crash. */
static void test_any(void **state)
{
	(void)state;
	for (unsigned code = 0; code < 256; code++)
		for (unsigned reg = 0; reg < 16; reg++) {
			const char *s = text((uint8_t)code, (uint8_t)reg, (uint8_t)(15 - reg),
					     (int16_t)0x8000, (int32_t)0x80000000);

			for (; *s; s++)
				assert_true(*s >= ' ' && *s < 127);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_notation),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
