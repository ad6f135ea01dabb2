/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * replay_play.h - play the frames of a recording in time, at any speed, with pauses and jumps. What a recording says is not trusted: it is read behind the same system-call
 * filter as live events.
 */
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

/* Owns reader, player and filter. Set up by replay_run.c. */
struct ebt_replay {
	struct ebt_feed feed;
	struct ebt_parts_reader *reader;
	struct ebt_player player;
	struct ebt_frame next; /* read, not played yet: when have_next */
	bool have_next;
	bool at_end;
	bool paused;
	uint64_t first_ns, last_ns;	/* of the recording, CLOCK_MONOTONIC of its machine */
	int64_t first_clock_ns;		/* from CLOCK_MONOTONIC to the time of day at first_ns */
	uint64_t from_ns, to_ns;	/* shown; 0 and UINT64_MAX: all */
	uint32_t speed;			/* EBT_SPEED_MAX: as fast as can be */
	uint64_t base_ns, base_wall_ns; /* at this wall time this was played */
	uint64_t skip_until_ns;		/* played at once up to here: a seek */
	uint64_t played, recorded; /* frames from the beginning; the most that the writer has got */
	uint64_t damage_told, parts_told;
	uint64_t limit_ns; /* played up to here and no further for now; 0: none */
	struct ebt_replay_filter filter;
	bool progress;	      /* on stderr */
	bool progress_shown;  /* a line of it is there */
	uint64_t progress_ns; /* when it was shown last */
	int error;
	/* For the status of the screen. */
	struct ebt_params params; /* as recorded */
	struct ebt_filters filters;
	uint32_t generation;
	bool jumped; /* a jump has ended since the screen was updated */
	char filters_text[256], place[64];
};

/* Return a time of --from or --to as CLOCK_MONOTONIC of the recording; `otherwise` when not given. */
uint64_t ebt_replay_time(const struct ebt_replay *pb, const struct ebt_option_time *t,
			 uint64_t otherwise);

/* Plays what is due, for at most budget_ns of wall time. */
void ebt_replay_step(struct ebt_replay *pb, uint64_t budget_ns);
/* Wall time until something is due: 0 now, -1 never (paused or at the end); milliseconds. */
int ebt_replay_timeout_ms(const struct ebt_replay *pb);
/* Time of the recording as shown: moves on between events unless paused. */
uint64_t ebt_replay_now_ns(const struct ebt_replay *pb);
/* Before something is said on stderr: takes the line of progress away until the next one. */
void ebt_replay_progress_clear(struct ebt_replay *pb);
/* Has limit_ns been reached? */
bool ebt_replay_limited(const struct ebt_replay *pb);
/* To a place delta_ns from here; back means to play from the beginning up to it. */
void ebt_replay_seek(struct ebt_replay *pb, int64_t delta_ns);
/* Twice as fast, half as fast; beyond 1024: max. */
void ebt_replay_speed(struct ebt_replay *pb, bool faster);

#endif
