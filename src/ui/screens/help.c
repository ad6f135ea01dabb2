/* SPDX-License-Identifier: BSD-3-Clause */
/* help.c - the Help screen, generated from the table of keys */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "ui/core/columns.h"
#include "ui/core/ui_state.h"
#include "ui/screens/registry.h"

#define KEYS_WIDE   17
#define COLUMN_WIDE 80
#define ROOM_MIN    8 /* bytes of a line, in the narrowest of terminals */
#define TOP_MAX	    10000

#define ROWS (EBT_IN_LISTS | EBT_IN_DETAILS)
#define RUNS (ROWS & ~EBT_IN_TOP)

#define HEADING(title, screens)                               \
	{                                                     \
		.what = NULL, .text = title, .where = screens \
	}
#define ENTRY(name, meaning)                  \
	{                                     \
		.what = name, .text = meaning \
	}

/* Explain what is on the screens. A heading has the screens that it belongs to. */
static const struct {
	const char *what, *text;
	unsigned where; /* EBT_IN_*; 0: all alike */
} legend[] = {
	HEADING("Header", 0),
	ENTRY("Execs", "programs started a second, now; their last minute"),
	ENTRY("Failed", "a second: execs that failed (-x) and exits other than 0"),
	ENTRY("Running", "programs that were seen to start and have not ended"),
	ENTRY("Lost", "events that found no room; their number is certain"),
	ENTRY("keeping up", "the tracer is not late and has lost nothing for ten seconds"),
	ENTRY("behind 1.2s", "what waits in the ring is that much of the present load"),
	ENTRY("Ring", "how full the buffer to this program is"),
	ENTRY("Scratch of CPU", "each CPU: how full its buffer ever was, events a second, -lost"),
	HEADING("Columns of the Overview", EBT_IN_OVERVIEW),
	ENTRY("RATE", "mean of the last minute, a second or a minute"),
	ENTRY("FAILED", "failed execs, and exits other than 0"),
	ENTRY("LIVE", "running now"),
	ENTRY("CPUTIM", "CPU time of those that ended and, so far, of those that run"),
	ENTRY("STARTED BY", "the parent of most, its pid if it is always one; +2: two others"),
	HEADING("In the tree", EBT_IN_TREE),
	ENTRY("PART SUBTREE", "something is left out: by H or K, or by f"),
	HEADING("Costs of tracing", EBT_IN_BUFFERS),
	ENTRY("tracer costs", "CPU of its processes and BPF programs in the last seconds; memory"),
	ENTRY("BPF, maps", "CPU time of the BPF programs in all processes; memory of their maps"),
	HEADING("Marks of an event (column !)", RUNS),
	ENTRY("L F T", "arguments lost midway, unreadable, truncated by --args"),
	ENTRY("P E ?", "path, environment truncated; -m could not be judged"),
	ENTRY("D #", "executable deleted; a script"),
	HEADING("Column RESULT", RUNS),
	ENTRY("run", "still runs"),
	ENTRY("exec", "replaced itself by another program"),
	ENTRY("?", "ended: its exit was lost or filtered"),
	ENTRY("0 1 KILL SEGV*", "exit status, or the signal (* core dumped)"),
	ENTRY("ENOENT ...", "why the exec failed"),
};

struct help {
	struct ebt_grid *grid;
	int line;      /* current line of the text */
	int top, rows; /* window; columns follow each other like in a newspaper */
	int columns, width;
	int y;
};

static bool help_place(struct help *help, int *x, int *y)
{
	int at = help->line++ - help->top;

	if (at < 0 || at >= help->rows * help->columns)
		return false;
	*x = at / help->rows * help->width;
	*y = help->y + at % help->rows;
	return true;
}

static void help_heading(struct help *help, const char *text)
{
	int x, y;

	if (help->line > 0)
		help_place(help, &x, &y);
	if (help_place(help, &x, &y))
		ebt_grid_puts(help->grid, x + 1, y, x + help->width, EBT_ROLE_STRONG, text);
}

/* Return how many bytes of a text fit into a line, which ends at a blank where it can. */
static size_t help_fits(const char *text, size_t room)
{
	size_t len = strlen(text), fits = room;

	if (len <= room)
		return len;
	while (fits > 0 && text[fits] != ' ')
		fits--;
	return fits > 0 ? fits : room;
}

static void help_entry(struct help *help, const char *keys, const char *text)
{
	int wide = help->width - (help->columns > 1) - KEYS_WIDE - 2;
	size_t room = wide > ROOM_MIN ? (size_t)wide : ROOM_MIN, fits;

	for (const char *at = text;; at += fits) {
		int x, y, end;

		at += strspn(at, " ");
		fits = help_fits(at, room);
		if (help_place(help, &x, &y)) {
			end = x + help->width - (help->columns > 1);
			ebt_grid_right(help->grid, x + 1, y,
				       x + KEYS_WIDE < end ? x + KEYS_WIDE : end, EBT_ROLE_VALUE,
				       at == text ? keys : "");
			ebt_grid_bytes(help->grid, x + KEYS_WIDE + 2, y, end, EBT_ROLE_TEXT,
				       (struct ebt_bytes){ at, fits }, 0, true);
		}
		if (!at[fits])
			return;
	}
}

static void help_binding(struct help *help, const struct ebt_binding *b)
{
	char keys[64] = "";
	size_t len = 0;

	for (int k = 0; k < EBT_KEYS_MAX && b->keys[k]; k++) {
		char name[EBT_KEY_NAME_LEN];
		int n = snprintf(keys + len, sizeof(keys) - len, "%s%s", k ? " " : "",
				 ebt_key_name(name, b->keys[k]));

		len += n > 0 && (size_t)n < sizeof(keys) - len ? (size_t)n : 0;
	}
	help_entry(help, keys, b->help);
}

/* Return whether a topic of the keys is about one screen, or about the rows of lists such as it has. */
static bool help_about(const char *topic, const struct ebt_screen_ops *ops)
{
	return strcmp(topic, ops->title) == 0 || (ops->where & ROWS && strcmp(topic, "Rows") == 0);
}

static void help_keys(struct help *help, const struct ebt_screen_ops *ops, bool about)
{
	const char *topic = "";

	for (size_t i = 0; i < ebt_bindings_count; i++) {
		if (help_about(ebt_bindings[i].topic, ops) != about)
			continue;
		if (strcmp(topic, ebt_bindings[i].topic) != 0) {
			topic = ebt_bindings[i].topic;
			help_heading(help, topic);
		}
		help_binding(help, &ebt_bindings[i]);
	}
}

static void help_legend(struct help *help, const struct ebt_screen_ops *ops, bool about)
{
	bool shown = false;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(legend); i++) {
		if (!legend[i].what)
			shown = ((legend[i].where & ops->where) != 0) == about;
		if (!shown)
			continue;
		if (legend[i].what)
			help_entry(help, legend[i].what, legend[i].text);
		else
			help_heading(help, legend[i].text);
	}
}

/* The columns that the screen has now, in their order. */
static void help_columns(struct help *help, const struct ebt_ui *ui, unsigned where)
{
	const struct ebt_columns *columns = where & EBT_IN_EVENTS ? &ui->settings.events
					    : where & EBT_IN_TREE ? &ui->settings.tree
								  : &ui->settings.top;
	const struct ebt_column_spec *specs =
		where & EBT_IN_TOP ? ebt_top_columns : ebt_row_columns;
	char text[EBT_COLUMN_HELP_MAX];

	if (!(where & (EBT_IN_EVENTS | EBT_IN_TREE | EBT_IN_TOP)))
		return;
	help_heading(help, "Columns of the list");
	for (unsigned i = 0; i < columns->count; i++) {
		const struct ebt_column_spec *spec = &specs[columns->id[i]];

		help_entry(help, spec->title, ebt_column_describe(spec, text, sizeof(text)));
	}
}

/* What belongs to the screen that help was called from comes first. */
static void help_text(struct help *help, const struct ebt_ui *ui)
{
	const struct ebt_screen_ops *ops = ebt_ui_screen_ops(ui, ui->help_from);

	help_columns(help, ui, ops->where);
	help_legend(help, ops, true);
	help_keys(help, ops, true);
	help_keys(help, ops, false);
	help_legend(help, ops, false);
	if (ui->status->version) {
		help_heading(help, "execbig-top");
		help_entry(help, "version", ui->status->version);
	}
}

static void help_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	int columns = grid->width / COLUMN_WIDE > 1 ? grid->width / COLUMN_WIDE : 1;
	struct help help = { .columns = columns, .width = grid->width / columns };

	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_HEAD, ' ');
	help_text(&help, ui); /* only count the lines */
	ui->help_page = (y_end - y - 1) * columns;
	if (ui->help_top > help.line - ui->help_page)
		ui->help_top = help.line > ui->help_page ? help.line - ui->help_page : 0;
	ebt_grid_printf(grid, 1, y, grid->width, EBT_ROLE_HEAD, "Keys and marks%s",
			help.line > ui->help_page ? " (scroll with arrows and PgDn)" : "");
	help = (struct help){ .grid = grid,
			      .top = ui->help_top,
			      .rows = y_end - y - 1,
			      .columns = columns,
			      .width = grid->width / columns,
			      .y = y + 1 };
	if (help.rows > 0)
		help_text(&help, ui);
}

static void scroll_to(struct ebt_ui *ui, int to)
{
	/* the drawing function limits it to the end */
	ui->help_top = to < 0 ? 0 : to > TOP_MAX ? TOP_MAX : to;
}

static bool help_action(struct ebt_ui *ui, enum ebt_action act)
{
	switch (act) {
	case EBT_ACT_UP:
		scroll_to(ui, ui->help_top - 1);
		return true;
	case EBT_ACT_DOWN:
		scroll_to(ui, ui->help_top + 1);
		return true;
	case EBT_ACT_PGUP:
		scroll_to(ui, ui->help_top - ui->help_page);
		return true;
	case EBT_ACT_PGDN:
		scroll_to(ui, ui->help_top + ui->help_page);
		return true;
	case EBT_ACT_HOME:
		scroll_to(ui, 0);
		return true;
	case EBT_ACT_END:
		scroll_to(ui, TOP_MAX);
		return true;
	default:
		return false;
	}
}

static enum ebt_action help_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	if (ebt_wheel_lines(type))
		scroll_to(ui, ui->help_top + ebt_wheel_lines(type));
	return EBT_ACT_NONE;
}

const struct ebt_screen_ops ebt_screen_help = {
	.title = "Help",
	.where = EBT_IN_HELP,
	.draw = help_draw,
	.action = help_action,
	.mouse = help_mouse,
};
