/* SPDX-License-Identifier: BSD-3-Clause */
/* seed_processes.h - what the machine knew before tracing began: users by number, processes that
 * run already. */
#ifndef EBT_PROCESSES_VIEW_SEED_PROCESSES_H
#define EBT_PROCESSES_VIEW_SEED_PROCESSES_H

#include "model/model.h"
#include "processes/keeper/process_list.h"
#include "processes/view/recorder.h"

/* Names of all users (at most 16,384), through NSS: call before the sandbox. */
void ebt_seed_users(struct ebt_model *model);
/* A directory of all processes, also where /proc is mounted with hidepid: call it as root. -1:
 * none.
 */
int ebt_seed_open_proc(void);
/* Take what the list of processes has, waiting for its end at most wait_ms, into the model and into
 * the recording (NULL: there is none). The list is freed when it has ended. */
void ebt_seed_take(struct ebt_process_list **list, int wait_ms, struct ebt_model *model,
		   struct ebt_recorder *recorder);

/* Every few seconds, ends in the model what is not there any more though its exit did not come: it
 * was lost, or a filter left it out. *last_ns: when it was done last, 0: never; the caller's to
 * keep.
 */
void ebt_reap_processes(struct ebt_model *model, uint64_t now_ns, uint64_t *last_ns);

/* Once a second, read the CPU time of running processes of the groups that are shown into the model, of
 * at most 256. *last_ns: when it was done last, 0: never; the caller's to keep. */
void ebt_sample_cpu(struct ebt_model *model, uint64_t now_ns, uint64_t *last_ns);

#endif
