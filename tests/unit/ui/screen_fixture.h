/* SPDX-License-Identifier: BSD-3-Clause */
/* screen_fixture.h - a view of 100 x 30 with some seconds of execs behind it, for each test anew.
 */
#ifndef EBT_TESTS_SCREEN_FIXTURE_H
#define EBT_TESTS_SCREEN_FIXTURE_H

#include "ui_test.h"

static struct view v;

static int setup(void **state)
{
	(void)state;
	view_open(&v, 100, 30, true);
	feed_script(&v.feed);
	view_draw(&v);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	view_close(&v);
	return 0;
}

/* The next that the screen asks the application for. */
static inline enum ebt_ui_request_type request(void)
{
	struct ebt_ui_request req;

	return ebt_ui_next_request(v.ui, &req) ? req.type : EBT_REQ_NONE;
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
