/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "ebt_members.h"
#include "lab/blob.h"
#include "lab/lab.h"

static const char text[] = "#line 1 \"a.h\"\n"
			   "first of a\n"
			   "second of a\n"
			   "#line 1 \"b.c\"\n"
			   "\tone of b\n"
			   "\ttwo of b\n"
			   "#line 1 \"c.c\"\n"
			   "not used\n";
static const char lines[] = "prog ebt_one\n0 2 b.c\n2 1 a.h\n3 0 b.c\n"
			    "prog ebt_two\n0 1 b.c\n1 7 elsewhere.h\n";
static const char native[] = "prog 0\n0 1 push rbp\n1 3 mov rbp, rsp\n4 2 xor eax, eax\n";

/* Two programs: a map's load, a store to the stack, exit; and one that only ends. */
static void make_blob(struct ebt_buf *out)
{
	static struct bpf_insn insns[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1, .src_reg = BPF_PSEUDO_MAP_FD },
		{ 0 },
		{ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = 10, .off = -24 },
		{ .code = BPF_JMP | BPF_EXIT },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 2, .imm = 1 },
		{ .imm = EBT_RELOC_MAGIC >> 32 },
		{ .code = BPF_JMP | BPF_CALL, .imm = EBT_CALL_MAGIC },
		{ .code = BPF_JMP | BPF_CALL, .imm = 5 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static struct ebt_member_path members[] = { { "&bpf_function" }, { "%outer" } };
	static struct ebt_reloc relocs[] = { { 4, 1 }, { 6, 0 } };
	static struct ebt_map_spec map = {
		.name = "ebt_map", .type = 2, .key_size = 4, .value_size = 8, .max_entries = 1
	};
	static struct ebt_prog_spec progs[] = { { "ebt_one", 0, 4 }, { "ebt_two", 4, 5 } };
	struct ebt_image image = { .maps = &map,
				   .n_maps = 1,
				   .progs = progs,
				   .n_progs = 2,
				   .insns = insns,
				   .n_insns = 9,
				   .members = members,
				   .n_members = 2,
				   .relocs = relocs,
				   .n_relocs = 2 };
	static const struct ebt_native_map places[] = { { 0, 0 }, { 4, 2 } };
	_cleanup_buf_ struct ebt_buf built = { 0 }, file = { 0 };
	struct ebt_inspection seen[2] = {
		{ .name = "ebt_one",
		  .id = 77,
		  .tag = { 1, 2, 3, 4, 5, 6, 7, 8 },
		  .verified_insns = 9,
		  .stack_bytes = 24,
		  .jited_bytes = 6 },
		{ .name = "ebt_two", .stack_bytes = 16, .why_native = "it is off" }
	};
	struct ebt_lab_parts parts = { .generation = 3,
				       .text = { text, sizeof(text) - 1 },
				       .native = { native, sizeof(native) - 1 },
				       .progs = seen,
				       .n_progs = 2 };
	uint64_t file_bytes;

	assert_int_equal(ebt_image_write(&image, &file), 0);
	file_bytes = file.len;
	ebt_buf_append(&built, &file_bytes, sizeof(file_bytes));
	ebt_buf_append(&built, file.data, file.len);
	ebt_buf_puts(&built, lines);
	parts.built = (struct ebt_bytes){ built.data, built.len };
	ebt_buf_append(&seen[0].native, "\x55\x48\x89\xe5\x31\xc0", 6);
	ebt_buf_append(&seen[0].map, places, sizeof(places));
	assert_int_equal(ebt_lab_blob_write(&parts, out), 0);
	ebt_inspection_free(&seen[0]);
}

static void check_one(const struct ebt_listing_program *p)
{
	assert_string_equal(p->name, "ebt_one");
	assert_int_equal(p->stack_bytes, 24);
	assert_int_equal(p->id, 77);
	assert_int_equal(p->tag_hi, 0x01020304);
	assert_int_equal(p->tag_lo, 0x05060708);
	/* files it has code from, in the text's order; not c.c */
	assert_int_equal(p->lines_count, 4);
	assert_string_equal(p->lines[0].text, "first of a");
	assert_string_equal(p->lines[3].file, "b.c");
	assert_int_equal(p->lines[3].line, 2);
	assert_int_equal(p->insns_count, 4);
	assert_int_equal(p->insns[0].source, 3); /* b.c:2 */
	assert_int_equal(p->insns[1].source, 3);
	assert_int_equal(p->insns[2].source, 0);  /* a.h:1 */
	assert_int_equal(p->insns[3].source, -1); /* the compiler's own */
	assert_string_equal(p->insns[0].text, "r1 = map ebt_map");
	assert_int_equal(p->native_count, 3);
	assert_string_equal(p->native[1].text, "mov rbp, rsp");
	assert_int_equal(p->native[1].len, 3);
	assert_memory_equal(p->native[1].bytes, "\x48\x89\xe5", 3);
	assert_int_equal(p->native[1].insn, 0);
	assert_int_equal(p->native[2].insn, 2);
}

static void test_whole(void **state)
{
	_cleanup_buf_ struct ebt_buf blob = { 0 };
	_cleanup_lab_ struct ebt_lab *lab = NULL;
	const struct ebt_listing *ui;
	const char *why;

	(void)state;
	make_blob(&blob);
	assert_int_equal(ebt_lab_parse(&lab, (struct ebt_bytes){ blob.data, blob.len }, &why), 0);
	ui = ebt_lab_ui(lab);
	assert_int_equal(ui->programs_count, 2);
	assert_true(ui->event_fixed_bytes > 0);
	check_one(&ui->programs[0]);
	assert_int_equal(ui->programs[1].native_count, 0);
	assert_string_equal(ui->programs[1].native_why, "it is off");
	assert_int_equal(ui->programs[1].lines_count, 2);
	assert_int_equal(ui->programs[1].insns[1].source, -1); /* a file that is none of ours */
	assert_string_equal(ui->programs[1].insns[0].text, "r2 = BTF number of outer");
	assert_string_equal(ui->programs[1].insns[2].text, "call bpf_function");
	assert_null(ui->programs[1].insns[3].text); /* a helper */
}

/* Every cut is noticed. */
static void test_cuts(void **state)
{
	_cleanup_buf_ struct ebt_buf blob = { 0 };
	const char *why;

	(void)state;
	make_blob(&blob);
	for (size_t len = 0; len < blob.len; len++) {
		struct ebt_lab *lab = NULL;
		/* a copy of that size, so that reading past it is seen */
		char *cut = malloc(len ? len : 1);

		memcpy(cut, blob.data, len);
		assert_int_equal(ebt_lab_parse(&lab, (struct ebt_bytes){ cut, len }, &why),
				 -EBADMSG);
		assert_null(lab);
		free(cut);
	}
}

/* Walks all that the ui would. */
static size_t walk(const struct ebt_listing *ui)
{
	size_t n = 0;

	for (uint32_t i = 0; i < ui->programs_count; i++) {
		const struct ebt_listing_program *p = &ui->programs[i];

		n += strlen(p->name) + strlen(p->native_why);
		for (uint32_t j = 0; j < p->lines_count; j++)
			n += strlen(p->lines[j].text) + strlen(p->lines[j].file);
		for (uint32_t j = 0; j < p->insns_count; j++) {
			n += p->insns[j].text ? strlen(p->insns[j].text) : 0;
			assert_in_range(p->insns[j].source + 1, 0, p->lines_count);
		}
		for (uint32_t j = 0; j < p->native_count; j++) {
			n += strlen(p->native[j].text) + p->native[j].bytes[p->native[j].len - 1];
			assert_in_range(p->native[j].insn + 1, 0, p->insns_count);
		}
		assert_in_range(p->stack_bytes, 0, UINT32_MAX);
	}
	return n;
}

/* A flipped bit is refused or does no harm. The image has a checksum; the rest is believed only as
 * far as it goes. */
static void test_flips(void **state)
{
	_cleanup_buf_ struct ebt_buf blob = { 0 };
	unsigned refused = 0;
	const char *why;

	(void)state;
	make_blob(&blob);
	for (size_t bit = 0; bit < blob.len * 8; bit++) {
		struct ebt_lab *lab = NULL;
		int err;

		blob.data[bit / 8] ^= (char)(1 << bit % 8);
		err = ebt_lab_parse(&lab, (struct ebt_bytes){ blob.data, blob.len }, &why);
		if (err) {
			assert_null(lab);
			assert_non_null(why);
			refused++;
		} else {
			walk(ebt_lab_ui(lab));
		}
		ebt_lab_free(&lab);
		blob.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	assert_in_range(refused, 1000, blob.len * 8 - 1);
}

static void test_file(void **state)
{
	_cleanup_buf_ struct ebt_buf blob = { 0 };
	_cleanup_close_ int fd = memfd_create("lab", MFD_CLOEXEC);
	_cleanup_lab_ struct ebt_lab *lab = NULL;
	const char *why;

	(void)state;
	make_blob(&blob);
	assert_int_equal(ebt_lab_read(&lab, fd, &why), -EBADMSG); /* empty */
	assert_int_equal(write(fd, blob.data, blob.len), (ssize_t)blob.len);
	assert_int_equal(ebt_lab_read(&lab, fd, &why), 0);
	assert_int_equal(ebt_lab_ui(lab)->programs_count, 2);
	ebt_lab_free(&lab);
	assert_int_equal(ftruncate(fd, (off_t)EBT_LAB_MAX_BYTES + 1), 0);
	assert_int_equal(ebt_lab_read(&lab, fd, &why), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_flips),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
