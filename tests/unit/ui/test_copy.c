/* SPDX-License-Identifier: BSD-3-Clause */
/* y and Y: what they copy from each screen, and that the same key once more asks for the page. */
#include <stdio.h>

#include "screen_fixture.h"

static struct ebt_bytes copied(void)
{
	bool incomplete;

	return ebt_ui_copied(v.ui, &incomplete);
}

static void assert_copies(uint32_t key, const char *text)
{
	view_key(&v, key);
	assert_int_equal(request(), EBT_REQ_COPY);
	if (strncmp(copied().data, text, strlen(text)) != 0)
		fail_msg("\"%.*s\" was copied, not \"%s\"", (int)copied().len, copied().data, text);
}

#define COMMIT "git commit -m 'it'\\''s done: \"all\" of it'"

static void find_commit(void)
{
	view_key(&v, '/');
	view_type(&v, "^git commit\r");
}

static void test_events(void **state)
{
	(void)state;
	find_commit();
	assert_copies('y', COMMIT);
	assert_int_equal(copied().len, strlen(COMMIT));
	assert_copies('Y', "{\"v\":1,\"type\":\"exec\",");
	assert_int_equal(copied().data[copied().len - 1], '}');
}

static void test_page(void **state)
{
	(void)state;
	find_commit();
	assert_copies('y', COMMIT);
	/* What comes meanwhile does not change it. */
	view_exec(&v, 9000, "other");
	view_draw(&v);
	view_key(&v, 'y');
	assert_int_equal(request(), EBT_REQ_PAGE);
	assert_int_equal(copied().len, strlen(COMMIT));
	/* Another key, or the other one of the two, begins anew. */
	assert_copies('Y', "{");
	view_key(&v, 'Y');
	assert_int_equal(request(), EBT_REQ_PAGE);
	view_key(&v, EBT_KEY_LEFT);
	assert_copies('Y', "{");
}

static void test_details(void **state)
{
	(void)state;
	find_commit();
	view_key(&v, EBT_KEY_ENTER);
	assert_copies('y', COMMIT);
}

static void test_group(void **state)
{
	(void)state;
	view_exec(&v, 9000, "newest");
	view_key(&v, '1');
	view_draw(&v);
	view_key(&v, '/');
	view_type(&v, "^newest\r");
	assert_copies('y', "newest");
}

static void test_tree(void **state)
{
	(void)state;
	view_key(&v, '4');
	view_draw(&v);
	find_commit();
	assert_copies('y', COMMIT);
}

static void test_incomplete(void **state)
{
	struct feed_exec e = { .pid = 9000, .ppid = 1201, .comm = "cut", .exe = "/bin/cut" };
	bool incomplete;

	(void)state;
	e.args = ARGS("cut\0-");
	e.flags = EBT_EV_ARGS_TRUNCATED;
	e.args_bytes = 5000;
	feed_exec(&v.feed, &e);
	view_draw(&v);
	assert_copies('y', "cut -");
	ebt_ui_copied(v.ui, &incomplete);
	assert_true(incomplete);
}

static void test_nothing(void **state)
{
	(void)state;
	ebt_model_clear(v.feed.model);
	view_draw(&v);
	view_key(&v, 'y');
	assert_int_equal(request(), EBT_REQ_NONE);
	assert_shows(&v, "there is no exec to copy");
}

int main(void)
{
	const struct CMUnitTest tests[] = { T(test_events), T(test_page), T(test_details),
					    T(test_group),  T(test_tree), T(test_incomplete),
					    T(test_nothing) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
