/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "ui/setup_tuning.h"
#include "ui/ui_impl.h"

#define RING_MIN 4096u /* a page */
#define RING_MAX (1u << 30)
#define POLL_MAX 10000u

static const struct {
	const char *label, *help;
	uint64_t min, max;
	bool all, off, power2;
} items[EBT_TUNE_MAX] = {
	[EBT_TUNE_SCRATCH] = { "Scratch", "per-CPU slot in which an event is built",
			       EBT_SCRATCH_MIN, EBT_SCRATCH_MAX, false, false, false },
	[EBT_TUNE_RING] = { "Ring", "kernel to here; a power of two", RING_MIN, RING_MAX, false,
			    false, true },
	[EBT_TUNE_ARGS] = { "Arguments", "bytes kept of an exec's arguments, or all", 64,
			    EBT_ARGS_MAX, true, false, false },
	[EBT_TUNE_ENV] = { "Environment", "bytes of environment, all, or off", 64, EBT_ARGS_MAX,
			   true, true, false },
	[EBT_TUNE_POLL] = { "Poll", "milliseconds between looks into the ring", 1, POLL_MAX, false,
			    false, false },
};

static uint64_t get(const struct ebt_ui_tuning *t, int item)
{
	switch (item) {
	case EBT_TUNE_SCRATCH:
		return t->scratch_bytes;
	case EBT_TUNE_RING:
		return t->ring_bytes;
	case EBT_TUNE_ARGS:
		return t->args_limit_bytes;
	case EBT_TUNE_ENV:
		return t->env_limit_bytes;
	default:
		return t->poll_ms;
	}
}

static void set(struct ebt_ui *ui, int item, uint64_t value)
{
	struct ebt_ui_tuning *t = &ui->setup.tuning;

	switch (item) {
	case EBT_TUNE_SCRATCH:
		t->scratch_bytes = value;
		break;
	case EBT_TUNE_RING:
		t->ring_bytes = value;
		break;
	case EBT_TUNE_ARGS:
		t->args_limit_bytes = value;
		break;
	case EBT_TUNE_ENV:
		t->env_limit_bytes = value;
		break;
	default:
		t->poll_ms = (uint32_t)value;
		break;
	}
	ui->setup.edited = false;
	for (int i = 0; i < EBT_TUNE_MAX; i++)
		ui->setup.edited |= get(t, i) != get(&ui->status->tuning, i);
}

static const char *show(char out[EBT_FMT_LEN], int item, uint64_t value)
{
	if (value == EBT_UI_ALL)
		return "all";
	if (value == 0 && items[item].off)
		return "off";
	if (item == EBT_TUNE_POLL) {
		snprintf(out, EBT_FMT_LEN, "%llums", (unsigned long long)value);
		return out;
	}
	return ebt_fmt_bytes(out, value);
}

void ebt_tuning_draw(struct ebt_ui *ui, struct ebt_grid *grid, int item, int y)
{
	uint64_t now = get(&ui->status->tuning, item), want = get(&ui->setup.tuning, item);
	char text[EBT_FMT_LEN];

	ebt_grid_puts(grid, 1, y, grid->width, EBT_ROLE_LABEL, items[item].label);
	ebt_grid_right(grid, 14, y, 20 < grid->width ? 20 : grid->width, EBT_ROLE_VALUE,
		       show(text, item, now));
	if (want != now)
		ebt_grid_printf(grid, 22, y, 32 < grid->width ? 32 : grid->width, EBT_ROLE_WARN,
				"> %s", show(text, item, want));
	ebt_grid_puts(grid, 33, y, grid->width, EBT_ROLE_DIM, items[item].help);
}

void ebt_tuning_cost(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_ui_tuning *t = &ui->setup.tuning;
	char a[EBT_FMT_LEN], b[EBT_FMT_LEN], text[200];
	uint64_t scratch = 2 * t->scratch_bytes * ui->snap.ncpu;

	snprintf(text, sizeof(text),
		 "These buffers take %s: scratch %s on %u CPUs, and the ring. An event larger than "
		 "a "
		 "slot comes in several records.",
		 ebt_fmt_bytes(a, scratch + t->ring_bytes), ebt_fmt_bytes(b, scratch),
		 ui->snap.ncpu);
	y = ebt_paragraph(grid, 1, y, grid->width - 1, y_end, EBT_ROLE_DIM, text);
	if (ui->setup.edited && y < y_end)
		ebt_grid_puts(grid, 1, y + 1, grid->width, EBT_ROLE_WARN,
			      y + 1 < y_end ? "Not applied yet: F5" : "");
	else if (ui->status->compiling && y < y_end)
		ebt_grid_puts(grid, 1, y + 1, grid->width, EBT_ROLE_WARN,
			      y + 1 < y_end ? "Compiling, then swapping" : "");
}

/* Doubles or halves to a power of two; past the ends lie "all" and "off". */
static uint64_t stepped(int item, uint64_t value, int by)
{
	uint64_t power = items[item].min;

	if (value == EBT_UI_ALL)
		return by > 0 ? value : (uint64_t)1 << 20;
	if (value == 0)
		return by > 0 ? items[item].min : 0;
	if (item == EBT_TUNE_POLL)
		power = 1;
	while (power < value)
		power *= 2;
	if (by > 0)
		value = power > value ? power : power * 2;
	else
		value = power / 2;
	if (value > items[item].max || (items[item].all && value > (uint64_t)1 << 20))
		return items[item].all ? EBT_UI_ALL : items[item].max;
	if (value < items[item].min)
		return items[item].off ? 0 : items[item].min;
	return value;
}

void ebt_tuning_step(struct ebt_ui *ui, int item, int by)
{
	set(ui, item, stepped(item, get(&ui->setup.tuning, item), by));
}

void ebt_tuning_ask(struct ebt_ui *ui, int item)
{
	char text[EBT_FMT_LEN];
	uint64_t value = get(&ui->setup.tuning, item);

	if (value == EBT_UI_ALL || (value == 0 && items[item].off))
		snprintf(text, sizeof(text), "%s", value ? "all" : "off");
	else
		snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	ebt_prompt_set(&ui->prompt, items[item].label, text);
	ui->prompting = EBT_PROMPT_VALUE;
}

void ebt_setup_value(struct ebt_ui *ui, const char *text)
{
	int item = ui->setup.selected[0];
	char a[EBT_FMT_LEN], b[EBT_FMT_LEN];
	uint64_t value = 0;

	if (items[item].all && strcmp(text, "all") == 0) {
		set(ui, item, EBT_UI_ALL);
	} else if (items[item].off && strcmp(text, "off") == 0) {
		set(ui, item, 0);
	} else if (ebt_parse_size(text, &value) < 0 || value < items[item].min ||
		   value > items[item].max) {
		ebt_ui_say(ui, EBT_LOG_WARN, "%s: \"%.60s\" is not between %s and %s%s%s",
			   items[item].label, text, show(a, item, items[item].min),
			   show(b, item, items[item].max), items[item].all ? ", or all" : "",
			   items[item].off ? ", or off" : "");
	} else if (items[item].power2 && (value & (value - 1))) {
		ebt_ui_say(ui, EBT_LOG_WARN, "%s: %s is not a power of two", items[item].label,
			   text);
	} else {
		set(ui, item, value);
	}
}

void ebt_tuning_apply(struct ebt_ui *ui)
{
	if (ui->status->replay) {
		ebt_ui_say(ui, EBT_LOG_INFO, "this is a recording: there is nothing to tune");
		return;
	}
	if (!ui->setup.edited) {
		ebt_ui_say(ui, EBT_LOG_INFO, "nothing to apply: the values are those that run");
		return;
	}
	ebt_ui_request(
		ui, &(struct ebt_ui_request){ .type = EBT_REQ_RETUNE, .tuning = ui->setup.tuning });
	ui->setup.edited = false;
	ebt_ui_say(ui, EBT_LOG_INFO, "compiling with the new values");
}
