/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tune_socket.h - the private socket through which `execbig-top tune` talks to a running instance.
 *
 * An abstract SOCK_SEQPACKET address, execbig-top/PID: it goes with the process, however that ends. If
 * somebody has taken that name, it is execbig-top/PID/RANDOM, and clients try all names of a process.
 * Abstract names have no owner, so both sides look at SO_PEERCRED: the instance serves root and the
 * user who invoked it (SUDO_UID), the client believes an instance of root or of its own user only.
 * Messages are those of protocol.h: a RETUNE whose value says which members of params are given
 * (EBT_PARAM_BIT), answered by SWAPPED or REFUSED, before that by PROGRESS when it takes its time;
 * or GET_STATUS, answered by SWAPPED with what runs.
 */
#ifndef EBT_PROCESSES_LOADER_TUNE_SOCKET_H
#define EBT_PROCESSES_LOADER_TUNE_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "ipc/protocol.h"

#define EBT_CONTROL_CLIENTS \
	4 /* at a time; a further one takes the place of one that only looks on */
#define EBT_CONTROL_FDS (1 + EBT_CONTROL_CLIENTS)

struct ebt_control {
	int listener; /* -1: none */
	int clients[EBT_CONTROL_CLIENTS];
	int asking; /* the client that waits for the end of a retune; -1: none */
	uid_t invoker;
};

/* Without clients and listener. */
void ebt_control_init(struct ebt_control *control);
/* Listens under this process's id. -errno; tracing works without it. */
int ebt_control_open(struct ebt_control *control);
void ebt_control_close(struct ebt_control *control);
/* Descriptors to poll for input, EBT_CONTROL_FDS of them, -1 where there is none. */
void ebt_control_fds(const struct ebt_control *control, int fds[EBT_CONTROL_FDS]);
/* Accept new clients, and tell those that may not tune so. Then take one request, without waiting.
 * Return the index of its client, or -1 if there is none. */
int ebt_control_request(struct ebt_control *control, struct ebt_msg *msg);
/* Answer a client. fd is the output of compiler or verifier, borrowed; -1 for none. */
void ebt_control_answer(struct ebt_control *control, int client, const struct ebt_msg *msg, int fd);

/* The given members of from, put into *into. */
void ebt_control_merge(struct ebt_params *into, const struct ebt_params *from, uint32_t given);

/* The other side: connects to an instance, waiting this long for a place in its queue. Fd,
 * -ECONNREFUSED: there is none, -EAGAIN: its queue stays full, -EPERM: the one there is somebody
 * else's. */
int ebt_control_connect(pid_t pid, unsigned timeout_ms);
/* Ids of running instances, at most max of them. Returns how many. Whoever listens in the name of
 * one and takes nobody in is left out, and holds it up for a second at most. */
unsigned ebt_control_find(pid_t *out, unsigned max);

#endif
