/* SPDX-License-Identifier: BSD-3-Clause */
#include "bpf/counters.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* All members of the counters before the losers are u64. */
#define WORDS (offsetof(struct ebt_cpu_counters, losers) / sizeof(uint64_t))

int ebt_counters_init(struct ebt_counters *c, unsigned ncpu)
{
	c->ncpu = ncpu;
	c->base[0] = calloc(ncpu, sizeof(*c->base[0]));
	c->base[1] = calloc(ncpu, sizeof(*c->base[1]));
	c->pairs = calloc(ncpu, sizeof(*c->pairs));
	return c->base[0] && c->base[1] && c->pairs ? 0 : -ENOMEM;
}

void ebt_counters_free(struct ebt_counters *c)
{
	free(c->base[0]);
	free(c->base[1]);
	free(c->pairs);
	*c = (struct ebt_counters){ 0 };
}

static int counters_read(struct ebt_counters *c, int map_fd)
{
	uint32_t zero = 0;

	return map_fd < 0 ? map_fd : bpf_map_lookup_elem(map_fd, &zero, c->pairs);
}

void ebt_counters_close(struct ebt_counters *c, int map_fd, uint32_t generation)
{
	unsigned parity = generation & 1;

	if (counters_read(c, map_fd))
		return;
	for (unsigned i = 0; i < c->ncpu; i++)
		c->base[parity][i] = c->pairs[i].of[parity];
}

/* Add what a table counts of each user to another, or subtract it. A user who finds no entry there
 * is in the totals only. */
static void counters_combine_losers(struct ebt_loser *out, const struct ebt_loser *in, bool minus)
{
	for (unsigned i = 0; i < EBT_LOSERS && in[i].who; i++) {
		unsigned at = 0;

		while (at < EBT_LOSERS && out[at].who && out[at].who != in[i].who)
			at++;
		if (at == EBT_LOSERS)
			continue;
		out[at].who = in[i].who;
		for (unsigned cause = 0; cause < EBT_LOSS_CAUSES; cause++)
			out[at].lost[cause] += minus ? -in[i].lost[cause] : in[i].lost[cause];
	}
}

/* Compute a + b or a - b. Maxima are not summed, and all generations share one sequence. */
static void counters_combine(struct ebt_cpu_counters *out, const struct ebt_cpu_counters *a,
			     const struct ebt_cpu_counters *b, bool minus)
{
	uint64_t va[WORDS], vb[WORDS];
	struct ebt_loser losers[EBT_LOSERS];

	memcpy(losers, a->losers, sizeof(losers));
	counters_combine_losers(losers, b->losers, minus);
	memcpy(out->losers, losers, sizeof(losers));
	memcpy(va, a, sizeof(va));
	memcpy(vb, b, sizeof(vb));
	for (size_t i = 0; i < WORDS; i++)
		va[i] = minus ? va[i] - vb[i] : va[i] + vb[i];
	memcpy(out, va, sizeof(va));
	out->high_water = a->high_water > b->high_water ? a->high_water : b->high_water;
	out->max_event = a->max_event > b->max_event ? a->max_event : b->max_event;
}

/* Leave the high water of that generation, 0 when it has had no event. */
static void counters_keep_high_water(struct ebt_cpu_counters *out, uint32_t generation)
{
	if (out->high_water >> EBT_HIGH_WATER_BITS == generation)
		out->high_water &= (1ull << EBT_HIGH_WATER_BITS) - 1;
	else
		out->high_water = 0;
}

int ebt_counters_all(struct ebt_counters *c, int map_fd, uint32_t generation,
		     struct ebt_cpu_counters *out)
{
	int err = counters_read(c, map_fd);

	for (unsigned i = 0; !err && i < c->ncpu; i++) {
		counters_combine(&out[i], &c->pairs[i].of[0], &c->pairs[i].of[1], false);
		counters_keep_high_water(&out[i], generation);
	}
	return err;
}

int ebt_counters_of(struct ebt_counters *c, int map_fd, uint32_t generation,
		    struct ebt_cpu_counters *out)
{
	unsigned parity = generation & 1;
	int err = counters_read(c, map_fd);

	for (unsigned i = 0; !err && i < c->ncpu; i++) {
		counters_combine(&out[i], &c->pairs[i].of[parity], &c->base[parity][i], true);
		counters_keep_high_water(&out[i], generation);
	}
	return err;
}
