/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/inherited.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"

/* Without /proc, descriptors up to here are tried one by one. */
#define INHERITED_TRIED_MAX 65536u

static bool inherited_number(const char *text, int *fd)
{
	uint64_t value;

	if (!ebt_number_digits(text, strlen(text), &value) || value > INT32_MAX)
		return false;
	*fd = (int)value;
	return true;
}

static int inherited_add(struct ebt_inherited *in, int fd)
{
	int flags = fcntl(fd, F_GETFD);
	int *fds;

	if (flags < 0)
		return 0;
	/* The list grows at powers of two. */
	if ((in->count & (in->count - 1)) == 0) {
		fds = realloc(in->fds, (in->count ? in->count * 2 : 1) * sizeof(*fds));
		if (!fds)
			return -ENOMEM;
		in->fds = fds;
	}
	in->fds[in->count++] = fd;
	fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
	return 0;
}

/* Return -ENOENT if /proc cannot tell. */
static int inherited_from_proc(struct ebt_inherited *in)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int fd, err = 0;

	if (!dir)
		return -ENOENT;
	while (!err && (entry = readdir(dir))) {
		if (inherited_number(entry->d_name, &fd) && fd > 2 && fd != dirfd(dir))
			err = inherited_add(in, fd);
	}
	closedir(dir);
	return err;
}

static int inherited_by_trying(struct ebt_inherited *in)
{
	struct rlimit limit = { INHERITED_TRIED_MAX, 0 };
	int err = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	for (unsigned fd = 3; !err && fd < limit.rlim_cur && fd < INHERITED_TRIED_MAX; fd++)
		err = inherited_add(in, (int)fd);
	return err;
}

static int inherited_compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int ebt_inherited_mark(struct ebt_inherited *in)
{
	int err = inherited_from_proc(in);

	if (err == -ENOENT)
		err = inherited_by_trying(in);
	if (err) {
		ebt_inherited_free(in);
		return err;
	}
	if (in->count)
		qsort(in->fds, in->count, sizeof(*in->fds), inherited_compare);
	return 0;
}

void ebt_inherited_free(struct ebt_inherited *in)
{
	free(in->fds);
	*in = (struct ebt_inherited){ 0 };
}

int ebt_inherited_named(const struct ebt_inherited *in, const char *path)
{
	static const char *const standard[] = { "/dev/stdin", "/dev/stdout", "/dev/stderr" };
	static const char *const places[] = { "/dev/fd/", "/proc/self/fd/" };
	int fd;

	for (int i = 0; path && i < 3; i++) {
		if (strcmp(path, standard[i]) == 0)
			return i;
	}
	for (unsigned i = 0; path && i < EBT_ARRAY_SIZE(places); i++) {
		if (strncmp(path, places[i], strlen(places[i])) != 0 ||
		    !inherited_number(path + strlen(places[i]), &fd))
			continue;
		return fd < 3 || (in->count &&
				  bsearch(&fd, in->fds, in->count, sizeof(fd), inherited_compare))
			       ? fd
			       : -1;
	}
	return -1;
}

int ebt_inherited_output(const struct ebt_inherited *in, const char *path)
{
	return path && strcmp(path, "-") == 0 ? STDOUT_FILENO : ebt_inherited_named(in, path);
}

int ebt_inherited_input(const struct ebt_inherited *in, const char *path)
{
	return path && strcmp(path, "-") == 0 ? STDIN_FILENO : ebt_inherited_named(in, path);
}
