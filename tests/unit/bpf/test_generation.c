/* SPDX-License-Identifier: BSD-3-Clause */
/* Maps and programs of a generation, the values that its instructions get, and what the kernel may
 * refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "bpf/generation.h"
#include "fake_bpf.h"
#include "image_of_tracer.h"

static struct ebt_persistent persistent;
static struct ebt_failure failure;
static struct ebt_image *image;

static int set_up(void **state)
{
	(void)state;
	fake_bpf_reset();
	persistent = (struct ebt_persistent){ 0 };
	failure = (struct ebt_failure){ 0 };
	image = tracer_image();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (unsigned i = 0; i < persistent.n; i++)
		close(persistent.fds[i]);
	ebt_buf_free(&failure.words);
	ebt_image_free(&image);
	/* Nothing may be left open. */
	assert_int_equal(fake_bpf_open("map", NULL), 0);
	assert_int_equal(fake_bpf_open("prog", NULL), 0);
	fake_bpf_reset();
	return 0;
}

static int load(struct ebt_generation **out, uint32_t number)
{
	struct ebt_params params = tracer_params();

	return ebt_generation_new(out, &persistent, image, tracer_values, &params, number,
				  &failure);
}

static int64_t wide(const struct bpf_insn *insn)
{
	return (int64_t)((uint64_t)(uint32_t)insn[0].imm | (uint64_t)(uint32_t)insn[1].imm << 32);
}

static const struct bpf_insn *insns_of(const struct ebt_generation *g, const char *prog)
{
	struct fake_object *o = fake_bpf_object(ebt_generation_prog(g, prog));

	assert_non_null(o);
	assert_int_equal(o->n_insns, TRACER_INSNS);
	return o->insns;
}

static void test_values(void **state)
{
	struct ebt_generation *g = NULL;

	(void)state;
	assert_int_equal(load(&g, 7), 0);
	assert_int_equal(wide(insns_of(g, tracer_progs[0])), TRACER_OFFSET);
	assert_true((uint64_t)wide(insns_of(g, tracer_progs[1])) == EBT_MISSING);
	assert_int_equal(wide(insns_of(g, tracer_progs[2])), 7);
	assert_int_equal(wide(insns_of(g, tracer_progs[3])), 1);
	assert_int_equal(wide(insns_of(g, tracer_progs[4])), 1);
	assert_int_equal(insns_of(g, tracer_progs[5])[0].imm, ebt_generation_map(g, "ebt_scratch"));
	assert_int_equal(g->checksum, ebt_insns_checksum(image));
	assert_false(g->untyped);
	ebt_generation_free(&g);
	assert_null(g);
}

/* A call that waits for a kernel function gets its number, or stays if the kernel has none. */
static void test_calls(void **state)
{
	const struct bpf_insn call = { .code = BPF_JMP | BPF_CALL, .imm = 17 };
	struct ebt_generation *g = NULL;

	(void)state;
	image->insns[0] = image->insns[TRACER_INSNS] = call;
	assert_int_equal(load(&g, 1), 0);
	assert_int_equal(insns_of(g, tracer_progs[0])[0].src_reg, BPF_PSEUDO_KFUNC_CALL);
	assert_int_equal(insns_of(g, tracer_progs[0])[0].imm, TRACER_OFFSET);
	assert_int_equal(insns_of(g, tracer_progs[1])[0].src_reg, 0);
	assert_int_equal(insns_of(g, tracer_progs[1])[0].imm, 17);
	ebt_generation_free(&g);
}

static void test_maps_outlive_generations(void **state)
{
	struct ebt_generation *a = NULL, *b = NULL;

	(void)state;
	assert_int_equal(load(&a, 1), 0);
	assert_int_equal(load(&b, 2), 0);
	for (uint32_t i = 0; i < TRACER_MAPS; i++) {
		const char *name = tracer_maps[i].name;
		bool own = i >= TRACER_MAPS - TRACER_OWN;

		assert_int_equal(ebt_map_is_persistent(name), !own);
		assert_int_equal(ebt_generation_map(a, name) != ebt_generation_map(b, name), own);
	}
	assert_int_equal(persistent.n, TRACER_MAPS - TRACER_OWN);
	assert_int_equal(fake_bpf_open("map", NULL), TRACER_MAPS + TRACER_OWN);
	ebt_generation_free(&a);
	assert_int_equal(fake_bpf_open("map", "ebt_scratch"), 1);
	assert_int_equal(fake_bpf_open("prog", NULL), TRACER_PROGS);
	ebt_generation_drop(b, "ebt_stub_exec");
	assert_int_equal(ebt_generation_prog(b, "ebt_stub_exec"), -1);
	assert_int_equal(fake_bpf_open("prog", "ebt_stub_exec"), 0);
	assert_int_equal(ebt_generation_prog(b, "none"), -ENOENT);
	assert_int_equal(ebt_generation_map(b, "none"), -ENOENT);
	ebt_generation_free(&b);
	assert_int_equal(fake_bpf_open("map", NULL), TRACER_MAPS - TRACER_OWN);
}

/* A map that stays must keep its shape. */
static void test_other_shape(void **state)
{
	static const char words[] = "the new text declares the map ebt_config in another shape";
	struct ebt_generation *g = NULL, *other = NULL;

	(void)state;
	assert_int_equal(load(&g, 1), 0);
	for (int i = 0; i < 5; i++) {
		struct ebt_map_spec *spec = &image->maps[2];
		uint32_t *members[] = { &spec->type, &spec->key_size, &spec->value_size,
					&spec->max_entries, &spec->flags };
		uint32_t before = *members[i];

		failure.text[0] = '\0';
		*members[i] = before + 1;
		assert_int_equal(load(&other, 2), -EINVAL);
		assert_null(other);
		assert_string_equal(failure.text, words);
		*members[i] = before;
	}
	assert_int_equal(load(&other, 2), 0);
	ebt_generation_free(&g);
	ebt_generation_free(&other);
}

static void test_map_refused(void **state)
{
	struct ebt_generation *g = NULL;

	(void)state;
	/* The first refusal may be that of the limit of locked memory, which is then raised. */
	fake_bpf_refuse("map", "ebt_scratch", -EPERM, 1);
	assert_int_equal(load(&g, 1), 0);
	ebt_generation_free(&g);
	fake_bpf_refuse("map", "ebt_scratch", -EPERM, 2);
	assert_int_equal(load(&g, 2), -EPERM);
	assert_null(g);
	assert_string_equal(failure.text,
			    "the kernel did not make the map ebt_scratch (2 entries of "
			    "512 bytes): Operation not permitted");
	failure.text[0] = '\0';
	fake_bpf_refuse("map", "ebt_ring", -ENOMEM, 1);
	assert_int_equal(load(&g, 2), -ENOMEM);
	assert_string_equal(failure.text, "the kernel did not make the map ebt_ring (65536 entries "
					  "of 0 bytes): Cannot allocate memory");
}

/* An array of perf events has an entry for each CPU of this machine. */
static void test_perf_array(void **state)
{
	struct ebt_generation *g = NULL;

	(void)state;
	image->maps[TRACER_MAPS - 1].type = BPF_MAP_TYPE_PERF_EVENT_ARRAY;
	assert_int_equal(load(&g, 1), 0);
	assert_int_equal(fake_bpf_object(ebt_generation_map(g, "ebt_ring"))->max_entries,
			 FAKE_CPUS);
	assert_int_equal(fake_bpf_object(ebt_generation_map(g, "ebt_scratch"))->max_entries,
			 EBT_SCRATCH_SLOTS);
	ebt_generation_free(&g);
}

/* What the verifier refuses with typed pointers is loaded with numbers, then and from then on. */
static void test_untyped(void **state)
{
	struct ebt_generation *g = NULL;

	(void)state;
	fake_bpf_refuse("prog", "ebt_on_exec", -EACCES, 1);
	assert_int_equal(load(&g, 1), 0);
	assert_true(g->untyped);
	assert_true(persistent.untyped);
	assert_int_equal(wide(insns_of(g, tracer_progs[4])), 0);
	assert_int_equal(fake_bpf_open("prog", NULL), TRACER_PROGS);
	ebt_generation_free(&g);
	assert_int_equal(load(&g, 2), 0);
	assert_true(g->untyped);
	ebt_generation_free(&g);
}

/* A text that is refused either way leaves nothing, and says why. */
static void test_refused(void **state)
{
	struct ebt_generation *g = NULL;

	(void)state;
	fake_bpf.log = "R1 invalid mem access\nprocessed 7 insns";
	fake_bpf_refuse("prog", "ebt_on_exec", -EACCES, 3);
	assert_int_equal(load(&g, 1), -EACCES);
	assert_null(g);
	assert_false(persistent.untyped);
	assert_string_equal(
		failure.text,
		"the kernel's verifier refused the program ebt_on_exec: Permission denied");
	assert_true(failure.is_log);
	assert_string_equal(failure.words.data, fake_bpf.log);
	assert_int_equal(fake_bpf_open("prog", NULL), 0);
	assert_int_equal(fake_bpf_open("map", "ebt_ring"), 0);
}

/* The programs that the kernel may do without are refused one by one. */
static void test_optional(void **state)
{
	struct ebt_generation *g = NULL;

	(void)state;
	fake_bpf_refuse("prog", "ebt_fx_execve", -ENOTSUP, 1);
	assert_int_equal(load(&g, 1), 0);
	assert_false(g->untyped);
	assert_int_equal(ebt_generation_prog(g, "ebt_fx_execve"), -ENOTSUP);
	assert_true(ebt_generation_prog(g, "ebt_fx_execveat") >= 0);
	ebt_generation_free(&g);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_values),	     T(test_calls),	  T(test_maps_outlive_generations),
		T(test_other_shape), T(test_map_refused), T(test_perf_array),
		T(test_untyped),     T(test_refused),	  T(test_optional),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
