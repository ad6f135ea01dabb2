/* SPDX-License-Identifier: BSD-3-Clause */
/* The set-up of the monitor: its options, and a start without images or BPF. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "confine/requirements.h"
#include "homeostasis/fake_kernel.h"
#include "image/image_store.h"
#include "processes/monitor/monitor_setup.h"

static struct {
	int can_trace, can_name_pids, images;
	bool homeostasis;
} stub;

int ebt_can_load(char *why, size_t len)
{
	snprintf(why, len, "no rights");
	return stub.can_trace;
}

int ebt_can_name_pids(char *why, size_t len)
{
	snprintf(why, len, "other pids");
	return stub.can_name_pids;
}

int ebt_images_open(struct ebt_images *images, const struct ebt_images_options *options,
		    struct ebt_failure *failure)
{
	stub.homeostasis = options->homeostasis;
	if (stub.images)
		return ebt_failure_set(failure, stub.images, "no images");
	return 0;
}

void ebt_images_close(struct ebt_images *images)
{
}

int ebt_images_get(struct ebt_images *images, const struct ebt_params *params,
		   struct ebt_image **out, uint64_t *compile_ns, struct ebt_failure *failure)
{
	*out = NULL;
	return 0;
}

int ebt_images_members(struct ebt_images *images, const struct ebt_image *image, uint32_t **values,
		       struct ebt_failure *failure)
{
	*values = NULL;
	return 0;
}

static int teardown(void **state)
{
	fake_reset();
	memset(&stub, 0, sizeof(stub));
	return 0;
}

static void test_options(void **state)
{
	struct ebt_homeo_options o;

	ebt_homeo_options_default(&o);
	assert_string_equal(o.socket, EBT_PH_SOCKET);
	assert_string_equal(o.profiles, EBT_PH_DIR);
	assert_null(o.cache_dir);
	assert_true(o.gid == (gid_t)-1);
	assert_false(o.no_cache || o.debug);
	assert_int_equal(o.settings.cfg.tolerize_limit, 12);
	assert_int_equal(ebt_homeo_options_set(&o, "tolerize-limit=20"), 0);
	assert_int_equal(o.settings.cfg.tolerize_limit, 20);
	assert_int_equal(ebt_homeo_options_set(&o, "tolerize-limit"), EBT_EXIT_USAGE);
	assert_int_equal(ebt_homeo_options_set(&o, "tolerize-limit=200"), EBT_EXIT_USAGE);
	assert_int_equal(ebt_homeo_options_set(&o, "nonsense=1"), EBT_EXIT_USAGE);
	assert_int_equal(o.settings.cfg.tolerize_limit, 20);
}

static void test_options_of_a_run(void **state)
{
	struct ebt_options run = { .profiles_dir = "/p", .cache_dir = "/c", .no_cache = true };
	struct ebt_homeo_options o;

	run.homeo_set[run.homeo_set_count++] = "normal-wait=5";
	run.homeo_set[run.homeo_set_count++] = "min-train=7";
	assert_int_equal(ebt_homeo_options_of(&o, &run), 0);
	assert_null(o.socket);
	assert_string_equal(o.profiles, "/p");
	assert_string_equal(o.cache_dir, "/c");
	assert_true(o.no_cache);
	assert_false(o.debug);
	assert_int_equal(o.settings.cfg.normal_wait_ns, 5000000000);
	assert_int_equal(o.settings.cfg.min_train, 7);
	run.homeo_set[0] = "normal-wait";
	run.debug = true;
	assert_int_equal(ebt_homeo_options_of(&o, &run), EBT_EXIT_USAGE);
	assert_true(o.debug);
}

static void test_start(void **state)
{
	struct ebt_ph_monitor *monitor = NULL;
	struct ebt_homeo_options o;

	ebt_homeo_options_default(&o);
	o.profiles = NULL;
	o.settings.cfg.tolerize_limit = 21;
	assert_int_equal(ebt_homeo_start(&o, &monitor), 0);
	assert_true(stub.homeostasis);
	assert_int_equal(fake.cfg.tolerize_limit, 21);
	ebt_ph_monitor_free(&monitor);
	assert_int_equal(fake.freed, 1);
}

static void test_start_fails(void **state)
{
	struct ebt_ph_monitor *monitor = NULL;
	struct ebt_homeo_options o;

	ebt_homeo_options_default(&o);
	o.profiles = NULL;
	stub.can_trace = EBT_EXIT_PRIVILEGE;
	assert_int_equal(ebt_homeo_start(&o, &monitor), EBT_EXIT_PRIVILEGE);
	stub.can_trace = 0;
	stub.can_name_pids = -1;
	assert_int_equal(ebt_homeo_start(&o, &monitor), EBT_EXIT_KERNEL);
	stub.can_name_pids = 0;
	stub.images = -ENOENT;
	assert_int_equal(ebt_homeo_start(&o, &monitor), EBT_EXIT_KERNEL);
	stub.images = 0;
	assert_int_equal(fake.freed, 0);
	o.profiles = "/dev/null/profiles";
	assert_int_equal(ebt_homeo_start(&o, &monitor), EBT_EXIT_FAILURE);
	assert_int_equal(fake.freed, 1);
	o.profiles = NULL;
	fake.attach_error = -EINVAL;
	assert_int_equal(ebt_homeo_start(&o, &monitor), EBT_EXIT_KERNEL);
	assert_int_equal(fake.freed, 2);
	fake.attach_error = 0;
	fake.no_deny = "it is old";
	o.settings.cfg.enforcing = 1;
	assert_int_equal(ebt_homeo_start(&o, &monitor), EBT_EXIT_KERNEL);
	assert_int_equal(fake.freed, 3);
	assert_null(monitor);
}

static void test_check(void **state)
{
	struct ebt_options run = { 0 };
	char detail[256];

	assert_int_equal(ebt_homeo_check(&run, detail, sizeof(detail)), 0);
	assert_string_equal(detail, "all of it, refusing execs (enforcing) too");
	fake.no_deny = "it is old";
	assert_int_equal(ebt_homeo_check(&run, detail, sizeof(detail)), 0);
	assert_string_equal(detail, "all but refusing execs (enforcing): it is old");
	fake.attach_error = -EINVAL;
	assert_int_equal(ebt_homeo_check(&run, detail, sizeof(detail)), -EINVAL);
	assert_non_null(strstr(detail, "no tracepoint"));
	assert_int_equal(fake.freed, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_options, teardown),
		cmocka_unit_test_teardown(test_options_of_a_run, teardown),
		cmocka_unit_test_teardown(test_start, teardown),
		cmocka_unit_test_teardown(test_start_fails, teardown),
		cmocka_unit_test_teardown(test_check, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
