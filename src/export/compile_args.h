/* SPDX-License-Identifier: BSD-3-Clause */
/* compile_args.h - a compiler's command line: which program, which arguments mean what. */
#ifndef EBT_EXPORT_COMPILE_ARGS_H
#define EBT_EXPORT_COMPILE_ARGS_H

#include <stdbool.h>

#include "base/bytes.h"

/* By the last part of a path: gcc, x86_64-linux-gnu-g++-12, clang-14, cc, gfortran, … */
bool ebt_compile_is_compiler(struct ebt_bytes path);
/* ccache, distcc, sccache, icecc: run a compiler that is their first argument. */
bool ebt_compile_is_wrapper(struct ebt_bytes path);

enum ebt_compile_arg {
	EBT_CARG_KEEP,	  /* stays as it is */
	EBT_CARG_SOURCE,  /* a file to compile */
	EBT_CARG_OUTPUT,  /* -o */
	EBT_CARG_NO_LINK, /* -c, -S */
	EBT_CARG_DROP, /* for the linker or for dependency files: says nothing of the compilation */
	EBT_CARG_NONE, /* nothing is compiled: -E, -M, --version, -cc1 */
	EBT_CARG_RESPONSE, /* @file */
};

/* What an argument is; *takes_next: the next one belongs to it. */
enum ebt_compile_arg ebt_compile_arg(struct ebt_bytes arg, bool *takes_next);

#endif
