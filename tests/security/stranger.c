/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stranger.c - somebody at the socket of `execbig-top tune`, without the manners of its client.
 *
 *	stranger ask PID		one question; prints what came back: status, refused, closed
 *	stranger garbage PID		what is no request; prints how many connections were closed
 *for it stranger flood PID SECONDS	connections and questions as fast as they go; prints how
 *many stranger deaf PID SECONDS	several connections full of questions, no answer ever read
 *	stranger pose SECONDS		listens in the name of this process, answers everything
 *	stranger squat PID SECONDS	listens in the name of another one, and lets nobody in
 *
 * As whom: whoever starts it (setpriv).
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "ipc/protocol.h"

#define DEAF 8

static socklen_t address(struct sockaddr_un *addr, long pid)
{
	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   (size_t)snprintf(addr->sun_path + 1, sizeof(addr->sun_path) - 1,
					    "execbig-top/%ld", pid));
}

static int call(long pid)
{
	struct sockaddr_un addr;
	socklen_t len = address(&addr, pid);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, len)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

static const char *ask(long pid)
{
	struct ebt_msg msg = { .type = EBT_MSG_GET_STATUS };
	int fd = call(pid), n;

	if (fd < 0)
		return "nobody";
	(void)send(fd, &msg, sizeof(msg), MSG_NOSIGNAL);
	n = readable(fd, 5000) ? (int)recv(fd, &msg, sizeof(msg), 0) : -1;
	close(fd);
	if (n == sizeof(msg))
		return msg.type == EBT_MSG_SWAPPED   ? "status"
		       : msg.type == EBT_MSG_REFUSED ? "refused"
						     : "something";
	return n < 0 ? "silence" : "closed";
}

/* A packet with a descriptor beside it. */
static void send_with_fd(int fd, const void *data, size_t len)
{
	char space[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { (void *)data, len };
	struct msghdr hdr = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = space,
			      .msg_controllen = sizeof(space) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&hdr);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	(void)sendmsg(fd, &hdr, MSG_NOSIGNAL);
}

/* Lengths that no request has, one that it has with nothing true in it, descriptors. */
static unsigned garbage(long pid)
{
	static const size_t lengths[] = { 0,
					  1,
					  4,
					  sizeof(struct ebt_msg) - 1,
					  sizeof(struct ebt_msg),
					  sizeof(struct ebt_msg) + 1,
					  60000 };
	static char bytes[60000];
	unsigned closed = 0;

	if (getrandom(bytes, 256, 0) < 0 || getrandom(bytes + 256, sizeof(bytes) - 256, 0) < 0)
		exit(1);
	for (unsigned i = 0; i < 2 * sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct ebt_msg answer;
		int fd = call(pid);

		if (fd < 0)
			exit(1);
		if (i % 2)
			send_with_fd(fd, bytes, lengths[i / 2]);
		else
			(void)send(fd, bytes, lengths[i / 2], MSG_NOSIGNAL);
		closed += readable(fd, 5000) && recv(fd, &answer, sizeof(answer), 0) <= 0;
		close(fd);
	}
	return closed;
}

static unsigned long flood(long pid, long seconds)
{
	uint64_t end_ns = ebt_mono_ns() + (uint64_t)seconds * 1000000000;
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE };
	unsigned long n = 0;

	while (ebt_mono_ns() < end_ns) {
		int fd = call(pid);

		if (fd < 0)
			continue;
		(void)send(fd, &msg, sizeof(msg), MSG_NOSIGNAL | MSG_DONTWAIT);
		close(fd);
		n++;
	}
	return n;
}

static unsigned long deaf(long pid, long seconds)
{
	uint64_t end_ns = ebt_mono_ns() + (uint64_t)seconds * 1000000000;
	struct ebt_msg msg = { .type = EBT_MSG_GET_STATUS };
	unsigned long n = 0;
	int fds[DEAF];

	for (int i = 0; i < DEAF; i++)
		fds[i] = call(pid);
	while (ebt_mono_ns() < end_ns) {
		for (int i = 0; i < DEAF; i++)
			n += send(fds[i], &msg, sizeof(msg), MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
		poll(NULL, 0, 1);
	}
	return n;
}

static unsigned long pose(long seconds)
{
	uint64_t end_ns = ebt_mono_ns() + (uint64_t)seconds * 1000000000;
	struct ebt_msg msg = { .type = EBT_MSG_SWAPPED, .generation = 4711 };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un addr;
	socklen_t len = address(&addr, getpid());
	unsigned long n = 0;

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len) || listen(fd, 16))
		return 0;
	puts("ready");
	fflush(stdout);
	while (ebt_mono_ns() < end_ns) {
		int client = readable(fd, 100) ? accept(fd, NULL, NULL) : -1;

		if (client < 0)
			continue;
		(void)send(client, &msg, sizeof(msg), MSG_NOSIGNAL | MSG_DONTWAIT);
		poll(NULL, 0, 50);
		close(client);
		n++;
	}
	return n;
}

/* No place for more than its own connection. */
static int squat(long pid, long seconds)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un addr;
	socklen_t len = address(&addr, pid);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len) || listen(fd, 0) || call(pid) < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	poll(NULL, 0, (int)seconds * 1000);
	return 0;
}

int main(int argc, char **argv)
{
	long a = argc > 2 ? atol(argv[2]) : 0, b = argc > 3 ? atol(argv[3]) : 0;

	if (argc == 3 && strcmp(argv[1], "ask") == 0)
		puts(ask(a));
	else if (argc == 3 && strcmp(argv[1], "garbage") == 0)
		printf("%u\n", garbage(a));
	else if (argc == 4 && strcmp(argv[1], "flood") == 0)
		printf("%lu\n", flood(a, b));
	else if (argc == 4 && strcmp(argv[1], "deaf") == 0)
		printf("%lu\n", deaf(a, b));
	else if (argc == 3 && strcmp(argv[1], "pose") == 0)
		printf("%lu\n", pose(a));
	else if (argc == 4 && strcmp(argv[1], "squat") == 0)
		return squat(a, b);
	else
		return 2;
	return fflush(stdout) ? 1 : 0;
}
