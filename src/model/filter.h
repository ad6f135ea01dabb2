/* SPDX-License-Identifier: BSD-3-Clause */
/* filter.h - the display filter, and which rows of the history pass it. */
#ifndef EBT_MODEL_FILTER_H
#define EBT_MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/history.h"
#include "model/match.h"

struct ebt_filter {
	struct ebt_matcher matcher;
	uint32_t generation; /* rises with each change */
	/* Ids of matching rows, low 32 bits, oldest first: a ring with a place for each row the
	 * history can have. Mapped while a filter is set. */
	uint32_t *ids;
	size_t slots; /* a power of two */
	size_t head;  /* of the oldest */
	size_t n;
};

static inline bool ebt_filter_on(const struct ebt_filter *f)
{
	return f->matcher.pattern != NULL;
}

void ebt_filter_deinit(struct ebt_filter *f);
/* As ebt_matcher_set; finds the matching rows anew. */
int ebt_filter_set(struct ebt_filter *f, const struct ebt_history *h, const char *pattern,
		   char *err, size_t err_len);
/* A row came. */
void ebt_filter_add(struct ebt_filter *f, const struct ebt_hist_row *row);
/* The oldest row of the history goes. */
void ebt_filter_drop(struct ebt_filter *f, const struct ebt_hist_row *row);
void ebt_filter_clear(struct ebt_filter *f);

/* Command line, comm or exe (the path as passed where exe is not known). */
bool ebt_matcher_row(struct ebt_matcher *m, const struct ebt_hist_row *row);

/* The list of events: what passes the filter, or all. */
size_t ebt_filter_rows(const struct ebt_filter *f, const struct ebt_history *h);
/* Id at a place in that list. */
uint64_t ebt_filter_at(const struct ebt_filter *f, const struct ebt_history *h, size_t place);
/* Place of the first row in the list whose id is not below id; _rows when there is none. */
size_t ebt_filter_place(const struct ebt_filter *f, const struct ebt_history *h, uint64_t id);

#endif
