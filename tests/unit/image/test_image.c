/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "image_test.h"

static struct ebt_buf written(struct ebt_image *im)
{
	struct ebt_buf file = { 0 };

	assert_int_equal(ebt_image_write(im, &file), 0);
	return file;
}

static void test_round_trip(void **state)
{
	_cleanup_image_ struct ebt_image *im = image_test_new(), *back = NULL;
	_cleanup_buf_ struct ebt_buf file = written(im), again = { 0 };
	const char *why;

	(void)state;
	assert_int_equal(ebt_image_parse(&back, file.data, file.len, &why), 0);
	assert_int_equal(ebt_image_find_prog(back, "two"), 1);
	assert_int_equal(ebt_image_find_map(back, "second"), 1);
	assert_int_equal(ebt_image_find_map(back, "third"), -ENOENT);
	assert_int_equal(back->key_len, strlen(IMAGE_TEST_KEY));
	assert_int_equal(ebt_image_write(back, &again), 0);
	assert_int_equal(again.len, file.len);
	assert_memory_equal(again.data, file.data, file.len);
}

/* No bit of a file can change, and no byte be missing, without its being refused. */
static void test_damage(void **state)
{
	_cleanup_image_ struct ebt_image *im = image_test_new();
	_cleanup_buf_ struct ebt_buf file = written(im);
	const char *why;

	(void)state;
	for (size_t i = 0; i < file.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct ebt_image *back = NULL;

			file.data[i] ^= (char)(1 << bit);
			assert_int_equal(ebt_image_parse(&back, file.data, file.len, &why),
					 -EBADMSG);
			assert_null(back);
			assert_non_null(why);
			file.data[i] ^= (char)(1 << bit);
		}
	}
	for (size_t len = 0; len < file.len; len++) {
		struct ebt_image *back = NULL;

		assert_int_equal(ebt_image_parse(&back, file.data, len, &why), -EBADMSG);
	}
}

/* Files with a right checksum and wrong contents: what a careless writer, or an attacker, would
 * make. */
static void refused(void (*spoil)(struct ebt_image *im))
{
	_cleanup_image_ struct ebt_image *im = image_test_new(), *back = NULL;
	_cleanup_buf_ struct ebt_buf file = { 0 };
	const char *why;

	spoil(im);
	file = written(im);
	assert_int_equal(ebt_image_parse(&back, file.data, file.len, &why), -EBADMSG);
	assert_non_null(why);
}

static void map_out_of_range(struct ebt_image *im)
{
	im->insns[0].imm = 2;
}
static void negative_map(struct ebt_image *im)
{
	im->insns[0].imm = -1;
}
static void program_too_long(struct ebt_image *im)
{
	im->progs[1].count = 4;
}
static void program_wraps(struct ebt_image *im)
{
	im->progs[1].first = 0xfffffffe;
}
static void reloc_elsewhere(struct ebt_image *im)
{
	im->relocs[0].insn = 2;
}
static void reloc_at_end(struct ebt_image *im)
{
	im->relocs[0].insn = 0xffffffff;
}
static void reloc_of_nothing(struct ebt_image *im)
{
	im->relocs[0].member = 1;
}
static void nameless(struct ebt_image *im)
{
	im->progs[0].name[0] = '\0';
}
static void unending_name(struct ebt_image *im)
{
	memset(im->maps[0].name, 'a', EBT_IMAGE_NAME_LEN);
}
static void control_name(struct ebt_image *im)
{
	im->maps[0].name[1] = '\033';
}
static void cut_load(struct ebt_image *im)
{
	im->insns[5] = im->insns[3];
}

/* What a reader takes ends at these sizes. */
static void taken(void (*change)(struct ebt_image *im))
{
	_cleanup_image_ struct ebt_image *im = image_test_new(), *back = NULL;
	_cleanup_buf_ struct ebt_buf file = { 0 };
	const char *why = "";

	change(im);
	file = written(im);
	assert_int_equal(ebt_image_parse(&back, file.data, file.len, &why), 0);
}

static void largest_map(struct ebt_image *im)
{
	im->maps[0].key_size = 512;
	im->maps[0].value_size = 4u << 20;
}
static void too_large_key(struct ebt_image *im)
{
	im->maps[0].key_size = 513;
}
static void too_large_value(struct ebt_image *im)
{
	im->maps[0].value_size = (4u << 20) + 1;
}
static void longest_name(struct ebt_image *im)
{
	memset(im->maps[0].name, '~', EBT_IMAGE_NAME_LEN - 1);
	im->maps[0].name[0] = ' ';
}
static void empty_program(struct ebt_image *im)
{
	im->progs[0].count = 0;
}
static void last_reloc(struct ebt_image *im)
{
	im->progs[1].count = 2;
	im->progs[1].first = 4;
	im->relocs[0].insn = 4;
	im->insns[4] = im->insns[3];
	im->insns[3].code = im->insns[5].code = 0;
}
static void call_reloc(struct ebt_image *im)
{
	im->insns[2].code = BPF_JMP | BPF_CALL;
	im->relocs[0].insn = 2;
}
static void del_name(struct ebt_image *im)
{
	im->progs[0].name[1] = '\177';
}

static void test_bounds(void **state)
{
	(void)state;
	taken(largest_map);
	refused(too_large_key);
	refused(too_large_value);
	taken(longest_name);
	refused(del_name);
	refused(empty_program);
	taken(last_reloc);
	taken(call_reloc);
}

static void test_nonsense(void **state)
{
	(void)state;
	refused(map_out_of_range);
	refused(negative_map);
	refused(program_too_long);
	refused(program_wraps);
	refused(reloc_elsewhere);
	refused(reloc_at_end);
	refused(reloc_of_nothing);
	refused(nameless);
	refused(unending_name);
	refused(control_name);
	refused(cut_load);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
