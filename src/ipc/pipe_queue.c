/* SPDX-License-Identifier: BSD-3-Clause */
#include "ipc/pipe_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"

void ebt_pipe_queue_open(struct ebt_pipe_queue *q, int fd)
{
	*q = (struct ebt_pipe_queue){ .fd = fd };
	fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* Forget the bytes that were sent, before they are more than those that wait. */
static void queue_compact(struct ebt_pipe_queue *q)
{
	size_t waiting = ebt_pipe_queue_waiting(q);

	if (waiting && q->sent < waiting)
		return;
	if (waiting)
		memmove(q->bytes.data, q->bytes.data + q->sent, waiting);
	q->bytes.len = waiting;
	q->sent = 0;
}

int ebt_pipe_queue_push(struct ebt_pipe_queue *q)
{
	int err = 0;

	while (!err && q->fd >= 0 && ebt_pipe_queue_waiting(q)) {
		ssize_t n = write(q->fd, q->bytes.data + q->sent, ebt_pipe_queue_waiting(q));

		if (n > 0)
			q->sent += (size_t)n;
		else if (n < 0 && errno != EINTR)
			err = -errno;
	}
	queue_compact(q);
	return err == -EAGAIN ? 0 : err;
}

size_t ebt_pipe_queue_waiting(const struct ebt_pipe_queue *q)
{
	return q->bytes.len - q->sent;
}

size_t ebt_pipe_queue_unread(const struct ebt_pipe_queue *q)
{
	int in_pipe = 0;

	if (q->fd < 0 || ioctl(q->fd, FIONREAD, &in_pipe) < 0)
		in_pipe = 0;
	return ebt_pipe_queue_waiting(q) + (size_t)in_pipe;
}

void ebt_pipe_queue_close(struct ebt_pipe_queue *q)
{
	ebt_cleanup_close(&q->fd);
	ebt_buf_free(&q->bytes);
	*q = (struct ebt_pipe_queue){ .fd = -1 };
}
