/* SPDX-License-Identifier: BSD-3-Clause */
/* related.c - what an exec has to do with: its group, its family, other runs of the same */
#include "model/model_internal.h"

uint64_t ebt_snapshot_group_of(const struct ebt_model *model, const struct ebt_row *row,
			       enum ebt_group_by by)
{
	uint64_t number;
	struct ebt_bytes name = ebt_scope_row_name(row, by, &number);
	struct ebt_hash_key key = ebt_group_by_number(by)
					  ? ebt_groups_key_number(&model->groups, by, number)
					  : ebt_groups_key(&model->groups, by, name);
	const struct ebt_grp *grp = ebt_groups_find(&model->groups, by, key);

	return grp ? grp->id : 0;
}

/* Return the scope of what a pid started while this process, if it is known, had it. */
static struct ebt_scope related_children(uint32_t pid, const struct ebt_proc *proc)
{
	struct ebt_scope scope = { .kind = EBT_SCOPE_CHILDREN, .pid = pid, .until_ns = UINT64_MAX };

	if (proc && !proc->seeded)
		scope.from_ns = proc->start_ns;
	if (proc && proc->exited)
		scope.until_ns = proc->ended_ns;
	return scope;
}

struct ebt_scope ebt_snapshot_children(struct ebt_model *model, const struct ebt_row *row)
{
	const struct ebt_proc *proc = ebt_procs_find(&model->procs, row->pid);

	return related_children(row->pid, proc && ebt_proc_is(proc, row->start_ns) ? proc : NULL);
}

struct ebt_scope ebt_snapshot_siblings(struct ebt_model *model, const struct ebt_row *row)
{
	const struct ebt_proc *proc = ebt_procs_find(&model->procs, row->ppid);

	if (proc && proc->start_ns > row->mono_ns)
		proc = NULL; /* a younger process has the parent's pid */
	return related_children(row->ppid, proc);
}

/* Return the first run of a row's group, or the one that took longest. */
static uint64_t related_run(struct ebt_model *model, const struct ebt_row *of, enum ebt_group_by by,
			    bool slowest)
{
	const struct ebt_history *h = &model->history;
	uint64_t wanted, best = 0, best_ns = 0, number;
	struct ebt_bytes name = ebt_scope_row_name(of, by, &wanted);

	for (uint64_t id = h->first_id; id < h->next_id; id++) {
		struct ebt_row row;
		struct ebt_bytes its;

		ebt_hist_row_fill(ebt_history_get(h, id), ebt_model_newest_ns(model), &row);
		if (row.kind != EBT_ROW_EXEC)
			continue;
		its = ebt_scope_row_name(&row, by, &number);
		if (ebt_group_by_number(by) ? number != wanted : !ebt_bytes_equal(its, name))
			continue;
		if (!slowest)
			return id;
		if (row.ret >= 0 && row.run_ns >= best_ns) {
			best = id;
			best_ns = row.run_ns;
		}
	}
	return best;
}

uint64_t ebt_snapshot_first_run(struct ebt_model *model, const struct ebt_row *row,
				enum ebt_group_by by)
{
	return related_run(model, row, by, false);
}

uint64_t ebt_snapshot_slowest_run(struct ebt_model *model, const struct ebt_row *row,
				  enum ebt_group_by by)
{
	return related_run(model, row, by, true);
}

size_t ebt_snapshot_rows_until(const struct ebt_model *model, uint64_t id)
{
	return ebt_scope_place(&model->scope, &model->filter, &model->history, id + 1);
}

uint64_t ebt_snapshot_newest(const struct ebt_model *model)
{
	return ebt_history_rows(&model->history) ? model->history.next_id - 1 : 0;
}

bool ebt_snapshot_holds(const struct ebt_model *model, uint64_t id)
{
	return ebt_history_get(&model->history, id) != NULL;
}
