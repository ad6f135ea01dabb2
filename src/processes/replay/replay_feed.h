/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * replay_feed.h - a recording in place of tracing (-r): the same view, frames, lines, and the
 * exports. Needs no root. What a recording says is not trusted: it is read behind the same
 * system-call filter as live events.
 */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_FEED_H
#define EBT_PROCESSES_REPLAY_REPLAY_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "config/options.h"
#include "processes/replay/replay_filter.h"
#include "recording/parts.h"
#include "recording/player.h"

struct ebt_view;

struct ebt_playback {
	struct ebt_view *view;
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
	struct ebt_exporter *export; /* events go there in place of the view; NULL: none */
	bool progress;		     /* on stderr */
	bool progress_shown;	     /* a line of it is there */
	uint64_t progress_ns;	     /* when it was shown last */
	int error;
};

/* The whole run; an exit status. */
int ebt_playback_run(const struct ebt_options *options);

/* The recording's times of day are others from here on: its machine was suspended. */
void ebt_playback_follow_clock(struct ebt_playback *pb);

/* Plays what is due, for at most budget_ns of wall time. */
void ebt_playback_step(struct ebt_playback *pb, uint64_t budget_ns);
/* Wall time until something is due: 0 now, -1 never (paused or at the end); milliseconds. */
int ebt_playback_timeout_ms(const struct ebt_playback *pb);
/* Time of the recording as shown: moves on between events unless paused. */
uint64_t ebt_playback_now_ns(const struct ebt_playback *pb);
/* Before something is said on stderr: takes the line of progress away until the next one. */
void ebt_playback_progress_clear(struct ebt_playback *pb);
/* Has limit_ns been reached? */
bool ebt_playback_limited(const struct ebt_playback *pb);
/* To a place delta_ns from here; back means to play from the beginning up to it. */
void ebt_playback_seek(struct ebt_playback *pb, int64_t delta_ns);
/* Twice as fast, half as fast; beyond 1024: max. */
void ebt_playback_speed(struct ebt_playback *pb, bool faster);

#endif
