/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * carry.h - a generation's transport on its way from loader to view: the ring in the START or
 * SWAPPED message itself; perf buffers, one a CPU, in PERF messages before it.
 */
#ifndef EBT_APP_CARRY_H
#define EBT_APP_CARRY_H

#include "app/protocol.h"
#include "transport/transport.h"

struct ebt_loader;

/* Loader: sends what must go before msg, and fills in what msg says of the transport. Gives the fd
 * that belongs beside msg, borrowed. */
int ebt_carry_send(int sock, const struct ebt_loader *loader, struct ebt_msg *msg);

/* View: what PERF messages have brought. Owned. */
struct ebt_carried {
	unsigned n;
	int *cpus, *fds;
};

/* A PERF message; takes its descriptors. -errno: they are left to the caller. */
int ebt_carried_add(struct ebt_carried *carried, const struct ebt_msg *msg, int fds[EBT_MSG_FDS]);
/* START or SWAPPED: makes the transport; takes *fd on success and all that was carried. */
int ebt_carried_open(struct ebt_carried *carried, const struct ebt_msg *msg, int *fd,
		     struct ebt_transport *out);
void ebt_carried_free(struct ebt_carried *carried);

#endif
