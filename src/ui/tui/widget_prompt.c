/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "base/text.h"
#include "ui/tui/keys.h"
#include "ui/tui/widget.h"

void ebt_prompt_set(struct ebt_prompt *prompt, const char *label, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len >= sizeof(prompt->text))
		/* never use a pattern that was cut, because it would mean something else */
		len = 0;
	prompt->label = label;
	memcpy(prompt->text, text ? text : "", len);
	prompt->text[len] = '\0';
	prompt->len = len;
	prompt->cursor = len;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t prompt_before(const struct ebt_prompt *prompt, size_t at)
{
	while (at > 0 && is_continuation(prompt->text[--at]))
		;
	return at;
}

static size_t prompt_after(const struct ebt_prompt *prompt, size_t at)
{
	if (at < prompt->len)
		at++;
	while (at < prompt->len && is_continuation(prompt->text[at]))
		at++;
	return at;
}

static bool prompt_erase(struct ebt_prompt *prompt, size_t from, size_t to)
{
	if (from >= to)
		return false;
	memmove(prompt->text + from, prompt->text + to, prompt->len - to + 1);
	prompt->len -= to - from;
	prompt->cursor = from;
	return true;
}

static size_t prompt_encode(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static bool prompt_insert(struct ebt_prompt *prompt, uint32_t c)
{
	char bytes[4];

	if (c < 32 || c == 127 || (c >= 0x80 && c < 0xa0) || (c >= 0xd800 && c < 0xe000) ||
	    c > 0x10ffff)
		return false;
	size_t n = prompt_encode(bytes, c);

	if (prompt->len + n >= sizeof(prompt->text))
		return false;
	memmove(prompt->text + prompt->cursor + n, prompt->text + prompt->cursor,
		prompt->len - prompt->cursor + 1);
	memcpy(prompt->text + prompt->cursor, bytes, n);
	prompt->len += n;
	prompt->cursor += n;
	return true;
}

static size_t word_start(const struct ebt_prompt *prompt)
{
	size_t at = prompt->cursor;

	while (at > 0 && prompt->text[at - 1] == ' ')
		at--;
	while (at > 0 && prompt->text[at - 1] != ' ')
		at--;
	return at;
}

bool ebt_prompt_key(struct ebt_prompt *prompt, uint32_t key)
{
	switch (key) {
	case EBT_KEY_LEFT:
		prompt->cursor = prompt_before(prompt, prompt->cursor);
		return true;
	case EBT_KEY_RIGHT:
		prompt->cursor = prompt_after(prompt, prompt->cursor);
		return true;
	case EBT_KEY_HOME:
		prompt->cursor = 0;
		return true;
	case EBT_KEY_END:
		prompt->cursor = prompt->len;
		return true;
	case EBT_KEY_BACKSPACE:
		return prompt_erase(prompt, prompt_before(prompt, prompt->cursor), prompt->cursor);
	case EBT_KEY_DELETE:
		return prompt_erase(prompt, prompt->cursor, prompt_after(prompt, prompt->cursor));
	case EBT_KEY_CTRL_U:
		return prompt_erase(prompt, 0, prompt->cursor);
	case EBT_KEY_CTRL_W:
		return prompt_erase(prompt, word_start(prompt), prompt->cursor);
	default:
		return prompt_insert(prompt, key);
	}
}

void ebt_prompt_draw(const struct ebt_prompt *prompt, struct ebt_grid *grid, int x, int y,
		     int x_end)
{
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII;

	ebt_grid_fill(grid, x, y, x_end, EBT_ROLE_PROMPT, ' ');
	x = ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_PROMPT, prompt->label);
	x = ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_PROMPT, ": ");
	size_t at = ebt_text_width((struct ebt_bytes){ prompt->text, prompt->cursor }, flags);
	size_t room = x_end - x > 1 ? (size_t)(x_end - x - 1) : 1;
	size_t skip = at > room ? at - room : 0;

	ebt_grid_bytes(grid, x, y, x_end, EBT_ROLE_PROMPT,
		       (struct ebt_bytes){ prompt->text, prompt->len }, skip, false);
	if (x + (int)(at - skip) < x_end) {
		grid->cursor_x = x + (int)(at - skip);
		grid->cursor_y = y;
	}
}
