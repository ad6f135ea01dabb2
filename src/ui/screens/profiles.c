/* SPDX-License-Identifier: BSD-3-Clause */
/* profiles.c - rows, cursor and keys of the Profiles screen */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ui/screens/profiles_state.h"

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

static int profiles_compare(const struct ebt_profile_row *a, const struct ebt_profile_row *b,
			    enum ebt_profiles_order order)
{
	if (order == EBT_PROFILES_BY_CARE && a->lfc != b->lfc)
		return a->lfc < b->lfc ? 1 : -1;
	if (order == EBT_PROFILES_BY_CARE && a->anomalies != b->anomalies)
		return a->anomalies < b->anomalies ? 1 : -1;
	if (order == EBT_PROFILES_BY_NAME && strcmp(a->exe, b->exe) != 0)
		return strcmp(a->exe, b->exe);
	if (a->calls != b->calls)
		return a->calls < b->calls ? 1 : -1;
	return a->slot < b->slot ? -1 : a->slot > b->slot;
}

static int profiles_compare_rows(const void *a, const void *b, void *order)
{
	return profiles_compare(a, b, *(const enum ebt_profiles_order *)order);
}

static void profiles_sort(struct ebt_profiles *s)
{
	qsort_r(s->rows, s->n, sizeof(*s->rows), profiles_compare_rows, &s->order);
	for (size_t i = 0; i < s->n; i++) {
		if (s->rows[i].slot == s->selected_slot)
			s->selected = i;
	}
	if (s->selected >= s->n)
		s->selected = s->n ? s->n - 1 : 0;
	/* Fix the selection with the first rows, even if nobody has moved it: n, s and t must not
	 * act on another program that moves to the top. */
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
	profiles_sort(s);
	return 0;
}

void ebt_profiles_event(struct ebt_profiles *s, bool bad, const char *text)
{
	size_t at = s->feed_count++ % EBT_PROFILES_FEED_LINES;

	s->feed[at].bad = bad;
	snprintf(s->feed[at].text, EBT_PROFILES_FEED_LEN, "%s", text);
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

static void profiles_step(size_t *at, size_t n, long by)
{
	long to = (long)*at + by;

	*at = to < 0 || !n ? 0 : (size_t)to >= n ? n - 1 : (size_t)to;
}

static size_t profiles_lines(const struct ebt_buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->data[i] == '\n';
	return n;
}

bool ebt_profiles_move(struct ebt_profiles *s, uint32_t key)
{
	bool shown = s->shown.len > 0;
	size_t n = shown ? profiles_lines(&s->shown) : s->n;
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
	profiles_step(shown ? &s->shown_top : &s->selected, n, by);
	if (!shown && s->n)
		s->selected_slot = s->rows[s->selected].slot;
	return true;
}

void ebt_profiles_order(struct ebt_profiles *s)
{
	s->order = (s->order + 1) % EBT_PROFILES_ORDERS;
	profiles_sort(s);
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

void ebt_profiles_head(struct ebt_profiles *s, const char *head)
{
	snprintf(s->head, sizeof(s->head), "%s", head);
}
