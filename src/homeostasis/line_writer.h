/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * line_writer.h - lines written by a thread of their own, so that who has something to say never
 * waits for who reads it.
 *
 * The monitor stops processes, and lets them go on from the one thread it has. One of them may be
 * what reads our lines: the journal, a terminal, sshd. Were the monitor to wait for it to read,
 * both would wait for ever.
 */
#ifndef EBT_HOMEOSTASIS_LINE_WRITER_H
#define EBT_HOMEOSTASIS_LINE_WRITER_H

#include <stdint.h>

#define EBT_SCRIBE_BYTES \
	(1u << 20)	       /* of lines that wait; what comes on top is lost, and counted \
				*/
#define EBT_SCRIBE_TO_LOG (-1) /* in the place of a descriptor: the system log, a warning */

struct ebt_scribe;

/* No thread before the first line. -ENOMEM. */
int ebt_scribe_new(struct ebt_scribe **out);
/* Gives what waits two seconds; what is not written by then is lost. */
void ebt_scribe_free(struct ebt_scribe **scribe);
/* A line without its newline; to: a descriptor that stays open, or EBT_SCRIBE_TO_LOG. Never
 * waits. From one thread. */
void ebt_scribe_put(struct ebt_scribe *scribe, int to, const char *line);
/* Lines that were not written. */
uint64_t ebt_scribe_lost(struct ebt_scribe *scribe);

#define _cleanup_scribe_ __attribute__((cleanup(ebt_scribe_free)))

#endif
