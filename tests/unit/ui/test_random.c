/* SPDX-License-Identifier: BSD-3-Clause */
/* Any key at any time, any size, events meanwhile: nothing breaks. Runs under ASan and UBSan. */
#include "ui_test.h"

static uint32_t seed;

static uint32_t dice(uint32_t sides)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % sides;
}

static uint32_t any_key(void)
{
	static const char common[] = "123451234512345ptwFgIPRMTnN/\\ +-*^$h?SCqW[]aGcmx0.e";

	switch (dice(4)) {
	case 0:
		return EBT_KEY_UP + dice(EBT_KEY_RESIZE - EBT_KEY_UP + 1);
	case 1:
		return dice(256);
	case 2:
		return dice(20) ? EBT_KEY_DOWN + dice(6) : dice(0x110000);
	default:
		return (unsigned char)common[dice(sizeof(common) - 1)];
	}
}

static void any_size(struct ebt_grid *grid)
{
	static const int sizes[][2] = { { 1, 1 },   { 2, 2 },	 { 3, 50 }, { 300, 3 }, { 40, 10 },
					{ 80, 24 }, { 132, 40 }, { 12, 5 }, { 999, 7 } };
	uint32_t i = dice(EBT_ARRAY_SIZE(sizes) + 3);

	if (i < EBT_ARRAY_SIZE(sizes))
		ebt_grid_resize(grid, sizes[i][0], sizes[i][1]);
	else
		ebt_grid_resize(grid, 1 + (int)dice(200), 1 + (int)dice(60));
}

static void any_event(struct feed *f)
{
	struct feed_exec e = { .pid = 100 + dice(40),
			       .ppid = dice(3) ? 1 + dice(150) : 0,
			       .uid = dice(3) * 1000,
			       .cpu = dice(FEED_CPUS),
			       .comm = dice(2) ? "cc1" : "sh",
			       .exe = dice(2) ? "/usr/bin/cc1" : "",
			       .ret = dice(6) ? 0 : -2,
			       .flags = dice(0x20000),
			       .args = dice(2) ? ARGS("sh\0-c\0true\0\0'x y'")
					       : (struct ebt_bytes){ 0 } };

	f->now += dice(200) * MS;
	if (dice(3))
		feed_exec(f, &e);
	else
		feed_exit(f, e.pid, f->now - 5 * MS, e.cpu, (int)dice(3) << 8);
	if (dice(8) == 0)
		feed_tick(f);
}

/* Words to read, others while they are read, none. */
static void any_refusal(struct ebt_ui_status *status)
{
	static const char words[] =
		"one\n\ttwo: error: three\n\n\n\x1b[31m four \xff\xc3\n"
		"a line that is longer than some of the screens are wide, so that "
		"it has to be moved\t\t\tto be read\nlast";
	uint32_t from = dice(sizeof(words)), to = dice(sizeof(words));

	status->refused = dice(2) ? "the kernel's verifier refused the program" : NULL;
	status->refusal =
		(struct ebt_bytes){ from < to ? words + from : NULL, from < to ? to - from : 0 };
}

static void answer_requests(struct view *v)
{
	struct ebt_ui_request req;

	while (ebt_ui_next_request(v->ui, &req)) {
		if (req.type == EBT_REQ_CLEAR)
			ebt_model_clear(v->feed.model);
		else if (req.type == EBT_REQ_RETUNE)
			v->status.tuning = req.tuning;
		else if (req.type == EBT_REQ_LAB)
			ebt_ui_set_lab(v->ui, dice(3) ? &feed_lab : NULL);
	}
}

static void run(uint32_t start, bool unicode)
{
	struct view v;

	seed = start;
	view_open(&v, 80, 24, unicode);
	feed_seed(&v.feed);
	for (int step = 0; step < 3000; step++) {
		if (dice(3) == 0)
			any_event(&v.feed);
		if (dice(40) == 0)
			any_size(&v.grid);
		if (dice(6) == 0)
			ebt_ui_mouse(v.ui, (enum ebt_ui_mouse_type)dice(5),
				     (int)dice((uint32_t)v.grid.width + 4) - 2,
				     (int)dice((uint32_t)v.grid.height + 4) - 2);
		else
			view_key(&v, any_key());
		if (dice(30) == 0)
			any_refusal(&v.status);
		if (dice(50) == 0)
			ebt_ui_message(EBT_LOG_WARN, "something happened", v.ui);
		answer_requests(&v);
		assert_in_range(ebt_ui_timeout_ms(v.ui, v.feed.now), 0, 1000);
		if (dice(2))
			ebt_ui_draw(v.ui, &v.grid, v.feed.now);
		assert_true(ebt_ui_current(v.ui) < EBT_SCREEN_MAX);
	}
	view_close(&v);
}

static void test_random(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= 12; i++)
		run(i * 7919, i % 3 != 0);
}

/* Every screen at every small size, with content. */
static void test_small_sizes(void **state)
{
	struct view v;

	(void)state;
	view_open(&v, 80, 24, true);
	feed_script(&v.feed);
	for (uint32_t screen = '1'; screen <= '6'; screen++) {
		for (int h = 1; h <= 12; h++)
			for (int w = 1; w <= 45; w++) {
				view_key(&v, screen);
				ebt_grid_resize(&v.grid, w, h);
				ebt_ui_draw(v.ui, &v.grid, v.feed.now);
				view_key(&v, h % 2 ? EBT_KEY_F1 : EBT_KEY_F2);
				ebt_ui_draw(v.ui, &v.grid, v.feed.now);
				view_key(&v, EBT_KEY_ESC);
				view_key(&v, EBT_KEY_ENTER);
				ebt_ui_draw(v.ui, &v.grid, v.feed.now);
				view_key(&v, EBT_KEY_ESC);
			}
	}
	view_close(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_small_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
