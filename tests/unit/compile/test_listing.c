/* SPDX-License-Identifier: BSD-3-Clause */
/* What the Lab shows: marks in the text, the line of each instruction, and native code as text. A
 * small disassembler stands in for LLVM's. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arch.h"
#include "base/cleanup.h"
#include "compile/convert.h"
#include "compile/listing.h"
#include "fake_libbcc.h"

typedef const char *(*symbol_fn)(void *info, uint64_t value, uint64_t *type, uint64_t pc,
				 const char **name);

static struct {
	void *info;
	symbol_fn symbols;
	uint64_t options;
	bool unavailable;
	unsigned initialized;
} llvm;

/* The architecture is part of the names. */
#define DEFINE_INITIALIZE_(arch, what)         \
	void LLVMInitialize##arch##what(void); \
	void LLVMInitialize##arch##what(void)  \
	{                                      \
		llvm.initialized++;            \
	}
#if defined(__x86_64__)
#define DEFINE_INITIALIZE(what) DEFINE_INITIALIZE_(X86, what)
#else
#define DEFINE_INITIALIZE(what) DEFINE_INITIALIZE_(AArch64, what)
#endif
DEFINE_INITIALIZE(TargetInfo)
DEFINE_INITIALIZE(Target)
DEFINE_INITIALIZE(TargetMC)
DEFINE_INITIALIZE(Disassembler)

void *LLVMCreateDisasm(const char *triple, void *info, int tag, void *op_info, symbol_fn symbols);
int LLVMSetDisasmOptions(void *context, uint64_t options);
size_t LLVMDisasmInstruction(void *context, uint8_t *bytes, uint64_t len, uint64_t pc, char *out,
			     size_t out_len);

void *LLVMCreateDisasm(const char *triple, void *info, int tag, void *op_info, symbol_fn symbols)
{
	assert_string_equal(triple, EBT_ARCH_TRIPLE);
	llvm.info = info;
	llvm.symbols = symbols;
	return llvm.unavailable ? NULL : &llvm;
}

int LLVMSetDisasmOptions(void *context, uint64_t options)
{
	assert_ptr_equal(context, &llvm);
	llvm.options = options;
	return 1;
}

/* 'n' is a nop; 'j' and 'm' are followed by an address that is jumped to or moved; 't' has tabs. */
size_t LLVMDisasmInstruction(void *context, uint8_t *bytes, uint64_t len, uint64_t pc, char *out,
			     size_t out_len)
{
	uint64_t type = *bytes == 'j';
	const char *name = "", *target;

	assert_ptr_equal(context, &llvm);
	if (*bytes == 'n') {
		snprintf(out, out_len, "nop");
		return 1;
	}
	if (*bytes == 't') {
		snprintf(out, out_len, "\tmov\t  a,\n b");
		return 1;
	}
	if ((*bytes != 'j' && *bytes != 'm') || len < 2)
		return 0;
	target = llvm.symbols(llvm.info, bytes[1], &type, pc, &name);
	assert_int_equal(type, 0);
	assert_null(name);
	snprintf(out, out_len, "%s %s", *bytes == 'j' ? "jmp" : "mov", target ? target : "-");
	return 2;
}

static void put_code(struct ebt_buf *in, uint32_t prog, const char *code)
{
	uint32_t head[2] = { prog, (uint32_t)strlen(code) };

	ebt_buf_append(in, head, sizeof(head));
	ebt_buf_puts(in, code);
}

static void test_native(void **state)
{
	_cleanup_buf_ struct ebt_buf in = { 0 }, out = { 0 };

	(void)state;
	llvm.unavailable = false;
	llvm.initialized = 0;
	put_code(&in, 3, "nj\003?t");
	put_code(&in, 5, "m\001j\004");
	put_code(&in, 6, "");
	assert_int_equal(ebt_listing_native((struct ebt_bytes){ in.data, in.len }, &out), 0);
	/* Only a jump within the program has a target, and a byte that is no instruction is one. */
	assert_string_equal(out.data, "prog 3\n0 1 nop\n1 2 jmp 3\n3 1 .byte 0x3f\n4 1 mov a, b\n"
				      "prog 5\n0 2 mov -\n2 2 jmp -\n"
				      "prog 6\n");
	assert_int_equal(llvm.initialized, 4);
	assert_int_equal(llvm.options, 2 | 4);
}

static void test_native_refused(void **state)
{
	_cleanup_buf_ struct ebt_buf in = { 0 }, out = { 0 };

	(void)state;
	put_code(&in, 3, "nnnn");
	assert_int_equal(ebt_listing_native((struct ebt_bytes){ in.data, in.len - 1 }, &out),
			 -EBADMSG);
	assert_int_equal(ebt_listing_native((struct ebt_bytes){ in.data, 7 }, &out), -EBADMSG);
	llvm.unavailable = true;
	assert_int_equal(ebt_listing_native((struct ebt_bytes){ in.data, in.len }, &out), -ENOSYS);
	llvm.unavailable = false;
}

static void marked(const char *text, const char *expected)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };

	assert_int_equal(ebt_listing_mark(ebt_bytes_from(text), &out), 0);
	assert_string_equal(out.data ? out.data : "", expected);
}

static void test_marks(void **state)
{
	(void)state;
	marked("", "");
	/* Before the text's first mark the place is unknown. */
	marked("int f(void)\n{\n\treturn 0;\n}\n", "int f(void)\n{\n\treturn 0;\n}\n");
	marked("#line 7 \"a.c\"\nint f(void)\n{\n\treturn 0;\n}\n",
	       "#line 7 \"a.c\"\nint f(void)\n#line 8 \"a.c\"\n{\n#line 9 \"a.c\"\n\treturn 0;\n}\n");
	marked("#line 1 \"a.c\"\nint a;\n\nint b;\n",
	       "#line 1 \"a.c\"\nint a;\n#line 2 \"a.c\"\n\nint b;\n");
	/* A macro goes on behind a backslash, where no mark may stand. */
	marked("#line 1 \"a.c\"\n#define A \\\n\nint b;\n",
	       "#line 1 \"a.c\"\n#define A \\\n\nint b;\n");
	/* A mark of the text moves the place; the last line may have no end. */
	marked("#line 1 \"a.c\"\n#line 40 \"b.c\"\n{\nx",
	       "#line 1 \"a.c\"\n#line 40 \"b.c\"\n#line 40 \"b.c\"\n{\n#line 41 \"b.c\"\nx");
	marked("#line 1\n{\n", "#line 1\n{\n");
}

/* A line that is too long to be a mark is none. */
static void test_long_line(void **state)
{
	char text[320], expected[400];

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "#line 7 \"a.c\"", 13);
	strcpy(text + 300, "\n{\n");
	marked(text, text);
	strcpy(text + 299, "\n");
	snprintf(expected, sizeof(expected), "%s#line 7 \"a.c\"\n{\n", text);
	strcat(text, "{\n");
	marked(text, expected);
}

static void line(struct fake_function *f, uint32_t insn, int name, uint32_t number)
{
	f->lines[f->n_lines++] = (struct bpf_line_info){ .insn_off = insn,
							 .file_name_off = (uint32_t)name,
							 .line_col = number << 10 | 5 };
}

static void test_lines(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct btf *made = btf__new_empty(), *btf;
	int path, plain, none;
	uint32_t size;
	const void *raw;

	(void)state;
	fake_module_fill();
	path = btf__add_str(made, "/virtual/exec.bpf.c");
	plain = btf__add_str(made, "ebt_read.h");
	none = btf__add_str(made, "");
	raw = btf__raw_data(made, &size);
	/* As long as libbcc has made no type information there are no lines. */
	line(&fake_module.functions[0], 0, path, 12);
	assert_int_equal(ebt_listing_lines(&fake_module, &out), 0);
	assert_int_equal(out.len, 0);
	assert_true(fake_module.loads < 0);
	btf = btf__new(raw, size);
	assert_non_null(btf);
	assert_int_equal(btf__load_into_kernel(btf), 0);
	line(&fake_module.functions[0], 2, plain, 0);
	line(&fake_module.functions[0], 3, none, 3);
	line(&fake_module.functions[0], 5, path, 4); /* behind its end */
	line(&fake_module.functions[1], 0, path, 99);
	fake_module.loads = 0;
	assert_int_equal(ebt_listing_lines(&fake_module, &out), 0);
	assert_string_equal(
		out.data, "prog one\n0 12 exec.bpf.c\n2 0 ebt_read.h\nprog two\n0 99 exec.bpf.c\n");
	assert_int_equal(fake_module.loads, 0);
	/* Nothing is loaded when nobody asks for lines. */
	assert_int_equal(bpf_prog_load(BPF_PROG_TYPE_KPROBE, "one", "GPL",
				       fake_module.functions[0].insns, 5, NULL),
			 -EINVAL);
	btf__free(btf);
	btf__free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_native), cmocka_unit_test(test_native_refused),
		cmocka_unit_test(test_marks),  cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
