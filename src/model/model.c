/* SPDX-License-Identifier: BSD-3-Clause */
/* model.c - create, clear and query the model (feed.c handles events) */
#include <errno.h>
#include <stdlib.h>

#include "model/model_internal.h"

/* A row is dropped: a process or group that still needs it gets a copy. */
static void on_drop(const struct ebt_hist_row *row, void *arg)
{
	struct ebt_model *model = arg;
	struct ebt_proc *proc;

	ebt_filter_drop(&model->filter, row);
	ebt_scope_drop(&model->scope, row);
	if (row->end != EBT_END_NONE)
		return;
	proc = ebt_procs_find(&model->procs, row->pid);
	if (proc && proc->row_id == row->id)
		ebt_proc_keep(&model->procs, proc, ebt_hist_row_keep(row, EBT_PROC_KEPT_ARGS));
}

static size_t groups_bytes(size_t history_bytes)
{
	return history_bytes / 2 > EBT_MODEL_GROUPS_MIN ? history_bytes / 2 : EBT_MODEL_GROUPS_MIN;
}

int ebt_model_new(struct ebt_model **out, const struct ebt_model_options *options)
{
	size_t bytes = options->history_bytes ? options->history_bytes : EBT_MODEL_HISTORY_DEFAULT;
	struct ebt_model *model;
	int r;

	if (options->ncpu == 0)
		return -EINVAL;
	bytes = bytes < EBT_HISTORY_MIN ? EBT_HISTORY_MIN : bytes;
	bytes = bytes > EBT_HISTORY_MAX ? EBT_HISTORY_MAX : bytes;
	model = calloc(1, sizeof(*model));
	if (!model)
		return -ENOMEM;
	model->mono_to_real_ns = options->mono_to_real_ns;
	/* The filter's index of rows counts towards the memory of the history. */
	r = ebt_history_init(&model->history, bytes, sizeof(*model->filter.rows.ids));
	if (r == 0)
		r = ebt_buffers_init(&model->buffers, options->ncpu);
	ebt_groups_init(&model->groups, groups_bytes(bytes));
	if (r < 0) {
		ebt_model_free(&model);
		return r;
	}
	model->filter.users = &model->users;
	model->filter.cgroups = &model->cgroups;
	model->history.on_drop = on_drop;
	model->history.arg = model;
	*out = model;
	return 0;
}

void ebt_model_free(struct ebt_model **modelp)
{
	struct ebt_model *model = modelp ? *modelp : NULL;

	if (!model)
		return;
	ebt_procs_deinit(&model->procs);
	ebt_groups_deinit(&model->groups);
	ebt_filter_deinit(&model->filter);
	ebt_scope_deinit(&model->scope);
	ebt_history_deinit(&model->history);
	ebt_expr_free(&model->search);
	ebt_names_deinit(&model->users);
	ebt_exes_deinit(&model->exes);
	ebt_names_deinit(&model->cgroups);
	ebt_buffers_deinit(&model->buffers);
	ebt_tree_deinit(&model->tree);
	ebt_group_list_deinit(&model->list);
	free(model->event_rows);
	free(model->tree_rows);
	free(model->group_rows);
	free(model->sparks);
	free(model);
	*modelp = NULL;
}

size_t ebt_model_memory_bytes(const struct ebt_model *model)
{
	size_t bytes = sizeof(*model) + model->history.map_bytes;

	bytes += ebt_row_ids_bytes(&model->filter.rows) + ebt_row_ids_bytes(&model->scope.rows) +
		 model->scope.name_len;
	bytes += ebt_expr_bytes(model->filter.expr) + ebt_expr_bytes(model->search);
	bytes += model->groups.bytes + model->procs.bytes + model->users.bytes +
		 model->cgroups.bytes;
	bytes += ebt_index_bytes(&model->procs.index);
	if (model->users.table)
		bytes += HASH_OVERHEAD(hh, model->users.table);
	if (model->cgroups.table)
		bytes += HASH_OVERHEAD(hh, model->cgroups.table);
	for (unsigned i = 0; i < EBT_GROUP_BY_MAX; i++)
		bytes += ebt_index_bytes(&model->groups.by[i].index);
	bytes +=
		model->buffers.ncpu * (sizeof(*model->buffers.rows) + sizeof(*model->buffers.cpus));
	bytes += model->tree.cap * (sizeof(*model->tree.nodes) + 2 * sizeof(struct ebt_proc *));
	bytes += model->list.cap * sizeof(*model->list.items);
	bytes += (model->event_cap + model->tree_cap) * sizeof(*model->event_rows);
	bytes += model->group_cap * (sizeof(*model->group_rows) + sizeof(*model->sparks));
	return bytes;
}

void ebt_model_set_user(struct ebt_model *model, uint32_t uid, const char *name)
{
	if (name[0])
		ebt_names_set(&model->users, uid, name);
	else
		ebt_names_forget(&model->users, uid);
	ebt_model_named(model, 0, uid);
}

void ebt_model_set_cgroup(struct ebt_model *model, uint64_t id, const char *path)
{
	ebt_names_set(&model->cgroups, id, path);
	ebt_model_named(model, id, EBT_UNSET);
}

const char *ebt_model_user(const struct ebt_model *model, uint32_t uid)
{
	return ebt_names_get(&model->users, uid);
}

const char *ebt_model_cgroup(const struct ebt_model *model, uint64_t id)
{
	return ebt_names_get(&model->cgroups, id);
}

void ebt_model_set_clock(struct ebt_model *model, int64_t mono_to_real_ns)
{
	model->mono_to_real_ns = mono_to_real_ns;
}

bool ebt_model_knows(const struct ebt_model *model, uint32_t pid)
{
	const struct ebt_proc *proc = ebt_procs_find(&model->procs, pid);

	return proc && !proc->exited;
}

void ebt_model_buffers(struct ebt_model *model, const struct ebt_model_buffers *buffers,
		       uint64_t now_mono_ns)
{
	ebt_buffers_update(&model->buffers, buffers, now_mono_ns);
}

void ebt_model_tick(struct ebt_model *model, uint64_t now_mono_ns)
{
	struct ebt_procs *procs = &model->procs;

	model->now_ns = now_mono_ns;
	if (model->since_ns == 0)
		model->since_ns = now_mono_ns;
	while (procs->exited.first &&
	       now_mono_ns > procs->exited.first->ended_ns + EBT_PROC_EXITED_NS)
		ebt_procs_remove(procs, procs->exited.first);
}

/* Live processes stay, with a copy of their row; their present run is no longer counted. */
void ebt_model_exe_counts(struct ebt_model *model, const struct ebt_exe_entry *entries, size_t n)
{
	ebt_exes_sync(&model->exes, &model->groups, entries, n);
}

void ebt_model_clear(struct ebt_model *model)
{
	struct ebt_procs *procs = &model->procs;

	while (procs->exited.first)
		ebt_procs_remove(procs, procs->exited.first);
	for (struct ebt_proc *proc = procs->live.first; proc; proc = proc->next) {
		const struct ebt_hist_row *row = ebt_history_get(&model->history, proc->row_id);

		if (row)
			ebt_proc_keep(procs, proc, ebt_hist_row_keep(row, EBT_PROC_KEPT_ARGS));
		memset(proc->grp, 0, sizeof(proc->grp));
		proc->cpu_ns = proc->cpu_sampled_ns = 0;
	}
	procs->changed = true;
	ebt_groups_clear(&model->groups);
	ebt_exes_clear(&model->exes);
	ebt_filter_clear(&model->filter);
	ebt_scope_clear(&model->scope);
	ebt_history_clear(&model->history);
	memset(&model->exec_rate, 0, sizeof(model->exec_rate));
	memset(&model->failure_rate, 0, sizeof(model->failure_rate));
	memset(model->lost, 0, sizeof(model->lost));
	model->execs = model->exits = model->failures = 0;
	model->since_ns = model->now_ns;
}

int ebt_model_set_filter(struct ebt_model *model, const char *text, struct ebt_expr_error *error)
{
	struct ebt_scope scope = model->scope.scope;
	int err = ebt_filter_set(&model->filter, &model->history, text, error);

	if (err)
		return err;
	ebt_groups_passed_rows(model);
	if (scope.kind != EBT_SCOPE_ALL)
		(void)ebt_model_set_scope(model, &scope);
	return 0;
}

int ebt_model_set_scope(struct ebt_model *model, const struct ebt_scope *scope)
{
	return ebt_scope_set(&model->scope, &model->groups, &model->filter, &model->history, scope);
}

void ebt_model_set_tree_view(struct ebt_model *model, const struct ebt_tree_view *view)
{
	model->tree.view = *view;
	model->tree.view_changed = true;
}

void ebt_model_limit_tree(struct ebt_model *model, bool limited, const uint32_t *pids, unsigned n)
{
	struct ebt_tree *tree = &model->tree;

	tree->limited = limited;
	tree->n_roots = n < EBT_TREE_ROOTS_MAX ? n : EBT_TREE_ROOTS_MAX;
	if (tree->n_roots)
		memcpy(tree->roots, pids, tree->n_roots * sizeof(*pids));
	model->procs.changed = true;
}
