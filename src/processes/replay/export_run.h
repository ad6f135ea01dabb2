/* SPDX-License-Identifier: BSD-3-Clause */
/* export_run.h - run execbig-top export FORMAT -r FILE [-o OUT] */
#ifndef EBT_PROCESSES_REPLAY_EXPORT_RUN_H
#define EBT_PROCESSES_REPLAY_EXPORT_RUN_H

#include "config/options.h"

struct ebt_replay;
struct ebt_exporter;
struct ebt_event;

/* Begin an export to fd as perfetto or compile-commands; the caller plays events into it.
 * file_reader is the socket of ebt_file_reader_start, borrowed, or -1 to look at no files. */
int ebt_export_new(struct ebt_exporter **out, struct ebt_replay *playback, int fd, int file_reader);
void ebt_export_free(struct ebt_exporter **export);
void ebt_export_event(struct ebt_exporter *export, const struct ebt_event *ev);
/* Take an exec or exit that a filter leaves out: it may end a process that is shown. */
void ebt_export_left_out(struct ebt_exporter *export, const struct ebt_event *ev);
/* Status of an export that wrote a database without entries; no exit status of the program has this
 * number. */
#define EBT_EXPORT_IS_EMPTY 64
/* Play the whole recording. Return an exit status or EBT_EXPORT_IS_EMPTY. */
int ebt_export_run(struct ebt_exporter *export);

/* Run play with a temporary file beside OUT, which replaces OUT on success. play runs in a process
 * of its own, so that it can be confined and this process can still rename the file. */
int ebt_export_to_file(const struct ebt_options *options,
		       int (*play)(const struct ebt_options *options, int fd));

#endif
