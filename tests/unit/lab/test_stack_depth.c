/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab/stack_depth.h"

#define INSN(c, d, s, o, i)                                                         \
	{                                                                           \
		.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) \
	}
#define MOV(d, s)    INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define MOVI(d, i)   INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define ADDI(d, i)   INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define ADD(d, s)    INSN(BPF_ALU64 | BPF_ADD | BPF_X, d, s, 0, 0)
#define ST(d, o)     INSN(BPF_ST | BPF_MEM | BPF_DW, d, 0, o, 0)
#define STX(d, s, o) INSN(BPF_STX | BPF_MEM | BPF_DW, d, s, o, 0)
#define LDX(d, s, o) INSN(BPF_LDX | BPF_MEM | BPF_DW, d, s, o, 0)
#define CALL(n)	     INSN(BPF_JMP | BPF_CALL, 0, 0, 0, n)
#define JEQ(d, o)    INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, o, 0)
#define JA(o)	     INSN(BPF_JMP | BPF_JA, 0, 0, o, 0)
#define WIDE(d, i)   INSN(BPF_LD | BPF_DW | BPF_IMM, d, 0, 0, i), INSN(0, 0, 0, 0, 0)
#define EXIT	     INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define STACK(...)                                                                     \
	({                                                                             \
		const struct bpf_insn insns_[] = { __VA_ARGS__ };                      \
		ebt_lab_stack(insns_, (uint32_t)(sizeof(insns_) / sizeof(insns_[0]))); \
	})

static void test_direct(void **state)
{
	(void)state;
	assert_int_equal(STACK(MOVI(0, 0), EXIT), 0);
	assert_int_equal(STACK(ST(10, -8), EXIT), 8);
	assert_int_equal(STACK(ST(10, -8), LDX(1, 10, -40), EXIT), 40);
	assert_int_equal(STACK(ST(10, -512), EXIT), 512);
}

static void test_copies(void **state)
{
	(void)state;
	/* the usual way of a helper's argument */
	assert_int_equal(STACK(MOV(2, 10), ADDI(2, -24), CALL(1), EXIT), 24);
	/* a copy of a copy, an offset on top */
	assert_int_equal(STACK(MOV(6, 10), ADDI(6, -64), MOV(7, 6), ST(7, 16), EXIT), 48);
	assert_int_equal(STACK(MOV(6, 10), ADDI(6, -64), MOV(7, 6), ST(7, -16), EXIT), 80);
	/* constant + r10 */
	assert_int_equal(STACK(MOVI(3, -72), ADD(3, 10), ST(3, 0), EXIT), 72);
	assert_int_equal(STACK(WIDE(3, -72), ADD(3, 10), ST(3, 0), EXIT), 72);
	/* an index nobody knows only rises */
	assert_int_equal(STACK(MOV(3, 10), ADDI(3, -32), ADD(3, 1), ST(3, 0), EXIT), 32);
	/* made but not used */
	assert_int_equal(STACK(MOV(6, 10), ADDI(6, -64), MOVI(0, 0), EXIT), 0);
	/* gone after a call: r1 to r5 are the callee's */
	assert_int_equal(STACK(CALL(5), MOV(2, 10), ADDI(2, -8), MOVI(2, 0), CALL(1), EXIT), 0);
}

static void test_spilled(void **state)
{
	(void)state;
	assert_int_equal(STACK(MOV(6, 10), ADDI(6, -96), STX(10, 6, -8), MOVI(6, 0), LDX(7, 10, -8),
			       ST(7, 0), EXIT),
			 96);
	/* overwritten in between */
	assert_int_equal(STACK(MOV(6, 10), ADDI(6, -96), STX(10, 6, -8), ST(10, -8), LDX(7, 10, -8),
			       ST(7, 0), EXIT),
			 8);
}

static void test_paths(void **state)
{
	(void)state;
	/* the deeper branch counts: taken, and not taken */
	assert_int_equal(STACK(JEQ(1, 2), ST(10, -8), EXIT, ST(10, -128), EXIT), 128);
	assert_int_equal(STACK(JEQ(1, 2), ST(10, -128), EXIT, ST(10, -8), EXIT), 128);
	/* code that no path reaches does not */
	assert_int_equal(STACK(JA(1), ST(10, -400), ST(10, -16), EXIT), 16);
	/* either address, where the branches meet */
	assert_int_equal(STACK(MOV(6, 10), ADDI(6, -16), JEQ(1, 2), MOV(6, 10), ADDI(6, -48),
			       ST(6, 0), EXIT),
			 48);
}

static void test_loops(void **state)
{
	(void)state;
	/* up from r10 - 64: ends, and knows where it began */
	assert_int_equal(STACK(MOV(6, 10), ADDI(6, -64), ST(6, 0), ADDI(6, 8), JEQ(1, -3), EXIT),
			 64);
	/* down without a bound: all of it */
	assert_int_equal(STACK(MOV(6, 10), ST(6, -8), ADDI(6, -8), JEQ(1, -3), EXIT), 512);
}

static void test_functions(void **state)
{
	(void)state;
	/* the largest frame: of the caller, of the callee */
	assert_int_equal(STACK(ST(10, -16), INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 1),
			       EXIT, ST(10, -200), EXIT),
			 200);
	assert_int_equal(STACK(ST(10, -240), INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 1),
			       EXIT, ST(10, -200), EXIT),
			 240);
}

static void test_not_programs(void **state)
{
	(void)state;
	assert_int_equal(ebt_lab_stack(NULL, 0), -EINVAL);
	assert_int_equal(STACK(JA(5), EXIT), -EINVAL);
	assert_int_equal(STACK(JA(-2), EXIT), -EINVAL);
	assert_int_equal(STACK(MOV(12, 10), EXIT), -EINVAL);
	assert_int_equal(STACK(ST(10, -8)), 8); /* falls off the end: no crash */
	assert_int_equal(STACK(INSN(BPF_LD | BPF_DW | BPF_IMM, 1, 0, 0, 0)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_direct),	     cmocka_unit_test(test_copies),
		cmocka_unit_test(test_spilled),	     cmocka_unit_test(test_paths),
		cmocka_unit_test(test_loops),	     cmocka_unit_test(test_functions),
		cmocka_unit_test(test_not_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
