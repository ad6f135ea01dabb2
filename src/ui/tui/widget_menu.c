/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "ui/tui/keys.h"
#include "ui/tui/widget.h"

int ebt_field(struct ebt_grid *grid, int x, int y, int x_end, const char *label, enum ebt_role role,
	      const char *value)
{
	x = ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_LABEL, label);
	x = ebt_grid_puts(grid, x + 1, y, x_end, role, value);
	return x + 2;
}

int ebt_paragraph(struct ebt_grid *grid, int x, int y, int x_end, int y_end, enum ebt_role role,
		  const char *text)
{
	size_t room = x_end > x ? (size_t)(x_end - x) : 0;

	while (*text && y < y_end && room) {
		size_t line = strcspn(text, "\n");
		size_t take = line < room ? line : room;

		if (take < line) { /* go back to a space */
			size_t cut = take;

			while (cut > 0 && text[cut] != ' ')
				cut--;
			if (cut > 0)
				take = cut;
		}
		ebt_grid_printf(grid, x, y++, x_end, role, "%.*s", (int)take, text);
		text += take;
		while (*text == ' ')
			text++;
		if (*text == '\n')
			text++;
	}
	return y;
}

static void menu_put(struct ebt_grid *grid, int x, int y, int x_end, const char *text)
{
	ebt_grid_glyph(grid, x, y, x_end, EBT_ROLE_TREE, text, strlen(text), 1);
}

void ebt_frame(struct ebt_grid *grid, int x, int y, int x_end, int y_end, const char *title)
{
	bool u = grid->unicode;

	for (int row = y; row < y_end; row++)
		ebt_grid_fill(grid, x, row, x_end, EBT_ROLE_TEXT, ' ');
	for (int i = x; i < x_end; i++) {
		menu_put(grid, i, y, x_end, u ? "─" : "-");
		menu_put(grid, i, y_end - 1, x_end, u ? "─" : "-");
	}
	for (int i = y; i < y_end; i++) {
		menu_put(grid, x, i, x_end, u ? "│" : "|");
		menu_put(grid, x_end - 1, i, x_end, u ? "│" : "|");
	}
	menu_put(grid, x, y, x_end, u ? "┌" : "+");
	menu_put(grid, x_end - 1, y, x_end, u ? "┐" : "+");
	menu_put(grid, x, y_end - 1, x_end, u ? "└" : "+");
	menu_put(grid, x_end - 1, y_end - 1, x_end, u ? "┘" : "+");
	if (title)
		ebt_grid_printf(grid, x + 2, y, x_end - 1, EBT_ROLE_STRONG, " %s ", title);
}

int ebt_menu_width(const struct ebt_menu *menu)
{
	int width = (int)strlen(menu->title);

	for (int i = 0; i < menu->count; i++) {
		int len = (int)strlen(menu->items[i].text);

		width = len > width ? len : width;
	}
	return width;
}

static void menu_clamp(struct ebt_menu *menu)
{
	if (menu->selected >= menu->count)
		menu->selected = menu->count - 1;
	if (menu->selected < 0)
		menu->selected = 0;
}

void ebt_menu_draw(struct ebt_menu *menu, struct ebt_grid *grid, int x, int y, int x_end, int y_end)
{
	int rows = y_end - y - 1;
	int text_end = x + 2 + ebt_menu_width(menu) + 2;

	menu->x = x;
	menu->y = y;
	menu->x_end = x_end;
	menu->y_end = y_end;
	menu_clamp(menu);
	if (menu->selected < menu->top)
		menu->top = menu->selected;
	if (rows > 0 && menu->selected >= menu->top + rows)
		menu->top = menu->selected - rows + 1;
	ebt_grid_fill(grid, x, y, x_end, EBT_ROLE_PANEL, ' ');
	ebt_grid_puts(grid, x + 1, y, x_end, EBT_ROLE_PANEL, menu->title);
	for (int row = 0; row < rows; row++) {
		int i = menu->top + row, line = y + 1 + row;

		ebt_grid_fill(grid, x, line, x_end, EBT_ROLE_TEXT, ' ');
		if (i >= menu->count)
			continue;
		const struct ebt_menu_item *item = &menu->items[i];

		ebt_grid_puts(grid, x, line, x_end, EBT_ROLE_STRONG, item->marked ? "*" : " ");
		ebt_grid_puts(grid, x + 1, line, x_end, EBT_ROLE_TEXT, item->text);
		if (item->help)
			ebt_grid_puts(grid, text_end, line, x_end, EBT_ROLE_DIM, item->help);
		if (i == menu->selected)
			ebt_grid_role(grid, x, line, x_end, EBT_ROLE_SELECTED);
	}
}

bool ebt_menu_key(struct ebt_menu *menu, uint32_t key)
{
	int page = menu->y_end - menu->y - 2;

	switch (key) {
	case EBT_KEY_UP:
		menu->selected--;
		break;
	case EBT_KEY_DOWN:
		menu->selected++;
		break;
	case EBT_KEY_PGUP:
		menu->selected -= page > 0 ? page : 1;
		break;
	case EBT_KEY_PGDN:
		menu->selected += page > 0 ? page : 1;
		break;
	case EBT_KEY_HOME:
		menu->selected = 0;
		break;
	case EBT_KEY_END:
		menu->selected = menu->count - 1;
		break;
	default:
		return false;
	}
	menu_clamp(menu);
	return true;
}

int ebt_menu_hit(const struct ebt_menu *menu, int x, int y)
{
	int i = menu->top + y - menu->y - 1;

	if (x < menu->x || x >= menu->x_end || y <= menu->y || y >= menu->y_end || i >= menu->count)
		return -1;
	return i;
}
