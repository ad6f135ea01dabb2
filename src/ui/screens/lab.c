/* SPDX-License-Identifier: BSD-3-Clause */
/* lab.c - the Lab screen: the programs as source, bytecode and native code side by side, which
 * scroll together, the verifier's statistics, and the stack that an event would have needed */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "ui/core/prompt.h"
#include "ui/core/ui_state.h"
#include "ui/screens/bpf_insn.h"
#include "model/listing.h"
#include "ui/screens/registry.h"

#define STACK_MAX 512 /* from include/linux/filter.h */

static const struct ebt_listing_program *lab_program(struct ebt_ui *ui)
{
	if (!ui->lab || !ui->lab->programs_count)
		return NULL;
	if (ui->labs.program >= ui->lab->programs_count)
		ui->labs.program = 0;
	return &ui->lab->programs[ui->labs.program];
}

static int first_insn_of(const struct ebt_listing_program *p, int source)
{
	for (uint32_t i = 0; i < p->insns_count; i++)
		if (p->insns[i].source == source)
			return (int)i;
	return -1;
}

static int first_native_of(const struct ebt_listing_program *p, int insn)
{
	for (uint32_t i = 0; i < p->native_count; i++)
		if (p->native[i].insn == insn)
			return (int)i;
	return -1;
}

static bool insn_on(const struct ebt_ui *ui, const struct ebt_listing_program *p, int insn)
{
	if (insn < 0 || (uint32_t)insn >= p->insns_count)
		return false;
	return ui->labs.by_insn ? insn == ui->labs.insn
				: ui->labs.source >= 0 && p->insns[insn].source == ui->labs.source;
}

static void clamp_selection(struct ebt_ui *ui, const struct ebt_listing_program *p)
{
	struct ebt_lab_state *st = &ui->labs;

	if (st->source >= (int)p->lines_count)
		st->source = (int)p->lines_count - 1;
	if (st->insn >= (int)p->insns_count)
		st->insn = (int)p->insns_count - 1;
	if (st->source < 0 && p->lines_count) { /* start at the first line with code */
		st->source = p->insns_count && p->insns[0].source >= 0 ? p->insns[0].source : 0;
		st->insn = 0;
	}
	if (st->by_insn && st->insn >= 0 && p->insns[st->insn].source >= 0)
		st->source = p->insns[st->insn].source;
	if (!st->by_insn) {
		int insn = first_insn_of(p, st->source);

		st->insn = insn >= 0 ? insn : st->insn;
	}
	if (!p->lines_count)
		st->by_insn = true;
	if (st->insn < 0)
		st->insn = 0;
}

/* Keep a line in the middle third of a pane. */
static int scroll_to(int top, int line, int rows, int count)
{
	if (line >= 0 && (line < top + rows / 5 || line >= top + rows - rows / 5))
		top = line - rows / 3;
	if (top > count - rows)
		top = count - rows;
	return top < 0 ? 0 : top;
}

static void pane_title(struct ebt_grid *grid, int x, int y, int x_end, const char *text)
{
	ebt_grid_fill(grid, x, y, x_end, EBT_ROLE_HEAD, ' ');
	ebt_grid_bytes(grid, x + 1, y, x_end, EBT_ROLE_HEAD, ebt_bytes_from(text), 0, true);
}

/* Expand the tabs of the source, because a grid has none. */
static void draw_code(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		      const char *code, int hscroll)
{
	char line[256];
	size_t n = 0;

	for (; *code && n + 8 < sizeof(line); code++) {
		if (*code != '\t')
			line[n++] = *code;
		else
			do
				line[n++] = ' ';
			while (n % 4);
	}
	ebt_grid_bytes(grid, x, y, x_end, role, (struct ebt_bytes){ line, n }, (size_t)hscroll,
		       true);
}

static void draw_source(struct ebt_ui *ui, struct ebt_grid *grid,
			const struct ebt_listing_program *p, int x, int y, int x_end, int y_end)
{
	struct ebt_lab_state *st = &ui->labs;
	const char *file = st->source >= 0 && p->lines_count ? p->lines[st->source].file : "Source";
	int rows = y_end - y - 1;

	pane_title(grid, x, y++, x_end, file ? file : "Source");
	st->top_source = scroll_to(st->top_source, st->source, rows, (int)p->lines_count);
	for (int i = st->top_source; i < (int)p->lines_count && y < y_end; i++, y++) {
		bool code = first_insn_of(p, i) >= 0;

		ebt_grid_printf(grid, x, y, x_end, code ? EBT_ROLE_VALUE : EBT_ROLE_DIM, "%4u",
				p->lines[i].line);
		draw_code(grid, x + 5, y, x_end, code ? EBT_ROLE_TEXT : EBT_ROLE_DIM,
			  p->lines[i].text, st->hscroll);
		if (i == st->source)
			ebt_grid_role(grid, x, y, x_end,
				      st->by_insn ? EBT_ROLE_MATCH : EBT_ROLE_SELECTED);
	}
	if (!p->lines_count)
		ebt_paragraph(grid, x + 1, y, x_end, y_end, EBT_ROLE_DIM,
			      "the source of this program is not known");
}

static void draw_insns(struct ebt_ui *ui, struct ebt_grid *grid,
		       const struct ebt_listing_program *p, int x, int y, int x_end, int y_end)
{
	struct ebt_lab_state *st = &ui->labs;
	int rows = y_end - y - 1;
	char text[80];

	snprintf(text, sizeof(text), "Bytecode, %u instructions", p->insns_count);
	pane_title(grid, x, y++, x_end, text);
	st->top_insn = scroll_to(st->top_insn, st->insn, rows, (int)p->insns_count);
	for (int i = st->top_insn; i < (int)p->insns_count && y < y_end; i++, y++) {
		const char *own = p->insns[i].text;

		if (!own)
			own = ebt_bpf_insn_text(text, sizeof(text), p->insns[i].raw, (uint32_t)i);
		ebt_grid_printf(grid, x, y, x_end, EBT_ROLE_DIM, "%5d", i);
		ebt_grid_bytes(grid, x + 6, y, x_end, EBT_ROLE_TEXT, ebt_bytes_from(own), 0, true);
		if (insn_on(ui, p, i))
			ebt_grid_role(grid, x, y, x_end,
				      st->by_insn ? EBT_ROLE_SELECTED : EBT_ROLE_MATCH);
	}
}

static void native_text(char *out, size_t len, const struct ebt_listing_native *n)
{
	size_t used = 0;

	out[0] = '\0';
	for (uint8_t i = 0; i < n->len && used + 4 < len; i++)
		used += (size_t)snprintf(out + used, len - used, "%02x ", n->bytes[i]);
}

static void draw_native(struct ebt_ui *ui, struct ebt_grid *grid,
			const struct ebt_listing_program *p, int x, int y, int x_end, int y_end)
{
	struct ebt_lab_state *st = &ui->labs;
	int rows = y_end - y - 1;
	char text[80];

	snprintf(text, sizeof(text), "Native code, %s, %u bytes",
		 p->native_arch ? p->native_arch : "?", p->jited_bytes);
	pane_title(grid, x, y++, x_end, text);
	st->top_native =
		scroll_to(st->top_native, first_native_of(p, st->insn), rows, (int)p->native_count);
	for (int i = st->top_native; i < (int)p->native_count && y < y_end; i++, y++) {
		const struct ebt_listing_native *n = &p->native[i];

		ebt_grid_printf(grid, x, y, x_end, EBT_ROLE_DIM, "%5llx",
				(unsigned long long)n->offset);
		if (!n->text)
			native_text(text, sizeof(text), n);
		ebt_grid_bytes(grid, x + 6, y, x_end, EBT_ROLE_TEXT,
			       ebt_bytes_from(n->text ? n->text : text), 0, true);
		if (insn_on(ui, p, n->insn))
			ebt_grid_role(grid, x, y, x_end, EBT_ROLE_MATCH);
	}
	if (!p->native_count)
		ebt_paragraph(grid, x + 1, y, x_end, y_end, EBT_ROLE_DIM,
			      p->native_why ? p->native_why : "the kernel does not give it");
}

/* Say whether the largest event would have fitted on the stack, beside what the program has there
 * already. The answer comes first, because the line may end early. Return false if it would not. */
static bool event_on_stack(const struct ebt_ui *ui, uint32_t used, char *text, size_t len)
{
	uint64_t largest = ui->snap.total.c.max_event;
	bool fits = largest + used <= STACK_MAX;
	char a[EBT_FMT_LEN];
	int n;

	if (largest)
		n = snprintf(text, len,
			     "largest event %s: would %sfit on the stack beside these %u",
			     ebt_fmt_bytes(a, largest), fits ? "" : "not ", used);
	else
		n = snprintf(text, len, "no event yet");
	if (ui->lab->event_fixed_bytes)
		snprintf(text + n, len - (size_t)n, "; an exec takes %u + its names and arguments",
			 ui->lab->event_fixed_bytes);
	return fits;
}

/* Draw verifier statistics, time and stack in two lines. */
static int draw_stats(struct ebt_ui *ui, struct ebt_grid *grid, const struct ebt_listing_program *p,
		      int y)
{
	char text[160], a[EBT_FMT_LEN], b[EBT_FMT_LEN];
	bool fits;
	int x;

	snprintf(text, sizeof(text), "%u of %u", ui->labs.program + 1, ui->lab->programs_count);
	x = ebt_field(grid, 0, y, grid->width, "Program", EBT_ROLE_STRONG, p->name);
	x = ebt_field(grid, x, y, grid->width, "", EBT_ROLE_DIM, text);
	if (p->verified_insns)
		x = ebt_field(grid, x, y, grid->width, "Verified", EBT_ROLE_VALUE,
			      ebt_fmt_count(a, p->verified_insns));
	if (p->verify_us)
		x = ebt_field(grid, x, y, grid->width, "in", EBT_ROLE_VALUE,
			      ebt_fmt_duration(a, p->verify_us * 1000));
	if (p->run_cnt) {
		x = ebt_field(grid, x, y, grid->width, "Runs", EBT_ROLE_VALUE,
			      ebt_fmt_count(a, p->run_cnt));
		ebt_field(grid, x, y, grid->width, "ns/run", EBT_ROLE_VALUE,
			  p->run_ns ? ebt_fmt_count(b, p->run_ns / p->run_cnt) : "-");
	}
	y++;
	x = ebt_grid_puts(grid, 0, y, grid->width, EBT_ROLE_LABEL, "Stack") + 1;
	ebt_bar(grid, x, y, x + 12 < grid->width ? x + 12 : grid->width,
		(double)p->stack_bytes / STACK_MAX);
	snprintf(text, sizeof(text), "%u of %u bytes", p->stack_bytes, STACK_MAX);
	x = ebt_grid_puts(grid, x + 13, y, grid->width, EBT_ROLE_VALUE, text) + 2;
	fits = event_on_stack(ui, p->stack_bytes, text, sizeof(text));
	ebt_grid_puts(grid, x, y, grid->width, fits ? EBT_ROLE_TEXT : EBT_ROLE_WARN, text);
	return y + 1;
}

static void lab_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	const struct ebt_listing_program *p = lab_program(ui);
	const char *why = ui->lab && ui->lab->why_empty ? ui->lab->why_empty
			  : ui->status->replay ? "This is a recording: no program is loaded."
					       : "The programs are being fetched.";
	int w = grid->width;

	if (!p) {
		ebt_paragraph(grid, 1, y + 1, w - 1, y_end, EBT_ROLE_DIM, why);
		return;
	}
	clamp_selection(ui, p);
	if (y_end - y > 5)
		y = draw_stats(ui, grid, p, y);
	ui->labs.page = y_end - y - 2;
	if (w >= 120) {
		int third = w >= 180 ? w / 3 : w * 2 / 5;
		int second = w >= 180 ? w * 2 / 3 : third + (w - third) / 2;

		draw_source(ui, grid, p, 0, y, third - 1, y_end);
		draw_insns(ui, grid, p, third, y, second - 1, y_end);
		draw_native(ui, grid, p, second, y, w, y_end);
	} else if (w >= 60) {
		int half = y + (y_end - y) * 2 / 3, middle = w * 11 / 20;
		bool native = p->native_count && y_end - y >= 12;

		draw_source(ui, grid, p, 0, y, middle - 1, native ? half : y_end);
		draw_insns(ui, grid, p, middle, y, w, native ? half : y_end);
		if (native)
			draw_native(ui, grid, p, 0, half, w, y_end);
	} else {
		int half = y + (y_end - y) / 2;

		draw_source(ui, grid, p, 0, y, w, half);
		draw_insns(ui, grid, p, 0, half, w, y_end);
	}
}

/* In the source the cursor moves between lines with code. */
static void move_by(struct ebt_ui *ui, const struct ebt_listing_program *p, int by)
{
	struct ebt_lab_state *st = &ui->labs;
	int *at = st->by_insn ? &st->insn : &st->source;
	int count = (int)(st->by_insn ? p->insns_count : p->lines_count);
	int to = *at + by;

	if (!st->by_insn && (by == 1 || by == -1)) {
		while (to >= 0 && to < count && first_insn_of(p, to) < 0)
			to += by;
		if (to < 0 || to >= count)
			return;
	}
	*at = to < 0 ? 0 : to >= count ? (count ? count - 1 : 0) : to;
}

static void step_program(struct ebt_ui *ui, int by)
{
	unsigned n = ui->lab->programs_count;

	ui->labs.program = (unsigned)((int)(ui->labs.program + n) + by) % n;
	ui->labs.source = ui->labs.insn = -1;
	ui->labs.top_source = ui->labs.top_insn = ui->labs.top_native = 0;
}

static bool lab_action(struct ebt_ui *ui, enum ebt_action act)
{
	const struct ebt_listing_program *p = lab_program(ui);
	struct ebt_lab_state *st = &ui->labs;
	int page = st->page > 1 ? st->page : 2;

	if (!p)
		return false;
	switch (act) {
	case EBT_ACT_UP:
	case EBT_ACT_DOWN:
		move_by(ui, p, act == EBT_ACT_UP ? -1 : 1);
		return true;
	case EBT_ACT_PGUP:
	case EBT_ACT_PGDN:
		move_by(ui, p, act == EBT_ACT_PGUP ? -page : page);
		return true;
	case EBT_ACT_HOME:
	case EBT_ACT_END:
		move_by(ui, p, act == EBT_ACT_HOME ? -(1 << 24) : 1 << 24);
		return true;
	case EBT_ACT_LEFT:
		st->hscroll = st->hscroll > 8 ? st->hscroll - 8 : 0;
		return true;
	case EBT_ACT_RIGHT:
		st->hscroll = st->hscroll < 400 ? st->hscroll + 8 : st->hscroll;
		return true;
	case EBT_ACT_LINE_START:
		st->hscroll = 0;
		return true;
	case EBT_ACT_TOGGLE:
		st->by_insn = !st->by_insn;
		ebt_ui_say(ui, EBT_LOG_INFO, "moving by %s",
			   st->by_insn ? "instructions" : "source lines");
		return true;
	case EBT_ACT_NEXT_PROGRAM:
	case EBT_ACT_PREV_PROGRAM:
		step_program(ui, act == EBT_ACT_NEXT_PROGRAM ? 1 : -1);
		return true;
	default:
		return false;
	}
}

static bool lab_find(struct ebt_ui *ui, int dir)
{
	const struct ebt_listing_program *p = lab_program(ui);
	int n = p ? (int)p->lines_count : 0;

	for (int step = 1; step <= n; step++) {
		int i = ((ui->labs.source + dir * step) % n + n) % n;

		if (ebt_ui_matches(ui, ebt_bytes_from(p->lines[i].text))) {
			ui->labs.source = i;
			ui->labs.by_insn = false;
			return true;
		}
	}
	return false;
}

static void lab_enter(struct ebt_ui *ui)
{
	/* run counts change, so the application may read them again each time */
	if (!ui->status->replay)
		ebt_ui_request(ui, &(struct ebt_ui_request){ .type = EBT_REQ_LAB });
}

static enum ebt_action lab_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	if (type == EBT_MOUSE_WHEEL_UP || type == EBT_MOUSE_WHEEL_DOWN)
		lab_action(ui, type == EBT_MOUSE_WHEEL_UP ? EBT_ACT_UP : EBT_ACT_DOWN);
	return EBT_ACT_NONE;
}

const struct ebt_screen_ops ebt_screen_lab = {
	.title = "Lab",
	.where = EBT_IN_LAB,
	.draw = lab_draw,
	.action = lab_action,
	.mouse = lab_mouse,
	.find = lab_find,
	.enter = lab_enter,
};
