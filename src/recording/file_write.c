/* SPDX-License-Identifier: BSD-3-Clause */
/* file_write.c - write frames into blocks and blocks into the file */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <zstd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "recording/file_format.h"

/* Command lines repeat: level 1 compresses those of a build to a tenth at 0.2 us per record. Level
 * 3 does not get smaller, and level -5 gets a seventh at 0.17 us. */
#define ZSTD_LEVEL 1

struct ebt_file_writer {
	int fd;
	bool cuttable; /* a failed write can be cut off again */
	bool headed;   /* the header is in the file */
	bool replaces; /* what is in the file goes when the first block is written */
	struct ebt_file_hdr hdr;
	ZSTD_CCtx *zstd;
	struct ebt_buf raw, stored;
	uint32_t frames;
	uint64_t number, bytes;
	uint64_t first_ns, last_ns;
};

/* Write all bytes or none: if they do not fit, cut off those that were written. */
static int file_write_whole(struct ebt_file_writer *w, const void *data, size_t len)
{
	int err = ebt_write_all(w->fd, data, len);

	if (!err)
		w->bytes += len;
	else if (w->cuttable && ftruncate(w->fd, (off_t)w->bytes) == 0)
		lseek(w->fd, (off_t)w->bytes, SEEK_SET);
	return err;
}

/* Write the header with the first block, so that a file that is replaced keeps its contents until
 * there is something to put into it. */
static int file_write_header(struct ebt_file_writer *w)
{
	int err = 0;

	if (w->headed)
		return 0;
	if (w->replaces && (ftruncate(w->fd, 0) || lseek(w->fd, 0, SEEK_SET) < 0))
		err = -errno;
	if (!err)
		err = file_write_whole(w, &w->hdr, sizeof(w->hdr));
	w->headed = !err;
	return err;
}

int ebt_file_writer_new(struct ebt_file_writer **out, int fd, const struct ebt_file_options *o)
{
	struct ebt_file_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->fd = fd;
	w->cuttable = !o->borrowed && lseek(fd, 0, SEEK_CUR) >= 0;
	w->replaces = o->replaces;
	w->raw.limit = EBT_FILE_RAW_MAX;
	w->stored.limit = sizeof(struct ebt_block_hdr) + ZSTD_COMPRESSBOUND(EBT_FILE_RAW_MAX) + 1;
	w->zstd = ZSTD_createCCtx();
	if (!w->zstd) {
		free(w);
		return -ENOMEM;
	}
	ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	w->hdr = (struct ebt_file_hdr){ .order = EBT_FILE_ORDER,
					.version = EBT_FILE_VERSION,
					.abi = o->abi,
					.part = o->part,
					.created_ns = o->created_ns };
	memcpy(w->hdr.magic, EBT_FILE_MAGIC, sizeof(w->hdr.magic));
	memcpy(w->hdr.id, o->id, sizeof(w->hdr.id));
	w->hdr.sum = ebt_file_sum(&w->hdr, offsetof(struct ebt_file_hdr, sum));
	*out = w;
	return 0;
}

void ebt_file_writer_free(struct ebt_file_writer **wp)
{
	struct ebt_file_writer *w = *wp;

	if (!w)
		return;
	ZSTD_freeCCtx(w->zstd);
	ebt_buf_free(&w->raw);
	ebt_buf_free(&w->stored);
	free(w);
	*wp = NULL;
}

/* Store the frames of the block after the space for its header, uncompressed if that is not
 * longer. */
static int file_store(struct ebt_file_writer *w, struct ebt_block_hdr *hdr)
{
	size_t bound = ZSTD_compressBound(w->raw.len), n;
	char *p;

	ebt_buf_reset(&w->stored);
	p = ebt_buf_reserve(&w->stored, sizeof(*hdr) + (bound > w->raw.len ? bound : w->raw.len));
	if (!p)
		return -ENOMEM;
	n = ZSTD_compress2(w->zstd, p + sizeof(*hdr), bound, w->raw.data, w->raw.len);
	hdr->codec = EBT_CODEC_ZSTD;
	if (ZSTD_isError(n) || n >= w->raw.len) {
		hdr->codec = EBT_CODEC_RAW;
		n = w->raw.len;
		memcpy(p + sizeof(*hdr), w->raw.data, n);
	}
	hdr->stored_bytes = (uint32_t)n;
	hdr->stored_sum = ebt_file_sum(p + sizeof(*hdr), n);
	w->stored.len = sizeof(*hdr) + n;
	return 0;
}

int ebt_file_writer_flush(struct ebt_file_writer *w)
{
	struct ebt_block_hdr hdr = { .raw_bytes = (uint32_t)w->raw.len,
				     .frames = w->frames,
				     .number = w->number,
				     .first_ns = w->first_ns,
				     .last_ns = w->last_ns };
	int err;

	if (!w->raw.len)
		return 0;
	err = file_store(w, &hdr);
	if (!err)
		err = file_write_header(w);
	if (!err) {
		memcpy(hdr.magic, EBT_BLOCK_MAGIC, sizeof(hdr.magic));
		hdr.sum = ebt_file_sum(&hdr, offsetof(struct ebt_block_hdr, sum));
		memcpy(w->stored.data, &hdr, sizeof(hdr));
		err = file_write_whole(w, w->stored.data, w->stored.len);
	}
	ebt_buf_reset(&w->raw);
	w->frames = 0;
	w->first_ns = w->last_ns = 0;
	w->number++;
	return err;
}

/* Begin every block with the header, so that damage to the one in front costs nothing. */
static int file_begin_block(struct ebt_file_writer *w)
{
	struct ebt_bytes header = { (const char *)&w->hdr, sizeof(w->hdr) };

	w->frames = 1;
	return ebt_frame_append(&w->raw, EBT_FRAME_HEADER, &header, 1);
}

int ebt_file_writer_frame(struct ebt_file_writer *w, const struct ebt_frame *frame,
			  uint64_t mono_ns)
{
	struct ebt_bytes data = { frame->data, frame->len };
	int err = w->raw.len ? 0 : file_begin_block(w);

	if (!err)
		err = ebt_frame_append(&w->raw, frame->kind, &data, 1);
	if (err) {
		w->raw.error = 0;
		return err;
	}
	w->frames++;
	if (mono_ns) {
		if (!w->first_ns || mono_ns < w->first_ns)
			w->first_ns = mono_ns;
		if (mono_ns > w->last_ns)
			w->last_ns = mono_ns;
	}
	return w->raw.len >= EBT_FILE_BLOCK_RAW ? ebt_file_writer_flush(w) : 0;
}

uint64_t ebt_file_writer_bytes(const struct ebt_file_writer *w)
{
	return w->bytes + (w->headed ? 0 : sizeof(w->hdr));
}

uint64_t ebt_file_writer_pending(const struct ebt_file_writer *w)
{
	return w->raw.len;
}
