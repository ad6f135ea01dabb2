/* SPDX-License-Identifier: BSD-3-Clause */
/* filter.h - the display filter, and the rows of the history that pass it */
#ifndef EBT_MODEL_FILTER_H
#define EBT_MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "expr/expr.h"
#include "model/history.h"
#include "model/names.h"
#include "model/row_ids.h"

struct ebt_filter {
	struct ebt_expr *expr;			 /* owned; NULL lets everything pass */
	bool has_end;				 /* the end of a run changes what it says */
	const struct ebt_names *users, *cgroups; /* borrowed from the model */
	uint32_t generation;			 /* increases with each change */
	struct ebt_row_ids rows;		 /* that match; mapped while a filter is set */
	/* How many of these rows are in it because they may match: something of them is missing, or a
	 * pattern gave up. */
	size_t unsure;
};

static inline bool ebt_filter_on(const struct ebt_filter *f)
{
	return f->expr != NULL;
}

void ebt_filter_deinit(struct ebt_filter *f);
/* Set the expression as ebt_expr_new() does, and find the matching rows again. On failure the one
 * before stays. */
int ebt_filter_set(struct ebt_filter *f, const struct ebt_history *h, const char *text,
		   struct ebt_expr_error *error);
/* Add a new row if it matches. Return whether it does. */
bool ebt_filter_add(struct ebt_filter *f, struct ebt_hist_row *row);
/* Look again at a row whose run has ended, and add or remove it. Return whether it matches. row may
 * be NULL. */
bool ebt_filter_again(struct ebt_filter *f, const struct ebt_history *h, struct ebt_hist_row *row);
/* The same whatever has become known of the row. The filter must be on. */
bool ebt_filter_look(struct ebt_filter *f, const struct ebt_history *h, struct ebt_hist_row *row);
/* Remove the oldest row of the history. */
void ebt_filter_drop(struct ebt_filter *f, const struct ebt_hist_row *row);
void ebt_filter_clear(struct ebt_filter *f);

/* Return whether an expression, that of the filter or another, holds for a row; ebt_expr_unsure() says
 * whether that is certain. */
bool ebt_filter_judge(const struct ebt_filter *f, struct ebt_expr *expr,
		      const struct ebt_hist_row *row);
/* The same for a row with its path of the cgroup. */
bool ebt_filter_judge_row(const struct ebt_filter *f, struct ebt_expr *expr,
			  const struct ebt_row *row);

/* Return the number of rows in the list of events: those that pass the filter, or all. */
size_t ebt_filter_rows(const struct ebt_filter *f, const struct ebt_history *h);
/* Return the id at an index of that list. */
uint64_t ebt_filter_at(const struct ebt_filter *f, const struct ebt_history *h, size_t place);
/* Return the index of the first row in the list whose id is not below id, or the number of rows if
 * there is none. */
size_t ebt_filter_place(const struct ebt_filter *f, const struct ebt_history *h, uint64_t id);

#endif
