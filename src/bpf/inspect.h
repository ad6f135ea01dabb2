/* SPDX-License-Identifier: BSD-3-Clause */
/* inspect.h - read the machine code and the statistics of the running programs, for the Lab
 *
 * The kernel tells only for programs loaded with a line table which native instruction came from
 * which bytecode instruction. So a program is loaded once more with a table in which each
 * instruction is a line of its own, and closed after reading it; it is never attached. The same
 * load returns the verifier's statistics. */
#ifndef EBT_BPF_INSPECT_H
#define EBT_BPF_INSPECT_H

#include "bpf/programs.h"

struct ebt_native_map {
	uint32_t offset; /* offset in the native code, ascending */
	uint32_t insn;	 /* index of the instruction in the image's program */
};

/* The state of one program. Numbers are 0 if they are unknown. */
struct ebt_inspection {
	char name[EBT_IMAGE_NAME_LEN];
	uint32_t id;
	uint8_t tag[8];
	uint64_t verified_insns, verify_us;
	uint64_t run_cnt, run_ns; /* counted only while kernel.bpf_stats_enabled is on */
	uint64_t memlock_bytes;
	uint32_t xlated_bytes, jited_bytes;
	uint32_t stack_bytes; /* of its functions together, as the verifier counted; at most 512 */
	/* machine code; if it is empty, why_native states the reason */
	struct ebt_buf native;
	struct ebt_buf map; /* array of struct ebt_native_map */
	char why_native[160];
};

/* Return true if the image is the running one. */
bool ebt_inspect_same(const struct ebt_programs *programs, const struct ebt_image *image);
/* Inspect program i of the running image, with values as for ebt_programs_prepare(). It takes as
 * long as verifying the program. Unavailable parts are left empty; the result is -errno only if
 * there is no such program in the kernel. */
int ebt_inspect(const struct ebt_programs *programs, const struct ebt_image *image,
		const uint32_t *values, uint32_t i, struct ebt_inspection *out);
/* Read the run counts again. */
void ebt_inspect_counts(const struct ebt_programs *programs, struct ebt_inspection *inspection);
void ebt_inspection_free(struct ebt_inspection *inspection);

/* Return the bytes of stack in the verifier's statistics, which name one number for each function of a
 * program, as "stack depth 96+32". Not all of them need be on the stack at a time, so that the sum is
 * cut at the 512 bytes that the verifier allows for all. Return 0 if the log names none. */
uint32_t ebt_inspect_stack_bytes(const char *log);

#endif
