/* SPDX-License-Identifier: BSD-3-Clause */
/* Filters of running programs: which element is in force, and which processes are tracked. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "bpf/hooks.h"
#include "bpf/kernel_filters.h"
#include "bpf/process_tree.h"
#include "fake_bpf.h"
#include "image_of_tracer.h"

#define COMMAND_TREE (1u << 31)

static struct ebt_persistent persistent;
static struct ebt_failure failure;
static struct ebt_hooks hooks;
static struct ebt_generation *g;
static struct ebt_kernel_filters filters;
static int config, tracked, shown;

static int set_up(void **state)
{
	struct ebt_image *image = tracer_image();
	struct ebt_params params = tracer_params();

	(void)state;
	fake_bpf_reset();
	persistent = (struct ebt_persistent){ 0 };
	failure = (struct ebt_failure){ 0 };
	ebt_hooks_init(&hooks);
	assert_int_equal(
		ebt_generation_new(&g, &persistent, image, tracer_values, &params, 1, &failure), 0);
	ebt_image_free(&image);
	filters = (struct ebt_kernel_filters){ .current = g, .hooks = &hooks };
	config = ebt_generation_map(g, "ebt_config");
	tracked = ebt_generation_map(g, "ebt_tracked");
	shown = ebt_generation_map(g, "ebt_shown_tgids");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ebt_generation_free(&g);
	ebt_hooks_free(&hooks);
	for (unsigned i = 0; i < persistent.n; i++)
		close(persistent.fds[i]);
	ebt_buf_free(&failure.words);
	fake_bpf_reset();
	return 0;
}

static struct ebt_config element(uint32_t i)
{
	struct ebt_config c;

	assert_int_equal(bpf_map_lookup_elem(config, &i, &c), 0);
	return c;
}

static uint32_t trees_of(uint32_t pid)
{
	uint32_t trees = 0;

	bpf_map_lookup_elem(tracked, &pid, &trees);
	return trees;
}

static unsigned count(int map)
{
	unsigned n = 0;
	uint32_t key;

	for (int err = bpf_map_get_next_key(map, NULL, &key); !err;
	     err = bpf_map_get_next_key(map, &key, &key))
		n++;
	return n;
}

static pid_t start_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		/* It must not outlive a test that fails. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	return pid;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_none(void **state)
{
	struct ebt_filter_set set = { 0 };
	struct ebt_config head;

	(void)state;
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	head = element(0);
	assert_int_equal(head.enabled, 1);
	assert_int_equal(head.active, 0);
	assert_int_equal(head.filter, 0);
	assert_int_equal(filters.active, 0);
	assert_int_equal(count(shown), 0);
}

/* Each set is written where the one before is not. */
static void test_in_turn(void **state)
{
	struct ebt_filter_set set = { .config = { .filter = EBT_FILTER_UID, .uid = 1000 } };

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t at = i % 2 ? 2 : 1;

		set.config.uid = 1000 + i;
		assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
		assert_int_equal(element(0).active, at);
		assert_int_equal(element(0).filter, EBT_FILTER_ENDS);
		assert_int_equal(element(at).uid, 1000 + i);
		assert_int_equal(element(at).filter, EBT_FILTER_UID);
		assert_int_equal(element(at).tree, 0);
		if (i)
			assert_int_equal(element(3 - at).uid, 1000 + i - 1);
	}
	set.config.filter = 0;
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(element(0).active, 0);
}

/* Once the first filter comes into force on running programs, all living processes may have been
 * shown. */
static void test_ends(void **state)
{
	struct ebt_filter_set set = { .config = { .filter = EBT_FILTER_UID } };
	uint32_t self = (uint32_t)getpid();
	uint32_t *state_of_self;

	(void)state;
	assert_int_equal(ebt_hooks_attach(&hooks, g, &failure), 0);
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	state_of_self = fake_bpf_value(shown, &self);
	assert_non_null(state_of_self);
	assert_int_equal(*state_of_self, EBT_SHOWN);
	assert_int_equal(bpf_map_delete_elem(shown, &self), 0);
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_null(fake_bpf_value(shown, &self));
}

static void test_pids(void **state)
{
	pid_t child = start_child(), other = start_child();
	uint32_t pids[] = { (uint32_t)getpid(), (uint32_t)other };
	struct ebt_filter_set set = { .pids = pids, .n_pids = 1 };

	(void)state;
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(trees_of(pids[0]), 1);
	assert_int_equal(trees_of((uint32_t)child), 1);
	assert_int_equal(trees_of((uint32_t)getppid()), 0);
	assert_int_equal(element(0).filter, EBT_FILTER_TREE | EBT_FILTER_ENDS);
	assert_int_equal(element(1).filter, EBT_FILTER_TREE);
	assert_int_equal(element(1).tree, 1);
	assert_int_equal(fake_bpf_open("link", "sched_process_fork"), 1);
	/* Keeping them leaves the bit as it is. */
	set.keep_pids = true;
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(element(2).tree, 1);
	assert_int_equal(trees_of(pids[0]), 1);
	end_child(child);
	/* Others get a bit of their own, and those before are forgotten. */
	set = (struct ebt_filter_set){ .pids = pids + 1, .n_pids = 1 };
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(element(1).tree, 2);
	assert_int_equal(trees_of(pids[1]), 2);
	assert_int_equal(trees_of((uint32_t)child), 0);
	/* None any more. */
	set = (struct ebt_filter_set){ 0 };
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(count(tracked), 0);
	assert_int_equal(element(0).filter, EBT_FILTER_ENDS);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	/* Bits are used in turn. */
	set = (struct ebt_filter_set){ .pids = pids, .n_pids = 1 };
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(trees_of(pids[0]), 4);
	end_child(other);
}

/* After 31 trees the first bit comes again; the command's is never given to pids. */
static void test_all_bits(void **state)
{
	uint32_t pid = (uint32_t)getpid();
	struct ebt_filter_set set = { .pids = &pid, .n_pids = 1 };

	(void)state;
	for (unsigned i = 0; i < 33; i++) {
		assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
		assert_int_equal(trees_of(pid), 1u << i % 31);
	}
}

static void test_command(void **state)
{
	uint32_t pid = (uint32_t)getpid();
	struct ebt_filter_set set = { .command = 77, .pids = &pid, .n_pids = 1 };

	(void)state;
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(trees_of(77), COMMAND_TREE);
	assert_int_equal(trees_of(pid), 1);
	assert_int_equal(element(1).tree, COMMAND_TREE | 1);
	/* The command is tracked once: the BPF programs forget it when it ends. */
	assert_int_equal(bpf_map_delete_elem(tracked, &set.command), 0);
	set.n_pids = 0;
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(trees_of(77), 0);
	assert_int_equal(trees_of(pid), 0);
	assert_int_equal(element(2).tree, COMMAND_TREE);
	assert_int_equal(element(0).filter, EBT_FILTER_TREE | EBT_FILTER_ENDS);
	assert_int_equal(fake_bpf_open("link", "sched_process_fork"), 1);
}

/* What is refused leaves the filters before in force, and nobody tracked for it. */
static void test_refused(void **state)
{
	uint32_t pid = 1;
	struct ebt_filter_set set = { .config = { .filter = EBT_FILTER_UID, .uid = 5 } };

	(void)state;
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	set.pids = &pid;
	set.n_pids = 1;
	fake_bpf_refuse("update", "ebt_tracked", -E2BIG, 1);
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), -E2BIG);
	assert_string_equal(failure.text, "cannot track the processes: Argument list too long");
	assert_int_equal(element(0).active, 1);
	assert_int_equal(element(0).filter, EBT_FILTER_ENDS);
	assert_int_equal(filters.tree, 0);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	failure.text[0] = '\0';
	fake_bpf_refuse("link", "sched_process_fork", -EPERM, 1);
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), -EPERM);
	assert_int_equal(count(tracked), 0);
	failure.text[0] = '\0';
	set.n_pids = 0;
	fake_bpf_refuse("update", "ebt_config", -EIO, 1);
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), -EIO);
	assert_string_equal(failure.text, "cannot set the filters: Input/output error");
	assert_int_equal(filters.active, 1);
	assert_int_equal(ebt_kernel_filters_set(&filters, &set, &failure), 0);
	assert_int_equal(element(0).active, 2);
}

static void test_track(void **state)
{
	(void)state;
	assert_int_equal(ebt_tree_track(tracked, 10, 1), 0);
	assert_int_equal(ebt_tree_track(tracked, 10, 4), 0);
	assert_int_equal(ebt_tree_track(tracked, 11, 4), 0);
	assert_int_equal(trees_of(10), 5);
	ebt_tree_untrack(tracked, 0);
	ebt_tree_untrack(tracked, 4);
	assert_int_equal(trees_of(10), 1);
	assert_int_equal(count(tracked), 1);
	fake_bpf_refuse("update", "ebt_tracked", -E2BIG, 1);
	assert_int_equal(ebt_tree_track(tracked, 12, 1), -E2BIG);
}

/* Only living processes are tracked or shown, and only descendants. */
static void test_living(void **state)
{
	pid_t child = start_child(), zombie = fork();
	siginfo_t ended;

	(void)state;
	if (zombie == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)zombie, &ended, WEXITED | WNOWAIT), 0);
	assert_int_equal(ebt_tree_track(tracked, (uint32_t)getpid(), 2), 0);
	assert_int_equal(ebt_tree_track_living(tracked, 1), 0);
	assert_int_equal(count(tracked), 1);
	fake_bpf_refuse("update", "ebt_tracked", -E2BIG, 1);
	assert_int_equal(ebt_tree_track_living(tracked, 2), -E2BIG);
	assert_int_equal(ebt_tree_track_living(tracked, 2), 0);
	assert_int_equal(trees_of((uint32_t)child), 2);
	assert_int_equal(trees_of((uint32_t)zombie), 0);
	assert_int_equal(trees_of((uint32_t)getppid()), 0);
	assert_int_equal(ebt_tree_show_living(shown), 0);
	assert_non_null(fake_bpf_value(shown, &child));
	assert_null(fake_bpf_value(shown, &zombie));
	waitpid(zombie, NULL, 0);
	end_child(child);
}

/* What finds no room in the table of shown processes is left out. */
static void test_shown_full(void **state)
{
	(void)state;
	fake_bpf_object(shown)->max_entries = 1;
	assert_int_equal(ebt_tree_show_living(shown), 0);
	assert_int_equal(count(shown), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_none),	 T(test_in_turn), T(test_ends),	 T(test_pids),	 T(test_all_bits),
		T(test_command), T(test_refused), T(test_track), T(test_living), T(test_shown_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
