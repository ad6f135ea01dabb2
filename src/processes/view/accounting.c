/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/accounting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "ebt_abi.h"

/* The sums over all CPUs. */
struct account {
	uint64_t seen, filtered, delivered, lost_ring, lost_busy, received;
};

int ebt_accounting_init(struct ebt_accounting *a, unsigned ncpu)
{
	a->ncpu = ncpu;
	a->closed[0] = calloc(ncpu, sizeof(*a->closed[0]));
	a->closed[1] = calloc(ncpu, sizeof(*a->closed[1]));
	return a->closed[0] && a->closed[1] ? 0 : -ENOMEM;
}

void ebt_accounting_free(struct ebt_accounting *a)
{
	free(a->closed[0]);
	free(a->closed[1]);
	*a = (struct ebt_accounting){ 0 };
}

/* Add a CPU's counters to *all. Return true when they add up. */
static bool accounting_add(struct account *all, const struct ebt_cpu_counters *c, uint64_t received)
{
	all->seen += c->seen;
	all->filtered += c->filtered;
	all->delivered += c->delivered;
	all->lost_ring += c->lost_ring;
	all->lost_busy += c->lost_busy;
	all->received += received;
	return c->seen == c->filtered + c->delivered + c->lost_ring + c->lost_busy &&
	       received == c->delivered;
}

/* Return how many events of the ending generation were received from a CPU. The decoder counts
 * generations of even and odd number apart, since both may be read at a swap. */
static uint64_t accounting_received(struct ebt_accounting *a, const struct ebt_decoder *decoder,
				    unsigned parity, unsigned cpu)
{
	uint64_t now = ebt_decoder_cpu(decoder, cpu)->received_by[parity];
	uint64_t received = now - a->closed[parity][cpu];

	a->closed[parity][cpu] = now;
	return received;
}

void ebt_accounting_close(struct ebt_accounting *a, const struct ebt_decoder *decoder,
			  uint32_t generation, int counters, struct ebt_buf *sentence)
{
	struct ebt_cpu_counters c;
	struct account all = { 0 };
	unsigned broken_cpu = a->ncpu;

	a->ended++;
	for (unsigned i = 0; i < a->ncpu; i++) {
		uint64_t received = accounting_received(a, decoder, generation & 1, i);

		if (counters < 0)
			continue;
		if (pread(counters, &c, sizeof(c), (off_t)(i * sizeof(c))) != sizeof(c))
			counters = -1;
		else if (!accounting_add(&all, &c, received) && broken_cpu == a->ncpu)
			broken_cpu = i;
	}
	if (counters < 0) {
		ebt_buf_printf(
			sentence,
			"generation %u ended, its accounts are not known: it did not come to rest",
			generation);
		return;
	}
	ebt_buf_printf(sentence,
		       "generation %u ended: seen %" PRIu64 " = filtered %" PRIu64
		       " + delivered %" PRIu64 " + lost:ring %" PRIu64 " + lost:busy %" PRIu64
		       "; received %" PRIu64 ": ",
		       generation, all.seen, all.filtered, all.delivered, all.lost_ring,
		       all.lost_busy, all.received);
	if (broken_cpu == a->ncpu) {
		ebt_buf_puts(sentence, "the accounting holds on every CPU");
	} else {
		a->broken++;
		ebt_buf_printf(sentence, "the accounting IS BROKEN on CPU %u", broken_cpu);
	}
}
