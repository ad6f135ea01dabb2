/* SPDX-License-Identifier: BSD-3-Clause */
#include "ipc/cgroup_names.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ebt_abi.h"

#define FILEID_KERNFS  0xfe /* from include/linux/exportfs.h; the handle is the 64-bit id */
#define ASK_TIMEOUT_MS 100
/* maximum number of questions at a time, because the loader has other work */
#define ROUND_MAX 64

void ebt_cgroups_open(struct ebt_cgroups *cg)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct mntent *m;

	cg->v1[0] = cg->v2[0] = '\0';
	while (f && (m = getmntent(f))) {
		if (strcmp(m->mnt_type, "cgroup2") == 0 && !cg->v2[0])
			snprintf(cg->v2, sizeof(cg->v2), "%s", m->mnt_dir);
		else if (strcmp(m->mnt_type, "cgroup") == 0 &&
			 (hasmntopt(m, "memory") || (!cg->v1[0] && hasmntopt(m, "pids"))))
			snprintf(cg->v1, sizeof(cg->v1), "%s", m->mnt_dir);
	}
	if (f)
		endmntent(f);
}

static int open_by_id(const char *root, uint64_t id)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(uint64_t)];
	} h = { .handle = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS } };
	_cleanup_close_ int mount = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd;

	memcpy(h.handle.f_handle, &id, sizeof(id));
	if (mount < 0)
		return -errno;
	fd = open_by_handle_at(mount, &h.handle, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int ebt_cgroups_path(const struct ebt_cgroups *cg, uint64_t id, char *out, size_t out_len)
{
	const char *root = id & EBT_CGROUP_V1 ? cg->v1 : cg->v2;
	_cleanup_close_ int fd = -1;
	char link[64], path[PATH_MAX];
	size_t root_len = strlen(root);
	ssize_t n;

	if (!root_len)
		return -ENOENT;
	fd = open_by_id(root, id & ~EBT_CGROUP_V1);
	if (fd < 0)
		return -ENOENT;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return -ENOENT;
	path[n] = '\0';
	if (strncmp(path, root, root_len) != 0)
		return -ENOENT;
	snprintf(out, out_len, "%s", path[root_len] ? path + root_len : "/");
	return 0;
}

int ebt_cgroups_serve(const struct ebt_cgroups *cg, int sock)
{
	struct ebt_cgroup_answer a = { 0 };
	ssize_t n;

	for (int i = 0; i < ROUND_MAX; i++) {
		n = recv(sock, &a.id, sizeof(a.id), MSG_DONTWAIT);
		if (n != (ssize_t)sizeof(a.id))
			return n == 0 ? -EPIPE : 0;
		if (ebt_cgroups_path(cg, a.id, a.path, sizeof(a.path)))
			a.path[0] = '\0';
		if (send(sock, &a, sizeof(a), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == EPIPE)
			return -EPIPE;
	}
	return 0;
}

int ebt_cgroups_ask(int sock, uint64_t id)
{
	struct iovec iov = { &id, sizeof(id) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	/* Use sendmsg and recvmsg, because the view's system call filter does not allow send and
	 * recv. */
	return sendmsg(sock, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int ebt_cgroups_answer(int sock, struct ebt_cgroup_answer *out)
{
	struct pollfd fd = { .fd = sock, .events = POLLIN };
	struct iovec iov = { out, sizeof(*out) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (poll(&fd, 1, ASK_TIMEOUT_MS) != 1)
		return -ETIMEDOUT;
	if (recvmsg(sock, &msg, MSG_DONTWAIT) != (ssize_t)sizeof(*out))
		return -EPIPE;
	out->path[sizeof(out->path) - 1] = '\0';
	return 0;
}
