/* SPDX-License-Identifier: BSD-3-Clause */
/* seed.c - processes that ran before tracing began, as /proc told of them. */
#include "model/model.h"
#include "model/model_internal.h"

/* A process has its whole arguments until those of all together are too many. */
static size_t seed_args_max(struct ebt_model *model, size_t len)
{
	if (len <= EBT_PROC_KEPT_ARGS || len > EBT_PROC_SEED_ARGS - model->seed_args_bytes)
		return EBT_PROC_KEPT_ARGS;
	model->seed_args_bytes += len;
	return len;
}

/* Take what /proc writes behind the path of a file that is deleted off it. */
static bool seed_take_deleted(struct ebt_bytes *exe)
{
	static const char mark[] = " (deleted)";
	size_t len = sizeof(mark) - 1;

	if (exe->len <= len || memcmp(exe->data + exe->len - len, mark, len) != 0)
		return false;
	exe->len -= len;
	return true;
}

void ebt_model_seed_process(struct ebt_model *model, const struct ebt_seed *seed)
{
	struct ebt_proc *proc = ebt_procs_find(&model->procs, seed->pid);
	uint64_t start_ns = seed->start_ns;
	struct ebt_bytes exe = seed->exe;
	bool deleted = seed_take_deleted(&exe);
	struct ebt_hist_row *row;

	if (proc && (start_ns == 0 || start_ns <= proc->start_ns + EBT_PROC_SEED_SLACK_NS))
		return; /* we know it better, or know its successor */
	if (proc) {
		ebt_model_lose(model, proc, start_ns);
		ebt_procs_remove(&model->procs, proc);
	}
	proc = ebt_model_new_process(model, seed->pid);
	if (!proc)
		return;
	proc->ppid = seed->ppid;
	proc->uid = seed->uid;
	proc->start_ns = start_ns;
	proc->exec_ns = start_ns;
	proc->seeded = true;
	ebt_proc_set_comm(proc, seed->comm);
	proc->row_id = ebt_procs_next_id(&model->procs);
	row = ebt_hist_row_seed(seed->comm, exe, seed->args, seed_args_max(model, seed->args.len));
	if (!row)
		return;
	row->id = proc->row_id;
	row->pid = row->tid = row->vpid = seed->pid;
	row->ppid = seed->ppid;
	row->uid = seed->uid;
	row->euid = seed->euid;
	row->gid = seed->gid;
	row->flags = (seed->args_unread ? EBT_EV_ARGS_FAULT : 0) | (exe.len ? EBT_EV_HAS_EXE : 0) |
		     (deleted ? EBT_EV_EXE_DELETED : 0);
	row->start_ns = row->mono_ns = start_ns;
	row->real_ns = start_ns + (uint64_t)model->mono_to_real_ns;
	ebt_proc_keep(&model->procs, proc, row);
}

void ebt_model_seed(struct ebt_model *model, uint32_t pid, uint32_t ppid, uint32_t uid,
		    uint64_t start_ns, struct ebt_bytes comm, struct ebt_bytes args)
{
	struct ebt_seed seed = { .pid = pid,
				 .ppid = ppid,
				 .uid = uid,
				 .euid = uid,
				 .gid = EBT_UNSET,
				 .egid = EBT_UNSET,
				 .start_ns = start_ns,
				 .comm = comm,
				 .args = args };

	ebt_model_seed_process(model, &seed);
}
