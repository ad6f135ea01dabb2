/* SPDX-License-Identifier: BSD-3-Clause */
/* scr_buffers.c - how the per-CPU buffers fare: a row a CPU, the ring over time, the law, memory.
 */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "ui/ui_impl.h"

enum column {
	COL_CPU,
	COL_RATE,
	COL_BYTES_RATE,
	COL_EVENTS,
	COL_PER_EVENT,
	COL_HIGH,
	COL_MAX,
	COL_SLOT2,
	COL_RING,
	COL_BUSY,
	COL_CUT,
	COL_TRUNC,
	COL_FAULT,
	COL_NS_RUN,
	COL_WAKE,
	COL_LAW,
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
	[COL_MAX]	 = { "max", "MAX", "", 5, true, 45, false },
	[COL_SLOT2]	 = { "slot2", "SLOT2", "", 5, true, 60, false },
	[COL_RING]	 = { "ring", "-RING", "", 5, true, 97, false },
	[COL_BUSY]	 = { "busy", "-BUSY", "", 5, true, 96, false },
	[COL_CUT]	 = { "cut", "CUT", "", 5, true, 65, false },
	[COL_TRUNC]	 = { "trunc", "TRUNC", "", 5, true, 40, false },
	[COL_FAULT]	 = { "fault", "FAULT", "", 5, true, 41, false },
	[COL_NS_RUN]	 = { "nsrun", "NS/RUN", "", 6, true, 75, false },
	[COL_WAKE]	 = { "wake", "WAKE", "", 5, true, 30, false },
	[COL_LAW]	 = { "law", "LAW", "", 5, false, 94, false },
};
/* clang-format on */

static const struct ebt_columns all_columns = {
	.id = { COL_CPU, COL_RATE, COL_BYTES_RATE, COL_EVENTS, COL_PER_EVENT, COL_HIGH, COL_MAX,
		COL_SLOT2, COL_RING, COL_BUSY, COL_CUT, COL_TRUNC, COL_FAULT, COL_NS_RUN, COL_WAKE,
		COL_LAW },
	.count = COL_COUNT,
};

static void head(struct ebt_grid *grid, const struct ebt_layout *layout, int y)
{
	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_HEAD, ' ');
	for (int i = 0; i < layout->count; i++) {
		const struct ebt_column_spec *spec = &columns[layout->at[i].id];

		if (spec->right)
			ebt_grid_right(grid, layout->at[i].x, y, layout->at[i].x_end, EBT_ROLE_HEAD,
				       spec->title);
		else
			ebt_grid_puts(grid, layout->at[i].x, y, layout->at[i].x_end, EBT_ROLE_HEAD,
				      spec->title);
	}
}

static uint64_t scratch_bytes(const struct ebt_ui *ui)
{
	return ui->snap.scratch_bytes ? ui->snap.scratch_bytes : ui->status->tuning.scratch_bytes;
}

/* "4.1K of 8.0K ━━━━━━────" */
static void high_cell(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y, int x_end,
		      const struct ebt_cpu_row *row)
{
	uint64_t size = scratch_bytes(ui);
	char text[EBT_FMT_LEN];

	ebt_grid_right(grid, x, y, x + 5, EBT_ROLE_VALUE, ebt_fmt_bytes(text, row->c.high_water));
	ebt_bar(grid, x + 6, y, x_end, size ? (double)row->c.high_water / (double)size : 0);
}

static enum ebt_role bad_if(uint64_t n, enum ebt_role role)
{
	return n ? role : EBT_ROLE_DIM;
}

static enum ebt_role cell_text(char text[EBT_FMT_LEN], unsigned id, const struct ebt_cpu_row *row)
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
	case COL_LAW:
		snprintf(text, EBT_FMT_LEN, "%s", row->law_holds ? "holds" : "BROKE");
		return row->law_holds ? EBT_ROLE_GOOD : EBT_ROLE_BAD;
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
		enum ebt_role role = cell_text(text, id, row);

		if (columns[id].right)
			ebt_grid_right(grid, x, y, x_end, role, text);
		else
			ebt_grid_puts(grid, x, y, x_end, role, text);
	}
}

static int table(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	int ncpu = (int)ui->snap.ncpu, rows = y_end - y - 2;
	struct ebt_layout layout;

	ebt_layout_make(&layout, &all_columns, columns, 0, grid->width);
	head(grid, &layout, y++);
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

static int title(struct ebt_grid *grid, int y, int y_end, const char *text)
{
	if (y < y_end)
		ebt_grid_puts(grid, 0, y, grid->width, EBT_ROLE_STRONG, text);
	return y + 1;
}

/* Words that wrap like a text, numbers among them. */
struct flow {
	struct ebt_grid *grid;
	int x, y, y_end, indent;
};

static void word(struct flow *flow, enum ebt_role role, const char *text)
{
	int width = (int)strlen(text);

	if (flow->x + width > flow->grid->width && flow->x > flow->indent) {
		flow->x = flow->indent;
		flow->y++;
	}
	if (flow->y < flow->y_end)
		ebt_grid_bytes(flow->grid, flow->x, flow->y, flow->grid->width, role,
			       ebt_bytes_from(text), 0, true);
	flow->x += width + 1;
}

static void term(struct flow *flow, const char *label, const char *after, enum ebt_role role,
		 uint64_t n)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %llu%s", label, (unsigned long long)n, after);
	word(flow, role, text);
}

/* seen = filtered + delivered + lost, with the numbers, and what is beside it. */
static int law(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_cpu_row *all = &ui->snap.total;
	const struct ebt_cpu_counters *c = &all->c;
	struct flow flow = { grid, 1, y, y_end, 3 };

	term(&flow, "seen", "", EBT_ROLE_VALUE, c->seen);
	word(&flow, EBT_ROLE_DIM, "=");
	term(&flow, "filtered", "", EBT_ROLE_VALUE, c->filtered);
	word(&flow, EBT_ROLE_DIM, "+");
	term(&flow, "delivered", "", EBT_ROLE_VALUE, c->delivered);
	word(&flow, EBT_ROLE_DIM, "+");
	term(&flow, "lost:ring", "", c->lost_ring ? EBT_ROLE_BAD : EBT_ROLE_VALUE, c->lost_ring);
	word(&flow, EBT_ROLE_DIM, "+");
	term(&flow, "lost:busy", "", c->lost_busy ? EBT_ROLE_BAD : EBT_ROLE_VALUE, c->lost_busy);
	if (all->in_flight) {
		word(&flow, EBT_ROLE_DIM, "+");
		term(&flow, "in flight", "", EBT_ROLE_VALUE, all->in_flight);
	}
	flow.y++;
	flow.x = 1;
	word(&flow, ui->snap.law_holds ? EBT_ROLE_GOOD : EBT_ROLE_BAD,
	     ui->snap.law_holds ? "holds on every CPU;" : "IS BROKEN (see the LAW column);");
	term(&flow, "received", ",", EBT_ROLE_VALUE, all->received);
	term(&flow, "gaps", ",", all->gaps ? EBT_ROLE_BAD : EBT_ROLE_VALUE, all->gaps);
	term(&flow, "cut midway", ",", c->cut_ring ? EBT_ROLE_WARN : EBT_ROLE_VALUE, c->cut_ring);
	term(&flow, "runs skipped", ",", ui->snap.recursion_misses ? EBT_ROLE_BAD : EBT_ROLE_VALUE,
	     ui->snap.recursion_misses);
	term(&flow, "bad records", "", ui->status->bad_records ? EBT_ROLE_BAD : EBT_ROLE_VALUE,
	     ui->status->bad_records);
	if (c->aux_lost)
		term(&flow, "helper tables full", "", EBT_ROLE_WARN, c->aux_lost);
	return flow.y + 1;
}

static void amount(struct flow *flow, const char *label, const char *value)
{
	char text[256];

	snprintf(text, sizeof(text), "%s %s;", label, value);
	word(flow, EBT_ROLE_TEXT, text);
}

static int memory(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_snapshot *snap = &ui->snap;
	struct flow flow = { grid, 1, y, y_end, 3 };
	char text[96], a[EBT_FMT_LEN], b[EBT_FMT_LEN], c[EBT_FMT_LEN];
	uint64_t scratch = 2 * scratch_bytes(ui) * snap->ncpu;

	snprintf(text, sizeof(text), "%s (%u CPUs x 2 x %s)", ebt_fmt_bytes(a, scratch), snap->ncpu,
		 ebt_fmt_bytes(b, scratch_bytes(ui)));
	amount(&flow, "scratch", text);
	amount(&flow, "ring", ebt_fmt_bytes(a, snap->ring_size));
	amount(&flow, "all maps", ebt_fmt_bytes(a, snap->kernel_bytes));
	snprintf(text, sizeof(text), "%s of %s%s%s", ebt_fmt_bytes(a, snap->history_used),
		 ebt_fmt_bytes(b, snap->history_size),
		 snap->dropped_rows ? ", rows forgotten " : "",
		 snap->dropped_rows ? ebt_fmt_count(c, snap->dropped_rows) : "");
	amount(&flow, "history", text);
	if (ui->status->view_rss_bytes)
		amount(&flow, "view", ebt_fmt_bytes(a, ui->status->view_rss_bytes));
	return flow.y + 1;
}

static int tuning(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_ui_status *st = ui->status;
	const struct ebt_ui_tuning *t = &st->tuning;
	struct flow flow = { grid, 1, y, y_end, 3 };
	char text[96], a[EBT_FMT_LEN];

	amount(&flow, "scratch", ebt_fmt_bytes(a, t->scratch_bytes));
	amount(&flow, "ring", ebt_fmt_bytes(a, t->ring_bytes));
	amount(&flow, "args",
	       t->args_limit_bytes == EBT_UI_ALL ? "all" : ebt_fmt_bytes(a, t->args_limit_bytes));
	amount(&flow, "env",
	       t->env_limit_bytes == EBT_UI_ALL ? "all"
	       : t->env_limit_bytes		? ebt_fmt_bytes(a, t->env_limit_bytes)
						: "off");
	snprintf(text, sizeof(text), "%u ms", t->poll_ms);
	amount(&flow, "poll every", text);
	if (st->hooks)
		amount(&flow, "hooks", st->hooks);
	if (st->headers)
		amount(&flow, "offsets from", st->headers);
	if (st->kernel)
		amount(&flow, "kernel", st->kernel);
	if (st->recording)
		amount(&flow, "recording to", st->recording);
	if (st->replay)
		amount(&flow, "replay of", st->replay);
	word(&flow, EBT_ROLE_DIM, "F2 changes it");
	return flow.y + 1;
}

static int notices(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	unsigned n = ui->message_count < EBT_MESSAGES_MAX ? ui->message_count : EBT_MESSAGES_MAX;

	if (ui->status->notices_count || n)
		y = title(grid, y, y_end, "Messages");
	for (unsigned i = 0; i < ui->status->notices_count && y < y_end; i++, y++)
		ebt_grid_bytes(grid, 1, y, grid->width, EBT_ROLE_WARN,
			       ebt_bytes_from(ui->status->notices[i]), 0, true);
	for (unsigned i = 0; i < n && y < y_end; i++, y++) {
		const struct ebt_message *m =
			&ui->messages[(ui->message_count - 1 - i) % EBT_MESSAGES_MAX];
		char when[EBT_FMT_LEN];
		int x = ebt_grid_puts(grid, 1, y, grid->width, EBT_ROLE_DIM,
				      ebt_fmt_clock(when, m->real_ns, 0));

		ebt_grid_bytes(grid, x + 1, y, grid->width,
			       m->level <= EBT_LOG_WARN ? EBT_ROLE_WARN : EBT_ROLE_TEXT,
			       ebt_bytes_from(m->text), 0, true);
	}
	return y;
}

static int ring_graph(struct ebt_ui *ui, struct ebt_grid *grid, int y, int rows)
{
	uint8_t most = 0;
	char text[64];

	for (int i = 0; i < EBT_SPARK_LEN; i++)
		most = ui->snap.ring_fill[i] > most ? ui->snap.ring_fill[i] : most;
	snprintf(text, sizeof(text), "Ring fill, last minute: highest %u%%", most);
	title(grid, y, y + 1, text);
	int width = grid->width - 8 < EBT_SPARK_LEN ? grid->width - 8 : EBT_SPARK_LEN;
	int scale = most > 50 ? 100 : most > 10 ? 50 : 10;

	for (int row = 0; row < rows; row++)
		ebt_grid_puts(grid, 6, y + 1 + row, grid->width, EBT_ROLE_TREE,
			      grid->unicode ? "│" : "|");
	ebt_grid_printf(grid, 1, y + 1, 6, EBT_ROLE_DIM, "%3d%%", scale);
	ebt_grid_puts(grid, 1, y + rows, 6, EBT_ROLE_DIM, rows > 1 ? "  0%" : "");
	if (rows == 1)
		ebt_grid_printf(grid, 1, y + 1, 6, EBT_ROLE_DIM, "%3d%%", scale);
	ebt_graph(grid, 7, y + 1, 7 + width, y + 1 + rows, ebt_bar_role((double)most / 100),
		  ui->snap.ring_fill, EBT_SPARK_LEN, (uint8_t)scale);
	return y + 1 + rows;
}

static void draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	int height = y_end - y, ncpu = (int)ui->snap.ncpu;
	int below = height < 8 ? 0 : height < 14 ? height / 2 : height - ncpu - 2;
	int least = height < 14 ? below : 11;

	if (below < least)
		below = least;
	y = table(ui, grid, y, y_end - below);
	if (!below) {
		return;
	}
	if (height >= 22)
		y++;
	y = title(grid, y, y_end, "The law");
	y = law(ui, grid, y, y_end);
	if (y_end - y >= 5) {
		int rows = (y_end - y) - 6;

		y = ring_graph(ui, grid, y, rows < 2 ? 2 : rows > 6 ? 6 : rows);
	}
	y = title(grid, y, y_end, "Memory");
	y = memory(ui, grid, y, y_end);
	y = title(grid, y, y_end, "Tuning");
	y = tuning(ui, grid, y, y_end);
	notices(ui, grid, y, y_end);
}

static bool action(struct ebt_ui *ui, enum ebt_action act)
{
	int page = ui->buffers_page > 1 ? ui->buffers_page - 1 : 1;

	switch (act) {
	case EBT_ACT_UP:
		ui->buffers_top--;
		break;
	case EBT_ACT_DOWN:
		ui->buffers_top++;
		break;
	case EBT_ACT_PGUP:
		ui->buffers_top -= page;
		break;
	case EBT_ACT_PGDN:
		ui->buffers_top += page;
		break;
	case EBT_ACT_HOME:
		ui->buffers_top = 0;
		break;
	case EBT_ACT_END:
		ui->buffers_top = (int)ui->snap.ncpu;
		break;
	default:
		return false;
	}
	if (ui->buffers_top < 0)
		ui->buffers_top = 0;
	return true;
}

static void mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	if (type == EBT_MOUSE_WHEEL_UP || type == EBT_MOUSE_WHEEL_DOWN)
		action(ui, type == EBT_MOUSE_WHEEL_UP ? EBT_ACT_UP : EBT_ACT_DOWN);
}

const struct ebt_screen_ops ebt_screen_buffers = {
	.name = "buffers",
	.title = "Buffers",
	.where = EBT_IN_BUFFERS,
	.draw = draw,
	.action = action,
	.mouse = mouse,
};
