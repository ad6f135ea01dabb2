/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * image.h - a compiled BPF text: instructions, the maps they name, and the places that wait for
 * this kernel's numbers.
 *
 * An image fits every kernel: map references are indices, struct offsets are relocations.
 * execbig-compile writes it, the cache keeps it, the loader turns it into programs. As a file it
 * is: struct ebt_image_file, then the tables in the order of its counts, then the instructions,
 * then the key text; all little-endian, no pointers.
 */
#ifndef EBT_IMAGE_IMAGE_H
#define EBT_IMAGE_IMAGE_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define EBT_IMAGE_VERSION  1
#define EBT_IMAGE_NAME_LEN 32
#define EBT_IMAGE_PATH_LEN 96
/* Bounds of what a reader takes; ours have 15 maps, 12 programs, 40,000 instructions at most. */
#define EBT_IMAGE_MAX_MAPS    64
#define EBT_IMAGE_MAX_PROGS   64
#define EBT_IMAGE_MAX_INSNS   1000000 /* BPF_COMPLEXITY_LIMIT_INSNS, kernel/bpf/verifier.c */
#define EBT_IMAGE_MAX_MEMBERS 512
#define EBT_IMAGE_MAX_BYTES   (64u << 20)

struct ebt_map_spec {
	char name[EBT_IMAGE_NAME_LEN]; /* NUL-terminated; the kernel gets the first 15 characters */
	uint32_t type;		       /* enum bpf_map_type */
	uint32_t key_size, value_size, max_entries, flags;
};

struct ebt_prog_spec {
	char name[EBT_IMAGE_NAME_LEN];
	uint32_t first, count; /* instructions, in image->insns */
};

/* The 64-bit immediate load at insns[insn] waits for the value of a member; a call there for the
 * number of a kernel function. */
struct ebt_reloc {
	uint32_t insn, member;
};

struct ebt_member_path {
	char path[EBT_IMAGE_PATH_LEN]; /* see bpf_text/ebt_members.h */
};

/* Owns all it points to. */
struct ebt_image {
	struct ebt_map_spec *maps;
	struct ebt_prog_spec *progs;
	struct ebt_reloc *relocs;
	struct ebt_member_path *members;
	struct bpf_insn *insns; /* map references: src_reg BPF_PSEUDO_MAP_FD, imm = index in maps */
	uint32_t n_maps, n_progs, n_relocs, n_members, n_insns;
	char *key; /* key material: all that decided the instructions */
	size_t key_len;
};

void ebt_image_free(struct ebt_image **image);

/* Reads an image from bytes nobody vouches for: every count, index and name is checked, the
 * checksum last. -EBADMSG with a reason in *why (static text), -ENOMEM. */
int ebt_image_parse(struct ebt_image **out, const void *data, size_t len, const char **why);
/* Appends the file form. */
int ebt_image_write(const struct ebt_image *image, struct ebt_buf *out);

/* Index of a program or map by name; -ENOENT. */
int ebt_image_find_prog(const struct ebt_image *image, const char *name);
int ebt_image_find_map(const struct ebt_image *image, const char *name);

#define _cleanup_image_ __attribute__((cleanup(ebt_image_free)))

/* Return a checksum (XXH3) of the instructions, which tells images apart. */
uint64_t ebt_insns_checksum(const struct ebt_image *image);

#endif
