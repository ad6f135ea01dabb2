/* SPDX-License-Identifier: BSD-3-Clause */
/* buffers_table.c - the table of the Buffers screen, with a row per CPU */
#include "ui/screens/buffers_table.h"

#include <stdio.h>

#include "base/format.h"
#include "ui/core/layout.h"
#include "ui/core/ui_state.h"

#define TABLE_MAX 140 /* a wider bar would show nothing more */

enum column {
	COL_CPU,
	COL_RATE,
	COL_BYTES_RATE,
	COL_EVENTS,
	COL_PER_EVENT,
	COL_HIGH,
	COL_FILL, /* only if each CPU has a buffer of its own */
	COL_MAX,
	COL_SLOT2,
	COL_RING,
	COL_BUSY,
	COL_CUT,
	COL_TRUNC,
	COL_FAULT,
	COL_NS_RUN,
	COL_WAKE,
	COL_ACCOUNTING,
	COL_COUNT,
};

/* clang-format off */
static const struct ebt_column_spec columns[COL_COUNT] = {
	[COL_CPU]	 = { "cpu", "CPU", "", 4, true, 100, false },
	[COL_RATE]	 = { "rate", "EV/s", "", 5, true, 95, false },
	[COL_BYTES_RATE] = { "brate", "B/s", "", 5, true, 50, false },
	[COL_EVENTS]	 = { "events", "EVENTS", "", 6, true, 90, false },
	[COL_PER_EVENT]	 = { "perevent", "B/EV", "", 5, true, 70, false },
	[COL_HIGH]	 = { "high", "SCRATCH HIGH WATER", "", 0, false, 100, false, 22 },
	[COL_FILL]	 = { "fill", "FILL", "", 5, true, 92, false },
	[COL_MAX]	 = { "max", "MAX", "", 5, true, 45, false },
	[COL_SLOT2]	 = { "slot2", "SLOT2", "", 5, true, 60, false },
	[COL_RING]	 = { "ring", "-RING", "", 5, true, 97, false },
	[COL_BUSY]	 = { "busy", "-BUSY", "", 5, true, 96, false },
	[COL_CUT]	 = { "cut", "CUT", "", 5, true, 65, false },
	[COL_TRUNC]	 = { "trunc", "TRUNC", "", 5, true, 40, false },
	[COL_FAULT]	 = { "fault", "FAULT", "", 5, true, 41, false },
	[COL_NS_RUN]	 = { "nsrun", "NS/RUN", "", 6, true, 75, false },
	[COL_WAKE]	 = { "wake", "WAKE", "", 5, true, 30, false },
	[COL_ACCOUNTING] = { "accounting", "ACCT", "", 5, false, 94, false },
};
/* clang-format on */

static const struct ebt_columns shared_columns = {
	.id = { COL_CPU, COL_RATE, COL_BYTES_RATE, COL_EVENTS, COL_PER_EVENT, COL_HIGH, COL_MAX,
		COL_SLOT2, COL_RING, COL_BUSY, COL_CUT, COL_TRUNC, COL_FAULT, COL_NS_RUN, COL_WAKE,
		COL_ACCOUNTING },
	.count = COL_COUNT - 1,
};

static const struct ebt_columns own_columns = {
	.id = { COL_CPU, COL_RATE, COL_BYTES_RATE, COL_EVENTS, COL_PER_EVENT, COL_HIGH, COL_FILL,
		COL_MAX, COL_SLOT2, COL_RING, COL_BUSY, COL_CUT, COL_TRUNC, COL_FAULT, COL_NS_RUN,
		COL_WAKE, COL_ACCOUNTING },
	.count = COL_COUNT,
};

uint64_t ebt_buffers_scratch_bytes(const struct ebt_ui *ui)
{
	return ui->snap.scratch_bytes ? ui->snap.scratch_bytes : ui->status->tuning.scratch_bytes;
}

/* "4.1K of 8.0K ━━━━━━────" */
static void high_cell(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y, int x_end,
		      const struct ebt_cpu_row *row)
{
	uint64_t size = ebt_buffers_scratch_bytes(ui);
	char text[EBT_FMT_LEN];

	ebt_grid_right(grid, x, y, x + 5, EBT_ROLE_VALUE, ebt_fmt_bytes(text, row->c.high_water));
	ebt_bar(grid, x + 6, y, x_end, size ? (double)row->c.high_water / (double)size : 0);
}

static enum ebt_role bad_if(uint64_t n, enum ebt_role role)
{
	return n ? role : EBT_ROLE_DIM;
}

/* Draw the highest fill level of a CPU's own buffer since the last reading. */
static enum ebt_role fill_text(char text[EBT_FMT_LEN], const struct ebt_ui *ui,
			       const struct ebt_cpu_row *row)
{
	double part = (double)row->ring_peak / (double)ui->snap.cpu_ring_size;

	/* A buffer that holds anything is not shown as empty. */
	if (part > 0 && part < 0.01)
		snprintf(text, EBT_FMT_LEN, "<1%%");
	else
		snprintf(text, EBT_FMT_LEN, "%.0f%%", part * 100);
	return part > 0 ? ebt_bar_role(part) : EBT_ROLE_DIM;
}

static enum ebt_role cell_text(char text[EBT_FMT_LEN], const struct ebt_ui *ui, unsigned id,
			       const struct ebt_cpu_row *row)
{
	const struct ebt_cpu_counters *c = &row->c;
	uint64_t per = c->delivered ? c->bytes / c->delivered : 0;

	switch (id) {
	case COL_RATE:
		ebt_fmt_rate(text, row->events_per_s);
		return row->events_per_s >= 0.05 ? EBT_ROLE_STRONG : EBT_ROLE_DIM;
	case COL_BYTES_RATE:
		ebt_fmt_bytes(text, (uint64_t)row->bytes_per_s);
		return EBT_ROLE_TEXT;
	case COL_EVENTS:
		ebt_fmt_count(text, c->delivered);
		return EBT_ROLE_TEXT;
	case COL_PER_EVENT:
		ebt_fmt_bytes(text, per);
		return EBT_ROLE_TEXT;
	case COL_FILL:
		return fill_text(text, ui, row);
	case COL_MAX:
		ebt_fmt_bytes(text, c->max_event);
		return EBT_ROLE_TEXT;
	case COL_SLOT2:
		ebt_fmt_count(text, c->slot_used[1]);
		return bad_if(c->slot_used[1], EBT_ROLE_TEXT);
	case COL_RING:
		ebt_fmt_count(text, c->lost_ring);
		return bad_if(c->lost_ring, EBT_ROLE_BAD);
	case COL_BUSY:
		ebt_fmt_count(text, c->lost_busy);
		return bad_if(c->lost_busy, EBT_ROLE_BAD);
	case COL_CUT:
		ebt_fmt_count(text, c->cut_ring);
		return bad_if(c->cut_ring, EBT_ROLE_WARN);
	case COL_TRUNC:
		ebt_fmt_count(text, c->truncated);
		return bad_if(c->truncated, EBT_ROLE_WARN);
	case COL_FAULT:
		ebt_fmt_count(text, c->faults);
		return bad_if(c->faults, EBT_ROLE_WARN);
	case COL_NS_RUN:
		if (c->runs)
			ebt_fmt_count(text, c->run_ns / c->runs);
		else
			snprintf(text, EBT_FMT_LEN, "-");
		return EBT_ROLE_TEXT;
	case COL_WAKE:
		ebt_fmt_count(text, c->wakeups);
		return EBT_ROLE_TEXT;
	case COL_ACCOUNTING:
		snprintf(text, EBT_FMT_LEN, "%s", row->accounting_holds ? "holds" : "BROKE");
		return row->accounting_holds ? EBT_ROLE_GOOD : EBT_ROLE_BAD;
	default:
		text[0] = '\0';
		return EBT_ROLE_TEXT;
	}
}

static void draw_row(struct ebt_ui *ui, struct ebt_grid *grid, const struct ebt_layout *layout,
		     const struct ebt_cpu_row *row, const char *name, int y)
{
	for (int i = 0; i < layout->count; i++) {
		unsigned id = layout->at[i].id;
		int x = layout->at[i].x, x_end = layout->at[i].x_end;
		char text[EBT_FMT_LEN];

		if (id == COL_HIGH) {
			high_cell(ui, grid, x, y, x_end, row);
			continue;
		}
		if (id == COL_CPU) {
			ebt_grid_right(grid, x, y, x_end, EBT_ROLE_LABEL, name);
			continue;
		}
		enum ebt_role role = cell_text(text, ui, id, row);

		if (columns[id].right)
			ebt_grid_right(grid, x, y, x_end, role, text);
		else
			ebt_grid_puts(grid, x, y, x_end, role, text);
	}
}

int ebt_buffers_table(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	int ncpu = (int)ui->snap.ncpu, rows = y_end - y - 2;
	struct ebt_layout layout;

	ebt_layout_make(&layout, ui->snap.cpu_ring_size ? &own_columns : &shared_columns, columns,
			0, grid->width < TABLE_MAX ? grid->width : TABLE_MAX, 0);
	ebt_layout_head(grid, &layout, columns, y++);
	if (rows < 1)
		rows = 1;
	ui->buffers_page = rows;
	if (ui->buffers_top > ncpu - rows)
		ui->buffers_top = ncpu > rows ? ncpu - rows : 0;
	for (int i = ui->buffers_top; i < ncpu && i < ui->buffers_top + rows && y < y_end; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%d", i);
		draw_row(ui, grid, &layout, &ui->snap.cpus[i], name, y++);
	}
	if (y < y_end)
		draw_row(ui, grid, &layout, &ui->snap.total, "all", y++);
	return y;
}
