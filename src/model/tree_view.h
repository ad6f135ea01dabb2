/* SPDX-License-Identifier: BSD-3-Clause */
/* tree_view.h - which part of the process tree is listed, and in which order */
#ifndef EBT_MODEL_TREE_VIEW_H
#define EBT_MODEL_TREE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

/* The order of siblings: by start from the oldest, by CPU time from the highest, by command name. */
enum ebt_tree_order { EBT_TREE_BY_START, EBT_TREE_BY_CPU, EBT_TREE_BY_NAME, EBT_TREE_ORDER_MAX };

/* All zero: everything, by start. Ancestors of what is listed are listed too. */
struct ebt_tree_view {
	bool hide_ended;	/* not processes that have ended */
	bool hide_kernel;	/* not kernel threads */
	uint32_t root_pid;	/* only this process and what is below it; 0: all */
	uint64_t root_start_ns; /* start of that process, so that the pid's next owner is not it */
	enum ebt_tree_order order;
};

/* Return whether the view leaves something out. */
static inline bool ebt_tree_view_partial(const struct ebt_tree_view *view)
{
	return view->hide_ended || view->hide_kernel || view->root_pid;
}

#endif
