/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/replace_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/number.h"

static int replace_temp_name(struct ebt_replacement *r)
{
	int n = r->options.suffix
			? snprintf(r->temp, sizeof(r->temp), "%s%s", r->name, r->options.suffix)
			: snprintf(r->temp, sizeof(r->temp), "%s.%d.tmp", r->name, (int)getpid());

	return n < (int)sizeof(r->temp) ? 0 : -ENAMETOOLONG;
}

int ebt_replace_begin(struct ebt_replacement *r, int dir, const char *name,
		      const struct ebt_replace_options *options)
{
	int err;

	r->dir = dir;
	r->name = name;
	r->options = *options;
	r->fd = -1;
	err = replace_temp_name(r);
	if (err)
		return err;
	if (options->flags & EBT_REPLACE_UNLINK)
		unlinkat(dir, r->temp, 0);
	r->fd = openat(dir, r->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		       options->mode);
	if (r->fd < 0)
		return -errno;
	/* The lock says to ebt_replace_clean of other processes that this file is in use. */
	flock(r->fd, LOCK_EX | LOCK_NB);
	if (options->flags & EBT_REPLACE_EXACT_MODE && fchmod(r->fd, options->mode)) {
		err = -errno;
		ebt_replace_abort(r);
	}
	return err;
}

/* Return whether entry is a temporary file's name, for base if that is not NULL. */
static bool replace_is_temp(const char *entry, const char *base)
{
	size_t len = strlen(entry), base_len;
	const char *pid;
	uint64_t number;

	if (len < 4 || strcmp(entry + len - 4, ".tmp") != 0)
		return false;
	len -= 4;
	pid = memrchr(entry, '.', len);
	if (!pid || !ebt_number_digits(pid + 1, (size_t)(entry + len - pid - 1), &number))
		return false;
	base_len = (size_t)(pid - entry);
	return !base || (strlen(base) == base_len && memcmp(entry, base, base_len) == 0);
}

static void replace_remove_unlocked(int dir, const char *entry)
{
	_cleanup_close_ int fd =
		openat(dir, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(dir, entry, 0);
}

void ebt_replace_clean(int dir, const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;
	const char *base = slash ? slash + 1 : name;
	_cleanup_closedir_ DIR *d = NULL;
	struct dirent *entry;
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%.*s", slash ? (int)(slash - name) + 1 : 1,
		 slash ? name : ".");
	fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (fd >= 0 && !d)
		close(fd);
	while (d && (entry = readdir(d))) {
		if (replace_is_temp(entry->d_name, base))
			replace_remove_unlocked(dirfd(d), entry->d_name);
	}
}

static int replace_sync_dir(const struct ebt_replacement *r)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];
	char *slash;

	snprintf(path, sizeof(path), "%s", r->name);
	slash = strrchr(path, '/');
	if (slash)
		slash[slash == path] = '\0';
	fd = openat(r->dir, slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fsync(fd) ? -errno : 0;
}

int ebt_replace_commit_open(struct ebt_replacement *r, int *fd)
{
	if ((r->options.flags & EBT_REPLACE_SYNC && fsync(r->fd)) ||
	    renameat(r->dir, r->temp, r->dir, r->name)) {
		int err = -errno;

		ebt_replace_abort(r);
		return err;
	}
	*fd = r->fd;
	r->fd = -1;
	return r->options.flags & EBT_REPLACE_SYNC_DIR ? replace_sync_dir(r) : 0;
}

int ebt_replace_commit(struct ebt_replacement *r)
{
	_cleanup_close_ int fd = -1;

	return ebt_replace_commit_open(r, &fd);
}

void ebt_replace_abort(struct ebt_replacement *r)
{
	close(r->fd);
	r->fd = -1;
	unlinkat(r->dir, r->temp, 0);
}

int ebt_replace_file(int dir, const char *name, struct ebt_bytes data,
		     const struct ebt_replace_options *options)
{
	struct ebt_replacement r = { .fd = -1 };
	int err = ebt_replace_begin(&r, dir, name, options);

	if (err)
		return err;
	err = ebt_write_all(r.fd, data.data, data.len);
	if (err) {
		ebt_replace_abort(&r);
		return err;
	}
	return ebt_replace_commit(&r);
}
