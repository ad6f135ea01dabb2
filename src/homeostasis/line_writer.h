/* SPDX-License-Identifier: BSD-3-Clause */
/* line_writer.h - write lines from a thread of its own, so that the caller never waits for the
 * reader
 *
 * The monitor stops and continues processes from its only thread. One of them may be the reader of
 * its lines: the journal, a terminal, sshd. If the monitor waited for that process to read, both
 * would wait for ever. */
#ifndef EBT_HOMEOSTASIS_LINE_WRITER_H
#define EBT_HOMEOSTASIS_LINE_WRITER_H

#include <stdint.h>

/* Bytes of lines that may wait; further lines are lost and counted. */
#define EBT_LINE_WRITER_BYTES (1u << 20)
/* Used instead of a descriptor: write to the system log, as a warning. */
#define EBT_LINE_WRITER_TO_LOG (-1)

struct ebt_line_writer;

/* Create a writer. Its thread starts with the first line. Return -ENOMEM. */
int ebt_line_writer_new(struct ebt_line_writer **out);
/* Wait at most two seconds for the waiting lines; those not written by then are lost. */
void ebt_line_writer_free(struct ebt_line_writer **writer);
/* Queue a line (without its newline) for a descriptor that stays open, or for the system log. It never
 * waits. Call it from one thread only. */
void ebt_line_writer_put(struct ebt_line_writer *writer, int to, const char *line);
/* Return the number of lines that were not written. */
uint64_t ebt_line_writer_lost(struct ebt_line_writer *writer);

#define _cleanup_line_writer_ __attribute__((cleanup(ebt_line_writer_free)))

#endif
