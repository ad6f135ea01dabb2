/* SPDX-License-Identifier: BSD-3-Clause */
/* feed.c - update the model from events */
#include "model/model_internal.h"
#include "model/run_end.h"

/* Add the newest row to the list of events, if it belongs there. Return true if a filter lets it
 * pass. */
static bool add_to_list(struct ebt_model *model, struct ebt_hist_row *row)
{
	bool passes = ebt_filter_add(&model->filter, row);

	ebt_scope_look(&model->scope, &model->filter, &model->history, row);
	return passes;
}

/* Count the exec in its six groups. */
static void start_groups(struct ebt_model *model, const struct ebt_event *ev, uint64_t real_ns,
			 uint64_t row, struct ebt_bytes parent_comm,
			 struct ebt_grp *grp[EBT_GROUP_BY_MAX])
{
	const struct ebt_event_exec *x = &ev->exec;
	bool failed = x->ret < 0;
	struct ebt_group_start start = {
		.mono_ns = ev->mono_ns,
		.real_ns = real_ns,
		.row = row,
		.pid = x->pid,
		.ppid = x->ppid,
		.parent_comm = parent_comm,
		.args_bytes = x->args_bytes,
		.failed = failed,
	};
	struct ebt_exe_key file = { .ino = x->exe_ino,
				    .version = x->exe_version,
				    .dev = x->exe_dev };
	const struct ebt_group_parts parts = { .failed = failed,
					       .comm = x->comm,
					       .exe = x->exe,
					       .filename = x->filename,
					       .args = x->args,
					       .parent_comm = parent_comm };
	struct ebt_bytes names[EBT_GROUP_BY_MAX];
	uint64_t numbers[EBT_GROUP_BY_MAX] = {
		[EBT_GROUP_USER] = x->uid, [EBT_GROUP_CGROUP] = x->cgroup_id
	};
	struct ebt_groups *groups = &model->groups;
	struct ebt_hash_key keys[EBT_GROUP_BY_MAX];

	/* Compute all keys first, so that the cache loads their places at the same time. */
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX; by++) {
		names[by] = ebt_groups_name_of(by, &parts);
		keys[by] = ebt_group_by_number(by) ? ebt_groups_key_number(groups, by, numbers[by])
						   : ebt_groups_key(groups, by, names[by]);
	}
	if (!failed)
		ebt_exes_arrived(&model->exes, &file, names[EBT_GROUP_EXE]);
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX; by++) {
		/* Count at once, because a group without running processes may be dropped to make
		 * room for the next. */
		grp[by] = ebt_group_by_number(by)
				  ? ebt_groups_get_number(groups, by, keys[by], numbers[by])
				  : ebt_groups_get(groups, by, keys[by], names[by]);
		ebt_group_start(groups, by, grp[by], &start);
	}
}

/* Return the parent's command name. Recordings of version 1 do not have it: then a parent that
 * called exec has the name of that program, and a process that has not called exec yet has its
 * parent's name. */
static struct ebt_bytes parent_comm(const struct ebt_model *model, const struct ebt_event_exec *x,
				    bool first_exec)
{
	const struct ebt_proc *parent;

	if (x->parent_comm.len)
		return x->parent_comm;
	parent = ebt_procs_find(&model->procs, x->ppid);
	if (parent && ebt_proc_is(parent, x->parent_start_ns))
		return (struct ebt_bytes){ parent->comm, parent->comm_len };
	return first_exec ? x->prev_comm : (struct ebt_bytes){ 0 };
}

/* Return the process of an exec, or NULL if it is new. A process of that pid that began earlier is
 * ended. *late is set if the event belongs to an image that has been replaced, or to a process that
 * has ended. */
static struct ebt_proc *known_process(struct ebt_model *model, const struct ebt_event *ev,
				      bool *late)
{
	const struct ebt_event_exec *x = &ev->exec;
	struct ebt_proc *proc = ebt_procs_find(&model->procs, x->pid);

	*late = false;
	if (!proc)
		return NULL;
	if (!ebt_proc_is(proc, x->start_ns)) {
		if (x->start_ns < proc->start_ns) {
			*late = true;
			return NULL;
		}
		ebt_model_lose(model, proc, x->start_ns);
		ebt_procs_remove(&model->procs, proc);
		return NULL;
	}
	*late = proc->exited || (proc->has_exec && ev->mono_ns < proc->exec_ns);
	return proc;
}

static void end_late(struct ebt_model *model, const struct ebt_proc *proc,
		     const struct ebt_event *ev, struct ebt_hist_row *row,
		     struct ebt_grp *grp[EBT_GROUP_BY_MAX])
{
	bool replaced = proc && proc->has_exec && proc->exec_ns > ev->mono_ns;
	struct ebt_run_end end = { .how = replaced ? EBT_END_REPLACED : EBT_END_UNKNOWN };
	struct ebt_group_end group_end = { .known = replaced };

	if (replaced)
		group_end.run_ns = proc->exec_ns - ev->mono_ns;
	ebt_run_end_row(row, &end, group_end.run_ns);
	if (ebt_rows_again(model, row))
		ebt_groups_passed(&model->filter, grp);
	ebt_run_end_groups(model, grp, &group_end);
}

struct ebt_proc *ebt_model_new_process(struct ebt_model *model, uint32_t pid)
{
	struct ebt_procs *procs = &model->procs;

	while (procs->live.n >= EBT_PROC_LIVE_MAX) {
		ebt_model_lose(model, procs->live.first, model->now_ns);
		ebt_procs_remove(procs, procs->live.first);
	}
	return ebt_procs_add(procs, pid);
}

static void run_image(struct ebt_model *model, struct ebt_proc *proc, const struct ebt_event *ev,
		      const struct ebt_hist_row *row, struct ebt_grp *grp[EBT_GROUP_BY_MAX])
{
	const struct ebt_event_exec *x = &ev->exec;

	ebt_proc_keep(&model->procs, proc, NULL);
	if (x->start_ns)
		proc->start_ns = x->start_ns;
	proc->parent_start_ns = x->parent_start_ns;
	proc->ppid = x->ppid;
	proc->uid = x->uid;
	proc->seeded = proc->hidden = false;
	proc->row_id = row ? row->id : ebt_procs_next_id(&model->procs);
	proc->exec_ns = ev->mono_ns;
	ebt_proc_set_comm(proc, x->comm);
	memcpy(proc->grp, grp, sizeof(proc->grp));
	for (unsigned by = 0; !row && by < EBT_GROUP_BY_MAX; by++)
		if (!grp[by]->last_row && grp[by]->last_mono_ns == ev->mono_ns)
			grp[by]->last_row = proc->row_id; /* the process represents a row */
	ebt_procs_touch(&model->procs, proc);
}

static void exit_of(struct ebt_model *model, struct ebt_proc *proc, const struct ebt_early_exit *e)
{
	struct ebt_run_end end = {
		.how = EBT_END_EXIT,
		.at_ns = e->mono_ns,
		.status = e->status,
		.utime_ns = e->utime_ns,
		.stime_ns = e->stime_ns,
		.maxrss_bytes = e->maxrss_bytes,
		.seq = e->seq,
		.cpu = e->cpu,
	};

	ebt_run_end_process(model, proc, &end);
}

static void feed_exec(struct ebt_model *model, const struct ebt_event *ev)
{
	const struct ebt_event_exec *x = &ev->exec;
	uint64_t real_ns = ev->mono_ns + (uint64_t)model->mono_to_real_ns;
	struct ebt_grp *grp[EBT_GROUP_BY_MAX];
	struct ebt_early_exit early;
	struct ebt_hist_row *row;
	struct ebt_bytes parent;
	struct ebt_proc *proc;
	bool late, passes;

	proc = known_process(model, ev, &late);
	parent = parent_comm(model, x, !proc);
	row = ebt_history_add(&model->history, ev, real_ns, parent);
	passes = row && add_to_list(model, row);
	start_groups(model, ev, real_ns, row ? row->id : 0, parent, grp);
	if (passes)
		ebt_groups_passed(&model->filter, grp);
	model->execs++;
	ebt_rate_add(&model->exec_rate, ev->mono_ns / EBT_NS_PER_S, 1);
	if (x->ret < 0) {
		model->failures++;
		ebt_rate_add(&model->failure_rate, ev->mono_ns / EBT_NS_PER_S, 1);
		return;
	}
	if (late) {
		end_late(model, proc, ev, row, grp);
		return;
	}
	if (proc && proc->has_exec) {
		struct ebt_run_end end = { .how = EBT_END_REPLACED, .at_ns = ev->mono_ns };

		ebt_run_end(model, proc, &end);
	}
	if (!proc)
		proc = ebt_model_new_process(model, x->pid);
	if (!proc) { /* no memory: its end will not be noticed */
		end_late(model, NULL, ev, row, grp);
		return;
	}
	run_image(model, proc, ev, row, grp);
	if (ebt_procs_early_take(&model->procs, x->pid, x->start_ns, ev->mono_ns, &early))
		exit_of(model, proc, &early);
}

static void feed_exit(struct ebt_model *model, const struct ebt_event *ev)
{
	const struct ebt_event_exit *x = &ev->exit;
	struct ebt_proc *proc = ebt_procs_find(&model->procs, x->pid);
	struct ebt_early_exit e = {
		.cpu = ev->cpu,
		.seq = ev->seq,
		.mono_ns = ev->mono_ns,
		.status = x->status,
		.utime_ns = x->utime_ns,
		.stime_ns = x->stime_ns,
		.maxrss_bytes = x->maxrss_bytes,
	};

	model->exits++;
	if (proc && ebt_proc_is(proc, x->start_ns)) {
		if (!proc->exited)
			exit_of(model, proc, &e);
		return;
	}
	if (proc && !proc->exited && x->start_ns > proc->start_ns) {
		/* A younger process has ended, so the known one must have ended unnoticed. */
		ebt_model_lose(model, proc, x->start_ns);
		ebt_procs_remove(&model->procs, proc);
	}
	ebt_procs_early_put(&model->procs, ev);
}

void ebt_model_end_unshown(struct ebt_model *model, const struct ebt_event *ev)
{
	uint64_t exits = model->exits;

	feed_exit(model, ev);
	model->exits = exits;
}

/* Add a row to the feed. Counts and groups only cover execs. */
static void feed_homeo(struct ebt_model *model, const struct ebt_event *ev)
{
	const struct ebt_proc *proc = ebt_procs_find(&model->procs, ev->homeo.pid);
	struct ebt_hist_row *row;

	row = ebt_history_add_homeo(&model->history, ev,
				    ev->mono_ns + (uint64_t)model->mono_to_real_ns,
				    proc ? proc->ppid : EBT_UNSET, proc ? proc->uid : EBT_UNSET);
	if (row)
		add_to_list(model, row);
}

void ebt_model_event(struct ebt_model *model, const struct ebt_event *ev)
{
	if (model->since_ns == 0)
		model->since_ns = ev->mono_ns;
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		feed_exec(model, ev);
		break;
	case EBT_EVENT_EXIT:
		feed_exit(model, ev);
		break;
	case EBT_EVENT_LOST:
		if ((unsigned)ev->lost.cause <= EBT_LOST_UNKNOWN)
			model->lost[ev->lost.cause] += ev->lost.count;
		break;
	case EBT_EVENT_HOMEO:
		feed_homeo(model, ev);
		break;
	case EBT_EVENT_REPLACED:
		ebt_run_replaced(model, ev);
		break;
	case EBT_EVENT_NOTE:
		break;
	}
}

void ebt_model_reap(struct ebt_model *model,
		    bool (*alive)(uint32_t pid, uint64_t start_ns, void *arg), void *arg,
		    uint64_t now_mono_ns)
{
	struct ebt_run_end end = { .how = EBT_END_UNKNOWN, .at_ns = now_mono_ns };
	struct ebt_proc *proc = model->procs.live.first, *next;

	for (; proc; proc = next) {
		bool there = alive(proc->pid, proc->start_ns, arg);

		next = proc->next;
		if (!there && proc->missed)
			ebt_run_end_process(model, proc, &end);
		else
			proc->missed = !there;
	}
}
