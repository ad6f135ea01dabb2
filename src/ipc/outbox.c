/* SPDX-License-Identifier: BSD-3-Clause */
#include "ipc/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/cleanup.h"

struct ebt_outbox_kept {
	struct ebt_outbox_kept *next;
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], n_fds;
};

static void free_kept(struct ebt_outbox_kept *kept)
{
	for (int i = 0; i < kept->n_fds; i++)
		ebt_cleanup_close(&kept->fds[i]);
	free(kept);
}

/* Queue the message with duplicated descriptors, because the caller may close its own. */
static int keep(struct ebt_outbox *out, const struct ebt_msg *msg, const int *fds, int n_fds)
{
	struct ebt_outbox_kept *kept = calloc(1, sizeof(*kept));

	if (!kept)
		return -ENOMEM;
	kept->msg = *msg;
	while (kept->n_fds < n_fds) {
		int fd = fcntl(fds[kept->n_fds], F_DUPFD_CLOEXEC, 0);

		if (fd < 0) {
			int err = -errno;

			free_kept(kept);
			return err;
		}
		kept->fds[kept->n_fds++] = fd;
	}
	if (out->first)
		out->last->next = kept;
	else
		out->first = kept;
	out->last = kept;
	return 0;
}

int ebt_outbox_send(struct ebt_outbox *out, const struct ebt_msg *msg, const int *fds, int n_fds)
{
	int err = -EAGAIN;

	if (n_fds > EBT_MSG_FDS)
		return -EINVAL;
	ebt_outbox_flush(out);
	if (ebt_outbox_empty(out))
		err = ebt_msg_offer(out->sock, msg, fds, n_fds);
	if (err == -EAGAIN)
		err = keep(out, msg, fds, n_fds);
	out->lost |= err && err != -EPIPE;
	return err;
}

void ebt_outbox_flush(struct ebt_outbox *out)
{
	while (out->first) {
		struct ebt_outbox_kept *kept = out->first;
		int err = ebt_msg_offer(out->sock, &kept->msg, kept->fds, kept->n_fds);

		if (err == -EAGAIN)
			return;
		out->lost |= err && err != -EPIPE;
		out->first = kept->next;
		free_kept(kept);
	}
}

void ebt_outbox_free(struct ebt_outbox *out)
{
	while (out->first) {
		struct ebt_outbox_kept *kept = out->first;

		out->first = kept->next;
		free_kept(kept);
	}
}
