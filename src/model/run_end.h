/* SPDX-License-Identifier: BSD-3-Clause */
/* run_end.h - end the run of a program: in its row, in its groups and in the table of processes. */
#ifndef EBT_MODEL_RUN_END_H
#define EBT_MODEL_RUN_END_H

#include "groups/group.h"
#include "model/history.h"
#include "model/model.h"
#include "model/process.h"

/* How a run ended, for its row and its groups. */
struct ebt_run_end {
	enum ebt_hist_end how;
	uint64_t at_ns;
	int32_t status;
	uint64_t utime_ns, stime_ns, maxrss_bytes;
	uint64_t seq; /* of the exit's event on that CPU */
	uint32_t cpu;
};

/* Tell the row, which may be NULL. */
void ebt_run_end_row(struct ebt_hist_row *row, const struct ebt_run_end *end, uint64_t run_ns);
/* Tell the groups, and forget them. */
void ebt_run_end_groups(struct ebt_model *model, struct ebt_grp *grp[EBT_GROUP_BY_MAX],
			const struct ebt_group_end *end);
/* End the present image of a process. */
void ebt_run_end(struct ebt_model *model, struct ebt_proc *proc, const struct ebt_run_end *end);
/* End a process. */
void ebt_run_end_process(struct ebt_model *model, struct ebt_proc *proc,
			 const struct ebt_run_end *end);
/* Take EBT_EVENT_REPLACED: the image that was shown ends, and the process goes on with one that is
 * not shown. */
void ebt_run_replaced(struct ebt_model *model, const struct ebt_event *ev);

#endif
