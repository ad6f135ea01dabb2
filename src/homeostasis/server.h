/* SPDX-License-Identifier: BSD-3-Clause */
/* server.h - the socket of a monitor: clients send requests (requests.h) and get answers and events
 *
 * The credentials of the peer decide who may connect: root, the user of the monitor, and the
 * members of one group. */
#ifndef EBT_HOMEOSTASIS_SERVER_H
#define EBT_HOMEOSTASIS_SERVER_H

#include "homeostasis/requests.h"

#define EBT_PH_SOCKET	   "/run/execbig-top.sock"
#define EBT_PH_CLIENTS_MAX 32
/* Connections that one user other than root may have, and those that are kept for root. */
#define EBT_PH_CLIENTS_OF_USER 8
#define EBT_PH_CLIENTS_OF_ROOT 8
#define EBT_PH_ANSWER_MAX      (16u << 20)

struct ebt_ph_server;

/* Listen at path; if it is NULL, only ebt_ph_server_add_client() adds clients. The monitor is
 * borrowed. A socket that nobody listens at is replaced. Members of gid may connect as well;
 * (gid_t)-1 stands for no group. Return -EADDRINUSE if somebody listens there, -ENOTSOCK if path is
 * not a socket, or another -errno, with a message in why. */
int ebt_ph_server_new(struct ebt_ph_server **out, struct ebt_ph_monitor *monitor, const char *path,
		      gid_t gid, char *why, size_t why_len);
void ebt_ph_server_free(struct ebt_ph_server **server);
/* Add a connection that needs no check (a socketpair). The server takes over fd, also on error. */
int ebt_ph_server_add_client(struct ebt_ph_server *server, int fd);
/* Wait at most timeout_ms for requests, events or stop_fd, and serve once. fn, which may be NULL, is
 * called for each event as well. Return 1 if stop_fd is readable, 0, or -errno. */
int ebt_ph_server_step(struct ebt_ph_server *server, int stop_fd, int timeout_ms,
		       ebt_ph_event_fn fn, void *arg);

#endif
