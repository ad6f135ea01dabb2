/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * player.h - frames of a recording back into what the view lived through: events, losses, counters,
 * in the same order. Used by replay and export, and by the writer process for SQLite and metrics.
 */
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
	/* An event, a loss or a note. */
	void (*event)(const struct ebt_event *ev, void *arg);
	/* Fresh counters are in the player; what they say of losses was given out before. May be
	 * NULL. */
	void (*status)(const struct ebt_player *player, void *arg);
};

struct ebt_player {
	const struct ebt_player_ops *ops;
	void *arg;
	struct ebt_model
		*names; /* borrowed: gets user and cgroup names and processes; NULL: none */
	struct ebt_decoder *decoder; /* from the first frame on that needs it */
	struct ebt_facts facts;
	struct ebt_frame_clock clock;
	struct ebt_frame_start start; /* what runs; ncpu 0: not known yet */
	struct ebt_frame_status status;
	struct ebt_frame_end end; /* mono_ns 0: no end seen */
	uint64_t now_ns;	  /* time of the last frame that had one, never falling */
	unsigned ncpu;
	struct ebt_cpu_counters *counters; /* a CPU */
	uint64_t *received, *gaps;
	struct ebt_lost_told *told; /* which losses have been told, a CPU */
	bool have_status;
};

/* ops and arg, names too, are borrowed. Nothing is allocated yet. */
void ebt_player_init(struct ebt_player *player, const struct ebt_player_ops *ops, void *arg);
void ebt_player_deinit(struct ebt_player *player);

/* 0; -ENOMEM. What a frame says wrongly is passed over (ebt_decoder_stats counts bad records). */
int ebt_player_frame(struct ebt_player *player, const struct ebt_frame *frame);
/* Give out the incomplete events that began more than max_age_ns before now_ns; all with 0. */
void ebt_player_flush(struct ebt_player *player, uint64_t now_ns, uint64_t max_age_ns);
/* CLOCK_MONOTONIC time of a frame; 0: it has none. */
uint64_t ebt_player_time(const struct ebt_frame *frame);
/* The counters of the last status, for whoever has been told of one. */
void ebt_player_give_buffers(const struct ebt_player *player, struct ebt_model *model);
/* Back to before the first frame: decoder and counters begin anew, facts and names stay. */
void ebt_player_restart(struct ebt_player *player);

#endif
