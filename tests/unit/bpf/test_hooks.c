/* SPDX-License-Identifier: BSD-3-Clause */
/* Where programs go: the type of each, its slot, the stubs on their tracepoints, and those of failed
 * execs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arch.h"
#include "base/cleanup.h"
#include "bpf/failed_execs.h"
#include "bpf/hooks.h"
#include "fake_bpf.h"
#include "image_of_tracer.h"

static struct ebt_persistent persistent;
static struct ebt_failure failure;
static struct ebt_image *image;
static struct ebt_hooks hooks;
static struct ebt_failed_execs failed;
static struct ebt_generation *a, *b; /* numbers 1 and 2 */

static struct ebt_generation *load(uint32_t number, bool with_failed)
{
	struct ebt_params params = tracer_params();
	struct ebt_generation *g = NULL;

	params.failed = with_failed;
	assert_int_equal(ebt_generation_new(&g, &persistent, image, tracer_values, &params, number,
					    &failure),
			 0);
	return g;
}

static int set_up(void **state)
{
	(void)state;
	fake_bpf_reset();
	persistent = (struct ebt_persistent){ 0 };
	failure = (struct ebt_failure){ 0 };
	failed = (struct ebt_failed_execs){ 0 };
	image = tracer_image();
	ebt_hooks_init(&hooks);
	a = load(1, true);
	b = load(2, true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ebt_generation_free(&a);
	ebt_generation_free(&b);
	ebt_hooks_free(&hooks);
	ebt_failed_detach(&failed);
	for (unsigned i = 0; i < persistent.n; i++)
		close(persistent.fds[i]);
	ebt_buf_free(&failure.words);
	ebt_image_free(&image);
	assert_int_equal(fake_bpf_open("prog", NULL), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	fake_bpf_reset();
	return 0;
}

static struct fake_object *object_of(const struct ebt_generation *g, const char *prog)
{
	return fake_bpf_object(ebt_generation_prog(g, prog));
}

static int map_of(const char *name)
{
	return ebt_generation_map(a, name);
}

static void test_types(void **state)
{
	static const struct {
		const char *prog, *function;
		int type, attach_type;
	} kinds[] = {
		{ "ebt_stub_exec", NULL, BPF_PROG_TYPE_RAW_TRACEPOINT, 0 },
		{ "ebt_tp_on_failed", NULL, BPF_PROG_TYPE_TRACEPOINT, 0 },
		{ "ebt_fx_execve", EBT_ARCH_SYSCALL_PREFIX "execve", BPF_PROG_TYPE_TRACING,
		  BPF_TRACE_FEXIT },
		{ "ebt_fh_execveat", EBT_ARCH_SYSCALL_PREFIX "execveat", BPF_PROG_TYPE_TRACING,
		  BPF_TRACE_FEXIT },
		{ "ebt_kfh___secure_computing", "__secure_computing", BPF_PROG_TYPE_TRACING,
		  BPF_TRACE_FEXIT },
		{ "ebt_raw_sched_x", "sched_x", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP },
		{ "ebt_lsm_file_x", "file_x", BPF_PROG_TYPE_LSM, BPF_LSM_MAC },
	};

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(kinds); i++) {
		struct ebt_prog_spec spec = { .first = TRACER_INSNS, .count = 2 };
		struct fake_object *o;
		int fd;

		strcpy(spec.name, kinds[i].prog);
		fd = ebt_program_load(&spec, image->insns, NULL);
		o = fake_bpf_object(fd);
		assert_non_null(o);
		assert_int_equal(o->prog_type, kinds[i].type);
		assert_int_equal(o->attach_type, kinds[i].attach_type);
		assert_int_equal(o->attach_btf_id,
				 kinds[i].function ? fake_bpf_btf_id(kinds[i].function) : 0);
		assert_int_equal(o->n_insns, 2);
		close(fd);
		if (!kinds[i].function)
			continue;
		fake_bpf_refuse("btf", kinds[i].function, -ESRCH, 1);
		assert_int_equal(ebt_program_load(&spec, image->insns, NULL), -ESRCH);
	}
}

/* The kernel keeps 15 characters of a name. */
static void test_long_name(void **state)
{
	(void)state;
	assert_string_equal(object_of(a, "ebt_tp_sys_enter_execveat")->name, "ebt_tp_sys_ente");
}

static void test_slots(void **state)
{
	static const struct {
		const char *prog;
		uint32_t slot;
		bool by_generation;
	} slots[] = {
		{ "ebt_on_exec", EBT_SLOT_EXEC, false },
		{ "ebt_on_exit", EBT_SLOT_EXIT, false },
		{ "ebt_on_fork", EBT_SLOT_FORK, false },
		{ "ebt_on_rename", EBT_SLOT_RENAME, false },
		{ "ebt_on_threads", EBT_SLOT_THREADS, true },
		{ "ebt_on_walk", EBT_SLOT_WALK, true },
		{ "ebt_on_build", EBT_SLOT_BUILD, true },
		{ "ebt_on_more", EBT_SLOT_MORE, true },
	};
	int map = map_of("ebt_slots");

	(void)state;
	assert_int_equal(ebt_hooks_fill(a, &failure), 0);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(slots); i++)
		assert_ptr_equal(fake_bpf_slot_object(map, slots[i].slot + slots[i].by_generation),
				 object_of(a, slots[i].prog));
	assert_int_equal(ebt_hooks_fill(b, &failure), 0);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(slots); i++) {
		assert_ptr_equal(fake_bpf_slot_object(map, slots[i].slot),
				 object_of(b, slots[i].prog));
		if (slots[i].by_generation)
			assert_ptr_equal(fake_bpf_slot_object(map, slots[i].slot + 1),
					 object_of(a, slots[i].prog));
	}
	/* Of the old generation's slots those are emptied that the new one does not use. */
	ebt_hooks_empty(a, b);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(slots); i++) {
		assert_non_null(fake_bpf_slot_object(map, slots[i].slot));
		if (slots[i].by_generation)
			assert_null(fake_bpf_slot_object(map, slots[i].slot + 1));
	}
	ebt_hooks_empty(b, b);
	assert_non_null(fake_bpf_slot_object(map, EBT_SLOT_MORE));
}

/* A text without a program leaves its slot empty. */
static void test_missing_program(void **state)
{
	int map = map_of("ebt_slots");

	(void)state;
	assert_int_equal(ebt_hooks_fill(a, &failure), 0);
	strcpy(b->progs[9].name, "none");
	assert_int_equal(ebt_hooks_fill(b, &failure), 0);
	assert_string_equal(fake_bpf_slot(map, EBT_SLOT_FORK), "");
	assert_string_equal(fake_bpf_slot(map, EBT_SLOT_EXEC), "ebt_on_exec");
	/* An empty one stays empty. */
	assert_int_equal(ebt_hooks_fill(b, &failure), 0);
	fake_bpf_refuse("delete", "ebt_slots", -EIO, 1);
	assert_int_equal(ebt_hooks_fill(b, &failure), -EIO);
	assert_string_equal(failure.text, "the program ebt_on_fork could not be put into its slot: "
					  "Input/output error");
}

static void test_slots_refused(void **state)
{
	(void)state;
	fake_bpf_refuse("update", "ebt_slots", -EINVAL, 1);
	assert_int_equal(ebt_hooks_fill(a, &failure), -EINVAL);
	assert_string_equal(failure.text, "the program ebt_on_more could not be put into its slot: "
					  "Invalid argument");
	failure.text[0] = '\0';
	strcpy(a->maps[0].name, "none");
	assert_int_equal(ebt_hooks_fill(a, &failure), -ENOENT);
	assert_string_equal(failure.text, "the text has no program array ebt_slots");
}

static void test_attach(void **state)
{
	char names[64];

	(void)state;
	ebt_hooks_names(&hooks, names, sizeof(names));
	assert_string_equal(names, "");
	assert_false(ebt_hooks_attached(&hooks));
	assert_int_equal(ebt_hooks_stub_fd(&hooks, "ebt_stub_exec"), -ENOENT);
	assert_int_equal(ebt_hooks_attach(&hooks, a, &failure), 0);
	assert_int_equal(fake_bpf_open("link", "sched_process_exec"), 1);
	assert_int_equal(fake_bpf_open("link", "sched_process_exit"), 1);
	assert_int_equal(fake_bpf_open("link", "task_rename"), 1);
	assert_int_equal(fake_bpf_open("link", "sched_process_fork"), 0);
	assert_ptr_equal(fake_bpf_object(ebt_hooks_stub_fd(&hooks, "ebt_stub_exec")),
			 object_of(a, "ebt_stub_exec"));
	assert_int_equal(ebt_hooks_stub_fd(&hooks, "ebt_stub_fork"), -ENOENT);
	assert_int_equal(ebt_hooks_stub_fd(&hooks, "ebt_on_exec"), -ENOENT);
	ebt_hooks_names(&hooks, names, sizeof(names));
	assert_string_equal(names, "exec exit rename");
	assert_true(ebt_hooks_attached(&hooks));
	/* The tree filter adds the hook on fork, once. */
	assert_int_equal(ebt_hooks_attach_tree(&hooks, a, &failure), 0);
	assert_int_equal(ebt_hooks_attach_tree(&hooks, a, &failure), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 4);
	ebt_hooks_detach_tree(&hooks);
	assert_int_equal(fake_bpf_open("link", "sched_process_fork"), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 3);
	/* A later generation is attached with the stubs that are there. */
	ebt_hooks_detach(&hooks);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	ebt_hooks_drop_stubs(&hooks, b);
	assert_int_equal(ebt_generation_prog(b, "ebt_stub_exec"), -1);
	assert_true(ebt_generation_prog(b, "ebt_on_exec") >= 0);
	assert_int_equal(ebt_hooks_attach(&hooks, b, &failure), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 3);
	assert_ptr_equal(fake_bpf_object(ebt_hooks_stub_fd(&hooks, "ebt_stub_exec")),
			 object_of(a, "ebt_stub_exec"));
}

static void test_attach_refused(void **state)
{
	(void)state;
	/* Without names of threads one can trace, without ends of processes one cannot. */
	fake_bpf_refuse("link", "task_rename", -ENOENT, 1);
	assert_int_equal(ebt_hooks_attach(&hooks, a, &failure), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 2);
	assert_int_equal(ebt_hooks_stub_fd(&hooks, "ebt_stub_rename"), -ENOENT);
	ebt_hooks_detach(&hooks);
	fake_bpf_refuse("link", "sched_process_exit", -EPERM, 1);
	assert_int_equal(ebt_hooks_attach(&hooks, a, &failure), -EPERM);
	assert_string_equal(failure.text, "cannot attach to the tracepoint sched_process_exit: "
					  "Operation not permitted");
	ebt_hooks_detach(&hooks);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
}

static void test_failed_by_fexit(void **state)
{
	(void)state;
	a->params.failed = false;
	assert_int_equal(ebt_failed_attach(&failed, &persistent, a, NULL, &failure), 0);
	assert_int_equal(failed.n_links, 0);
	assert_int_equal(ebt_failed_attach(&failed, &persistent, b, a, &failure), 0);
	assert_int_equal(failed.n_links, 3);
	assert_string_equal(ebt_failed_hook(&failed), "fexit,seccomp");
	assert_int_equal(fake_bpf_open("link", "ebt_fx_execve"), 1);
	assert_int_equal(fake_bpf_open("link", "ebt_fx_execveat"), 1);
	assert_ptr_equal(fake_bpf_slot_object(map_of("ebt_slots_fx"), 0),
			 object_of(b, "ebt_fh_execve"));
	assert_ptr_equal(fake_bpf_slot_object(map_of("ebt_slots_fxat"), 0),
			 object_of(b, "ebt_fh_execveat"));
	assert_ptr_equal(fake_bpf_slot_object(map_of("ebt_slots_sc"), 0),
			 object_of(b, "ebt_kfh___secure_computing"));
	assert_ptr_equal(fake_bpf_slot_object(map_of("ebt_slots_tp"), 0),
			 object_of(b, "ebt_tp_on_failed"));
	/* The generation keeps none of the stubs, which stay for the next. */
	assert_int_equal(ebt_generation_prog(b, "ebt_fx_execve"), -1);
	assert_int_equal(ebt_generation_prog(b, "ebt_kfx___secure_computing"), -1);
	assert_int_equal(ebt_generation_prog(b, "ebt_tp_sys_exit_execveat"), -1);
	assert_true(ebt_generation_prog(b, "ebt_fh_execve") >= 0);
	assert_int_equal(ebt_failed_attach(&failed, &persistent, b, b, &failure), 0);
	assert_int_equal(failed.n_links, 3);
	ebt_failed_detach(&failed);
	assert_int_equal(failed.n_links, 0);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
}

/* Where the kernel refuses the stub for seccomp, or its program, the failed calls are reported alone.
 * A generation without a program for a stub that is attached is refused. */
static void test_failed_without_seccomp(void **state)
{
	(void)state;
	fake_bpf_refuse("link", "ebt_kfx___secur", -ENOENT, 1);
	assert_int_equal(ebt_failed_attach(&failed, &persistent, a, NULL, &failure), 0);
	assert_string_equal(ebt_failed_hook(&failed), "fexit");
	assert_int_equal(failed.n_links, 2);
	ebt_cleanup_close(&b->prog_fds[22]);
	b->prog_fds[22] = -EINVAL; /* ebt_kfh___secure_computing */
	assert_int_equal(ebt_failed_check(&failed, b, &failure), 0);
	ebt_failed_detach(&failed);
	assert_int_equal(ebt_failed_attach(&failed, &persistent, b, NULL, &failure), 0);
	assert_string_equal(ebt_failed_hook(&failed), "fexit");
	ebt_failed_detach(&failed);
}

static void test_failed_check_seccomp(void **state)
{
	(void)state;
	assert_int_equal(ebt_failed_attach(&failed, &persistent, a, NULL, &failure), 0);
	assert_string_equal(ebt_failed_hook(&failed), "fexit,seccomp");
	ebt_cleanup_close(&b->prog_fds[22]);
	b->prog_fds[22] = -EINVAL; /* ebt_kfh___secure_computing */
	assert_int_equal(ebt_failed_check(&failed, b, &failure), -EINVAL);
	assert_non_null(strstr(failure.text, "ebt_kfh___secure_computing"));
	ebt_failed_detach(&failed);
}

/* Skipped runs are those of all stubs, also of detached ones. */
static void test_failed_misses(void **state)
{
	(void)state;
	object_of(a, "ebt_fx_execve")->info.recursion_misses = 3;
	object_of(a, "ebt_fx_execveat")->info.recursion_misses = 40;
	assert_int_equal(ebt_failed_misses(&failed), 0);
	assert_int_equal(ebt_failed_attach(&failed, &persistent, a, NULL, &failure), 0);
	assert_int_equal(ebt_failed_misses(&failed), 43);
	ebt_failed_detach(&failed);
	assert_int_equal(ebt_failed_misses(&failed), 43);
	object_of(b, "ebt_fx_execve")->info.recursion_misses = 100;
	assert_int_equal(ebt_failed_attach(&failed, &persistent, b, NULL, &failure), 0);
	assert_int_equal(ebt_failed_misses(&failed), 143);
}

/* A generation that lacks what the attached stubs jump on to is not switched to. */
static void test_failed_check(void **state)
{
	(void)state;
	ebt_cleanup_close(&b->prog_fds[15]);
	b->prog_fds[15] = -EINVAL; /* ebt_fh_execveat */
	assert_int_equal(ebt_failed_check(&failed, b, &failure), 0);
	assert_int_equal(ebt_failed_attach(&failed, &persistent, a, NULL, &failure), 0);
	assert_int_equal(ebt_failed_check(&failed, a, &failure), 0);
	assert_int_equal(ebt_failed_check(&failed, b, &failure), -EINVAL);
	assert_string_equal(failure.text, "the kernel did not take the program ebt_fh_execveat for "
					  "failed execs: Invalid argument");
	b->params.failed = false;
	assert_int_equal(ebt_failed_check(&failed, b, &failure), 0);
}

static void test_failed_fill(void **state)
{
	int map = map_of("ebt_slots_fx");

	(void)state;
	/* As long as nothing is attached, a refusal only means that there is the other way. */
	fake_bpf_refuse("update", "ebt_slots_fx", -EINVAL, 1);
	assert_int_equal(ebt_failed_fill(&failed, &persistent, a, &failure), 0);
	assert_string_equal(fake_bpf_slot(map, 0), "");
	fake_bpf_refuse("update", "ebt_slots_tp", -EINVAL, 1);
	assert_int_equal(ebt_failed_fill(&failed, &persistent, a, &failure), -EINVAL);
	assert_string_equal(failure.text, "the program ebt_tp_on_failed could not be put into its "
					  "slot: Invalid argument");
	assert_int_equal(ebt_failed_attach(&failed, &persistent, a, NULL, &failure), 0);
	assert_string_equal(fake_bpf_slot(map, 0), "ebt_fh_execve");
	fake_bpf_refuse("update", "ebt_slots_fx", -EINVAL, 1);
	assert_int_equal(ebt_failed_fill(&failed, &persistent, a, &failure), -EINVAL);
	/* A generation without the programs empties the slots. */
	strcpy(b->progs[14].name, "none");
	assert_int_equal(ebt_failed_fill(&failed, &persistent, b, &failure), 0);
	assert_string_equal(fake_bpf_slot(map, 0), "");
	assert_ptr_equal(fake_bpf_slot_object(map_of("ebt_slots_fxat"), 0),
			 object_of(b, "ebt_fh_execveat"));
}

/* The tracepoints take no program of a fake kernel: both ways are refused, the slots get the programs
 * of the running generation back, and the failure says what was tried. */
static void test_failed_refused(void **state)
{
	(void)state;
	a->params.failed = false;
	assert_int_equal(ebt_failed_fill(&failed, &persistent, a, &failure), 0);
	fake_bpf_refuse("link", "ebt_fx_execveat", -ENOTSUP, 1);
	for (size_t i = 17; i < TRACER_PROGS; i++) {
		ebt_cleanup_close(&b->prog_fds[i]);
		b->prog_fds[i] = -EPERM;
	}
	assert_int_equal(ebt_failed_attach(&failed, &persistent, b, a, &failure), -EPERM);
	assert_non_null(strstr(failure.text, "failed execs (-x) cannot be traced here"));
	assert_non_null(strstr(failure.text, "syscalls:sys_enter_execve cannot be used (Operation "
					     "not permitted)"));
	assert_int_equal(failed.n_links, 0);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	assert_ptr_equal(fake_bpf_slot_object(map_of("ebt_slots_fx"), 0),
			 object_of(a, "ebt_fh_execve"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_types),
		T(test_long_name),
		T(test_slots),
		T(test_missing_program),
		T(test_slots_refused),
		T(test_attach),
		T(test_attach_refused),
		T(test_failed_by_fexit),
		T(test_failed_without_seccomp),
		T(test_failed_check_seccomp),
		T(test_failed_misses),
		T(test_failed_check),
		T(test_failed_fill),
		T(test_failed_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
