/* SPDX-License-Identifier: BSD-3-Clause */
/* input.h - keys and mouse events as the terminal passes them to the ui */
#ifndef EBT_UI_TUI_INPUT_H
#define EBT_UI_TUI_INPUT_H

#include <stdint.h>

enum ebt_ui_mouse_type {
	EBT_MOUSE_NONE,
	EBT_MOUSE_LEFT,
	EBT_MOUSE_RIGHT,
	EBT_MOUSE_WHEEL_UP,
	EBT_MOUSE_WHEEL_DOWN,
};

/* A key if mouse is EBT_MOUSE_NONE, else a mouse event at column x and row y. */
struct ebt_ui_input {
	uint32_t key;
	enum ebt_ui_mouse_type mouse;
	int x, y;
};

#endif
