/* SPDX-License-Identifier: BSD-3-Clause */
/* listing.h - what the Lab shows of a program: the source line of each instruction, and native code
 * as text; not part of a usual compilation */
#ifndef EBT_COMPILE_LISTING_H
#define EBT_COMPILE_LISTING_H

#include "base/bytes.h"

/* Append the text with more #line marks to out. libbcc inserts lines before every function, after
 * which the compiler's line numbers are wrong until the next mark. The code stays the same. */
int ebt_listing_mark(struct ebt_bytes text, struct ebt_buf *out);

/* Append "prog NAME" and, for each instruction where the line changes, "INSN LINE FILE" to out.
 * FILE is the base name; LINE is 0 for code that the compiler added. The module must be compiled
 * with -g. Return 0 or -errno. */
int ebt_listing_lines(void *module, struct ebt_buf *out);

/* Turn native code into text. in is a sequence of u32 program, u32 length and the bytes. Append
 * "prog N" and, for each instruction, "OFFSET LENGTH TEXT" to out. Return 0, -ENOSYS if LLVM has no
 * disassembler for the machine, or -EBADMSG if in has another form. */
int ebt_listing_native(struct ebt_bytes in, struct ebt_buf *out);

#endif
