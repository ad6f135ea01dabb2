/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_image.c - libFuzzer target: an image file, and the same as an entry of the cache.
 *
 * The mutator puts length and checksum right, so that what is behind them is reached; an image that
 * is taken must be written back as it came, and name nothing outside itself.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "fuzz.h"
#include "image/cache.h"
#include "image/image.h"

#define HEADER_BYTES	56 /* struct ebt_image_file of image.c */
#define LENGTH_AT	16
#define CHECKSUM_AT	24
#define CACHE_ENTRY_MAX 4096 /* larger inputs go through the parser alone: files are slow */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	uint64_t length, sum;

	size = LLVMFuzzerMutate(data, size, max_size);
	if (size < HEADER_BYTES || seed % 16 == 0)
		return size;
	length = size;
	sum = XXH3_64bits(data + HEADER_BYTES, size - HEADER_BYTES);
	memcpy(data + LENGTH_AT, &length, sizeof(length));
	memcpy(data + CHECKSUM_AT, &sum, sizeof(sum));
	return size;
}

static void check_image(const struct ebt_image *im, const void *file, size_t len)
{
	struct ebt_buf out = { 0 };

	require(ebt_image_write(im, &out) == 0);
	require(out.len == len && memcmp(out.data, file, len) == 0);
	ebt_buf_free(&out);
	for (uint32_t i = 0; i < im->n_progs; i++) {
		require(im->progs[i].count > 0 && im->progs[i].first < im->n_insns &&
			im->progs[i].count <= im->n_insns - im->progs[i].first);
		require(ebt_image_find_prog(im, im->progs[i].name) >= 0);
	}
	for (uint32_t i = 0; i < im->n_maps; i++)
		require(ebt_image_find_map(im, im->maps[i].name) >= 0);
	for (uint32_t i = 0; i < im->n_relocs; i++)
		require(im->relocs[i].member < im->n_members &&
			im->relocs[i].insn + 1 < im->n_insns);
}

/* As a file in a directory of ours, found by its own key. */
static void through_cache(const struct ebt_image *im, const void *data, size_t len)
{
	struct ebt_bytes key = { im->key, im->key_len };
	struct ebt_bytes file = { data, len };
	struct ebt_image *again = NULL;
	char path[] = "/dev/shm/ebt-fuzz-XXXXXX", why[512];
	const struct dirent *e;
	uint32_t *values = calloc(im->n_members + 1, sizeof(*values));
	DIR *d;
	int dir;

	require(values && mkdtemp(path) != NULL);
	dir = ebt_cache_open(path, false, why, sizeof(why));
	require(dir >= 0);
	require(ebt_cache_store_image(dir, key, file) == 0);
	require(ebt_cache_load_image(dir, key, &again, why, sizeof(why)) == 0);
	check_image(again, data, len);
	ebt_image_free(&again);
	require(ebt_cache_load_members(dir, im, values, why, sizeof(why)) < 0);
	if (ebt_cache_store_members(dir, im, values) == 0)
		require(ebt_cache_load_members(dir, im, values, why, sizeof(why)) == 0);
	d = fdopendir(dir);
	require(d != NULL);
	while ((e = readdir(d)))
		unlinkat(dir, e->d_name, 0);
	closedir(d);
	rmdir(path);
	free(values);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *file = input_copy(data, size);
	struct ebt_image *im = NULL;
	const char *why = NULL;
	int err = ebt_image_parse(&im, file, size, &why);

	require((err == 0) == (im != NULL) && (err == 0 || why != NULL));
	if (im) {
		check_image(im, file, size);
		if (size <= CACHE_ENTRY_MAX && size % 64 == 0)
			through_cache(im, file, size);
	}
	ebt_image_free(&im);
	free(file);
	return 0;
}
