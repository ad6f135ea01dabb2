/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_rotate.c - rename the parts of a recording, and remove those that are not kept */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "recording/file_format.h"
#include "recording/parts_internal.h"

/* Bytes for the name of a part. */
#define ROTATE_NAME_MAX (NAME_MAX + 16)

static void rotate_name(const struct ebt_parts_target *t, unsigned n, char out[ROTATE_NAME_MAX])
{
	if (n)
		snprintf(out, ROTATE_NAME_MAX, "%s.%u", t->place.name, n);
	else
		snprintf(out, ROTATE_NAME_MAX, "%s", t->place.name);
}

static unsigned rotate_count(const struct ebt_parts_target *t)
{
	unsigned count = t->options->count;

	return count && count < EBT_PARTS_MAX ? count : EBT_PARTS_MAX;
}

int ebt_parts_lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK ? -EBUSY : 0;
}

/* A recording with a damaged header is one nevertheless, by the magic of the block behind it. */
bool ebt_parts_is_recording(int fd)
{
	char magic[8];
	struct stat st;

	if (fstat(fd, &st))
		return false;
	if (st.st_size == 0)
		return true;
	return (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
		memcmp(magic, EBT_FILE_MAGIC, sizeof(magic)) == 0) ||
	       (pread(fd, magic, sizeof(magic), sizeof(struct ebt_file_hdr)) == sizeof(magic) &&
		memcmp(magic, EBT_BLOCK_MAGIC, sizeof(magic)) == 0);
}

/* Return 0 if the file does not exist and 1 if it does; otherwise this is not known, and nothing
 * may be overwritten. */
static int rotate_is_there(const struct ebt_parts_target *t, const char *name, struct stat *st)
{
	if (fstatat(t->place.dir, name, st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT ? 0 : -errno;
}

/* Check that an older file may be removed: it must be a recording that no process is writing.
 * Return 0, -EEXIST, -EBUSY or another -errno. */
static int rotate_may_go(const struct ebt_parts_target *t, const char *name)
{
	_cleanup_close_ int fd = -1;
	struct stat st;
	int there = rotate_is_there(t, name, &st);

	if (there <= 0)
		return there;
	fd = openat(t->place.dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		return -errno;
	return S_ISREG(st.st_mode) && ebt_parts_is_recording(fd) ? ebt_parts_lock(fd) : -EEXIST;
}

int ebt_parts_move_up(const struct ebt_parts_target *t)
{
	char from[ROTATE_NAME_MAX], to[ROTATE_NAME_MAX];
	unsigned last = 1, count = rotate_count(t);
	struct stat st;
	int err;

	if (count == 1)
		return 0;
	/* Find the free number after the last part; if there is none, remove the oldest. */
	for (; last + 1 < count; last++) {
		rotate_name(t, last, to);
		err = rotate_is_there(t, to, &st);
		if (err < 0)
			return err;
		if (!err)
			break;
	}
	rotate_name(t, last, to);
	err = rotate_may_go(t, to);
	for (unsigned n = last; !err && n > 0; n--) {
		rotate_name(t, n - 1, from);
		rotate_name(t, n, to);
		if (renameat(t->place.dir, from, t->place.dir, to) && errno != ENOENT)
			err = -errno;
	}
	return err;
}

/* Return how many parts stand before FILE, without a gap in their numbers, and add up their bytes. */
static unsigned rotate_older(const struct ebt_parts_target *t, uint64_t *bytes)
{
	char name[ROTATE_NAME_MAX];
	unsigned n = 0;
	struct stat st;

	*bytes = 0;
	for (; n + 1 < EBT_PARTS_MAX; n++) {
		rotate_name(t, n + 1, name);
		if (rotate_is_there(t, name, &st) != 1)
			break;
		*bytes += (uint64_t)st.st_size;
	}
	return n;
}

static bool rotate_is_too_old(const struct ebt_parts_target *t, const struct stat *st)
{
	uint64_t changed_ns =
		(uint64_t)st->st_mtim.tv_sec * 1000000000u + (uint64_t)st->st_mtim.tv_nsec;
	uint64_t now_ns = ebt_clock_ns(CLOCK_REALTIME);

	return t->options->keep_ns && now_ns > changed_ns &&
	       now_ns - changed_ns > t->options->keep_ns;
}

/* What is no recording stays, and so does everything that is newer. */
void ebt_parts_target_drop_old(const struct ebt_parts_target *t)
{
	const struct ebt_parts_options *o = t->options;
	char name[ROTATE_NAME_MAX];
	uint64_t bytes = 0;
	struct stat st;

	if (!o->keep_bytes && !o->keep_ns)
		return;
	for (unsigned n = rotate_older(t, &bytes); n > 0; n--) {
		rotate_name(t, n, name);
		if (rotate_is_there(t, name, &st) != 1)
			return;
		if (!rotate_is_too_old(t, &st) && (!o->keep_bytes || bytes <= o->keep_bytes))
			return;
		if (rotate_may_go(t, name) || unlinkat(t->place.dir, name, 0))
			return;
		bytes -= (uint64_t)st.st_size;
	}
}
