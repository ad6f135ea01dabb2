/* SPDX-License-Identifier: BSD-3-Clause */
/* foot.c - draw the last line: a prompt, a message, or the labels of the function keys */
#include "ui/core/foot.h"

#include <string.h>

#include "ui/core/question.h"
#include "ui/core/ui_state.h"

#define FKEYS	   10
#define LABEL_WIDE 6

/* Return the label of a function key on this screen, or NULL if the key does nothing there. */
static const char *foot_label_of(uint32_t key, unsigned where)
{
	for (size_t i = 0; i < ebt_bindings_count; i++)
		for (size_t k = 0; k < EBT_KEYS_MAX && (ebt_bindings[i].where & where); k++)
			if (ebt_bindings[i].keys[k] == key)
				return ebt_bindings[i].label;
	return NULL;
}

static int foot_slot(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y, const char *name,
		     const char *label, int label_width, uint32_t key)
{
	int start = x;

	x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_FKEY, name);
	ebt_grid_fill(grid, x, y, x + label_width, EBT_ROLE_FLABEL, ' ');
	ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_FLABEL, label);
	x += label_width;
	ebt_ui_hit(ui, start, x, y, key);
	return x;
}

static void foot_modal_bar(struct ebt_ui *ui, struct ebt_grid *grid, int y, const char *enter)
{
	int x = foot_slot(ui, grid, 0, y, "Enter", enter, (int)strlen(enter) + 1, EBT_KEY_ENTER);

	x = foot_slot(ui, grid, x, y, "Esc", "Cancel", 7, EBT_KEY_ESC);
	ebt_grid_fill(grid, x, y, grid->width, EBT_ROLE_FLABEL, ' ');
}

static void foot_question_bar(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	const struct ebt_answer *answers;
	unsigned count;
	const char *text = ebt_question_text(ui, &answers, &count);
	int need = 0, x;

	for (unsigned i = 0; i < count; i++)
		need += (int)(strlen(answers[i].name) + strlen(answers[i].label)) + 2;
	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_PROMPT, ' ');
	/* The answers are needed more than all of the text. */
	x = grid->width > need ? grid->width - need : 0;
	x = ebt_grid_bytes(grid, 1, y, x, EBT_ROLE_PROMPT, ebt_bytes_from(text), 0, true) + 1;
	for (unsigned i = 0; i < count; i++) {
		x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_FKEY, " ");
		x = foot_slot(ui, grid, x, y, answers[i].name, answers[i].label,
			      (int)strlen(answers[i].label) + 1, answers[i].key);
	}
}

static void foot_key_bar(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	/* which keys stay when there is no room for all, the most needed first */
	static const uint8_t wanted[FKEYS] = { 10, 1, 4, 3, 2, 6, 5, 9, 8, 7 };
	unsigned where = ebt_ui_ops(ui)->where;
	bool shown[FKEYS + 1] = { false };
	int need = 0, x = 0;

	for (int i = 0; i < FKEYS; i++) {
		uint32_t key = EBT_KEY_F1 + (uint32_t)wanted[i] - 1;
		int width = (wanted[i] == 10 ? 3 : 2) + LABEL_WIDE;

		if (!foot_label_of(key, where))
			continue;
		/* the last label needs no padding */
		if (need + width - (wanted[i] == 10 ? 2 : 0) > grid->width)
			break;
		shown[wanted[i]] = true;
		need += width - (wanted[i] == 10 ? 2 : 0);
	}
	for (int i = 1; i <= FKEYS; i++) {
		uint32_t key = EBT_KEY_F1 + (uint32_t)i - 1;
		char name[EBT_KEY_NAME_LEN];

		if (shown[i])
			x = foot_slot(ui, grid, x, y, ebt_key_name(name, key),
				      foot_label_of(key, where), LABEL_WIDE, key);
	}
	ebt_grid_fill(grid, x, y, grid->width, EBT_ROLE_FLABEL, ' ');
}

static void foot_message(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	const struct ebt_message *last = &ui->messages[(ui->message_count - 1) % EBT_MESSAGES_MAX];

	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_PROMPT, ' ');
	ebt_grid_bytes(grid, 1, y, grid->width, EBT_ROLE_PROMPT, ebt_bytes_from(last->text), 0,
		       true);
}

/* Draw what is wrong with the text of the prompt, or how it may go on, in the lines above it, so that
 * the text stays. */
static void foot_above(struct ebt_grid *grid, int y, enum ebt_role role, const char *text)
{
	int lines = (int)strlen(text) + 2 > grid->width && y > 3 ? 2 : 1;

	for (int i = y - lines; i < y; i++)
		ebt_grid_fill(grid, 0, i, grid->width, EBT_ROLE_PROMPT, ' ');
	ebt_paragraph(grid, 1, y - lines, grid->width, y, role, text);
}

void ebt_foot_draw(struct ebt_ui *ui, struct ebt_grid *grid)
{
	int y = grid->height - 1;

	if (grid->height < 3)
		return;
	if (ui->question) {
		foot_question_bar(ui, grid, y);
	} else if (ui->prompting) {
		ebt_prompt_draw(&ui->prompt, grid, 0, y, grid->width);
		if (ui->refused[0])
			foot_above(grid, y, EBT_ROLE_MARK, ui->refused);
		else if (ui->completions[0])
			foot_above(grid, y, EBT_ROLE_PROMPT, ui->completions);
		else if (ui->prompting == EBT_PROMPT_SEARCH && ui->search_failed)
			ebt_grid_right(grid, 0, y, grid->width, EBT_ROLE_MARK, " not found ");
		else if (ui->prompting == EBT_PROMPT_SEARCH && ui->search_unsure)
			ebt_grid_right(grid, 0, y, grid->width, EBT_ROLE_MARK, " may match ");
	} else if (ui->message_new) {
		foot_message(ui, grid, y);
	} else if (ui->panel) {
		foot_modal_bar(ui, grid, y, "Choose");
	} else {
		foot_key_bar(ui, grid, y);
	}
}
