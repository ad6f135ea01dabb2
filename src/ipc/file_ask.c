/* SPDX-License-Identifier: BSD-3-Clause */
/* file_ask.c - the asking side; processes/keeper/file_reader.c answers. */
#include "ipc/file_ask.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Send one question and wait for its answer. */
static int file_ask(int sock, enum ebt_file_question question, const char *path, uint32_t uid,
		    int *fd)
{
	struct ebt_file_request request = { .question = question, .uid = uid };
	struct ebt_file_answer answer;
	char control[CMSG_SPACE(sizeof(int))];
	size_t len = strlen(path) + 1;
	struct iovec iov[2] = { { &request, EBT_FILE_REQUEST_HEAD }, { (char *)path, len } };
	struct msghdr hdr = { .msg_iov = iov, .msg_iovlen = 2 };
	struct cmsghdr *cmsg;
	ssize_t n;

	if (len > sizeof(request.path))
		return -ENAMETOOLONG;
	if (sendmsg(sock, &hdr, MSG_NOSIGNAL) < 0)
		return -errno;
	iov[0] = (struct iovec){ &answer, sizeof(answer) };
	hdr = (struct msghdr){ .msg_iov = iov,
			       .msg_iovlen = 1,
			       .msg_control = control,
			       .msg_controllen = sizeof(control) };
	do
		n = recvmsg(sock, &hdr, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != sizeof(answer))
		return n < 0 ? -errno : -EPIPE;
	cmsg = CMSG_FIRSTHDR(&hdr);
	if (cmsg && cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(cmsg), sizeof(*fd));
	return answer.error > 0 ? -EBADMSG : answer.error;
}

int ebt_file_ask_exists(int sock, const char *path)
{
	int fd = -1;

	return file_ask(sock, EBT_FILE_EXISTS, path, 0, &fd);
}

int ebt_file_ask_open(int sock, const char *path, uint32_t uid)
{
	int fd = -1, err = file_ask(sock, EBT_FILE_OPEN, path, uid, &fd);

	if (err)
		return err;
	return fd >= 0 ? fd : -EBADMSG;
}

int ebt_file_ask_open_named(int sock, const char *path)
{
	int fd = -1, err = file_ask(sock, EBT_FILE_OPEN_NAMED, path, 0, &fd);

	if (err)
		return err;
	return fd >= 0 ? fd : -EBADMSG;
}
