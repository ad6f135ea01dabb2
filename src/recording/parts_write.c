/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_write.c - write the current part, and switch to the next */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/output_place.h"
#include "recording/file_format.h"
#include "recording/parts.h"
#include "recording/parts_names.h"

#define OPEN_TRIES 10

struct ebt_parts_writer {
	struct ebt_parts_options options;
	struct ebt_output_place place; /* of the newest part */
	int fd;
	struct ebt_file_writer *file;
	uint8_t id[16];
	uint32_t part;
	uint64_t closed_bytes; /* bytes of the parts before */
	/* bytes of the frames that this part begins with, which do not count towards its size */
	uint64_t head_bytes;
	/* The frames that a new part begins with. */
	struct ebt_buf meta, clock, start, status;
	struct ebt_parts_names names;
};

static void name_of(const struct ebt_parts_writer *w, unsigned n, char out[NAME_MAX + 16])
{
	if (n)
		snprintf(out, NAME_MAX + 16, "%s.%u", w->place.name, n);
	else
		snprintf(out, NAME_MAX + 16, "%s", w->place.name);
}

/* Return whether the existing file may be overwritten: it is empty, or a recording. A device or a
 * pipe is always accepted. */
static bool may_replace(int fd)
{
	struct stat st;
	char magic[8];

	if (fstat(fd, &st))
		return false;
	return !S_ISREG(st.st_mode) || st.st_size == 0 ||
	       (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
		memcmp(magic, EBT_FILE_MAGIC, sizeof(magic)) == 0);
}

/* Lock the file for as long as it is open. Return -EBUSY if another process has locked it.
 * Filesystems without locks are accepted. */
static int parts_lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK ? -EBUSY : 0;
}

/* Open and lock the file. Return 1 if another process renamed it meanwhile by its rotation, so that
 * the open file is a part of that process. */
static int try_open(struct ebt_parts_writer *w)
{
	struct stat st, named;
	int err;

	/* Do not use O_TRUNC, and open for reading as well, because the contents must be checked
	 * first. */
	w->fd = openat(w->place.dir, w->place.name, O_RDWR | O_CREAT | ebt_output_flags(&w->place),
		       0600);
	err = -errno;
	if (w->fd < 0 && (err == -EACCES || err == -EINVAL || err == -ENXIO))
		w->fd = openat(w->place.dir, w->place.name, O_WRONLY | ebt_output_flags(&w->place));
	if (w->fd < 0)
		return err;
	if (fstat(w->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return 0;
	err = parts_lock(w->fd);
	if (err)
		return err;
	if (fstatat(w->place.dir, w->place.name, &named, 0))
		return errno == ENOENT ? 1 : -errno;
	return named.st_dev != st.st_dev || named.st_ino != st.st_ino;
}

static int open_part(struct ebt_parts_writer *w)
{
	struct timespec now;
	struct stat st;
	int err, tries = 0;

	while ((err = try_open(w)) == 1 && tries++ < OPEN_TRIES)
		ebt_cleanup_close(&w->fd);
	if (err)
		return err > 0 ? -EBUSY : err;
	if (!may_replace(w->fd))
		return -EEXIST;
	if (fstat(w->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (ftruncate(w->fd, 0) || fchmod(w->fd, 0600)))
		return -errno;
	clock_gettime(CLOCK_REALTIME, &now);
	err = ebt_file_writer_new(&w->file, w->fd, w->options.abi, w->part, w->id,
				  (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec);
	return err;
}

int ebt_parts_writer_new(struct ebt_parts_writer **out, const struct ebt_parts_options *options,
			 char *why, size_t why_len)
{
	struct ebt_parts_writer *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->options = *options;
	w->place.dir = w->fd = -1;
	if (!w->options.count || w->options.count > EBT_PARTS_MAX)
		w->options.count = EBT_PARTS_MAX;
	if (getrandom(w->id, sizeof(w->id), 0) != sizeof(w->id))
		memset(w->id, 0, sizeof(w->id));
	err = ebt_output_find(&w->place, options->path, why, why_len);
	if (err) {
		ebt_parts_writer_free(&w);
		return err;
	}
	err = open_part(w);
	if (err) {
		if (err == -EEXIST)
			snprintf(why, why_len,
				 "%s exists and is not a recording: it stays as it is",
				 options->path);
		else if (err == -EBUSY)
			snprintf(why, why_len,
				 "cannot write %s: it is being written by another process; give -w "
				 "another name",
				 options->path);
		else
			snprintf(why, why_len, "cannot write %s: %s", options->path,
				 strerror(-err));
		ebt_parts_writer_free(&w);
		return err;
	}
	*out = w;
	return 0;
}

void ebt_parts_writer_free(struct ebt_parts_writer **wp)
{
	struct ebt_parts_writer *w = *wp;

	if (!w)
		return;
	ebt_file_writer_free(&w->file);
	ebt_cleanup_close(&w->fd);
	ebt_output_close(&w->place);
	ebt_buf_free(&w->meta);
	ebt_buf_free(&w->clock);
	ebt_buf_free(&w->start);
	ebt_buf_free(&w->status);
	ebt_parts_names_deinit(&w->names);
	free(w);
	*wp = NULL;
}

/* Keep a frame that later parts begin with. */
static void parts_remember(struct ebt_parts_writer *w, const struct ebt_frame *f)
{
	struct ebt_bytes data = { f->data, f->len };
	struct ebt_buf *keep;

	switch (f->kind) {
	case EBT_FRAME_META:
		keep = &w->meta;
		break;
	case EBT_FRAME_CLOCK:
		keep = &w->clock;
		break;
	case EBT_FRAME_START:
		keep = &w->start;
		break;
	case EBT_FRAME_STATUS:
		keep = &w->status;
		break;
	case EBT_FRAME_USER:
	case EBT_FRAME_CGROUP:
		ebt_parts_names_add(&w->names, f);
		return;
	default:
		return;
	}
	ebt_buf_reset(keep);
	ebt_frame_append(keep, f->kind, &data, 1);
	keep->error = 0;
}

static int parts_replay(struct ebt_parts_writer *w, const struct ebt_buf *frames)
{
	const char *at = frames->data, *end = frames->data + frames->len;
	struct ebt_frame f;
	int err = 0;

	while (!err && at && ebt_frame_next(&at, end, &f) == 1)
		err = ebt_file_writer_frame(w->file, &f, 0);
	return err;
}

/* Write the counters so far with a mark that the part before has reported these losses. */
static int replay_status(struct ebt_parts_writer *w)
{
	struct ebt_frame_status *status;
	struct ebt_frame_hdr hdr;

	if (w->status.len < sizeof(hdr) + sizeof(*status))
		return 0;
	status = (struct ebt_frame_status *)(w->status.data + sizeof(hdr));
	status->flags |= EBT_STATUS_BASE;
	return parts_replay(w, &w->status);
}

/* Return 0 if the file does not exist and 1 if it does; otherwise this is not known, and nothing
 * may be overwritten. */
static int is_there(const struct ebt_parts_writer *w, const char *name)
{
	struct stat st;

	if (fstatat(w->place.dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT ? 0 : -errno;
}

/* Check that an older file may be removed: it must be a recording that no process is writing.
 * Return 0, -EEXIST, -EBUSY or another -errno. */
static int may_go(const struct ebt_parts_writer *w, const char *name)
{
	_cleanup_close_ int fd = -1;
	struct stat st;
	int there = is_there(w, name);

	if (there <= 0)
		return there;
	fd = openat(w->place.dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		return -errno;
	return S_ISREG(st.st_mode) && may_replace(fd) ? parts_lock(fd) : -EEXIST;
}

/* Rename every part to the next higher number, which frees FILE. */
static int move_up(struct ebt_parts_writer *w)
{
	char from[NAME_MAX + 16], to[NAME_MAX + 16];
	unsigned last = 1;
	int err;

	if (w->options.count == 1)
		return 0;
	/* Find the free number after the last part; if there is none, remove the oldest. */
	for (; last + 1 < w->options.count; last++) {
		name_of(w, last, to);
		err = is_there(w, to);
		if (err < 0)
			return err;
		if (!err)
			break;
	}
	name_of(w, last, to);
	err = may_go(w, to);
	for (unsigned n = last; !err && n > 0; n--) {
		name_of(w, n - 1, from);
		name_of(w, n, to);
		if (renameat(w->place.dir, from, w->place.dir, to) && errno != ENOENT)
			err = -errno;
	}
	return err;
}

static int parts_rotate(struct ebt_parts_writer *w)
{
	int err = ebt_file_writer_flush(w->file);

	if (!err)
		err = move_up(w);
	if (err)
		return err;
	w->closed_bytes += ebt_file_writer_bytes(w->file);
	ebt_file_writer_free(&w->file);
	ebt_cleanup_close(&w->fd);
	w->fd = -1;
	w->part++;
	err = open_part(w);
	if (!err)
		err = parts_replay(w, &w->meta);
	if (!err)
		err = parts_replay(w, &w->clock);
	if (!err)
		err = parts_replay(w, &w->start);
	if (!err)
		err = ebt_parts_names_write(&w->names, w->file);
	if (!err)
		err = replay_status(w);
	/* Write them in blocks of their own, so that their size is known. */
	if (!err)
		err = ebt_file_writer_flush(w->file);
	if (!err)
		w->head_bytes = ebt_file_writer_bytes(w->file);
	return err;
}

/* Compare the size without the head: names can take more than the limit and would leave no room for
 * anything else. A new part only begins when there is something to write into it; an end frame is
 * not enough. */
static bool next_part_is_due(const struct ebt_parts_writer *w, const struct ebt_frame *f)
{
	return w->options.rotate_bytes && f->kind != EBT_FRAME_END &&
	       ebt_file_writer_bytes(w->file) - w->head_bytes >= w->options.rotate_bytes;
}

int ebt_parts_writer_frame(struct ebt_parts_writer *w, const struct ebt_frame *f, uint64_t mono_ns)
{
	int err = next_part_is_due(w, f) ? parts_rotate(w) : 0;

	if (err)
		return err;
	if (w->options.rotate_bytes)
		parts_remember(w, f);
	return ebt_file_writer_frame(w->file, f, mono_ns);
}

int ebt_parts_writer_flush(struct ebt_parts_writer *w)
{
	return ebt_file_writer_flush(w->file);
}

uint64_t ebt_parts_writer_bytes(const struct ebt_parts_writer *w)
{
	return w->closed_bytes + (w->file ? ebt_file_writer_bytes(w->file) : 0);
}
