/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * transport_handover.h - a generation's transport on its way from loader to view: the ring in the
 * START or SWAPPED message itself; perf buffers, one a CPU, in PERF messages before it.
 */
#ifndef EBT_PROCESSES_VIEW_TRANSPORT_HANDOVER_H
#define EBT_PROCESSES_VIEW_TRANSPORT_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "ipc/outbox.h"
#include "ipc/protocol.h"
#include "transport/transport.h"

struct ebt_loader;

/* Loader: sends what must go before msg, and fills in what msg says of the transport. Gives the fd
 * that belongs beside msg, borrowed. */
int ebt_carry_send(struct ebt_outbox *out, const struct ebt_loader *loader, struct ebt_msg *msg);

/*
 * Loader: perf buffers whose generation has ended before the view took them. The kernel frees a
 * buffer, and what is in it, when nobody has it mapped any more; a ring's descriptor is enough to
 * keep that.
 */
#define EBT_HELD_MAX 16

struct ebt_held {
	uint32_t taken; /* newest generation that the view has open */
	unsigned n;
	struct ebt_held_buffers {
		uint32_t generation;
		unsigned n;
		size_t bytes; /* of each mapping */
		void **maps;
	} of[EBT_HELD_MAX];
};

/* Is there room for one more, should what runs now end? */
bool ebt_held_has_room(const struct ebt_held *held, const struct ebt_loader *loader);
/* What runs now is about to end: its buffers stay until the view has taken them. -errno: they do
 * not. */
int ebt_held_add(struct ebt_held *held, const struct ebt_loader *loader);
/* The view has taken those of this generation, and all before. */
void ebt_held_taken(struct ebt_held *held, uint32_t generation);
void ebt_held_free(struct ebt_held *held);

/* View: what PERF messages have brought. Owned. */
struct ebt_carried {
	unsigned n;
	int *cpus, *fds;
	int error; /* -errno: some could not be taken, and nothing is made of the rest */
};

/* A PERF message; takes its descriptors. -errno: they are left to the caller. */
int ebt_carried_add(struct ebt_carried *carried, const struct ebt_msg *msg, int fds[EBT_MSG_FDS]);
/* START or SWAPPED: makes the transport; takes *fd on success and all that was carried. */
int ebt_carried_open(struct ebt_carried *carried, const struct ebt_msg *msg, int *fd,
		     struct ebt_transport *out);
void ebt_carried_free(struct ebt_carried *carried);

#endif
