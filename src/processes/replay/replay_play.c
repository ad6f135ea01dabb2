/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/replay_play.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/format.h"
#include "base/log.h"
#include "processes/replay/replay_range.h"
#include "processes/view/view.h"

#define LOOK_FRAMES 64	       /* frames to play between two readings of the clock */
#define PROGRESS_NS 200000000u /* interval of updates */
#define WAIT_MAX_MS 60000      /* a longer wait is split */
/* Frames of different CPUs are not sorted by time, so the end is only reached when this much later
 * is read. */
#define DISORDER_NS 1000000000ull

/* A pause holds until a seek, and again after it. */
static bool replay_is_held(const struct ebt_replay *pb)
{
	return pb->paused && !pb->skip_until_ns;
}

uint64_t ebt_replay_now_ns(const struct ebt_replay *pb)
{
	uint64_t at_ns = pb->player.now_ns ? pb->player.now_ns : pb->first_ns, wall_ns;

	if (pb->at_end || pb->paused || pb->speed == EBT_SPEED_MAX || at_ns < pb->skip_until_ns)
		return at_ns;
	wall_ns = ebt_mono_ns() - pb->base_wall_ns;
	at_ns = pb->base_ns + wall_ns * pb->speed;
	return at_ns > pb->player.now_ns ? at_ns : pb->player.now_ns;
}

/* Measure time from here. */
static void replay_rebase(struct ebt_replay *pb)
{
	pb->base_ns = pb->player.now_ns ? pb->player.now_ns : pb->first_ns;
	pb->base_wall_ns = ebt_mono_ns();
}

/* Return the recorded time up to which frames are due. */
static uint64_t replay_due_unlimited_ns(const struct ebt_replay *pb)
{
	if (pb->speed == EBT_SPEED_MAX)
		return UINT64_MAX;
	if (pb->player.now_ns < pb->skip_until_ns)
		return pb->skip_until_ns;
	return pb->base_ns + (ebt_mono_ns() - pb->base_wall_ns) * pb->speed;
}

static uint64_t replay_due_ns(const struct ebt_replay *pb)
{
	uint64_t due = replay_due_unlimited_ns(pb);

	return pb->limit_ns && pb->limit_ns < due ? pb->limit_ns : due;
}

bool ebt_replay_limited(const struct ebt_replay *pb)
{
	return pb->limit_ns && pb->have_next && ebt_player_time(&pb->next) > pb->limit_ns;
}

/* Clear the progress line, so that the next message begins a line. */
void ebt_replay_progress_clear(struct ebt_replay *pb)
{
	if (!pb->progress_shown)
		return;
	fputs("\r\x1b[K", stderr);
	fflush(stderr);
	pb->progress_shown = false;
}

static void replay_show_progress(struct ebt_replay *pb)
{
	uint64_t now_ns = pb->progress ? ebt_mono_ns() : 0, size;

	if (!pb->progress || now_ns - pb->progress_ns < PROGRESS_NS)
		return;
	pb->progress_ns = now_ns;
	pb->progress_shown = true;
	size = ebt_parts_reader_size(pb->reader);
	fprintf(stderr, "\rreading the recording: %3u%%",
		size ? (unsigned)(ebt_parts_reader_offset(pb->reader) * 100 / size) : 100);
	fflush(stderr);
}

/* Add a note to the recorded events at the present time, and print it to stderr. */
static void replay_note(struct ebt_replay *pb, const char *text)
{
	struct ebt_event ev = { .type = EBT_EVENT_NOTE, .mono_ns = pb->player.now_ns };

	ev.note.text = ebt_bytes_from(text);
	pb->player.ops->event(&ev, pb->player.arg);
	ebt_replay_progress_clear(pb);
	ebt_warn("%s", text);
}

static void replay_local_time(uint64_t real_ns, char out[32])
{
	time_t at = (time_t)(real_ns / 1000000000u);
	struct tm tm;

	localtime_r(&at, &tm);
	strftime(out, 32, "%Y-%m-%d %H:%M:%S", &tm);
}

/* Say between which times the events of missing files were. */
static void replay_missing_span(const struct ebt_replay *pb, const struct ebt_file_damage *damage,
				char *out, size_t len)
{
	uint64_t offset = (uint64_t)pb->player.clock.mono_to_real_ns;
	char from[32], to[32];

	if (!damage->parts_from_ns || !damage->parts_to_ns) {
		snprintf(out, len, "are missing here");
		return;
	}
	replay_local_time(damage->parts_from_ns + offset, from);
	replay_local_time(damage->parts_to_ns + offset, to);
	snprintf(out, len, "from %s to %s are missing here", from, to);
}

static void replay_note_damage(struct ebt_replay *pb)
{
	struct ebt_file_damage damage = ebt_parts_reader_damage(pb->reader);
	char text[240], span[128];

	if (damage.parts > pb->parts_told) {
		replay_missing_span(pb, &damage, span, sizeof(span));
		snprintf(text, sizeof(text),
			 "%llu of the recording's files are missing or cannot be read: events %s",
			 (unsigned long long)(damage.parts - pb->parts_told), span);
		pb->parts_told = damage.parts;
		replay_note(pb, text);
	}
	if (damage.bytes <= pb->damage_told)
		return;
	snprintf(text, sizeof(text),
		 damage.tail
			 ? "the recording ends in the middle: its last %llu bytes are incomplete"
			 : "%llu bytes of the recording are damaged: events are missing here",
		 (unsigned long long)(damage.bytes - pb->damage_told));
	pb->damage_told = damage.bytes;
	replay_note(pb, text);
}

/* Damage in the middle of the last block was already reported. */
static void replay_note_no_end(struct ebt_replay *pb, bool all_read)
{
	if (all_read && !pb->error && !pb->player.end.mono_ns &&
	    !ebt_parts_reader_damage(pb->reader).tail)
		replay_note(
			pb,
			pb->player.continues
				? "the recording goes on in its next file, which was not read"
				: "the recording has no end: its writer is still at work, or was "
				  "stopped before the rest was written");
}

/* all_read means the end of the file, not of the requested time. */
static void replay_finish(struct ebt_replay *pb, bool all_read)
{
	pb->at_end = true;
	pb->skip_until_ns = 0;
	ebt_player_flush(&pb->player, pb->player.now_ns, 0);
	ebt_replay_progress_clear(pb);
	replay_note_damage(pb);
	replay_note_no_end(pb, all_read);
	if (pb->feed.view->options->cgroup && !pb->filter.in_cgroup)
		ebt_warn("--cgroup %s: no exec of the recording was in it or below it",
			 pb->feed.view->options->cgroup);
}

/* Read the next frame into pb->next. Return false at the end. */
static bool replay_look(struct ebt_replay *pb)
{
	int got;

	if (pb->have_next)
		return true;
	got = ebt_parts_reader_next(pb->reader, &pb->next);
	if (got <= 0) {
		pb->error = got;
		replay_finish(pb, true);
		return false;
	}
	pb->have_next = true;
	if (ebt_parts_reader_damaged(pb->reader))
		replay_note_damage(pb);
	return true;
}

/* Follow the recording's clock: after a suspend of its machine the times of day have moved. */
static void replay_follow_clock(struct ebt_replay *pb)
{
	int64_t clock_ns = pb->player.clock.mono_to_real_ns;
	uint64_t from_ns = pb->from_ns;

	if (clock_ns == pb->feed.view->mono_to_real_ns)
		return;
	ebt_view_set_clock(pb->feed.view, clock_ns);
	/* Times of day that lie ahead. */
	ebt_replay_range(pb);
	if (pb->skip_until_ns && pb->skip_until_ns == from_ns)
		pb->skip_until_ns = pb->from_ns;
}

static void replay_play(struct ebt_replay *pb)
{
	int err = ebt_player_frame(&pb->player, &pb->next);

	/* Frames that are played again after a jump back have been recorded already. */
	if (++pb->played > pb->recorded) {
		pb->recorded = pb->played;
		ebt_recorder_frame(pb->feed.view->recorder, &pb->next);
	}
	if (pb->next.kind == EBT_FRAME_CLOCK)
		replay_follow_clock(pb);
	pb->have_next = false;
	if (err) {
		pb->error = err;
		replay_finish(pb, false);
	} else if (pb->player.now_ns > pb->to_ns && pb->player.now_ns - pb->to_ns > DISORDER_NS) {
		replay_finish(pb, false);
	}
}

void ebt_replay_step(struct ebt_replay *pb, uint64_t budget_ns)
{
	uint64_t end_ns = ebt_mono_ns() + budget_ns, until_ns = replay_due_ns(pb);

	if (pb->paused)
		replay_rebase(pb);
	while (!pb->at_end && !replay_is_held(pb)) {
		for (int i = 0; i < LOOK_FRAMES && !pb->at_end; i++) {
			if (!replay_look(pb) || ebt_player_time(&pb->next) > until_ns)
				return;
			replay_play(pb);
			if (pb->skip_until_ns && pb->player.now_ns >= pb->skip_until_ns) {
				pb->skip_until_ns = 0;
				replay_rebase(pb);
				until_ns = replay_due_ns(pb);
			}
		}
		replay_show_progress(pb);
		if (ebt_mono_ns() >= end_ns)
			return;
	}
}

int ebt_replay_timeout_ms(const struct ebt_replay *pb)
{
	uint64_t at_ns, due, wait_ms;

	if (pb->at_end || replay_is_held(pb))
		return -1;
	due = replay_due_ns(pb);
	at_ns = pb->have_next ? ebt_player_time(&pb->next) : 0;
	if (at_ns <= due)
		return 0;
	wait_ms = (at_ns - due) / pb->speed / 1000000;
	return wait_ms < WAIT_MAX_MS ? (int)wait_ms + 1 : WAIT_MAX_MS;
}

static void replay_restart(struct ebt_replay *pb)
{
	ebt_parts_reader_rewind(pb->reader);
	ebt_player_restart(&pb->player);
	ebt_model_clear(pb->feed.view->model);
	pb->have_next = pb->at_end = false;
	pb->played = 0;
}

void ebt_replay_seek(struct ebt_replay *pb, int64_t delta_ns)
{
	/* A seek during another one starts from the destination of that one. */
	uint64_t now_ns = pb->skip_until_ns ? pb->skip_until_ns : ebt_replay_now_ns(pb);
	uint64_t to_ns = delta_ns < 0 && now_ns < pb->first_ns + (uint64_t)-delta_ns
				 ? pb->first_ns
				 : now_ns + (uint64_t)delta_ns;

	if (pb->at_end && delta_ns > 0)
		return;
	/* At the highest speed the playback cannot stop at a position. */
	if (pb->speed == EBT_SPEED_MAX)
		pb->speed = 1;
	if (delta_ns < 0)
		replay_restart(pb);
	pb->skip_until_ns = to_ns;
	replay_rebase(pb);
}

void ebt_replay_speed(struct ebt_replay *pb, bool faster)
{
	if (faster)
		pb->speed = pb->speed >= 1024 ? EBT_SPEED_MAX : pb->speed * 2;
	else if (pb->speed == EBT_SPEED_MAX)
		pb->speed = 1024;
	else if (pb->speed > 1)
		pb->speed /= 2;
	replay_rebase(pb);
}
