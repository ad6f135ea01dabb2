/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_place.h - a directory of a test's own for a recording in parts, and parts to be put there.
 */
#ifndef EBT_TEST_PARTS_PLACE_H
#define EBT_TEST_PARTS_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/parts.h"

#define ABI   7u
#define PARTS 6
/* Each frame is larger than a part may be: a block, and a part, each. */
#define FRAME_BYTES (EBT_FILE_BLOCK_RAW + 8)

struct place {
	char dir[64], path[80];
	char name[8][96]; /* of the parts: path, path.1, … */
};

static inline int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	snprintf(p->dir, sizeof(p->dir), "/tmp/ebt-parts-XXXXXX");
	if (!mkdtemp(p->dir))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/rec", p->dir);
	snprintf(p->name[0], sizeof(p->name[0]), "%s", p->path);
	for (unsigned i = 1; i < 8; i++)
		snprintf(p->name[i], sizeof(p->name[i]), "%s.%u", p->path, i);
	*state = p;
	return 0;
}

static inline void forget(const struct place *p)
{
	for (unsigned i = 0; i < 8; i++)
		unlink(p->name[i]);
}

static inline int tear_down(void **state)
{
	struct place *p = *state;

	forget(p);
	rmdir(p->dir);
	free(p);
	return 0;
}

/* Frame n; random, so that a block is not smaller than what it holds. */
static inline int put(struct ebt_parts_writer *w, uint32_t n)
{
	struct ebt_frame f = { EBT_FRAME_RECORD, NULL, FRAME_BYTES };
	char *data = malloc(FRAME_BYTES);
	uint32_t x = n * 2654435761u + 1;
	int err;

	assert_non_null(data);
	for (size_t i = 0; i < FRAME_BYTES; i++) {
		x = x * 1664525 + 1013904223;
		data[i] = (char)(x >> 24);
	}
	memcpy(data, &n, sizeof(n));
	f.data = data;
	err = ebt_parts_writer_frame(w, &f, 1000 + n);
	free(data);
	return err;
}

static inline struct ebt_parts_writer *open_writer(const struct place *p, unsigned count)
{
	struct ebt_parts_options o = {
		.path = p->path, .rotate_bytes = 65536, .count = count, .abi = ABI
	};
	struct ebt_parts_writer *w = NULL;
	char why[256];

	assert_int_equal(ebt_parts_writer_new(&w, &o, why, sizeof(why)), 0);
	return w;
}

/* PARTS full parts. */
static inline void record(const struct place *p, unsigned count)
{
	struct ebt_parts_writer *w = open_writer(p, count);

	for (uint32_t n = 0; n < PARTS; n++)
		assert_int_equal(put(w, n), 0);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
}

#endif
