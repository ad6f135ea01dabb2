/* SPDX-License-Identifier: BSD-3-Clause */
/* save_frames.h - make the frames of a recording of events that come from the history. One thread. */
#ifndef EBT_PROCESSES_SAVER_SAVE_FRAMES_H
#define EBT_PROCESSES_SAVER_SAVE_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/event.h"
#include "model/model.h"
#include "recording/names_sent.h"

/* Zero-initialise it. Owns its members. */
struct ebt_save_frames {
	struct ebt_names_sent sent;
	uint64_t *seq; /* last number on each CPU: they are counted anew, without gaps */
	unsigned ncpu;
	uint64_t last_ns;
	int64_t mono_to_real_ns;
	bool has_clock;
};

/* Append what a recording begins with: facts (texts of recording/machine_facts.h), and that ncpu CPUs were
 * traced since start_ns. 0 or -ENOMEM. */
int ebt_save_frames_begin(struct ebt_save_frames *f, struct ebt_bytes facts, unsigned ncpu,
			  uint64_t start_ns, int64_t mono_to_real_ns, struct ebt_buf *out);
/* Append an event, and before it what it needs: the clock, the names of user and cgroup. */
int ebt_save_frames_event(struct ebt_save_frames *f, const struct ebt_event *ev,
			  int64_t mono_to_real_ns, const struct ebt_model *names,
			  struct ebt_buf *out);
/* Append the end. */
int ebt_save_frames_end(struct ebt_save_frames *f, struct ebt_buf *out);
void ebt_save_frames_deinit(struct ebt_save_frames *f);

#endif
