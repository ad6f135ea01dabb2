/* SPDX-License-Identifier: BSD-3-Clause */
/* row_ids.c - a list of rows of the history, in the order of their ids */
#include "model/row_ids.h"

#include <errno.h>
#include <sys/mman.h>

int ebt_row_ids_map(struct ebt_row_ids *list, size_t slots)
{
	void *map;

	if (list->ids)
		return 0;
	map = mmap(NULL, slots * sizeof(*list->ids), PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return -ENOMEM;
	/* A huge page would be in memory as a whole for a few rows. */
	(void)madvise(map, slots * sizeof(*list->ids), MADV_NOHUGEPAGE);
	*list = (struct ebt_row_ids){ .ids = map, .slots = slots };
	return 0;
}

void ebt_row_ids_unmap(struct ebt_row_ids *list)
{
	if (list->ids)
		munmap(list->ids, list->slots * sizeof(*list->ids));
	*list = (struct ebt_row_ids){ 0 };
}

size_t ebt_row_ids_bytes(const struct ebt_row_ids *list)
{
	return list->slots * sizeof(*list->ids);
}

static uint32_t *slot_of(const struct ebt_row_ids *list, size_t place)
{
	return &list->ids[(list->head + place) & (list->slots - 1)];
}

uint64_t ebt_row_ids_at(const struct ebt_row_ids *list, uint64_t first_id, size_t place)
{
	return first_id + (uint32_t)(*slot_of(list, place) - (uint32_t)first_id);
}

size_t ebt_row_ids_place(const struct ebt_row_ids *list, uint64_t first_id, uint64_t id)
{
	size_t lo = 0, hi = list->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ebt_row_ids_at(list, first_id, mid) < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void ebt_row_ids_append(struct ebt_row_ids *list, uint64_t id)
{
	*slot_of(list, list->n) = (uint32_t)id;
	list->n++;
}

void ebt_row_ids_set(struct ebt_row_ids *list, uint64_t first_id, uint64_t id, bool in_list)
{
	size_t place = ebt_row_ids_place(list, first_id, id);
	bool is_in = place < list->n && ebt_row_ids_at(list, first_id, place) == id;

	/* Most changes concern young rows, so few others have to move. */
	if (in_list && !is_in) {
		for (size_t i = list->n++; i > place; i--)
			*slot_of(list, i) = *slot_of(list, i - 1);
		*slot_of(list, place) = (uint32_t)id;
	} else if (is_in && !in_list) {
		list->n--;
		for (size_t i = place; i < list->n; i++)
			*slot_of(list, i) = *slot_of(list, i + 1);
	}
}

bool ebt_row_ids_drop(struct ebt_row_ids *list, uint64_t id)
{
	if (list->n == 0 || list->ids[list->head] != (uint32_t)id)
		return false;
	list->head = (list->head + 1) & (list->slots - 1);
	list->n--;
	return true;
}

void ebt_row_ids_clear(struct ebt_row_ids *list)
{
	list->head = list->n = 0;
}
