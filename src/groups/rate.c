/* SPDX-License-Identifier: BSD-3-Clause */
/* rate.c - counts per second of the last minute */
#include <string.h>

#include "groups/rate.h"

static uint16_t *slot_of(struct ebt_rate *rate, uint64_t s)
{
	return &rate->slot[s & (EBT_RATE_SLOTS - 1)];
}

void ebt_rate_advance(struct ebt_rate *rate, uint64_t now_s)
{
	uint64_t last = rate->last_s;

	if (now_s == last || (now_s < last && last - now_s <= EBT_SPARK_LEN))
		return;
	rate->last_s = now_s;
	if (now_s < last || now_s - last >= EBT_SPARK_LEN) {
		memset(rate->slot, 0, sizeof(rate->slot));
		rate->sum = 0;
		return;
	}
	for (uint64_t s = last + 1; s <= now_s; s++) {
		/* s - EBT_SPARK_LEN leaves the window. Unsigned wrap-around below second 60 is
		 * harmless, because those slots are zero. */
		rate->sum -= *slot_of(rate, s - EBT_SPARK_LEN);
		*slot_of(rate, s) = 0;
	}
}

void ebt_rate_add(struct ebt_rate *rate, uint64_t at_s, unsigned n)
{
	uint16_t *slot;
	unsigned room;

	if (at_s > rate->last_s)
		ebt_rate_advance(rate, at_s);
	else if (rate->last_s - at_s >= EBT_SPARK_LEN)
		return;
	slot = slot_of(rate, at_s);
	room = UINT16_MAX - *slot;
	n = n < room ? n : room;
	*slot = (uint16_t)(*slot + n);
	rate->sum += n;
}

void ebt_rate_merge(struct ebt_rate *rate, const struct ebt_rate *other)
{
	uint64_t first = other->last_s >= EBT_SPARK_LEN ? other->last_s - EBT_SPARK_LEN + 1 : 0;

	if (other->sum == 0)
		return;
	for (uint64_t s = first; s <= other->last_s; s++) {
		unsigned n = other->slot[s & (EBT_RATE_SLOTS - 1)];

		if (n > 0)
			ebt_rate_add(rate, s, n);
	}
}

/* Return the length of a window that does not begin before the first observation, at least one
 * second. */
static double window_s(const struct ebt_rate_now *now, double want_s)
{
	uint64_t seen_ns = now->now_ns > now->since_ns ? now->now_ns - now->since_ns : 0;
	double seen_s = (double)seen_ns / EBT_NS_PER_S;

	if (seen_s < 1)
		seen_s = 1;
	return seen_s < want_s ? seen_s : want_s;
}

double ebt_rate_now(struct ebt_rate *rate, const struct ebt_rate_now *now)
{
	double part = (double)(now->now_ns % EBT_NS_PER_S) / EBT_NS_PER_S;
	uint64_t s;

	ebt_rate_advance(rate, now->now_ns / EBT_NS_PER_S);
	if (rate->sum == 0)
		return 0;
	/* Cover two seconds back from now: the current one, the one before, and the rest of the
	 * third. */
	s = rate->last_s;
	return (*slot_of(rate, s) + *slot_of(rate, s - 1) + (1 - part) * *slot_of(rate, s - 2)) /
	       window_s(now, 2);
}

double ebt_rate_minute(struct ebt_rate *rate, const struct ebt_rate_now *now)
{
	double part = (double)(now->now_ns % EBT_NS_PER_S) / EBT_NS_PER_S;

	ebt_rate_advance(rate, now->now_ns / EBT_NS_PER_S);
	return rate->sum / window_s(now, EBT_SPARK_LEN - 1 + part);
}

void ebt_rate_spark(struct ebt_rate *rate, uint64_t now_ns, uint16_t out[EBT_SPARK_LEN])
{
	ebt_rate_advance(rate, now_ns / EBT_NS_PER_S);
	for (unsigned i = 0; i < EBT_SPARK_LEN; i++)
		out[i] = *slot_of(rate, rate->last_s - (EBT_SPARK_LEN - 1) + i);
}
