/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/carry.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "loader/loader.h"
#include "loader/perf_events.h"

#define CPUS_MAX 8192 /* NR_CPUS of the largest configurations */

int ebt_carry_send(int sock, const struct ebt_loader *loader, struct ebt_msg *msg)
{
	const struct ebt_perf_events *e = ebt_loader_perf(loader);

	if (!e)
		return ebt_loader_ring_fd(loader);
	for (unsigned i = 0; i < e->n; i += EBT_MSG_FDS) {
		struct ebt_msg part = { .type = EBT_MSG_PERF };
		int fds[EBT_MSG_FDS], n = 0;

		while (n < EBT_MSG_FDS && i + (unsigned)n < e->n) {
			part.cpus[n] = e->cpus[i + (unsigned)n];
			fds[n] = e->fds[i + (unsigned)n];
			n++;
		}
		part.value = n;
		ebt_msg_send(sock, &part, fds, n);
	}
	msg->perf_bytes = e->bytes;
	return e->poll_fd;
}

int ebt_carried_add(struct ebt_carried *c, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	size_t n = c->n + EBT_MSG_FDS;
	int *cpus, *all;

	if (msg->value < 0 || msg->value > EBT_MSG_FDS || n > CPUS_MAX)
		return -EBADMSG;
	cpus = realloc(c->cpus, n * sizeof(*cpus));
	c->cpus = cpus ? cpus : c->cpus;
	all = realloc(c->fds, n * sizeof(*all));
	c->fds = all ? all : c->fds;
	if (!cpus || !all)
		return -ENOMEM;
	for (int i = 0; i < msg->value; i++) {
		cpus[c->n] = msg->cpus[i];
		all[c->n++] = TAKE_FD(fds[i]);
	}
	return 0;
}

void ebt_carried_free(struct ebt_carried *c)
{
	for (unsigned i = 0; i < c->n; i++)
		ebt_cleanup_close(&c->fds[i]);
	free(c->cpus);
	free(c->fds);
	*c = (struct ebt_carried){ 0 };
}

int ebt_carried_open(struct ebt_carried *c, const struct ebt_msg *msg, int *fd,
		     struct ebt_transport *out)
{
	int err;

	if (msg->params.perf) {
		err = ebt_transport_perf(out, *fd, c->cpus, c->fds, c->n, msg->perf_bytes);
		if (!err)
			c->n = 0; /* they are the transport's now */
	} else {
		err = ebt_transport_ring(out, *fd, msg->params.ring_bytes);
	}
	ebt_carried_free(c);
	if (!err)
		*fd = -1;
	return err;
}
