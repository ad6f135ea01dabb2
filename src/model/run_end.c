/* SPDX-License-Identifier: BSD-3-Clause */
/* run_end.c - how the runs of programs end. */
#include "model/run_end.h"

#include "model/model_internal.h"

void ebt_run_end_row(struct ebt_hist_row *row, const struct ebt_run_end *end, uint64_t run_ns)
{
	if (!row)
		return;
	row->end = (uint8_t)end->how;
	row->run_ns = run_ns;
	row->status = end->status;
	row->utime_ns = end->utime_ns;
	row->stime_ns = end->stime_ns;
	row->maxrss_bytes = end->maxrss_bytes;
	row->exit_seq = end->seq;
	row->exit_cpu = end->cpu;
}

void ebt_run_end_groups(struct ebt_model *model, struct ebt_grp *grp[EBT_GROUP_BY_MAX],
			const struct ebt_group_end *end)
{
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX; by++) {
		ebt_group_end(grp[by], end);
		grp[by] = NULL;
	}
	model->groups.cpu_ns += end->cpu_ns;
	if (end->failed)
		model->failures++;
}

void ebt_run_end(struct ebt_model *model, struct ebt_proc *proc, const struct ebt_run_end *end)
{
	uint64_t run_ns = end->at_ns > proc->exec_ns ? end->at_ns - proc->exec_ns : 0;
	struct ebt_group_end group_end = {
		.known = end->how != EBT_END_UNKNOWN,
		.failed = end->how == EBT_END_EXIT && end->status != 0,
		.run_ns = run_ns,
		.cpu_ns = end->utime_ns + end->stime_ns,
	};

	struct ebt_hist_row *row = ebt_history_get(&model->history, proc->row_id);

	ebt_run_end_row(row, end, run_ns);
	ebt_run_end_row(proc->kept, end, run_ns);
	if (ebt_rows_again(model, row))
		ebt_groups_passed(&model->filter, proc->grp);
	ebt_live_cpu_end(proc);
	if (!proc->grp[0])
		return;
	if (group_end.failed)
		ebt_rate_add(&model->failure_rate, end->at_ns / EBT_NS_PER_S, 1);
	ebt_run_end_groups(model, proc->grp, &group_end);
}

void ebt_model_lose(struct ebt_model *model, struct ebt_proc *proc, uint64_t at_ns)
{
	struct ebt_run_end end = { .how = EBT_END_UNKNOWN, .at_ns = at_ns };

	if (!proc->exited)
		ebt_run_end(model, proc, &end);
}

static void run_trim_exited(struct ebt_procs *procs)
{
	while (procs->exited.n > EBT_PROC_EXITED_MAX)
		ebt_procs_remove(procs, procs->exited.first);
}

void ebt_run_end_process(struct ebt_model *model, struct ebt_proc *proc,
			 const struct ebt_run_end *end)
{
	ebt_run_end(model, proc, end);
	ebt_job_cpu_end(model, proc, end->utime_ns + end->stime_ns + proc->below_cpu_ns);
	ebt_procs_exit(&model->procs, proc, end->at_ns);
	run_trim_exited(&model->procs);
}

void ebt_run_replaced(struct ebt_model *model, const struct ebt_event *ev)
{
	struct ebt_run_end end = { .how = EBT_END_REPLACED, .at_ns = ev->mono_ns };
	struct ebt_proc *proc = ebt_procs_find(&model->procs, ev->exit.pid);

	if (!proc || proc->exited || proc->hidden || !ebt_proc_is(proc, ev->exit.start_ns) ||
	    ev->mono_ns < proc->exec_ns)
		return;
	ebt_run_end(model, proc, &end);
	ebt_proc_keep(&model->procs, proc, NULL);
	proc->row_id = ebt_procs_next_id(&model->procs);
	proc->exec_ns = ev->mono_ns;
	proc->hidden = true;
	ebt_proc_set_comm(proc, ev->exit.comm);
}

bool ebt_model_shows(const struct ebt_model *model, uint32_t pid, uint64_t start_ns)
{
	const struct ebt_proc *proc = ebt_procs_find(&model->procs, pid);

	return proc && proc->has_exec && ebt_proc_is(proc, start_ns);
}

bool ebt_model_runs_shown(const struct ebt_model *model, uint32_t pid, uint64_t start_ns)
{
	const struct ebt_proc *proc = ebt_procs_find(&model->procs, pid);

	return ebt_model_shows(model, pid, start_ns) && !proc->exited && !proc->hidden;
}
