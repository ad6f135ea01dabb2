/* SPDX-License-Identifier: BSD-3-Clause */
/* decode.h - make whole events of the records from the ring
 *
 * The decoder owns the events that are incomplete: at most one per scratch slot and CPU, two while
 * a retune swaps images, each of a bounded size. It gives out each event once, complete or marked
 * with what is missing. It trusts no record, because in a replay they come from a file: every
 * length and offset is checked, and a bad record is counted and skipped. One thread. */
#ifndef EBT_DECODE_DECODE_H
#define EBT_DECODE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"

struct ebt_decoder;

/* The counts of one CPU. When the system is quiet and everything was read, received == delivered
 * and last_seq - received == lost. */
struct ebt_decode_cpu {
	uint64_t received;	 /* events whose first record arrived */
	uint64_t last_seq;	 /* highest sequence number seen */
	uint64_t gaps;		 /* last_seq - received: sequence numbers that never came */
	uint64_t received_by[2]; /* part of received: from generations of even and of odd number */
};

struct ebt_decode_stats {
	uint64_t records;
	uint64_t bad_records;  /* with an impossible length or type, or a continuation of nothing */
	uint64_t cut_events;   /* events that were given out with a part missing: *_LOST */
	uint64_t double_exits; /* second exit records of a process (some kernels), not given out */
};

/* Create a decoder for ncpu possible CPUs; records of a higher CPU are bad. Return 0, -EINVAL or
 * -ENOMEM. */
int ebt_decoder_new(struct ebt_decoder **out, unsigned ncpu);
void ebt_decoder_free(struct ebt_decoder **dec);

/* Hand in one record; size must be hdr.size, data need not be aligned. It is borrowed until
 * ebt_decoder_next has returned something else than 1, so that nothing is copied. */
void ebt_decoder_put(struct ebt_decoder *dec, const void *data, size_t size);
/* Take the next event of the record. *ev borrows from the record and the decoder, until the next
 * call of any of these. Return 1, 0 when the record gives no (more) events, -EBADMSG for a record
 * that was counted as bad and skipped, or -ENOMEM. */
int ebt_decoder_next(struct ebt_decoder *dec, struct ebt_event *ev);

/* Take an incomplete event that began more than max_age_ns before now_ns (CLOCK_MONOTONIC), marked as
 * lost midway since its continuation will not come; any with max_age_ns 0. Call it until it returns
 * false. *ev borrows as with ebt_decoder_next. */
bool ebt_decoder_flush(struct ebt_decoder *dec, uint64_t now_ns, uint64_t max_age_ns,
		       struct ebt_event *ev);

const struct ebt_decode_cpu *ebt_decoder_cpu(const struct ebt_decoder *dec, unsigned cpu);
struct ebt_decode_stats ebt_decoder_stats(const struct ebt_decoder *dec);

#endif
