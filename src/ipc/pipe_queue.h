/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pipe_queue.h - bytes on their way into a pipe whose reader may be slow. Nothing here waits: what the
 * pipe does not take stays in memory, and whoever adds bytes looks at how many wait.
 *
 * One thread. The queue owns its descriptor and its buffer.
 */
#ifndef EBT_IPC_PIPE_QUEUE_H
#define EBT_IPC_PIPE_QUEUE_H

#include <stddef.h>

#include "base/bytes.h"

struct ebt_pipe_queue {
	int fd;		      /* -1: closed */
	struct ebt_buf bytes; /* append here */
	size_t sent;	      /* of bytes, these are in the pipe already */
};

/* Take the writing end of a pipe and make it non-blocking. */
void ebt_pipe_queue_open(struct ebt_pipe_queue *queue, int fd);
/* Write what the pipe takes now. Return 0, or -errno: -EPIPE if nobody reads any more. */
int ebt_pipe_queue_push(struct ebt_pipe_queue *queue);
/* Return how many bytes the pipe has not taken. */
size_t ebt_pipe_queue_waiting(const struct ebt_pipe_queue *queue);
/* Return how many bytes the reader has not taken, those in the pipe included. */
size_t ebt_pipe_queue_unread(const struct ebt_pipe_queue *queue);
/* Close the pipe and drop what waits. */
void ebt_pipe_queue_close(struct ebt_pipe_queue *queue);

#endif
