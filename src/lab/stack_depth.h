/* SPDX-License-Identifier: BSD-3-Clause */
/* stack_depth.h - how much of its 512 bytes of stack a BPF program uses, from its instructions. */
#ifndef EBT_LAB_STACK_DEPTH_H
#define EBT_LAB_STACK_DEPTH_H

#include <linux/bpf.h>
#include <stdint.h>

#define EBT_LAB_STACK_MAX 512 /* MAX_BPF_STACK, include/linux/filter.h */

/*
 * Bytes below r10 down to the lowest that is read, written or whose address is given to a helper.
 * Follows copies of r10, constants added to them and pointers spilled to the stack, along all
 * paths. Of functions called within the program it is the largest frame. At most EBT_LAB_STACK_MAX;
 * -ENOMEM; -EINVAL: not a program (a jump leads out of it).
 */
int ebt_lab_stack(const struct bpf_insn *insns, uint32_t count);

#endif
