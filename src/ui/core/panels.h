/* SPDX-License-Identifier: BSD-3-Clause */
/* panels.h - the state that the ui keeps between frames for some screens */
#ifndef EBT_UI_CORE_PANELS_H
#define EBT_UI_CORE_PANELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "model/snapshot.h"
#include "ui/core/ui.h"

/* A line of the details, and the part of its text that it shows. */
enum ebt_dline_kind {
	EBT_DL_BLANK,
	EBT_DL_HEADING,
	EBT_DL_FIELD,
	EBT_DL_ARG,
	EBT_DL_ENV,
	EBT_DL_ANCESTOR,
	EBT_DL_NOTE
};
struct ebt_dline {
	uint8_t kind;
	bool more;	/* continues the line before */
	uint8_t least;	/* without width: percent of the line it gets at least */
	uint32_t index; /* index of the field, argument, … */
	uint32_t at;	/* byte of its text that the line begins with */
};

#define EBT_ANCESTORS_MAX 24
struct ebt_ancestor {
	uint32_t pid;
	uint64_t id; /* id of the row */
	char comm[24];
	char command[256]; /* escaped */
};

struct ebt_details {
	struct ebt_row row; /* its bytes are in text */
	char *text;
	size_t text_len;
	char describe[256];
	char cgroup[512];
	struct ebt_ancestor ancestors[EBT_ANCESTORS_MAX]; /* nearest first */
	unsigned ancestor_count;
	struct ebt_dline *lines;
	size_t count, cap;
	struct ebt_bytes *args, *envs; /* each string, with its bytes in text */
	size_t arg_count, env_count;
	int made_width; /* width that the lines were made for */
	bool made_wrap, wrap;
	bool made_unicode;
	bool gone; /* the row was dropped from the history meanwhile */
	size_t top;
	int page, hscroll;
	/* position of the search's match in bytes; match_len is 0 without one */
	size_t match_line, match_at, match_len;
	enum ebt_ui_screen from;
};

struct ebt_lab_state {
	unsigned program;
	int source, insn; /* selected lines; -1 if none */
	bool by_insn;
	int top_source, top_insn, top_native;
	int hscroll, page;
	bool asked;
};

struct ebt_setup_state {
	int page;
	int selected[8];
	int top;
	struct ebt_ui_tuning tuning; /* the values being edited */
	/* bits of the items that the user changed; the others follow the running values */
	uint32_t edited;
	bool unasked; /* changed since F5 */
	int y, rows;
	enum ebt_ui_screen from;
};

/* A text that is shown from some line on; ui/core/text_pane.h. */
struct ebt_text_pane {
	size_t top;  /* byte of the text that the first line begins at */
	bool to_end; /* show the end, wherever that is */
	int hscroll, page;
	enum ebt_ui_screen from;
};

struct ebt_output_state {
	struct ebt_text_pane pane;
	struct ebt_buf text; /* what is shown: the status' output, made readable */
	uint64_t written;    /* the status' output_bytes when text was made */
};

#endif
