/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/screens/profiles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"

#define FEED_LINES 64
#define FEED_LEN   300

enum order { BY_CARE, BY_CALLS, BY_NAME, ORDER_MAX };

struct ebt_profiles {
	struct ebt_profile_row *rows;
	size_t n, selected, top;
	uint32_t selected_slot; /* the cursor stays on its program, not on its place */
	enum order order;
	struct {
		bool bad;
		char text[FEED_LEN];
	} feed[FEED_LINES];
	size_t feed_count; /* ever */
	char said[FEED_LEN];
	bool said_bad, help;
	struct ebt_buf shown; /* inspect; empty: the list is shown */
	size_t shown_top;
	int page;
	int list_y; /* of the first row, last draw */
	char head[256];
};

/* clang-format off */
static const struct column {
	const char *title;
	int width; /* 0: the rest of the line */
	int keep;  /* screens narrower than this do without */
} columns[] = {
	{ "STATE", 8, 0 }, { "CALLS", 6, 0 }, { "PAIRS", 6, 70 }, { "CHANGED", 7, 80 }, { "NORMAL", 7, 60 },
	{ "ANOM", 6, 0 }, { "LFC", 4, 0 }, { "MAX", 4, 70 }, { "THR", 4, 90 }, { "EXE", 0, 0 },
};
static const char *const help_lines[] = {
	"n  normalize: what it learned is its normal from now on",
	"s  sensitize: forget what it learned of late; what is normal stays",
	"t  tolerize: accept what it did of late; it trains again",
	"i, Enter  inspect: its pairs by call name",
	"w  save all profiles now",
	"o  order: by what needs a look, by calls, by name",
	"Up Down PgUp PgDn Home End  move; q, F10  quit; Esc  back",
};
static const char *const state_names[] = { "training", "frozen", "normal" };
static const enum ebt_role state_roles[] = { EBT_ROLE_DIM, EBT_ROLE_VALUE, EBT_ROLE_GOOD };
/* clang-format on */

int ebt_profiles_new(struct ebt_profiles **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : -ENOMEM;
}

void ebt_profiles_free(struct ebt_profiles **screen)
{
	if (!*screen)
		return;
	free((*screen)->rows);
	ebt_buf_free(&(*screen)->shown);
	free(*screen);
	*screen = NULL;
}

static int compare(const struct ebt_profile_row *a, const struct ebt_profile_row *b,
		   enum order order)
{
	if (order == BY_CARE && a->lfc != b->lfc)
		return a->lfc < b->lfc ? 1 : -1;
	if (order == BY_CARE && a->anomalies != b->anomalies)
		return a->anomalies < b->anomalies ? 1 : -1;
	if (order == BY_NAME && strcmp(a->exe, b->exe) != 0)
		return strcmp(a->exe, b->exe);
	if (a->calls != b->calls)
		return a->calls < b->calls ? 1 : -1;
	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

static int compare_rows(const void *a, const void *b, void *order)
{
	return compare(a, b, *(const enum order *)order);
}

static void sort(struct ebt_profiles *s)
{
	qsort_r(s->rows, s->n, sizeof(*s->rows), compare_rows, &s->order);
	for (size_t i = 0; i < s->n; i++) {
		if (s->rows[i].slot == s->selected_slot)
			s->selected = i;
	}
	if (s->selected >= s->n)
		s->selected = s->n ? s->n - 1 : 0;
	/* From the first rows on, also before anybody has moved it: n, s and t must not act on a
	 * program that has just come to the top. */
	s->selected_slot = s->n ? s->rows[s->selected].slot : 0;
}

int ebt_profiles_set(struct ebt_profiles *s, const struct ebt_profile_row *rows, size_t n)
{
	struct ebt_profile_row *copy = calloc(n + 1, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	if (n)
		memcpy(copy, rows, n * sizeof(*copy));
	free(s->rows);
	s->rows = copy;
	s->n = n;
	sort(s);
	return 0;
}

void ebt_profiles_event(struct ebt_profiles *s, bool bad, const char *text)
{
	size_t at = s->feed_count++ % FEED_LINES;

	s->feed[at].bad = bad;
	snprintf(s->feed[at].text, FEED_LEN, "%s", text);
}

void ebt_profiles_say(struct ebt_profiles *s, bool bad, const char *text)
{
	s->said_bad = bad;
	snprintf(s->said, sizeof(s->said), "%s", text);
}

void ebt_profiles_show(struct ebt_profiles *s, struct ebt_buf *text)
{
	ebt_buf_free(&s->shown);
	s->shown = *text;
	*text = (struct ebt_buf){ 0 };
	s->shown_top = 0;
}

const struct ebt_profile_row *ebt_profiles_selected(const struct ebt_profiles *s)
{
	return s->selected < s->n ? &s->rows[s->selected] : NULL;
}

static void move(size_t *at, size_t n, long by)
{
	long to = (long)*at + by;

	*at = to < 0 || !n ? 0 : (size_t)to >= n ? n - 1 : (size_t)to;
}

static size_t lines_of(const struct ebt_buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->data[i] == '\n';
	return n;
}

bool ebt_profiles_move(struct ebt_profiles *s, uint32_t key)
{
	bool shown = s->shown.len > 0;
	size_t n = shown ? lines_of(&s->shown) : s->n;
	long by;

	switch (key) {
	case EBT_KEY_UP:
		by = -1;
		break;
	case EBT_KEY_DOWN:
		by = 1;
		break;
	case EBT_KEY_PGUP:
		by = -s->page;
		break;
	case EBT_KEY_PGDN:
		by = s->page;
		break;
	case EBT_KEY_HOME:
		by = -(long)n;
		break;
	case EBT_KEY_END:
		by = (long)n;
		break;
	default:
		return false;
	}
	move(shown ? &s->shown_top : &s->selected, n, by);
	if (!shown && s->n)
		s->selected_slot = s->rows[s->selected].slot;
	return true;
}

void ebt_profiles_order(struct ebt_profiles *s)
{
	s->order = (s->order + 1) % ORDER_MAX;
	sort(s);
}

bool ebt_profiles_leave(struct ebt_profiles *s)
{
	bool shown = s->shown.len || s->help;

	ebt_buf_reset(&s->shown);
	s->help = false;
	return shown;
}

bool ebt_profiles_find(struct ebt_profiles *s, int dir,
		       bool (*matches)(void *arg, struct ebt_bytes exe), void *arg)
{
	for (size_t i = 1; i <= s->n; i++) {
		size_t at = dir < 0 ? (s->selected + s->n - i) % s->n : (s->selected + i) % s->n;

		if (!matches(arg, ebt_bytes_from(s->rows[at].exe)))
			continue;
		s->selected = at;
		s->selected_slot = s->rows[at].slot;
		return true;
	}
	return false;
}

void ebt_profiles_select(struct ebt_profiles *s, uint32_t slot)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->rows[i].slot != slot)
			continue;
		s->selected = i;
		s->selected_slot = slot;
	}
}

void ebt_profiles_click(struct ebt_profiles *s, int y)
{
	size_t at = s->top + (size_t)(y - s->list_y);

	if (s->shown.len || s->help || y < s->list_y || at >= s->n || y >= s->list_y + s->page + 1)
		return;
	s->selected = at;
	s->selected_slot = s->rows[at].slot;
}

enum ebt_profiles_act ebt_profiles_key(struct ebt_profiles *s, const struct ebt_ui_input *in)
{
	uint32_t key = in->key;

	if (in->mouse == EBT_MOUSE_WHEEL_UP || in->mouse == EBT_MOUSE_WHEEL_DOWN)
		key = in->mouse == EBT_MOUSE_WHEEL_UP ? EBT_KEY_UP : EBT_KEY_DOWN;
	s->said[0] = '\0';
	if (ebt_profiles_move(s, key))
		return EBT_PROFILES_NONE;
	switch (key) {
	case 'q':
	case EBT_KEY_F10:
	case EBT_KEY_CTRL_C:
		return EBT_PROFILES_QUIT;
	case EBT_KEY_ESC:
		ebt_profiles_leave(s);
		return EBT_PROFILES_NONE;
	case 'h':
	case '?':
	case EBT_KEY_F1:
		s->help = !s->help;
		return EBT_PROFILES_NONE;
	case 'o':
		ebt_profiles_order(s);
		return EBT_PROFILES_NONE;
	case 'n':
		return s->n ? EBT_PROFILES_NORMALIZE : EBT_PROFILES_NONE;
	case 's':
		return s->n ? EBT_PROFILES_SENSITIZE : EBT_PROFILES_NONE;
	case 't':
		return s->n ? EBT_PROFILES_TOLERIZE : EBT_PROFILES_NONE;
	case 'i':
	case EBT_KEY_ENTER:
		return s->n ? EBT_PROFILES_INSPECT : EBT_PROFILES_NONE;
	case 'w':
		return EBT_PROFILES_SAVE;
	case EBT_KEY_CTRL_L:
		return EBT_PROFILES_REDRAW;
	case '/':
	case EBT_KEY_F3:
		ebt_profiles_say(s, false,
				 "no search on this screen: o sorts it, letters are orders");
		return EBT_PROFILES_NONE;
	default:
		return EBT_PROFILES_NONE;
	}
}

static enum ebt_role cell(char text[EBT_FMT_LEN], size_t column, const struct ebt_profile_row *row)
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

/* One line: titles when row is NULL. */
static void draw_row(struct ebt_grid *g, int y, const struct ebt_profile_row *row, bool selected)
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
			ebt_grid_right(g, x, y, x_end, cell(text, i, row), text);
		x = x_end + 1;
	}
	if (selected)
		ebt_grid_role(g, 0, y, g->width, EBT_ROLE_SELECTED);
}

static void draw_feed(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
{
	size_t kept = s->feed_count < FEED_LINES ? s->feed_count : FEED_LINES;

	ebt_grid_fill(g, 0, y, g->width, EBT_ROLE_HEAD, ' ');
	ebt_grid_puts(g, 0, y++, g->width, EBT_ROLE_HEAD, "EVENTS");
	/* Newest at the bottom. */
	for (size_t i = 0; i < kept && y_end - 1 - (int)i >= y; i++) {
		size_t at = (s->feed_count - 1 - i) % FEED_LINES;

		ebt_grid_bytes(g, 0, y_end - 1 - (int)i, g->width,
			       s->feed[at].bad ? EBT_ROLE_BAD : EBT_ROLE_TEXT,
			       ebt_bytes_from(s->feed[at].text), 0, true);
	}
}

static void draw_shown(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
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

static void draw_list(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
{
	size_t rows = y_end > y + 1 ? (size_t)(y_end - y - 1) : 0;

	draw_row(g, y++, NULL, false);
	s->list_y = y;
	s->page = (int)rows > 1 ? (int)rows - 1 : 1;
	if (s->selected < s->top)
		s->top = s->selected;
	if (rows && s->selected >= s->top + rows)
		s->top = s->selected - rows + 1;
	for (size_t i = s->top; i < s->n && y < y_end; i++)
		draw_row(g, y++, &s->rows[i], i == s->selected);
}

static void draw_foot(struct ebt_profiles *s, struct ebt_grid *g, int y)
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

void ebt_profiles_head(struct ebt_profiles *s, const char *head)
{
	snprintf(s->head, sizeof(s->head), "%s", head);
}

void ebt_profiles_body(struct ebt_profiles *s, struct ebt_grid *g, int y, int y_end)
{
	int feed = (y_end - y + 1) / 3;

	ebt_grid_bytes(g, 0, y++, g->width, EBT_ROLE_LABEL, ebt_bytes_from(s->head), 0, true);
	if (s->shown.len) {
		s->page = y_end - y > 2 ? y_end - y - 1 : 1;
		draw_shown(s, g, y, y_end);
	} else if (s->help) {
		for (int i = 0; i < (int)EBT_ARRAY_SIZE(help_lines) && y < y_end; i++)
			ebt_grid_puts(g, 0, y++, g->width, EBT_ROLE_TEXT, help_lines[i]);
	} else {
		draw_list(s, g, y, y_end - feed);
		if (feed > 1)
			draw_feed(s, g, y_end - feed, y_end);
	}
}

void ebt_profiles_draw(struct ebt_profiles *s, struct ebt_grid *g)
{
	ebt_grid_clear(g);
	g->cursor_x = g->cursor_y = -1;
	if (g->height < 3)
		return;
	ebt_profiles_body(s, g, 0, g->height - 1);
	draw_foot(s, g, g->height - 1);
}
