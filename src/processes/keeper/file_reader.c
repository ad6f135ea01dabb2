/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/keeper/file_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "confine/child.h"
#include "confine/sandbox.h"

/* Open a regular file that the user could read: one of his own, or one that everybody may read.
 * Without that check root's export would copy the contents of /etc/shadow for "gcc @/etc/shadow". */
static int reader_open(const struct ebt_file_request *r)
{
	_cleanup_close_ int fd = open(r->path, O_PATH | O_CLOEXEC);
	char self[64];
	struct stat st;
	int out;

	/* O_PATH wakes no device and waits for no FIFO. */
	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (r->question == EBT_FILE_OPEN && st.st_uid != r->uid && !(st.st_mode & S_IROTH))
		return -EACCES;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	out = open(self, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return out < 0 ? -errno : out;
}

int ebt_file_reader_handle(const struct ebt_file_request *r, size_t len, int *fd)
{
	struct stat st;

	if (len <= EBT_FILE_REQUEST_HEAD || len > sizeof(*r) ||
	    !memchr(r->path, 0, len - EBT_FILE_REQUEST_HEAD))
		return -EBADMSG;
	if (r->question == EBT_FILE_EXISTS)
		return stat(r->path, &st) ? -errno : 0;
	if (r->question != EBT_FILE_OPEN && r->question != EBT_FILE_OPEN_NAMED)
		return -EBADMSG;
	*fd = reader_open(r);
	return *fd < 0 ? *fd : 0;
}

static int reader_answer(int sock, int error, int fd)
{
	struct ebt_file_answer answer = { .error = error };
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { &answer, sizeof(answer) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	if (fd >= 0) {
		hdr.msg_control = control;
		hdr.msg_controllen = sizeof(control);
		cmsg = CMSG_FIRSTHDR(&hdr);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	}
	return sendmsg(sock, &hdr, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static _Noreturn void reader_run(int sock)
{
	struct ebt_file_request request;
	char why[128];

	if (ebt_sandbox_drop_capabilities(why, sizeof(why)) ||
	    ebt_sandbox_seccomp_reader(why, sizeof(why)))
		_exit(1);
	for (;;) {
		ssize_t n = read(sock, &request, sizeof(request));
		_cleanup_close_ int fd = -1;
		int err;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0);
		err = ebt_file_reader_handle(&request, (size_t)n, &fd);
		if (reader_answer(sock, err, fd))
			_exit(0);
	}
}

int ebt_file_reader_start(void)
{
	struct ebt_child_fd keep = { .as = EBT_CHILD_SAME };
	const struct ebt_child child = { .name = "execbig-files",
					 .death_signal = SIGKILL,
					 .silent = true,
					 .keep = &keep,
					 .keep_count = 1 };
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	keep.fd = pair[1];
	pid = ebt_child_fork(&child);
	if (pid == 0)
		reader_run(pair[1]);
	close(pair[1]);
	if (pid > 0)
		return pair[0];
	close(pair[0]);
	return pid;
}
