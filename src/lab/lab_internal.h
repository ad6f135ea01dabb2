/* SPDX-License-Identifier: BSD-3-Clause */
/* lab_internal.h - the contents of the Lab while they are decoded: parse.c (everything), places.c
 * (output of compiler and disassembler), notes.c (instructions with a symbolic operand) */
#ifndef EBT_LAB_LAB_INTERNAL_H
#define EBT_LAB_LAB_INTERNAL_H

#include "lab/blob.h"
#include "lab/lab.h"
#include "lab/source_lines.h"

#define EBT_LAB_NOTE_LEN 112

/* Data that stays behind one program of the ui. */
struct ebt_lab_shown {
	const struct ebt_prog_spec *spec;
	struct ebt_listing_line *lines; /* lines of the files that it has code from */
	struct ebt_listing_insn *insns;
	struct ebt_listing_native *native;
	/* per file, the index of its first line in lines; UINT32_MAX if it is not shown */
	uint32_t *first;
	const uint8_t *code;
	const char *map; /* array of struct ebt_native_map, unaligned */
	struct ebt_lab_prog info;
};

struct ebt_lab {
	struct ebt_listing ui;
	struct ebt_listing_program *programs;
	struct ebt_lab_shown *progs;
	uint32_t n_progs;
	struct ebt_image *image;
	struct ebt_lab_source source;
	char *blob;			/* a copy with the native code */
	char *lines_text, *native_text; /* copies, split into lines */
	/* texts for loads of a map or of one of the kernel's offsets */
	char (*notes)[EBT_LAB_NOTE_LEN];
	uint32_t n_notes, max_notes;
	struct ebt_lab_head head;
};

/* Return the lines after "prog NAME" up to the next such mark, or NULL if there are none. */
const char *ebt_lab_section(const char *text, const char *name);
/* Mark in shown->first the files that a program has code from. Return 0 or -ENOMEM. */
int ebt_lab_mark_files(struct ebt_lab *lab, struct ebt_lab_shown *shown, const char *places);
/* Create texts for instructions with a symbolic operand. Return 0, or -EBADMSG if there are more
 * than instructions. */
int ebt_lab_note_insns(struct ebt_lab *lab, struct ebt_lab_shown *shown);
/* Assign each instruction its source line. */
void ebt_lab_place_insns(struct ebt_lab *lab, struct ebt_lab_shown *shown, const char *places);
/* Fill shown->native from the program's section of the disassembly, which is split in place. */
int ebt_lab_make_native(struct ebt_lab_shown *shown, char *text, uint32_t *n);

#endif
