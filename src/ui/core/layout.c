/* SPDX-License-Identifier: BSD-3-Clause */
/* layout.c - choose the columns that fit and place them; widths are fixed, so columns do not
 * move */
#include "ui/core/layout.h"

#include "ui/core/ui_state.h"

/* Minimum width of the one column without a fixed width. */
static int stretch_min(const struct ebt_column_spec *spec, int total, int least)
{
	int part = total * (least ? least : spec->least) / 100;

	return part > 16 ? part : 16;
}

static int width_of(const struct ebt_column_spec *spec, int total)
{
	if (!spec->more || total < 140)
		return spec->width;
	return total < 200 ? spec->width * 3 / 2 : spec->width * 2;
}

/* Place the columns in order; `on` has a bit for each column that fits. */
static uint32_t choose(const struct ebt_columns *columns, const struct ebt_column_spec *specs,
		       int total, int least, int *rest)
{
	uint32_t on = 0;
	int need = 0, stretch = 0;

	for (int i = 0; i < columns->count; i++) {
		const struct ebt_column_spec *spec = &specs[columns->id[i]];

		on |= 1u << i;
		if (spec->width)
			need += width_of(spec, total) + 1;
		else
			stretch = stretch_min(spec, total, least);
	}
	while (need + stretch > total) {
		int worst = -1;

		for (int i = 0; i < columns->count; i++) {
			const struct ebt_column_spec *spec = &specs[columns->id[i]];

			if ((on & 1u << i) && spec->width &&
			    (worst < 0 || spec->keep < specs[columns->id[worst]].keep))
				worst = i;
		}
		if (worst < 0)
			break;
		on &= ~(1u << worst);
		need -= width_of(&specs[columns->id[worst]], total) + 1;
	}
	*rest = total - need;
	return on;
}

void ebt_layout_make(struct ebt_layout *layout, const struct ebt_columns *columns,
		     const struct ebt_column_spec *specs, int x, int x_end, int least)
{
	int total = x_end - x, rest;
	uint32_t on = choose(columns, specs, total, least, &rest);

	layout->count = 0;
	for (int i = 0; i < columns->count; i++) {
		const struct ebt_column_spec *spec = &specs[columns->id[i]];
		int width = spec->width ? width_of(spec, total) : rest;

		if (!(on & 1u << i) || width <= 0)
			continue;
		layout->at[layout->count].id = columns->id[i];
		layout->at[layout->count].x = x;
		layout->at[layout->count].x_end = x + width < x_end ? x + width : x_end;
		layout->count++;
		x += width + 1;
		if (!spec->width) /* only one such column can be shown */
			rest = 0;
	}
}

void ebt_layout_head(struct ebt_grid *grid, const struct ebt_layout *layout,
		     const struct ebt_column_spec *specs, int y)
{
	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_HEAD, ' ');
	for (int i = 0; i < layout->count; i++) {
		const struct ebt_column_spec *spec = &specs[layout->at[i].id];

		if (spec->right)
			ebt_grid_right(grid, layout->at[i].x, y, layout->at[i].x_end, EBT_ROLE_HEAD,
				       spec->title);
		else
			ebt_grid_puts(grid, layout->at[i].x, y, layout->at[i].x_end, EBT_ROLE_HEAD,
				      spec->title);
	}
}
