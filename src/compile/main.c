/* SPDX-License-Identifier: BSD-3-Clause */
/* execbig-compile - read a BPF text from standard input, write an image to standard output and the
 * compiler's messages to standard error
 *
 * Each compilation has a process of its own, because libbcc and LLVM call exit() on errors of the
 * back end, print where they like, trust the environment and the working directory, are not
 * thread-safe, and never return their memory. The process needs no privilege, because it creates no
 * maps (see libbcc_overrides.c). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "compile/run.h"
#include "confine/untraceable.h"

#define TEXT_MAX (4u << 20)

/* Send what libbcc prints to standard output to standard error, and return a descriptor of the real
 * output for the image. */
static int take_stdout(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);

	if (fd < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return -errno;
	return fd;
}

static void usage(void)
{
	fputs("Usage: execbig-compile --headers DIR [--arch ARCH] [--listing] [-DNAME[=VALUE]…] [-IDIR…] <TEXT "
	      ">IMAGE\n"
	      "       execbig-compile --disassemble <CODE >TEXT\n"
	      "Compiles BPF text with libbcc for execbig-top. Not for direct use.\n",
	      stderr);
}

int main(int argc, char **argv)
{
	_cleanup_buf_ struct ebt_buf text = { .limit = TEXT_MAX }, out = { 0 };
	struct ebt_compile_request request;
	int out_fd, err = ebt_untraceable();

	if (err)
		return ebt_compile_fail("cannot refuse to be traced", -err);
	if (ebt_compile_parse(argc, argv, &request)) {
		usage();
		return 2;
	}
	out_fd = take_stdout();
	if (out_fd < 0)
		return ebt_compile_fail("cannot set up output", -out_fd);
	err = ebt_read_all(STDIN_FILENO, &text);
	if (err)
		return ebt_compile_fail("cannot read the text", -err);
	err = ebt_compile_run(&request, &text, &out);
	if (err)
		return err;
	err = ebt_write_all(out_fd, out.data, out.len);
	if (err)
		return ebt_compile_fail("cannot write the image", -err);
	/* Skip the exit handlers: the process ends anyway, and those of LLVM take milliseconds. */
	_exit(0);
}
