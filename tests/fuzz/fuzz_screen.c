/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_screen.c - libFuzzer target: the view on its grid of cells. Input: a program of steps (keys,
 * the mouse, execs and exits with the input's own bytes as names and arguments, sizes, time, Lab,
 * messages, frames). Every frame holds nothing but whole, printable cells.
 */
#include <locale.h>
#include <wchar.h>

#include "fuzz.h"
#include "ui/feed.h"

#define STEPS_MAX 100

struct state {
	struct feed feed;
	struct ebt_ui *ui;
	struct ebt_grid grid;
	struct ebt_ui_status status;
	bool unicode;
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return 0;
}

/* No control byte, C1 included, and no bidi control ever reaches a cell. */
static void check_cell(const struct ebt_cell *cell, bool unicode)
{
	mbstate_t mb = { 0 };
	size_t at = 0;

	require(cell->len <= EBT_CELL_LEN && cell->width <= 2 && cell->role < EBT_ROLE_MAX);
	while (at < cell->len) {
		wchar_t c = 0;
		size_t n = mbrtowc(&c, cell->text + at, cell->len - at, &mb);

		require(n > 0 && n <= cell->len - at);
		require(c >= 0x20 && (c < 0x7f || c > 0x9f) && (unicode || c < 0x7f));
		require(c != 0x61c && (c < 0x200e || c > 0x200f) && (c < 0x2028 || c > 0x202e) &&
			(c < 0x2066 || c > 0x2069) && c != 0xfeff);
		at += n;
	}
}

static void frame(struct state *s)
{
	ebt_ui_draw(s->ui, &s->grid, s->feed.now);
	for (int y = 0; y < s->grid.height; y++) {
		int width = 0;

		for (int x = 0; x < s->grid.width; x++) {
			const struct ebt_cell *cell = ebt_grid_at(&s->grid, x, y);

			check_cell(cell, s->unicode);
			width += cell->width;
		}
		require(width == s->grid.width);
	}
	require(s->grid.cursor_x < s->grid.width && s->grid.cursor_y < s->grid.height);
	require(ebt_ui_current(s->ui) < EBT_SCREEN_MAX);
}

static uint32_t key(struct input *in)
{
	uint8_t how = input_byte(in), code = input_byte(in);

	switch (how % 4) {
	case 0:
		return EBT_KEY_UP + code % (EBT_KEY_RESIZE - EBT_KEY_UP + 1);
	case 1:
		return (uint32_t)(code | input_u16(in) << 8) % 0x110000;
	default:
		return code;
	}
}

/* Up to 255 bytes of the input as a C string without NULs in it. */
static char *text(struct input *in)
{
	size_t got;
	const uint8_t *at = input_bytes(in, input_byte(in), &got);
	char *copy = malloc(got + 1);

	require(copy != NULL);
	memcpy(copy, at, got);
	copy[got] = '\0';
	return copy;
}

static void event(struct state *s, struct input *in)
{
	char *comm = text(in), *exe = text(in), *cwd = text(in);
	uint8_t bits = input_byte(in);
	size_t got;
	const uint8_t *args = input_bytes(in, input_byte(in), &got);
	char *copy = input_copy(args, got);
	struct feed_exec e = { .pid = 1 + input_byte(in) % 32,
			       .ppid = input_byte(in) % 32,
			       .uid = bits % 4 * 500,
			       .cpu = bits % FEED_CPUS,
			       .comm = comm,
			       .exe = exe,
			       .cwd = cwd,
			       .args = { copy, got },
			       .ret = bits & 4 ? -(int)input_byte(in) : 0,
			       .flags = bits & 8 ? input_u16(in) : 0,
			       .args_bytes = bits & 16 ? (uint32_t)got + input_u16(in) : 0 };

	if (bits & 32)
		e.env = e.args;
	feed_exec(&s->feed, &e);
	if (bits & 64)
		feed_exit(&s->feed, e.pid, s->feed.now, e.cpu, input_u16(in));
	free(comm);
	free(exe);
	free(cwd);
	free(copy);
}

static void answer_requests(struct state *s)
{
	struct ebt_ui_request req;

	while (ebt_ui_next_request(s->ui, &req)) {
		if (req.type == EBT_REQ_CLEAR)
			ebt_model_clear(s->feed.model);
		else if (req.type == EBT_REQ_RETUNE)
			s->status.tuning = req.tuning;
	}
}

static void step(struct state *s, struct input *in)
{
	uint8_t what = input_byte(in);
	char *words;

	switch (what % 10) {
	case 0:
	case 1:
	case 2:
		ebt_ui_key(s->ui, key(in));
		break;
	case 3:
		ebt_ui_mouse(s->ui, (enum ebt_ui_mouse_type)(input_byte(in) % 5),
			     (int)input_byte(in) - 8, (int)input_byte(in) - 8);
		break;
	case 4:
	case 5:
		event(s, in);
		break;
	case 6:
		require(!ebt_grid_resize(&s->grid, 1 + input_byte(in), 1 + input_byte(in) % 80));
		break;
	case 7:
		s->feed.now += input_u16(in) * (uint64_t)MS / 4;
		feed_tick(&s->feed);
		break;
	case 8:
		words = text(in);
		ebt_ui_message((enum ebt_log_level)(what / 10 % 3), words, s->ui);
		free(words);
		ebt_ui_set_lab(s->ui, what & 64 ? &feed_lab : NULL);
		break;
	default:
		frame(s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct state s = { .unicode = size % 2,
			   .status = { .version = "0",
				       .tuning = { .scratch_bytes = 8192, .ring_bytes = 8u << 20 },
				       .transport = "ring",
				       .kernel = "6.1",
				       .hooks = "exec exit" } };
	struct ebt_ui_options options = {
		.screens = ebt_ui_screens, .unicode = s.unicode, .color = true, .mouse = true
	};

	feed_new(&s.feed, 1);
	require(!ebt_ui_new(&s.ui, &options, s.feed.model));
	require(!ebt_grid_resize(&s.grid, 80, 24));
	ebt_ui_set_status(s.ui, &s.status);
	feed_seed(&s.feed);
	for (int i = 0; in.left && i < STEPS_MAX; i++) {
		step(&s, &in);
		answer_requests(&s);
	}
	frame(&s);
	ebt_ui_free(&s.ui);
	ebt_grid_free(&s.grid);
	feed_free(&s.feed);
	return 0;
}
