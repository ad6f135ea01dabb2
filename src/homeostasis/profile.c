/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/profile.h"

#include <errno.h>
#include <stdlib.h>

#define DAY_NS (24 * 3600 * 1000000000ull)

_Static_assert(sizeof(struct ebt_ph_row) == 528, "shared with BPF");
_Static_assert(sizeof(struct ebt_ph_key) == 16, "shared with BPF, no padding in a hash key");

int ebt_ph_set_new(struct ebt_ph_set **out)
{
	struct ebt_ph_set *set = calloc(1, sizeof(*set));

	if (!set)
		return -ENOMEM;
	ebt_ph_profile_init(&set->profile);
	*out = set;
	return 0;
}

void ebt_ph_set_free(struct ebt_ph_set **set)
{
	if (!*set)
		return;
	for (int i = 0; i < EBT_PH_COLS; i++)
		free((*set)->rows[i]);
	free(*set);
	*set = NULL;
}

struct ebt_ph_row *ebt_ph_set_row(struct ebt_ph_set *set, uint32_t col)
{
	struct ebt_ph_row **row = &set->rows[col & (EBT_PH_COLS - 1)];

	if (!*row) {
		*row = calloc(1, sizeof(**row));
		if (!*row)
			return NULL;
	}
	if (ebt_ph_row_stale(&set->profile, *row))
		ebt_ph_row_sync(&set->profile, *row);
	return *row;
}

uint32_t ebt_ph_set_column(struct ebt_ph_set *set, uint32_t call)
{
	uint32_t col = ebt_ph_col(&set->profile, call);

	return col ? col : ebt_ph_set_col(&set->profile, call, ++set->profile.cols);
}

int64_t ebt_ph_set_call(struct ebt_ph_set *set, struct ebt_ph_task *task, uint32_t call,
			const struct ebt_ph_config *cfg)
{
	uint32_t col = ebt_ph_set_column(set, call);
	struct ebt_ph_row *row = ebt_ph_set_row(set, col);

	if (!row)
		return -ENOMEM;
	return ebt_ph_step(&set->profile, row, task, col, cfg);
}

static void count_table(const __u64 *table, uint32_t *pairs, uint32_t *bits)
{
	for (uint32_t prev = EBT_PH_EMPTY + 1; prev < EBT_PH_COLS; prev++) {
		uint8_t byte = ebt_ph_bits(table, prev);

		*pairs += byte != 0;
		*bits += (uint32_t)__builtin_popcount(byte);
	}
}

void ebt_ph_set_stats(struct ebt_ph_set *set, struct ebt_ph_stats *out)
{
	const struct ebt_ph_profile *p = &set->profile;

	*out = (struct ebt_ph_stats){ .calls = p->count_base + p->train_count };
	for (uint32_t call = 0; call < EBT_PH_CALLS; call++)
		out->distinct += p->col_of[call] != 0;
	for (uint32_t col = 0; col < EBT_PH_COLS; col++) {
		if (!set->rows[col])
			continue;
		ebt_ph_set_row(set, col);
		out->rows++;
		count_table(set->rows[col]->a, &out->pairs_a, &out->bits_a);
		count_table(set->rows[col]->b, &out->pairs_b, &out->bits_b);
	}
}

void ebt_ph_config_default(struct ebt_ph_config *cfg)
{
	*cfg = (struct ebt_ph_config){
		.normal_wait_ns = 7 * DAY_NS,
		.normal_factor = 128,
		.normal_factor_den = 32,
		.anomaly_limit = 30,
		.tolerize_limit = 12,
		.min_train = 500,
		.monitoring = 1,
		.deny_limit = 3,
	};
}
