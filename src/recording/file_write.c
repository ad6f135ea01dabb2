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
	bool seekable; /* false for a pipe or device, which cannot be cut after a failed write */
	ZSTD_CCtx *zstd;
	struct ebt_buf raw, stored;
	uint32_t frames;
	uint64_t number, bytes;
	uint64_t first_ns, last_ns;
};

/* Write all bytes or none: if they do not fit, cut off those that were written. */
static int write_whole(struct ebt_file_writer *w, const char *data, size_t len)
{
	int err = ebt_write_all(w->fd, data, len);

	if (!err)
		w->bytes += len;
	else if (w->seekable && ftruncate(w->fd, (off_t)w->bytes) == 0)
		lseek(w->fd, (off_t)w->bytes, SEEK_SET);
	return err;
}

int ebt_file_writer_new(struct ebt_file_writer **out, int fd, uint32_t abi, uint32_t part,
			const uint8_t id[16], uint64_t created_ns)
{
	struct ebt_file_hdr hdr = { .order = EBT_FILE_ORDER,
				    .version = EBT_FILE_VERSION,
				    .abi = abi,
				    .part = part,
				    .created_ns = created_ns };
	struct ebt_file_writer *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->fd = fd;
	w->seekable = lseek(fd, 0, SEEK_CUR) >= 0;
	w->raw.limit = EBT_FILE_RAW_MAX;
	w->stored.limit = sizeof(struct ebt_block_hdr) + ZSTD_COMPRESSBOUND(EBT_FILE_RAW_MAX) + 1;
	w->zstd = ZSTD_createCCtx();
	if (!w->zstd) {
		free(w);
		return -ENOMEM;
	}
	ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	memcpy(hdr.magic, EBT_FILE_MAGIC, sizeof(hdr.magic));
	memcpy(hdr.id, id, sizeof(hdr.id));
	hdr.sum = ebt_file_sum(&hdr, offsetof(struct ebt_file_hdr, sum));
	err = write_whole(w, (const char *)&hdr, sizeof(hdr));
	if (err) {
		ebt_file_writer_free(&w);
		return err;
	}
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
	if (!err) {
		memcpy(hdr.magic, EBT_BLOCK_MAGIC, sizeof(hdr.magic));
		hdr.sum = ebt_file_sum(&hdr, offsetof(struct ebt_block_hdr, sum));
		memcpy(w->stored.data, &hdr, sizeof(hdr));
		err = write_whole(w, w->stored.data, w->stored.len);
	}
	ebt_buf_reset(&w->raw);
	w->frames = 0;
	w->first_ns = w->last_ns = 0;
	w->number++;
	return err;
}

int ebt_file_writer_frame(struct ebt_file_writer *w, const struct ebt_frame *frame,
			  uint64_t mono_ns)
{
	struct ebt_bytes data = { frame->data, frame->len };
	int err = ebt_frame_append(&w->raw, frame->kind, &data, 1);

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
	return w->bytes;
}

uint64_t ebt_file_writer_pending(const struct ebt_file_writer *w)
{
	return w->raw.len;
}
