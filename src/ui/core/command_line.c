/* SPDX-License-Identifier: BSD-3-Clause */
/* command_line.c - command lines and paths: where the program's name is, what is an option, and all
 * of it quoted so that the reader sees where an argument ends. */
#include "ui/core/command_line.h"

#include <string.h>

#include "base/text.h"
#include "ui/core/ui_state.h"

/* Bytes that n columns can take at most: a glyph has EBT_CELL_LEN bytes. */
static size_t bytes_for(size_t columns)
{
	return columns * EBT_CELL_LEN + 64;
}

/* Columns the pen may still draw or skip. */
static size_t pen_room(const struct ebt_pen *pen)
{
	size_t width = pen->x_end > pen->x ? (size_t)(pen->x_end - pen->x) : 0;
	size_t lines = pen->wrap && pen->y_end > pen->at_y ? (size_t)(pen->y_end - pen->at_y) : 1;
	size_t skip = pen->skip > pen->passed ? pen->skip - pen->passed : 0;

	return skip + width * lines + 1;
}

static void put_mark(struct ebt_pen *pen)
{
	const char *mark = pen->unicode ? "…" : "+";

	pen->full = true;
	if (pen->grid && pen->x_end > pen->x)
		ebt_grid_glyph(pen->grid, pen->x_end - 1, pen->at_y, pen->x_end, EBT_ROLE_WARN,
			       mark, strlen(mark), 1);
}

static void put(struct ebt_pen *pen, enum ebt_role role, const char *text, size_t len,
		unsigned width)
{
	if (pen->full)
		return;
	if (pen->passed < pen->skip) {
		pen->passed += width;
		/* a wide character across the edge: its right half is blank */
		pen->at_x += pen->passed > pen->skip ? (int)(pen->passed - pen->skip) : 0;
		return;
	}
	if (width == 0 && pen->at_x == pen->x)
		return;
	if (pen->at_x + (int)width > pen->x_end) {
		if (!pen->wrap || pen->at_y + 1 >= pen->y_end || pen->x + (int)width > pen->x_end) {
			put_mark(pen);
			return;
		}
		pen->at_y++;
		pen->at_x = pen->x;
	}
	if (pen->grid)
		ebt_grid_glyph(pen->grid, pen->at_x, pen->at_y, pen->x_end, role, text, len, width);
	pen->at_x += (int)width;
}

static void put_text(struct ebt_pen *pen, enum ebt_role role, struct ebt_bytes text)
{
	struct ebt_glyph glyph;

	role = pen->plain_role ? pen->role : role;
	while (!pen->full && ebt_text_next(&text, pen->unicode ? 0 : EBT_TEXT_ASCII, &glyph)) {
		enum ebt_role r = glyph.escaped && !pen->plain_role ? EBT_ROLE_ESCAPED : role;

		if (!glyph.escaped) {
			put(pen, r, glyph.text, glyph.len, glyph.width);
			continue;
		}
		for (unsigned i = 0; i < glyph.len; i++)
			put(pen, r, &glyph.text[i], 1, 1);
	}
}

/* Place after the last slash: where the program's name begins. */
static size_t base_of(struct ebt_bytes path)
{
	const char *slash = path.len ? memrchr(path.data, '/', path.len) : NULL;

	return slash && slash + 1 < path.data + path.len ? (size_t)(slash + 1 - path.data) : 0;
}

static void put_program(struct ebt_pen *pen, struct ebt_bytes quoted)
{
	size_t base = base_of(quoted);

	put_text(pen, EBT_ROLE_DIM, (struct ebt_bytes){ quoted.data, base });
	put_text(pen, EBT_ROLE_STRONG, (struct ebt_bytes){ quoted.data + base, quoted.len - base });
}

int ebt_command_args(struct ebt_ui *ui, struct ebt_pen *pen, struct ebt_bytes args)
{
	struct ebt_bytes arg;
	bool first = true;

	pen->at_x = pen->x;
	pen->at_y = pen->y;
	pen->passed = 0;
	pen->full = false;
	while (!pen->full && ebt_text_next_arg(&args, &arg)) {
		size_t most = bytes_for(pen_room(pen));

		ebt_buf_reset(&ui->scratch);
		if (!first)
			put(pen, pen->plain_role ? pen->role : EBT_ROLE_TEXT, " ", 1, 1);
		/* A list shows the start of a long argument; only that is looked at. */
		if (arg.len > most)
			arg.len = most;
		if (ebt_text_quote(&ui->scratch, arg, pen->unicode ? 0 : EBT_TEXT_ASCII) < 0)
			break;
		struct ebt_bytes quoted = { ui->scratch.data, ui->scratch.len };

		if (first)
			put_program(pen, quoted);
		else
			put_text(pen,
				 arg.len && arg.data[0] == '-' ? EBT_ROLE_OPTION : EBT_ROLE_TEXT,
				 quoted);
		first = false;
	}
	return pen->at_y - pen->y + 1;
}

/* An event of homeostasis: of which program, and why. */
static int event_draw(struct ebt_pen *pen, const struct ebt_row *row)
{
	struct ebt_bytes cause = row->args;

	pen->at_x = pen->x;
	pen->at_y = pen->y;
	pen->passed = 0;
	pen->full = false;
	if (cause.len)
		cause.len--; /* its NUL */
	put_program(pen, row->exe.len ? row->exe : row->comm);
	put_text(pen, EBT_ROLE_DIM, ebt_bytes_from(": "));
	put_text(pen, row->status >= EBT_HOMEO_WARNING ? EBT_ROLE_BAD : EBT_ROLE_TEXT, cause);
	return pen->at_y - pen->y + 1;
}

int ebt_command_draw(struct ebt_ui *ui, struct ebt_pen *pen, const struct ebt_row *row)
{
	struct ebt_bytes text = row->exe.len ? row->exe : row->filename;

	if (row->kind == EBT_ROW_HOMEO)
		return event_draw(pen, row);
	if (row->args.len)
		return ebt_command_args(ui, pen, row->args);
	/* No arguments at all: a kernel thread, an exec without argv. */
	pen->at_x = pen->x;
	pen->at_y = pen->y;
	pen->passed = 0;
	pen->full = false;
	if (text.len > bytes_for(pen_room(pen)))
		text.len = bytes_for(pen_room(pen));
	if (text.len) {
		put_program(pen, text);
	} else {
		put_text(pen, EBT_ROLE_DIM, ebt_bytes_from("["));
		put_text(pen, EBT_ROLE_DIM, row->comm);
		put_text(pen, EBT_ROLE_DIM, ebt_bytes_from("]"));
	}
	return pen->at_y - pen->y + 1;
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

	/* Paths end at PATH_MAX; what is longer is not looked at. */
	if (path.len > EBT_PATH_MAX)
		path.len = EBT_PATH_MAX;
	size_t base = base_of(path), width = ebt_text_width(path, flags);
	struct ebt_bytes dir = { path.data, base }, name = { path.data + base, path.len - base };
	size_t dir_width = ebt_text_width(dir, flags);

	/* Too long: its end tells more than its beginning. */
	if (!skip && width > room && room > 1) {
		ebt_grid_glyph(grid, x++, y, x_end, EBT_ROLE_WARN, mark, strlen(mark), 1);
		skip = width - room + 1;
	}
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
