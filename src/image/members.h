/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * members.h - kernel struct offsets by name, from the running kernel's BTF, and their cache.
 */
#ifndef EBT_IMAGE_MEMBERS_H
#define EBT_IMAGE_MEMBERS_H

#include <stdint.h>

#include "image/image.h"

/* The member that a call waits for (EBT_CALL_MAGIC), -1 for any other instruction. */
int ebt_member_called(const struct bpf_insn *insn);

#define EBT_MEMBER_MISSING 0xffffffffu /* the loader makes it EBT_MISSING */

struct btf;

/* Byte offset of a path ("struct.member.member|fallback", "?type", "#typedef", "@enumerator";
 * numbers in BTF: "%type", "&function"; see bpf_text/ebt_members.h) or EBT_MEMBER_MISSING. "=name"
 * gives EBT_MEMBER_MISSING: the loader knows those. */
uint32_t ebt_member_resolve(const struct btf *btf, const char *path);

/* All members of an image, in order, into values (n_members of them). btf_path NULL:
 * /sys/kernel/btf/vmlinux. 0, -ENOENT: no BTF, -errno. */
int ebt_members_resolve(const struct ebt_image *image, const char *btf_path, uint32_t *values);

#endif
