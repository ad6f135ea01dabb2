/* SPDX-License-Identifier: BSD-3-Clause */
/* lab_internal.h - the Lab's contents while they are made: parse.c (the whole), places.c
 * (what compiler and disassembler wrote), notes.c (instructions that name something). */
#ifndef EBT_LAB_LAB_INTERNAL_H
#define EBT_LAB_LAB_INTERNAL_H

#include "lab/blob.h"
#include "lab/lab.h"
#include "lab/source_lines.h"

#define EBT_LAB_NOTE_LEN 112

/* Behind one program of the ui. */
struct ebt_lab_shown {
	const struct ebt_prog_spec *spec;
	struct ebt_ui_lab_line *lines; /* of the files it has code from */
	struct ebt_ui_lab_insn *insns;
	struct ebt_ui_lab_native *native;
	uint32_t *first; /* a file: where its lines begin in lines; UINT32_MAX: not shown */
	const uint8_t *code;
	const char *map; /* struct ebt_native_map, unaligned */
	struct ebt_lab_prog info;
};

struct ebt_lab {
	struct ebt_ui_lab ui;
	struct ebt_ui_lab_program *programs;
	struct ebt_lab_shown *progs;
	uint32_t n_progs;
	struct ebt_image *image;
	struct ebt_lab_source source;
	char *blob;			 /* a copy: native code */
	char *lines_text, *native_text;	 /* copies, cut into lines */
	char (*notes)[EBT_LAB_NOTE_LEN]; /* texts of loads that stand for a map or a kernel's number
					  */
	uint32_t n_notes, max_notes;
	struct ebt_lab_head head;
};

/* The lines after "prog NAME", to the next such mark; NULL: none. */
const char *ebt_lab_section(const char *text, const char *name);
/* Notes in shown->first which files a program has code from. -ENOMEM. */
int ebt_lab_mark_files(struct ebt_lab *lab, struct ebt_lab_shown *shown, const char *places);
/* Texts for the instructions that name something. -EBADMSG: more of them than instructions. */
int ebt_lab_note_insns(struct ebt_lab *lab, struct ebt_lab_shown *shown);
/* Gives each instruction its source line. */
void ebt_lab_place_insns(struct ebt_lab *lab, struct ebt_lab_shown *shown, const char *places);
/* shown->native from its section of the disassembly, which is cut up in place. */
int ebt_lab_make_native(struct ebt_lab_shown *shown, char *text, uint32_t *n);

#endif
