/* SPDX-License-Identifier: BSD-3-Clause */
/* head.c - draw the lines above every screen: tabs and marks, rates, the ring, meters of CPUs */
#include "ui/core/head.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"
#include "ui/core/ui_state.h"

#define METER_WIDTH 33 /* least width of a CPU's meter */

/* Draw a mark, which is a word on the right of the first line. Return the x at which it begins. */
static int head_mark(struct ebt_grid *grid, int x_end, enum ebt_role role, const char *text)
{
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII;
	int width = (int)ebt_text_width(ebt_bytes_from(text), flags);
	int x = x_end - width;

	if (x < 8)
		return x_end;
	ebt_grid_bytes(grid, x, 0, x_end, role, ebt_bytes_from(text), 0, false);
	return x - 1;
}

static uint64_t head_held(const struct ebt_ui *ui)
{
	uint64_t now = ui->snap.all_rows + ui->snap.dropped_rows;

	return now > ui->paused_at_events ? now - ui->paused_at_events : 0;
}

static int head_marks(struct ebt_ui *ui, struct ebt_grid *grid)
{
	const struct ebt_ui_status *st = ui->status;
	char text[128], n[EBT_FMT_LEN];
	int x = grid->width;

	if (grid->width >= 60) {
		snprintf(text, sizeof(text), " %s", ebt_fmt_clock(n, ui->snap.now_real_ns, 0));
		x = head_mark(grid, x, EBT_ROLE_DIM, text);
	}
	if (ui->paused) {
		snprintf(text, sizeof(text), " PAUSED %s held ", ebt_fmt_count(n, head_held(ui)));
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	}
	if (st->compiling) {
		uint64_t ns = ui->now_ns > st->compiling_since_ns
				      ? ui->now_ns - st->compiling_since_ns
				      : 0;

		snprintf(text, sizeof(text), " %s %s ", st->loading ? "loading" : "compiling",
			 ebt_fmt_duration(n, ns / 100000000u * 100000000u));
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	}
	if (st->ended)
		x = head_mark(grid, x, EBT_ROLE_MARK, " ENDED ");
	if (st->recording) {
		snprintf(text, sizeof(text), " REC %s ", ebt_fmt_bytes(n, st->recorded_bytes));
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	}
	if (st->replay)
		snprintf(text, sizeof(text), " REPLAY %s%s",
			 st->replay_state ? st->replay_state : "", st->replay_state ? " " : "");
	if (st->replay)
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	if (ui->filter[0]) {
		int room = grid->width / 3;

		snprintf(text, sizeof(text), " FILTER %.*s%s ", room < 100 ? room : 100, ui->filter,
			 (int)strlen(ui->filter) <= room ? ""
			 : grid->unicode		 ? "…"
							 : "+");
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	}
	if (st->filters && grid->width >= 60) {
		snprintf(text, sizeof(text), "only %.60s", st->filters);
		x = head_mark(grid, x, EBT_ROLE_WARN, text);
	}
	return x;
}

static int head_tabs_width(const struct ebt_ui *ui)
{
	int width = 0;

	for (unsigned i = 0; i < EBT_SCREEN_TABS; i++)
		width += ebt_ui_has_tab(ui, i) ? (int)strlen(ebt_ui_screen_ops(ui, i)->title) + 2
					       : 0;
	return width;
}

static void head_tabs(struct ebt_ui *ui, struct ebt_grid *grid, int x_end)
{
	enum ebt_ui_screen now = ui->screen;
	bool all = head_tabs_width(ui) <= x_end;
	int x = 0;

	for (unsigned i = 0; i < EBT_SCREEN_MAX; i++) {
		const struct ebt_screen_ops *ops = ebt_ui_screen_ops(ui, i);
		bool on = i == now;

		if (!ebt_ui_has_tab(ui, i) && !on)
			continue;
		if (!all && !on)
			continue;
		int end = ebt_grid_printf(grid, x, 0, x_end, on ? EBT_ROLE_TAB_ON : EBT_ROLE_TAB,
					  " %s ", ops->title);

		if (i < EBT_SCREEN_TABS)
			ebt_ui_hit(ui, x, end, 0, EBT_HIT_SCREEN | i);
		x = end;
	}
}

/* Draw a field of a line if there is room for all of it. */
static int head_field(struct ebt_grid *grid, int x, int y, const char *label, enum ebt_role role,
		      const char *value)
{
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII;
	int width = (int)strlen(label) + 1 + (int)ebt_text_width(ebt_bytes_from(value), flags);

	if (x + width > grid->width)
		return x;
	x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_LABEL, label);
	x = ebt_grid_bytes(grid, x + 1, y, grid->width, role, ebt_bytes_from(value), 0, false);
	return x + 2;
}

static int head_rate(struct ebt_grid *grid, int x, int y, const char *label, double per_s,
		     enum ebt_role role)
{
	char text[EBT_FMT_LEN];

	x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_LABEL, label) + 1;
	ebt_grid_right(grid, x, y, x + 5 < grid->width ? x + 5 : grid->width, role,
		       ebt_fmt_rate(text, per_s));
	return ebt_grid_puts(grid, x + 5, y, grid->width, EBT_ROLE_DIM, "/s") + 1;
}

static int head_clamp(int n, int low, int high)
{
	return n < low ? low : n > high ? high : n;
}

static void head_rates_line(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	const struct ebt_snapshot *snap = &ui->snap;
	int spare = grid->width - 31 - (grid->width >= 70 ? 29 : 0);
	int first = head_clamp(grid->width >= 70 ? spare * 3 / 5 : spare, 0, EBT_SPARK_LEN);
	int second = head_clamp(spare - first, 0, EBT_SPARK_LEN);
	char text[EBT_FMT_LEN];
	int x;

	x = head_rate(grid, 0, y, "Execs", snap->execs_per_s, EBT_ROLE_VALUE);
	ebt_spark(grid, x, y, x + first, EBT_ROLE_BAR1, snap->spark, EBT_SPARK_LEN, 0);
	x = head_rate(grid, x + first + (first > 0), y, "Failed", snap->failures_per_s,
		      snap->failures_per_s > 0 ? EBT_ROLE_BAD : EBT_ROLE_VALUE);
	if (grid->width < 70)
		return;
	ebt_spark(grid, x, y, x + second, EBT_ROLE_BAR3, snap->spark_failures, EBT_SPARK_LEN, 0);
	x += second + 1;
	x = head_field(grid, x, y, "Running", EBT_ROLE_VALUE, ebt_fmt_count(text, snap->running));
	x = head_field(grid, x, y, "Total", EBT_ROLE_VALUE, ebt_fmt_count(text, snap->execs));
	x = head_field(grid, x, y, "Failed", EBT_ROLE_VALUE, ebt_fmt_count(text, snap->failures));
	head_field(grid, x, y, "Exits", EBT_ROLE_VALUE, ebt_fmt_count(text, snap->exits));
}

static const char *head_limit_text(char out[EBT_FMT_LEN], uint64_t limit, const char *zero)
{
	if (limit == EBT_UI_ALL)
		return "all";
	return limit ? ebt_fmt_bytes(out, limit) : zero;
}

static void head_cpu_strip(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y);

static double head_ring_part(const struct ebt_snapshot *snap)
{
	return snap->ring_size ? (double)snap->ring_used / (double)snap->ring_size : 0;
}

static void head_ring_line(struct ebt_ui *ui, struct ebt_grid *grid, int y, bool strip)
{
	const struct ebt_snapshot *snap = &ui->snap;
	const struct ebt_ui_tuning *tuning = &ui->status->tuning;
	int bar = head_clamp(grid->width / 10, 4, 20);
	char text[64], n[EBT_FMT_LEN];
	int x = ebt_grid_puts(grid, 0, y, grid->width, EBT_ROLE_LABEL, "Ring") + 1;

	ebt_bar(grid, x, y, x + bar < grid->width ? x + bar : grid->width, head_ring_part(snap));
	x += bar + 1;
	snprintf(text, sizeof(text), "%3.0f%%", head_ring_part(snap) * 100);
	x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_VALUE, text);
	if (grid->width >= 60) {
		x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_DIM, " of ");
		x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_VALUE,
				  ebt_fmt_bytes(n, snap->ring_size));
	}
	x = head_field(grid, x + 2, y, "Lost", snap->lost_total ? EBT_ROLE_BAD : EBT_ROLE_VALUE,
		       ebt_fmt_count(n, snap->lost_total));
	if (strip) {
		head_cpu_strip(ui, grid, x, y);
		return;
	}
	if (snap->cut)
		x = head_field(grid, x, y, "Cut", EBT_ROLE_WARN, ebt_fmt_count(n, snap->cut));
	x = head_field(grid, x, y, "Accounting",
		       snap->accounting_holds ? EBT_ROLE_GOOD : EBT_ROLE_BAD,
		       snap->accounting_holds ? "holds" : "BROKEN");
	snprintf(text, sizeof(text), "2x%s",
		 ebt_fmt_bytes(n,
			       snap->scratch_bytes ? snap->scratch_bytes : tuning->scratch_bytes));
	x = head_field(grid, x, y, "Scratch", EBT_ROLE_VALUE, text);
	x = head_field(grid, x, y, "Args", EBT_ROLE_VALUE,
		       head_limit_text(n, tuning->args_limit_bytes, "none"));
	x = head_field(grid, x, y, "Env", EBT_ROLE_VALUE,
		       head_limit_text(n, tuning->env_limit_bytes, "off"));
	snprintf(text, sizeof(text), "%ums", tuning->poll_ms);
	x = head_field(grid, x, y, "Poll", EBT_ROLE_VALUE, text);
	if (ui->status->transport)
		x = head_field(grid, x, y, "By", EBT_ROLE_VALUE, ui->status->transport);
	snprintf(text, sizeof(text), "%u", ui->status->generation);
	x = head_field(grid, x, y, "Generation", EBT_ROLE_VALUE, text);
	if (ui->status->command)
		head_field(grid, x, y, "Command", EBT_ROLE_VALUE, ui->status->command);
}

static double head_high_water(const struct ebt_ui *ui, const struct ebt_cpu_row *cpu)
{
	uint64_t size =
		ui->snap.scratch_bytes ? ui->snap.scratch_bytes : ui->status->tuning.scratch_bytes;

	return size ? (double)cpu->c.high_water / (double)size : 0;
}

static uint64_t head_lost(const struct ebt_cpu_row *cpu)
{
	return cpu->c.lost_ring + cpu->c.lost_busy;
}

/* Draw the meter of a CPU, such as "  0 ━━━━──── 4.1K  123/s", and behind it what the CPU lost. */
static void head_cpu_meter(struct ebt_ui *ui, struct ebt_grid *grid, unsigned i, int x, int y,
			   int x_end)
{
	const struct ebt_cpu_row *cpu = &ui->snap.cpus[i];
	char text[EBT_FMT_LEN];
	int bar_end = x_end - 21;

	ebt_grid_printf(grid, x, y, x_end, EBT_ROLE_LABEL, "%3u", i);
	ebt_bar(grid, x + 4, y, bar_end, head_high_water(ui, cpu));
	ebt_grid_right(grid, bar_end, y, bar_end + 6, EBT_ROLE_VALUE,
		       ebt_fmt_bytes(text, cpu->c.high_water));
	ebt_grid_right(grid, bar_end + 6, y, bar_end + 12, EBT_ROLE_VALUE,
		       ebt_fmt_rate(text, cpu->events_per_s));
	ebt_grid_puts(grid, bar_end + 12, y, x_end, EBT_ROLE_DIM, "/s");
	if (head_lost(cpu))
		ebt_grid_printf(grid, bar_end + 15, y, x_end, EBT_ROLE_BAD, "-%s",
				ebt_fmt_count(text, head_lost(cpu)));
}

/* Draw one cell for each CPU if there is no room for meters; ! marks a CPU that lost events. */
static void head_cpu_strip(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y)
{
	double most = 0;

	if (x + 5 > grid->width)
		return;
	x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_LABEL, "CPU") + 1;
	for (unsigned i = 0; i < ui->snap.ncpu; i++)
		most = ui->snap.cpus[i].events_per_s > most ? ui->snap.cpus[i].events_per_s : most;
	for (unsigned i = 0; i < ui->snap.ncpu && x < grid->width; i++, x++) {
		const struct ebt_cpu_row *cpu = &ui->snap.cpus[i];

		if (head_lost(cpu))
			ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_BAD, "!");
		else
			ebt_level(grid, x, y, grid->width, EBT_ROLE_BAR1,
				  most > 0 ? cpu->events_per_s / most : 0);
	}
}

static int head_meters(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	int ncpu = (int)ui->snap.ncpu, per_line = grid->width / METER_WIDTH;
	int most = head_clamp(grid->height / 6, 1, 16);

	per_line = head_clamp(per_line, 1, 8);
	if (per_line > ncpu)
		per_line = ncpu;
	if (ncpu == 0)
		return y;
	int lines = (ncpu + per_line - 1) / per_line;

	if (lines > most || !ui->settings.cpu_meters) {
		head_cpu_strip(ui, grid, 0, y);
		return y + 1;
	}
	int width = grid->width / per_line;

	width = width > 60 ? 60 : width;
	for (int i = 0; i < ncpu; i++)
		head_cpu_meter(ui, grid, (unsigned)i, i / lines * width, y + i % lines,
			       i / lines * width + width);
	return y + lines;
}

int ebt_head_draw(struct ebt_ui *ui, struct ebt_grid *grid)
{
	int y = 0;

	if (grid->height < 5)
		return 0;
	head_tabs(ui, grid, head_marks(ui, grid));
	y++;
	if (grid->height < 8)
		return y;
	head_rates_line(ui, grid, y++);
	head_ring_line(ui, grid, y++, grid->height < 14);
	if (grid->height >= 14)
		y = head_meters(ui, grid, y);
	return y;
}

/* Write a number with a comma before every three digits. */
static void head_grouped(char *out, size_t len, uint64_t n)
{
	char digits[24];
	size_t count = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n), at = 0;

	for (size_t i = 0; i < count && at + 2 < len; i++) {
		if (i && (count - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

const char *ebt_head_waiting(const struct ebt_ui *ui, char *text, size_t len)
{
	uint64_t seen = ui->snap.total.c.execs - ui->execs_at_clear;
	char number[40];

	head_grouped(number, sizeof(number), seen);
	if (ui->status->filters && seen && !ui->status->replay)
		snprintf(text, len, "%s seen, all filtered by %s", number, ui->status->filters);
	else
		snprintf(text, len, "waiting for the first exec");
	return text;
}
