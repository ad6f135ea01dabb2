/* SPDX-License-Identifier: BSD-3-Clause */
/* program_load.h - load programs into the kernel, and get the verifier's log when it refuses one */
#ifndef EBT_BPF_PROGRAM_LOAD_H
#define EBT_BPF_PROGRAM_LOAD_H

#include <linux/bpf.h>
#include <stdint.h>

#include "base/failure.h"
#include "image/image.h"

/* Optional arguments of a load. */
struct ebt_load_extra {
	char *log; /* gets the verifier's log, with the contents that level (BPF_LOG_*) selects */
	uint32_t log_level, log_bytes;
	int btf_fd; /* 0 if there is none */
	const struct bpf_line_info *lines;
	uint32_t n_lines;
};

/* Verify and load one program. Return its fd, or -errno. extra may be NULL. */
int ebt_program_load(const struct ebt_prog_spec *prog, const struct bpf_insn *insns,
		     const struct ebt_load_extra *extra);
/* Load n programs into fds[n], several at a time. A program that the kernel may refuse gets -errno
 * in its element. insns holds the instructions of the whole image. Return 0, or -errno with the
 * verifier's log in failure, unless failure is NULL. */
int ebt_program_load_all(const struct ebt_prog_spec *progs, uint32_t n,
			 const struct bpf_insn *insns, int *fds, struct ebt_failure *failure);

#endif
