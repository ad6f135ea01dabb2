/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_read.c - the parts of a recording as one stream. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "transport/parts.h"

struct ebt_parts_reader {
	struct ebt_file_reader **files; /* oldest first */
	size_t count, at;
};

static int open_file(struct ebt_file_reader **out, const char *path, uint32_t abi)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err;

	if (fd < 0)
		return -errno;
	if (lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -ESPIPE;
	}
	err = ebt_file_reader_new(out, fd, abi);
	if (err)
		close(fd);
	return err;
}

static const char *words(int err)
{
	switch (err) {
	case -EBADMSG:
		return "not a recording of execbig-top";
	case -EPROTONOSUPPORT:
		return "recorded by another version of execbig-top, or on a machine of another "
		       "kind";
	case -ENODATA:
		return "the file is empty";
	case -ESPIPE:
		return "it must be a file, not a pipe";
	default:
		return strerror(-err);
	}
}

static int by_part(const void *a, const void *b)
{
	uint32_t x = ebt_file_reader_header(*(struct ebt_file_reader *const *)a)->part;
	uint32_t y = ebt_file_reader_header(*(struct ebt_file_reader *const *)b)->part;

	return x < y ? -1 : x > y;
}

/* FILE.1, FILE.2, …: as far as they are there and of the same recording. */
static int add_older(struct ebt_parts_reader *r, const char *path, uint32_t abi)
{
	const struct ebt_file_hdr *newest = ebt_file_reader_header(r->files[0]);

	for (unsigned n = 1; n < EBT_PARTS_MAX && newest->part > 0; n++) {
		struct ebt_file_reader *file = NULL, **more;
		char name[PATH_MAX];
		int err;

		snprintf(name, sizeof(name), "%s.%u", path, n);
		err = open_file(&file, name, abi);
		if (err == -ENOENT || err == -EBADMSG || err == -ENODATA)
			break;
		if (err)
			return err;
		if (memcmp(ebt_file_reader_header(file)->id, newest->id, sizeof(newest->id)) != 0) {
			ebt_file_reader_free(&file);
			break;
		}
		more = reallocarray(r->files, r->count + 1, sizeof(struct ebt_file_reader *));
		if (!more) {
			ebt_file_reader_free(&file);
			return -ENOMEM;
		}
		r->files = more;
		r->files[r->count++] = file;
	}
	qsort(r->files, r->count, sizeof(struct ebt_file_reader *), by_part);
	return 0;
}

int ebt_parts_reader_new(struct ebt_parts_reader **out, const char *path, uint32_t abi, char *why,
			 size_t why_len)
{
	struct ebt_parts_reader *r = calloc(1, sizeof(*r));
	int err = -ENOMEM;

	if (r)
		r->files = calloc(1, sizeof(struct ebt_file_reader *));
	if (r && r->files)
		err = open_file(&r->files[0], path, abi);
	if (!err) {
		r->count = 1;
		err = add_older(r, path, abi);
	}
	if (err) {
		snprintf(why, why_len, "cannot read %s: %s", path, words(err));
		ebt_parts_reader_free(&r);
		return err;
	}
	*out = r;
	return 0;
}

void ebt_parts_reader_free(struct ebt_parts_reader **rp)
{
	struct ebt_parts_reader *r = *rp;

	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		ebt_file_reader_free(&r->files[i]);
	free(r->files);
	free(r);
	*rp = NULL;
}

int ebt_parts_reader_next(struct ebt_parts_reader *r, struct ebt_frame *frame)
{
	for (;;) {
		int got = ebt_file_reader_next(r->files[r->at], frame);

		if (got != 0 || r->at + 1 == r->count)
			return got;
		r->at++;
	}
}

void ebt_parts_reader_rewind(struct ebt_parts_reader *r)
{
	for (size_t i = 0; i < r->count; i++)
		ebt_file_reader_rewind(r->files[i]);
	r->at = 0;
}

struct ebt_file_damage ebt_parts_reader_damage(const struct ebt_parts_reader *r)
{
	struct ebt_file_damage all = { 0 };

	for (size_t i = 0; i < r->count; i++) {
		struct ebt_file_damage one = ebt_file_reader_damage(r->files[i]);

		all.bytes += one.bytes;
		all.places += one.places;
		all.tail = one.tail;
	}
	return all;
}

uint64_t ebt_parts_reader_offset(const struct ebt_parts_reader *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= r->at; i++)
		sum += ebt_file_reader_offset(r->files[i]);
	return sum;
}

uint64_t ebt_parts_reader_size(const struct ebt_parts_reader *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->count; i++)
		sum += ebt_file_reader_size(r->files[i]);
	return sum;
}

unsigned ebt_parts_reader_count(const struct ebt_parts_reader *r)
{
	return (unsigned)r->count;
}

uint32_t ebt_parts_reader_first(const struct ebt_parts_reader *r)
{
	return ebt_file_reader_header(r->files[0])->part;
}

bool ebt_parts_reader_span(struct ebt_parts_reader *r, uint64_t *first_ns, uint64_t *last_ns)
{
	uint64_t first, last;

	*first_ns = *last_ns = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (!ebt_file_reader_span(r->files[i], &first, &last))
			continue;
		if (!*first_ns)
			*first_ns = first;
		if (last > *last_ns)
			*last_ns = last;
	}
	return *first_ns != 0;
}
