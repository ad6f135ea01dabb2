/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * own_cost.h - what the processes of this run cost: the loader, the view with what it has started (writer,
 * keeper, …) and the monitor. COMMAND is not one of them. The view may not look into /proc, so the
 * loader does it and puts the figures into the status memory.
 */
#ifndef EBT_PROCESSES_LOADER_OWN_COST_H
#define EBT_PROCESSES_LOADER_OWN_COST_H

#include "ipc/protocol.h"

/* Zero-initialise it. */
struct ebt_own_cost {
	pid_t view, monitor; /* 0: there is none */
	uint64_t looked_ns;  /* when memory and children were last looked at, CLOCK_MONOTONIC */
};

/* Renew the figures in the status memory: CPU time each time, the rest every few seconds. */
void ebt_own_cost_fill(struct ebt_own_cost *cost, struct ebt_status *status);

#endif
