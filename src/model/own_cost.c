/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/own_cost.h"

#include <string.h>

/* Shares are over the last five to ten seconds. */
#define WINDOW_NS 5000000000ull

static double share_of(uint64_t now, uint64_t before, uint64_t dt_ns)
{
	return now > before && dt_ns ? (double)(now - before) / (double)dt_ns : 0;
}

/* Return the CPU time that a process had in the older sample, 0 if it is newer than that. */
static uint64_t cost_before(const struct ebt_own_cost_sample *older, uint32_t pid)
{
	for (unsigned i = 0; i < older->count; i++)
		if (older->process[i].pid == pid)
			return older->process[i].cpu_ns;
	return 0;
}

void ebt_own_costs_update(struct ebt_own_costs *c, const struct ebt_process_cost *processes,
			  unsigned count, uint64_t bpf_ns, uint64_t now_ns)
{
	uint64_t dt_ns;

	count = count < EBT_COSTS_MAX ? count : EBT_COSTS_MAX;
	c->now.at_ns = now_ns;
	c->now.bpf_ns = bpf_ns;
	c->now.count = count;
	if (count)
		memcpy(c->now.process, processes, count * sizeof(*processes));
	if (!c->older.at_ns)
		c->older = c->newer = c->now;
	if (now_ns - c->newer.at_ns >= WINDOW_NS) {
		c->older = c->newer;
		c->newer = c->now;
	}
	dt_ns = now_ns - c->older.at_ns;
	c->bpf_share = c->all_share = share_of(bpf_ns, c->older.bpf_ns, dt_ns);
	c->process_bytes = 0;
	for (unsigned i = 0; i < count; i++) {
		const struct ebt_process_cost *p = &c->now.process[i];

		c->share[i] = share_of(p->cpu_ns, cost_before(&c->older, p->pid), dt_ns);
		c->all_share += c->share[i];
		c->process_bytes += p->memory_bytes;
	}
}
