/* SPDX-License-Identifier: BSD-3-Clause */
/* disasm.c - disassemble instructions with LLVM's C interface
 *
 * LLVM's library is tens of megabytes large, so it is opened only when a lesson needs it. The few
 * prototypes are repeated here (from llvm-c/Disassembler.h and llvm-c/Target.h, stable since LLVM
 * 3), so that the build does not need LLVM. */
#include <dlfcn.h>
#include <stdlib.h>

#include "base/arch.h"
#include "demo/lesson.h"

struct ebt_disasm {
	void *library, *context;
	void (*dispose)(void *context);
	size_t (*one)(void *context, uint8_t *bytes, uint64_t len, uint64_t pc, char *out,
		      size_t out_len);
};

/* The first one is the library that libbcc of Debian 12 is linked to. */
static const char *const libraries[] = { "libLLVM-14.so.1", "libLLVM-15.so.1", "libLLVM-16.so.1",
					 "libLLVM.so.18.1", "libLLVM.so.19.1" };

static void *disasm_find(void *library, const char *name, const char *part)
{
	char symbol[64];

	snprintf(symbol, sizeof(symbol), "LLVMInitialize%s%s", name, part);
	return dlsym(library, symbol);
}

/* Register a target with LLVM. Return -1 when the library does not have it. */
static int init_target(void *library, const char *name)
{
	static const char *const parts[] = { "TargetInfo", "TargetMC", "Disassembler" };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(parts); i++) {
		void (*init)(void) = (void (*)(void))disasm_find(library, name, parts[i]);

		if (!init)
			return -ENOENT;
		init();
	}
	return 0;
}

static void *open_library(void)
{
	void *library = NULL;

	for (size_t i = 0; !library && i < EBT_ARRAY_SIZE(libraries); i++)
		library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
	return library;
}

struct ebt_disasm *ebt_disasm_new(const char *target, char *why, size_t why_len)
{
	bool bpf = strcmp(target, "bpf") == 0;
	struct ebt_disasm *dis = calloc(1, sizeof(*dis));
	void *(*create)(const char *triple, void *info, int tag, void *op, void *sym);
	int (*options)(void *context, uint64_t options);

	if (!dis)
		return NULL;
	snprintf(why, why_len, "LLVM's library (libLLVM-14.so.1) with a disassembler for %s",
		 bpf ? "BPF" : "this machine");
	dis->library = open_library();
	if (!dis->library || init_target(dis->library, bpf ? "BPF" : EBT_ARCH_LLVM))
		goto fail;
	create = (void *(*)(const char *, void *, int, void *, void *))dlsym(dis->library,
									     "LLVMCreateDisasm");
	options = (int (*)(void *, uint64_t))dlsym(dis->library, "LLVMSetDisasmOptions");
	dis->dispose = (void (*)(void *))dlsym(dis->library, "LLVMDisasmDispose");
	dis->one = (size_t(*)(void *, uint8_t *, uint64_t, uint64_t, char *, size_t))dlsym(
		dis->library, "LLVMDisasmInstruction");
	if (!create || !options || !dis->dispose || !dis->one)
		goto fail;
	dis->context = create(bpf ? "bpf-unknown-none" : EBT_ARCH_TRIPLE, NULL, 0, NULL, NULL);
	if (!dis->context)
		goto fail;
	options(dis->context, 2 | 4); /* print hexadecimal immediates (2) in Intel syntax (4) */
	return dis;
fail:
	ebt_disasm_free(&dis);
	return NULL;
}

/* Keep the library open, because LLVM does not support being unloaded. */
void ebt_disasm_free(struct ebt_disasm **disasm)
{
	struct ebt_disasm *dis = *disasm;

	if (dis && dis->context)
		dis->dispose(dis->context);
	free(dis);
	*disasm = NULL;
}

size_t ebt_disasm_one(struct ebt_disasm *dis, const void *code, size_t len, uint64_t pc, char *text,
		      size_t text_len)
{
	size_t n = dis->one(dis->context, (uint8_t *)code, len, pc, text, text_len);
	char *in = text, *out = text;

	if (!n)
		return 0;
	/* Replace each run of blanks and tabs by one blank. */
	while (*in == ' ' || *in == '\t')
		in++;
	for (; *in; in++) {
		bool blank = *in == ' ' || *in == '\t';

		if (!blank)
			*out++ = *in;
		else if (in[1] && in[1] != ' ' && in[1] != '\t')
			*out++ = ' ';
	}
	*out = '\0';
	return n;
}
