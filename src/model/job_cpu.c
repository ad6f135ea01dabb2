/* SPDX-License-Identifier: BSD-3-Clause */
/* job_cpu.c - the CPU time of a process and of all that it started
 *
 * What a process used is added to the processes above it when it ends, up to the first that still
 * runs, because its own entry is dropped after a while. Running processes are added up when the tree is
 * shown. */
#include "model/model_internal.h"

void ebt_job_cpu_end(struct ebt_model *model, const struct ebt_proc *proc, uint64_t cpu_ns)
{
	const struct ebt_proc *at = proc;

	/* Parents are older than their children, so the way ends; the bound is for inexact starts. */
	for (unsigned level = 0; level < EBT_JOB_LEVELS_MAX; level++) {
		struct ebt_proc *parent = ebt_tree_parent(&model->procs, &model->history, at);

		if (!parent)
			return;
		parent->below_cpu_ns += cpu_ns;
		if (!parent->exited)
			return;
		at = parent;
	}
}

static uint64_t job_own(const struct ebt_model *model, const struct ebt_proc *proc)
{
	const struct ebt_hist_row *row = ebt_proc_row(proc, &model->history);

	if (!proc->exited)
		return proc->cpu_ns;
	return row ? row->utime_ns + row->stime_ns : 0;
}

void ebt_job_cpu_sum(struct ebt_model *model)
{
	const struct ebt_tree *tree = &model->tree;

	for (size_t i = 0; i < tree->all; i++)
		tree->order[i]->job_cpu_ns = 0;
	/* From the last line to the first: what is below a process is complete when it is reached.
	 * Until then job_cpu_ns holds the time of the running processes below. */
	for (size_t i = tree->all; i-- > 0;) {
		struct ebt_proc *p = tree->order[i];
		uint64_t running = p->job_cpu_ns;

		p->job_cpu_ns += job_own(model, p) + p->below_cpu_ns;
		if (p->parent)
			p->parent->job_cpu_ns += p->exited ? running : p->job_cpu_ns;
	}
}
