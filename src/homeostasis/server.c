/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/io.h"
#include "base/log.h"
#include "homeostasis/event_json.h"
#include "homeostasis/server_socket.h"

#define GROUPS_MAX 65536

struct server_client {
	int fd;
	struct ebt_ph_asker who;
	bool events; /* it gets events */
	struct ebt_buf out;
	size_t sent;
	char in[EBT_PH_REQUEST_MAX];
	size_t in_len;
};

struct ebt_ph_server {
	struct ebt_ph_monitor *monitor;
	int listen_fd;
	struct ebt_ph_socket socket;
	gid_t gid;
	struct server_client *clients[EBT_PH_CLIENTS_MAX];
	size_t n;
	bool refused; /* the last connection found no place, and the log says so */
	ebt_ph_event_fn fn;
	void *arg;
};

static void client_drop(struct ebt_ph_server *s, size_t i)
{
	close(s->clients[i]->fd);
	ebt_buf_free(&s->clients[i]->out);
	free(s->clients[i]);
	s->clients[i] = s->clients[--s->n];
}

/* Return whether there is a place for one more connection of this user. Users other than root leave
 * some to root, and each user some to the others. */
static bool server_has_place(const struct ebt_ph_server *s, uint32_t uid)
{
	size_t same = 0, others = 0;

	if (uid == 0 || uid == EBT_PH_UID_HERE)
		return s->n < EBT_PH_CLIENTS_MAX;
	for (size_t i = 0; i < s->n; i++) {
		same += s->clients[i]->who.uid == uid;
		others += s->clients[i]->who.uid != 0;
	}
	return same < EBT_PH_CLIENTS_OF_USER &&
	       others < EBT_PH_CLIENTS_MAX - EBT_PH_CLIENTS_OF_ROOT && s->n < EBT_PH_CLIENTS_MAX;
}

static int server_add(struct ebt_ph_server *s, int fd, struct ebt_ph_asker who)
{
	static const char full[] =
		"{\"ok\":false,\"error\":\"there are too many connections of your "
		"user or of all: end some\"}\n";
	bool place = server_has_place(s, who.uid);
	struct server_client *c = place ? calloc(1, sizeof(*c)) : NULL;

	if (!c) {
		if (!place)
			send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
		return place ? -ENOMEM : -EBUSY;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	c->fd = fd;
	c->who = who;
	c->out.limit = EBT_PH_ANSWER_MAX;
	s->clients[s->n++] = c;
	return 0;
}

int ebt_ph_server_add_client(struct ebt_ph_server *s, int fd)
{
	return server_add(s, fd, (struct ebt_ph_asker){ .uid = EBT_PH_UID_HERE });
}

/* Drop the bytes that were sent from the buffer: if they are half of it, which keeps the moves cheap, or
 * if `wanted` more bytes would not fit. Otherwise a reader that never catches up completely would be
 * disconnected after EBT_PH_ANSWER_MAX bytes, even if it keeps pace. */
static void client_compact(struct server_client *c, size_t wanted)
{
	size_t rest = c->out.len - c->sent;

	if (!c->sent || (c->sent < rest && c->out.len + wanted <= c->out.limit))
		return;
	memmove(c->out.data, c->out.data + c->sent, rest);
	c->out.len = rest;
	c->sent = 0;
}

/* Send one event to all clients that asked for events. client_flush drops those that are too slow. */
static void server_broadcast(const struct ebt_ph_rec *rec, const char *path, void *arg)
{
	_cleanup_buf_ struct ebt_buf json = { 0 };
	struct ebt_ph_server *s = arg;

	for (size_t i = 0; i < s->n; i++) {
		if (!s->clients[i]->events)
			continue;
		if (!json.len)
			ebt_ph_event_json(rec, path, &json);
		client_compact(s->clients[i], json.len);
		ebt_buf_append(&s->clients[i]->out, json.data, json.len);
	}
	if (s->fn)
		s->fn(rec, path, s->arg);
}

int ebt_ph_server_new(struct ebt_ph_server **out, struct ebt_ph_monitor *monitor, const char *path,
		      gid_t gid, char *why, size_t why_len)
{
	struct ebt_ph_server *s = calloc(1, sizeof(*s));
	int err = 0;

	if (!s) {
		snprintf(why, why_len, "out of memory");
		return -ENOMEM;
	}
	s->listen_fd = -1;
	s->gid = gid;
	if (path) {
		s->listen_fd = ebt_ph_socket_listen(&s->socket, path, gid, why, why_len);
		err = s->listen_fd < 0 ? s->listen_fd : 0;
	}
	if (err) {
		ebt_ph_server_free(&s);
		return err;
	}
	s->monitor = monitor;
	ebt_ph_monitor_listen(monitor, server_broadcast, s);
	*out = s;
	return 0;
}

void ebt_ph_server_free(struct ebt_ph_server **server)
{
	struct ebt_ph_server *s = *server;

	if (!s)
		return;
	if (s->monitor)
		ebt_ph_monitor_listen(s->monitor, NULL, NULL);
	while (s->n)
		client_drop(s, s->n - 1);
	ebt_ph_socket_remove(&s->socket);
	ebt_cleanup_close(&s->listen_fd);
	free(s);
	*server = NULL;
}

/* Return whether the peer is a member of the group, by the credentials that the kernel recorded. */
static bool client_in_group(int fd, gid_t primary, gid_t wanted)
{
	socklen_t len = GROUPS_MAX * sizeof(gid_t);
	_cleanup_free_ gid_t *groups = malloc(len);

	if (primary == wanted)
		return true;
	if (!groups || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len))
		return false;
	for (size_t i = 0; i < len / sizeof(*groups); i++) {
		if (groups[i] == wanted)
			return true;
	}
	return false;
}

static bool client_may_connect(const struct ebt_ph_server *s, int fd, struct ebt_ph_asker *who)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return false;
	*who = (struct ebt_ph_asker){ peer.uid, (uint32_t)peer.pid };
	if (peer.uid == 0 || peer.uid == geteuid())
		return true;
	return s->gid != (gid_t)-1 && client_in_group(fd, peer.gid, s->gid);
}

static void server_take_connection(struct ebt_ph_server *s)
{
	static const char no[] = "{\"ok\":false,\"error\":\"you are not allowed to; be root or in "
				 "the daemon's group\"}\n";
	int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ebt_ph_asker who;
	char user[EBT_PH_USER_LEN];
	bool busy;

	if (fd < 0)
		return;
	if (!client_may_connect(s, fd, &who)) {
		send(fd, no, sizeof(no) - 1, MSG_NOSIGNAL);
		close(fd);
		return;
	}
	/* Once until somebody is taken in again: who asks all the time is not to fill the log. */
	busy = server_add(s, fd, who) == -EBUSY;
	if (busy && !s->refused)
		ebt_warn("a connection of %s is refused: a user may have %d, all together %d",
			 ebt_ph_user(user, who.uid), EBT_PH_CLIENTS_OF_USER, EBT_PH_CLIENTS_MAX);
	s->refused = busy;
}

/* Send what waits. Return false if the client is gone or its buffer overflowed. */
static bool client_flush(struct server_client *c)
{
	while (c->sent < c->out.len) {
		ssize_t n = send(c->fd, c->out.data + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			client_compact(c, 0);
			return !c->out.error;
		}
		if (n <= 0)
			return false;
		c->sent += (size_t)n;
	}
	if (c->out.error)
		return false;
	ebt_buf_reset(&c->out);
	c->sent = 0;
	return true;
}

static bool client_take_requests(struct ebt_ph_server *s, struct server_client *c)
{
	ssize_t n = recv(c->fd, c->in + c->in_len, sizeof(c->in) - c->in_len, 0);
	char *end;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	c->in_len += (size_t)n;
	while ((end = memchr(c->in, '\n', c->in_len))) {
		size_t used = (size_t)(end - c->in) + 1;

		*end = '\0';
		client_compact(c, EBT_PH_ANSWER_MAX);
		if (ebt_ph_answer(s->monitor, c->in, &c->who, &c->out))
			c->events = true;
		memmove(c->in, c->in + used, c->in_len - used);
		c->in_len -= used;
	}
	return c->in_len < sizeof(c->in); /* the request is too long */
}

static size_t server_fill_poll(struct ebt_ph_server *s, int stop_fd, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ .fd = stop_fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = s->listen_fd, .events = POLLIN };
	fds[2] = (struct pollfd){
		.fd = ebt_ph_kernel_ring_fd(ebt_ph_monitor_kernel(s->monitor)),
		.events = POLLIN,
	};
	for (size_t i = 0; i < s->n; i++)
		fds[3 + i] = (struct pollfd){
			.fd = s->clients[i]->fd,
			.events = (short)(POLLIN | (s->clients[i]->out.len ? POLLOUT : 0)),
		};
	return 3 + s->n;
}

int ebt_ph_server_step(struct ebt_ph_server *s, int stop_fd, int timeout_ms, ebt_ph_event_fn fn,
		       void *arg)
{
	struct pollfd fds[3 + EBT_PH_CLIENTS_MAX];
	int wait_ms = ebt_ph_monitor_timeout_ms(s->monitor), got;
	size_t polled = server_fill_poll(s, stop_fd, fds);

	got = poll(fds, polled, wait_ms < timeout_ms ? wait_ms : timeout_ms);
	if (got < 0 && errno != EINTR)
		return -errno;
	if (got < 0)
		return 0;
	s->fn = fn;
	s->arg = arg;
	ebt_ph_monitor_step(s->monitor);
	/* Go backwards: client_drop moves the last client, which has been served, into the place of
	 * the dropped one. */
	for (size_t i = polled - 3; i-- > 0;) {
		bool fine = !(fds[3 + i].revents & (POLLIN | POLLHUP | POLLERR)) ||
			    client_take_requests(s, s->clients[i]);

		if (!fine || !client_flush(s->clients[i]))
			client_drop(s, i);
	}
	if (fds[1].revents & POLLIN)
		server_take_connection(s);
	return fds[0].revents ? 1 : 0;
}
