/* SPDX-License-Identifier: BSD-3-Clause */
/* player.h - convert the frames of a recording back into the events, losses and counters of the
 * view, in the same order
 *
 * Replay and export use it, and the writer process for SQLite and metrics. */
#ifndef EBT_RECORDING_PLAYER_H
#define EBT_RECORDING_PLAYER_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/types.h>

#include "decode/decode.h"
#include "decode/lost.h"
#include "ebt_abi.h"
#include "model/model.h"
#include "recording/frame.h"
#include "recording/machine_facts.h"

struct ebt_player;

struct ebt_player_ops {
	/* Called for an event, a loss or a note. */
	void (*event)(const struct ebt_event *ev, void *arg);
	/* Called when the player has new counters; the losses in them were passed to event before.
	 * May be NULL. */
	void (*status)(const struct ebt_player *player, void *arg);
};

struct ebt_player {
	const struct ebt_player_ops *ops;
	void *arg;
	struct ebt_model
		/* borrowed; gets the names of users and cgroups, and processes; may be NULL */
		*names;
	struct ebt_decoder *decoder; /* created by the first frame that needs it */
	struct ebt_facts facts;
	struct ebt_frame_clock clock;
	struct ebt_frame_start start; /* about the run; ncpu is 0 while it is unknown */
	struct ebt_frame_status status;
	struct ebt_frame_end end; /* mono_ns is 0 if there was no end frame */
	bool continues;	 /* the last frame said that the recording goes on in another file */
	uint64_t now_ns; /* time of the last frame that had one; it never decreases */
	unsigned ncpu;
	struct ebt_cpu_counters *counters; /* one per CPU */
	uint64_t *received, *gaps;
	struct ebt_lost_told *told; /* which losses have been told, a CPU */
	bool have_status;
};

/* Initialise a player. ops, arg and names are borrowed. Nothing is allocated yet. */
void ebt_player_init(struct ebt_player *player, const struct ebt_player_ops *ops, void *arg);
void ebt_player_deinit(struct ebt_player *player);

/* Process a frame. Return 0 or -ENOMEM. Invalid contents are skipped (ebt_decoder_stats counts bad
 * records). */
int ebt_player_frame(struct ebt_player *player, const struct ebt_frame *frame);
/* Give out the incomplete events that began more than max_age_ns before now_ns, or all of them if
 * that is 0. */
void ebt_player_flush(struct ebt_player *player, uint64_t now_ns, uint64_t max_age_ns);
/* Return the CLOCK_MONOTONIC time of a frame, or 0 if it has none. */
uint64_t ebt_player_time(const struct ebt_frame *frame);
/* Give the counters of the last status to the model. Call it after status was called. */
void ebt_player_give_buffers(const struct ebt_player *player, struct ebt_model *model);
/* Return to the state before the first frame: decoder and counters start anew, facts and names
 * stay. */
void ebt_player_restart(struct ebt_player *player);

#endif
