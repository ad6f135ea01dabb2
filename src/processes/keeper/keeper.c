/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/keeper/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/replace_file.h"
#include "confine/sandbox.h"
#include "processes/keeper/describe_elf.h"
#include "ui/core/settings.h"

_Static_assert(EBT_KEEPER_DATA >= EBT_SETTINGS_MAX, "a request holds every settings file");

/* Only what reads as settings is written, and in our own words: a view that was taken over can put
 * nothing else into the user's file. */
static int save(const struct ebt_keeper_request *r, const char *path)
{
	struct ebt_settings settings;
	char err[128];

	if (!path)
		return -ENOENT;
	ebt_settings_default(&settings);
	if (ebt_settings_parse(&settings, (struct ebt_bytes){ r->data, r->len }, err, sizeof(err)))
		return -EINVAL;
	return ebt_settings_save(&settings, path);
}

/* Opened without effect first (no device is woken, no pipe waited for), then for reading. */
static int open_same(const char *path, int flags, const struct ebt_keeper_request *r)
{
	_cleanup_close_ int fd = open(path, O_PATH | O_CLOEXEC | flags);
	char self[64];
	struct stat st;
	int out;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_ino != r->ino || st.st_dev != makedev(r->dev >> 20, r->dev & 0xfffff))
		return -ESTALE;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	out = open(self, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return out < 0 ? -errno : out;
}

/* The process's own file while it runs and is ours to look at; else what has its name now. */
static int open_exe(const struct ebt_keeper_request *r)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/exe", r->pid);
	fd = open_same(path, 0, r);
	if (fd >= 0 || r->len == 0 || r->len >= sizeof(path))
		return fd;
	memcpy(path, r->data, r->len);
	path[r->len] = '\0';
	return path[0] == '/' ? open_same(path, O_NOFOLLOW, r) : -EINVAL;
}

static int describe(const struct ebt_keeper_request *r, char *text, size_t len)
{
	_cleanup_close_ int fd = open_exe(r);

	if (fd == -ESTALE)
		snprintf(text, len, "another file has this name now");
	else if (fd == -ENOENT)
		snprintf(text, len, "the file is gone");
	else if (fd == -EACCES || fd == -EPERM)
		snprintf(text, len, "not ours to look at");
	else if (fd < 0)
		snprintf(text, len, "cannot be looked at: %s", strerror(-fd));
	else
		ebt_keeper_describe_elf(fd, text, len);
	return fd < 0 ? fd : 0;
}

void ebt_keeper_handle(const struct ebt_keeper_request *r, size_t len, const char *settings,
		       struct ebt_keeper_answer *answer)
{
	*answer = (struct ebt_keeper_answer){ .error = -EBADMSG };
	if (len < EBT_KEEPER_HEAD || r->len > sizeof(r->data) || len != EBT_KEEPER_HEAD + r->len)
		return;
	answer->type = r->type;
	answer->number = r->number;
	if (r->type == EBT_KEEPER_SAVE)
		answer->error = save(r, settings);
	else if (r->type == EBT_KEEPER_DESCRIBE)
		answer->error = describe(r, answer->text, sizeof(answer->text));
}

_Noreturn void ebt_keeper_run(int sock, const char *settings, bool only_saves)
{
	struct ebt_keeper_request request;
	struct ebt_keeper_answer answer;
	char why[128];

	/* Before the filter, which does not let it read a directory. */
	if (settings)
		ebt_replace_clean(AT_FDCWD, settings);
	if (ebt_sandbox_seccomp_files(why, sizeof(why)))
		_exit(1);
	for (;;) {
		struct iovec iov = { &request, sizeof(request) };
		struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n = recvmsg(sock, &hdr, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0);
		if (only_saves && (size_t)n >= EBT_KEEPER_HEAD && request.type != EBT_KEEPER_SAVE)
			_exit(1);
		ebt_keeper_handle(&request, (size_t)n, settings, &answer);
		iov = (struct iovec){ &answer, sizeof(answer) };
		hdr = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
		if (sendmsg(sock, &hdr, MSG_NOSIGNAL) < 0)
			_exit(0);
	}
}
