/* SPDX-License-Identifier: BSD-3-Clause */
#include "advice/advice.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "ebt_abi.h"

#define EVENTS_MIN	  200	/* with fewer events a percentile means nothing */
#define EVENTS_MIN_SHRINK 10000 /* rare large events must have had their chance */
#define SCRATCH_STEP	  1024
/* bytes of a slot besides the record: EBT_CTL_BYTES of ebt_bpf.h and some reserve */
#define SCRATCH_OVERHEAD 160
#define STRING_SHARE	 8 /* share of the room, one in this many bytes: see EBT_INLINE_STR_MAX */
#define SCRATCH_SMALL	 2048 /* smaller sizes are not worth a message */
#define RING_MAX	 (1u << 30)
/* The default. A larger ring was asked for. A smaller one is not advised, because the ring buys
 * time for a view that does not get the CPU. */
#define RING_SHRINK_MIN	  (8u << 20)
#define RING_SPARE	  8 /* a ring that is made smaller keeps this many times the need */
#define FILL_HIGH_PERCENT 75

static unsigned advice_bucket(uint64_t bytes)
{
	unsigned octave, at;

	if (bytes < EBT_SIZES_STEPS)
		return (unsigned)bytes;
	octave = 63 - (unsigned)__builtin_clzll(bytes);
	at = (octave - 2) * EBT_SIZES_STEPS + (unsigned)((bytes >> (octave - 3)) & 7);
	return at < EBT_SIZES_OCTAVES * EBT_SIZES_STEPS ? at
							: EBT_SIZES_OCTAVES * EBT_SIZES_STEPS - 1;
}

/* Return the largest size that falls into a bucket. */
static uint64_t bucket_top(unsigned at)
{
	unsigned octave = at / EBT_SIZES_STEPS + 2, step = at % EBT_SIZES_STEPS;

	if (at < EBT_SIZES_STEPS)
		return at;
	return ((uint64_t)(EBT_SIZES_STEPS + step + 1) << (octave - 3)) - 1;
}

void ebt_sizes_add(struct ebt_sizes *sizes, uint64_t bytes)
{
	sizes->count[advice_bucket(bytes)]++;
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

static uint64_t advice_longest(const struct ebt_event_exec *x)
{
	size_t len = x->filename.len > x->exe.len ? x->filename.len : x->exe.len;

	return len > x->cwd.len ? len : x->cwd.len;
}

uint64_t ebt_exec_slot_bytes(const struct ebt_event_exec *x)
{
	/* the NUL, and one byte more, which proves that the string ends there */
	uint64_t string = advice_longest(x) + 2;
	uint64_t room = x->args_captured * STRING_SHARE / (STRING_SHARE - 3) + STRING_SHARE;

	if (room > (uint64_t)STRING_SHARE * EBT_INLINE_STR_MAX)
		room = x->args_captured + 3 * EBT_INLINE_STR_MAX;
	if (string <= EBT_INLINE_STR_MAX && room < string * STRING_SHARE)
		room = string * STRING_SHARE;
	return sizeof(struct ebt_rec_exec) + room + SCRATCH_OVERHEAD;
}

__attribute__((format(printf, 2, 3))) static void say(struct ebt_advice *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out->text[out->n++], EBT_ADVICE_LEN, fmt, ap);
	va_end(ap);
}

/* Format a size as an option accepts it. */
static const char *option_size(char out[EBT_FMT_LEN], uint64_t bytes)
{
	if (bytes % (1u << 20) == 0)
		snprintf(out, EBT_FMT_LEN, "%" PRIu64 "M", bytes >> 20);
	else if (bytes % 1024 == 0)
		snprintf(out, EBT_FMT_LEN, "%" PRIu64 "K", bytes >> 10);
	else
		snprintf(out, EBT_FMT_LEN, "%" PRIu64, bytes);
	return out;
}

/* Round up to a size that the option accepts; return 0 if no slot is that large. */
static uint32_t round_slot(uint64_t need)
{
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
		uint32_t slot = round_slot(ebt_sizes_percentile(in->slots, tries[i]));

		if (!slot)
			continue;
		if (slot <= in->scratch_bytes)
			break;
		out->scratch_bytes = slot;
		out->grows = true;
		say(out,
		    "p%u record %s: --scratch %s ends %scontinuation records%s on this load; costs "
		    "%s more a CPU",
		    tries[i] / 10, ebt_fmt_bytes(size, record), option_size(now, slot),
		    i ? "most " : "", in->env ? " of arguments" : "",
		    ebt_fmt_bytes(cost, 2ull * (slot - in->scratch_bytes)));
		return;
	}
	if (in->sizes->total >= EVENTS_MIN_SHRINK && in->scratch_bytes > SCRATCH_SMALL) {
		uint64_t largest = ebt_sizes_percentile(in->sizes, 1000);
		uint32_t slot = round_slot(ebt_sizes_percentile(in->slots, 1000));

		if (!slot || slot > in->scratch_bytes / 2)
			return;
		slot = slot < SCRATCH_SMALL ? SCRATCH_SMALL : slot;
		out->scratch_bytes = slot;
		say(out, "largest record %s: --scratch %s holds it; frees %s a CPU",
		    ebt_fmt_bytes(size, largest), option_size(now, slot),
		    ebt_fmt_bytes(cost, 2ull * (in->scratch_bytes - slot)));
	}
}

static void grow_ring(const struct ebt_advice_input *in, struct ebt_advice *out, unsigned percent)
{
	char size[EBT_FMT_LEN], cost[EBT_FMT_LEN];
	uint64_t lost = in->lost_ring + in->cut_ring;
	uint64_t ring = in->ring_bytes * (lost ? 4ull : 2ull);

	ring = ring > RING_MAX ? RING_MAX : ring;
	out->ring_bytes = (uint32_t)ring;
	out->grows = true;
	option_size(size, ring);
	ebt_fmt_bytes(cost, ring - in->ring_bytes);
	if (lost)
		say(out, "%" PRIu64 " events lost or cut by a full ring: --ring %s; costs %s", lost,
		    size, cost);
	else
		say(out, "the ring was %u%% full: --ring %s leaves room; costs %s", percent, size,
		    cost);
}

static void shrink_ring(const struct ebt_advice_input *in, struct ebt_advice *out)
{
	char peak[EBT_FMT_LEN], size[EBT_FMT_LEN], freed[EBT_FMT_LEN];
	uint64_t ring = RING_SHRINK_MIN;

	while (ring < in->peak_bytes * RING_SPARE)
		ring *= 2;
	if (in->sizes->total < EVENTS_MIN_SHRINK || ring > in->ring_bytes / 2)
		return;
	out->ring_bytes = (uint32_t)ring;
	say(out, "at most %s waited in the ring: --ring %s leaves room; frees %s",
	    ebt_fmt_bytes(peak, in->peak_bytes), option_size(size, ring),
	    ebt_fmt_bytes(freed, in->ring_bytes - ring));
}

static void advise_ring(const struct ebt_advice_input *in, struct ebt_advice *out)
{
	bool lost = in->lost_ring + in->cut_ring > 0;
	unsigned percent = (unsigned)(in->peak_bytes * 100 / in->ring_bytes);

	if (!lost && percent < FILL_HIGH_PERCENT)
		shrink_ring(in, out);
	else if (in->ring_bytes < RING_MAX)
		grow_ring(in, out, percent);
}

void ebt_advise(const struct ebt_advice_input *in, struct ebt_advice *out)
{
	*out = (struct ebt_advice){ .scratch_bytes = in->scratch_bytes,
				    .ring_bytes = in->ring_bytes };
	advise_ring(in, out);
	advise_scratch(in, out);
}
