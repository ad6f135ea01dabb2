/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/save.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"
#include "ui/core/prompt.h"
#include "ui/core/question.h"

#define LIST_HELP "what filter and way let pass"
#define ALL_HELP  "the whole history"

static const struct {
	enum ebt_sink_format format;
	bool recording, whole;
	const char *ending; /* of the name */
	struct ebt_menu_item item;
} choices[] = {
	{ EBT_SINK_JSON, false, false, ".json", { .text = "JSON, list", .help = LIST_HELP } },
	{ EBT_SINK_CSV, false, false, ".csv", { .text = "CSV, list", .help = LIST_HELP } },
	{ 0, true, false, ".rec", { .text = "recording, list", .help = LIST_HELP } },
	{ EBT_SINK_JSON, false, true, ".json", { .text = "JSON, all", .help = ALL_HELP } },
	{ EBT_SINK_CSV, false, true, ".csv", { .text = "CSV, all", .help = ALL_HELP } },
	{ 0, true, true, ".rec", { .text = "recording, all", .help = ALL_HELP } },
};

void ebt_save_open(struct ebt_ui *ui)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(choices); i++)
		ui->menu_items[i] = choices[i].item;
	ui->menu = (struct ebt_menu){ .title = "Save execs as",
				      .items = ui->menu_items,
				      .count = EBT_ARRAY_SIZE(choices) };
	ui->panel = EBT_PANEL_SAVE;
}

void ebt_save_choose(struct ebt_ui *ui, int item)
{
	char name[64], stamp[32] = "";
	struct tm tm;
	time_t now = (time_t)(ui->snap.now_real_ns / 1000000000u);

	if (item < 0 || (size_t)item >= EBT_ARRAY_SIZE(choices))
		return;
	ui->save = (struct ebt_ui_save){ .format = choices[item].format,
					 .recording = choices[item].recording,
					 .whole = choices[item].whole,
					 .until_id = ui->paused ? ui->paused_last_id : 0 };
	if (localtime_r(&now, &tm))
		strftime(stamp, sizeof(stamp), "-%Y%m%d-%H%M%S", &tm);
	snprintf(name, sizeof(name), "execs%s%s", stamp, choices[item].ending);
	ebt_ui_open_prompt(ui, EBT_PROMPT_SAVE);
	ebt_prompt_set(&ui->prompt, "File", name);
}

void ebt_save_name(struct ebt_ui *ui, bool replace)
{
	struct ebt_ui_request request = { .type = EBT_REQ_SAVE_EXECS };

	snprintf(ui->save.path, sizeof(ui->save.path), "%s", ui->prompt.text);
	ui->save.replace = replace;
	ui->save_asked = true;
	request.save = ui->save;
	ebt_ui_request(ui, &request);
}

void ebt_ui_save_answer(struct ebt_ui *ui, int err, const char *text)
{
	bool waits = ui->save_asked && ui->prompting == EBT_PROMPT_SAVE;

	ui->save_asked = false;
	ui->dirty = true;
	if (!waits) {
		if (err)
			ebt_ui_say(ui, EBT_LOG_ERROR, "not saved: %s", text);
		return;
	}
	if (!err)
		ui->prompting = EBT_PROMPT_NONE;
	else if (err == -EEXIST)
		ui->question = EBT_QUESTION_REPLACE;
	else
		snprintf(ui->refused, sizeof(ui->refused), "%s", text);
}
