/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rate.h - how often something happens: a count a second for the last minute.
 *
 * A ring of seconds that is only moved when it is used, so that something idle costs nothing.
 */
#ifndef EBT_MODEL_RATE_H
#define EBT_MODEL_RATE_H

#include <stdint.h>

#include "model/snapshot.h"

#define EBT_RATE_SLOTS 64 /* power of two above EBT_SPARK_LEN */
#define EBT_NS_PER_S   1000000000u

struct ebt_rate {
	uint64_t last_s; /* newest second in the ring */
	uint32_t sum;	 /* of the EBT_SPARK_LEN newest */
	uint16_t slot[EBT_RATE_SLOTS];
};

/* Moves the ring to now_s. A ring that is over a minute ahead (a clock that made no sense) begins
 * anew. */
void ebt_rate_advance(struct ebt_rate *rate, uint64_t now_s);
/* n things in second at_s; a second that has left the ring is not counted. Stops at 65535 a
 * second. */
void ebt_rate_add(struct ebt_rate *rate, uint64_t at_s, unsigned n);
/* Adds what is in the other ring. */
void ebt_rate_merge(struct ebt_rate *rate, const struct ebt_rate *other);

/* The moment rates are asked for. */
struct ebt_rate_now {
	uint64_t now_ns;
	uint64_t since_ns; /* of the first observation: younger than the window, it is the window */
};

/* Things a second over the last two seconds; moves the ring. */
double ebt_rate_now(struct ebt_rate *rate, const struct ebt_rate_now *now);
/* Mean of the last minute; moves the ring. */
double ebt_rate_minute(struct ebt_rate *rate, const struct ebt_rate_now *now);
/* A count a second, newest (the running second) last; moves the ring. */
void ebt_rate_spark(struct ebt_rate *rate, uint64_t now_ns, uint16_t out[EBT_SPARK_LEN]);

#endif
