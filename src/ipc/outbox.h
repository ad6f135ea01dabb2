/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * outbox.h - what the loader tells the view. It never waits for that: what the socket has no room
 * for is kept here, in order and with its descriptors, until the view has read. So a swap is told
 * as a whole however long the view stands still, and signals are taken meanwhile. Who asks for
 * something new is refused as long as anything is kept: it does not grow.
 */
#ifndef EBT_IPC_OUTBOX_H
#define EBT_IPC_OUTBOX_H

#include <stdbool.h>

#include "ipc/protocol.h"

struct ebt_outbox {
	int sock;
	struct ebt_outbox_kept *first, *last;
	bool lost; /* a message could neither be sent nor kept: the view waits for it for ever */
};

/* Sends, or keeps for later; fds (n of them, -1 not allowed) are borrowed. 0, -EPIPE: the view is
 * gone (it says by its status why), -errno: lost. */
int ebt_outbox_send(struct ebt_outbox *out, const struct ebt_msg *msg, const int *fds, int n_fds);
/* Sends what is kept, as far as there is room. */
void ebt_outbox_flush(struct ebt_outbox *out);
static inline bool ebt_outbox_empty(const struct ebt_outbox *out)
{
	return !out->first;
}
/* Drops what is kept; the socket is the caller's. */
void ebt_outbox_free(struct ebt_outbox *out);

#endif
