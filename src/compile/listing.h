/* SPDX-License-Identifier: BSD-3-Clause */
/* listing.h - what the Lab shows of a program: the line each instruction came from, and native code
 * as text. Not part of a normal compile. */
#ifndef EBT_COMPILE_LISTING_H
#define EBT_COMPILE_LISTING_H

#include "base/bytes.h"

/* Appends the text with more #line marks: libbcc's rewriter puts lines before every function, and
 * from there on the compiler counts wrong until the next mark. The code stays the same. */
int ebt_listing_mark(struct ebt_bytes text, struct ebt_buf *out);

/* Appends "prog NAME" and, for each place where the line changes, "INSN LINE FILE" (FILE: base
 * name; LINE 0: the compiler's own doing). The module was compiled with -g. 0, -errno. */
int ebt_listing_lines(void *module, struct ebt_buf *out);

/* Native code as text. in: sequences of u32 program, u32 length, the bytes. Appends "prog N" and
 * "OFFSET LENGTH TEXT" for each instruction. -ENOSYS: this LLVM has no disassembler for the
 * machine; -EBADMSG: not such sequences. */
int ebt_listing_native(struct ebt_bytes in, struct ebt_buf *out);

#endif
