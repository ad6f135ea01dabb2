/* SPDX-License-Identifier: BSD-3-Clause */
/* blob.h - the contents of the Lab that the loader passes to the view in one memory file
 *
 * The file has this head, a struct ebt_lab_prog for each program, the parts in the order of their
 * lengths, and each program's native code and its map. It uses host byte order, because it never
 * leaves the machine.
 *
 * The loader fills in the kernel's data and passes on the output of execbig-compile without reading
 * it; the view checks everything. */
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
	uint64_t text_bytes; /* the BPF text that was compiled, with its #line marks */
	/* u64 length, the image, line table: output of execbig-compile --listing */
	uint64_t built_bytes;
	uint64_t native_bytes;	      /* output of execbig-compile --disassemble */
	char why_native[EBT_LAB_WHY]; /* why there is no disassembly; empty if there is one */
};

struct ebt_lab_prog {
	char name[EBT_IMAGE_NAME_LEN];
	uint64_t verified_insns, verify_us, run_cnt, run_ns, memlock_bytes;
	uint32_t id;
	uint8_t tag[8]; /* as the kernel shows it */
	uint32_t jited_bytes, stack_bytes;
	uint32_t code_bytes; /* bytes of native code that follow */
	uint32_t map_count;  /* number of struct ebt_native_map after the code */
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

/* Append the file to a buffer. */
int ebt_lab_blob_write(const struct ebt_lab_parts *parts, struct ebt_buf *out);

#endif
