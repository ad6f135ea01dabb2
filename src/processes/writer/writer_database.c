/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/writer/writer_database.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "config/options.h"
#include "model/model.h"

/* maximum bytes of frames that wait in memory: about 100,000 execs of a build */
#define WAITING_MAX (32u << 20)
/* interval of the attempts while another process holds a lock, and after an error */
#define RETRY_LOCK_NS  100000000u
#define RETRY_ERROR_NS 1000000000u
/* After each commit the database is left to others for so long, in which events wait in memory. SQLite's
 * own way of waiting for a lock tries every tenth of a second. */
#define REST_NS 110000000u
/* A lock that is held longer is reported. */
#define SAY_NS 5000000000ull
/* A disk that stays full is reported once in this time. */
#define SAY_AGAIN_NS 60000000000ull
/* time to wait at the end for a lock, and for a disk that is full; and the interval of the attempts. The
 * view waits a little longer for a writer that does not get on (recorder.c). */
#define LAST_LOCK_MS 10000
#define LAST_FULL_MS 3000
#define LAST_STEP_MS 50
/* interval at which old rows are removed */
#define PRUNE_NS 10000000000ull

static void database_miss(struct ebt_writer_database *d, uint64_t count, uint64_t mono_ns)
{
	if (count && !d->missed)
		d->missed_ns = mono_ns;
	d->missed += count;
	d->missed_all += count;
}

/* Note that the database has refused a row or a transaction: what was not committed is lost. */
static void database_failed(struct ebt_writer_database *d)
{
	uint64_t now_ns = ebt_mono_ns();

	database_miss(d, ebt_sqlite_take_undone(d->sqlite), d->player.now_ns);
	if (!d->stuck_ns)
		d->stuck_ns = now_ns;
	d->locked = false;
	d->retry_ns = now_ns + RETRY_ERROR_NS;
	if (d->told || (d->told_ns && now_ns - d->told_ns < SAY_AGAIN_NS))
		return;
	d->told = d->failed = true;
	d->told_ns = now_ns;
	snprintf(d->said, sizeof(d->said),
		 "cannot write %s: %s; events are missing in it, and it is tried again", d->path,
		 ebt_sqlite_error(d->sqlite));
}

static void database_on_event(const struct ebt_event *ev, void *arg)
{
	struct ebt_writer_database *d = arg;

	if (ev->type == EBT_EVENT_REPLACED)
		return;
	if (!d->discard && ebt_sqlite_event(d->sqlite, ev, d->player.clock.mono_to_real_ns) == 0)
		return;
	if (!d->discard)
		database_failed(d);
	/* The rest of the frame would begin a transaction of its own. */
	d->discard = true;
	database_miss(d, 1, ev->mono_ns);
}

static const struct ebt_player_ops database_player_ops = { .event = database_on_event };

static void database_store_facts(struct ebt_writer_database *d)
{
	const char *fact, *value;
	char name[64];
	size_t at = 0;

	while ((fact = ebt_facts_next(&d->player.facts, &at))) {
		value = strchr(fact, '=');
		snprintf(name, sizeof(name), "%.*s", (int)(value - fact), fact);
		if (ebt_sqlite_machine(d->sqlite, name, value + 1))
			database_failed(d);
	}
}

static void database_play(struct ebt_writer_database *d, const struct ebt_frame *f)
{
	ebt_player_frame(&d->player, f);
	if (f->kind == EBT_FRAME_META && !d->facts_stored && !d->discard) {
		d->facts_stored = true;
		database_store_facts(d);
	}
}

/* Record what was missed, once the database can be written, and commit that alone: in a transaction
 * with the rows that follow it would be rolled back with them, and nobody would count it again. */
static int database_put_missed(struct ebt_writer_database *d)
{
	char why[300];
	const struct ebt_sqlite_missed missed = { d->missed, d->missed_ns,
						  d->player.clock.mono_to_real_ns, why };
	int err;

	if (!d->missed)
		return 0;
	snprintf(why, sizeof(why), "the database could not be written for a time: %s",
		 ebt_sqlite_error(d->sqlite));
	err = ebt_sqlite_missed(d->sqlite, &missed);
	if (!err)
		err = ebt_sqlite_commit(d->sqlite);
	if (err) {
		database_failed(d);
		return err;
	}
	d->missed = 0;
	return ebt_sqlite_begin(d->sqlite);
}

/* Return whether rows can be inserted now. */
static bool database_is_ready(struct ebt_writer_database *d)
{
	uint64_t now_ns = d->stuck_ns || d->rest_ns ? ebt_mono_ns() : 0;
	int err;

	if (d->stuck_ns && now_ns < d->retry_ns)
		return false;
	if (now_ns < d->rest_ns && d->waiting.len < WAITING_MAX / 2)
		return false;
	d->rest_ns = 0;
	err = ebt_sqlite_begin(d->sqlite);
	if (err == -EBUSY) {
		now_ns = ebt_mono_ns();
		if (!d->stuck_ns)
			d->stuck_ns = now_ns;
		d->locked = true;
		d->retry_ns = now_ns + RETRY_LOCK_NS;
		if (!d->told && now_ns - d->stuck_ns > SAY_NS) {
			d->told = true;
			snprintf(d->said, sizeof(d->said),
				 "%s is locked by another process: events wait in memory", d->path);
		}
		return false;
	}
	if (err) {
		database_failed(d);
		return false;
	}
	if (database_put_missed(d))
		return false;
	d->stuck_ns = 0;
	d->told = d->discard = false;
	return true;
}

/* Play the frames that wait, for as long as the database takes them; with discard, all of them. */
static void database_drain(struct ebt_writer_database *d, bool discard)
{
	const char *begin = d->waiting.data, *at = begin, *end = begin + d->waiting.len;
	struct ebt_frame f;

	if (!d->waiting.len)
		return;
	while (discard || database_is_ready(d)) {
		if (ebt_frame_next(&at, end, &f) != 1)
			break;
		d->discard = discard;
		database_play(d, &f);
	}
	if (at == begin)
		return;
	memmove(d->waiting.data, at, (size_t)(end - at));
	d->waiting.len = (size_t)(end - at);
}

void ebt_writer_database_frame(struct ebt_writer_database *d, const struct ebt_frame *f)
{
	const struct ebt_bytes data = { f->data, f->len };

	if (!d->sqlite)
		return;
	database_drain(d, false);
	if (!d->waiting.len && database_is_ready(d)) {
		database_play(d, f);
		return;
	}
	if (ebt_frame_append(&d->waiting, (enum ebt_frame_kind)f->kind, &data, 1))
		d->waiting.error = 0;
	if (d->waiting.len > WAITING_MAX) {
		database_drain(d, true);
		d->failed = true;
		snprintf(d->said, sizeof(d->said),
			 "%s cannot be written for too long: events are missing in it", d->path);
	}
}

/* Remove old rows from time to time. Their age counts from the newest event, which in a replay lies in
 * the past. */
static void database_prune(struct ebt_writer_database *d, bool last)
{
	const struct ebt_sqlite_limits limits = {
		d->keep_bytes, d->keep_ns,
		d->player.now_ns + (uint64_t)d->player.clock.mono_to_real_ns
	};
	uint64_t now_ns = ebt_mono_ns();

	if ((!d->keep_bytes && !d->keep_ns) || !d->player.now_ns ||
	    (!last && now_ns - d->pruned_ns < PRUNE_NS) || !database_is_ready(d))
		return;
	d->pruned_ns = now_ns;
	if (ebt_sqlite_prune(d->sqlite, &limits))
		database_failed(d);
}

void ebt_writer_database_flush(struct ebt_writer_database *d, bool last)
{
	if (!d->sqlite)
		return;
	if (last)
		d->rest_ns = 0;
	database_drain(d, false);
	for (int ms = 0; last && (d->waiting.len || d->missed) &&
			 ms < (d->locked ? LAST_LOCK_MS : LAST_FULL_MS);
	     ms += LAST_STEP_MS) {
		poll(NULL, 0, LAST_STEP_MS);
		if (database_is_ready(d))
			database_drain(d, false);
	}
	database_prune(d, last);
	if (ebt_sqlite_commit(d->sqlite))
		database_failed(d);
	d->rest_ns = ebt_mono_ns() + REST_NS;
	if (last && ebt_sqlite_removed(d->sqlite)) {
		d->failed = true;
		snprintf(
			d->said, sizeof(d->said),
			"%s was removed or renamed while it was written: what was stored is not there",
			d->path);
		return;
	}
	if (!last || (!d->waiting.len && !d->missed))
		return;
	database_drain(d, true);
	d->failed = true;
	snprintf(d->said, sizeof(d->said),
		 "cannot write %s: %s; %" PRIu64 " events of this run are missing in it", d->path,
		 ebt_sqlite_error(d->sqlite), d->missed_all);
}

int ebt_writer_database_open(struct ebt_writer_database *d, const char *path, char *why,
			     size_t why_len)
{
	struct ebt_model_options mo = { .history_bytes = EBT_HISTORY_MIN, .ncpu = 1 };
	int err = ebt_model_new(&d->names, &mo);

	ebt_player_init(&d->player, &database_player_ops, d);
	d->path = path;
	d->player.names = d->names;
	return err ? err : ebt_sqlite_new(&d->sqlite, path, d->names, why, why_len);
}

void ebt_writer_database_free(struct ebt_writer_database *d)
{
	ebt_sqlite_free(&d->sqlite);
	if (d->path)
		ebt_player_deinit(&d->player);
	ebt_model_free(&d->names);
	ebt_buf_free(&d->waiting);
}
