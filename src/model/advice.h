/* SPDX-License-Identifier: BSD-3-Clause */
/* advice.h - what the buffers tell about their own sizes: sentences, and the sizes they advise. */
#ifndef EBT_MODEL_ADVICE_H
#define EBT_MODEL_ADVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/event.h"

/* Sizes of events, eight steps an octave: a percentile is at most an eighth too high. */
#define EBT_SIZES_STEPS	  8
#define EBT_SIZES_OCTAVES 24
struct ebt_sizes {
	uint32_t count[EBT_SIZES_OCTAVES * EBT_SIZES_STEPS];
	uint64_t total;
};

void ebt_sizes_add(struct ebt_sizes *sizes, uint64_t bytes);
/* A size that permille/1000 of all do not exceed; 0 when there are none. */
uint64_t ebt_sizes_percentile(const struct ebt_sizes *sizes, unsigned permille);
/* Bytes of an exec's record, were it a single one. */
uint64_t ebt_exec_record_bytes(const struct ebt_event_exec *exec);
/* Of the smallest slot that holds it in one record but for the environment, which always has
 * records of its own. A name or path that no slot holds is left out of account. */
uint64_t ebt_exec_slot_bytes(const struct ebt_event_exec *exec);

/* Of the time since the last change. */
struct ebt_advice_input {
	const struct ebt_sizes *sizes; /* of execs: ebt_exec_record_bytes */
	const struct ebt_sizes *slots; /* ebt_exec_slot_bytes */
	bool env;		       /* the environment is taken too */
	uint64_t lost_ring, cut_ring;  /* events */
	uint64_t peak_bytes;	       /* most that waited in the ring */
	uint32_t scratch_bytes, ring_bytes;
};

#define EBT_ADVICE_LINES 2
#define EBT_ADVICE_LEN	 160
struct ebt_advice {
	unsigned n; /* sentences */
	char text[EBT_ADVICE_LINES][EBT_ADVICE_LEN];
	uint32_t scratch_bytes, ring_bytes; /* as they are, where nothing is advised */
	bool grows;			    /* anything is to become larger */
};

/* out->n is 0 when all is well, or too little was seen to say. */
void ebt_advise(const struct ebt_advice_input *in, struct ebt_advice *out);

#endif
