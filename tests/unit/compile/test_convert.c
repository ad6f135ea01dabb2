/* SPDX-License-Identifier: BSD-3-Clause */
/* A module of libbcc as an image, and what its maps are in place of those of a kernel. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "compile/convert.h"
#include "ebt_members.h"
#include "fake_libbcc.h"

static int set_up(void **state)
{
	(void)state;
	fake_module_fill();
	return 0;
}

static struct ebt_image *convert(void)
{
	_cleanup_buf_ struct ebt_buf file = { 0 };
	struct ebt_image *im = NULL;
	const char *why = "";

	assert_int_equal(ebt_convert_module(&fake_module, &file), 0);
	if (ebt_image_parse(&im, file.data, file.len, &why))
		fail_msg("%s", why);
	return im;
}

static int refused(void)
{
	_cleanup_buf_ struct ebt_buf file = { 0 };
	int err = ebt_convert_module(&fake_module, &file);

	assert_int_equal(file.len, 0);
	return err;
}

static void test_maps(void **state)
{
	_cleanup_image_ struct ebt_image *im = convert();

	(void)state;
	assert_int_equal(im->n_maps, 2);
	assert_string_equal(im->maps[0].name, "numbers");
	assert_int_equal(im->maps[0].type, BPF_MAP_TYPE_HASH);
	assert_int_equal(im->maps[0].key_size, 4);
	assert_int_equal(im->maps[0].value_size, 8);
	assert_int_equal(im->maps[0].max_entries, 16);
	assert_int_equal(im->maps[0].flags, 3);
	assert_string_equal(im->maps[1].name, "ring");
	/* The numbers of descriptors have become indices. */
	assert_int_equal(im->insns[0].imm, 1);
	assert_int_equal(im->insns[2].imm, 0);
	assert_int_equal(im->n_relocs, 0);
}

static void test_progs(void **state)
{
	_cleanup_image_ struct ebt_image *im = convert();

	(void)state;
	assert_int_equal(im->n_progs, 2);
	assert_int_equal(im->n_insns, 6);
	assert_string_equal(im->progs[0].name, "one");
	assert_int_equal(im->progs[0].first, 0);
	assert_int_equal(im->progs[0].count, 5);
	assert_string_equal(im->progs[1].name, "two");
	assert_int_equal(im->progs[1].first, 5);
	assert_int_equal(im->progs[1].count, 1);
	assert_int_equal(im->insns[5].code, BPF_JMP | BPF_EXIT);
}

static void test_members(void **state)
{
	_cleanup_image_ struct ebt_image *im = convert();

	(void)state;
	assert_int_equal(im->n_members, EBT_M_MAX);
	assert_string_equal(im->members[0].path, "task_struct.mm");
	assert_string_equal(im->members[1].path, "task_struct.pid");
}

static void load_immediate(struct bpf_insn *insn, uint64_t value)
{
	insn[0].src_reg = 0;
	insn[0].imm = (int32_t)value;
	insn[1].imm = (int32_t)(value >> 32);
}

static void test_relocations(void **state)
{
	struct fake_function *f = fake_module.functions;
	_cleanup_image_ struct ebt_image *im = NULL;

	(void)state;
	load_immediate(&f[0].insns[2], EBT_RELOC_MAGIC | 7);
	f[1].insns[0] = (struct bpf_insn){ .code = BPF_JMP | BPF_CALL,
					   .imm = (int32_t)(EBT_CALL_MAGIC | 3) };
	f[1].insns[1] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	f[1].count = 2;
	im = convert();
	assert_int_equal(im->n_relocs, 2);
	assert_int_equal(im->relocs[0].insn, 2);
	assert_int_equal(im->relocs[0].member, 7);
	assert_int_equal(im->relocs[1].insn, 5);
	assert_int_equal(im->relocs[1].member, 3);
	/* Any other number stays a number. */
	load_immediate(&f[0].insns[2], 7);
	ebt_image_free(&im);
	im = convert();
	assert_int_equal(im->n_relocs, 1);
	assert_int_equal(im->insns[2].imm, 7);
	/* A member that the table does not have. */
	load_immediate(&f[0].insns[2], EBT_RELOC_MAGIC | EBT_M_MAX);
	assert_int_equal(refused(), -ENOENT);
	load_immediate(&f[0].insns[2], 7);
	f[1].insns[0].imm = (int32_t)(EBT_CALL_MAGIC | EBT_M_MAX);
	assert_int_equal(refused(), -ENOENT);
}

static void test_unknown_map(void **state)
{
	(void)state;
	fake_module.functions[0].insns[2].imm = 51;
	assert_int_equal(refused(), -ENOENT);
}

static void test_names(void **state)
{
	static const char fits[] = "abcdefghijklmnopqrstuvwxyz01234";
	static const char too_long[] = "abcdefghijklmnopqrstuvwxyz012345";
	_cleanup_image_ struct ebt_image *im = NULL;

	(void)state;
	assert_int_equal(strlen(too_long), EBT_IMAGE_NAME_LEN);
	fake_module.tables[1].name = fake_module.functions[1].name = fits;
	im = convert();
	assert_string_equal(im->maps[1].name, fits);
	assert_string_equal(im->progs[1].name, fits);
	fake_module.tables[1].name = too_long;
	assert_int_equal(refused(), -ENAMETOOLONG);
	fake_module.tables[1].name = "";
	assert_int_equal(refused(), -ENAMETOOLONG);
	fake_module.tables[1].name = "ring";
	fake_module.functions[1].name = too_long;
	assert_int_equal(refused(), -ENAMETOOLONG);
}

/* More than a reader takes is not written. */
static void test_bounds(void **state)
{
	(void)state;
	fake_module.n_tables = EBT_IMAGE_MAX_MAPS + 1;
	assert_int_equal(refused(), -E2BIG);
	fake_module.n_tables = 2;
	fake_module.n_functions = EBT_IMAGE_MAX_PROGS + 1;
	assert_int_equal(refused(), -E2BIG);
	fake_module.n_functions = 2;
	fake_module.functions[1].count = 0;
	assert_int_equal(refused(), -E2BIG);
}

/* libbcc creates maps while it compiles: each gets a memory file, without privileges. */
static void test_maps_are_files(void **state)
{
	int a = bpf_map_create(BPF_MAP_TYPE_HASH, "a", 4, 4, 1, NULL);
	int b = bpf_map_create(BPF_MAP_TYPE_HASH, NULL, 4, 4, 1, NULL);
	struct stat st;

	(void)state;
	assert_true(a >= 0 && b >= 0 && a != b);
	assert_int_equal(fstat(a, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	close(a);
	close(b);
}

/* libbcc takes every function that it asks for as there, and no table of symbols is read. */
static void test_symbols(void **state)
{
	void *cache = bcc_symcache_new(-1, NULL);
	uint64_t address = 0;

	(void)state;
	assert_non_null(cache);
	assert_int_equal(bcc_symcache_resolve_name(cache, NULL, "bpf_probe_read_kernel", &address),
			 0);
	assert_true(address != 0);
	bcc_free_symcache(cache, -1);
}

#define T(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_maps),	     T(test_progs),	     T(test_members),
		T(test_relocations), T(test_unknown_map),    T(test_names),
		T(test_bounds),	     T(test_maps_are_files), T(test_symbols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
