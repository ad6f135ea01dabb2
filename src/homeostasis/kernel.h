/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kernel.h - homeostasis.bpf.c at work: its maps, its programs, its ring. The privileged side; all
 * is held by file descriptors and goes with the process.
 */
#ifndef EBT_HOMEOSTASIS_KERNEL_H
#define EBT_HOMEOSTASIS_KERNEL_H

#include "bpf/programs.h"
#include "homeostasis/profile.h"

#include "ebt_ph_abi.h"

struct ebt_ph_kernel;

/* Creates the maps and loads the programs; nothing runs yet. image: of the homeostasis text;
 * values: ebt_members_resolve. -errno with failure filled. */
int ebt_ph_kernel_new(struct ebt_ph_kernel **out, const struct ebt_image *image,
		      const uint32_t *values, struct ebt_failure *failure);
void ebt_ph_kernel_free(struct ebt_ph_kernel **kernel);

/* From here on every system call of the machine is looked at. */
int ebt_ph_kernel_attach(struct ebt_ph_kernel *kernel, struct ebt_failure *failure);
/* Why this kernel cannot refuse execs (BPF LSM); NULL: it can. Once attached. */
const char *ebt_ph_kernel_no_deny(const struct ebt_ph_kernel *kernel);
void ebt_ph_kernel_detach(struct ebt_ph_kernel *kernel);

/* The time that profiles are by (normal_at_ns, changed_ns), now: the wall clock as it was at _new,
 * and from there on the steady clock. */
uint64_t ebt_ph_kernel_now_ns(const struct ebt_ph_kernel *kernel);
/* What to add to such a time for the wall clock: 0 as long as nobody has set that. */
int64_t ebt_ph_kernel_step_ns(struct ebt_ph_kernel *kernel);

/* Settings, at any time. epoch_ns, self_tgid and sigreturn are filled in here. */
int ebt_ph_kernel_configure(struct ebt_ph_kernel *kernel, const struct ebt_ph_config *cfg);

/* A profile into the kernel, before attaching. Gives its slot, -ENOSPC when a table is full,
 * -EEXIST when its key is there. */
int ebt_ph_kernel_put(struct ebt_ph_kernel *kernel, struct ebt_ph_set *set);
/* Slots are 1 … this. */
uint32_t ebt_ph_kernel_slots(const struct ebt_ph_kernel *kernel);
/* The state alone, without rows. */
int ebt_ph_kernel_profile(const struct ebt_ph_kernel *kernel, uint32_t slot,
			  struct ebt_ph_profile *out);
/* With its rows, up to date. *bytes gets the memory they take in the kernel's tables. */
int ebt_ph_kernel_get(const struct ebt_ph_kernel *kernel, uint32_t slot, struct ebt_ph_set **out,
		      uint64_t *bytes);
int ebt_ph_kernel_verb(struct ebt_ph_kernel *kernel, uint32_t slot, enum ebt_ph_verb verb);

typedef void (*ebt_ph_task_fn)(uint32_t tid, const struct ebt_ph_task *task, void *arg);
/* Every thread that has a state. They come and go meanwhile. */
int ebt_ph_kernel_tasks(const struct ebt_ph_kernel *kernel, ebt_ph_task_fn fn, void *arg);
/* One thread; -ENOENT. */
int ebt_ph_kernel_task(const struct ebt_ph_kernel *kernel, uint32_t tid, struct ebt_ph_task *out);

/* All CPUs together. */
int ebt_ph_kernel_counters(const struct ebt_ph_kernel *kernel, struct ebt_ph_counters *out);

typedef void (*ebt_ph_rec_fn)(const struct ebt_ph_rec *rec, void *arg);
/* Takes what is in the ring; -errno or the number of records. Records of a wrong size are counted
 * and dropped. */
int ebt_ph_kernel_read(struct ebt_ph_kernel *kernel, ebt_ph_rec_fn fn, void *arg);
/* Readable when there is something in the ring. Borrowed. */
int ebt_ph_kernel_ring_fd(const struct ebt_ph_kernel *kernel);
/* Memory of all tables as the kernel accounts for it, 0: unknown. */
uint64_t ebt_ph_kernel_bytes(const struct ebt_ph_kernel *kernel);

#endif
