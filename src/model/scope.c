/* SPDX-License-Identifier: BSD-3-Clause */
/* scope.c - the rows of a group, or of what a process started */
#include "model/scope.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void ebt_scope_deinit(struct ebt_scope_list *list)
{
	if (list->ids)
		munmap(list->ids, list->slots * sizeof(*list->ids));
	free(list->name);
	*list = (struct ebt_scope_list){ 0 };
}

struct ebt_bytes ebt_scope_row_name(const struct ebt_row *row, enum ebt_group_by by,
				    uint64_t *number)
{
	const struct ebt_group_parts parts = { .failed = row->ret < 0,
					       .comm = row->comm,
					       .exe = row->exe,
					       .filename = row->filename,
					       .args = row->args,
					       .parent_comm = row->parent_comm };

	*number = by == EBT_GROUP_USER ? row->uid : row->cgroup_id;
	return ebt_groups_name_of(by, &parts);
}

static bool scope_has(const struct ebt_scope_list *list, const struct ebt_hist_row *hist)
{
	const struct ebt_scope *scope = &list->scope;
	struct ebt_bytes name;
	struct ebt_row row;
	uint64_t number;

	if (hist->kind != EBT_ROW_EXEC)
		return false;
	if (scope->kind == EBT_SCOPE_CHILDREN)
		return hist->ppid == scope->pid && hist->mono_ns >= scope->from_ns &&
		       hist->mono_ns <= scope->until_ns;
	ebt_hist_row_fill(hist, 0, &row);
	name = ebt_scope_row_name(&row, scope->by, &number);
	if (ebt_group_by_number(scope->by))
		return number == list->number;
	name.len = name.len < EBT_GROUP_NAME_MAX ? name.len : EBT_GROUP_NAME_MAX;
	return ebt_bytes_equal(name, (struct ebt_bytes){ list->name, list->name_len });
}

static void scope_put(struct ebt_scope_list *list, const struct ebt_hist_row *row)
{
	if (!scope_has(list, row))
		return;
	list->ids[(list->head + list->n) & (list->slots - 1)] = (uint32_t)row->id;
	list->n++;
}

/* Keep a group's name: the group itself may be dropped. */
static int scope_name(struct ebt_scope_list *list, const struct ebt_groups *groups,
		      const struct ebt_scope *scope)
{
	const struct ebt_grp *grp = ebt_groups_by_id(groups, scope->by, scope->key);

	if (!grp)
		return -ENOENT;
	list->name = malloc(grp->name_len ? grp->name_len : 1);
	if (!list->name)
		return -ENOMEM;
	memcpy(list->name, grp->name, grp->name_len);
	list->name_len = grp->name_len;
	list->number = grp->number;
	return 0;
}

static int scope_map(struct ebt_scope_list *list, size_t slots)
{
	void *map = mmap(NULL, slots * sizeof(*list->ids), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		return -ENOMEM;
	list->ids = map;
	list->slots = slots;
	return 0;
}

int ebt_scope_set(struct ebt_scope_list *list, const struct ebt_groups *groups,
		  const struct ebt_filter *filter, const struct ebt_history *h,
		  const struct ebt_scope *scope)
{
	struct ebt_scope_list fresh = { .scope = *scope };
	int r = 0;

	if (scope->kind == EBT_SCOPE_GROUP)
		r = scope_name(&fresh, groups, scope);
	if (r == 0 && scope->kind != EBT_SCOPE_ALL)
		r = scope_map(&fresh, h->slots);
	ebt_scope_deinit(list);
	if (r < 0) {
		ebt_scope_deinit(&fresh);
		return r;
	}
	*list = fresh;
	if (scope->kind == EBT_SCOPE_ALL)
		return 0;
	for (size_t i = 0, n = ebt_filter_rows(filter, h); i < n; i++)
		scope_put(list, ebt_history_get(h, ebt_filter_at(filter, h, i)));
	return 0;
}

void ebt_scope_drop(struct ebt_scope_list *list, const struct ebt_hist_row *row)
{
	if (list->n == 0 || list->ids[list->head] != (uint32_t)row->id)
		return;
	list->head = (list->head + 1) & (list->slots - 1);
	list->n--;
}

void ebt_scope_clear(struct ebt_scope_list *list)
{
	list->head = list->n = 0;
}

size_t ebt_scope_rows(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		      const struct ebt_history *h)
{
	return list->scope.kind == EBT_SCOPE_ALL ? ebt_filter_rows(filter, h) : list->n;
}

uint64_t ebt_scope_at(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		      const struct ebt_history *h, size_t place)
{
	uint32_t low;

	if (list->scope.kind == EBT_SCOPE_ALL)
		return ebt_filter_at(filter, h, place);
	low = list->ids[(list->head + place) & (list->slots - 1)];
	/* All ids of the history are within 2^32 of its first. */
	return h->first_id + (uint32_t)(low - (uint32_t)h->first_id);
}

size_t ebt_scope_place(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		       const struct ebt_history *h, uint64_t id)
{
	size_t lo = 0, hi = list->n;

	if (list->scope.kind == EBT_SCOPE_ALL)
		return ebt_filter_place(filter, h, id);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ebt_scope_at(list, filter, h, mid) < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static uint32_t *scope_slot(struct ebt_scope_list *list, size_t place)
{
	return &list->ids[(list->head + place) & (list->slots - 1)];
}

void ebt_scope_look(struct ebt_scope_list *list, const struct ebt_filter *filter,
		    const struct ebt_history *h, const struct ebt_hist_row *row)
{
	size_t place, in_filter;
	bool is_in, belongs;

	if (list->scope.kind == EBT_SCOPE_ALL)
		return;
	in_filter = ebt_filter_place(filter, h, row->id);
	belongs = in_filter < ebt_filter_rows(filter, h) &&
		  ebt_filter_at(filter, h, in_filter) == row->id && scope_has(list, row);
	place = ebt_scope_place(list, filter, h, row->id);
	is_in = place < list->n && ebt_scope_at(list, filter, h, place) == row->id;
	/* Most changes concern young rows, so few others have to move. */
	if (belongs && !is_in) {
		for (size_t i = list->n++; i > place; i--)
			*scope_slot(list, i) = *scope_slot(list, i - 1);
		*scope_slot(list, place) = (uint32_t)row->id;
	} else if (is_in && !belongs) {
		list->n--;
		for (size_t i = place; i < list->n; i++)
			*scope_slot(list, i) = *scope_slot(list, i + 1);
	}
}
