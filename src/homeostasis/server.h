/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * server.h - the monitor's door: one line of text asks, lines of JSON answer.
 *
 * Requests: "status", "profiles [count]", "ps", "inspect WHAT", "normalize WHAT", "sensitize WHAT",
 * "tolerize WHAT", "respond WHAT kill|default", "set NAME VALUE", "save", "events". WHAT: a path, a
 * base name, #SLOT or a pid. An answer is any number of objects, one a line, and a last one that is
 * {"ok":true} or
 * {"ok":false,"error":TEXT}. After "events" the answer has no end: an object for each event. Who
 * may connect is checked by the peer's credentials: root, our own user, and the members of one
 * group.
 */
#ifndef EBT_HOMEOSTASIS_SERVER_H
#define EBT_HOMEOSTASIS_SERVER_H

#include <jansson.h>

#include "base/bytes.h"
#include "homeostasis/monitor.h"

#define EBT_PH_SOCKET	   "/run/execbig-top.sock"
#define EBT_PH_CLIENTS_MAX 32
#define EBT_PH_REQUEST_MAX 4500 /* a path and a word */
#define EBT_PH_ANSWER_MAX  (16u << 20)

struct ebt_ph_server;

/* Listens at path (NULL: no socket, only _add_client). A socket nobody listens at is replaced;
 * -EADDRINUSE when somebody does, -ENOTSOCK when it is no socket: it stays. gid: its members may
 * connect too; (gid_t)-1: none. The monitor is borrowed. */
int ebt_ph_server_new(struct ebt_ph_server **out, struct ebt_ph_monitor *monitor, const char *path,
		      gid_t gid, char *why, size_t why_len);
void ebt_ph_server_free(struct ebt_ph_server **server);
/* A connection that needs no check (a socketpair); taken over. */
int ebt_ph_server_add_client(struct ebt_ph_server *server, int fd);
/* Waits for requests, events or stop_fd becoming readable, and serves once. 1: stop_fd is readable;
 * 0; -errno. fn: told of each event too, may be NULL. */
int ebt_ph_server_step(struct ebt_ph_server *server, int stop_fd, int timeout_ms,
		       ebt_ph_event_fn fn, void *arg);

/* requests.c: the answer to one request, appended. Gives true for "events". */
bool ebt_ph_answer(struct ebt_ph_monitor *monitor, const char *request,
		   const struct ebt_ph_asker *who, struct ebt_buf *out);
/* One event as one line of JSON, appended. */
void ebt_ph_event_json(const struct ebt_ph_rec *rec, const char *path, struct ebt_buf *out);
/* As a sentence, without a newline, safe to show. */
void ebt_ph_event_text(const struct ebt_ph_rec *rec, const char *path, struct ebt_buf *out);

#endif
