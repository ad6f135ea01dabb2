/* SPDX-License-Identifier: BSD-3-Clause */
/* refusal.c - the screen that shows why a retune was refused, with the full output of compiler or
 * verifier */
#include <string.h>

#include "ui/core/text_pane.h"
#include "ui/screens/registry.h"

static void refusal_open(struct ebt_ui *ui)
{
	struct ebt_bytes text = ui->status->refusal;
	const char *error =
		text.len ? memmem(text.data, text.len, "error:", strlen("error:")) : NULL;

	if (!text.len) {
		ebt_ui_say(ui, EBT_LOG_INFO, "no retune was refused with words to read");
		return;
	}
	/* A compiler reports the error first, the verifier last. */
	ui->refusal = (struct ebt_text_pane){ .from = ui->refusal.from, .to_end = !error };
	if (error)
		ebt_text_pane_show(&ui->refusal, text, (size_t)(error - text.data));
	ebt_ui_open(ui, EBT_SCREEN_REFUSAL);
}

static void refusal_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_bytes text = ui->status->refusal;
	size_t line, lines;
	int title = y++;

	if (ui->status->refused)
		y = ebt_paragraph(grid, 1, y, grid->width - 1, y_end, EBT_ROLE_WARN,
				  ui->status->refused);
	ebt_text_pane_fit(&ui->refusal, text, y, y_end);
	line = ebt_text_pane_line(&ui->refusal, text, &lines);
	ebt_grid_fill(grid, 0, title, grid->width, EBT_ROLE_HEAD, ' ');
	ebt_grid_printf(grid, 1, title, grid->width, EBT_ROLE_HEAD,
			"A retune was refused: line %zu of %zu", line, lines);
	ebt_text_pane_draw(&ui->refusal, ui, grid, text, y, y_end);
}

static bool refusal_action(struct ebt_ui *ui, enum ebt_action action)
{
	return ebt_text_pane_action(&ui->refusal, ui->status->refusal, action);
}

static enum ebt_action refusal_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	ebt_text_pane_move(&ui->refusal, ui->status->refusal, ebt_wheel_lines(type));
	return EBT_ACT_NONE;
}

const struct ebt_screen_ops ebt_screen_refusal = {
	.title = "Refusal",
	.where = EBT_IN_REFUSAL,
	.draw = refusal_draw,
	.action = refusal_action,
	.mouse = refusal_mouse,
	.open = refusal_open,
};
