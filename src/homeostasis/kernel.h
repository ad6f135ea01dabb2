/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel.h - load and run the programs of homeostasis.bpf.c and read their ring
 *
 * It needs privileges. Everything is held by file descriptors and ends with the process. */
#ifndef EBT_HOMEOSTASIS_KERNEL_H
#define EBT_HOMEOSTASIS_KERNEL_H

#include "bpf/programs.h"
#include "homeostasis/profile.h"

#include "ebt_ph_abi.h"

struct ebt_ph_kernel;

/* Create the maps and load the programs, without attaching them. image is the one of the homeostasis
 * text, values come from ebt_members_resolve. Return -errno with failure filled in. */
int ebt_ph_kernel_new(struct ebt_ph_kernel **out, const struct ebt_image *image,
		      const uint32_t *values, struct ebt_failure *failure);
void ebt_ph_kernel_free(struct ebt_ph_kernel **kernel);

/* Attach the programs, which see every system call of the machine from then on. Return -errno with
 * failure filled in. */
int ebt_ph_kernel_attach(struct ebt_ph_kernel *kernel, struct ebt_failure *failure);
/* Return why this kernel cannot refuse execs (it lacks BPF LSM), or NULL if it can. Call it after
 * attaching. */
const char *ebt_ph_kernel_no_deny(const struct ebt_ph_kernel *kernel);
void ebt_ph_kernel_detach(struct ebt_ph_kernel *kernel);

/* Return the current time of profiles (normal_at_ns, changed_ns) in nanoseconds: the wall clock at
 * ebt_ph_kernel_new(), continued by CLOCK_BOOTTIME. */
uint64_t ebt_ph_kernel_now_ns(const struct ebt_ph_kernel *kernel);
/* Return what to add to such a time to get the wall clock, in nanoseconds: 0 as long as nobody set
 * the clock. */
int64_t ebt_ph_kernel_step_ns(struct ebt_ph_kernel *kernel);

/* Change the settings, at any time. The function fills in epoch_ns, self_tgid and sigreturn. */
int ebt_ph_kernel_configure(struct ebt_ph_kernel *kernel, const struct ebt_ph_config *cfg);
/* Return the highest slot in use; slots start at 1. */
uint32_t ebt_ph_kernel_slots(const struct ebt_ph_kernel *kernel);
/* Carry out a verb on a profile. Return -ENOENT if there is no such profile. */
int ebt_ph_kernel_verb(struct ebt_ph_kernel *kernel, uint32_t slot, enum ebt_ph_verb verb);

typedef void (*ebt_ph_rec_fn)(const struct ebt_ph_rec *rec, void *arg);
/* Pass the records in the ring to fn. Return their number or -errno. Records of a wrong size are
 * dropped. */
int ebt_ph_kernel_read(struct ebt_ph_kernel *kernel, ebt_ph_rec_fn fn, void *arg);
/* Return a descriptor that is readable when there are records. The kernel side keeps it. */
int ebt_ph_kernel_ring_fd(const struct ebt_ph_kernel *kernel);
/* Return the memory of all tables in bytes as the kernel accounts for it, or 0 if it is not
 * known. */
uint64_t ebt_ph_kernel_bytes(const struct ebt_ph_kernel *kernel);

#endif
