/* SPDX-License-Identifier: BSD-3-Clause */
/* recorder.h - the view's side of -w, --sqlite and --metrics
 *
 * Events are sent as frames through a pipe to a writer process (processes/writer/writer.h), which
 * alone has files open. It is a process of its own because opening files by name (rotation,
 * SQLite's journal, the rename of a metrics file) needs system calls that the view's sandbox
 * forbids, and because a slow disk must not stop the view. */
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

/* Start the writer process, and wait until its files are open. Call it before the sandbox: the
 * writer takes the rights of the invoking user itself. *out stays NULL if the options name no file.
 * Return 0, or -errno with a sentence in why. */
int ebt_recorder_new(struct ebt_recorder **out, const struct ebt_options *options, char *why,
		     size_t why_len);
/* End the writer and wait until everything is written, at most 30 s, or 5 s while the writer makes
 * no progress. After that it is left alone, an error is printed, and the recording has failed. */
void ebt_recorder_finish(struct ebt_recorder *recorder);
/* Finish, and free everything. */
void ebt_recorder_free(struct ebt_recorder **recorder);

/* All of these do nothing if recorder is NULL or its writer has ended. */

void ebt_recorder_facts(struct ebt_recorder *r, const struct ebt_facts *facts);
void ebt_recorder_clock(struct ebt_recorder *r, uint64_t mono_ns, int64_t mono_to_real_ns);
void ebt_recorder_start(struct ebt_recorder *r, const struct ebt_msg *msg);
/* Send one record of the kernel. Call it after the decoder has taken the record and after
 * ebt_recorder_names(), so that the names of its event come first. */
void ebt_recorder_record(struct ebt_recorder *r, const void *data, size_t len);
/* Send the names that the event shows and that were not sent before. */
void ebt_recorder_names(struct ebt_recorder *r, const struct ebt_model *model,
			const struct ebt_event *ev);
void ebt_recorder_process(struct ebt_recorder *r, const struct ebt_frame_process *proc,
			  struct ebt_bytes comm, struct ebt_bytes args);
void ebt_recorder_flush_event(struct ebt_recorder *r, uint64_t now_ns, uint64_t max_age_ns);
/* Send the counters; gaps and received have one entry per CPU. */
void ebt_recorder_status(struct ebt_recorder *r, const struct ebt_status *status,
			 const struct ebt_model_buffers *buffers, uint64_t taken_ns);
void ebt_recorder_note(struct ebt_recorder *r, uint64_t mono_ns, struct ebt_bytes text);
void ebt_recorder_end(struct ebt_recorder *r, uint64_t mono_ns, bool summary);
void ebt_recorder_homeo(struct ebt_recorder *r, const struct ebt_event *ev);
/* Tell the writer that the run has not begun: the recording that would be replaced stays. */
void ebt_recorder_discard(struct ebt_recorder *r);
/* End the part of the recording, and begin the next. */
void ebt_recorder_rotate(struct ebt_recorder *r);
/* Send a frame of another recording unchanged. Names that the copy already has are left out. */
void ebt_recorder_frame(struct ebt_recorder *r, const struct ebt_frame *frame);

/* Send what is buffered and read the messages of the writer, without waiting. Call it after each
 * intake. */
void ebt_recorder_pump(struct ebt_recorder *r);
/* Return true if the writer does not accept more at the moment. Take in no more events then, so
 * that at most one intake waits in memory. */
bool ebt_recorder_behind(const struct ebt_recorder *r);
/* Return a descriptor that becomes writable when the writer accepts more, or -1 if nothing is
 * waiting. */
int ebt_recorder_wait_fd(const struct ebt_recorder *r);

/* Return a sentence about what has gone wrong since the last call, borrowed, or NULL. */
const char *ebt_recorder_trouble(struct ebt_recorder *r);
/* Return the last sentence about a file that was given up, told or not; NULL if there is none. */
const char *ebt_recorder_last_trouble(const struct ebt_recorder *r);
/* Return whether a file was given up, or is not complete. */
bool ebt_recorder_failed(const struct ebt_recorder *r);
/* Return whether there is anything left that is written. */
bool ebt_recorder_writes(const struct ebt_recorder *r);
uint64_t ebt_recorder_bytes(const struct ebt_recorder *r); /* of the recording on disk */

#endif
