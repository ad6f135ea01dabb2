/* SPDX-License-Identifier: BSD-3-Clause */
/* compile_args.h - tell compilers and wrappers by name, and the meaning of their arguments. */
#ifndef EBT_EXPORT_COMPILE_ARGS_H
#define EBT_EXPORT_COMPILE_ARGS_H

#include <stdbool.h>

#include "base/bytes.h"

/* Return true when the last part of path names a compiler: gcc, x86_64-linux-gnu-g++-12, clang16,
 * cc, gfortran, nvcc and others. */
bool ebt_compile_is_compiler(struct ebt_bytes path);
/* Return true for ccache, distcc, sccache and icecc, whose first argument is a compiler. */
bool ebt_compile_is_wrapper(struct ebt_bytes path);

enum ebt_compile_arg {
	EBT_CARG_KEEP,	   /* belongs to the compilation as it is */
	EBT_CARG_SOURCE,   /* a file to compile */
	EBT_CARG_OUTPUT,   /* -o */
	EBT_CARG_NO_LINK,  /* -c, -S: compile without linking */
	EBT_CARG_DROP,	   /* concerns the linker or dependency files only */
	EBT_CARG_NONE,	   /* nothing is compiled (-E, -M, --version, -cc1) */
	EBT_CARG_RESPONSE, /* @file: more arguments are in a file */
	EBT_CARG_LANGUAGE, /* -x; ebt_compile_scan_next reports it as EBT_CARG_KEEP */
};

/* One walk over a command line. */
struct ebt_compile_scan {
	struct ebt_bytes rest; /* arguments still to come, each ended by NUL; borrowed */
	bool nvcc;	       /* the options of nvcc count, too */
	bool language;	       /* after -x LANGUAGE every file is a source */
};

/* One argument, with the one after it when that is its value. Borrows from the command line. */
struct ebt_compile_part {
	enum ebt_compile_arg kind;
	struct ebt_bytes arg;
	struct ebt_bytes value; /* the next argument, or what follows the option's letter */
	bool has_next;		/* value is an argument of its own */
};

/* Begin at the first argument behind the name of the compiler. */
void ebt_compile_scan_begin(struct ebt_compile_scan *scan, struct ebt_bytes compiler,
			    struct ebt_bytes args);
/* Return false after the last argument. */
bool ebt_compile_scan_next(struct ebt_compile_scan *scan, struct ebt_compile_part *part);

#endif
