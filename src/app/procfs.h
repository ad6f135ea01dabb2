/* SPDX-License-Identifier: BSD-3-Clause */
/* procfs.h - what the machine knew before tracing began: users by number, processes that run
 * already. */
#ifndef EBT_APP_PROCFS_H
#define EBT_APP_PROCFS_H

#include "app/recorder.h"
#include "model/model.h"

/* Names of all users (at most 16,384), through NSS: call before the sandbox. */
void ebt_seed_users(struct ebt_model *model);
/* A directory of all processes, also where /proc is mounted with hidepid: call it as root. -1:
 * none.
 */
int ebt_procfs_open(void);
/* Every process in proc, which is closed, as far as our rights go; into the recording too, unless
 * that is NULL. */
void ebt_seed_processes(struct ebt_model *model, struct ebt_recorder *recorder, int proc);

#endif
