/* SPDX-License-Identifier: BSD-3-Clause */
/* members.h - offsets of the kernel's struct members, found by name in the BTF of the running
 * kernel */
#ifndef EBT_IMAGE_MEMBERS_H
#define EBT_IMAGE_MEMBERS_H

#include <stdint.h>

#include "image/image.h"

/* Return the member whose number a call gets (EBT_CALL_MAGIC), or -1 for any other instruction. */
int ebt_member_called(const struct bpf_insn *insn);

#define EBT_MEMBER_MISSING 0xffffffffu /* the loader replaces it by EBT_MISSING */

struct btf;

/* Return the byte offset of a path, or EBT_MEMBER_MISSING. A path is
 * "struct.member.member|fallback", "?type", "#typedef" or "@enumerator"; "%type" and "&function"
 * are numbers in BTF; see bpf_text/ebt_members.h. "=name" is EBT_MEMBER_MISSING, because the loader
 * supplies those values. */
uint32_t ebt_member_resolve(const struct btf *btf, const char *path);

/* Write the offsets of all n_members members of an image, in order, to values. btf_path NULL means
 * /sys/kernel/btf/vmlinux. Return 0, -ENOENT if there is no BTF, or another -errno. */
int ebt_members_resolve(const struct ebt_image *image, const char *btf_path, uint32_t *values);

#endif
