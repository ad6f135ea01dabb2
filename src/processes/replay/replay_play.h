/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_play.h - play the frames of a recording in time, at any speed, with pauses and jumps
 *
 * A recording is not trusted: it is read under the same system-call filter as live events. */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_PLAY_H
#define EBT_PROCESSES_REPLAY_REPLAY_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "config/options.h"
#include "ipc/filters.h"
#include "processes/replay/replay_filter.h"
#include "processes/view/feed.h"
#include "recording/parts.h"
#include "recording/player.h"

/* State of a playback. It owns reader, player and filter; replay_run.c initialises it. */
struct ebt_replay {
	struct ebt_feed feed;
	struct ebt_parts_reader *reader;
	struct ebt_player player;
	struct ebt_frame next; /* a frame that is read but not played; valid if have_next */
	bool have_next;
	bool at_end;
	bool paused;
	/* CLOCK_MONOTONIC times of the recording machine. Relative times count from first_ns, the
	 * time of the first event (that of START when there is none). */
	uint64_t first_ns, last_ns;
	/* difference from CLOCK_MONOTONIC to the time of day at first_ns */
	int64_t first_clock_ns;
	uint64_t from_ns, to_ns;	/* range to show; 0 and UINT64_MAX show all */
	uint32_t speed;			/* EBT_SPEED_MAX means as fast as possible */
	uint64_t base_ns, base_wall_ns; /* base_ns was played at the wall time base_wall_ns */
	uint64_t skip_until_ns;		/* a seek plays everything up to here at once */
	/* number of frames played from the beginning, and the highest number given to the writer */
	uint64_t played, recorded;
	uint64_t damage_told, parts_told;
	uint64_t limit_ns; /* play only up to here for now; 0 if there is no limit */
	struct ebt_replay_filter filter;
	bool progress;	      /* show progress on stderr */
	bool progress_shown;  /* a progress line is on the screen */
	uint64_t progress_ns; /* when it was shown last */
	int error;
	/* Members for the status of the screen. */
	struct ebt_params params; /* parameters as recorded */
	struct ebt_filters filters;
	uint32_t generation;
	bool jumped; /* a jump has ended since the last update of the screen */
	char filters_text[256], place[64];
};

/* Play the frames that are due, for at most budget_ns of wall time. */
void ebt_replay_step(struct ebt_replay *pb, uint64_t budget_ns);
/* Return the wall time until a frame is due in milliseconds: 0 for now, -1 for never (paused or at
 * the end). */
int ebt_replay_timeout_ms(const struct ebt_replay *pb);
/* Return the time of the recording as shown, which also advances between events unless paused. */
uint64_t ebt_replay_now_ns(const struct ebt_replay *pb);
/* Clear the progress line before a message on stderr. */
void ebt_replay_progress_clear(struct ebt_replay *pb);
/* Return whether limit_ns was reached. */
bool ebt_replay_limited(const struct ebt_replay *pb);
/* Jump by delta_ns; a jump back plays again from the beginning up to the destination. */
void ebt_replay_seek(struct ebt_replay *pb, int64_t delta_ns);
/* Double or halve the speed; above 1024 it is EBT_SPEED_MAX. */
void ebt_replay_speed(struct ebt_replay *pb, bool faster);

#endif
