/* SPDX-License-Identifier: BSD-3-Clause */
/* advice.h - derive advice about buffer sizes from what the buffers have seen */
#ifndef EBT_ADVICE_ADVICE_H
#define EBT_ADVICE_ADVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/event.h"

/* Histogram of event sizes with eight steps per octave, so a percentile is at most an eighth too
 * high. */
#define EBT_SIZES_STEPS	  8
#define EBT_SIZES_OCTAVES 24
struct ebt_sizes {
	uint32_t count[EBT_SIZES_OCTAVES * EBT_SIZES_STEPS];
	uint64_t total;
};

void ebt_sizes_add(struct ebt_sizes *sizes, uint64_t bytes);
/* Return a size in bytes that permille/1000 of all events do not exceed, or 0 if there are none. */
uint64_t ebt_sizes_percentile(const struct ebt_sizes *sizes, unsigned permille);
/* Return the bytes that an exec's record would have as a single record. */
uint64_t ebt_exec_record_bytes(const struct ebt_event_exec *exec);
/* Return the bytes of the smallest slot that holds the exec in one record without the environment,
 * which always has records of its own. A name or path that no slot can hold is not counted. */
uint64_t ebt_exec_slot_bytes(const struct ebt_event_exec *exec);

/* Measurements since the last change of settings. */
struct ebt_advice_input {
	const struct ebt_sizes *sizes; /* of execs, by ebt_exec_record_bytes() */
	const struct ebt_sizes *slots; /* of execs, by ebt_exec_slot_bytes() */
	bool env;		       /* the environment is recorded as well */
	uint64_t lost_ring, cut_ring;  /* number of events */
	uint64_t peak_bytes;	       /* most bytes that waited in the ring */
	uint32_t scratch_bytes, ring_bytes;
};

#define EBT_ADVICE_LINES 2
#define EBT_ADVICE_LEN	 160
struct ebt_advice {
	unsigned n; /* number of sentences */
	char text[EBT_ADVICE_LINES][EBT_ADVICE_LEN];
	uint32_t scratch_bytes, ring_bytes; /* the present size where nothing is advised */
	bool grows;			    /* some size should become larger */
};

/* Fill in out. out->n is 0 if all is well or too little was seen. */
void ebt_advise(const struct ebt_advice_input *in, struct ebt_advice *out);

#endif
