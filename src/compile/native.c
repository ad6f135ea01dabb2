/* SPDX-License-Identifier: BSD-3-Clause */
/* native.c - turn native code into text, with the LLVM that libbcc is linked to */
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arch.h"
#include "base/cleanup.h"
#include "compile/listing.h"

#define TEXT_LEN 160
/* Of llvm-c/Disassembler.h, declared here so that building needs no LLVM headers. */
#define OPTION_IMM_HEX	    2
#define REFERENCE_IN_BRANCH 1
#define OPTION_ASM_VARIANT  4 /* on x86: Intel's notation, with the destination first as in BPF */

/* the operation that asks for a name of an address; see target_name */
typedef const char *(*symbol_fn)(void *info, uint64_t value, uint64_t *type, uint64_t pc,
				 const char **name);

struct llvm {
	void *(*create)(const char *triple, void *info, int tag, void *op_info, symbol_fn symbols);
	int (*set_options)(void *context, uint64_t options);
	size_t (*instruction)(void *context, uint8_t *bytes, uint64_t len, uint64_t pc, char *out,
			      size_t out_len);
	void *context;
	size_t code_bytes; /* length of the current program */
	char target[32];
};

/* A jump inside the program is shown with the offset that the listing has for its target. */
static const char *target_name(void *info, uint64_t value, uint64_t *type, uint64_t pc,
			       const char **name)
{
	struct llvm *l = info;
	bool branch = *type == REFERENCE_IN_BRANCH;

	(void)pc;
	*type = 0;
	*name = NULL;
	if (!branch || value >= l->code_bytes)
		return NULL;
	snprintf(l->target, sizeof(l->target), "%llx", (unsigned long long)value);
	return l->target;
}

static void *symbol(const char *name)
{
	return dlsym(RTLD_DEFAULT, name);
}

static int call(const char *name)
{
	void (*fn)(void);

	*(void **)&fn = symbol(name);
	if (!fn)
		return -ENOSYS;
	fn();
	return 0;
}

static int open_llvm(struct llvm *l)
{
	if (call("LLVMInitialize" EBT_ARCH_LLVM "TargetInfo") ||
	    call("LLVMInitialize" EBT_ARCH_LLVM "Target") ||
	    call("LLVMInitialize" EBT_ARCH_LLVM "TargetMC") ||
	    call("LLVMInitialize" EBT_ARCH_LLVM "Disassembler"))
		return -ENOSYS;
	*(void **)&l->create = symbol("LLVMCreateDisasm");
	*(void **)&l->set_options = symbol("LLVMSetDisasmOptions");
	*(void **)&l->instruction = symbol("LLVMDisasmInstruction");
	if (!l->create || !l->set_options || !l->instruction)
		return -ENOSYS;
	l->context = l->create(EBT_ARCH_TRIPLE, l, 0, NULL, target_name);
	if (!l->context)
		return -ENOSYS;
	l->set_options(l->context, OPTION_IMM_HEX | OPTION_ASM_VARIANT);
	return 0;
}

/* LLVM separates operands by tabs and newlines; the text must stay on one line. */
static void tidy(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		char c = *p == '\t' || *p == '\n' ? ' ' : *p;

		if (c == ' ' && (to == text || to[-1] == ' '))
			continue;
		*to++ = c;
	}
	*to = '\0';
}

static void one_program(struct llvm *l, const uint8_t *code, size_t len, struct ebt_buf *out)
{
	char text[TEXT_LEN];

	l->code_bytes = len;
	for (size_t at = 0; at < len;) {
		size_t n = l->instruction(l->context, (uint8_t *)code + at, len - at, at, text,
					  sizeof(text));

		if (n == 0) { /* unknown to LLVM: show the byte and go on */
			snprintf(text, sizeof(text), ".byte 0x%02x", code[at]);
			n = 1;
		}
		tidy(text);
		ebt_buf_printf(out, "%zu %zu %s\n", at, n, text);
		at += n;
	}
}

int ebt_listing_native(struct ebt_bytes in, struct ebt_buf *out)
{
	struct llvm llvm = { 0 };
	int err = open_llvm(&llvm);

	while (!err && in.len) {
		uint32_t head[2];

		if (in.len < sizeof(head))
			return -EBADMSG;
		memcpy(head, in.data, sizeof(head));
		in.data += sizeof(head);
		in.len -= sizeof(head);
		if (head[1] > in.len)
			return -EBADMSG;
		ebt_buf_printf(out, "prog %u\n", head[0]);
		one_program(&llvm, (const uint8_t *)in.data, head[1], out);
		in.data += head[1];
		in.len -= head[1];
	}
	return err ? err : out->error;
}
