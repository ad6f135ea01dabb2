/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/advice.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "ebt_abi.h"

#define EVENTS_MIN	  200	/* fewer say nothing of a percentile */
#define EVENTS_MIN_SHRINK 10000 /* a rare large one must have had its chance */
#define SCRATCH_STEP	  512
#define SCRATCH_OVERHEAD \
	160 /* of a slot, beside the record: EBT_CTL_BYTES of ebt_bpf.h, some spare */
#define SCRATCH_SMALL	  2048 /* less is not worth a word */
#define RING_MAX	  (1u << 30)
#define FILL_HIGH_PERCENT 75

static unsigned bucket(uint64_t bytes)
{
	unsigned octave, at;

	if (bytes < EBT_SIZES_STEPS)
		return (unsigned)bytes;
	octave = 63 - (unsigned)__builtin_clzll(bytes);
	at = (octave - 2) * EBT_SIZES_STEPS + (unsigned)((bytes >> (octave - 3)) & 7);
	return at < EBT_SIZES_OCTAVES * EBT_SIZES_STEPS ? at
							: EBT_SIZES_OCTAVES * EBT_SIZES_STEPS - 1;
}

/* Largest size that falls into a bucket. */
static uint64_t bucket_top(unsigned at)
{
	unsigned octave = at / EBT_SIZES_STEPS + 2, step = at % EBT_SIZES_STEPS;

	if (at < EBT_SIZES_STEPS)
		return at;
	return ((uint64_t)(EBT_SIZES_STEPS + step + 1) << (octave - 3)) - 1;
}

void ebt_sizes_add(struct ebt_sizes *sizes, uint64_t bytes)
{
	sizes->count[bucket(bytes)]++;
	sizes->total++;
}

uint64_t ebt_sizes_percentile(const struct ebt_sizes *sizes, unsigned permille)
{
	uint64_t want = (sizes->total * permille + 999) / 1000, sum = 0;

	if (!sizes->total)
		return 0;
	for (unsigned i = 0; i < EBT_SIZES_OCTAVES * EBT_SIZES_STEPS; i++) {
		sum += sizes->count[i];
		if (sum >= want && sum)
			return bucket_top(i);
	}
	return bucket_top(EBT_SIZES_OCTAVES * EBT_SIZES_STEPS - 1);
}

uint64_t ebt_exec_record_bytes(const struct ebt_event_exec *x)
{
	return sizeof(struct ebt_rec_exec) + x->filename.len + x->exe.len + x->cwd.len +
	       x->args_captured + x->env_captured;
}

__attribute__((format(printf, 2, 3))) static void say(struct ebt_advice *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out->text[out->n++], EBT_ADVICE_LEN, fmt, ap);
	va_end(ap);
}

/* The slot that holds a record in one piece; 0: none does. */
static uint32_t slot_for(uint64_t record)
{
	uint64_t need = record + SCRATCH_OVERHEAD;

	need = (need + SCRATCH_STEP - 1) / SCRATCH_STEP * SCRATCH_STEP;
	return need > EBT_SCRATCH_MAX ? 0 : (uint32_t)need;
}

static void advise_scratch(const struct ebt_advice_input *in, struct ebt_advice *out)
{
	static const unsigned tries[] = { 990, 950, 900 };
	char size[EBT_FMT_LEN], now[EBT_FMT_LEN], cost[EBT_FMT_LEN];

	if (in->sizes->total < EVENTS_MIN)
		return;
	for (unsigned i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		uint64_t record = ebt_sizes_percentile(in->sizes, tries[i]);
		uint32_t slot = slot_for(record);

		if (!slot)
			continue;
		if (slot <= in->scratch_bytes)
			break;
		out->scratch_bytes = slot;
		out->grows = true;
		say(out,
		    "p%u record %s: --scratch %s ends %scontinuation records on this load; costs "
		    "%s "
		    "more a CPU",
		    tries[i] / 10, ebt_fmt_bytes(size, record), ebt_fmt_bytes(now, slot),
		    i ? "most " : "", ebt_fmt_bytes(cost, 2ull * (slot - in->scratch_bytes)));
		return;
	}
	if (in->sizes->total >= EVENTS_MIN_SHRINK && in->scratch_bytes > SCRATCH_SMALL) {
		uint64_t largest = ebt_sizes_percentile(in->sizes, 1000);
		uint32_t slot = slot_for(largest);

		if (!slot || slot > in->scratch_bytes / 2)
			return;
		slot = slot < SCRATCH_SMALL ? SCRATCH_SMALL : slot;
		out->scratch_bytes = slot;
		say(out, "largest record %s: --scratch %s holds it; frees %s a CPU",
		    ebt_fmt_bytes(size, largest), ebt_fmt_bytes(now, slot),
		    ebt_fmt_bytes(cost, 2ull * (in->scratch_bytes - slot)));
	}
}

static void advise_ring(const struct ebt_advice_input *in, struct ebt_advice *out)
{
	char size[EBT_FMT_LEN], cost[EBT_FMT_LEN];
	uint64_t lost = in->lost_ring + in->cut_ring;
	uint64_t ring = in->ring_bytes * (lost ? 4ull : 2ull);

	if ((!lost && in->fill_percent < FILL_HIGH_PERCENT) || in->ring_bytes >= RING_MAX)
		return;
	ring = ring > RING_MAX ? RING_MAX : ring;
	out->ring_bytes = (uint32_t)ring;
	out->grows = true;
	ebt_fmt_bytes(size, ring);
	ebt_fmt_bytes(cost, ring - in->ring_bytes);
	if (lost)
		say(out, "%" PRIu64 " events lost or cut by a full ring: --ring %s; costs %s", lost,
		    size, cost);
	else
		say(out, "the ring was %u%% full: --ring %s leaves room; costs %s",
		    in->fill_percent, size, cost);
}

void ebt_advise(const struct ebt_advice_input *in, struct ebt_advice *out)
{
	*out = (struct ebt_advice){ .scratch_bytes = in->scratch_bytes,
				    .ring_bytes = in->ring_bytes };
	advise_ring(in, out);
	advise_scratch(in, out);
}
