/* SPDX-License-Identifier: BSD-3-Clause */
/* head_figures.c - rates, losses and buffers in the lines above every screen */
#include "ui/core/head_figures.h"

#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"

#define SPARK_LEAST    8
#define LOSING_NS      10000000000u /* a loss counts as present for so long */
#define BEHIND_S       0.5 /* shorter delays are usual: the ring is read a few times a second */
#define CELL_WIDE      16  /* " 0 27% 123/s -12" */
#define CELL_NARROW    8   /* " 0 27%" */
#define CELL_LINES_MAX 16

/* A figure of the first line. Its place is as wide as its value usually is, so that those behind it stand
 * still. */
struct figure {
	const char *label;
	int least;    /* width of the value */
	uint8_t keep; /* figures with a lower value are left out first */
	enum ebt_role role;
	char value[EBT_FMT_LEN];
	bool out;
};

enum {
	FIGURE_EXECS,
	FIGURE_SPARK,
	FIGURE_FAILED,
	FIGURE_RUNNING,
	FIGURE_TOTAL,
	FIGURE_LOST,
	FIGURES
};

static int figure_width(const struct figure *f)
{
	int value = (int)strlen(f->value);

	if (f->out)
		return 0;
	return (f->label ? (int)strlen(f->label) + 1 : 0) + (value > f->least ? value : f->least) +
	       2;
}

/* Return how the tracer fares, as a word or two. */
static enum ebt_role figures_state(struct ebt_ui *ui, char text[EBT_FMT_LEN])
{
	const struct ebt_snapshot *snap = &ui->snap;
	double bytes_per_s = snap->total.bytes_per_s, behind;
	char n[EBT_FMT_LEN];

	text[0] = '\0';
	if (ui->status->replay || ui->status->ended)
		return EBT_ROLE_DIM;
	if (!snap->accounting_holds) {
		strcpy(text, "accounting BROKEN");
		return EBT_ROLE_BAD;
	}
	if (ui->lost_ns && ui->now_ns < ui->lost_ns + LOSING_NS) {
		strcpy(text, "losing events");
		return EBT_ROLE_BAD;
	}
	/* With little in the ring a few events that just came would look like a long delay. */
	behind = snap->ring_used >= snap->ring_size / 10 && bytes_per_s > 0
			 ? (double)snap->ring_used / bytes_per_s
			 : 0;
	if (behind >= BEHIND_S) {
		ebt_fmt_duration(n, (uint64_t)(behind * 10) * 100000000u);
		snprintf(text, EBT_FMT_LEN, "behind %s", n);
		return EBT_ROLE_WARN;
	}
	strcpy(text, "keeping up");
	return EBT_ROLE_GOOD;
}

static void figures_fill(const struct ebt_snapshot *snap, struct figure figures[FIGURES])
{
	char n[EBT_FMT_LEN];

	snprintf(figures[FIGURE_EXECS].value, EBT_FMT_LEN, "%s/s",
		 ebt_fmt_rate(n, snap->execs_per_s));
	snprintf(figures[FIGURE_FAILED].value, EBT_FMT_LEN, "%s/s",
		 ebt_fmt_rate(n, snap->failures_per_s));
	ebt_fmt_count(figures[FIGURE_RUNNING].value, snap->running);
	ebt_fmt_count(figures[FIGURE_TOTAL].value, snap->execs);
	ebt_fmt_count(figures[FIGURE_LOST].value, snap->lost_total);
	if (snap->lost_total)
		figures[FIGURE_LOST].role = EBT_ROLE_BAD;
}

/* Leave out what has no room in so many cells, and give the rest to the sparkline. */
static void figures_fit(struct figure figures[FIGURES], int room)
{
	int need = 0;

	for (int i = 0; i < FIGURES; i++)
		need += figure_width(&figures[i]);
	while (need > room) {
		struct figure *worst = NULL;

		for (int i = 0; i < FIGURES; i++)
			if (!figures[i].out && (!worst || figures[i].keep < worst->keep))
				worst = &figures[i];
		if (!worst)
			return;
		need -= figure_width(worst);
		worst->out = true;
	}
	if (!figures[FIGURE_SPARK].out)
		figures[FIGURE_SPARK].least += room - need;
	if (figures[FIGURE_SPARK].least > EBT_SPARK_LEN)
		figures[FIGURE_SPARK].least = EBT_SPARK_LEN;
}

void ebt_head_figures(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	struct figure figures[FIGURES] = {
		[FIGURE_EXECS] = { "Execs", 6, 100, EBT_ROLE_VALUE, .out = false },
		[FIGURE_SPARK] = { NULL, SPARK_LEAST, 50, EBT_ROLE_BAR1, .out = false },
		[FIGURE_FAILED] = { "Failed", 6, 80, EBT_ROLE_VALUE, .out = false },
		[FIGURE_RUNNING] = { "Running", 3, 60, EBT_ROLE_VALUE, .out = false },
		[FIGURE_TOTAL] = { "Total", 4, 40, EBT_ROLE_VALUE, .out = false },
		[FIGURE_LOST] = { "Lost", 3, 90, EBT_ROLE_VALUE, .out = false },
	};
	char state[EBT_FMT_LEN];
	enum ebt_role role = figures_state(ui, state);
	int x = 0;

	figures_fill(&ui->snap, figures);
	/* Behind the last figure nothing needs its gap. */
	figures_fit(figures, grid->width - (int)strlen(state) + (state[0] ? 0 : 2));
	for (int i = 0; i < FIGURES; i++) {
		const struct figure *f = &figures[i];

		if (f->out)
			continue;
		if (i == FIGURE_SPARK)
			ebt_spark(grid, x, y, x + f->least, f->role, ui->snap.spark, EBT_SPARK_LEN,
				  0);
		else
			ebt_grid_puts(
				grid,
				ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_LABEL, f->label) +
					1,
				y, grid->width, f->role, f->value);
		x += figure_width(f);
	}
	ebt_grid_puts(grid, x, y, grid->width, role, state);
}

static uint64_t buffers_lost(const struct ebt_cpu_row *cpu)
{
	return cpu->c.lost_ring + cpu->c.lost_busy;
}

static double buffers_high_water(const struct ebt_ui *ui, const struct ebt_cpu_row *cpu)
{
	uint64_t size =
		ui->snap.scratch_bytes ? ui->snap.scratch_bytes : ui->status->tuning.scratch_bytes;

	return size ? (double)cpu->c.high_water / (double)size : 0;
}

/* Draw the figures of a CPU: how full its buffer ever was, and with rate its events a second; in any case
 * what it lost. */
static void buffers_cell(struct ebt_ui *ui, struct ebt_grid *grid, unsigned i, int x, int y,
			 bool rate)
{
	const struct ebt_cpu_row *cpu = &ui->snap.cpus[i];
	double part = buffers_high_water(ui, cpu);
	char text[EBT_FMT_LEN];

	ebt_grid_printf(grid, x, y, grid->width, EBT_ROLE_LABEL, "%3u", i);
	ebt_grid_printf(grid, x + 4, y, grid->width, part >= 1 ? EBT_ROLE_WARN : EBT_ROLE_VALUE,
			"%.0f%%", part * 100);
	x += part >= 0.995 ? 9 : part >= 0.095 ? 8 : 7;
	if (rate) {
		x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_TEXT,
				  ebt_fmt_rate(text, cpu->events_per_s));
		x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_DIM, "/s") + 1;
	}
	if (buffers_lost(cpu))
		ebt_grid_printf(grid, x, y, grid->width, EBT_ROLE_BAD, "-%s",
				ebt_fmt_count(text, buffers_lost(cpu)));
}

/* Draw a cell for each CPU that shows how full its buffer ever was; ! marks one that lost events. */
static void buffers_strip(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y)
{
	double most = 0;

	for (unsigned i = 0; i < ui->snap.ncpu; i++) {
		const struct ebt_cpu_row *cpu = &ui->snap.cpus[i];
		double part = buffers_high_water(ui, cpu);

		most = part > most ? part : most;
		if (buffers_lost(cpu))
			ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_BAD, "!");
		else
			ebt_level(grid, x, y, grid->width, ebt_bar_role(part), part);
		x += x < grid->width;
	}
	x = ebt_grid_puts(grid, x + 1, y, grid->width, EBT_ROLE_DIM, "at most") + 1;
	ebt_grid_printf(grid, x, y, grid->width, EBT_ROLE_VALUE, "%.0f%%", most * 100);
}

/* Draw how full the ring is. Return the x after it. */
static int buffers_ring(const struct ebt_snapshot *snap, struct ebt_grid *grid, int y)
{
	double part = (double)snap->ring_used / (double)snap->ring_size;
	char text[EBT_FMT_LEN];
	int x = ebt_grid_puts(grid, 0, y, grid->width, EBT_ROLE_LABEL, "Ring");

	ebt_grid_printf(grid, x, y, grid->width, part >= 0.85 ? EBT_ROLE_WARN : EBT_ROLE_VALUE,
			"%4.0f%%", part * 100);
	x = ebt_grid_puts(grid, x + 5, y, grid->width, EBT_ROLE_DIM, " of ");
	return ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_VALUE,
			     ebt_fmt_bytes(text, snap->ring_size));
}

int ebt_head_buffers(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	int ncpu = (int)ui->snap.ncpu, x, per_line, lines;

	if (!ui->snap.ring_size || !ncpu)
		return y;
	x = buffers_ring(&ui->snap, grid, y) + 3;
	if (x + 16 > grid->width)
		return y + 1;
	x = ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_LABEL, "Scratch of CPU") + 1;
	if (!ui->settings.cpu_meters) {
		bool wide = ncpu * CELL_WIDE <= grid->width - x;

		if (ncpu * CELL_NARROW > grid->width - x)
			buffers_strip(ui, grid, x, y);
		for (int i = 0; i < ncpu && ncpu * CELL_NARROW <= grid->width - x; i++)
			buffers_cell(ui, grid, (unsigned)i,
				     x + i * (wide ? CELL_WIDE : CELL_NARROW), y, wide);
		return y + 1;
	}
	per_line = (grid->width - x) / CELL_WIDE > 1 ? (grid->width - x) / CELL_WIDE : 1;
	lines = (ncpu + per_line - 1) / per_line;
	if (lines > CELL_LINES_MAX || lines > grid->height / 4) {
		buffers_strip(ui, grid, x, y);
		return y + 1;
	}
	for (int i = 0; i < ncpu; i++)
		buffers_cell(ui, grid, (unsigned)i, x + i % per_line * CELL_WIDE, y + i / per_line,
			     true);
	return y + lines;
}
