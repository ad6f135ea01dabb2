/* SPDX-License-Identifier: BSD-3-Clause */
/* image.h - a compiled BPF text: instructions, the maps that they name, and the places that get
 * numbers of the running kernel
 *
 * An image fits every kernel, because map references are indices and struct offsets are
 * relocations. execbig-compile writes it, the cache keeps it, and the loader makes programs of it.
 * The file consists of struct ebt_image_file, the tables in the order of its counts, the
 * instructions and the key, all in little-endian order and without pointers. */
#ifndef EBT_IMAGE_IMAGE_H
#define EBT_IMAGE_IMAGE_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define EBT_IMAGE_VERSION  1
#define EBT_IMAGE_NAME_LEN 32
#define EBT_IMAGE_PATH_LEN 96
/* Limits that a reader enforces. Our images have at most 15 maps, 12 programs and 40,000
 * instructions. */
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

/* insns[insn] is a 64-bit immediate load that gets the value of a member, or a call that gets the
 * number of a kernel function. */
struct ebt_reloc {
	uint32_t insn, member;
};

struct ebt_member_path {
	char path[EBT_IMAGE_PATH_LEN]; /* see bpf_text/ebt_members.h */
};

/* Owns everything that it points to. */
struct ebt_image {
	struct ebt_map_spec *maps;
	struct ebt_prog_spec *progs;
	struct ebt_reloc *relocs;
	struct ebt_member_path *members;
	struct bpf_insn *insns; /* map references: src_reg BPF_PSEUDO_MAP_FD, imm = index in maps */
	uint32_t n_maps, n_progs, n_relocs, n_members, n_insns;
	char *key; /* the key: everything that determines the instructions */
	size_t key_len;
};

void ebt_image_free(struct ebt_image **image);

/* Read an image from bytes that may be hostile: every count, index and name is checked, and the
 * checksum last. Return 0, -EBADMSG with a static text in *why, or -ENOMEM. */
int ebt_image_parse(struct ebt_image **out, const void *data, size_t len, const char **why);
/* Append the image to out in the form of a file. Return 0 or -errno. */
int ebt_image_write(const struct ebt_image *image, struct ebt_buf *out);

/* Return the index of the program or map with that name, or -ENOENT. */
int ebt_image_find_prog(const struct ebt_image *image, const char *name);
int ebt_image_find_map(const struct ebt_image *image, const char *name);

#define _cleanup_image_ __attribute__((cleanup(ebt_image_free)))

/* Return a checksum (XXH3) of the instructions, which tells images apart. */
uint64_t ebt_insns_checksum(const struct ebt_image *image);

#endif
