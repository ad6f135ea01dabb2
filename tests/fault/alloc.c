/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * alloc.c - each scenario is run again and again, and each time one allocation later fails, until
 * none does: it reports -ENOMEM or goes on without what it could not have, and nothing is broken or
 * (under LeakSanitizer) left.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decode/decode.h"
#include "homeostasis/profile_dir.h"
#include "homeostasis/profile_file.h"
#include "image/image_test.h"
#include "base/match.h"
#include "ui/feed.h"

static struct {
	unsigned long left; /* allocations until the one that fails; 0: none does */
	bool failed;
} plan;

static bool fails(void)
{
	if (!plan.left || --plan.left)
		return false;
	plan.failed = true;
	errno = ENOMEM;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}
void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}
void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}
void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return fails() ? NULL : __real_reallocarray(p, n, size);
}
char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

/* 0 or -ENOMEM; exact: with a failed allocation it may not say 0. */
typedef int (*scenario_fn)(void *arg);

static void each(scenario_fn fn, void *arg, bool exact)
{
	for (unsigned long n = 1;; n++) {
		int err;

		plan.failed = false;
		plan.left = n;
		err = fn(arg);
		plan.left = 0;
		if (err != 0 && err != -ENOMEM)
			fail_msg("allocation %lu failed and it says %d", n, err);
		if (!plan.failed) {
			assert_int_equal(err, 0);
			assert_true(n > 1);
			return;
		}
		if (exact && !err)
			fail_msg("allocation %lu failed and it says that all is well", n);
	}
}

static int read_image(void *arg)
{
	struct ebt_buf *file = arg;
	_cleanup_image_ struct ebt_image *image = NULL;
	_cleanup_buf_ struct ebt_buf again = { 0 };
	const char *why;
	int err = ebt_image_parse(&image, file->data, file->len, &why);

	return err ? err : ebt_image_write(image, &again);
}

static void test_image(void **state)
{
	struct ebt_image *image = image_test_new();
	_cleanup_buf_ struct ebt_buf file = { 0 };

	(void)state;
	assert_int_equal(ebt_image_write(image, &file), 0);
	each(read_image, &file, true);
	ebt_image_free(&image);
}

static int read_profile(void *arg)
{
	struct ebt_buf *file = arg;
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	_cleanup_buf_ struct ebt_buf again = { 0 };
	const char *why;
	int err = ebt_ph_decode(&set, file->data, file->len, &why);

	return err ? err : ebt_ph_encode(set, &again);
}

static void test_profile(void **state)
{
	struct ebt_ph_set *set = NULL;
	_cleanup_buf_ struct ebt_buf file = { 0 };

	(void)state;
	assert_int_equal(ebt_ph_set_new(&set), 0);
	for (uint32_t i = 0; i < 9; i++) {
		uint32_t col = ebt_ph_set_column(set, i * 31);

		ebt_ph_set_row(set, col)->a[col >> 3] |= 3ull << EBT_PH_LANE(col);
	}
	set->profile.epoch_b = 1;
	assert_int_equal(ebt_ph_encode(set, &file), 0);
	each(read_profile, &file, true);
	ebt_ph_set_free(&set);
}

static int set_filter(void *arg)
{
	struct ebt_matcher m = { 0 };
	int err = ebt_matcher_set(&m, arg, NULL, 0);

	(void)ebt_matcher_args(&m, ARGS("an argument\0'quoted'"));
	(void)ebt_matcher_text(&m, ebt_bytes_from("some text"));
	ebt_matcher_deinit(&m);
	return err;
}

static void test_matcher(void **state)
{
	(void)state;
	each(set_filter, (void *)(uintptr_t) "plain", false);
	each(set_filter, (void *)(uintptr_t) "a[b-z]+|Q", false);
}

/* What has no room is counted, the rest is taken. */
static int take_events(void *arg)
{
	struct ebt_model_options options = { .history_bytes = 1, .ncpu = FEED_CPUS };
	struct ebt_query query = { .count = 50 };
	struct ebt_decoder *dec = NULL;
	struct ebt_snapshot snap;
	struct feed f = { .now = FEED_START_NS };
	int err = ebt_model_new(&f.model, &options);

	(void)arg;
	if (!err)
		err = ebt_decoder_new(&dec, FEED_CPUS);
	if (!err) {
		feed_seed(&f);
		(void)ebt_model_set_filter(f.model, "c[c-z]", NULL);
		feed_script(&f);
		for (query.list = EBT_LIST_EVENTS; query.list <= EBT_LIST_TREE; query.list++)
			ebt_snapshot_take(f.model, &query, f.now, &snap);
	}
	ebt_decoder_free(&dec);
	ebt_model_free(&f.model);
	return err;
}

static void test_model(void **state)
{
	(void)state;
	each(take_events, NULL, false);
}

static int show(void *arg)
{
	static const char keys[] = "12345\r\033/cc\rh\033S\033>\033t\\x\r\033N2P";
	struct ebt_ui_options options = { .screens = ebt_ui_screens,
					  .unicode = true,
					  .color = true };
	struct ebt_ui_status status = { .version = "0", .transport = "ring", .kernel = "6.1" };
	struct ebt_grid grid = { 0 };
	struct ebt_ui *ui = NULL;
	struct feed *f = arg;
	int err = ebt_ui_new(&ui, &options, f->model);

	if (!err)
		err = ebt_grid_resize(&grid, 80, 24);
	if (!err) {
		ebt_ui_set_status(ui, &status);
		ebt_ui_set_lab(ui, &feed_lab);
		for (const char *k = keys; *k; k++) {
			ebt_ui_key(ui, (unsigned char)*k);
			ebt_ui_draw(ui, &grid, f->now);
		}
	}
	ebt_ui_free(&ui);
	ebt_grid_free(&grid);
	(void)ebt_model_set_filter(f->model, NULL, NULL);
	return err;
}

static void test_screens(void **state)
{
	struct feed f;

	(void)state;
	feed_new(&f, 0);
	feed_script(&f);
	each(show, &f, false);
	feed_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image),	cmocka_unit_test(test_profile),
		cmocka_unit_test(test_matcher), cmocka_unit_test(test_model),
		cmocka_unit_test(test_screens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
