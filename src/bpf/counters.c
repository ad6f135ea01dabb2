/* SPDX-License-Identifier: BSD-3-Clause */
/* counters.c - counters and what the programs and maps cost. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/programs_internal.h"

/* All members of the counters are u64. */
#define WORDS (sizeof(struct ebt_cpu_counters) / sizeof(uint64_t))

int ebt_accounts_init(struct ebt_loader *l)
{
	l->base[0] = calloc(l->ncpu, sizeof(*l->base[0]));
	l->base[1] = calloc(l->ncpu, sizeof(*l->base[1]));
	l->pairs = calloc(l->ncpu, sizeof(*l->pairs));
	return l->base[0] && l->base[1] && l->pairs ? 0 : -ENOMEM;
}

void ebt_accounts_free(struct ebt_loader *l)
{
	free(l->base[0]);
	free(l->base[1]);
	free(l->pairs);
}

static int read_pairs(struct ebt_loader *l)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(ebt_loader_map_fd(l, "ebt_counters"), &zero, l->pairs);
}

void ebt_accounts_close(struct ebt_loader *l, const struct ebt_generation *g)
{
	unsigned parity = g->number & 1;

	if (read_pairs(l))
		return;
	for (unsigned i = 0; i < l->ncpu; i++)
		l->base[parity][i] = l->pairs[i].of[parity];
}

/* a + b, or a - b. Maxima are not summed; the sequence is one for all. */
static void combine(struct ebt_cpu_counters *out, const struct ebt_cpu_counters *a,
		    const struct ebt_cpu_counters *b, bool minus)
{
	uint64_t va[WORDS], vb[WORDS];

	memcpy(va, a, sizeof(va));
	memcpy(vb, b, sizeof(vb));
	for (size_t i = 0; i < WORDS; i++)
		va[i] = minus ? va[i] - vb[i] : va[i] + vb[i];
	memcpy(out, va, sizeof(va));
	out->high_water = a->high_water > b->high_water ? a->high_water : b->high_water;
	out->max_event = a->max_event > b->max_event ? a->max_event : b->max_event;
}

int ebt_loader_counters(struct ebt_loader *l, struct ebt_cpu_counters *out)
{
	int err = read_pairs(l);

	for (unsigned i = 0; !err && i < l->ncpu; i++)
		combine(&out[i], &l->pairs[i].of[0], &l->pairs[i].of[1], false);
	return err;
}

static int counters_of(struct ebt_loader *l, const struct ebt_generation *g,
		       struct ebt_cpu_counters *out)
{
	int err = g ? read_pairs(l) : -ENOENT;

	for (unsigned i = 0; !err && i < l->ncpu; i++)
		combine(&out[i], &l->pairs[i].of[g->number & 1], &l->base[g->number & 1][i], true);
	return err;
}

int ebt_loader_counters_old(struct ebt_loader *l, struct ebt_cpu_counters *out)
{
	return counters_of(l, l->old, out);
}

int ebt_loader_counters_current(struct ebt_loader *l, struct ebt_cpu_counters *out)
{
	return l->at_rest ? counters_of(l, l->current, out) : -EBUSY;
}

int ebt_loader_exe_counts(struct ebt_loader *l, struct ebt_exe_entry *out, uint32_t max)
{
	int fd = ebt_loader_map_fd(l, "ebt_exe_counts");
	struct ebt_exe_key *before = NULL;
	uint32_t n = 0;

	while (fd >= 0 && n < max && bpf_map_get_next_key(fd, before, &out[n].key) == 0) {
		before = &out[n].key;
		if (bpf_map_lookup_elem(fd, before, &out[n].count) == 0)
			n++;
		else
			break; /* entries are never removed: this cannot be */
	}
	return (int)n;
}

static uint64_t gen_bytes(const struct ebt_generation *g)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; g && i < g->n_maps; i++) {
		if (g->map_owned[i])
			sum += ebt_memlock_bytes(g->map_fds[i]);
	}
	if (g && g->perf)
		sum += g->perf->n * (g->perf->bytes + (size_t)sysconf(_SC_PAGESIZE));
	return sum;
}

uint64_t ebt_loader_map_bytes(const struct ebt_loader *l)
{
	uint64_t sum = gen_bytes(l->current) + gen_bytes(l->old) + gen_bytes(l->next);

	for (unsigned i = 0; i < l->persistent.n; i++)
		sum += ebt_memlock_bytes(l->persistent.fds[i]);
	return sum;
}

uint64_t ebt_prog_misses(int fd)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) ? info.recursion_misses : 0;
}

uint64_t ebt_loader_recursion_misses(const struct ebt_loader *l)
{
	uint64_t sum = l->failed_misses;

	for (size_t i = 0; i < EBT_HOOKS; i++)
		sum += ebt_prog_misses(l->stubs[i]);
	for (unsigned i = 0; i < l->n_failed_links; i++)
		sum += ebt_prog_misses(l->failed_stubs[i]);
	return sum;
}
