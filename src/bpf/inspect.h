/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * inspect.h - what the kernel knows of the programs that run, for the Lab.
 *
 * Which native instruction came from which bytecode instruction the kernel tells only of programs
 * loaded with a line table. So a program is loaded once more with a table in which each instruction
 * is a line of its own, looked at, and let go; it is never attached. The same load gives the
 * verifier's statistics.
 */
#ifndef EBT_BPF_INSPECT_H
#define EBT_BPF_INSPECT_H

#include "bpf/programs.h"

struct ebt_native_map {
	uint32_t offset; /* of native code, ascending */
	uint32_t insn;	 /* of the image's program */
};

/* Of one program. Numbers are 0 when unknown. */
struct ebt_inspection {
	char name[EBT_IMAGE_NAME_LEN];
	uint32_t id;
	uint8_t tag[8];
	uint64_t verified_insns, verify_us;
	uint64_t run_cnt, run_ns; /* only while kernel.bpf_stats_enabled is on */
	uint64_t memlock_bytes;
	uint32_t xlated_bytes, jited_bytes;
	uint32_t kernel_stack_bytes; /* as the verifier counted it */
	struct ebt_buf native;	     /* code; empty: not given, why_native says why */
	struct ebt_buf map;	     /* struct ebt_native_map */
	char why_native[160];
};

/* True when the image is the one that runs. */
bool ebt_inspect_same(const struct ebt_programs *programs, const struct ebt_image *image);
/* Program i of the image that runs. values as for ebt_programs_prepare. Takes as long as verifying
 * it. What cannot be had is left empty; -errno only when there is no such program in the kernel. */
int ebt_inspect(const struct ebt_programs *programs, const struct ebt_image *image,
		const uint32_t *values, uint32_t i, struct ebt_inspection *out);
/* Run counts anew. */
void ebt_inspect_counts(const struct ebt_programs *programs, struct ebt_inspection *inspection);
void ebt_inspection_free(struct ebt_inspection *inspection);

#endif
