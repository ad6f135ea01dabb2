/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/ui_state.h"

#include <stdarg.h>
#include <stdio.h>

const struct ebt_screen_ops *ebt_ui_screen_ops(const struct ebt_ui *ui, unsigned screen)
{
	return ui->options.screens[screen < EBT_SCREEN_MAX ? screen : 0];
}

bool ebt_ui_has_tab(const struct ebt_ui *ui, unsigned screen)
{
	return screen < EBT_SCREEN_TABS && (screen != EBT_SCREEN_PROFILES || ui->profiles);
}

const struct ebt_screen_ops *ebt_ui_ops(const struct ebt_ui *ui)
{
	return ebt_ui_screen_ops(ui, ui->screen);
}

void ebt_ui_request(struct ebt_ui *ui, const struct ebt_ui_request *request)
{
	unsigned at = (ui->request_first + ui->request_count) % EBT_REQUESTS_MAX;

	if (ui->request_count == EBT_REQUESTS_MAX) /* nobody takes requests, so keep the newest */
		at = (at + EBT_REQUESTS_MAX - 1) % EBT_REQUESTS_MAX;
	else
		ui->request_count++;
	ui->requests[at] = *request;
}

bool ebt_ui_next_request(struct ebt_ui *ui, struct ebt_ui_request *request)
{
	if (!ui->request_count)
		return false;
	*request = ui->requests[ui->request_first];
	ui->request_first = (ui->request_first + 1) % EBT_REQUESTS_MAX;
	ui->request_count--;
	return true;
}

void ebt_ui_message(enum ebt_log_level level, const char *text, void *arg)
{
	struct ebt_ui *ui = arg;
	struct ebt_message *message = &ui->messages[ui->message_count++ % EBT_MESSAGES_MAX];

	message->level = level;
	message->real_ns = ui->snap.now_real_ns;
	snprintf(message->text, sizeof(message->text), "%s", text);
	ui->message_new = true;
	ui->message_until_ns = 0; /* set by the frame that shows it */
	ui->dirty = true;
}

void ebt_ui_say(struct ebt_ui *ui, enum ebt_log_level level, const char *fmt, ...)
{
	char text[EBT_MESSAGE_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ebt_ui_message(level, text, ui);
}

void ebt_ui_hit(struct ebt_ui *ui, int x, int x_end, int y, uint32_t key)
{
	if (ui->hit_count < EBT_HITS_MAX && x < x_end)
		ui->hits[ui->hit_count++] = (struct ebt_hit){ x, x_end, y, key };
}

void ebt_ui_go(struct ebt_ui *ui, enum ebt_ui_screen screen)
{
	if (ui->screen < EBT_SCREEN_TABS && ui->screen != EBT_SCREEN_TREE)
		ui->before_tree = ui->screen;
	ui->screen = screen;
	ui->panel = EBT_PANEL_NONE;
	ui->search_failed = ui->search_unsure = false;
	if (ebt_ui_ops(ui)->enter)
		ebt_ui_ops(ui)->enter(ui);
	ui->dirty = true;
}

enum ebt_ui_screen *ebt_ui_from(struct ebt_ui *ui, enum ebt_ui_screen screen)
{
	switch (screen) {
	case EBT_SCREEN_DETAILS:
		return &ui->details.from;
	case EBT_SCREEN_HELP:
		return &ui->help_from;
	case EBT_SCREEN_SETUP:
		return &ui->setup.from;
	case EBT_SCREEN_REFUSAL:
		return &ui->refusal.from;
	case EBT_SCREEN_OUTPUT:
		return &ui->output.pane.from;
	default:
		return NULL;
	}
}

void ebt_ui_open(struct ebt_ui *ui, enum ebt_ui_screen screen)
{
	enum ebt_ui_screen below = ui->screen, *from;

	/* Return to a screen that was left on the way: if it were opened once more, two screens
	 * would lead back to each other for ever. */
	while (below != screen && (from = ebt_ui_from(ui, below)))
		below = *from;
	if (below != screen)
		*ebt_ui_from(ui, screen) = ui->screen;
	ebt_ui_go(ui, screen);
}

void ebt_ui_touch(struct ebt_ui *ui)
{
	ui->dirty = true;
}

const struct ebt_settings *ebt_ui_settings(const struct ebt_ui *ui)
{
	return &ui->settings;
}

unsigned ebt_ui_theme(const struct ebt_ui *ui)
{
	return ui->settings.theme;
}

enum ebt_ui_screen ebt_ui_current(const struct ebt_ui *ui)
{
	return ui->screen;
}

bool ebt_ui_paused(const struct ebt_ui *ui)
{
	return ui->paused;
}
