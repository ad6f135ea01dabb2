/* SPDX-License-Identifier: BSD-3-Clause */
/* image_test.h - a small image to test with. */
#ifndef EBT_IMAGE_TEST_H
#define EBT_IMAGE_TEST_H

#include <stdlib.h>
#include <string.h>

#include "image/image.h"

#define IMAGE_TEST_KEY "a key"

/* Two maps, two programs of three instructions, one relocation. Caller frees. */
static inline struct ebt_image *image_test_new(void)
{
	struct ebt_image *im = calloc(1, sizeof(*im));

	im->n_maps = im->n_progs = 2;
	im->n_relocs = im->n_members = 1;
	im->n_insns = 6;
	im->maps = calloc(2, sizeof(*im->maps));
	im->progs = calloc(2, sizeof(*im->progs));
	im->relocs = calloc(1, sizeof(*im->relocs));
	im->members = calloc(1, sizeof(*im->members));
	im->insns = calloc(6, sizeof(*im->insns));
	im->key = strdup(IMAGE_TEST_KEY);
	im->key_len = strlen(im->key);
	strcpy(im->maps[0].name, "first");
	strcpy(im->maps[1].name, "second");
	im->maps[1].value_size = 8;
	strcpy(im->progs[0].name, "one");
	strcpy(im->progs[1].name, "two");
	im->progs[0].count = im->progs[1].count = im->progs[1].first = 3;
	strcpy(im->members[0].path, "task_struct.pid");
	im->relocs[0].insn = 3;
	for (int i = 0; i < 6; i += 3) {
		im->insns[i].code = BPF_LD | BPF_DW | BPF_IMM;
		im->insns[i + 2].code = BPF_JMP | BPF_EXIT;
	}
	im->insns[0].src_reg = BPF_PSEUDO_MAP_FD;
	im->insns[0].imm = 1;
	return im;
}

#endif
