/* SPDX-License-Identifier: BSD-3-Clause */
/* command_line.c - draw command lines and paths: find the program's name and options, and quote all
 * of it so that the end of each argument is visible */
#include "ui/core/command_line.h"

#include <string.h>

#include "base/text.h"
#include "ui/core/ui_state.h"

/* Maximum bytes in n columns: a glyph has at most EBT_CELL_LEN bytes. */
static size_t command_bytes_for(size_t columns)
{
	return columns * EBT_CELL_LEN + 64;
}

/* Return the number of columns that the pen may still draw or skip. */
static size_t command_pen_room(const struct ebt_pen *pen)
{
	size_t width = pen->x_end > pen->x ? (size_t)(pen->x_end - pen->x) : 0;
	size_t lines = pen->wrap && pen->y_end > pen->at_y ? (size_t)(pen->y_end - pen->at_y) : 1;
	size_t skip = pen->skip > pen->passed ? pen->skip - pen->passed : 0;

	return skip + width * lines + 1;
}

static void command_put_mark(struct ebt_pen *pen)
{
	const char *mark = pen->unicode ? "…" : "+";

	pen->full = true;
	if (pen->grid && pen->x_end > pen->x)
		ebt_grid_glyph(pen->grid, pen->x_end - 1, pen->at_y, pen->x_end, EBT_ROLE_WARN,
			       mark, strlen(mark), 1);
}

static void command_put(struct ebt_pen *pen, enum ebt_role role, const char *text, size_t len,
			unsigned width)
{
	if (pen->full)
		return;
	if (pen->passed < pen->skip) {
		pen->passed += width;
		/* a wide character across the edge, whose right half is blank */
		pen->at_x += pen->passed > pen->skip ? (int)(pen->passed - pen->skip) : 0;
		return;
	}
	if (width == 0 && pen->at_x == pen->x)
		return;
	if (pen->at_x + (int)width > pen->x_end) {
		if (!pen->wrap || pen->at_y + 1 >= pen->y_end || pen->x + (int)width > pen->x_end) {
			command_put_mark(pen);
			return;
		}
		pen->at_y++;
		pen->at_x = pen->x;
	}
	if (pen->grid)
		ebt_grid_glyph(pen->grid, pen->at_x, pen->at_y, pen->x_end, role, text, len, width);
	pen->at_x += (int)width;
}

static void command_put_text(struct ebt_pen *pen, enum ebt_role role, struct ebt_bytes text)
{
	struct ebt_glyph glyph;

	role = pen->plain_role ? pen->role : role;
	while (!pen->full && ebt_text_next(&text, pen->unicode ? 0 : EBT_TEXT_ASCII, &glyph)) {
		enum ebt_role r = glyph.escaped && !pen->plain_role ? EBT_ROLE_ESCAPED : role;

		if (!glyph.escaped) {
			command_put(pen, r, glyph.text, glyph.len, glyph.width);
			continue;
		}
		for (unsigned i = 0; i < glyph.len; i++)
			command_put(pen, r, &glyph.text[i], 1, 1);
	}
}

/* Leave a mark where a text is scrolled out of the window to the left, so that its row does not look
 * empty. */
static void command_mark_left(struct ebt_grid *grid, int x, int y, int x_end)
{
	const char *mark = grid->unicode ? "‹" : "<";

	ebt_grid_glyph(grid, x, y, x_end, EBT_ROLE_WARN, mark, strlen(mark), 1);
}

/* Return how many rows were drawn. */
static int command_pen_end(struct ebt_pen *pen)
{
	if (pen->grid && pen->passed && pen->passed <= pen->skip && pen->at_x == pen->x)
		command_mark_left(pen->grid, pen->x, pen->at_y, pen->x_end);
	return pen->at_y - pen->y + 1;
}

/* Return the index after the last slash, where the program's name begins. */
static size_t command_base_of(struct ebt_bytes path)
{
	const char *slash = path.len ? memrchr(path.data, '/', path.len) : NULL;

	return slash && slash + 1 < path.data + path.len ? (size_t)(slash + 1 - path.data) : 0;
}

static void command_put_program(struct ebt_pen *pen, struct ebt_bytes quoted)
{
	size_t base = command_base_of(quoted);

	command_put_text(pen, EBT_ROLE_DIM, (struct ebt_bytes){ quoted.data, base });
	command_put_text(pen, EBT_ROLE_STRONG,
			 (struct ebt_bytes){ quoted.data + base, quoted.len - base });
}

/* Draw arguments, of which the first is the program's name if `first` is set. */
static void command_put_args(struct ebt_ui *ui, struct ebt_pen *pen, struct ebt_bytes args,
			     bool first)
{
	struct ebt_bytes arg;

	while (!pen->full && ebt_text_next_arg(&args, &arg)) {
		size_t most = command_bytes_for(command_pen_room(pen));

		ebt_buf_reset(&ui->scratch);
		if (!first)
			command_put(pen, pen->plain_role ? pen->role : EBT_ROLE_TEXT, " ", 1, 1);
		/* A list shows the start of a long argument, so only that is examined. */
		if (arg.len > most)
			arg.len = most;
		if (ebt_text_quote(&ui->scratch, arg, pen->unicode ? 0 : EBT_TEXT_ASCII) < 0)
			break;
		struct ebt_bytes quoted = { ui->scratch.data, ui->scratch.len };

		if (first)
			command_put_program(pen, quoted);
		else
			command_put_text(pen,
					 arg.len && arg.data[0] == '-' ? EBT_ROLE_OPTION
								       : EBT_ROLE_TEXT,
					 quoted);
		first = false;
	}
}

static void command_begin(struct ebt_pen *pen)
{
	pen->at_x = pen->x;
	pen->at_y = pen->y;
	pen->passed = 0;
	pen->full = false;
}

int ebt_command_args(struct ebt_ui *ui, struct ebt_pen *pen, struct ebt_bytes args)
{
	command_begin(pen);
	command_put_args(ui, pen, args, true);
	return command_pen_end(pen);
}

/* Draw the program and the cause of a homeostasis event. */
static int command_event_draw(struct ebt_pen *pen, const struct ebt_row *row)
{
	struct ebt_bytes cause = row->args;

	command_begin(pen);
	if (cause.len)
		cause.len--; /* without its NUL */
	command_put_program(pen, row->exe.len ? row->exe : row->comm);
	command_put_text(pen, EBT_ROLE_DIM, ebt_bytes_from(": "));
	command_put_text(pen, row->status >= EBT_HOMEO_WARNING ? EBT_ROLE_BAD : EBT_ROLE_TEXT,
			 cause);
	return command_pen_end(pen);
}

static void command_put_path(struct ebt_pen *pen, struct ebt_bytes path)
{
	if (path.len > command_bytes_for(command_pen_room(pen)))
		path.len = command_bytes_for(command_pen_room(pen));
	command_put_program(pen, path);
}

/* Draw the file before arguments that do not name it, or what is known instead. */
static void command_put_file(struct ebt_pen *pen, const struct ebt_row *row)
{
	struct ebt_exec_command command = ebt_row_command(row);
	struct ebt_bytes file = ebt_command_file(&command);
	const char *none = ebt_command_no_file(&command);

	if (!file.len && !none)
		return;
	command_put_text(pen, EBT_ROLE_DIM, ebt_bytes_from("("));
	if (none)
		command_put_text(pen, EBT_ROLE_DIM, ebt_bytes_from(none));
	else
		command_put_path(pen, file);
	command_put_text(pen, EBT_ROLE_DIM, ebt_bytes_from(") "));
}

/* Draw the path of the executable in place of the first argument. */
static void command_put_with_path(struct ebt_ui *ui, struct ebt_pen *pen, const struct ebt_row *row)
{
	struct ebt_bytes rest = row->args, name;

	command_put_path(pen, row->exe);
	if (ebt_text_next_arg(&rest, &name))
		command_put_args(ui, pen, rest, false);
}

int ebt_command_draw(struct ebt_ui *ui, struct ebt_pen *pen, const struct ebt_row *row)
{
	struct ebt_bytes path = row->exe.len && row->ret >= 0 ? row->exe : row->filename;

	if (row->kind == EBT_ROW_HOMEO)
		return command_event_draw(pen, row);
	command_begin(pen);
	if (row->args.len && ui->settings.program_path && row->exe.len && row->ret >= 0) {
		command_put_with_path(ui, pen, row);
	} else if (row->args.len || (row->ret < 0 && !path.len)) {
		command_put_file(pen, row);
		command_put_args(ui, pen, row->args, true);
	} else if (path.len) {
		/* An exec without argv. */
		command_put_path(pen, path);
	} else {
		/* A kernel thread, for example. */
		command_put_text(pen, EBT_ROLE_DIM, ebt_bytes_from("["));
		command_put_text(pen, EBT_ROLE_DIM, row->comm);
		command_put_text(pen, EBT_ROLE_DIM, ebt_bytes_from("]"));
	}
	return command_pen_end(pen);
}

size_t ebt_command_width(struct ebt_ui *ui, const struct ebt_row *row, size_t max)
{
	struct ebt_pen pen = { .x_end = (int)(max < 1u << 20 ? max : 1u << 20),
			       .y_end = 1,
			       .unicode = ui->options.unicode };

	ebt_command_draw(ui, &pen, row);
	return (size_t)pen.at_x;
}

void ebt_path_draw(struct ebt_grid *grid, int x, int y, int x_end, struct ebt_bytes path,
		   size_t skip)
{
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII;
	const char *mark = grid->unicode ? "…" : "+";
	size_t room = x_end > x ? (size_t)(x_end - x) : 0;

	/* Paths are at most PATH_MAX long; the rest is ignored. */
	if (path.len > EBT_PATH_MAX)
		path.len = EBT_PATH_MAX;
	size_t base = command_base_of(path), width = ebt_text_width(path, flags);
	struct ebt_bytes dir = { path.data, base }, name = { path.data + base, path.len - base };
	size_t dir_width = ebt_text_width(dir, flags);

	/* Keep the end of a path that is too long, because it tells more than the beginning. */
	if (!skip && width > room && room > 1) {
		ebt_grid_glyph(grid, x++, y, x_end, EBT_ROLE_WARN, mark, strlen(mark), 1);
		skip = width - room + 1;
	}
	if (skip >= width && width)
		command_mark_left(grid, x, y, x_end);
	if (skip < dir_width)
		x = ebt_grid_bytes(grid, x, y, x_end, EBT_ROLE_DIM, dir, skip, true);
	ebt_grid_bytes(grid, x, y, x_end, EBT_ROLE_STRONG, name,
		       skip > dir_width ? skip - dir_width : 0, true);
}

char ebt_row_mark(const struct ebt_row *row, enum ebt_role *role)
{
	static const struct {
		uint32_t flags;
		char mark;
		enum ebt_role role;
	} marks[] = {
		{ EBT_EV_MATCH_UNKNOWN, '?', EBT_ROLE_WARN },
		{ EBT_EV_ARGS_LOST | EBT_EV_ENV_LOST, 'L', EBT_ROLE_BAD },
		{ EBT_EV_ARGS_FAULT | EBT_EV_ENV_FAULT, 'F', EBT_ROLE_BAD },
		{ EBT_EV_ARGS_TRUNCATED, 'T', EBT_ROLE_WARN },
		{ EBT_EV_PATH_TRUNCATED | EBT_EV_CWD_TRUNCATED | EBT_EV_FILENAME_TRUNCATED, 'P',
		  EBT_ROLE_WARN },
		{ EBT_EV_ENV_TRUNCATED, 'E', EBT_ROLE_WARN },
		{ EBT_EV_EXE_DELETED, 'D', EBT_ROLE_WARN },
		{ EBT_EV_SCRIPT, '#', EBT_ROLE_DIM },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (row->flags & marks[i].flags) {
			*role = marks[i].role;
			return marks[i].mark;
		}
	}
	*role = EBT_ROLE_DIM;
	return ' ';
}
