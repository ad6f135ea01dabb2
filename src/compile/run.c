/* SPDX-License-Identifier: BSD-3-Clause */
/* run.c - do what execbig-compile is asked for, with libbcc */
#include "compile/run.h"

#include <bcc/bcc_common.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "compile/convert.h"
#include "compile/listing.h"

int ebt_compile_fail(const char *what, int err)
{
	fprintf(stderr, "execbig-compile: %s%s%s\n", what, err ? ": " : "",
		err ? strerror(err) : "");
	return 1;
}

int ebt_compile_parse(int argc, char **argv, struct ebt_compile_request *r)
{
	*r = (struct ebt_compile_request){ 0 };
	for (int i = 1; i < argc; i++) {
		r->listing |= strcmp(argv[i], "--listing") == 0;
		r->disassemble |= strcmp(argv[i], "--disassemble") == 0;
	}
	/* libbcc makes clang produce debug information, for a BTF that its C interface does not
	 * return. That takes an eighth of the time, and only the Lab uses its source lines. */
	if (!r->listing)
		r->flags[r->n_flags++] = "-g0";
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--headers") == 0 && i + 1 < argc) {
			r->headers = argv[++i];
		} else if (strcmp(argv[i], "--arch") == 0 && i + 1 < argc) {
			r->arch = argv[++i];
		} else if (strcmp(argv[i], "--listing") == 0 ||
			   strcmp(argv[i], "--disassemble") == 0) {
			continue;
		} else if (strncmp(argv[i], "-D", 2) == 0 || strncmp(argv[i], "-I", 2) == 0 ||
			   strncmp(argv[i], "-W", 2) == 0 || strcmp(argv[i], "-g") == 0) {
			if (r->n_flags == EBT_COMPILE_FLAGS)
				return -E2BIG;
			r->flags[r->n_flags++] = argv[i];
		} else {
			return -EINVAL;
		}
	}
	return r->headers || r->disassemble ? 0 : -EINVAL;
}

/* libbcc runs LLVM's passes over clang's result, so that clang's own passes do the same work twice:
 * they take a fifth of the time, and the programs differ by a handful of instructions. Passes that
 * only clang runs are kept: relocations of a text that asks for them (preserve_access_index), and
 * the BPF passes of LLVM 16 and later, which also introduced LLVMGetVersion. */
static void run_leave_out_double_work(struct ebt_compile_request *r, const struct ebt_buf *text)
{
	static const char relocations[] = "preserve_";

	if (dlsym(RTLD_DEFAULT, "LLVMGetVersion") || r->n_flags + 2 > EBT_COMPILE_FLAGS ||
	    memmem(text->data, text->len, relocations, sizeof(relocations) - 1))
		return;
	r->flags[r->n_flags++] = "-Xclang";
	r->flags[r->n_flags++] = "-disable-llvm-passes";
}

static int run_compile(struct ebt_compile_request *r, const struct ebt_buf *text,
		       struct ebt_buf *out)
{
	_cleanup_buf_ struct ebt_buf image = { 0 }, lines = { 0 }, marked = { 0 };
	uint64_t image_bytes;
	void *module;
	int err;

	if (r->listing && ebt_listing_mark((struct ebt_bytes){ text->data, text->len }, &marked))
		return ebt_compile_fail("out of memory", 0);

	run_leave_out_double_work(r, text);
	if (setenv("BCC_KERNEL_SOURCE", r->headers, 1) || (r->arch && setenv("ARCH", r->arch, 1)) ||
	    chdir("/"))
		return ebt_compile_fail("cannot set up", errno);
	module = bpf_module_create_c_from_string(r->listing ? marked.data : text->data, 0,
						 (const char **)r->flags, r->n_flags, false, NULL);
	if (!module)
		return ebt_compile_fail("the text does not compile", 0);
	err = ebt_convert_module(module, &image);
	if (!err && r->listing)
		err = ebt_listing_lines(module, &lines);
	/* In front of an image with lines stands the image's length. */
	image_bytes = image.len;
	if (!err && r->listing)
		err = ebt_buf_append(out, &image_bytes, sizeof(image_bytes));
	if (!err)
		err = ebt_buf_append(out, image.data, image.len);
	if (!err && r->listing)
		err = ebt_buf_append(out, lines.data, lines.len);
	return err ? ebt_compile_fail("the result cannot be made into an image", -err) : 0;
}

static int run_disassemble(const struct ebt_buf *text, struct ebt_buf *out)
{
	int err = ebt_listing_native((struct ebt_bytes){ text->data, text->len }, out);

	return err ? ebt_compile_fail("the native code cannot be disassembled", -err) : 0;
}

int ebt_compile_run(struct ebt_compile_request *r, const struct ebt_buf *text, struct ebt_buf *out)
{
	return r->disassemble ? run_disassemble(text, out) : run_compile(r, text, out);
}
