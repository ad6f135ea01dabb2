/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * transport_handover.h - send a generation's transport to the view, and keep perf buffers alive
 * until the view has opened them.
 *
 * A ring travels in the START or SWAPPED message itself; the perf buffers, one for each CPU, travel
 * in PERF messages before it (see ipc/protocol.h). processes/view/transport_handover.h receives
 * them. Used by the loader's only thread.
 */
#ifndef EBT_PROCESSES_LOADER_TRANSPORT_HANDOVER_H
#define EBT_PROCESSES_LOADER_TRANSPORT_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipc/outbox.h"
#include "ipc/protocol.h"

struct ebt_programs;

/* Send the messages that must come before msg and set msg->perf_bytes. Return the descriptor that
 * belongs beside msg; it stays the loader's. */
int ebt_handover_send(struct ebt_outbox *out, const struct ebt_programs *programs,
		      struct ebt_msg *msg);

/* Ended generations whose buffers may wait for the view at the same time. */
#define EBT_HELD_MAX 16

/*
 * Perf buffers of generations that ended before the view opened them. The kernel frees a perf
 * buffer and its contents with the last mapping, so the loader keeps a mapping of its own. A ring
 * needs none of this: its descriptor keeps it alive. Zero-initialised is empty; owns the mappings.
 */
struct ebt_held {
	uint32_t taken; /* newest generation that the view has open */
	unsigned n;	/* used entries of `of` */
	struct ebt_held_buffers {
		uint32_t generation;
		unsigned n;   /* mappings in maps */
		size_t bytes; /* size of each mapping */
		void **maps;
	} of[EBT_HELD_MAX];
};

/* Return true when ebt_held_add has room for the generation that runs now. */
bool ebt_held_has_room(const struct ebt_held *held, const struct ebt_programs *programs);
/* Map the buffers of the generation that runs now, which is about to end, until the view has opened
 * them. Return 0, -EBUSY without room, or another -errno; then nothing is kept. */
int ebt_held_add(struct ebt_held *held, const struct ebt_programs *programs);
/* Release the buffers of this and all earlier generations: the view has opened them. */
void ebt_held_taken(struct ebt_held *held, uint32_t generation);
/* Release everything. */
void ebt_held_free(struct ebt_held *held);

#endif
