/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/screens/setup_tuning.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "ui/core/ui_state.h"

#define RING_MIN 65536u
#define RING_MAX (1u << 30)
#define POLL_MAX 1000u
#define VALUE_X	 14

static const struct {
	const char *label, *help;
	uint64_t min, max, multiple; /* multiple 0 allows any number */
	bool all, off, power2;
	const char *choice[2]; /* the two choices; texts and numbers have none */
} items[EBT_TUNE_MAX] = {
	[EBT_TUNE_SCRATCH] = { "Scratch", "per-CPU slot in which an event is built",
			       EBT_SCRATCH_MIN, EBT_SCRATCH_MAX, .multiple = 8 },
	[EBT_TUNE_RING] = { "Ring", "kernel to here; a power of two", RING_MIN, RING_MAX,
			    .power2 = true },
	[EBT_TUNE_ARGS] = { "Arguments", "bytes kept of an exec's arguments, all, or off", 64,
			    EBT_ARGS_MAX, .all = true, .off = true },
	[EBT_TUNE_ENV] = { "Environment", "bytes of environment, all, or off", 64, EBT_ARGS_MAX,
			   .all = true, .off = true },
	[EBT_TUNE_POLL] = { "Poll", "milliseconds between looks into the ring", 1, POLL_MAX },
	[EBT_TUNE_TRANSPORT] = { "Transport", "one ring, or a perf buffer on each CPU", 0, 1,
				 .choice = { "ring", "perf" } },
	[EBT_TUNE_FAILED] = { "Failed execs", "may slow every system call (see -x)", 0, 1,
			      .choice = { "off", "on" } },
	[EBT_TUNE_FILTER + EBT_UI_USER] = { "User", "only execs of this user, name or number" },
	[EBT_TUNE_FILTER + EBT_UI_PIDS] = { "Processes", "only these ids and what they start" },
	[EBT_TUNE_FILTER + EBT_UI_COMM] = { "Name", "only programs whose name matches" },
	[EBT_TUNE_FILTER + EBT_UI_MATCH] = { "Command", "only command lines that match" },
	[EBT_TUNE_FILTER + EBT_UI_CGROUP] = { "Cgroup", "only execs in this one or below" },
};

static bool is_text(int item)
{
	return item >= EBT_TUNE_FILTER;
}

static uint64_t tuning_form_get(const struct ebt_ui_tuning *t, int item)
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
	case EBT_TUNE_POLL:
		return t->poll_ms;
	case EBT_TUNE_TRANSPORT:
		return t->perf;
	case EBT_TUNE_FAILED:
		return t->failed;
	default:
		return 0;
	}
}

static const char *get_text(const struct ebt_ui_tuning *t, int item)
{
	return t->filter[item - EBT_TUNE_FILTER];
}

static bool tuning_form_differs(const struct ebt_ui_tuning *a, const struct ebt_ui_tuning *b,
				int item)
{
	return is_text(item) ? strcmp(get_text(a, item), get_text(b, item)) != 0
			     : tuning_form_get(a, item) != tuning_form_get(b, item);
}

static void tuning_form_put(struct ebt_ui_tuning *t, int item, uint64_t value)
{
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
	case EBT_TUNE_TRANSPORT:
		t->perf = value;
		break;
	case EBT_TUNE_FAILED:
		t->failed = value;
		break;
	default:
		t->poll_ms = (uint32_t)value;
		break;
	}
}

static void put_text(struct ebt_ui_tuning *t, int item, const char *text)
{
	snprintf(t->filter[item - EBT_TUNE_FILTER], EBT_UI_FILTER_LEN, "%s", text);
}

/* Values that the user has not changed follow the running ones, whoever changes those meanwhile
 * (--auto, `tune`). A value that runs as the user wanted it is no longer pending. */
void ebt_tuning_follow(struct ebt_ui *ui)
{
	const struct ebt_ui_tuning *now = &ui->status->tuning;

	for (int i = 0; i < EBT_TUNE_MAX; i++) {
		if (!tuning_form_differs(&ui->setup.tuning, now, i))
			ui->setup.edited &= ~(1u << i);
		else if (ui->setup.edited & 1u << i)
			continue;
		else if (is_text(i))
			put_text(&ui->setup.tuning, i, get_text(now, i));
		else
			tuning_form_put(&ui->setup.tuning, i, tuning_form_get(now, i));
	}
}

static void tuning_form_edited(struct ebt_ui *ui, int item)
{
	ui->setup.edited |= 1u << item;
	ui->setup.unasked = true;
	ebt_tuning_follow(ui);
}

static void tuning_form_set(struct ebt_ui *ui, int item, uint64_t value)
{
	tuning_form_put(&ui->setup.tuning, item, value);
	tuning_form_edited(ui, item);
}

static void set_text(struct ebt_ui *ui, int item, const char *text)
{
	put_text(&ui->setup.tuning, item, text);
	tuning_form_edited(ui, item);
}

static const char *tuning_form_show(char out[EBT_FMT_LEN], int item, uint64_t value)
{
	if (items[item].choice[0])
		return items[item].choice[value != 0];
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

static void draw_text(struct ebt_ui *ui, struct ebt_grid *grid, int item, int y)
{
	const char *now = get_text(&ui->status->tuning, item);
	const char *want = get_text(&ui->setup.tuning, item);
	int x = ebt_grid_bytes(grid, VALUE_X, y, grid->width, EBT_ROLE_VALUE, ebt_bytes_from(now),
			       0, true);

	if (!*now)
		x = ebt_grid_puts(grid, VALUE_X, y, grid->width, EBT_ROLE_VALUE, "     -");
	if (strcmp(now, want) != 0) {
		x = ebt_grid_puts(grid, x > 22 ? x + 1 : 22, y, grid->width, EBT_ROLE_WARN, "> ");
		ebt_grid_bytes(grid, x, y, grid->width, EBT_ROLE_WARN,
			       ebt_bytes_from(*want ? want : "-"), 0, true);
	} else if (!*now) {
		ebt_grid_puts(grid, 33, y, grid->width, EBT_ROLE_DIM, items[item].help);
	}
}

void ebt_tuning_draw(struct ebt_ui *ui, struct ebt_grid *grid, int item, int y)
{
	uint64_t now = tuning_form_get(&ui->status->tuning, item),
		 want = tuning_form_get(&ui->setup.tuning, item);
	char text[EBT_FMT_LEN];

	ebt_grid_puts(grid, 1, y, grid->width, EBT_ROLE_LABEL, items[item].label);
	if (is_text(item)) {
		draw_text(ui, grid, item, y);
		return;
	}
	ebt_grid_right(grid, VALUE_X, y, 20 < grid->width ? 20 : grid->width, EBT_ROLE_VALUE,
		       tuning_form_show(text, item, now));
	if (want != now)
		ebt_grid_printf(grid, 22, y, 32 < grid->width ? 32 : grid->width, EBT_ROLE_WARN,
				"> %s", tuning_form_show(text, item, want));
	ebt_grid_puts(grid, 33, y, grid->width, EBT_ROLE_DIM, items[item].help);
}

bool ebt_tuning_has_state(const struct ebt_ui *ui)
{
	return ui->status->compiling || (ui->status->refused && !ui->setup.unasked) ||
	       ui->setup.edited;
}

/* Draw the state of the values. Return the row after it. */
static int tuning_form_state(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_ui_status *st = ui->status;
	char text[400], took[EBT_FMT_LEN];
	uint64_t ns = ui->now_ns > st->compiling_since_ns ? ui->now_ns - st->compiling_since_ns : 0;

	if (st->compiling)
		snprintf(text, sizeof(text), "%s for %s; what ran runs on",
			 st->loading ? "Compiled; verifying and loading" : "Compiling",
			 ebt_fmt_duration(took, ns / 100000000u * 100000000u));
	else if (st->refused && !ui->setup.unasked)
		snprintf(text, sizeof(text), "Refused, what ran runs on: %.250s%s", st->refused,
			 st->refusal.len ? " (e: all of it)" : "");
	else
		snprintf(text, sizeof(text), "Not applied yet: F5");
	return ebt_paragraph(grid, 1, y, grid->width - 1, y_end, EBT_ROLE_WARN, text);
}

void ebt_tuning_below(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_ui_tuning *t = &ui->setup.tuning;
	char a[EBT_FMT_LEN], b[EBT_FMT_LEN], text[200];
	uint64_t scratch = 2 * t->scratch_bytes * ui->snap.ncpu;

	if (ebt_tuning_has_state(ui)) {
		y = tuning_form_state(ui, grid, y, y_end);
		y += y + 2 < y_end; /* a blank line if there is room */
	}
	snprintf(text, sizeof(text),
		 "These buffers take %s: scratch %s on %u CPUs, and the ring. An event larger than "
		 "a "
		 "slot comes in several records.",
		 ebt_fmt_bytes(a, scratch + t->ring_bytes), ebt_fmt_bytes(b, scratch),
		 ui->snap.ncpu);
	ebt_paragraph(grid, 1, y, grid->width - 1, y_end, EBT_ROLE_DIM, text);
}

/* Double or halve to a power of two; beyond the ends are "all" and "off". */
static uint64_t tuning_form_stepped(int item, uint64_t value, int by)
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
	if (is_text(item))
		ebt_ui_say(ui, EBT_LOG_INFO, "%s: Enter types it, an empty text takes it away",
			   items[item].label);
	else if (items[item].choice[0])
		tuning_form_set(ui, item, !tuning_form_get(&ui->setup.tuning, item));
	else
		tuning_form_set(
			ui, item,
			tuning_form_stepped(item, tuning_form_get(&ui->setup.tuning, item), by));
}

void ebt_tuning_ask(struct ebt_ui *ui, int item)
{
	char text[EBT_FMT_LEN];
	uint64_t value = tuning_form_get(&ui->setup.tuning, item);

	if (items[item].choice[0]) {
		tuning_form_set(ui, item, !value);
		return;
	}
	if (is_text(item)) {
		ebt_prompt_set(&ui->prompt, items[item].label, get_text(&ui->setup.tuning, item));
		ui->prompting = EBT_PROMPT_VALUE;
		return;
	}
	if (value == EBT_UI_ALL || (value == 0 && items[item].off))
		snprintf(text, sizeof(text), "%s", value ? "all" : "off");
	else
		snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	ebt_prompt_set(&ui->prompt, items[item].label, text);
	ui->prompting = EBT_PROMPT_VALUE;
}

void ebt_tuning_value(struct ebt_ui *ui, const char *text)
{
	int item = ui->setup.selected[0];
	char a[EBT_FMT_LEN], b[EBT_FMT_LEN];
	uint64_t value = 0;

	if (is_text(item)) {
		set_text(ui, item, text);
	} else if (items[item].all && strcmp(text, "all") == 0) {
		tuning_form_set(ui, item, EBT_UI_ALL);
	} else if (items[item].off && strcmp(text, "off") == 0) {
		tuning_form_set(ui, item, 0);
	} else if (ebt_parse_size(text, &value) < 0 || value < items[item].min ||
		   value > items[item].max) {
		ebt_ui_say(ui, EBT_LOG_WARN, "%s: \"%.60s\" is not between %s and %s%s%s",
			   items[item].label, text, tuning_form_show(a, item, items[item].min),
			   tuning_form_show(b, item, items[item].max),
			   items[item].all ? ", or all" : "", items[item].off ? ", or off" : "");
	} else if (items[item].multiple && value % items[item].multiple) {
		ebt_ui_say(ui, EBT_LOG_WARN, "%s: %.60s is not a multiple of %u", items[item].label,
			   text, (unsigned)items[item].multiple);
	} else if (items[item].power2 && (value & (value - 1))) {
		ebt_ui_say(ui, EBT_LOG_WARN, "%s: %s is not a power of two", items[item].label,
			   text);
	} else {
		tuning_form_set(ui, item, value);
	}
}

void ebt_tuning_apply(struct ebt_ui *ui)
{
	bool compiles = false;

	if (ui->status->replay) {
		ebt_ui_say(ui, EBT_LOG_INFO, "this is a recording: there is nothing to tune");
		return;
	}
	ebt_tuning_follow(ui);
	if (!ui->setup.edited) {
		ebt_ui_say(ui, EBT_LOG_INFO, "nothing to apply: the values are those that run");
		return;
	}
	for (int i = 0; i < EBT_TUNE_FILTER; i++)
		compiles |= i != EBT_TUNE_POLL &&
			    tuning_form_differs(&ui->setup.tuning, &ui->status->tuning, i);
	/* Keep the typed text until it is in force: a refusal does not discard it. */
	ebt_ui_request(ui, &(struct ebt_ui_request){ .type = EBT_REQ_RETUNE,
						     .shown = ui->status->tuning,
						     .tuning = ui->setup.tuning });
	ui->setup.unasked = false;
	ebt_ui_say(ui, EBT_LOG_INFO, "%s",
		   compiles ? "compiling with the new values" : "asked for");
}
