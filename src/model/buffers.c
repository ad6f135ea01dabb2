/* SPDX-License-Identifier: BSD-3-Clause */
/* buffers.c - compute what a screen shows from the per-CPU counters */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/buffers.h"
#include "groups/rate.h"

int ebt_buffers_init(struct ebt_buffers *b, unsigned ncpu)
{
	*b = (struct ebt_buffers){ .ncpu = ncpu, .accounting_holds = true };
	b->rows = calloc(ncpu, sizeof(*b->rows));
	b->cpus = calloc(ncpu, sizeof(*b->cpus));
	if (!b->rows || !b->cpus) {
		ebt_buffers_deinit(b);
		return -ENOMEM;
	}
	b->total.accounting_holds = true;
	for (unsigned i = 0; i < ncpu; i++)
		b->rows[i].accounting_holds = true;
	return 0;
}

void ebt_buffers_deinit(struct ebt_buffers *b)
{
	free(b->rows);
	free(b->cpus);
	b->rows = NULL;
	b->cpus = NULL;
}

static uint64_t buffers_accounted(const struct ebt_cpu_counters *c)
{
	return c->filtered + c->delivered + c->lost_ring + c->lost_busy;
}

/* Check the accounting rule as far as possible from outside. Counters are read while programs run,
 * so the counters of a busy CPU may differ by one or two runs. Those of a CPU that was quiet for a
 * second may not, and once its ring is empty everything delivered must have been received. At the
 * end nothing may differ; events that the decoder could not decode count as not received. */
static bool accounting_holds(const struct ebt_cpu_row *row, bool quiet, bool drained,
			     bool has_reader)
{
	const struct ebt_cpu_counters *c = &row->c;
	uint64_t slack = quiet ? 0 : EBT_SCRATCH_SLOTS;
	uint64_t sum = buffers_accounted(c), lost = c->lost_ring + c->lost_busy;

	if (c->seen > sum + slack || sum > c->seen + slack)
		return false;
	if (!has_reader)
		return true;
	if (row->received > c->delivered + slack || row->gaps > lost + slack)
		return false;
	return !quiet || !drained || row->received == c->delivered;
}

/* No machine reaches this rate, but a forged recording may contain any number. */
#define RATE_MAX 1e18

static double per_second(uint64_t now, uint64_t then, uint64_t ns)
{
	double rate = ns > 0 && now > then ? (double)(now - then) * EBT_NS_PER_S / (double)ns : 0;

	return rate < RATE_MAX ? rate : RATE_MAX;
}

/* Compute rates over the kept readings, which reach back about two seconds. */
static void update_rates(struct ebt_buffers_cpu *cpu, struct ebt_cpu_row *row, uint64_t now_ns)
{
	struct ebt_buffers_sample now = { now_ns, row->c.seen - row->c.filtered, row->c.bytes };
	const struct ebt_buffers_sample *newest, *oldest;
	uint64_t span;

	newest = &cpu->samples[(cpu->pos + EBT_BUFFERS_SAMPLES - 1) % EBT_BUFFERS_SAMPLES];
	if (cpu->n == 0 || now_ns < newest->at_ns ||
	    now_ns - newest->at_ns >= EBT_BUFFERS_SAMPLE_NS) {
		if (cpu->n > 0 && now_ns < newest->at_ns)
			cpu->n = 0; /* the clock is another one, so start again */
		cpu->samples[cpu->pos] = now;
		cpu->pos = (cpu->pos + 1) % EBT_BUFFERS_SAMPLES;
		cpu->n += cpu->n < EBT_BUFFERS_SAMPLES;
	}
	oldest = &cpu->samples[(cpu->pos + EBT_BUFFERS_SAMPLES - cpu->n) % EBT_BUFFERS_SAMPLES];
	span = now_ns - oldest->at_ns;
	row->events_per_s = per_second(now.events, oldest->events, span);
	row->bytes_per_s = per_second(now.bytes, oldest->bytes, span);
}

/* Words of the counters before the losers, which are not summed: no sum over CPUs names users. */
#define BUFFERS_WORDS (offsetof(struct ebt_cpu_counters, losers) / sizeof(uint64_t))

/* All these are u64; maxima are not summed. */
static void add_counters(struct ebt_cpu_counters *sum, const struct ebt_cpu_counters *c)
{
	uint64_t high_water = sum->high_water > c->high_water ? sum->high_water : c->high_water;
	uint64_t max_event = sum->max_event > c->max_event ? sum->max_event : c->max_event;
	uint64_t s[BUFFERS_WORDS], v[BUFFERS_WORDS];

	memcpy(s, sum, sizeof(s));
	memcpy(v, c, sizeof(v));
	for (unsigned i = 0; i < sizeof(s) / sizeof(s[0]); i++)
		s[i] += v[i];
	memcpy(sum, s, sizeof(s));
	sum->high_water = high_water;
	sum->max_event = max_event;
}

static void update_cpu(struct ebt_buffers *b, unsigned i, const struct ebt_model_buffers *in,
		       uint64_t now_ns)
{
	struct ebt_cpu_row *row = &b->rows[i];
	struct ebt_buffers_cpu *cpu = &b->cpus[i];
	bool quiet;

	if (!b->known || memcmp(&row->c, &in->counters[i], sizeof(row->c)) != 0)
		cpu->changed_ns = now_ns;
	quiet = in->final || now_ns >= cpu->changed_ns + EBT_BUFFERS_QUIET_NS;
	row->c = in->counters[i];
	row->received = in->received ? in->received[i] : 0;
	row->gaps = in->gaps ? in->gaps[i] : 0;
	row->ring_peak = in->cpu_ring_peak ? in->cpu_ring_peak[i] : 0;
	row->in_flight = row->c.seen > buffers_accounted(&row->c)
				 ? row->c.seen - buffers_accounted(&row->c)
				 : 0;
	row->accounting_holds = accounting_holds(row, quiet, in->final || in->ring_used == 0,
						 in->received && in->gaps);
	update_rates(cpu, row, now_ns);
}

static void advance_fill(struct ebt_buffers *b, uint64_t now_s)
{
	if (now_s <= b->fill_s && b->fill_s - now_s <= EBT_SPARK_LEN)
		return;
	if (now_s < b->fill_s || now_s - b->fill_s >= EBT_SPARK_LEN)
		memset(b->fill, 0, sizeof(b->fill));
	else
		for (uint64_t s = b->fill_s + 1; s <= now_s; s++)
			b->fill[s % EBT_SPARK_LEN] = 0;
	b->fill_s = now_s;
}

void ebt_buffers_update(struct ebt_buffers *b, const struct ebt_model_buffers *in, uint64_t now_ns)
{
	unsigned ncpu = in->ncpu < b->ncpu ? in->ncpu : b->ncpu;
	double fill = 0;
	uint8_t *slot;

	if (!in->counters)
		ncpu = 0;
	memset(&b->total, 0, sizeof(b->total));
	b->accounting_holds = true;
	for (unsigned i = 0; i < ncpu; i++) {
		update_cpu(b, i, in, now_ns);
		add_counters(&b->total.c, &b->rows[i].c);
		b->total.received += b->rows[i].received;
		b->total.gaps += b->rows[i].gaps;
		b->total.in_flight += b->rows[i].in_flight;
		if (b->rows[i].ring_peak > b->total.ring_peak)
			b->total.ring_peak = b->rows[i].ring_peak;
		b->accounting_holds &= b->rows[i].accounting_holds;
	}
	b->total.accounting_holds = b->accounting_holds;
	update_rates(&b->total_cpu, &b->total, now_ns);
	b->known |= ncpu > 0;
	b->ring_used = in->ring_used;
	b->ring_size = in->ring_size;
	b->cpu_ring_size = in->cpu_ring_size;
	b->scratch_bytes = in->scratch_bytes;
	b->kernel_bytes = in->kernel_bytes;
	b->recursion_misses = in->recursion_misses;
	ebt_own_costs_update(&b->own_costs, in->processes, in->process_count, b->total.c.run_ns,
			     now_ns);

	if (in->ring_size > 0)
		fill = 100.0 *
		       (double)(in->ring_peak > in->ring_used ? in->ring_peak : in->ring_used) /
		       (double)in->ring_size;
	fill = fill > 100 ? 100 : fill;
	advance_fill(b, now_ns / EBT_NS_PER_S);
	slot = &b->fill[b->fill_s % EBT_SPARK_LEN];
	/* A ring that holds anything is not shown as empty. */
	if (fill > 0 && fill < 1)
		fill = 1;
	if (fill > *slot)
		*slot = (uint8_t)fill;
}

void ebt_buffers_fill(struct ebt_buffers *b, uint64_t now_ns, uint8_t out[EBT_SPARK_LEN])
{
	advance_fill(b, now_ns / EBT_NS_PER_S);
	for (unsigned i = 0; i < EBT_SPARK_LEN; i++)
		out[i] = b->fill[(b->fill_s + 1 + i) % EBT_SPARK_LEN];
}
