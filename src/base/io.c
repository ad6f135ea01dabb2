/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

int ebt_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (n == 0) {
			return -EIO; /* no kind of file that we write to does that for len > 0 */
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLOUT };

			/* A terminal or pipe is shared: it is not ours to make blocking again. */
			if (poll(&p, 1, -1) < 0 && errno != EINTR)
				return -errno;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

int ebt_read_all(int fd, struct ebt_buf *out)
{
	char chunk[16384];
	ssize_t n;

	if (ebt_buf_append(out, "", 0))
		return out->error;
	while ((n = read(fd, chunk, sizeof(chunk)))) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && ebt_buf_append(out, chunk, (size_t)n))
			return out->error;
	}
	return 0;
}

const char *ebt_not_a_file(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return NULL;
	switch (st.st_mode & S_IFMT) {
	case S_IFREG:
		return NULL;
	case S_IFLNK:
		return "it is a symbolic link";
	case S_IFDIR:
		return "it is a directory";
	case S_IFIFO:
		return "it is a FIFO";
	case S_IFSOCK:
		return "it is a socket";
	default:
		return "it is a device";
	}
}
