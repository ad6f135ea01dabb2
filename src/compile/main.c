/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * execbig-compile - BPF text on standard input, image on standard output, the compiler's words on
 * standard error.
 *
 * A process of its own for each compile, because libbcc and LLVM call exit() on back-end errors,
 * print where they like, trust the environment and the working directory, are not thread-safe, and
 * stay in memory for ever. Needs no privilege: maps are not created here (see libbcc_overrides.c).
 */
#include <bcc/bcc_common.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "compile/convert.h"
#include "compile/listing.h"

#define TEXT_MAX  (4u << 20)
#define FLAGS_MAX 64

static int fail(const char *what, int err)
{
	fprintf(stderr, "execbig-compile: %s%s%s\n", what, err ? ": " : "",
		err ? strerror(err) : "");
	return 1;
}

/* Whatever libbcc prints to standard output joins the diagnostics; the image gets the real one. */
static int take_stdout(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);

	if (fd < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return -errno;
	return fd;
}

static void usage(void)
{
	fputs("Usage: execbig-compile --headers DIR [--listing] [-DNAME[=VALUE]…] [-IDIR…] <TEXT "
	      ">IMAGE\n"
	      "       execbig-compile --disassemble <CODE >TEXT\n"
	      "Compiles BPF text with libbcc for execbig-top. Not for direct use.\n",
	      stderr);
}

struct request {
	const char *headers;
	bool listing;	  /* the Lab: lines behind the image */
	bool disassemble; /* the Lab: no compile, native code to text */
	const char *flags[FLAGS_MAX];
	int n_flags;
};

/* Options: --headers DIR, then flags for clang. */
static int parse(int argc, char **argv, struct request *r)
{
	*r = (struct request){ 0 };
	for (int i = 1; i < argc; i++) {
		r->listing |= strcmp(argv[i], "--listing") == 0;
		r->disassemble |= strcmp(argv[i], "--disassemble") == 0;
	}
	/* libbcc asks clang for debug information, to make BTF that its C interface does not give
	 * out: an eighth of the time. Only the Lab wants the source lines in it. */
	if (!r->listing)
		r->flags[r->n_flags++] = "-g0";
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--headers") == 0 && i + 1 < argc) {
			r->headers = argv[++i];
		} else if (strcmp(argv[i], "--listing") == 0 ||
			   strcmp(argv[i], "--disassemble") == 0) {
			continue;
		} else if (strncmp(argv[i], "-D", 2) == 0 || strncmp(argv[i], "-I", 2) == 0 ||
			   strncmp(argv[i], "-W", 2) == 0 || strcmp(argv[i], "-g") == 0) {
			if (r->n_flags == FLAGS_MAX)
				return -E2BIG;
			r->flags[r->n_flags++] = argv[i];
		} else {
			return -EINVAL;
		}
	}
	return r->headers || r->disassemble ? 0 : -EINVAL;
}

/*
 * libbcc runs LLVM's passes over what clang gives it; clang's own before that are the same work
 * twice: a fifth of the time, for programs that differ by a handful of instructions. What only
 * clang's do is left to them: relocations of a text that asks for those (preserve_access_index),
 * and the BPF passes of LLVM 16 and later, which LLVMGetVersion came with.
 */
static void leave_out_double_work(struct request *r, const struct ebt_buf *text)
{
	static const char relocations[] = "preserve_";

	if (dlsym(RTLD_DEFAULT, "LLVMGetVersion") || r->n_flags + 2 > FLAGS_MAX ||
	    memmem(text->data, text->len, relocations, sizeof(relocations) - 1))
		return;
	r->flags[r->n_flags++] = "-Xclang";
	r->flags[r->n_flags++] = "-disable-llvm-passes";
}

static int compile(struct request *r, const struct ebt_buf *text, struct ebt_buf *out)
{
	_cleanup_buf_ struct ebt_buf image = { 0 }, lines = { 0 }, marked = { 0 };
	uint64_t image_bytes;
	void *module;
	int err;

	if (r->listing && ebt_listing_mark((struct ebt_bytes){ text->data, text->len }, &marked))
		return fail("out of memory", 0);

	leave_out_double_work(r, text);
	if (setenv("BCC_KERNEL_SOURCE", r->headers, 1) || chdir("/"))
		return fail("cannot set up", errno);
	module = bpf_module_create_c_from_string(r->listing ? marked.data : text->data, 0,
						 (const char **)r->flags, r->n_flags, false, NULL);
	if (!module)
		return fail("the text does not compile", 0);
	err = ebt_convert_module(module, &image);
	if (!err && r->listing)
		err = ebt_listing_lines(module, &lines);
	/* With lines, the image's length goes before it. */
	image_bytes = image.len;
	if (!err && r->listing)
		err = ebt_buf_append(out, &image_bytes, sizeof(image_bytes));
	if (!err)
		err = ebt_buf_append(out, image.data, image.len);
	if (!err && r->listing)
		err = ebt_buf_append(out, lines.data, lines.len);
	return err ? fail("the result cannot be made into an image", -err) : 0;
}

static int disassemble(const struct ebt_buf *text, struct ebt_buf *out)
{
	int err = ebt_listing_native((struct ebt_bytes){ text->data, text->len }, out);

	return err ? fail("the native code cannot be disassembled", -err) : 0;
}

int main(int argc, char **argv)
{
	_cleanup_buf_ struct ebt_buf text = { .limit = TEXT_MAX }, out = { 0 };
	struct request request;
	int out_fd, err;

	if (parse(argc, argv, &request)) {
		usage();
		return 2;
	}
	out_fd = take_stdout();
	if (out_fd < 0)
		return fail("cannot set up output", -out_fd);
	err = ebt_read_all(STDIN_FILENO, &text);
	if (err)
		return fail("cannot read the text", -err);
	err = request.disassemble ? disassemble(&text, &out) : compile(&request, &text, &out);
	if (err)
		return err;
	err = ebt_write_all(out_fd, out.data, out.len);
	if (err)
		return fail("cannot write the image", -err);
	/* No destroy, no exit handlers: the process ends anyway, and LLVM's take milliseconds. */
	_exit(0);
}
