/* SPDX-License-Identifier: BSD-3-Clause */
/* profiles_tab.c - the Profiles screen as a tab of the view */

#include "ui/core/prompt.h"
#include "ui/core/ui_state.h"
#include "ui/screens/profiles.h"
#include "ui/screens/registry.h"

static void profiles_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	if (ui->profiles && y_end - y > 2)
		ebt_profiles_body(ui->profiles, grid, y, y_end);
}

static bool profiles_ask(struct ebt_ui *ui, enum ebt_profiles_act act)
{
	ebt_ui_request(ui, &(struct ebt_ui_request){ .type = EBT_REQ_PROFILE, .profile = act });
	return true;
}

static bool profiles_action(struct ebt_ui *ui, enum ebt_action act)
{
	static const struct {
		enum ebt_action act;
		uint32_t key;
	} moves[] = {
		{ EBT_ACT_UP, EBT_KEY_UP },	{ EBT_ACT_DOWN, EBT_KEY_DOWN },
		{ EBT_ACT_PGUP, EBT_KEY_PGUP }, { EBT_ACT_PGDN, EBT_KEY_PGDN },
		{ EBT_ACT_HOME, EBT_KEY_HOME }, { EBT_ACT_END, EBT_KEY_END },
	};

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (moves[i].act == act)
			return ebt_profiles_move(ui->profiles, moves[i].key);
	switch (act) {
	case EBT_ACT_NORMALIZE:
		return profiles_ask(ui, EBT_PROFILES_NORMALIZE);
	case EBT_ACT_SENSITIZE:
		return profiles_ask(ui, EBT_PROFILES_SENSITIZE);
	case EBT_ACT_TOLERIZE:
		return profiles_ask(ui, EBT_PROFILES_TOLERIZE);
	case EBT_ACT_INSPECT:
		return profiles_ask(ui, EBT_PROFILES_INSPECT);
	case EBT_ACT_SAVE_PROFILES:
		return profiles_ask(ui, EBT_PROFILES_SAVE);
	case EBT_ACT_ORDER:
		ebt_profiles_order(ui->profiles);
		return true;
	case EBT_ACT_BACK:
		return ebt_profiles_leave(ui->profiles);
	default:
		return false;
	}
}

static bool profiles_matches(void *ui, struct ebt_bytes exe)
{
	return ebt_ui_matches(ui, exe);
}

static bool profiles_find(struct ebt_ui *ui, int dir)
{
	return ui->profiles && ebt_profiles_find(ui->profiles, dir, profiles_matches, ui);
}

/* A slot may be 0, so 0 cannot stand for none. */
static uint64_t profiles_place(struct ebt_ui *ui)
{
	const struct ebt_profile_row *row =
		ui->profiles ? ebt_profiles_selected(ui->profiles) : NULL;

	return row ? (uint64_t)row->slot + 1 : 0;
}

static void go_to(struct ebt_ui *ui, uint64_t place)
{
	ebt_profiles_select(ui->profiles, (uint32_t)(place - 1));
}

static bool profiles_here(struct ebt_ui *ui)
{
	const struct ebt_profile_row *row = ebt_profiles_selected(ui->profiles);

	return row && profiles_matches(ui, ebt_bytes_from(row->exe));
}

static enum ebt_action profiles_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	if (type == EBT_MOUSE_WHEEL_UP || type == EBT_MOUSE_WHEEL_DOWN)
		ebt_profiles_move(ui->profiles,
				  type == EBT_MOUSE_WHEEL_UP ? EBT_KEY_UP : EBT_KEY_DOWN);
	else
		ebt_profiles_click(ui->profiles, y);
	return EBT_ACT_NONE;
}

const struct ebt_screen_ops ebt_screen_profiles = {
	.title = "Profiles",
	.where = EBT_IN_PROFILES,
	.draw = profiles_draw,
	.action = profiles_action,
	.find = profiles_find,
	.place = profiles_place,
	.go_to = go_to,
	.here = profiles_here,
	.mouse = profiles_mouse,
};
