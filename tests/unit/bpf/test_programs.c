/* SPDX-License-Identifier: BSD-3-Clause */
/* Generations of programs: prepared, switched to, counted and retired. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "bpf/inspect.h"
#include "bpf/fdinfo.h"
#include "bpf/programs.h"
#include "fake_bpf.h"
#include "image_of_tracer.h"

/* Every map takes a thousand bytes. */
uint64_t ebt_memlock_bytes(int fd)
{
	return fake_bpf_find(fd) < 0 ? 0 : 1000;
}

uint64_t ebt_prog_misses(int fd)
{
	struct fake_object *o = fake_bpf_object(fd);

	return o ? o->info.recursion_misses : 0;
}

static struct ebt_programs *programs;
static struct ebt_failure failure;
static struct ebt_image *image;

static int set_up(void **state)
{
	(void)state;
	fake_bpf_reset();
	failure = (struct ebt_failure){ 0 };
	image = tracer_image();
	return ebt_programs_new(&programs);
}

static int tear_down(void **state)
{
	(void)state;
	ebt_programs_free(&programs);
	assert_null(programs);
	ebt_buf_free(&failure.words);
	ebt_image_free(&image);
	assert_int_equal(fake_bpf_open("map", NULL), 0);
	assert_int_equal(fake_bpf_open("prog", NULL), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	fake_bpf_reset();
	return 0;
}

static int prepare(bool failed)
{
	struct ebt_params params = tracer_params();

	params.failed = failed;
	return ebt_programs_prepare(programs, image, tracer_values, &params, &failure);
}

static void start(bool failed)
{
	assert_int_equal(prepare(failed), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(ebt_programs_attach(programs, &failure), 0);
}

static void seen(uint64_t even, uint64_t odd)
{
	struct ebt_counter_pair pairs[FAKE_CPUS] = { 0 };
	uint32_t zero = 0;

	pairs[1].of[0].seen = even;
	pairs[1].of[1].seen = odd;
	assert_int_equal(bpf_map_update_elem(ebt_programs_map_fd(programs, "ebt_counters"), &zero,
					     pairs, BPF_ANY),
			 0);
}

static void test_nothing_loaded(void **state)
{
	struct ebt_cpu_counters out[FAKE_CPUS];
	struct ebt_exe_entry exe;

	(void)state;
	assert_int_equal(ebt_programs_ncpu(programs), FAKE_CPUS);
	assert_int_equal(ebt_programs_generation(programs), 0);
	assert_null(ebt_programs_params(programs));
	assert_null(ebt_programs_current(programs));
	assert_null(ebt_programs_perf(programs));
	assert_int_equal(ebt_programs_ring_fd(programs), -ENOENT);
	assert_int_equal(ebt_programs_map_fd(programs, "ebt_ring"), -ENOENT);
	assert_int_equal(ebt_programs_prog_fd(programs, "ebt_on_exec"), -ENOENT);
	assert_int_equal(ebt_programs_stub_fd(programs, "ebt_stub_exec"), -ENOENT);
	assert_int_equal(ebt_programs_switch(programs, &failure), -EINVAL);
	assert_int_equal(ebt_programs_counters(programs, out), -ENOENT);
	assert_int_equal(ebt_programs_counters_old(programs, out), -ENOENT);
	assert_int_equal(ebt_programs_counters_current(programs, out), -EBUSY);
	assert_int_equal(ebt_programs_exe_counts(programs, &exe, 1), 0);
	assert_int_equal(ebt_programs_recursion_misses(programs), 0);
	assert_int_equal(ebt_programs_map_bytes(programs), 0);
	ebt_programs_retire(programs);
	assert_false(ebt_inspect_same(programs, image));
}

static void test_start(void **state)
{
	(void)state;
	assert_int_equal(prepare(false), 0);
	/* What is prepared does not count yet. */
	assert_int_equal(ebt_programs_generation(programs), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(ebt_programs_generation(programs), 1);
	assert_int_equal(ebt_programs_params(programs)->scratch_bytes, TRACER_SCRATCH);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	assert_int_equal(ebt_programs_attach(programs, &failure), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 3);
	assert_string_equal(fake_bpf_object(ebt_programs_ring_fd(programs))->name, "ebt_ring");
	assert_string_equal(fake_bpf_object(ebt_programs_prog_fd(programs, "ebt_on_exec"))->name,
			    "ebt_on_exec");
	assert_string_equal(fake_bpf_object(ebt_programs_stub_fd(programs, "ebt_stub_exit"))->name,
			    "ebt_stub_exit");
	ebt_programs_detach(programs);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
}

static void test_switch(void **state)
{
	int slots;

	(void)state;
	start(false);
	slots = ebt_programs_map_fd(programs, "ebt_slots");
	assert_string_equal(fake_bpf_slot(slots, EBT_SLOT_WALK + 1), "ebt_on_walk");
	assert_int_equal(prepare(false), 0);
	assert_int_equal(fake_bpf_open("map", "ebt_ring"), 2);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(ebt_programs_generation(programs), 2);
	assert_string_equal(fake_bpf_slot(slots, EBT_SLOT_WALK), "ebt_on_walk");
	assert_string_equal(fake_bpf_slot(slots, EBT_SLOT_WALK + 1), "ebt_on_walk");
	/* The first generation's stubs are attached still; there is one of each. */
	assert_int_equal(fake_bpf_open("link", NULL), 3);
	assert_true(ebt_programs_settle(programs, 0));
	ebt_programs_retire(programs);
	assert_string_equal(fake_bpf_slot(slots, EBT_SLOT_WALK + 1), "");
	assert_int_equal(fake_bpf_open("map", "ebt_ring"), 1);
	assert_int_equal(fake_bpf_open("prog", "ebt_on_exec"), 1);
	assert_int_equal(fake_bpf_open("prog", "ebt_stub_exec"), 1);
}

static void test_discard(void **state)
{
	(void)state;
	start(false);
	assert_int_equal(prepare(false), 0);
	ebt_programs_discard(programs);
	assert_int_equal(fake_bpf_open("map", "ebt_ring"), 1);
	assert_int_equal(ebt_programs_switch(programs, &failure), -EINVAL);
	/* The number was not used up. */
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(ebt_programs_generation(programs), 2);
}

static void test_switch_refused(void **state)
{
	(void)state;
	start(false);
	assert_int_equal(prepare(false), 0);
	fake_bpf_refuse("update", "ebt_slots", -EIO, 1);
	assert_int_equal(ebt_programs_switch(programs, &failure), -EIO);
	assert_int_equal(ebt_programs_generation(programs), 1);
	fake_bpf_refuse("prog", "ebt_on_exec", -EINVAL, 3);
	failure.text[0] = '\0';
	assert_int_equal(prepare(false), -EINVAL);
	assert_int_equal(ebt_programs_generation(programs), 1);
}

static void test_attach_refused(void **state)
{
	(void)state;
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	fake_bpf_refuse("link", "sched_process_exit", -EPERM, 1);
	assert_int_equal(ebt_programs_attach(programs, &failure), -EPERM);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	assert_int_equal(ebt_programs_attach(programs, &failure), 0);
}

/* The memory of all generations; maps that outlive them count once. */
static void test_map_bytes(void **state)
{
	(void)state;
	start(false);
	assert_int_equal(ebt_programs_map_bytes(programs), 1000 * TRACER_MAPS);
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_map_bytes(programs), 1000 * (TRACER_MAPS + TRACER_OWN));
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(ebt_programs_map_bytes(programs), 1000 * (TRACER_MAPS + TRACER_OWN));
	ebt_programs_retire(programs);
	assert_int_equal(ebt_programs_map_bytes(programs), 1000 * TRACER_MAPS);
}

static void test_cpus(void **state)
{
	struct ebt_programs *none = NULL;

	(void)state;
	fake_bpf.cpus = -EIO;
	assert_int_equal(ebt_programs_new(&none), -EIO);
	assert_null(none);
	fake_bpf.cpus = 0;
}

/* -x on and off while it runs. */
static void test_failed_execs(void **state)
{
	char names[64];

	(void)state;
	start(false);
	assert_int_equal(prepare(true), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(fake_bpf_open("link", "ebt_fx_execve"), 1);
	ebt_programs_hooks(programs, names, sizeof(names));
	assert_string_equal(names, "exec exit rename failed:fexit,seccomp");
	fake_bpf.objects[fake_bpf_find(ebt_programs_stub_fd(programs, "ebt_stub_exec"))]
		.info.recursion_misses = 4;
	assert_int_equal(ebt_programs_recursion_misses(programs), 4);
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(fake_bpf_open("link", "ebt_fx_execve"), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 3);
}

/* A generation is at rest when no CPU's scratch slot is marked busy. */
static void test_busy(void **state)
{
	unsigned char values[FAKE_CPUS][TRACER_SCRATCH] = { 0 };
	struct ebt_cpu_counters out[FAKE_CPUS];
	uint32_t slot = EBT_SCRATCH_SLOTS - 1, busy = 1;
	int scratch;

	(void)state;
	start(false);
	scratch = ebt_programs_map_fd(programs, "ebt_scratch");
	memcpy(values[FAKE_CPUS - 1], &busy, sizeof(busy));
	assert_int_equal(bpf_map_update_elem(scratch, &slot, values, BPF_ANY), 0);
	assert_false(ebt_programs_quiesce(programs, 0));
	assert_int_equal(ebt_programs_counters_current(programs, out), -EBUSY);
	/* Only the old generation matters to a switch. */
	assert_true(ebt_programs_settle(programs, 0));
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_false(ebt_programs_settle(programs, 0));
	assert_false(ebt_programs_quiesce(programs, 0));
	memset(values, 0, sizeof(values));
	assert_int_equal(bpf_map_update_elem(scratch, &slot, values, BPF_ANY), 0);
	assert_true(ebt_programs_settle(programs, 0));
	assert_true(ebt_programs_quiesce(programs, 0));
	assert_int_equal(ebt_programs_counters_current(programs, out), 0);
}

static void test_counters(void **state)
{
	struct ebt_cpu_counters out[FAKE_CPUS];

	(void)state;
	start(false);
	seen(0, 10);
	assert_int_equal(ebt_programs_counters_old(programs, out), -ENOENT);
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	seen(3, 11);
	assert_int_equal(ebt_programs_counters(programs, out), 0);
	assert_int_equal(out[1].seen, 14);
	assert_int_equal(ebt_programs_counters_old(programs, out), 0);
	assert_int_equal(out[1].seen, 11);
	ebt_programs_retire(programs);
	assert_int_equal(ebt_programs_counters_old(programs, out), -ENOENT);
	/* The third generation counts where the first did, from there on. */
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	seen(3, 31);
	assert_true(ebt_programs_quiesce(programs, 0));
	assert_int_equal(ebt_programs_counters_current(programs, out), 0);
	assert_int_equal(out[1].seen, 20);
	assert_int_equal(ebt_programs_counters_old(programs, out), 0);
	assert_int_equal(out[1].seen, 3);
}

static void test_exe_counts(void **state)
{
	struct ebt_exe_key key = { .ino = 5 };
	struct ebt_exe_count count = { .execs = 9 };
	struct ebt_exe_entry out[3];
	int map;

	(void)state;
	start(false);
	map = ebt_programs_map_fd(programs, "ebt_exe_counts");
	/* The count of those that find no room is there from the beginning. */
	assert_int_equal(ebt_programs_exe_counts(programs, out, 3), 1);
	assert_int_equal(out[0].key.ino, 0);
	assert_int_equal(out[0].count.execs, 0);
	assert_int_equal(bpf_map_update_elem(map, &key, &count, BPF_ANY), 0);
	assert_int_equal(ebt_programs_exe_counts(programs, out, 3), 2);
	assert_int_equal(out[1].key.ino, 5);
	assert_int_equal(out[1].count.execs, 9);
	assert_int_equal(ebt_programs_exe_counts(programs, out, 1), 1);
	assert_int_equal(ebt_programs_exe_counts(programs, out, 0), 0);
	/* A switch keeps it. */
	key.ino = 0;
	count.execs = 2;
	assert_int_equal(bpf_map_update_elem(map, &key, &count, BPF_ANY), 0);
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(ebt_programs_exe_counts(programs, out, 1), 1);
	assert_int_equal(out[0].count.execs, 2);
}

static void test_filters(void **state)
{
	struct ebt_filter_set set = { .config = { .filter = EBT_FILTER_UID, .uid = 3 } };
	uint32_t zero = 0;
	struct ebt_config head;

	(void)state;
	assert_int_equal(prepare(false), 0);
	assert_int_equal(ebt_programs_switch(programs, &failure), 0);
	assert_int_equal(ebt_programs_set_filters(programs, &set, &failure), 0);
	assert_int_equal(
		bpf_map_lookup_elem(ebt_programs_map_fd(programs, "ebt_config"), &zero, &head), 0);
	assert_int_equal(head.active, 1);
}

static void inspect(uint32_t i, struct ebt_inspection *out)
{
	assert_int_equal(ebt_inspect(programs, image, tracer_values, i, out), 0);
}

static void test_inspect(void **state)
{
	static const unsigned char code[] = "twelve bytes";
	struct ebt_inspection in;
	const struct ebt_native_map *map;

	(void)state;
	assert_int_equal(ebt_inspect(programs, image, tracer_values, 10, &in), -ENOENT);
	ebt_inspection_free(&in);
	start(false);
	assert_true(ebt_inspect_same(programs, image));
	fake_bpf.log = "verification time 40 usec\nstack depth 96\nprocessed 70 insns";
	fake_bpf.code = code;
	fake_bpf.code_bytes = sizeof(code) - 1;
	fake_bpf_object(ebt_programs_prog_fd(programs, "ebt_on_exec"))->info.run_cnt = 5;
	inspect(10, &in);
	assert_string_equal(in.name, "ebt_on_exec");
	assert_int_equal(in.verified_insns, 70);
	assert_int_equal(in.verify_us, 40);
	assert_int_equal(in.stack_bytes, 96);
	assert_int_equal(in.run_cnt, 5);
	assert_int_equal(in.xlated_bytes, TRACER_INSNS * sizeof(struct bpf_insn));
	assert_int_equal(in.jited_bytes, 12);
	assert_int_equal(in.native.len, 12);
	assert_memory_equal(in.native.data, code, 12);
	/* The load is instruction 0, the exit instruction 2. */
	assert_int_equal(in.map.len, 2 * sizeof(*map));
	map = (const struct ebt_native_map *)in.map.data;
	assert_int_equal(map[0].offset, 0);
	assert_int_equal(map[0].insn, 0);
	assert_int_equal(map[1].offset, 8);
	assert_int_equal(map[1].insn, 2);
	/* The program that was loaded for that is gone. */
	assert_int_equal(fake_bpf_open("prog", "ebt_on_exec"), 1);
	fake_bpf_object(ebt_programs_prog_fd(programs, "ebt_on_exec"))->info.run_cnt = 6;
	fake_bpf_object(ebt_programs_prog_fd(programs, "ebt_on_exec"))->info.run_time_ns = 600;
	ebt_inspect_counts(programs, &in);
	assert_int_equal(in.run_cnt, 6);
	assert_int_equal(in.run_ns, 600);
	ebt_inspection_free(&in);
	/* Where the code that runs is another, that of the program with lines is shown. */
	fake_bpf.lined_bytes = 6;
	inspect(10, &in);
	assert_int_equal(in.jited_bytes, 12);
	assert_int_equal(in.native.len, 6);
	ebt_inspection_free(&in);
	fake_bpf.lined_bytes = 0;
	/* Addresses behind the code belong to no line of it. */
	fake_bpf.code_bytes = 8;
	inspect(10, &in);
	assert_int_equal(in.map.len, sizeof(*map));
	ebt_inspection_free(&in);
	image->insns[0].imm++;
	assert_false(ebt_inspect_same(programs, image));
}

static void test_inspect_without_code(void **state)
{
	struct ebt_inspection in;

	(void)state;
	start(false);
	inspect(0, &in);
	assert_string_equal(in.name, "ebt_stub_exec");
	assert_int_equal(in.native.len, 0);
	assert_non_null(strstr(in.why_native, "its JIT compiler is off"));
	ebt_inspection_free(&in);
	fake_bpf.code = (const unsigned char *)"code";
	fake_bpf.code_bytes = 4;
	fake_bpf.hides_code = true;
	inspect(0, &in);
	assert_int_equal(in.native.len, 0);
	assert_int_equal(in.map.len, 0);
	assert_non_null(strstr(in.why_native, "does not show native code"));
	ebt_inspection_free(&in);
	/* Without a second load there is code, and no lines. */
	fake_bpf.hides_code = false;
	fake_bpf_refuse("prog", "ebt_stub_exec", -EPERM, 1);
	inspect(0, &in);
	assert_int_equal(in.native.len, 4);
	assert_int_equal(in.map.len, 0);
	ebt_inspection_free(&in);
	/* Without type information it is loaded without lines. */
	fake_bpf_refuse("load_btf", NULL, -EPERM, 1);
	fake_bpf.log = "processed 9 insns";
	inspect(0, &in);
	assert_int_equal(in.verified_insns, 9);
	assert_int_equal(in.map.len, 0);
	ebt_inspection_free(&in);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_nothing_loaded), T(test_start),		T(test_switch),
		T(test_discard),	T(test_switch_refused), T(test_attach_refused),
		T(test_map_bytes),	T(test_cpus),		T(test_failed_execs),
		T(test_busy),		T(test_counters),	T(test_exe_counts),
		T(test_filters),	T(test_inspect),	T(test_inspect_without_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
