/* SPDX-License-Identifier: BSD-3-Clause */
/* program_load.h - load programs into the kernel, with the verifier's words when it refuses one. */
#ifndef EBT_BPF_PROGRAM_LOAD_H
#define EBT_BPF_PROGRAM_LOAD_H

#include <linux/bpf.h>
#include <stdint.h>

#include "base/failure.h"
#include "image/image.h"

/* What a load is asked for beside the program itself. */
struct ebt_load_extra {
	char *log; /* gets the verifier's words, by level as BPF_LOG_* */
	uint32_t log_level, log_bytes;
	int btf_fd; /* 0: none */
	const struct bpf_line_info *lines;
	uint32_t n_lines;
};

/* Verify and load one program. Return its fd, or -errno. extra may be NULL. */
int ebt_program_load(const struct ebt_prog_spec *prog, const struct bpf_insn *insns,
		     const struct ebt_load_extra *extra);
/* Load all n programs into fds[n], several at a time; a program that the kernel may refuse gets -errno in
 * its place. insns holds the instructions of the whole image. Return 0, or -errno: the failure, if not
 * NULL, then has the verifier's words. */
int ebt_program_load_all(const struct ebt_prog_spec *progs, uint32_t n,
			 const struct bpf_insn *insns, int *fds, struct ebt_failure *failure);

#endif
