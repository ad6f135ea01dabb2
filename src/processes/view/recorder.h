/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * recorder.h - the view's side of -w, --sqlite and --metrics: what happens goes as frames through a
 * pipe to a writer process (processes/writer/writer.h), which alone has to do with files.
 *
 * A process of its own, because files by name (rotation, SQLite's journal, the rename of a metrics
 * file) want system calls that the process that looks at the ring and at the terminal is to live
 * without; and what was sent to it is safe when the view is killed.
 */
#ifndef EBT_PROCESSES_VIEW_RECORDER_H
#define EBT_PROCESSES_VIEW_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/options.h"
#include "decode/event.h"
#include "ipc/protocol.h"
#include "model/model.h"
#include "recording/frame.h"
#include "recording/machine_facts.h"

struct ebt_recorder;

/* Starts the writer process and waits until its files are open. Call before the sandbox: the writer
 * takes the invoking user's rights by itself. *out stays NULL when the options ask for no file.
 * -errno with a sentence in why. */
int ebt_recorder_new(struct ebt_recorder **out, const struct ebt_options *options, char *why,
		     size_t why_len);
/* Ends the writer and waits until all is written: 30 s at most, and 5 s for a writer that does not get
 * on. It is left to itself then, with a sentence, and the recording has failed. */
void ebt_recorder_finish(struct ebt_recorder *recorder);
/* Finishes, and frees all. */
void ebt_recorder_free(struct ebt_recorder **recorder);

/* All of these: nothing when recorder is NULL or its writer is gone. */

void ebt_recorder_facts(struct ebt_recorder *r, const struct ebt_facts *facts);
void ebt_recorder_clock(struct ebt_recorder *r, uint64_t mono_ns, int64_t mono_to_real_ns);
void ebt_recorder_start(struct ebt_recorder *r, const struct ebt_msg *msg);
/* One of the kernel's records; after the decoder took it, so that the names its event needs (see
 * _names) stand before it. */
void ebt_recorder_record(struct ebt_recorder *r, const void *data, size_t len);
/* The names that the event shows, as far as they are new. */
void ebt_recorder_names(struct ebt_recorder *r, const struct ebt_model *model,
			const struct ebt_event *ev);
void ebt_recorder_process(struct ebt_recorder *r, const struct ebt_frame_process *proc,
			  struct ebt_bytes comm, struct ebt_bytes args);
void ebt_recorder_flush_event(struct ebt_recorder *r, uint64_t now_ns, uint64_t max_age_ns);
/* gaps, received: one a CPU. */
void ebt_recorder_status(struct ebt_recorder *r, const struct ebt_status *status,
			 const struct ebt_model_buffers *buffers, uint64_t taken_ns);
void ebt_recorder_note(struct ebt_recorder *r, uint64_t mono_ns, struct ebt_bytes text);
void ebt_recorder_end(struct ebt_recorder *r, uint64_t mono_ns, bool summary);
void ebt_recorder_homeo(struct ebt_recorder *r, const struct ebt_event *ev);
/* Tell the writer that the run has not begun: the recording that would be replaced stays. */
void ebt_recorder_discard(struct ebt_recorder *r);
/* End the part of the recording, and begin the next. */
void ebt_recorder_rotate(struct ebt_recorder *r);
/* A frame of another recording, as it is; names that the copy has already are left out. */
void ebt_recorder_frame(struct ebt_recorder *r, const struct ebt_frame *frame);

/* Hands on what is buffered, hears what the writer says, and never waits. Call after each intake. */
void ebt_recorder_pump(struct ebt_recorder *r);
/* Returns true when the writer does not take what comes: take no more events in until it does, so
 * that no more than one intake waits in memory. */
bool ebt_recorder_behind(const struct ebt_recorder *r);
/* Returns a descriptor that is writable when the writer takes more; -1: nothing waits for that. */
int ebt_recorder_wait_fd(const struct ebt_recorder *r);

/* What has gone wrong since the last call, in one sentence; NULL: nothing. Borrowed. */
const char *ebt_recorder_trouble(struct ebt_recorder *r);
/* Return the last sentence about a file that was given up, told or not; NULL if there is none. */
const char *ebt_recorder_last_trouble(const struct ebt_recorder *r);
/* Return whether a file was given up, or is not complete. */
bool ebt_recorder_failed(const struct ebt_recorder *r);
/* Return whether there is anything left that is written. */
bool ebt_recorder_writes(const struct ebt_recorder *r);
uint64_t ebt_recorder_bytes(const struct ebt_recorder *r); /* of the recording on disk */

#endif
