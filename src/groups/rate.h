/* SPDX-License-Identifier: BSD-3-Clause */
/* rate.h - count how often something happens per second, for the last minute
 *
 * The ring of seconds is only moved when it is used, so something idle costs nothing. */
#ifndef EBT_GROUPS_RATE_H
#define EBT_GROUPS_RATE_H

#include <stdint.h>

#define EBT_SPARK_LEN  60 /* seconds that are remembered, the newest last */
#define EBT_RATE_SLOTS 64 /* a power of two above EBT_SPARK_LEN */
#define EBT_NS_PER_S   1000000000u

struct ebt_rate {
	uint64_t last_s; /* newest second in the ring */
	uint32_t sum;	 /* sum of the EBT_SPARK_LEN newest */
	uint16_t slot[EBT_RATE_SLOTS];
};

/* Move the ring to now_s. A ring that is over a minute ahead, because of a wrong clock, starts
 * again. */
void ebt_rate_advance(struct ebt_rate *rate, uint64_t now_s);
/* Add n in second at_s, which is ignored if it has left the ring. A second counts up to 65535. */
void ebt_rate_add(struct ebt_rate *rate, uint64_t at_s, unsigned n);
/* Add the counts of another ring. */
void ebt_rate_merge(struct ebt_rate *rate, const struct ebt_rate *other);

/* The time for which rates are computed. */
struct ebt_rate_now {
	uint64_t now_ns;
	uint64_t since_ns; /* time of the first observation; a window does not begin before it */
};

/* Return the rate per second over the last two seconds; moves the ring. */
double ebt_rate_now(struct ebt_rate *rate, const struct ebt_rate_now *now);
/* Return the mean rate of the last minute; moves the ring. */
double ebt_rate_minute(struct ebt_rate *rate, const struct ebt_rate_now *now);
/* Get the counts per second, with the current second last; moves the ring. */
void ebt_rate_spark(struct ebt_rate *rate, uint64_t now_ns, uint16_t out[EBT_SPARK_LEN]);

#endif
