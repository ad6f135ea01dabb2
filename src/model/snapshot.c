/* SPDX-License-Identifier: BSD-3-Clause */
/* snapshot.c - produce the rows for a screen; nothing here changes the contents of the model */
#include <stdlib.h>

#include "base/cleanup.h"
#include "model/model_internal.h"

/* Provide at least n elements of size; the old contents are lost. Return false, with nothing
 * changed, if there is no memory. */
static bool snapshot_reserve(void *arrayp, size_t *cap, size_t n, size_t size)
{
	size_t want = n + n / 4;
	void *array;

	if (n <= *cap)
		return true;
	array = calloc(want, size);
	if (!array)
		return false;
	free(*(void **)arrayp);
	*(void **)arrayp = array;
	*cap = want;
	return true;
}

/* Set the part of a list of n rows that is returned. */
static void set_window(struct ebt_snapshot *out, size_t n, const struct ebt_query *query)
{
	out->total_rows = n;
	out->count = query->count < n ? query->count : n;
	out->first = query->first < n - out->count ? query->first : n - out->count;
}

static void fill_row(const struct ebt_model *model, const struct ebt_hist_row *row, uint64_t now_ns,
		     struct ebt_row *out)
{
	ebt_hist_row_fill(row, now_ns, out);
	out->user = ebt_names_get(&model->users, out->uid);
	out->cgroup = out->cgroup_id ? ebt_names_get(&model->cgroups, out->cgroup_id) : NULL;
}

static void take_events(struct ebt_model *model, const struct ebt_query *query,
			struct ebt_snapshot *out)
{
	const struct ebt_history *h = &model->history;

	out->all_rows = ebt_history_rows(h);
	set_window(out, ebt_scope_rows(&model->scope, &model->filter, h), query);
	if (!snapshot_reserve(&model->event_rows, &model->event_cap, out->count,
			      sizeof(struct ebt_row)))
		out->count = 0;
	for (size_t i = 0; i < out->count; i++) {
		uint64_t id = ebt_scope_at(&model->scope, &model->filter, h, out->first + i);

		fill_row(model, ebt_history_get(h, id), out->now_mono_ns, &model->event_rows[i]);
	}
	out->rows = model->event_rows;
}

/* Fill in a process without any row. */
static void fill_bare(const struct ebt_model *model, const struct ebt_proc *proc, uint64_t now_ns,
		      struct ebt_row *out)
{
	*out = (struct ebt_row){
		.id = proc->row_id,
		.mono_ns = proc->exec_ns,
		.real_ns = proc->exec_ns + (uint64_t)model->mono_to_real_ns,
		.pid = proc->pid,
		.tid = proc->pid,
		.vpid = proc->pid,
		.ppid = proc->ppid,
		.uid = proc->uid,
		.euid = proc->uid,
		.gid = EBT_UNSET,
		.loginuid = EBT_UNSET,
		.sessionid = EBT_UNSET,
		.start_ns = proc->start_ns,
		.ended = proc->exited,
		.replaced = proc->exited,
		.exit_unknown = proc->exited,
		.seeded = proc->seeded,
		.comm = { proc->comm, proc->comm_len },
		.user = ebt_names_get(&model->users, proc->uid),
	};
	if (!proc->exited && now_ns > proc->exec_ns)
		out->run_ns = now_ns - proc->exec_ns;
	else if (proc->exited && proc->ended_ns > proc->exec_ns)
		out->run_ns = proc->ended_ns - proc->exec_ns;
}

/* Return the name that the parent has now, for a process whose own exec was not seen. */
static struct ebt_bytes parent_comm(const struct ebt_model *model, const struct ebt_proc *proc)
{
	const struct ebt_proc *parent = ebt_tree_parent(&model->procs, &model->history, proc);

	return parent ? (struct ebt_bytes){ parent->comm, parent->comm_len }
		      : (struct ebt_bytes){ 0 };
}

static void fill_proc(const struct ebt_model *model, const struct ebt_proc *proc, uint64_t now_ns,
		      struct ebt_row *out)
{
	const struct ebt_hist_row *row = ebt_proc_row(proc, &model->history);

	if (row)
		fill_row(model, row, now_ns, out);
	else
		fill_bare(model, proc, now_ns, out);
	if (!out->parent_comm.len)
		out->parent_comm = parent_comm(model, proc);
}

static void fill_tree(const struct ebt_model *model, const struct ebt_tree_node *node,
		      struct ebt_row *out)
{
	const struct ebt_proc *proc = node->proc;

	if (ebt_filter_on(&model->filter) && proc->match_unsure)
		out->flags |= EBT_EV_MATCH_UNKNOWN;
	out->depth = proc->depth;
	out->tree_lines = node->lines;
	out->tree_last = proc->last;
	out->children = proc->children;
	out->has_children = proc->children > 0;
	out->collapsed = proc->collapsed;
	out->job_cpu_ns = proc->job_cpu_ns;
	out->start_ns = proc->start_ns;
}

/* The order by CPU time changes without an event; often enough is once a second. */
#define TREE_SORT_NS 1000000000u

static void take_tree(struct ebt_model *model, const struct ebt_query *query,
		      struct ebt_snapshot *out)
{
	struct ebt_tree *tree = &model->tree;

	tree->shown_ns = out->now_mono_ns;
	if (tree->view.order == EBT_TREE_BY_CPU &&
	    out->now_mono_ns >= tree->arranged_ns + TREE_SORT_NS) {
		tree->arranged_ns = out->now_mono_ns;
		tree->view_changed = true;
	}
	ebt_tree_build(tree, &model->procs, &model->history, &model->filter);
	ebt_job_cpu_sum(model);
	out->all_rows = model->tree.all;
	set_window(out, model->tree.shown, query);
	if (!snapshot_reserve(&model->tree_rows, &model->tree_cap, out->count,
			      sizeof(struct ebt_row)))
		out->count = 0;
	for (size_t i = 0; i < out->count; i++) {
		const struct ebt_tree_node *node = &model->tree.nodes[out->first + i];

		fill_proc(model, node->proc, out->now_mono_ns, &model->tree_rows[i]);
		fill_tree(model, node, &model->tree_rows[i]);
	}
	out->rows = model->tree_rows;
}

static void fill_parents(const struct ebt_parents *parents, struct ebt_group *out)
{
	const struct ebt_parent *first = ebt_parents_first(parents, &out->other_parents);

	if (!first)
		return;
	out->parent = (struct ebt_bytes){ first->comm, first->len };
	out->parent_pid = first->several ? 0 : first->pid;
	out->more_parents = parents->more;
}

static void fill_group(const struct ebt_model *model, const struct ebt_group_view *view,
		       struct ebt_grp *grp, uint16_t spark[EBT_SPARK_LEN], struct ebt_group *out)
{
	*out = (struct ebt_group){
		.name = ebt_group_name(view, model->list.group_by, grp),
		.key = grp->id,
		.count = grp->count + grp->missing,
		.missing = grp->missing,
		.failures = grp->failures,
		.running = grp->running,
		.rate = ebt_rate_now(&grp->rate, &view->now),
		.rate_1m = ebt_rate_minute(&grp->rate, &view->now),
		.cpu_time_ns = grp->cpu_ns,
		.life_mean_ns = ebt_group_life_mean(grp),
		.life_p95_ns = ebt_group_life_p95(grp),
		.args_bytes = grp->args_bytes,
		.last_real_ns = grp->last_real_ns,
		.last_pid = grp->last_pid,
		.last_row = grp->last_row,
		.live_cpu_ns = grp->live_cpu_ns,
		.spark = spark,
	};
	grp->shown_ns = view->now.now_ns;
	if (grp->parents)
		fill_parents(grp->parents, out);
	if (model->groups.cpu_ns > 0)
		out->cpu_share = (double)grp->cpu_ns / (double)model->groups.cpu_ns;
	ebt_rate_spark(&grp->rate, view->now.now_ns, spark);
}

static bool reserve_groups(struct ebt_model *model, size_t n)
{
	size_t cap = 0, spark_cap = 0;
	struct ebt_group *rows = NULL;
	uint16_t(*sparks)[EBT_SPARK_LEN] = NULL;

	if (n <= model->group_cap)
		return true;
	if (!snapshot_reserve(&rows, &cap, n, sizeof(*rows)) ||
	    !snapshot_reserve(&sparks, &spark_cap, n, sizeof(*sparks))) {
		free(rows);
		return false;
	}
	free(model->group_rows);
	free(model->sparks);
	model->group_rows = rows;
	model->sparks = sparks;
	model->group_cap = cap;
	return true;
}

static void take_groups(struct ebt_model *model, const struct ebt_query *query,
			struct ebt_snapshot *out)
{
	struct ebt_group_view view = ebt_model_group_view(model, out->now_mono_ns);

	ebt_group_list_make(&model->list, &view, query);
	out->all_rows = model->list.all;
	set_window(out, model->list.n, query);
	if (!reserve_groups(model, out->count))
		out->count = 0;
	for (size_t i = 0; i < out->count; i++)
		fill_group(model, &view, model->list.items[out->first + i].grp, model->sparks[i],
			   &model->group_rows[i]);
	out->groups = model->group_rows;
}

static void take_head(struct ebt_model *model, struct ebt_snapshot *out)
{
	struct ebt_rate_now now = { out->now_mono_ns, model->since_ns };
	struct ebt_buffers *b = &model->buffers;

	out->execs = model->execs;
	out->exits = model->exits;
	out->failures = model->failures;
	out->running = model->procs.running;
	out->execs_per_s = ebt_rate_now(&model->exec_rate, &now);
	out->failures_per_s = ebt_rate_now(&model->failure_rate, &now);
	ebt_rate_spark(&model->exec_rate, now.now_ns, out->spark);
	ebt_rate_spark(&model->failure_rate, now.now_ns, out->spark_failures);
	out->cpus = b->rows;
	out->ncpu = b->ncpu;
	out->total = b->total;
	out->accounting_holds = b->accounting_holds;
	out->ring_used = b->ring_used;
	out->ring_size = b->ring_size;
	out->cpu_ring_size = b->cpu_ring_size;
	out->scratch_bytes = b->scratch_bytes;
	out->kernel_bytes = b->kernel_bytes;
	out->recursion_misses = b->recursion_misses;
	out->cost = b->own_costs.now.count ? &b->own_costs : NULL;
	ebt_buffers_fill(b, now.now_ns, out->ring_fill);
	/* The kernel's counters are exact; a replay only has the recorded losses. */
	out->lost_ring = b->known ? b->total.c.lost_ring : model->lost[EBT_LOST_RING];
	out->lost_busy = b->known ? b->total.c.lost_busy : model->lost[EBT_LOST_BUSY];
	out->lost_total =
		out->lost_ring + out->lost_busy + (b->known ? 0 : model->lost[EBT_LOST_UNKNOWN]);
	out->cut = b->total.c.cut_ring;
}

void ebt_snapshot_take(struct ebt_model *model, const struct ebt_query *query, uint64_t now_mono_ns,
		       struct ebt_snapshot *out)
{
	*out = (struct ebt_snapshot){
		.now_mono_ns = now_mono_ns,
		.now_real_ns = now_mono_ns + (uint64_t)model->mono_to_real_ns,
		.list = query->list,
		.dropped_rows = model->history.dropped,
		.history_used = model->history.used_bytes,
		.history_size = model->history.arena_bytes,
		.filter = ebt_expr_text(model->filter.expr),
		.unsure_rows = model->filter.unsure,
	};
	model->asked_ns = now_mono_ns;
	take_head(model, out);
	switch (query->list) {
	case EBT_LIST_NONE:
		break;
	case EBT_LIST_EVENTS:
		take_events(model, query, out);
		break;
	case EBT_LIST_GROUPS:
		take_groups(model, query, out);
		break;
	case EBT_LIST_TREE:
		take_tree(model, query, out);
		break;
	}
}

/* Return the process whose latest row is this one, kept outside of the history. */
static struct ebt_proc *proc_of_kept(const struct ebt_model *model, uint64_t id)
{
	const struct ebt_proc_list *lists[] = { &model->procs.live, &model->procs.exited };

	for (unsigned i = 0; i < EBT_ARRAY_SIZE(lists); i++)
		for (struct ebt_proc *p = lists[i]->first; p; p = p->next)
			if (p->row_id == id)
				return p;
	return NULL;
}

static struct ebt_proc *proc_of(const struct ebt_model *model, uint64_t id)
{
	const struct ebt_hist_row *row = ebt_history_get(&model->history, id);
	struct ebt_proc *proc;

	if (id == 0)
		return NULL;
	if (!row)
		return proc_of_kept(model, id);
	proc = ebt_procs_find(&model->procs, row->pid);
	return proc && proc->row_id == id ? proc : NULL;
}

bool ebt_snapshot_row(struct ebt_model *model, uint64_t id, struct ebt_row *out)
{
	const struct ebt_hist_row *row = ebt_history_get(&model->history, id);
	struct ebt_proc *proc;

	if (row) {
		fill_row(model, row, ebt_model_newest_ns(model), out);
		return true;
	}
	proc = proc_of(model, id);
	if (!proc)
		return false;
	fill_proc(model, proc, ebt_model_newest_ns(model), out);
	return true;
}

uint64_t ebt_snapshot_row_of_pid(struct ebt_model *model, uint32_t pid)
{
	const struct ebt_proc *proc = ebt_procs_find(&model->procs, pid);

	return proc ? proc->row_id : 0;
}

/* Return whether the process existed at that time. */
static bool lived_at(const struct ebt_proc *proc, uint64_t mono_ns)
{
	uint64_t slack = proc->seeded ? EBT_PROC_SEED_SLACK_NS : 0;

	return proc->start_ns <= mono_ns + slack && (!proc->exited || proc->ended_ns >= mono_ns);
}

uint64_t ebt_snapshot_parent(struct ebt_model *model, const struct ebt_row *row)
{
	const struct ebt_procs *procs = &model->procs;
	const struct ebt_proc *proc = ebt_procs_find(procs, row->pid), *parent;

	if (proc && proc->ppid == row->ppid && lived_at(proc, row->mono_ns)) {
		parent = ebt_tree_parent(procs, &model->history, proc);
		return parent ? parent->row_id : 0;
	}
	/* The process was dropped or has another parent now: of two processes with the parent's pid
	 * choose the one that existed at that time. */
	parent = ebt_procs_find(procs, row->ppid);
	if (!parent || parent == proc || !lived_at(parent, row->mono_ns) ||
	    (parent->exited && !ebt_proc_row(parent, &model->history)))
		return 0;
	return parent->row_id;
}

void ebt_snapshot_collapse(struct ebt_model *model, uint64_t id, bool collapsed)
{
	struct ebt_proc *proc = proc_of(model, id);

	if (!proc || proc->collapsed == collapsed)
		return;
	proc->collapsed = collapsed;
	model->procs.changed = true;
}
