/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * blob.h - what the loader gives the view for the Lab, as one memory file: this head, a struct
 * ebt_lab_prog for each program, then the parts in the order of their lengths, then each program's
 * native code and its map. Host byte order: it never leaves the machine.
 *
 * The loader fills in what the kernel says and passes on what execbig-compile wrote, unread; the
 * view checks all of it.
 */
#ifndef EBT_LAB_BLOB_H
#define EBT_LAB_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "bpf/inspect.h"

#define EBT_LAB_MAGIC	  "EBTLAB1"
#define EBT_LAB_MAX_BYTES (64u << 20)
#define EBT_LAB_WHY	  160

struct ebt_lab_head {
	char magic[8];
	uint32_t n_progs;
	uint32_t generation;
	uint64_t text_bytes;	      /* the BPF text that was compiled, with #line marks */
	uint64_t built_bytes;	      /* u64 length, the image, lines: execbig-compile --listing */
	uint64_t native_bytes;	      /* of execbig-compile --disassemble */
	char why_native[EBT_LAB_WHY]; /* why there is no disassembly; empty: there is */
};

struct ebt_lab_prog {
	char name[EBT_IMAGE_NAME_LEN];
	uint64_t verified_insns, verify_us, run_cnt, run_ns, memlock_bytes;
	uint32_t id;
	uint8_t tag[8]; /* as the kernel prints it */
	uint32_t jited_bytes, kernel_stack_bytes;
	uint32_t code_bytes; /* of native code that follows */
	uint32_t map_count;  /* struct ebt_native_map that follow the code */
	uint32_t reserved;
	char why_native[EBT_LAB_WHY];
};

struct ebt_lab_parts {
	uint32_t generation;
	struct ebt_bytes text, built, native;
	const char *why_native;
	const struct ebt_inspection *progs;
	uint32_t n_progs;
};

/* Appends the file. */
int ebt_lab_blob_write(const struct ebt_lab_parts *parts, struct ebt_buf *out);

#endif
