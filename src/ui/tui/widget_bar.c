/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "ui/tui/widget.h"

static const char *const blocks[9] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char ascii_levels[9] = { ' ', '.', ':', '-', '=', '+', '*', '%', '#' };

static void bar_put(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *text)
{
	ebt_grid_glyph(grid, x, y, x_end, role, text, strlen(text), 1);
}

static void put_level(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		      unsigned level)
{
	char text[2] = { ascii_levels[level], 0 };

	bar_put(grid, x, y, x_end, role, grid->unicode ? blocks[level] : text);
}

enum ebt_role ebt_bar_role(double fraction)
{
	return fraction < 0.60 ? EBT_ROLE_BAR1 : fraction < 0.85 ? EBT_ROLE_BAR2 : EBT_ROLE_BAR3;
}

void ebt_bar(struct ebt_grid *grid, int x, int y, int x_end, double fraction)
{
	int cells = x_end - x;

	if (cells <= 0)
		return;
	fraction = fraction > 1 ? 1 : fraction > 0 ? fraction : 0;
	int halves = (int)(fraction * cells * 2 + 0.5);

	if (halves == 0 && fraction > 0)
		halves = 1;
	enum ebt_role role = ebt_bar_role(fraction);

	for (int i = 0; i < cells; i++, halves -= 2) {
		if (halves >= 2)
			bar_put(grid, x + i, y, x_end, role, grid->unicode ? "━" : "|");
		else if (halves == 1)
			bar_put(grid, x + i, y, x_end, role, grid->unicode ? "╸" : ":");
		else
			bar_put(grid, x + i, y, x_end, EBT_ROLE_DIM, grid->unicode ? "─" : ".");
	}
}

/* Return 0 for nothing, else 1 to steps. */
static unsigned level_of(unsigned value, unsigned max, unsigned steps)
{
	if (value == 0 || max == 0)
		return 0;
	if (value >= max)
		return steps;
	unsigned level = (unsigned)(((uint64_t)value * steps + max / 2) / max);

	return level ? level : 1;
}

/* The highest of the values that a cell stands for, of n values in `cells` cells. */
static uint16_t spark_peak(const uint16_t *values, size_t n, size_t cell, size_t cells)
{
	uint16_t peak = 0;

	for (size_t i = cell * n / cells; i < (cell + 1) * n / cells; i++)
		peak = values[i] > peak ? values[i] : peak;
	return peak;
}

void ebt_spark(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
	       const uint16_t *values, size_t n, uint16_t max)
{
	if (x_end <= x || !values)
		return;
	size_t room = (size_t)(x_end - x), cells = n < room ? n : room;
	int at = x_end - (int)cells;

	if (max == 0)
		for (size_t i = 0; i < n; i++)
			max = values[i] > max ? values[i] : max;
	for (size_t i = 0; i < cells; i++)
		/* Not to the full height, because rows above each other would run together. */
		put_level(grid, at + (int)i, y, x_end, role,
			  level_of(spark_peak(values, n, i, cells), max, grid->unicode ? 7 : 8));
}

static uint8_t graph_peak(const uint8_t *values, size_t n, size_t cell, size_t cells)
{
	uint8_t peak = 0;

	for (size_t i = cell * n / cells; i < (cell + 1) * n / cells; i++)
		peak = values[i] > peak ? values[i] : peak;
	return peak;
}

void ebt_graph(struct ebt_grid *grid, int x, int y, int x_end, int y_end, enum ebt_role role,
	       const uint8_t *values, size_t n, uint8_t max)
{
	int rows = y_end - y;

	if (x_end <= x || rows <= 0)
		return;
	size_t room = (size_t)(x_end - x), cells = n < room ? n : room;
	int at = x_end - (int)cells;

	for (size_t i = 0; i < cells; i++, at++) {
		unsigned level = level_of(graph_peak(values, n, i, cells), max, (unsigned)rows * 8);

		for (int row = 0; row < rows && level; row++) {
			unsigned part = level > 8 ? 8 : level;

			put_level(grid, at, y_end - 1 - row, x_end, role, part);
			level -= part;
		}
	}
}

void ebt_level(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role, double fraction)
{
	fraction = fraction > 1 ? 1 : fraction > 0 ? fraction : 0;
	if (grid->unicode) {
		unsigned level = level_of((unsigned)(fraction * 1000 + 0.999), 1000, 8);

		bar_put(grid, x, y, x_end, role, level ? blocks[level] : "·");
		return;
	}
	char digit[2] = { (char)('0' + (fraction >= 1 ? 9 : (int)(fraction * 10))), 0 };

	bar_put(grid, x, y, x_end, role, digit);
}
