/* SPDX-License-Identifier: BSD-3-Clause */
/* source_lines.h - split the BPF text into the lines of its files, at its #line marks */
#ifndef EBT_LAB_SOURCE_LINES_H
#define EBT_LAB_SOURCE_LINES_H

#include "base/bytes.h"
#include "model/listing.h"

#define EBT_LAB_FILES_MAX 64

struct ebt_lab_file {
	const char *name;      /* base name of the file */
	uint32_t first, count; /* indices into lines */
};

/* Owns the text and the lines. */
struct ebt_lab_source {
	char *text; /* a copy, split into lines */
	struct ebt_listing_line *lines;
	uint32_t n_lines;
	struct ebt_lab_file files[EBT_LAB_FILES_MAX];
	unsigned n_files;
};

/* Split a text. Return 0, -ENOMEM, or -EBADMSG if there are too many files. */
int ebt_lab_source_split(struct ebt_lab_source *out, struct ebt_bytes text);
void ebt_lab_source_free(struct ebt_lab_source *source);
/* Return the index of a file by its base name, or -1. */
int ebt_lab_source_find(const struct ebt_lab_source *source, const char *name, size_t name_len);

#endif
