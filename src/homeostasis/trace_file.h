/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * trace_file.h - system-call traces as text: one "TRACE CALL" a line, numbers, traces in any order
 * (also interleaved), plain or gzipped.
 */
#ifndef EBT_HOMEOSTASIS_TRACE_FILE_H
#define EBT_HOMEOSTASIS_TRACE_FILE_H

#include <stddef.h>
#include <stdint.h>

#define EBT_TRACE_MAX_TRACES 1000000u /* of one file; each costs a thread's state */

/* Called for each line; what it returns ends the reading when it is not 0. */
typedef int (*ebt_trace_fn)(uint32_t trace, uint32_t call, void *arg);

/* 0, what fn returned, or -errno with one sentence in why (-EBADMSG: a line that is not two
 * numbers, or a call out of range). Empty lines and lines that begin with # are skipped. */
int ebt_trace_read(const char *path, ebt_trace_fn fn, void *arg, char *why, size_t why_len);

#endif
