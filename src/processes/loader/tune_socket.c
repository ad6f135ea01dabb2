/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/tune_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "confine/sandbox.h"

#define NAME	 "execbig-top/"
#define NAME_LEN 64
#define FIND_MS	 1000u /* for those in whose queue there is no place, together */

static socklen_t control_address(struct sockaddr_un *addr, const char *name)
{
	int n;

	memset(addr, 0, sizeof(*addr));
	addr->sun_family = AF_UNIX;
	/* sun_path[0] is NUL: abstract */
	n = snprintf(addr->sun_path + 1, sizeof(addr->sun_path) - 1, "%.80s", name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

/* Bind under this process's id. Anybody may have taken that name, and then a name is added that
 * nobody could know before. */
static int control_bind(int fd)
{
	struct sockaddr_un addr;
	char name[NAME_LEN];
	uint64_t random;
	socklen_t len;

	snprintf(name, sizeof(name), NAME "%d", (int)getpid());
	len = control_address(&addr, name);
	if (!bind(fd, (struct sockaddr *)&addr, len))
		return 0;
	if (errno != EADDRINUSE || getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -errno;
	snprintf(name, sizeof(name), NAME "%d/%016" PRIx64, (int)getpid(), random);
	len = control_address(&addr, name);
	return bind(fd, (struct sockaddr *)&addr, len) ? -errno : 0;
}

void ebt_control_init(struct ebt_control *c)
{
	*c = (struct ebt_control){ .listener = -1, .asking = -1 };
	for (int i = 0; i < EBT_CONTROL_CLIENTS; i++)
		c->clients[i] = -1;
}

int ebt_control_open(struct ebt_control *c)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err = fd < 0 ? -errno : control_bind(fd);

	if (err || listen(fd, EBT_CONTROL_CLIENTS))
		return err ? err : -errno;
	c->invoker = ebt_sandbox_invoker();
	c->listener = TAKE_FD(fd);
	return 0;
}

static void drop(struct ebt_control *c, int client)
{
	ebt_cleanup_close(&c->clients[client]);
	c->clients[client] = -1;
	if (c->asking == client)
		c->asking = -1;
}

void ebt_control_close(struct ebt_control *c)
{
	for (int i = 0; i < EBT_CONTROL_CLIENTS; i++)
		drop(c, i);
	ebt_cleanup_close(&c->listener);
	c->listener = -1;
}

void ebt_control_fds(const struct ebt_control *c, int fds[EBT_CONTROL_FDS])
{
	fds[0] = c->listener;
	memcpy(fds + 1, c->clients, sizeof(c->clients));
}

static bool peer_uid(int fd, uid_t *uid)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len))
		return false;
	*uid = cred.uid;
	return true;
}

/* A free place, or that of a client that waits for nothing. */
static int place(struct ebt_control *c)
{
	for (int i = 0; i < EBT_CONTROL_CLIENTS; i++) {
		if (c->clients[i] < 0)
			return i;
	}
	for (int i = 0; i < EBT_CONTROL_CLIENTS; i++) {
		if (i != c->asking) {
			drop(c, i);
			return i;
		}
	}
	return -1;
}

/* A request that lies there unread would, at the close, wipe out the answer. */
static void refuse(int fd)
{
	struct ebt_msg no = { .type = EBT_MSG_REFUSED,
			      .text = "only root and the user who started it may tune it" };
	struct ebt_msg request;

	shutdown(fd, SHUT_RD);
	while (recv(fd, &request, sizeof(request), MSG_DONTWAIT) > 0)
		;
	ebt_msg_send(fd, &no, NULL, 0);
	close(fd);
}

/* Anybody can connect: not more at a time than the queue holds, or a flood would keep us here. */
static void take_clients(struct ebt_control *c)
{
	for (int n = 0; c->listener >= 0 && n < EBT_CONTROL_CLIENTS; n++) {
		int fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		uid_t uid;

		if (fd < 0)
			return;
		if (!peer_uid(fd, &uid) || (uid != 0 && uid != c->invoker)) {
			refuse(fd);
		} else {
			c->clients[place(c)] = fd;
		}
	}
}

int ebt_control_request(struct ebt_control *c, struct ebt_msg *msg)
{
	int fds[EBT_MSG_FDS];

	take_clients(c);
	for (int i = 0; i < EBT_CONTROL_CLIENTS; i++) {
		int got = c->clients[i] < 0 ? 0 : ebt_msg_receive(c->clients[i], msg, fds);

		if (got == 0)
			continue;
		for (int k = 0; got > 0 && k < EBT_MSG_FDS; k++)
			ebt_cleanup_close(&fds[k]);
		if (got > 0)
			return i;
		drop(c, i);
	}
	return -1;
}

void ebt_control_answer(struct ebt_control *c, int client, const struct ebt_msg *msg, int fd)
{
	if (client < 0 || c->clients[client] < 0)
		return;
	ebt_msg_send(c->clients[client], msg, &fd, fd >= 0 ? 1 : 0);
}

void ebt_control_merge(struct ebt_params *into, const struct ebt_params *from, uint32_t given)
{
	if (given & EBT_PARAM_BIT(scratch_bytes))
		into->scratch_bytes = from->scratch_bytes;
	if (given & EBT_PARAM_BIT(ring_bytes))
		into->ring_bytes = from->ring_bytes;
	if (given & EBT_PARAM_BIT(args_limit))
		into->args_limit = from->args_limit;
	if (given & EBT_PARAM_BIT(env_limit))
		into->env_limit = from->env_limit;
	if (given & EBT_PARAM_BIT(failed))
		into->failed = from->failed;
	if (given & EBT_PARAM_BIT(perf))
		into->perf = from->perf;
}

/* Return the name of an instance that a line of /proc/net/unix tells of, and its process; NULL for
 * any other line. */
static const char *control_listed(char *line, long *pid)
{
	char *at = strstr(line, " @" NAME);
	unsigned long flags;

	/* Num RefCount Protocol Flags …: __SO_ACCEPTCON, include/uapi/linux/net.h */
	if (!at || sscanf(line, "%*s %*s %*s %lx", &flags) != 1 || !(flags & 0x10000))
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	*pid = strtol(at + strlen(" @" NAME), NULL, 10);
	return *pid > 0 ? at + 2 : NULL;
}

/* Connect to a name without waiting. Fd, -EAGAIN if its queue is full, -EPERM if the one there is
 * somebody else's, or another -errno. */
static int control_try(const char *name)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un addr;
	socklen_t len = control_address(&addr, name);
	uid_t uid;

	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, len))
		return -errno;
	/* Whose it is can be seen only when it is connected, and anybody may listen there. */
	if (!peer_uid(fd, &uid) || (uid != 0 && uid != geteuid()))
		return -EPERM;
	return fcntl(fd, F_SETFL, 0) ? -errno : TAKE_FD(fd);
}

/* Try all names of a process once. Fd, or the best that can be said: that a queue is full, else that
 * somebody else listens, else that nobody does. */
static int control_try_all(pid_t pid)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/net/unix", "re");
	int best = -ECONNREFUSED;
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		long listed;
		const char *name = control_listed(line, &listed);
		int fd = name && listed == pid ? control_try(name) : -ECONNREFUSED;

		if (fd >= 0)
			return fd;
		if (fd == -EAGAIN || (fd == -EPERM && best != -EAGAIN))
			best = fd;
	}
	return best;
}

int ebt_control_connect(pid_t pid, unsigned timeout_ms)
{
	static const struct timespec pause = { .tv_nsec = 10000000 };
	uint64_t end_ns = ebt_mono_ns() + timeout_ms * 1000000ull;
	int fd;

	while ((fd = control_try_all(pid)) == -EAGAIN && ebt_mono_ns() < end_ns)
		nanosleep(&pause, NULL);
	return fd;
}

unsigned ebt_control_find(pid_t *out, unsigned max)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/net/unix", "re");
	uint64_t end_ns = ebt_mono_ns() + FIND_MS * 1000000ull;
	char line[512];
	unsigned n = 0;

	while (f && n < max && fgets(line, sizeof(line), f)) {
		uint64_t now_ns = ebt_mono_ns();
		uint64_t left_ms = now_ns < end_ns ? (end_ns - now_ns) / 1000000 : 0;
		const char *name;
		long pid;
		unsigned at = 0;
		int fd;

		name = control_listed(line, &pid);
		if (!name)
			continue;
		/* A process may have more names than one, some of them others'. */
		while (at < n && out[at] != (pid_t)pid)
			at++;
		fd = at == n ? control_try(name) : -1;
		if (fd == -EAGAIN)
			fd = ebt_control_connect((pid_t)pid, (unsigned)left_ms);
		if (fd < 0)
			continue;
		close(fd);
		out[n++] = (pid_t)pid;
	}
	return n;
}
