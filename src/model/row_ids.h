/* SPDX-License-Identifier: BSD-3-Clause */
/* row_ids.h - a list of rows of the history, in the order of their ids
 *
 * The filter and the scope each keep one. An element is the low 32 bits of an id: all ids that the history holds
 * at one time are within 2^32 of its first. The memory is mapped, and its pages are used as rows come. */
#ifndef EBT_MODEL_ROW_IDS_H
#define EBT_MODEL_ROW_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ebt_row_ids {
	uint32_t *ids; /* a ring of slots elements; NULL: not mapped */
	size_t slots; /* number of elements, a power of two: one for each row that the history can hold */
	size_t head; /* index of the oldest */
	size_t n;    /* number of rows in the list */
};

/* Map the memory, unless that is done. Return 0 or -ENOMEM. */
int ebt_row_ids_map(struct ebt_row_ids *list, size_t slots);
void ebt_row_ids_unmap(struct ebt_row_ids *list);
/* Return the number of bytes that are mapped. */
size_t ebt_row_ids_bytes(const struct ebt_row_ids *list);

/* Return the id at an index below n. first_id is that of the history. */
uint64_t ebt_row_ids_at(const struct ebt_row_ids *list, uint64_t first_id, size_t place);
/* Return the index of the first row whose id is not below id, or n. */
size_t ebt_row_ids_place(const struct ebt_row_ids *list, uint64_t first_id, uint64_t id);

/* Append a row that is younger than all in the list. */
void ebt_row_ids_append(struct ebt_row_ids *list, uint64_t id);
/* Add a row at its place, or remove it. This moves the rows that are younger. */
void ebt_row_ids_set(struct ebt_row_ids *list, uint64_t first_id, uint64_t id, bool in_list);
/* Remove a row if it is the oldest of the list. Return whether it was. */
bool ebt_row_ids_drop(struct ebt_row_ids *list, uint64_t id);
void ebt_row_ids_clear(struct ebt_row_ids *list);

#endif
