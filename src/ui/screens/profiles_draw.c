/* SPDX-License-Identifier: BSD-3-Clause */
/* profiles_draw.c - draw the Profiles screen */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "ui/screens/profiles_state.h"

/* clang-format off */
static const struct column {
	const char *title;
	int width; /* 0 takes the rest of the line */
	int keep;  /* not shown on screens narrower than this */
} columns[] = {
	{ "STATE", 8, 0 }, { "CALLS", 6, 0 }, { "PAIRS", 6, 70 }, { "CHANGED", 7, 80 }, { "NORMAL", 7, 60 },
	{ "ANOM", 6, 0 }, { "LFC", 4, 0 }, { "MAX", 4, 70 }, { "THR", 4, 90 }, { "EXE", 0, 0 },
};
static const char *const help_lines[] = {
	"n  normalize: what it learned is its normal from now on",
	"s  sensitize: forget what it learned recently; what is normal stays",
	"t  tolerize: accept what it did recently; it trains again",
	"i, Enter  inspect: its pairs by call name",
	"w  save all profiles now",
	"o  order: by what needs a look, by calls, by name",
	"Up Down PgUp PgDn Home End  move; q, F10  quit; Esc  back",
};
static const char *const state_names[] = { "training", "frozen", "normal" };
static const enum ebt_role state_roles[] = { EBT_ROLE_DIM, EBT_ROLE_VALUE, EBT_ROLE_GOOD };
/* clang-format on */

static enum ebt_role profiles_cell(char text[EBT_FMT_LEN], size_t column,
				   const struct ebt_profile_row *row)
{
	switch (column) {
	case 1:
		ebt_fmt_count(text, row->calls);
		return EBT_ROLE_TEXT;
	case 2:
		ebt_fmt_count(text, row->pairs);
		return EBT_ROLE_TEXT;
	case 3:
		snprintf(text, EBT_FMT_LEN, "-");
		if (row->changed_s != UINT64_MAX)
			ebt_fmt_seconds(text, row->changed_s);
		return EBT_ROLE_DIM;
	case 4:
		snprintf(text, EBT_FMT_LEN, "-");
		if (row->state == EBT_PROFILE_FROZEN)
			ebt_fmt_seconds(text, row->normal_in_s);
		return EBT_ROLE_VALUE;
	case 5:
		ebt_fmt_count(text, row->anomalies);
		return row->anomalies ? EBT_ROLE_BAD : EBT_ROLE_DIM;
	case 6:
		snprintf(text, EBT_FMT_LEN, "%u", row->lfc);
		return row->lfc ? EBT_ROLE_BAD : EBT_ROLE_DIM;
	case 7:
		snprintf(text, EBT_FMT_LEN, "%u", row->max_lfc);
		return row->max_lfc ? EBT_ROLE_WARN : EBT_ROLE_DIM;
	default:
		snprintf(text, EBT_FMT_LEN, "%u", row->threads);
		return row->threads ? EBT_ROLE_TEXT : EBT_ROLE_DIM;
	}
}

/* Draw one line, or the titles if row is NULL. */
static void profiles_draw_row(struct ebt_grid *g, int y, const struct ebt_profile_row *row,
			      bool selected)
{
	char text[EBT_FMT_LEN];
	int x = 0;

	if (!row)
		ebt_grid_fill(g, 0, y, g->width, EBT_ROLE_HEAD, ' ');
	for (size_t i = 0; i < EBT_ARRAY_SIZE(columns); i++) {
		const struct column *c = &columns[i];
		int x_end = x + c->width;

		if (g->width < c->keep)
			continue;
		if (!c->width && !row)
			ebt_grid_puts(g, x, y, g->width, EBT_ROLE_HEAD, c->title);
		else if (!c->width)
			ebt_grid_bytes(g, x, y, g->width, EBT_ROLE_STRONG, ebt_bytes_from(row->exe),
				       0, true);
		else if (!row)
			(i ? (void)ebt_grid_right(g, x, y, x_end, EBT_ROLE_HEAD, c->title)
			   : (void)ebt_grid_puts(g, x, y, x_end, EBT_ROLE_HEAD, c->title));
		else if (i == 0)
			ebt_grid_puts(g, x, y, x_end, state_roles[row->state],
				      state_names[row->state]);
		else
			ebt_grid_right(g, x, y, x_end, profiles_cell(text, i, row), text);
		x = x_end + 1;
	}
	if (selected)
		ebt_grid_role(g, 0, y, g->width, EBT_ROLE_SELECTED);
}

static void profiles_draw_feed(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
{
	size_t kept =
		s->feed_count < EBT_PROFILES_FEED_LINES ? s->feed_count : EBT_PROFILES_FEED_LINES;

	ebt_grid_fill(g, 0, y, g->width, EBT_ROLE_HEAD, ' ');
	ebt_grid_puts(g, 0, y++, g->width, EBT_ROLE_HEAD, "EVENTS");
	/* Draw the feed with the newest at the bottom. */
	for (size_t i = 0; i < kept && y_end - 1 - (int)i >= y; i++) {
		size_t at = (s->feed_count - 1 - i) % EBT_PROFILES_FEED_LINES;

		ebt_grid_bytes(g, 0, y_end - 1 - (int)i, g->width,
			       s->feed[at].bad ? EBT_ROLE_BAD : EBT_ROLE_TEXT,
			       ebt_bytes_from(s->feed[at].text), 0, true);
	}
}

static void profiles_draw_shown(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
{
	const char *at = s->shown.data, *end = at + s->shown.len;

	for (size_t skip = s->shown_top; skip && at < end; skip--)
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	for (; y < y_end && at < end; y++) {
		const char *eol = memchr(at, '\n', (size_t)(end - at));

		if (!eol)
			eol = end;
		ebt_grid_bytes(g, 0, y, g->width, EBT_ROLE_TEXT,
			       (struct ebt_bytes){ at, (size_t)(eol - at) }, 0, true);
		at = eol + 1;
	}
}

static void profiles_draw_list(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
{
	size_t rows = y_end > y + 1 ? (size_t)(y_end - y - 1) : 0;

	profiles_draw_row(g, y++, NULL, false);
	s->list_y = y;
	s->page = (int)rows > 1 ? (int)rows - 1 : 1;
	if (s->selected < s->top)
		s->top = s->selected;
	if (rows && s->selected >= s->top + rows)
		s->top = s->selected - rows + 1;
	for (size_t i = s->top; i < s->n && y < y_end; i++)
		profiles_draw_row(g, y++, &s->rows[i], i == s->selected);
}

static void profiles_draw_foot(struct ebt_profiles *s, struct ebt_grid *g, int y)
{
	static const char keys[] = "F1 help  n normalize  s sensitize  t tolerize  i inspect  "
				   "w save  o order  q quit";

	ebt_grid_fill(g, 0, y, g->width, EBT_ROLE_FLABEL, ' ');
	if (s->said[0])
		ebt_grid_bytes(g, 0, y, g->width, s->said_bad ? EBT_ROLE_BAD : EBT_ROLE_PROMPT,
			       ebt_bytes_from(s->said), 0, true);
	else
		ebt_grid_puts(g, 0, y, g->width, EBT_ROLE_FLABEL, keys);
}

void ebt_profiles_body(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
{
	int feed = (y_end - y + 1) / 3;

	ebt_grid_bytes(g, 0, y++, g->width, EBT_ROLE_LABEL, ebt_bytes_from(s->head), 0, true);
	if (s->shown.len) {
		s->page = y_end - y > 2 ? y_end - y - 1 : 1;
		profiles_draw_shown(s, g, y, y_end);
	} else if (s->help) {
		for (int i = 0; i < (int)EBT_ARRAY_SIZE(help_lines) && y < y_end; i++)
			ebt_grid_puts(g, 0, y++, g->width, EBT_ROLE_TEXT, help_lines[i]);
	} else {
		profiles_draw_list(s, g, y, y_end - feed);
		if (feed > 1)
			profiles_draw_feed(s, g, y_end - feed, y_end);
	}
}

void ebt_profiles_draw(struct ebt_profiles *s, struct ebt_grid *g)
{
	ebt_grid_clear(g);
	g->cursor_x = g->cursor_y = -1;
	if (g->height < 3)
		return;
	ebt_profiles_body(s, g, 0, g->height - 1);
	profiles_draw_foot(s, g, g->height - 1);
}
