/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_read.c - read the parts of a recording as one stream */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "recording/parts.h"

/* All parts are opened at the start, because the sandbox allows no opening later. Leave this many
 * descriptors for other files. */
#define SPARE_FILES 16
#define OPEN_MAX    (EBT_PARTS_MAX + 4 * SPARE_FILES)

struct part {
	struct ebt_file_reader *file;
	uint32_t number; /* from its header, or from its position if the header is damaged */
};

struct ebt_parts_reader {
	struct part *parts; /* oldest first */
	size_t count, at;
	struct ebt_file_damage before; /* damage in the parts before `at`, and between them */
	uint64_t places_seen;
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

static rlim_t files_allowed(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) ? RLIM_INFINITY : limit.rlim_cur;
}

/* Raise the soft limit of open files towards the hard limit, as far as parts can need it. */
static void allow_more_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= OPEN_MAX)
		return;
	limit.rlim_cur = limit.rlim_max < OPEN_MAX ? limit.rlim_max : OPEN_MAX;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Ensure that one more part can be opened besides the files of others. */
static int make_room(const struct ebt_parts_reader *r)
{
	rlim_t wanted = r->count + 1 + SPARE_FILES;

	if (wanted <= files_allowed())
		return 0;
	allow_more_files();
	return wanted <= files_allowed() ? 0 : -EMFILE;
}

const char *ebt_parts_reader_words(int err)
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

/* Return whether the header is known; it was cleared if its checksum was wrong, but the data after
 * it can be read. */
static bool header_known(const struct ebt_file_hdr *hdr)
{
	return hdr->version != 0;
}

/* Add a part; the array is sorted from newest to oldest for now. */
static int add_part(struct ebt_parts_reader *r, struct ebt_file_reader *file)
{
	const struct ebt_file_hdr *hdr = ebt_file_reader_header(file);
	struct part *more = reallocarray(r->parts, r->count + 1, sizeof(*more));
	const struct part *newer;

	if (!more)
		return -ENOMEM;
	newer = r->count ? &more[r->count - 1] : NULL;
	r->parts = more;
	r->parts[r->count++] = (struct part){
		.file = file,
		.number = header_known(hdr)	   ? hdr->part
			  : newer && newer->number ? newer->number - 1
						   : 0,
	};
	return 0;
}

/* Return whether the part belongs to the same recording as those found before, and is older. */
static bool parts_belongs(const struct ebt_parts_reader *r, const struct ebt_file_hdr *hdr)
{
	const struct part *newer = &r->parts[r->count - 1];

	if (!header_known(hdr))
		return true;
	for (size_t i = 0; i < r->count; i++) {
		const struct ebt_file_hdr *other = ebt_file_reader_header(r->parts[i].file);

		if (header_known(other))
			return memcmp(hdr->id, other->id, sizeof(hdr->id)) == 0 &&
			       hdr->part < newer->number;
	}
	return true;
}

/* Add FILE.1, FILE.2, … as far as they exist and belong to the same recording. Skip one that cannot
 * be read: the numbers of the others reveal the gap. */
static int add_older(struct ebt_parts_reader *r, const char *path, uint32_t abi)
{
	const struct ebt_file_hdr *newest = ebt_file_reader_header(r->parts[0].file);
	int err = 0;

	unsigned last = EBT_PARTS_MAX - 1;

	/* FILE.N is at least N parts older than FILE; one between others may have been removed. */
	if (header_known(newest) && newest->part < last)
		last = newest->part;
	for (unsigned n = 1; !err && n <= last; n++) {
		struct ebt_file_reader *file = NULL;
		char name[PATH_MAX];

		snprintf(name, sizeof(name), "%s.%u", path, n);
		err = open_file(&file, name, abi);
		if (err == -EMFILE) {
			allow_more_files();
			err = open_file(&file, name, abi);
		}
		if (err == -EBADMSG || err == -ENODATA || err == -EACCES || err == -EISDIR ||
		    (err == -ENOENT && header_known(newest))) {
			err = 0;
			continue;
		}
		/* A file of another version is a leftover of an earlier recording of that name. */
		if (err == -ENOENT || err == -EPROTONOSUPPORT)
			return 0;
		if (!err && !parts_belongs(r, ebt_file_reader_header(file))) {
			ebt_file_reader_free(&file);
			return 0;
		}
		if (!err)
			err = make_room(r);
		if (!err)
			err = add_part(r, file);
		if (err)
			ebt_file_reader_free(&file);
	}
	return err;
}

static void oldest_first(struct ebt_parts_reader *r)
{
	for (size_t i = 0; i < r->count / 2; i++) {
		struct part swap = r->parts[i];

		r->parts[i] = r->parts[r->count - 1 - i];
		r->parts[r->count - 1 - i] = swap;
	}
	/* If the header of the newest part was damaged, derive its number from its neighbour. */
	for (size_t i = 1; i < r->count; i++)
		if (r->parts[i].number <= r->parts[i - 1].number)
			r->parts[i].number = r->parts[i - 1].number + 1;
}

int ebt_parts_reader_new_fd(struct ebt_parts_reader **out, int fd, uint32_t abi)
{
	struct ebt_parts_reader *r = calloc(1, sizeof(*r));
	struct ebt_file_reader *file = NULL;
	int err = r ? ebt_file_reader_new(&file, fd, abi) : -ENOMEM;

	if (err)
		close(fd);
	else
		err = add_part(r, file);
	if (err) {
		ebt_file_reader_free(&file);
		ebt_parts_reader_free(&r);
		return err;
	}
	*out = r;
	return 0;
}

int ebt_parts_reader_new(struct ebt_parts_reader **out, const char *path, uint32_t abi, char *why,
			 size_t why_len)
{
	struct ebt_parts_reader *r = calloc(1, sizeof(*r));
	struct ebt_file_reader *file = NULL;
	int err = r ? open_file(&file, path, abi) : -ENOMEM;

	if (!err)
		err = add_part(r, file);
	if (err)
		ebt_file_reader_free(&file);
	else
		err = add_older(r, path, abi);
	if (err == -EMFILE && r->count)
		snprintf(why, why_len,
			 "cannot read %s: its parts are too many for the %llu files that may be "
			 "open here; allow more (ulimit -n %d is enough for any recording)",
			 path, (unsigned long long)files_allowed(), OPEN_MAX);
	else if (err)
		snprintf(why, why_len, "cannot read %s: %s", path, ebt_parts_reader_words(err));
	if (err) {
		ebt_parts_reader_free(&r);
		return err;
	}
	oldest_first(r);
	*out = r;
	return 0;
}

void ebt_parts_reader_free(struct ebt_parts_reader **rp)
{
	struct ebt_parts_reader *r = *rp;

	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		ebt_file_reader_free(&r->parts[i].file);
	free(r->parts);
	free(r);
	*rp = NULL;
}

static void add_damage(struct ebt_file_damage *all, struct ebt_file_damage one)
{
	all->bytes += one.bytes;
	all->places += one.places;
	all->tail = one.tail;
}

/* Note what is missing between the part that was entered and the one before it. */
static void parts_add_missing(struct ebt_parts_reader *r)
{
	const struct part *next = &r->parts[r->at], *before = next - 1;
	uint32_t missing = next->number - before->number - 1;
	uint64_t ns;

	if (!missing)
		return;
	r->before.parts += missing;
	ebt_file_reader_span(before->file, &ns, &r->before.parts_from_ns);
	ebt_file_reader_span(next->file, &r->before.parts_to_ns, &ns);
}

int ebt_parts_reader_next(struct ebt_parts_reader *r, struct ebt_frame *frame)
{
	for (;;) {
		int got = ebt_file_reader_next(r->parts[r->at].file, frame);

		if (got != 0 || r->at + 1 == r->count)
			return got;
		/* The part will not grow any more, because its end is known. */
		ebt_file_reader_rest(r->parts[r->at].file);
		add_damage(&r->before, ebt_file_reader_damage(r->parts[r->at].file));
		r->at++;
		parts_add_missing(r);
	}
}

void ebt_parts_reader_rewind(struct ebt_parts_reader *r)
{
	for (size_t i = 0; i < r->count; i++)
		ebt_file_reader_rewind(r->parts[i].file);
	r->at = 0;
	r->before = (struct ebt_file_damage){ 0 };
	r->places_seen = 0;
}

bool ebt_parts_reader_damaged(struct ebt_parts_reader *r)
{
	uint64_t places =
		r->before.places + r->before.parts + ebt_file_reader_places(r->parts[r->at].file);

	if (places == r->places_seen)
		return false;
	r->places_seen = places;
	return true;
}

struct ebt_file_damage ebt_parts_reader_damage(const struct ebt_parts_reader *r)
{
	struct ebt_file_damage all = r->before;

	add_damage(&all, ebt_file_reader_damage(r->parts[r->at].file));
	return all;
}

uint64_t ebt_parts_reader_offset(const struct ebt_parts_reader *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= r->at; i++)
		sum += ebt_file_reader_offset(r->parts[i].file);
	return sum;
}

uint64_t ebt_parts_reader_size(const struct ebt_parts_reader *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->count; i++)
		sum += ebt_file_reader_size(r->parts[i].file);
	return sum;
}

static bool parts_reads(const struct ebt_parts_reader *r, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	for (size_t i = 0; i < r->count; i++) {
		if (ebt_file_reader_is(r->parts[i].file, &st))
			return true;
	}
	return false;
}

bool ebt_parts_reader_reads(const struct ebt_parts_reader *r, const char *path, unsigned count)
{
	char name[PATH_MAX];

	if (parts_reads(r, path))
		return true;
	for (unsigned n = 1; n < count; n++) {
		if ((size_t)snprintf(name, sizeof(name), "%s.%u", path, n) < sizeof(name) &&
		    parts_reads(r, name))
			return true;
	}
	return false;
}

uint64_t ebt_parts_reader_created_ns(const struct ebt_parts_reader *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct ebt_file_hdr *hdr = ebt_file_reader_header(r->parts[i].file);

		if (header_known(hdr))
			return hdr->created_ns;
	}
	return 0;
}

bool ebt_parts_reader_span(struct ebt_parts_reader *r, uint64_t *first_ns, uint64_t *last_ns)
{
	uint64_t first, last;

	*first_ns = *last_ns = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (!ebt_file_reader_span(r->parts[i].file, &first, &last))
			continue;
		if (!*first_ns)
			*first_ns = first;
		if (last > *last_ns)
			*last_ns = last;
	}
	return *first_ns != 0;
}

bool ebt_parts_reader_begins_later(const struct ebt_parts_reader *r)
{
	return r->parts[0].number != 0;
}
