/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/server_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/io.h"
#include "base/output_place.h"

/* Remove a socket that nobody listens at any more, which ECONNREFUSED tells; leave anything else. Return
 * -EADDRINUSE if somebody listens, -EPROTOTYPE if it is a socket of another type, or -ENOTSOCK. */
static int socket_remove_stale(const struct sockaddr_un *addr)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (lstat(addr->sun_path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	/* Do not wait for a listener whose queue is full. */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0 || errno == EAGAIN)
		return -EADDRINUSE;
	if (errno != ECONNREFUSED)
		return -errno;
	return unlink(addr->sun_path) ? -errno : 0;
}

/* Give the descriptor, or -errno. The socket is there for the group from the first moment. */
static int socket_listen(struct ebt_ph_socket *s, const char *path, gid_t gid)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -1;
	mode_t old;
	int err;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	err = socket_remove_stale(&addr);
	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	old = umask(0177);
	err = bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ? -errno : 0;
	umask(old);
	if (err)
		return err;
	strcpy(s->path, path);
	if (lstat(path, &s->st) ||
	    (gid != (gid_t)-1 && (chown(path, (uid_t)-1, gid) || chmod(path, 0660))) ||
	    listen(fd, 16))
		return -errno;
	return TAKE_FD(fd);
}

static void socket_explain(int err, const char *path, char *why, size_t why_len)
{
	const char *what = ebt_not_a_file(AT_FDCWD, path);

	if (err == -EADDRINUSE)
		snprintf(why, why_len, "another daemon listens at %s already", path);
	else if (err == -ENOTSOCK)
		snprintf(why, why_len,
			 "cannot listen at %s: %s; --socket wants a name that is free, or an old "
			 "socket's",
			 path, what ? what : "it is a file");
	else if (err == -EPROTOTYPE)
		snprintf(why, why_len, "cannot listen at %s: another program uses this socket",
			 path);
	else
		snprintf(why, why_len, "cannot listen at %s: %s", path, ebt_strerror(-err));
}

int ebt_ph_socket_listen(struct ebt_ph_socket *s, const char *path, gid_t gid, char *why,
			 size_t why_len)
{
	struct ebt_output_place place;
	char resolved[PATH_MAX];
	int fd = ebt_output_find(&place, path, why, why_len);

	if (fd)
		return fd;
	fd = ebt_output_path(&place, resolved);
	ebt_output_close(&place);
	if (!fd)
		fd = socket_listen(s, resolved, gid);
	if (fd < 0)
		socket_explain(fd, path, why, why_len);
	return fd;
}

void ebt_ph_socket_remove(const struct ebt_ph_socket *s)
{
	struct stat st;

	if (s->st.st_ino && lstat(s->path, &st) == 0 && st.st_dev == s->st.st_dev &&
	    st.st_ino == s->st.st_ino)
		unlink(s->path);
}
