/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/transport_handover.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"

#define CPUS_MAX 8192 /* NR_CPUS of the largest kernel configurations */

static int handover_add_fds(struct ebt_handover *h, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	size_t n = h->n + EBT_MSG_FDS;
	int *cpus, *all;

	if (msg->value < 0 || msg->value > EBT_MSG_FDS || n > CPUS_MAX)
		return -EBADMSG;
	cpus = realloc(h->cpus, n * sizeof(*cpus));
	h->cpus = cpus ? cpus : h->cpus;
	all = realloc(h->fds, n * sizeof(*all));
	h->fds = all ? all : h->fds;
	if (!cpus || !all)
		return -ENOMEM;
	for (int i = 0; i < msg->value; i++) {
		cpus[h->n] = msg->cpus[i];
		all[h->n++] = TAKE_FD(fds[i]);
	}
	return 0;
}

int ebt_handover_add(struct ebt_handover *h, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	int err = handover_add_fds(h, msg, fds);

	if (err)
		h->error = err;
	return err;
}

void ebt_handover_free(struct ebt_handover *h)
{
	for (unsigned i = 0; i < h->n; i++)
		ebt_cleanup_close(&h->fds[i]);
	free(h->cpus);
	free(h->fds);
	*h = (struct ebt_handover){ 0 };
}

int ebt_handover_open(struct ebt_handover *h, const struct ebt_msg *msg, int *fd,
		      struct ebt_transport *out)
{
	int err = h->error;

	if (err) {
		/* A transport without some CPUs would lose their events silently. */
	} else if (msg->params.perf) {
		err = ebt_transport_perf(out, *fd, h->cpus, h->fds, h->n, msg->perf_bytes);
		if (!err)
			h->n = 0; /* the transport owns them now */
	} else {
		err = ebt_transport_ring(out, *fd, msg->params.ring_bytes);
	}
	ebt_handover_free(h);
	if (!err)
		*fd = -1;
	return err;
}
