/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * transport_handover.h - receive a generation's transport from the loader: collect the perf buffers
 * of the PERF messages, and open them, or the ring, when START or SWAPPED arrives.
 */
#ifndef EBT_PROCESSES_VIEW_TRANSPORT_HANDOVER_H
#define EBT_PROCESSES_VIEW_TRANSPORT_HANDOVER_H

#include "ipc/protocol.h"
#include "transport/transport.h"

/* What PERF messages have brought so far. Zero-initialised is empty; owns the descriptors. */
struct ebt_handover {
	unsigned n; /* entries of cpus and fds */
	int *cpus;  /* fds[i] is the perf event of CPU cpus[i] */
	int *fds;
	int error; /* -errno: a message was unusable, so no transport is made of the rest; else 0 */
};

/* Take the descriptors of a PERF message. On -EBADMSG or -ENOMEM they stay the caller's. */
int ebt_handover_add(struct ebt_handover *handover, const struct ebt_msg *msg,
		     int fds[EBT_MSG_FDS]);
/* Open the transport that a START or SWAPPED message describes; on success it owns *fd, which
 * becomes -1, and everything collected. Return 0 or -errno. The handover is empty afterwards. */
int ebt_handover_open(struct ebt_handover *handover, const struct ebt_msg *msg, int *fd,
		      struct ebt_transport *out);
void ebt_handover_free(struct ebt_handover *handover);

#endif
