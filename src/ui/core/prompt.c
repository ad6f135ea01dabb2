/* SPDX-License-Identifier: BSD-3-Clause */
/* prompt.c - search, filter, and the prompt line */
#include "ui/core/prompt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "ui/core/frozen.h"
#include "ui/core/list.h"
#include "ui/core/save.h"
#include "ui/core/ui_state.h"

/* Keep in ui->refused where an expression is wrong, and why. */
static void prompt_refuse(struct ebt_ui *ui, int err, const struct ebt_expr_error *error)
{
	if (err == -EINVAL)
		snprintf(ui->refused, sizeof(ui->refused), "column %zu: %s", error->at + 1,
			 error->text);
	else
		snprintf(ui->refused, sizeof(ui->refused), "%s", strerror(-err));
}

/* Return whether the screen searches a list of execs, by an expression, and not a text. */
static bool prompt_searches_list(struct ebt_ui *ui)
{
	return ebt_ui_ops(ui)->find == ebt_list_find;
}

bool ebt_ui_set_search(struct ebt_ui *ui, const char *pattern)
{
	struct ebt_expr_error error;
	int err;

	snprintf(ui->search, sizeof(ui->search), "%s", pattern);
	ui->search_valid = pattern[0] && ebt_matcher_set(&ui->matcher, pattern, NULL, 0) == 0;
	ebt_expr_free(&ui->search_expr);
	err = ebt_expr_new(&ui->search_expr, pattern, &error);
	if (err && prompt_searches_list(ui))
		prompt_refuse(ui, err, &error);
	return prompt_searches_list(ui) ? ui->search_expr != NULL : ui->search_valid;
}

size_t ebt_ui_find_in(struct ebt_ui *ui, struct ebt_bytes text, size_t from, size_t *len)
{
	size_t at;

	while (ui->search_valid && from < text.len) {
		if (!ebt_matcher_find(&ui->matcher, text, from, &at, len))
			break;
		if (*len > 0)
			return at;
		from = at + 1; /* an empty match cannot be shown */
	}
	return SIZE_MAX;
}

bool ebt_ui_matches(struct ebt_ui *ui, struct ebt_bytes text)
{
	return ui->search_valid && ebt_matcher_text(&ui->matcher, text);
}

/* Say where a search has found nothing, or nothing for certain. */
static void prompt_say_found(struct ebt_ui *ui)
{
	if (ui->search_failed)
		ebt_ui_say(ui, EBT_LOG_INFO, "not found: %s", ui->search);
	else if (ui->search_unsure)
		ebt_ui_say(ui, EBT_LOG_INFO,
			   "not found for certain; this one may match, part of it is unknown: %s",
			   ui->search);
}

void ebt_ui_find(struct ebt_ui *ui, int dir)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);

	if (!ops->find)
		return;
	if (!ui->search[0]) {
		ebt_ui_say(ui, EBT_LOG_INFO, "nothing to search for: F3 or / first");
		return;
	}
	ui->search_unsure = false;
	ui->search_failed = !ops->find(ui, dir);
	if (!ui->prompting)
		prompt_say_found(ui);
}

/* Return false, with the reason above the prompt, if the text is refused; the filter stays then. */
static bool prompt_set_filter(struct ebt_ui *ui, const char *pattern)
{
	struct ebt_expr_error error = { 0 };
	int err = ebt_model_set_filter(ui->model, pattern, &error);

	if (err) {
		prompt_refuse(ui, err, &error);
		return false;
	}
	snprintf(ui->filter, sizeof(ui->filter), "%s", pattern);
	ebt_ui_pause_again(ui); /* the lists stand still from here on */
	return true;
}

void ebt_ui_open_prompt(struct ebt_ui *ui, enum ebt_prompt_kind kind)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);

	ui->prompting = kind;
	ui->search_failed = ui->search_unsure = false;
	ui->refused[0] = ui->completions[0] = '\0';
	if (kind == EBT_PROMPT_SEARCH) {
		ebt_prompt_set(&ui->prompt, "Search", "");
		ui->search_from = ops->place ? ops->place(ui) : 0;
	} else {
		ebt_prompt_set(&ui->prompt, "Filter", ui->filter);
		memcpy(ui->filter_before, ui->filter, sizeof(ui->filter_before));
	}
}

/* Let the word before the cursor go on as far as all that was seen agrees, and show the candidates. */
static void prompt_complete(struct ebt_ui *ui)
{
	struct ebt_prompt *p = &ui->prompt;
	struct ebt_expr_completion c;

	ebt_expr_complete(&c, p->text, p->cursor, ebt_model_complete, ui->model);
	if (strlen(c.word) > p->cursor - c.at) {
		while (p->cursor > c.at)
			ebt_prompt_key(p, EBT_KEY_BACKSPACE);
		for (const char *at = c.word; *at; at++)
			ebt_prompt_key(p, (unsigned char)*at);
	}
	if (c.count != 1)
		snprintf(ui->completions, sizeof(ui->completions), "%s",
			 c.count ? c.list : "nothing that was seen goes on like this");
}

/* Take a key of a prompt for an expression. Return whether the text has changed. */
static bool prompt_expression(struct ebt_ui *ui, uint32_t key)
{
	char before[EBT_PROMPT_MAX];

	memcpy(before, ui->prompt.text, sizeof(before));
	if (key == EBT_KEY_TAB)
		prompt_complete(ui);
	else
		ebt_prompt_key(&ui->prompt, key);
	return strcmp(before, ui->prompt.text) != 0;
}

static void prompt_search(struct ebt_ui *ui, uint32_t key)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);
	bool valid;

	if (key == EBT_KEY_SHIFT_F3 || key == EBT_KEY_F3) { /* go to the next match while typing */
		ebt_ui_find(ui, key == EBT_KEY_F3 ? 1 : -1);
		return;
	}
	if (prompt_searches_list(ui) ? !prompt_expression(ui, key)
				     : !ebt_prompt_key(&ui->prompt, key))
		return;
	valid = ebt_ui_set_search(ui, ui->prompt.text);
	ui->search_failed = ui->search_unsure = false;
	if (!ui->prompt.len)
		return;
	if (valid && ui->search_from) {
		/* start where the search began; the row there may match itself */
		ops->go_to(ui, ui->search_from);
		if (ops->here && ops->here(ui))
			return;
	}
	if (valid)
		ebt_ui_find(ui, 1);
	else if (!ui->refused[0])
		ui->search_failed = true;
	if (ui->completions[0])
		ui->refused[0] = '\0';
}

/* Take what was typed. A pattern that is refused stays in the prompt, to be corrected. */
static void prompt_done(struct ebt_ui *ui)
{
	enum ebt_prompt_kind kind = ui->prompting;

	if (kind == EBT_PROMPT_FILTER && !prompt_set_filter(ui, ui->prompt.text))
		return;
	if (kind == EBT_PROMPT_SEARCH && ui->prompt.len &&
	    !ebt_ui_set_search(ui, ui->prompt.text)) {
		if (!ui->refused[0])
			snprintf(ui->refused, sizeof(ui->refused), "not a regular expression");
		return;
	}
	if (kind == EBT_PROMPT_SAVE) {
		ebt_save_name(ui, false);
		return;
	}
	ui->prompting = EBT_PROMPT_NONE;
	if (kind == EBT_PROMPT_VALUE)
		ebt_ui_screen_ops(ui, EBT_SCREEN_SETUP)->value(ui, ui->prompt.text);
	else if (kind == EBT_PROMPT_SEARCH && ui->prompt.len)
		prompt_say_found(ui);
}

/* Apply the filter while it is typed. What is not complete yet leaves the one before in force. */
static void prompt_filter(struct ebt_ui *ui, uint32_t key)
{
	if (prompt_expression(ui, key))
		prompt_set_filter(ui, ui->prompt.text);
	if (ui->completions[0])
		ui->refused[0] =
			'\0'; /* what may follow says more than that something is missing */
}

/* As in htop, Esc takes the filter away; Ctrl-C and F10 leave it as it was. */
static void prompt_cancel(struct ebt_ui *ui, uint32_t key)
{
	if (ui->prompting == EBT_PROMPT_SEARCH && ui->search_from)
		ebt_ui_ops(ui)->go_to(ui, ui->search_from);
	if (ui->prompting == EBT_PROMPT_FILTER)
		prompt_set_filter(ui, key == EBT_KEY_ESC ? "" : ui->filter_before);
	ui->prompting = EBT_PROMPT_NONE;
}

void ebt_ui_prompt_key(struct ebt_ui *ui, uint32_t key)
{
	ui->refused[0] = ui->completions[0] = '\0';
	if (key == EBT_KEY_CTRL_C || key == EBT_KEY_ESC || key == EBT_KEY_F10)
		prompt_cancel(ui, key);
	else if (key == EBT_KEY_ENTER)
		prompt_done(ui);
	else if (ui->prompting == EBT_PROMPT_SEARCH)
		prompt_search(ui, key);
	else if (ui->prompting == EBT_PROMPT_FILTER)
		prompt_filter(ui, key);
	else
		ebt_prompt_key(&ui->prompt, key);
}
