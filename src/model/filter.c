/* SPDX-License-Identifier: BSD-3-Clause */
/* filter.c - index of matching rows. */
#include <errno.h>
#include <sys/mman.h>

#include "model/filter.h"

bool ebt_matcher_row(struct ebt_matcher *m, const struct ebt_hist_row *row)
{
	struct ebt_bytes exe = ebt_hist_text(row, EBT_TEXT_EXE);

	if (exe.len == 0)
		exe = ebt_hist_text(row, EBT_TEXT_FILENAME);
	return ebt_matcher_args(m, ebt_hist_text(row, EBT_TEXT_ARGS)) ||
	       ebt_matcher_text(m, ebt_hist_text(row, EBT_TEXT_COMM)) || ebt_matcher_text(m, exe);
}

static void unmap(struct ebt_filter *f)
{
	if (f->ids)
		munmap(f->ids, f->slots * sizeof(*f->ids));
	f->ids = NULL;
	f->head = f->n = 0;
}

void ebt_filter_deinit(struct ebt_filter *f)
{
	unmap(f);
	ebt_matcher_deinit(&f->matcher);
}

static int map(struct ebt_filter *f, size_t slots)
{
	void *map;

	f->head = f->n = 0;
	if (f->ids)
		return 0;
	map = mmap(NULL, slots * sizeof(*f->ids), PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return -errno;
	(void)madvise(map, slots * sizeof(*f->ids), MADV_NOHUGEPAGE);
	f->ids = map;
	f->slots = slots;
	return 0;
}

int ebt_filter_set(struct ebt_filter *f, const struct ebt_history *h, const char *pattern,
		   char *err, size_t err_len)
{
	int r = ebt_matcher_set(&f->matcher, pattern, err, err_len);

	if (r < 0)
		return r;
	f->generation++;
	if (!ebt_filter_on(f)) {
		unmap(f);
		return 0;
	}
	r = map(f, h->slots);
	if (r < 0) {
		(void)ebt_matcher_set(&f->matcher, NULL, NULL, 0);
		return r;
	}
	for (uint64_t id = h->first_id; id < h->next_id; id++)
		ebt_filter_add(f, ebt_history_get(h, id));
	return 0;
}

void ebt_filter_add(struct ebt_filter *f, const struct ebt_hist_row *row)
{
	if (!ebt_filter_on(f) || !ebt_matcher_row(&f->matcher, row))
		return;
	f->ids[(f->head + f->n) & (f->slots - 1)] = (uint32_t)row->id;
	f->n++;
}

void ebt_filter_drop(struct ebt_filter *f, const struct ebt_hist_row *row)
{
	if (f->n == 0 || f->ids[f->head] != (uint32_t)row->id)
		return;
	f->head = (f->head + 1) & (f->slots - 1);
	f->n--;
}

void ebt_filter_clear(struct ebt_filter *f)
{
	f->head = f->n = 0;
}

size_t ebt_filter_rows(const struct ebt_filter *f, const struct ebt_history *h)
{
	return ebt_filter_on(f) ? f->n : ebt_history_rows(h);
}

uint64_t ebt_filter_at(const struct ebt_filter *f, const struct ebt_history *h, size_t place)
{
	uint32_t low;

	if (!ebt_filter_on(f))
		return h->first_id + place;
	low = f->ids[(f->head + place) & (f->slots - 1)];
	/* All ids of the history are within 2^32 of its first. */
	return h->first_id + (uint32_t)(low - (uint32_t)h->first_id);
}

size_t ebt_filter_place(const struct ebt_filter *f, const struct ebt_history *h, uint64_t id)
{
	size_t lo = 0, hi = ebt_filter_rows(f, h);

	if (!ebt_filter_on(f)) {
		if (id <= h->first_id)
			return 0;
		return id < h->next_id ? (size_t)(id - h->first_id) : hi;
	}
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ebt_filter_at(f, h, mid) < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
