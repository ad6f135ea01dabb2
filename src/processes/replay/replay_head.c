/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/replay_head.h"

#include <errno.h>

#include "base/log.h"
#include "processes/view/recorder.h"
#include "recording/player.h"

/* Records of different CPUs are not sorted by time: the earliest one is found among the first ones
 * that lie this close together, and among no more frames than this. */
#define HEAD_DISORDER_NS 1000000000u
#define HEAD_FRAMES	 4096

/* Return the time of the earliest event. The time of the START frame cannot be used, because a view
 * that is busy at its start writes that frame late. first is a record that was read already, or
 * NULL. */
static uint64_t head_first_event_ns(struct ebt_replay *pb, const struct ebt_frame *first)
{
	uint64_t earliest_ns = first ? ebt_player_time(first) : 0;
	struct ebt_frame f;

	for (unsigned i = 0; i < HEAD_FRAMES && ebt_parts_reader_next(pb->reader, &f) == 1; i++) {
		uint64_t ns = f.kind == EBT_FRAME_RECORD ? ebt_player_time(&f) : 0;

		if (ns && earliest_ns && ns > earliest_ns + HEAD_DISORDER_NS)
			break;
		if (ns && (!earliest_ns || ns < earliest_ns))
			earliest_ns = ns;
	}
	return earliest_ns;
}

/* If damage has left no clock, take it from the creation time in the header, which was near the
 * first event. */
static void head_restore_clock(struct ebt_replay *pb)
{
	struct ebt_frame_clock *clock = &pb->player.clock;
	uint64_t created_ns = ebt_parts_reader_created_ns(pb->reader);

	if (clock->mono_ns || !pb->first_ns)
		return;
	if (!created_ns) {
		ebt_warn("the recording has lost its clock: dates and times of day are unknown");
		return;
	}
	clock->mono_ns = pb->first_ns;
	clock->mono_to_real_ns = (int64_t)(created_ns - pb->first_ns);
	ebt_recorder_clock(pb->feed.view->recorder, clock->mono_ns, clock->mono_to_real_ns);
	ebt_warn("the recording has lost its clock: times of day are taken from its header, and "
		 "may be off by seconds");
}

int ebt_replay_read_head(struct ebt_replay *pb)
{
	uint64_t event_ns;
	struct ebt_frame f = { 0 };
	int got = 1;

	while (got == 1 && !pb->player.start.ncpu) {
		got = ebt_parts_reader_next(pb->reader, &f);
		if (got == 1 && (f.kind == EBT_FRAME_RECORD || f.kind == EBT_FRAME_STATUS))
			break; /* the head is damaged, but a later part may repeat it */
		if (got == 1)
			got = ebt_player_frame(&pb->player, &f) ? -ENOMEM : 1;
	}
	if (got == 1 && f.kind != EBT_FRAME_RECORD)
		got = 0;
	event_ns = head_first_event_ns(pb, got == 1 ? &f : NULL);
	ebt_parts_reader_rewind(pb->reader);
	ebt_player_restart(&pb->player);
	ebt_parts_reader_span(pb->reader, &pb->first_ns, &pb->last_ns);
	head_restore_clock(pb);
	if (!event_ns)
		event_ns = pb->player.start.mono_ns;
	if (event_ns > pb->first_ns && event_ns <= pb->last_ns)
		pb->first_ns = event_ns;
	return got < 0 ? got : 0;
}
