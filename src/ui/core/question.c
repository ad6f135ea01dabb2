/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/question.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "ui/core/frozen.h"
#include "ui/core/save.h"

static const struct ebt_answer quit_answers[] = {
	{ EBT_KEY_ENTER, "Enter", "Wait for it" },
	{ 'k', "k", "Kill it" },
	{ EBT_KEY_ESC, "Esc", "Go on" },
};
static const struct ebt_answer clear_answers[] = {
	{ EBT_KEY_ENTER, "Enter", "Forget" },
	{ EBT_KEY_ESC, "Esc", "Keep" },
};
static const struct ebt_answer replace_answers[] = {
	{ EBT_KEY_ENTER, "Enter", "Replace" },
	{ EBT_KEY_ESC, "Esc", "Another name" },
};
_Static_assert(EBT_ARRAY_SIZE(quit_answers) <= EBT_ANSWERS_MAX, "as many as the foot can have");

static void question_request(struct ebt_ui *ui, enum ebt_ui_request_type type)
{
	ebt_ui_request(ui, &(struct ebt_ui_request){ .type = type });
}

void ebt_question_quit(struct ebt_ui *ui)
{
	if (ui->status->command_runs)
		ui->question = EBT_QUESTION_QUIT;
	else
		question_request(ui, EBT_REQ_QUIT);
}

void ebt_question_clear(struct ebt_ui *ui)
{
	ui->question = EBT_QUESTION_CLEAR;
}

static void question_clear_history(struct ebt_ui *ui)
{
	question_request(ui, EBT_REQ_CLEAR);
	ebt_frozen_drop_all(ui);
	ui->paused = false;
	ui->overview.sel_id = ui->events.sel_id = ui->top.sel_id = ui->tree.sel_id = 0;
	ui->events.follow = true;
	ui->execs_at_clear = ui->snap.total.c.execs;
	ebt_ui_say(ui, EBT_LOG_INFO, "cleared");
}

/* A second q or Ctrl-C is an answer as well: q waits for COMMAND, Ctrl-C ends it. */
static void question_quit_key(struct ebt_ui *ui, uint32_t key)
{
	if (key == EBT_KEY_ENTER || key == 'q' || key == EBT_KEY_F10)
		question_request(ui, EBT_REQ_QUIT);
	else if (key == 'k' || key == EBT_KEY_CTRL_C)
		question_request(ui, EBT_REQ_QUIT_AND_KILL);
	else if (key != EBT_KEY_ESC)
		return;
	ui->question = EBT_QUESTION_NONE;
}

static void question_clear_key(struct ebt_ui *ui, uint32_t key)
{
	if (key == EBT_KEY_ENTER || key == 'y' || key == 'c')
		question_clear_history(ui);
	else if (key != EBT_KEY_ESC && key != 'n' && key != 'q' && key != EBT_KEY_F10 &&
		 key != EBT_KEY_CTRL_C)
		return;
	ui->question = EBT_QUESTION_NONE;
}

static void question_replace_key(struct ebt_ui *ui, uint32_t key)
{
	if (key == EBT_KEY_ENTER || key == 'y')
		ebt_save_name(ui, true);
	else if (key != EBT_KEY_ESC && key != 'n' && key != EBT_KEY_F10 && key != EBT_KEY_CTRL_C)
		return;
	ui->question = EBT_QUESTION_NONE;
}

void ebt_question_key(struct ebt_ui *ui, uint32_t key)
{
	if (ui->question == EBT_QUESTION_QUIT)
		question_quit_key(ui, key);
	else if (ui->question == EBT_QUESTION_REPLACE)
		question_replace_key(ui, key);
	else
		question_clear_key(ui, key);
}

const char *ebt_question_text(struct ebt_ui *ui, const struct ebt_answer **answers, unsigned *count)
{
	char n[EBT_FMT_LEN];

	ebt_buf_reset(&ui->scratch);
	if (ui->question == EBT_QUESTION_QUIT) {
		*answers = quit_answers;
		*count = EBT_ARRAY_SIZE(quit_answers);
		ebt_buf_printf(&ui->scratch, "%s still runs", ui->status->command);
	} else if (ui->question == EBT_QUESTION_REPLACE) {
		*answers = replace_answers;
		*count = EBT_ARRAY_SIZE(replace_answers);
		ebt_buf_printf(&ui->scratch, "%s is there: replace it?", ui->save.path);
	} else {
		*answers = clear_answers;
		*count = EBT_ARRAY_SIZE(clear_answers);
		ebt_buf_printf(&ui->scratch, "forget %s rows of the history?",
			       ebt_fmt_count(n, ui->snap.all_rows));
	}
	return ui->scratch.error ? "?" : ui->scratch.data;
}
