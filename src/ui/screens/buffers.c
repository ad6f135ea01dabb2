/* SPDX-License-Identifier: BSD-3-Clause */
/* buffers.c - the Buffers screen: a row per CPU, the ring over time, the accounting, memory */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"
#include "model/own_cost.h"
#include "ui/core/ui_state.h"
#include "ui/screens/buffers_table.h"
#include "ui/screens/registry.h"

static int buffers_title(struct ebt_grid *grid, int y, int y_end, const char *text)
{
	if (y < y_end)
		ebt_grid_puts(grid, 0, y, grid->width, EBT_ROLE_STRONG, text);
	return y + 1;
}

/* A sequence of words and numbers that wraps like text. */
struct flow {
	struct ebt_grid *grid;
	int x, y, y_end, indent;
};

static void buffers_word(struct flow *flow, enum ebt_role role, const char *text)
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

static void buffers_term(struct flow *flow, const char *label, const char *after,
			 enum ebt_role role, uint64_t n)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %llu%s", label, (unsigned long long)n, after);
	buffers_word(flow, role, text);
}

/* Draw seen = filtered + delivered + lost with the numbers, and the counts beside it. */
static int buffers_accounting(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_cpu_row *all = &ui->snap.total;
	const struct ebt_cpu_counters *c = &all->c;
	struct flow flow = { grid, 1, y, y_end, 3 };
	char text[64];

	buffers_term(&flow, "seen", "", EBT_ROLE_VALUE, c->seen);
	buffers_word(&flow, EBT_ROLE_DIM, "=");
	buffers_term(&flow, "filtered", "", EBT_ROLE_VALUE, c->filtered);
	buffers_word(&flow, EBT_ROLE_DIM, "+");
	buffers_term(&flow, "delivered", "", EBT_ROLE_VALUE, c->delivered);
	buffers_word(&flow, EBT_ROLE_DIM, "+");
	buffers_term(&flow, "lost:ring", "", c->lost_ring ? EBT_ROLE_BAD : EBT_ROLE_VALUE,
		     c->lost_ring);
	buffers_word(&flow, EBT_ROLE_DIM, "+");
	buffers_term(&flow, "lost:busy", "", c->lost_busy ? EBT_ROLE_BAD : EBT_ROLE_VALUE,
		     c->lost_busy);
	if (all->in_flight) {
		buffers_word(&flow, EBT_ROLE_DIM, "+");
		buffers_term(&flow, "in flight", "", EBT_ROLE_VALUE, all->in_flight);
	}
	flow.y++;
	flow.x = 1;
	buffers_word(&flow, ui->snap.accounting_holds ? EBT_ROLE_GOOD : EBT_ROLE_BAD,
		     ui->snap.accounting_holds ? "holds on every CPU;"
					       : "IS BROKEN (see the ACCT column);");
	buffers_term(&flow, "received", ",", EBT_ROLE_VALUE, all->received);
	buffers_term(&flow, "gaps", ",", all->gaps ? EBT_ROLE_BAD : EBT_ROLE_VALUE, all->gaps);
	buffers_term(&flow, "cut midway", ",", c->cut_ring ? EBT_ROLE_WARN : EBT_ROLE_VALUE,
		     c->cut_ring);
	buffers_term(&flow, "runs skipped", ",",
		     ui->snap.recursion_misses ? EBT_ROLE_BAD : EBT_ROLE_VALUE,
		     ui->snap.recursion_misses);
	buffers_term(&flow, "bad records", "",
		     ui->status->bad_records ? EBT_ROLE_BAD : EBT_ROLE_VALUE,
		     ui->status->bad_records);
	if (ui->status->ended_generations) {
		snprintf(text, sizeof(text), "%s %u of %u generations that ended",
			 ui->status->broken_generations ? "BROKE for" : "held for",
			 ui->status->broken_generations ? ui->status->broken_generations
							: ui->status->ended_generations,
			 ui->status->ended_generations);
		buffers_word(&flow, ui->status->broken_generations ? EBT_ROLE_BAD : EBT_ROLE_GOOD,
			     text);
	}
	if (c->aux_lost)
		buffers_term(&flow, "helper tables full", "", EBT_ROLE_WARN, c->aux_lost);
	if (c->untracked)
		buffers_term(&flow, "untracked", "", EBT_ROLE_BAD, c->untracked);
	if (c->ends_lost)
		buffers_term(&flow, "ends lost", "", EBT_ROLE_BAD, c->ends_lost);
	return flow.y + 1;
}

/* Draw "label value" without a break between them, and leave two columns after it. */
static void buffers_amount(struct flow *flow, const char *label, const char *value)
{
	unsigned flags = flow->grid->unicode ? 0 : EBT_TEXT_ASCII;
	int width = (int)strlen(label) + 1 + (int)ebt_text_width(ebt_bytes_from(value), flags);

	if (flow->x + width > flow->grid->width && flow->x > flow->indent) {
		flow->x = flow->indent;
		flow->y++;
	}
	if (flow->y < flow->y_end) {
		int x = ebt_grid_puts(flow->grid, flow->x, flow->y, flow->grid->width,
				      EBT_ROLE_LABEL, label);

		ebt_grid_bytes(flow->grid, x + 1, flow->y, flow->grid->width, EBT_ROLE_VALUE,
			       ebt_bytes_from(value), 0, true);
	}
	flow->x += width + 2;
}

static int buffers_memory(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_snapshot *snap = &ui->snap;
	struct flow flow = { grid, 1, y, y_end, 3 };
	char text[96], a[EBT_FMT_LEN], b[EBT_FMT_LEN], c[EBT_FMT_LEN];
	uint64_t scratch = 2 * ebt_buffers_scratch_bytes(ui) * snap->ncpu;

	snprintf(text, sizeof(text), "%s (%u CPUs x 2 x %s)", ebt_fmt_bytes(a, scratch), snap->ncpu,
		 ebt_fmt_bytes(b, ebt_buffers_scratch_bytes(ui)));
	buffers_amount(&flow, "scratch", text);
	buffers_amount(&flow, "ring", ebt_fmt_bytes(a, snap->ring_size));
	buffers_amount(&flow, "all maps", ebt_fmt_bytes(a, snap->kernel_bytes));
	snprintf(text, sizeof(text), "%s of %s%s%s", ebt_fmt_bytes(a, snap->history_used),
		 ebt_fmt_bytes(b, snap->history_size),
		 snap->dropped_rows ? ", rows forgotten " : "",
		 snap->dropped_rows ? ebt_fmt_count(c, snap->dropped_rows) : "");
	buffers_amount(&flow, "history", text);
	return flow.y + 1;
}

/* Draw what the tracer costs in one sentence, and below it who has which part. */
static int buffers_cost(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_own_costs *cost = ui->snap.cost;
	struct flow flow = { grid, 1, y + 1, y_end, 3 };
	char name[EBT_COST_NAME_LEN + 1], text[64], a[EBT_FMT_LEN];

	if (!cost || y + 1 >= y_end)
		return y;
	ebt_grid_printf(grid, 0, y, grid->width, EBT_ROLE_STRONG,
			"The tracer costs %.1f%% of one CPU, %s", 100 * cost->all_share,
			ebt_fmt_bytes(a, cost->process_bytes + ui->snap.kernel_bytes));
	snprintf(text, sizeof(text), "%.1f%% %s", 100 * cost->bpf_share,
		 ebt_fmt_bytes(a, ui->snap.kernel_bytes));
	buffers_amount(&flow, "BPF, maps", text);
	for (unsigned i = 0; i < cost->now.count; i++) {
		const struct ebt_process_cost *p = &cost->now.process[i];

		snprintf(name, sizeof(name), "%.*s", EBT_COST_NAME_LEN, p->name);
		snprintf(text, sizeof(text), "%.1f%% %s", 100 * cost->share[i],
			 ebt_fmt_bytes(a, p->memory_bytes));
		buffers_amount(&flow, name, text);
	}
	return flow.y + 1;
}

static int buffers_tuning(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_ui_status *st = ui->status;
	const struct ebt_ui_tuning *t = &st->tuning;
	struct flow flow = { grid, 1, y, y_end, 3 };
	char text[96], a[EBT_FMT_LEN];

	buffers_amount(&flow, "scratch", ebt_fmt_bytes(a, t->scratch_bytes));
	buffers_amount(&flow, "ring", ebt_fmt_bytes(a, t->ring_bytes));
	buffers_amount(&flow, "args",
		       t->args_limit_bytes == EBT_UI_ALL ? "all"
							 : ebt_fmt_bytes(a, t->args_limit_bytes));
	buffers_amount(&flow, "env",
		       t->env_limit_bytes == EBT_UI_ALL ? "all"
		       : t->env_limit_bytes		? ebt_fmt_bytes(a, t->env_limit_bytes)
							: "off");
	snprintf(text, sizeof(text), "%u ms", t->poll_ms);
	buffers_amount(&flow, "poll every", text);
	if (st->hooks)
		buffers_amount(&flow, "hooks", st->hooks);
	if (st->offsets)
		buffers_amount(&flow, "offsets from", st->offsets);
	if (st->kernel)
		buffers_amount(&flow, "kernel", st->kernel);
	if (st->transport)
		buffers_amount(&flow, "by", st->transport);
	snprintf(text, sizeof(text), "%u", st->generation);
	buffers_amount(&flow, "generation", text);
	if (st->command)
		buffers_amount(&flow, "command", st->command);
	if (st->recording)
		buffers_amount(&flow, "recording to", st->recording);
	if (st->replay)
		buffers_amount(&flow, "replay of", st->replay);
	buffers_word(&flow, EBT_ROLE_DIM, "(F2 changes it)");
	return flow.y + 1;
}

static int buffers_advice(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_ui_status *st = ui->status;

	if (st->advice_count)
		y = buffers_title(grid, y, y_end, "Advice (a applies it)");
	for (unsigned i = 0; i < st->advice_count && y < y_end; i++, y++)
		ebt_grid_bytes(grid, 1, y, grid->width, EBT_ROLE_WARN,
			       ebt_bytes_from(st->advice[i]), 0, true);
	return y;
}

static void buffers_messages(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	unsigned n = ui->message_count < EBT_MESSAGES_MAX ? ui->message_count : EBT_MESSAGES_MAX;

	if (n)
		y = buffers_title(grid, y, y_end, "Messages");
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
}

static int ring_graph(struct ebt_ui *ui, struct ebt_grid *grid, int y, int rows)
{
	uint8_t most = 0;
	char text[64];

	for (int i = 0; i < EBT_SPARK_LEN; i++)
		most = ui->snap.ring_fill[i] > most ? ui->snap.ring_fill[i] : most;
	snprintf(text, sizeof(text), "%s fill, last minute: highest %u%%",
		 ui->snap.cpu_ring_size ? "Buffers'" : "Ring", most);
	buffers_title(grid, y, y + 1, text);
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

static void buffers_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	int height = y_end - y, ncpu = (int)ui->snap.ncpu;
	int below = height < 8 ? 0 : height < 14 ? height / 2 : height - ncpu - 2;
	int least = height < 14 ? below : 13;

	if (below < least)
		below = least;
	y = ebt_buffers_table(ui, grid, y, y_end - below);
	if (!below) {
		return;
	}
	if (height >= 24)
		y++;
	y = buffers_cost(ui, grid, y, y_end);
	y = buffers_title(grid, y, y_end, "Accounting");
	y = buffers_accounting(ui, grid, y, y_end);
	if (y_end - y >= 5) {
		int rows = (y_end - y) - 6;

		y = ring_graph(ui, grid, y, rows < 2 ? 2 : rows > 6 ? 6 : rows);
	}
	y = buffers_title(grid, y, y_end, "Memory");
	y = buffers_memory(ui, grid, y, y_end);
	y = buffers_title(grid, y, y_end, "Tuning");
	y = buffers_tuning(ui, grid, y, y_end);
	y = buffers_advice(ui, grid, y, y_end);
	buffers_messages(ui, grid, y, y_end);
}

static bool buffers_action(struct ebt_ui *ui, enum ebt_action act)
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
	case EBT_ACT_APPLY:
		if (ui->status->advice_count && !ui->status->compiling && !ui->status->replay)
			ebt_ui_request(ui,
				       &(struct ebt_ui_request){ .type = EBT_REQ_RETUNE,
								 .shown = ui->status->tuning,
								 .tuning = ui->status->advised });
		break;
	default:
		return false;
	}
	if (ui->buffers_top < 0)
		ui->buffers_top = 0;
	return true;
}

static enum ebt_action buffers_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	if (type == EBT_MOUSE_WHEEL_UP || type == EBT_MOUSE_WHEEL_DOWN)
		buffers_action(ui, type == EBT_MOUSE_WHEEL_UP ? EBT_ACT_UP : EBT_ACT_DOWN);
	return EBT_ACT_NONE;
}

const struct ebt_screen_ops ebt_screen_buffers = {
	.title = "Buffers",
	.where = EBT_IN_BUFFERS,
	.draw = buffers_draw,
	.action = buffers_action,
	.mouse = buffers_mouse,
};
