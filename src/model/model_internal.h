/* SPDX-License-Identifier: BSD-3-Clause */
/* model_internal.h - the parts of the model, for src/model/ only */
#ifndef EBT_MODEL_INTERNAL_H
#define EBT_MODEL_INTERNAL_H

#include "model/buffers.h"
#include "model/exe_counts.h"
#include "model/filter.h"
#include "groups/group.h"
#include "model/history.h"
#include "model/list.h"
#include "model/model.h"
#include "model/names.h"
#include "model/process.h"
#include "model/scope.h"
#include "groups/rate.h"
#include "model/tree.h"

#define EBT_MODEL_HISTORY_DEFAULT ((size_t)32 << 20)
#define EBT_MODEL_GROUPS_MIN	  ((size_t)4 << 20)

struct ebt_model {
	int64_t mono_to_real_ns;
	uint64_t now_ns;   /* time of the newest tick */
	uint64_t asked_ns; /* time of the newest snapshot */
	uint64_t since_ns; /* time of the first event, or of the clear; 0 if there was none */
	uint64_t execs, exits, failures;
	/* losses reported by events (a replay has no counters) */
	uint64_t lost[EBT_LOST_UNKNOWN + 1];
	struct ebt_rate exec_rate, failure_rate;
	struct ebt_history history;
	struct ebt_procs procs;
	size_t seed_args_bytes; /* of EBT_PROC_SEED_ARGS, used */
	struct ebt_groups groups;
	struct ebt_exes exes;
	struct ebt_filter filter;
	struct ebt_scope_list scope;
	struct ebt_expr *search;
	struct ebt_names users, cgroups;
	struct ebt_buffers buffers;
	struct ebt_tree tree;
	struct ebt_group_list list; /* sorted groups */
	/* The arrays that snapshots point to. */
	struct ebt_row *event_rows, *tree_rows;
	size_t event_cap, tree_cap;
	struct ebt_group *group_rows;
	uint16_t (*sparks)[EBT_SPARK_LEN];
	size_t group_cap;
};

/* Look again whether a row, which may be NULL, passes the filter, once something about it has become
 * known; keep the lists up to date. Return true if it passes. */
bool ebt_rows_again(struct ebt_model *model, struct ebt_hist_row *row);
/* Remember that an exec of these groups, NULL for none, passed the filter. */
void ebt_groups_passed(const struct ebt_filter *filter,
		       struct ebt_grp *const grp[EBT_GROUP_BY_MAX]);
/* The same for all rows that pass a new filter. */
void ebt_groups_passed_rows(struct ebt_model *model);

/* A name became known of a cgroup (0: of none) or a user (EBT_UNSET: of none): the filter looks again at
 * the latest rows that have it. */
void ebt_model_named(struct ebt_model *model, uint64_t cgroup_id, uint32_t uid);

/* Add a process without anything but its number; NULL: no memory. */
struct ebt_proc *ebt_model_new_process(struct ebt_model *model, uint32_t pid);
/* End a process of which no end has come. */
void ebt_model_lose(struct ebt_model *model, struct ebt_proc *proc, uint64_t at_ns);

/* Take the sampled CPU time of a process out of its groups before its run ends. */
void ebt_live_cpu_end(struct ebt_proc *proc);

#define EBT_JOB_LEVELS_MAX 1000u

/* Add the CPU time of a process that ends, with that of those that ended below it, to those that
 * started it. */
void ebt_job_cpu_end(struct ebt_model *model, const struct ebt_proc *proc, uint64_t cpu_ns);
/* Set job_cpu_ns of all processes of the tree, which must have been built. */
void ebt_job_cpu_sum(struct ebt_model *model);

static inline uint64_t ebt_model_newest_ns(const struct ebt_model *model)
{
	return model->asked_ns > model->now_ns ? model->asked_ns : model->now_ns;
}

static inline struct ebt_group_view ebt_model_group_view(struct ebt_model *model, uint64_t now_ns)
{
	return (struct ebt_group_view){
		.groups = &model->groups,
		.users = &model->users,
		.cgroups = &model->cgroups,
		.history = &model->history,
		.filter = &model->filter,
		.now = { now_ns, model->since_ns },
	};
}

#endif
