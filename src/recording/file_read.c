/* SPDX-License-Identifier: BSD-3-Clause */
/* file_read.c - read blocks from the file and frames from blocks
 *
 * The file is not trusted: a length is used only if the checksum over it is right and it is within
 * bounds. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>

#include "base/cleanup.h"
#include "recording/file_format.h"

#define SCAN_BYTES (64u << 10) /* bytes searched at a time for the next block */

struct ebt_file_reader {
	int fd;
	struct ebt_file_hdr hdr;
	ZSTD_DCtx *zstd; /* allocated while blocks are read */
	uint64_t offset; /* offset of the next block */
	uint64_t begin;	 /* offset of the first block */
	struct ebt_buf stored, raw;
	const char *at, *end; /* remaining frames of the open block */
	uint64_t skipped_at;  /* end of the bytes that were skipped last, plus 1 */
	bool headless;	      /* the header's checksum is wrong */
	uint64_t next_number; /* of the block after the open one */
	bool after_gap;	      /* the block before the open one is missing */
	struct ebt_file_damage damage;
};

/* Read exactly len bytes at offset. Return 1, 0 if the file ends before, or -errno. */
static int file_read_at(int fd, void *out, size_t len, uint64_t offset)
{
	char *p = out;

	while (len) {
		ssize_t n = pread(fd, p, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		p += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 1;
}

void ebt_file_reader_free(struct ebt_file_reader **rp)
{
	struct ebt_file_reader *r = *rp;

	if (!r)
		return;
	ebt_file_reader_rest(r);
	ebt_cleanup_close(&r->fd);
	free(r);
	*rp = NULL;
}

void ebt_file_reader_rest(struct ebt_file_reader *r)
{
	ZSTD_freeDCtx(r->zstd);
	r->zstd = NULL;
	ebt_buf_free(&r->stored);
	ebt_buf_free(&r->raw);
	r->at = r->end = NULL;
}

static bool file_block_is_right(const struct ebt_block_hdr *h)
{
	return memcmp(h->magic, EBT_BLOCK_MAGIC, sizeof(h->magic)) == 0 &&
	       h->sum == ebt_file_sum(h, offsetof(struct ebt_block_hdr, sum)) &&
	       h->raw_bytes <= EBT_FILE_RAW_MAX &&
	       h->stored_bytes <= ZSTD_COMPRESSBOUND(EBT_FILE_RAW_MAX) &&
	       (h->codec == EBT_CODEC_ZSTD ||
		(h->codec == EBT_CODEC_RAW && h->raw_bytes == h->stored_bytes));
}

/* Read the frames of a block whose header is right. Return 1, or 0 if its bytes are incomplete or
 * damaged. */
static int file_open_block(struct ebt_file_reader *r, const struct ebt_block_hdr *h)
{
	char *stored, *raw;
	int got;

	ebt_buf_reset(&r->stored);
	ebt_buf_reset(&r->raw);
	stored = ebt_buf_reserve(&r->stored, h->stored_bytes);
	raw = ebt_buf_reserve(&r->raw, h->raw_bytes);
	if (!stored || !raw)
		return -ENOMEM;
	got = file_read_at(r->fd, stored, h->stored_bytes, r->offset + sizeof(*h));
	if (got <= 0)
		return got;
	if (ebt_file_sum(stored, h->stored_bytes) != h->stored_sum)
		return 0;
	if (h->codec == EBT_CODEC_RAW) {
		r->at = stored;
	} else {
		size_t n;

		if (!r->zstd)
			r->zstd = ZSTD_createDCtx();
		if (!r->zstd)
			return -ENOMEM;
		n = ZSTD_decompressDCtx(r->zstd, raw, h->raw_bytes, stored, h->stored_bytes);
		if (n != h->raw_bytes)
			return 0;
		r->at = raw;
	}
	r->end = r->at + h->raw_bytes;
	r->offset += sizeof(*h) + h->stored_bytes;
	r->after_gap = h->number != r->next_number;
	r->next_number = h->number + 1;
	return 1;
}

static void file_pass_over(struct ebt_file_reader *r, uint64_t bytes)
{
	r->damage.bytes += bytes;
	if (r->skipped_at != r->offset)
		r->damage.places++;
	r->offset += bytes;
	r->skipped_at = r->offset;
}

/* Find the next offset at which a block might begin. Return 1, 0 if there is none until the end of
 * the file, or -errno. */
static int file_find_block(const struct ebt_file_reader *r, uint64_t from, uint64_t *place)
{
	char chunk[SCAN_BYTES];

	for (;;) {
		ssize_t n = pread(r->fd, chunk, sizeof(chunk), (off_t)from);
		const char *hit;

		if (n < 0)
			return -errno;
		if (n < (ssize_t)sizeof(struct ebt_block_hdr))
			return 0;
		hit = memmem(chunk, (size_t)n, EBT_BLOCK_MAGIC, 8);
		if (hit) {
			*place = from + (uint64_t)(hit - chunk);
			return 1;
		}
		from += (uint64_t)n - 7;
	}
}

static int file_next_block(struct ebt_file_reader *r)
{
	for (;;) {
		struct ebt_block_hdr h;
		uint64_t next;
		int got = file_read_at(r->fd, &h, sizeof(h), r->offset);

		if (got < 0)
			return got;
		if (got && file_block_is_right(&h)) {
			got = file_open_block(r, &h);
			if (got) {
				r->damage.tail = false;
				return got;
			}
		}
		got = file_find_block(r, r->offset + 1, &next);
		if (got <= 0) {
			/* The rest may still become a block; it is damage only if nothing
			 * follows. */
			r->damage.tail = ebt_file_reader_size(r) > r->offset;
			return got;
		}
		file_pass_over(r, next - r->offset);
	}
}

/* Take the header from the first whole block, because the one in front is damaged. Leave it all
 * zero if the block has none. Return 1, 0 if there is no whole block, or -errno. */
static int file_find_header(struct ebt_file_reader *r)
{
	struct ebt_frame frame;
	struct stat st;
	int got;

	memset(&r->hdr, 0, sizeof(r->hdr));
	r->headless = true;
	/* A device may have no end at which a search would stop. */
	if (fstat(r->fd, &st) || !S_ISREG(st.st_mode))
		return 0;
	got = file_next_block(r);
	if (got == 1 && ebt_frame_next(&r->at, r->end, &frame) == 1 &&
	    frame.kind == EBT_FRAME_HEADER)
		ebt_frame_fixed(&frame, &r->hdr, sizeof(r->hdr));
	ebt_file_reader_rest(r);
	return got;
}

static int file_read_header(struct ebt_file_reader *r, uint32_t abi)
{
	struct ebt_file_hdr *h = &r->hdr;
	int got = file_read_at(r->fd, h, sizeof(*h), 0);
	struct stat st;
	bool magic;

	if (got < 0)
		return got;
	if (!got)
		return fstat(r->fd, &st) == 0 && st.st_size == 0 ? -ENODATA : -EBADMSG;
	magic = memcmp(h->magic, EBT_FILE_MAGIC, sizeof(h->magic)) == 0;
	if (magic && h->order == __builtin_bswap32(EBT_FILE_ORDER))
		return -EPROTONOSUPPORT;
	if (!magic || h->sum != ebt_file_sum(h, offsetof(struct ebt_file_hdr, sum))) {
		got = file_find_header(r);
		if (got < 0 || (!got && !magic))
			return got < 0 ? got : -EBADMSG;
		/* Blocks of older files can be read without the header; only its facts are lost. */
		if (!h->version)
			return 0;
	}
	/* Records of older versions can be read; version 0 never existed. */
	return h->version == EBT_FILE_VERSION && h->abi && h->abi <= abi ? 0 : -EPROTONOSUPPORT;
}

int ebt_file_reader_new(struct ebt_file_reader **out, int fd, uint32_t abi)
{
	struct ebt_file_reader *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->fd = fd;
	r->begin = r->offset = sizeof(r->hdr);
	r->stored.limit = ZSTD_COMPRESSBOUND(EBT_FILE_RAW_MAX) + 1;
	r->raw.limit = EBT_FILE_RAW_MAX + 1;
	err = file_read_header(r, abi);
	if (err) {
		r->fd = -1;
		ebt_file_reader_free(&r);
		return err;
	}
	ebt_file_reader_rewind(r);
	*out = r;
	return 0;
}

/* Return whether the frame is for the caller. Of what a block repeats, the header never is, and a
 * process only if the block before is missing: it may have ended since, which the caller knows. */
static bool file_frame_is_new(const struct ebt_file_reader *r, struct ebt_frame *frame)
{
	if (frame->kind == EBT_FRAME_PROCESS_AGAIN && r->after_gap)
		frame->kind = EBT_FRAME_PROCESS;
	return frame->kind != EBT_FRAME_HEADER && frame->kind != EBT_FRAME_PROCESS_AGAIN;
}

int ebt_file_reader_next(struct ebt_file_reader *r, struct ebt_frame *frame)
{
	for (;;) {
		int got = r->at ? ebt_frame_next(&r->at, r->end, frame) : 0;

		if (got == 1 && !file_frame_is_new(r, frame))
			continue;
		if (got == 1)
			return 1;
		/* A block with right checksums holds whole frames, unless it was made with intent:
		 * skip the rest of such a block. */
		if (r->at && r->at != r->end) {
			r->damage.bytes += (uint64_t)(r->end - r->at);
			r->damage.places++;
		}
		r->at = r->end = NULL;
		got = file_next_block(r);
		if (got <= 0)
			return got;
	}
}

void ebt_file_reader_rewind(struct ebt_file_reader *r)
{
	r->offset = r->begin;
	r->at = r->end = NULL;
	r->next_number = 0;
	r->skipped_at = r->headless ? r->begin : 0;
	r->damage = (struct ebt_file_damage){ .bytes = r->headless ? sizeof(r->hdr) : 0,
					      .places = r->headless };
}

bool ebt_file_reader_span(struct ebt_file_reader *r, uint64_t *first_ns, uint64_t *last_ns)
{
	uint64_t offset = r->begin;
	struct ebt_block_hdr h;

	*first_ns = *last_ns = 0;
	while (file_read_at(r->fd, &h, sizeof(h), offset) == 1) {
		if (!file_block_is_right(&h)) {
			if (file_find_block(r, offset + 1, &offset) != 1)
				break;
			continue;
		}
		if (!*first_ns)
			*first_ns = h.first_ns;
		if (h.last_ns > *last_ns)
			*last_ns = h.last_ns;
		offset += sizeof(h) + h.stored_bytes;
	}
	return *first_ns != 0;
}

const struct ebt_file_hdr *ebt_file_reader_header(const struct ebt_file_reader *r)
{
	return &r->hdr;
}

uint64_t ebt_file_reader_places(const struct ebt_file_reader *r)
{
	return r->damage.places;
}

struct ebt_file_damage ebt_file_reader_damage(const struct ebt_file_reader *r)
{
	struct ebt_file_damage damage = r->damage;

	if (damage.tail) {
		damage.bytes += ebt_file_reader_size(r) - r->offset;
		damage.places++;
	}
	return damage;
}

uint64_t ebt_file_reader_offset(const struct ebt_file_reader *r)
{
	return r->offset;
}

bool ebt_file_reader_is(const struct ebt_file_reader *r, const struct stat *st)
{
	struct stat mine;

	return fstat(r->fd, &mine) == 0 && mine.st_dev == st->st_dev && mine.st_ino == st->st_ino;
}

uint64_t ebt_file_reader_size(const struct ebt_file_reader *r)
{
	struct stat st;

	return fstat(r->fd, &st) == 0 ? (uint64_t)st.st_size : r->offset;
}
