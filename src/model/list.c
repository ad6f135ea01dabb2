/* SPDX-License-Identifier: BSD-3-Clause */
/* list.c - sort the groups that a window shows */
#include <stdlib.h>

#include "model/list.h"

struct ebt_bytes ebt_group_name(const struct ebt_group_view *view, enum ebt_group_by by,
				const struct ebt_grp *grp)
{
	const char *name = NULL;

	if (grp != &view->groups->by[by].other) {
		if (by == EBT_GROUP_USER)
			name = ebt_names_get(view->users, grp->number);
		else if (by == EBT_GROUP_CGROUP)
			name = ebt_names_get(view->cgroups, grp->number);
	}
	return name ? ebt_bytes_from(name) : (struct ebt_bytes){ grp->name, grp->name_len };
}

/* Return the bits of a number: doubles that are not negative sort as their bits do. */
static uint64_t rate_bits(double rate)
{
	uint64_t bits;

	memcpy(&bits, &rate, sizeof(bits));
	return bits;
}

static uint64_t value_of(const struct ebt_group_view *view, struct ebt_grp *grp,
			 enum ebt_column column)
{
	switch (column) {
	case EBT_COL_RATE:
		return rate_bits(ebt_rate_now(&grp->rate, &view->now));
	case EBT_COL_RATE_1M:
		return rate_bits(ebt_rate_minute(&grp->rate, &view->now));
	case EBT_COL_COUNT:
		return grp->count + grp->missing;
	case EBT_COL_FAILURES:
		return grp->failures;
	case EBT_COL_CPU:
	case EBT_COL_CPU_TIME:
		return grp->cpu_ns;
	case EBT_COL_LIFE_MEAN:
		return ebt_group_life_mean(grp);
	case EBT_COL_LIFE_P95:
		return ebt_group_life_p95(grp);
	case EBT_COL_ARGS:
		return grp->args_bytes;
	case EBT_COL_LAST:
		return grp->last_mono_ns;
	case EBT_COL_RUNNING:
		return grp->running;
	case EBT_COL_NAME:
	case EBT_COL_MAX:
		break;
	}
	return 0;
}

struct order {
	const struct ebt_group_view *view;
	enum ebt_group_by by;
	bool names, invert;
};

static int compare_names(const struct order *order, const struct ebt_grp *a,
			 const struct ebt_grp *b)
{
	struct ebt_bytes x = ebt_group_name(order->view, order->by, a);
	struct ebt_bytes y = ebt_group_name(order->view, order->by, b);
	size_t len = x.len < y.len ? x.len : y.len;
	int r = len ? memcmp(x.data, y.data, len) : 0;

	return r ? r : (x.len > y.len) - (x.len < y.len);
}

/* Compare by a total order: no two items are equal, so every way of sorting gives the same rows. */
static int compare(const struct order *order, const struct ebt_group_item *a,
		   const struct ebt_group_item *b)
{
	int r = order->names ? compare_names(order, a->grp, b->grp)
			     : (a->value < b->value) - (a->value > b->value);

	if (r != 0)
		return order->invert ? -r : r;
	if (a->grp->count + a->grp->missing != b->grp->count + b->grp->missing)
		return a->grp->count + a->grp->missing > b->grp->count + b->grp->missing ? -1 : 1;
	return a->grp->id < b->grp->id ? -1 : a->grp->id > b->grp->id;
}

static int compare_items(const void *a, const void *b, void *arg)
{
	return compare(arg, a, b);
}

static void swap(struct ebt_group_item *a, struct ebt_group_item *b)
{
	struct ebt_group_item t = *a;

	*a = *b;
	*b = t;
}

/* Partition items[lo, hi) around the median of three. Return the index of the pivot. */
static size_t partition(struct ebt_group_item *items, size_t lo, size_t hi,
			const struct order *order)
{
	size_t mid = lo + (hi - lo) / 2, last = hi - 1, at = lo;

	if (compare(order, &items[mid], &items[lo]) < 0)
		swap(&items[mid], &items[lo]);
	if (compare(order, &items[last], &items[lo]) < 0)
		swap(&items[last], &items[lo]);
	if (compare(order, &items[mid], &items[last]) < 0)
		swap(&items[mid], &items[last]);
	for (size_t i = lo; i < last; i++)
		if (compare(order, &items[i], &items[last]) < 0)
			swap(&items[i], &items[at++]);
	swap(&items[at], &items[last]);
	return at;
}

/* Move the items that belong before `place` before it and the others after it, in linear time,
 * which is enough for a window. After too many bad pivots sort everything. */
static void split_at(struct ebt_group_item *items, size_t n, size_t place, struct order *order)
{
	size_t lo = 0, hi = n;

	for (unsigned tries = 0; hi - lo > 3 && place > lo && place < hi; tries++) {
		size_t at;

		if (tries > 64) {
			qsort_r(items + lo, hi - lo, sizeof(*items), compare_items, order);
			return;
		}
		at = partition(items, lo, hi, order);
		if (at == place)
			return;
		if (at < place)
			lo = at + 1;
		else
			hi = at;
	}
	if (place > lo && place < hi)
		qsort_r(items + lo, hi - lo, sizeof(*items), compare_items, order);
}

bool ebt_group_name_matches(struct ebt_expr *expr, enum ebt_group_by by, struct ebt_bytes name)
{
	return ebt_expr_match_name(expr, name, by == EBT_GROUP_COMMAND,
				   name.len >= EBT_GROUP_NAME_MAX);
}

bool ebt_group_matches(const struct ebt_group_view *view, enum ebt_group_by by,
		       const struct ebt_grp *grp, struct ebt_expr *expr)
{
	const struct ebt_hist_row *row;

	if (!ebt_expr_has_keys(expr))
		return ebt_group_name_matches(expr, by, ebt_group_name(view, by, grp));
	row = ebt_history_get(view->history, grp->last_row);
	return row && ebt_filter_judge(view->filter, expr, row);
}

/* Words are compared with the name of a group once. With keys a group passes when one of its execs
 * has. */
static bool passes(const struct ebt_group_view *view, enum ebt_group_by by, struct ebt_grp *grp)
{
	struct ebt_expr *expr = view->filter->expr;

	if (!expr)
		return true;
	if (grp->filter_generation != view->filter->generation) {
		grp->filter_match =
			!ebt_expr_has_keys(expr) && ebt_group_matches(view, by, grp, expr);
		grp->filter_generation = view->filter->generation;
	}
	return grp->filter_match;
}

static void collect(struct ebt_group_list *list, const struct ebt_group_view *view)
{
	struct ebt_grouping *g = &view->groups->by[list->group_by];

	for (struct ebt_grp *grp = g->newest; grp; grp = grp->older)
		if (passes(view, list->group_by, grp))
			list->items[list->n++].grp = grp;
	if (g->other.count + g->other.missing > 0 && passes(view, list->group_by, &g->other))
		list->items[list->n++].grp = &g->other;
	if (list->sort != EBT_COL_NAME)
		for (size_t i = 0; i < list->n; i++)
			list->items[i].value = value_of(view, list->items[i].grp, list->sort);
}

void ebt_group_list_make(struct ebt_group_list *list, const struct ebt_group_view *view,
			 const struct ebt_query *query)
{
	struct order order;
	size_t first = query->first, count = query->count;

	list->group_by =
		(unsigned)query->group_by < EBT_GROUP_BY_MAX ? query->group_by : EBT_GROUP_EXE;
	list->sort = (unsigned)query->sort < EBT_COL_MAX ? query->sort : EBT_COL_RATE;
	list->invert = query->invert;
	list->n = 0;
	list->all = ebt_grouping_count(&view->groups->by[list->group_by]);
	if (list->all > list->cap) {
		size_t cap = list->all + list->all / 2 + 64;
		struct ebt_group_item *items = realloc(list->items, cap * sizeof(*items));

		if (!items)
			return;
		list->items = items;
		list->cap = cap;
	}
	collect(list, view);
	if (list->n == 0)
		return;
	order = (struct order){ view, list->group_by, list->sort == EBT_COL_NAME, list->invert };
	count = count < list->n ? count : list->n;
	first = first < list->n - count ? first : list->n - count;
	split_at(list->items, list->n, first, &order);
	split_at(list->items + first, list->n - first, count, &order);
	qsort_r(list->items + first, count, sizeof(*list->items), compare_items, &order);
}

void ebt_group_list_deinit(struct ebt_group_list *list)
{
	free(list->items);
	*list = (struct ebt_group_list){ 0 };
}
