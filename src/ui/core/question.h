/* SPDX-License-Identifier: BSD-3-Clause */
/* question.h - a question in the last line, about something that cannot be undone. */
#ifndef EBT_UI_CORE_QUESTION_H
#define EBT_UI_CORE_QUESTION_H

#include "ui/core/ui_state.h"

enum ebt_question {
	EBT_QUESTION_NONE,
	EBT_QUESTION_QUIT,
	EBT_QUESTION_CLEAR,
	EBT_QUESTION_REPLACE
};

/* A key that answers, and what the last line calls it. */
struct ebt_answer {
	uint32_t key;
	const char *name, *label;
};
#define EBT_ANSWERS_MAX 3

/* Quit; if COMMAND runs, first ask what is to become of it. */
void ebt_question_quit(struct ebt_ui *ui);
/* Ask whether the history is to be forgotten. */
void ebt_question_clear(struct ebt_ui *ui);
/* Take a key while a question is open. Keys that answer nothing are ignored. */
void ebt_question_key(struct ebt_ui *ui, uint32_t key);
/* Return the sentence of the open question, valid until the next call, and its answers. */
const char *ebt_question_text(struct ebt_ui *ui, const struct ebt_answer **answers,
			      unsigned *count);

#endif
