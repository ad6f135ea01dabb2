/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/own_cost.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"

#define LOOK_NS 3000000000ull

/* Name a process as `ps` does, without the prefix that all of ours have. A view that was taken over
 * chooses its name, so only plain characters of it are taken. */
static void cost_name(struct ebt_process_cost *p)
{
	static const char prefix[] = "execbig-";
	char text[EBT_PROC_COMM_LEN] = "";
	const char *from = text;

	ebt_proc_read(-1, p->pid, "comm", text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(from, prefix, sizeof(prefix) - 1) == 0)
		from += sizeof(prefix) - 1;
	snprintf(p->name, sizeof(p->name), "%s", p->pid == (uint32_t)getpid() ? "loader" : from);
	for (char *c = p->name; *c; c++)
		*c = isalnum((unsigned char)*c) ? *c : '-';
}

static void cost_add(struct ebt_status *status, pid_t pid)
{
	struct ebt_process_cost *p = &status->costs[status->n_costs];

	if (pid <= 0 || status->n_costs == EBT_COSTS_MAX)
		return;
	*p = (struct ebt_process_cost){ .pid = (uint32_t)pid,
					.memory_bytes = ebt_process_memory((uint32_t)pid) };
	cost_name(p);
	/* One that has ended has neither. */
	status->n_costs += p->memory_bytes != 0;
}

/* Add the children of the view. A kernel without this file (CONFIG_PROC_CHILDREN) tells of none. */
static void cost_add_children(struct ebt_status *status, pid_t view)
{
	char name[64], text[256], *at = text, *end;

	snprintf(name, sizeof(name), "task/%d/children", view);
	if (view <= 0 || ebt_proc_read(-1, (uint32_t)view, name, text, sizeof(text)) <= 0)
		return;
	for (;;) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			return;
		cost_add(status, (pid_t)pid);
		at = end;
	}
}

void ebt_own_cost_fill(struct ebt_own_cost *cost, struct ebt_status *status)
{
	uint64_t now_ns = ebt_mono_ns();

	if (!cost->looked_ns || now_ns - cost->looked_ns >= LOOK_NS) {
		cost->looked_ns = now_ns;
		status->n_costs = 0;
		cost_add(status, getpid());
		cost_add(status, cost->view);
		cost_add_children(status, cost->view);
		cost_add(status, cost->monitor);
	}
	for (unsigned i = 0; i < status->n_costs; i++)
		status->costs[i].cpu_ns = ebt_process_cpu_ns(status->costs[i].pid);
}
