/* SPDX-License-Identifier: BSD-3-Clause */
/* source_lines.h - the BPF text as lines of files, as its #line marks divide it. */
#ifndef EBT_LAB_SOURCE_LINES_H
#define EBT_LAB_SOURCE_LINES_H

#include "base/bytes.h"
#include "ui/screens/lab_contents.h"

#define EBT_LAB_FILES_MAX 64

struct ebt_lab_file {
	const char *name;      /* base name */
	uint32_t first, count; /* in lines */
};

/* Owns text and lines. */
struct ebt_lab_source {
	char *text; /* a copy, cut into lines */
	struct ebt_ui_lab_line *lines;
	uint32_t n_lines;
	struct ebt_lab_file files[EBT_LAB_FILES_MAX];
	unsigned n_files;
};

/* -ENOMEM, -EBADMSG: too many files. */
int ebt_lab_source_split(struct ebt_lab_source *out, struct ebt_bytes text);
void ebt_lab_source_free(struct ebt_lab_source *source);
/* Index of a file by its base name; -1. */
int ebt_lab_source_find(const struct ebt_lab_source *source, const char *name, size_t name_len);

#endif
