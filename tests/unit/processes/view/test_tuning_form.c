/* SPDX-License-Identifier: BSD-3-Clause */
/* The form of the setup screen: what runs as its contents, and what was changed in it as a request. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "processes/view/tuning_form.h"

static const struct ebt_params params = { .scratch_bytes = 8192,
					  .ring_bytes = 65536,
					  .args_limit = EBT_PARAMS_ALL,
					  .env_limit = 100,
					  .failed = 1 };
static const struct ebt_filters filters = {
	.n_pids = 2, .pids = { 5, 77 }, .user = "root", .comm = "^a", .match = "b$", .cgroup = "/c"
};
static struct ebt_ui_tuning shown, wanted;
static struct ebt_msg msg;
static char why[256];

static int set_up(void **state)
{
	(void)state;
	ebt_tuning_form_fill(&shown, &params, &filters, 50);
	wanted = shown;
	msg = (struct ebt_msg){ 0 };
	why[0] = '\0';
	return 0;
}

static int request(void)
{
	return ebt_tuning_form_request(&shown, &wanted, &msg, why, sizeof(why));
}

static void test_fill(void **state)
{
	(void)state;
	assert_int_equal(shown.scratch_bytes, 8192);
	assert_int_equal(shown.ring_bytes, 65536);
	assert_true(shown.args_limit_bytes == EBT_UI_ALL);
	assert_int_equal(shown.env_limit_bytes, 100);
	assert_int_equal(shown.poll_ms, 50);
	assert_true(shown.failed);
	assert_false(shown.perf);
	assert_string_equal(shown.filter[EBT_UI_USER], "root");
	assert_string_equal(shown.filter[EBT_UI_PIDS], "5,77");
	assert_string_equal(shown.filter[EBT_UI_COMM], "^a");
	assert_string_equal(shown.filter[EBT_UI_MATCH], "b$");
	assert_string_equal(shown.filter[EBT_UI_CGROUP], "/c");
}

static void test_unchanged(void **state)
{
	(void)state;
	assert_int_equal(request(), 0);
	assert_int_equal(msg.type, EBT_MSG_RETUNE);
	assert_int_equal(msg.value, 0);
	assert_int_equal(msg.poll_ms, 0);
	assert_int_equal(msg.filters.given, 0);
}

static void test_params(void **state)
{
	(void)state;
	wanted.scratch_bytes = 1024;
	wanted.ring_bytes = 131072;
	wanted.args_limit_bytes = 500;
	wanted.env_limit_bytes = EBT_UI_ALL;
	wanted.failed = false;
	wanted.perf = true;
	wanted.poll_ms = 20;
	assert_int_equal(request(), 0);
	assert_int_equal(msg.value, EBT_PARAM_BIT(scratch_bytes) | EBT_PARAM_BIT(ring_bytes) |
					    EBT_PARAM_BIT(args_limit) | EBT_PARAM_BIT(env_limit) |
					    EBT_PARAM_BIT(failed) | EBT_PARAM_BIT(perf));
	assert_int_equal(msg.params.scratch_bytes, 1024);
	assert_int_equal(msg.params.ring_bytes, 131072);
	assert_int_equal(msg.params.args_limit, 500);
	assert_true(msg.params.env_limit == EBT_PARAMS_ALL);
	assert_int_equal(msg.params.failed, 0);
	assert_int_equal(msg.params.perf, 1);
	assert_int_equal(msg.poll_ms, 20);
	/* A limit that no 32 bits hold is none. */
	wanted = shown;
	wanted.args_limit_bytes = 1ull << 40;
	assert_int_equal(request(), 0);
	assert_int_equal(msg.value, 0);
}

static void test_filters(void **state)
{
	(void)state;
	strcpy(wanted.filter[EBT_UI_USER], "1000");
	strcpy(wanted.filter[EBT_UI_MATCH], "");
	strcpy(wanted.filter[EBT_UI_CGROUP], "/d");
	assert_int_equal(request(), 0);
	assert_int_equal(msg.filters.given,
			 EBT_FILTERS_USERS | EBT_FILTERS_MATCH | EBT_FILTERS_CGROUP);
	assert_string_equal(msg.filters.user, "1000");
	assert_string_equal(msg.filters.match, "");
	assert_string_equal(msg.filters.cgroup, "/d");
	assert_string_equal(msg.filters.comm, "");
	strcpy(wanted.filter[EBT_UI_PIDS], "9");
	assert_int_equal(request(), 0);
	assert_true(msg.filters.given & EBT_FILTERS_PIDS);
	assert_int_equal(msg.filters.n_pids, 1);
	assert_int_equal(msg.filters.pids[0], 9);
}

static void test_refused(void **state)
{
	(void)state;
	strcpy(wanted.filter[EBT_UI_PIDS], "9,");
	assert_int_equal(request(), -EINVAL);
	assert_non_null(strstr(why, "processes cannot be '9,'"));
	wanted = shown;
	strcpy(wanted.filter[EBT_UI_COMM], "(");
	assert_int_equal(request(), -EINVAL);
	assert_non_null(strstr(why, "("));
}

#define T(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_fill), T(test_unchanged), T(test_params), T(test_filters), T(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
