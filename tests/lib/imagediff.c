/* SPDX-License-Identifier: BSD-3-Clause */
/* imagediff A B - compare two compiled images: print "PROGRAM INDEX CODE CODE" for each instruction that
 * differs, and "key" if the keys do
 *
 * It ends with 1, and says why, if one cannot be read or their maps, programs, relocations or members
 * differ. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "image/image.h"

static struct ebt_image *image_of(const char *path)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	_cleanup_buf_ struct ebt_buf file = { 0 };
	struct ebt_image *image = NULL;
	const char *why = "cannot be opened";

	if (!f || ebt_read_all(fileno(f), &file) ||
	    ebt_image_parse(&image, file.data, file.len, &why))
		fprintf(stderr, "imagediff: %s: %s\n", path, why);
	return image;
}

static int same_tables(const struct ebt_image *a, const struct ebt_image *b)
{
	return a->n_maps == b->n_maps && a->n_progs == b->n_progs && a->n_relocs == b->n_relocs &&
	       a->n_members == b->n_members && a->n_insns == b->n_insns &&
	       memcmp(a->maps, b->maps, a->n_maps * sizeof(*a->maps)) == 0 &&
	       memcmp(a->progs, b->progs, a->n_progs * sizeof(*a->progs)) == 0 &&
	       memcmp(a->relocs, b->relocs, a->n_relocs * sizeof(*a->relocs)) == 0 &&
	       memcmp(a->members, b->members, a->n_members * sizeof(*a->members)) == 0;
}

static void print_insn(const struct ebt_image *a, const struct ebt_image *b, uint32_t at)
{
	uint64_t codes[2];

	memcpy(&codes[0], &a->insns[at], sizeof(codes[0]));
	memcpy(&codes[1], &b->insns[at], sizeof(codes[1]));
	for (uint32_t i = 0; i < a->n_progs; i++) {
		if (at - a->progs[i].first < a->progs[i].count)
			printf("%s %u %016llx %016llx\n", a->progs[i].name, at - a->progs[i].first,
			       (unsigned long long)codes[0], (unsigned long long)codes[1]);
	}
}

int main(int argc, char **argv)
{
	_cleanup_image_ struct ebt_image *a = argc == 3 ? image_of(argv[1]) : NULL;
	_cleanup_image_ struct ebt_image *b = a ? image_of(argv[2]) : NULL;

	if (!a || !b)
		return 1;
	if (!same_tables(a, b)) {
		fprintf(stderr, "imagediff: maps, programs, relocations or members differ\n");
		return 1;
	}
	if (a->key_len != b->key_len || memcmp(a->key, b->key, a->key_len) != 0)
		puts("key");
	for (uint32_t i = 0; i < a->n_insns; i++) {
		if (memcmp(&a->insns[i], &b->insns[i], sizeof(a->insns[i])) != 0)
			print_insn(a, b, i);
	}
	return 0;
}
