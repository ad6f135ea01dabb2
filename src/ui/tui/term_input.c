/* SPDX-License-Identifier: BSD-3-Clause */
/* term_input.c - translate keys and mouse events of curses */
#include <errno.h>
#include <poll.h>

#include "base/cleanup.h"
#include "ui/tui/keys.h"
#include "ui/tui/term_curses.h"

static uint32_t term_translate(wint_t code)
{
	static const struct {
		wint_t curses;
		uint32_t key;
	} keys[] = {
		{ KEY_UP, EBT_KEY_UP },
		{ KEY_DOWN, EBT_KEY_DOWN },
		{ KEY_LEFT, EBT_KEY_LEFT },
		{ KEY_RIGHT, EBT_KEY_RIGHT },
		{ KEY_PPAGE, EBT_KEY_PGUP },
		{ KEY_NPAGE, EBT_KEY_PGDN },
		{ KEY_HOME, EBT_KEY_HOME },
		{ KEY_END, EBT_KEY_END },
		{ KEY_FIND, EBT_KEY_HOME },
		{ KEY_SELECT, EBT_KEY_END },
		{ KEY_A1, EBT_KEY_HOME }, /* the corners of a keypad */
		{ KEY_A3, EBT_KEY_PGUP },
		{ KEY_C1, EBT_KEY_END },
		{ KEY_C3, EBT_KEY_PGDN },
		{ KEY_HELP, EBT_KEY_F1 },
		/* terminfo's name for Ctrl-Z on the linux console */
		{ KEY_SUSPEND, EBT_KEY_CTRL_Z },
		{ KEY_DC, EBT_KEY_DELETE },
		{ KEY_BTAB, EBT_KEY_BACKTAB },
		{ KEY_BACKSPACE, EBT_KEY_BACKSPACE },
		{ KEY_ENTER, EBT_KEY_ENTER },
		{ KEY_F(15), EBT_KEY_SHIFT_F3 },
		{ KEY_RESIZE, EBT_KEY_RESIZE },
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(keys); i++)
		if (keys[i].curses == code)
			return keys[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(10))
		return EBT_KEY_F1 + (uint32_t)(code - KEY_F(1));
	return EBT_KEY_NONE;
}

/* A burst of events arrives as one KEY_MOUSE, and curses returns the newest of them first. */
static void term_take_mouse(struct ebt_term *term)
{
	while (term->mouse_count < EBT_ARRAY_SIZE(term->mouse) &&
	       getmouse(&term->mouse[term->mouse_count]) == OK)
		term->mouse_count++;
}

static bool term_read_mouse(struct ebt_term *term, struct ebt_ui_input *input)
{
	while (term->mouse_count) {
		const MEVENT *event = &term->mouse[--term->mouse_count];

		*input = (struct ebt_ui_input){ .x = event->x, .y = event->y };
		if (event->bstate & BUTTON4_PRESSED)
			input->mouse = EBT_MOUSE_WHEEL_UP;
		else if (event->bstate & BUTTON5_PRESSED)
			input->mouse = EBT_MOUSE_WHEEL_DOWN;
		else if (event->bstate & BUTTON1_PRESSED)
			input->mouse = EBT_MOUSE_LEFT;
		else if (event->bstate & BUTTON3_PRESSED)
			input->mouse = EBT_MOUSE_RIGHT;
		if (input->mouse != EBT_MOUSE_NONE)
			return true;
	}
	return false;
}

int ebt_term_read(struct ebt_term *term, struct ebt_ui_input *input)
{
	wint_t code;

	for (;;) {
		if (term_read_mouse(term, input))
			return 1;
		int rc = wget_wch(term->keys, &code);

		*input = (struct ebt_ui_input){ .key = EBT_KEY_NONE };
		if (rc == ERR)
			return ebt_term_is_gone(term->options.in_fd, POLLIN) ? -EIO : 0;
		if (rc == OK) {
			input->key = code == 127    ? EBT_KEY_BACKSPACE
				     : code == '\n' ? EBT_KEY_ENTER
						    : (uint32_t)code;
			if (input->key != EBT_KEY_NONE)
				return 1;
			continue;
		}
		if (code == KEY_MOUSE) {
			term_take_mouse(term);
			continue;
		}
		input->key = term_translate(code);
		if (input->key == EBT_KEY_RESIZE)
			ebt_term_fit(term);
		if (input->key != EBT_KEY_NONE)
			return 1;
	}
}
