/* SPDX-License-Identifier: BSD-3-Clause */
#include "ipc/protocol.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int send_msg(int sock, const struct ebt_msg *msg, const int *fds, int n_fds, int flags)
{
	union {
		char buf[CMSG_SPACE(sizeof(int) * EBT_MSG_FDS)];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { (void *)msg, sizeof(*msg) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (n_fds > EBT_MSG_FDS)
		return -EINVAL;
	if (n_fds > 0) {
		struct cmsghdr *c = &control.align;

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)n_fds);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * (size_t)n_fds);
		hdr.msg_control = control.buf;
		hdr.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)n_fds);
	}
	do {
		n = sendmsg(sock, &hdr, MSG_NOSIGNAL | flags);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	return 0;
}

int ebt_msg_send(int sock, const struct ebt_msg *msg, const int *fds, int n_fds)
{
	return send_msg(sock, msg, fds, n_fds, 0);
}

int ebt_msg_offer(int sock, const struct ebt_msg *msg, const int *fds, int n_fds)
{
	return send_msg(sock, msg, fds, n_fds, MSG_DONTWAIT);
}

static void take_fds(struct msghdr *hdr, int fds[EBT_MSG_FDS])
{
	int taken = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(hdr); c; c = CMSG_NXTHDR(hdr, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (taken < EBT_MSG_FDS)
				fds[taken++] = fd;
			else
				close(fd);
		}
	}
}

int ebt_msg_receive(int sock, struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	union {
		char buf[CMSG_SPACE(sizeof(int) * EBT_MSG_FDS)];
		struct cmsghdr align;
	} control;
	struct iovec iov = { msg, sizeof(*msg) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	hdr.msg_control = control.buf;
	hdr.msg_controllen = sizeof(control.buf);
	for (int i = 0; i < EBT_MSG_FDS; i++)
		fds[i] = -1;
	do {
		n = recvmsg(sock, &hdr, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : errno == ECONNRESET ? -EPIPE : -errno;
	/* A message without bytes looks like the end of the connection, and may still carry
	 * descriptors. */
	take_fds(&hdr, fds);
	if (n != sizeof(*msg) || (hdr.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		for (int i = 0; i < EBT_MSG_FDS; i++) {
			if (fds[i] >= 0)
				close(fds[i]);
			fds[i] = -1;
		}
		return n == 0 ? -EPIPE : -EBADMSG;
	}
	msg->text[EBT_MSG_TEXT - 1] = '\0';
	return 1;
}
