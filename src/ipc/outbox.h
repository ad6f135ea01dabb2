/* SPDX-License-Identifier: BSD-3-Clause */
/* outbox.h - a non-blocking send queue from loader to view
 *
 * Messages that the socket has no room for are kept here, in order and with their descriptors,
 * until the view has read. So a switch is reported completely however long the view is stopped, and
 * signals are handled meanwhile. New requests are refused while anything is queued, so the queue
 * does not grow. */
#ifndef EBT_IPC_OUTBOX_H
#define EBT_IPC_OUTBOX_H

#include <stdbool.h>

#include "ipc/protocol.h"

struct ebt_outbox {
	int sock;
	struct ebt_outbox_kept *first, *last;
	/* a message could neither be sent nor queued, so the view would wait for it for ever */
	bool lost;
};

/* Send a message, or queue it; fds (n of them, -1 not allowed) are borrowed. Return 0, -EPIPE if
 * the view has ended (its exit status tells why), or another -errno if the message is lost. */
int ebt_outbox_send(struct ebt_outbox *out, const struct ebt_msg *msg, const int *fds, int n_fds);
/* Send queued messages as far as there is room. */
void ebt_outbox_flush(struct ebt_outbox *out);
static inline bool ebt_outbox_empty(const struct ebt_outbox *out)
{
	return !out->first;
}
/* Drop queued messages; the socket belongs to the caller. */
void ebt_outbox_free(struct ebt_outbox *out);

#endif
