/* SPDX-License-Identifier: BSD-3-Clause */
/* live_cpu.c - the CPU time of processes that still run, for the groups and the tree
 *
 * The kernel tells the CPU time of a process when it ends. Until then it has to be asked, so only
 * processes of the tree or of groups that a screen has shown lately are asked about, and not all at
 * once. */
#include "model/model_internal.h"

#define SHOWN_LATELY_NS 3000000000u
#define SAMPLE_NS	1000000000u /* shortest time between two samples of a process */

/* Return whether a running process is in the tree, or counts in a group, that was shown lately. */
static bool live_cpu_wanted(const struct ebt_model *model, const struct ebt_proc *proc,
			    uint64_t now_ns)
{
	const struct ebt_grp *grp = proc->grp[model->list.group_by];

	if (proc->exited)
		return false;
	if (model->tree.shown_ns && now_ns < model->tree.shown_ns + SHOWN_LATELY_NS)
		return true;
	return grp && grp->shown_ns && now_ns < grp->shown_ns + SHOWN_LATELY_NS;
}

static void live_cpu_set(struct ebt_proc *proc, uint64_t cpu_ns)
{
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX && proc->grp[by]; by++)
		proc->grp[by]->live_cpu_ns += cpu_ns - proc->cpu_ns;
	proc->cpu_ns = cpu_ns;
}

void ebt_live_cpu_end(struct ebt_proc *proc)
{
	if (proc->cpu_ns)
		live_cpu_set(proc, 0);
	proc->cpu_sampled_ns = 0;
}

void ebt_model_sample_cpu(struct ebt_model *model, ebt_model_cpu_fn read, void *arg, unsigned max,
			  uint64_t now_mono_ns)
{
	size_t wanted = 0;
	uint64_t every_ns;

	for (struct ebt_proc *proc = model->procs.live.first; proc; proc = proc->next)
		wanted += live_cpu_wanted(model, proc, now_mono_ns);
	/* With more processes than max each has its turn every few seconds. */
	every_ns = (wanted / (max ? max : 1) + 1) * (uint64_t)SAMPLE_NS;
	for (struct ebt_proc *proc = model->procs.live.first; proc && max; proc = proc->next) {
		uint64_t cpu_ns;

		if (!live_cpu_wanted(model, proc, now_mono_ns) ||
		    now_mono_ns < proc->cpu_sampled_ns + every_ns - SAMPLE_NS / 2)
			continue;
		max--;
		proc->cpu_sampled_ns = now_mono_ns;
		cpu_ns = read(proc->pid, arg);
		if (cpu_ns > proc->cpu_ns)
			live_cpu_set(proc, cpu_ns);
	}
}
