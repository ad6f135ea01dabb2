/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_target.c - find, lock and replace the file that a recording is written to */
#include "recording/parts_target.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "recording/parts_internal.h"

#define TARGET_TRIES	   10
#define TARGET_LOOK_MS	   50
#define TARGET_PATIENCE_NS 10000000000ull /* for somebody who reads a FIFO */

/* Open and lock FILE. Return 1 if another process renamed it meanwhile by its rotation, so that the
 * open file is a part of that process. */
static int target_try_open(struct ebt_parts_target *t)
{
	int flags = ebt_output_flags(&t->place);
	struct stat st, named;
	int err;

	t->reserved = openat(t->place.dir, t->place.name, O_RDWR | flags);
	if (t->reserved < 0 && errno == ENOENT) {
		t->reserved = openat(t->place.dir, t->place.name, O_RDWR | O_CREAT | O_EXCL | flags,
				     0600);
		t->made = t->reserved >= 0;
	}
	if (t->reserved < 0)
		return errno == EEXIST ? 1 : -errno;
	if (fstat(t->reserved, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	err = ebt_parts_lock(t->reserved);
	if (err)
		return err;
	if (fstatat(t->place.dir, t->place.name, &named, 0))
		return errno == ENOENT ? 1 : -errno;
	return named.st_dev != st.st_dev || named.st_ino != st.st_ino;
}

static int target_reserve(struct ebt_parts_target *t)
{
	struct stat st;
	int err, tries = 0;

	while ((err = target_try_open(t)) == 1 && tries++ < TARGET_TRIES) {
		ebt_cleanup_close(&t->reserved);
		t->reserved = -1;
	}
	if (err)
		return err > 0 ? -EBUSY : err;
	if (!ebt_parts_is_recording(t->reserved))
		return -EEXIST;
	/* With parts, an earlier recording is kept as one of them. */
	t->moves = ebt_parts_rotates(t->options) && fstat(t->reserved, &st) == 0 && st.st_size > 0;
	return 0;
}

/* Return true if nobody wants the recording any more. */
static bool target_is_unwanted(const struct ebt_parts_target *t)
{
	struct pollfd p = { .fd = t->options->wanted_fd };

	if (t->options->wanted_fd <= 0)
		p.fd = -1;
	poll(&p, 1, TARGET_LOOK_MS);
	return p.revents & (POLLHUP | POLLERR);
}

/* Open a device or a FIFO for writing only: a process that has a FIFO open for reading too is never
 * told that the other reader has gone. */
static int target_open_as_it_is(struct ebt_parts_target *t)
{
	uint64_t end_ns = ebt_mono_ns() + TARGET_PATIENCE_NS;
	int flags = O_WRONLY | O_NONBLOCK | O_APPEND | ebt_output_flags(&t->place);

	while ((t->fd = openat(t->place.dir, t->place.name, flags)) < 0) {
		if (errno != ENXIO || ebt_mono_ns() > end_ns || target_is_unwanted(t))
			return -errno;
	}
	return fcntl(t->fd, F_SETFL, O_APPEND) ? -errno : 0;
}

static int target_find(struct ebt_parts_target *t, char *why, size_t why_len)
{
	int err = ebt_output_find(&t->place, t->options->path, why, why_len);
	struct stat st;

	if (err)
		return err;
	if (fstatat(t->place.dir, t->place.name, &st, 0) == 0)
		t->as_it_is = !S_ISREG(st.st_mode) || t->place.is_open_file;
	if (t->as_it_is && S_ISDIR(st.st_mode))
		return -EISDIR;
	if (t->as_it_is && ebt_parts_rotates(t->options))
		return -ENOTSUP;
	return t->as_it_is ? target_open_as_it_is(t) : target_reserve(t);
}

static void target_explain(const struct ebt_parts_target *t, int err, char *why, size_t why_len)
{
	const char *path = t->options->path;

	if (err == -EEXIST)
		snprintf(why, why_len, "%s exists and is not a recording: it stays as it is", path);
	else if (err == -EBUSY)
		snprintf(why, why_len,
			 "cannot write %s: it is being written by another process; give -w another "
			 "name",
			 path);
	else if (err == -ENOTSUP)
		snprintf(why, why_len,
			 "cannot write %s: --rotate renames the file, and this is not a regular "
			 "file with a name; leave --rotate out",
			 path);
	else if (err == -ENXIO)
		snprintf(why, why_len, "cannot write %s: nobody reads it; start its reader first",
			 path);
	else
		snprintf(why, why_len, "cannot write %s: %s", path, strerror(-err));
}

int ebt_parts_target_open(struct ebt_parts_target *t, const struct ebt_parts_options *options,
			  char *why, size_t why_len)
{
	int err = 0;

	*t = (struct ebt_parts_target){
		.options = options, .place.dir = -1, .reserved = -1, .fd = -1, .temp.fd = -1
	};
	why[0] = '\0';
	if (options->fd <= 0)
		err = target_find(t, why, why_len);
	else if (ebt_parts_rotates(options))
		err = -ENOTSUP;
	else
		t->fd = options->fd;
	t->fd_is_lent = options->fd > 0;
	t->as_it_is |= t->fd_is_lent;
	if (err && !why[0])
		target_explain(t, err, why, why_len);
	if (!err && !t->as_it_is)
		ebt_replace_clean(t->place.dir, t->place.name);
	return err;
}

/* Remove the file that was made to reserve the name. */
static void target_unreserve(struct ebt_parts_target *t)
{
	struct stat st, named;

	if (t->reserved >= 0 && t->made && fstat(t->reserved, &st) == 0 && st.st_size == 0 &&
	    fstatat(t->place.dir, t->place.name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	    named.st_dev == st.st_dev && named.st_ino == st.st_ino)
		unlinkat(t->place.dir, t->place.name, 0);
	ebt_cleanup_close(&t->reserved);
	t->reserved = -1;
}

void ebt_parts_target_close(struct ebt_parts_target *t)
{
	if (t->temp.fd >= 0)
		ebt_replace_abort(&t->temp);
	else if (t->fd >= 0 && !t->fd_is_lent && t->fd != t->reserved)
		close(t->fd);
	t->fd = -1;
	target_unreserve(t);
	ebt_output_close(&t->place);
}

/* Return whether the new file could not take the place of the one that is there: in a directory as
 * /tmp only the owners of both may rename. */
static bool target_is_sticky(const struct ebt_parts_target *t)
{
	struct stat dir, file;

	return t->reserved >= 0 && fstat(t->place.dir, &dir) == 0 && dir.st_mode & S_ISVTX &&
	       dir.st_uid != geteuid() && fstat(t->reserved, &file) == 0 &&
	       file.st_uid != geteuid();
}

int ebt_parts_target_begin(struct ebt_parts_target *t)
{
	const struct ebt_replace_options options = { .mode = 0600,
						     .flags = EBT_REPLACE_EXACT_MODE |
							      EBT_REPLACE_UNLINK |
							      EBT_REPLACE_SYNC |
							      EBT_REPLACE_SYNC_DIR };
	int err = -EPERM;

	if (t->as_it_is)
		return 0;
	if (t->fd >= 0)
		t->reserved = t->fd; /* it stays locked until the next part has its place */
	if (!target_is_sticky(t))
		err = ebt_replace_begin(&t->temp, t->place.dir, t->place.name, &options);
	if (!err) {
		t->fd = t->temp.fd;
		return 0;
	}
	/* Somebody else's directory allows no new file, but the file that is there may be writable. */
	if (t->moves || (err != -EACCES && err != -EPERM && err != -ENAMETOOLONG))
		return err;
	t->in_place = true;
	t->fd = t->reserved;
	return fchmod(t->fd, 0600) && errno != EPERM ? -errno : 0;
}

int ebt_parts_target_commit(struct ebt_parts_target *t)
{
	int err = 0, fd = -1;

	if (t->temp.fd < 0)
		return 0;
	if (t->moves)
		err = ebt_parts_move_up(t);
	if (err)
		return err;
	/* The part has its place even if only its directory could not be written to the disk. */
	err = ebt_replace_commit_open(&t->temp, &fd);
	t->fd = fd;
	if (fd < 0)
		return err;
	t->moves = ebt_parts_rotates(t->options);
	ebt_cleanup_close(&t->reserved);
	t->reserved = -1;
	ebt_parts_target_drop_old(t);
	return 0;
}

bool ebt_parts_target_removed(const struct ebt_parts_target *t)
{
	struct stat st;

	return t->fd >= 0 && !t->as_it_is && t->temp.fd < 0 && fstat(t->fd, &st) == 0 &&
	       st.st_nlink == 0;
}

int ebt_parts_target_sync(const struct ebt_parts_target *t)
{
	if (t->fd < 0 || t->as_it_is)
		return 0;
	return fdatasync(t->fd) ? -errno : 0;
}
