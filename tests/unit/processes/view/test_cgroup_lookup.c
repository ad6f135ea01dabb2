/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths of cgroups, asked of a loader that answers, that does not, or that knows none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/options.h"
#include "ipc/cgroup_names.h"
#include "processes/view/cgroup_lookup.h"

static struct ebt_cgroup_lookup lookup;
static struct ebt_model *model;
static int loader;

static int set_up(void **state)
{
	struct ebt_model_options mo = { .history_bytes = EBT_HISTORY_MIN, .ncpu = 1 };
	int pair[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	lookup = (struct ebt_cgroup_lookup){ .sock = pair[0] };
	loader = pair[1];
	return ebt_model_new(&model, &mo);
}

static int tear_down(void **state)
{
	(void)state;
	close(lookup.sock);
	close(loader);
	ebt_model_free(&model);
	return 0;
}

/* Put the answer there before the question. */
static void answer(uint64_t id, const char *path)
{
	struct ebt_cgroup_answer a = { .id = id };

	strcpy(a.path, path);
	assert_int_equal(send(loader, &a, sizeof(a), 0), sizeof(a));
}

/* Return the id that the view has asked for, or 0. */
static uint64_t asked(void)
{
	uint64_t id = 0;

	return recv(loader, &id, sizeof(id), MSG_DONTWAIT) == sizeof(id) ? id : 0;
}

static void test_answered(void **state)
{
	(void)state;
	ebt_cgroup_lookup_note(&lookup, model, 0);
	assert_int_equal(lookup.n_noted, 0);
	ebt_cgroup_lookup_note(&lookup, model, 10);
	ebt_cgroup_lookup_note(&lookup, model, 10);
	ebt_cgroup_lookup_note(&lookup, model, 11);
	assert_int_equal(lookup.n_noted, 2);
	answer(10, "/ten");
	answer(11, "/eleven");
	ebt_cgroup_lookup_ask(&lookup, model);
	assert_string_equal(ebt_model_cgroup(model, 10), "/ten");
	assert_string_equal(ebt_model_cgroup(model, 11), "/eleven");
	assert_int_equal(lookup.n_noted, 0);
	assert_int_equal(asked(), 10);
	assert_int_equal(asked(), 11);
	/* What is known is not asked again. */
	ebt_cgroup_lookup_note(&lookup, model, 10);
	ebt_cgroup_lookup_ask(&lookup, model);
	assert_int_equal(asked(), 0);
}

/* An answer to an earlier question that came late is taken as well. */
static void test_late_answer(void **state)
{
	(void)state;
	answer(9, "/nine");
	answer(10, "/ten");
	ebt_cgroup_lookup_note(&lookup, model, 10);
	ebt_cgroup_lookup_ask(&lookup, model);
	assert_string_equal(ebt_model_cgroup(model, 9), "/nine");
	assert_string_equal(ebt_model_cgroup(model, 10), "/ten");
}

/* One that the loader cannot name is not asked for again. */
static void test_nameless(void **state)
{
	(void)state;
	answer(10, "");
	ebt_cgroup_lookup_note(&lookup, model, 10);
	ebt_cgroup_lookup_ask(&lookup, model);
	assert_int_equal(asked(), 10);
	assert_null(ebt_model_cgroup(model, 10));
	ebt_cgroup_lookup_note(&lookup, model, 10);
	assert_int_equal(lookup.n_noted, 0);
}

/* A loader that does not answer is left alone for a while; what was noted is forgotten. */
static void test_busy(void **state)
{
	(void)state;
	ebt_cgroup_lookup_note(&lookup, model, 10);
	ebt_cgroup_lookup_note(&lookup, model, 11);
	ebt_cgroup_lookup_ask(&lookup, model);
	assert_true(lookup.busy_ns > 0);
	assert_int_equal(asked(), 10);
	assert_int_equal(asked(), 0);
	lookup.busy_ns = 1; /* long ago */
	answer(11, "/eleven");
	ebt_cgroup_lookup_note(&lookup, model, 11);
	ebt_cgroup_lookup_ask(&lookup, model);
	assert_int_equal(lookup.busy_ns, 0);
	assert_string_equal(ebt_model_cgroup(model, 11), "/eleven");
}

static void test_bound(void **state)
{
	(void)state;
	for (uint64_t id = 1; id < 100; id++)
		ebt_cgroup_lookup_note(&lookup, model, id);
	assert_int_equal(lookup.n_noted, 64);
	lookup.n_noted = 0;
	close(lookup.sock);
	lookup.sock = -1;
	ebt_cgroup_lookup_note(&lookup, model, 7);
	assert_int_equal(lookup.n_noted, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_answered), T(test_late_answer), T(test_nameless),
		T(test_busy),	  T(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
