/* SPDX-License-Identifier: BSD-3-Clause */
/* trace_file.h - read system-call traces from text: one "TRACE CALL" (two numbers) per line, with
 * the traces in any order, also interleaved; plain or gzipped */
#ifndef EBT_HOMEOSTASIS_TRACE_FILE_H
#define EBT_HOMEOSTASIS_TRACE_FILE_H

#include <stddef.h>
#include <stdint.h>

/* limit per file, because each trace costs a thread's state */
#define EBT_TRACE_MAX_TRACES 1000000u

/* Called for each line. A result other than 0 ends the reading. */
typedef int (*ebt_trace_fn)(uint32_t trace, uint32_t call, void *arg);

/* Read a file. Return 0, the result of fn, or -errno with one sentence in why. -EBADMSG means that
 * a line is not two numbers, or that a call is out of range. Empty lines and lines that begin with
 * # are skipped. */
int ebt_trace_read(const char *path, ebt_trace_fn fn, void *arg, char *why, size_t why_len);

#endif
