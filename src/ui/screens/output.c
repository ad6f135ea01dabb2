/* SPDX-License-Identifier: BSD-3-Clause */
/* output.c - the screen that shows the newest output of COMMAND
 *
 * It follows the output at its end. Away from the end the text stands still. */
#include "base/cleanup.h"
#include "base/format.h"
#include "ui/core/keys_to_actions.h"
#include "ui/core/text_pane.h"
#include "ui/screens/printed_text.h"
#include "ui/screens/registry.h"

static struct ebt_bytes output_text(const struct ebt_ui *ui)
{
	return (struct ebt_bytes){ ui->output.text.data, ui->output.text.len };
}

static void output_renew(struct ebt_ui *ui)
{
	struct ebt_output_state *o = &ui->output;

	if (o->written == ui->status->output_bytes)
		return;
	o->written = ui->status->output_bytes;
	ebt_buf_reset(&o->text);
	ebt_printed_text(ui->status->output, &o->text);
}

static void output_open(struct ebt_ui *ui)
{
	if (!ui->status->command) {
		ebt_ui_say(ui, EBT_LOG_INFO,
			   "there is no output: no command was started (execbig-top -- COMMAND)");
		return;
	}
	if (!ui->status->output_bytes) {
		ebt_ui_say(ui, EBT_LOG_INFO, "%s has written nothing yet", ui->status->command);
		return;
	}
	ui->output.pane = (struct ebt_text_pane){ .from = ui->output.pane.from, .to_end = true };
	ebt_ui_open(ui, EBT_SCREEN_OUTPUT);
}

static void output_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_text_pane *pane = &ui->output.pane;
	char size[EBT_FMT_LEN];
	size_t line, lines;
	int title = y++;

	if (pane->to_end || !ui->output.text.len)
		output_renew(ui);
	ebt_text_pane_fit(pane, output_text(ui), y, y_end);
	line = ebt_text_pane_line(pane, output_text(ui), &lines);
	ebt_grid_fill(grid, 0, title, grid->width, EBT_ROLE_HEAD, ' ');
	ebt_buf_reset(&ui->scratch);
	ebt_buf_printf(&ui->scratch, "Output of %s (%s): line %zu of %zu%s",
		       ui->status->command ? ui->status->command : "?",
		       ebt_fmt_bytes(size, ui->status->output_bytes), line, lines,
		       pane->to_end ? "" : "; End: follow");
	if (ui->status->waiter)
		ebt_buf_printf(&ui->scratch, "; %s", ui->status->waiter);
	ebt_grid_bytes(grid, 1, title, grid->width, EBT_ROLE_HEAD,
		       (struct ebt_bytes){ ui->scratch.data, ui->scratch.len }, 0, true);
	ebt_text_pane_draw(pane, ui, grid, output_text(ui), y, y_end);
}

static bool output_action(struct ebt_ui *ui, enum ebt_action action)
{
	if (action == EBT_ACT_OUTPUT) {
		ebt_ui_do(ui, EBT_ACT_BACK);
		return true;
	}
	return ebt_text_pane_action(&ui->output.pane, output_text(ui), action);
}

static enum ebt_action output_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	ebt_text_pane_move(&ui->output.pane, output_text(ui), ebt_wheel_lines(type));
	return EBT_ACT_NONE;
}

static void output_close(struct ebt_ui *ui)
{
	ebt_buf_free(&ui->output.text);
	ui->output.written = 0;
}

const struct ebt_screen_ops ebt_screen_output = {
	.title = "Output",
	.where = EBT_IN_OUTPUT,
	.draw = output_draw,
	.action = output_action,
	.mouse = output_mouse,
	.open = output_open,
	.close = output_close,
};
