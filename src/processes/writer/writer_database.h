/* SPDX-License-Identifier: BSD-3-Clause */
/* writer_database.h - write the database of --sqlite in spite of other processes that lock it and
 * of a disk that is full for a time
 *
 * Frames wait in memory meanwhile, up to a limit. What is missed is counted, and recorded in the
 * table lost when the database can be written again. One thread. */
#ifndef EBT_PROCESSES_WRITER_WRITER_DATABASE_H
#define EBT_PROCESSES_WRITER_WRITER_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/sqlite.h"
#include "recording/player.h"

/* Owns everything but path. */
struct ebt_writer_database {
	struct ebt_sqlite *sqlite; /* NULL: there is no database */
	const char *path;
	struct ebt_model *names; /* of users and cgroups */
	struct ebt_player player;
	struct ebt_buf waiting;	      /* whole frames */
	uint64_t keep_bytes, keep_ns; /* limits of --keep; set them after opening; 0: none */
	uint64_t pruned_ns;	      /* when old rows were removed, CLOCK_MONOTONIC */
	uint64_t missed;     /* events that are not in the database, nor in its table lost */
	uint64_t missed_all; /* events of the run that are not in the database */
	uint64_t missed_ns;  /* when the first of them was missed, as events are timed */
	uint64_t rest_ns;    /* until when others may write, CLOCK_MONOTONIC; 0: no more */
	uint64_t stuck_ns, retry_ns; /* since when it waits, when to try again; CLOCK_MONOTONIC */
	bool locked;		     /* it waits for another process, not for the disk */
	bool discard;		     /* events are counted only */
	bool facts_stored;
	bool told;
	uint64_t told_ns; /* when a failure was reported last, CLOCK_MONOTONIC; 0: never */
	char said[240];	  /* a sentence for the user; empty if there is none */
	bool failed;	  /* said is about events that are missing */
};

/* Open the database. path is borrowed. Return 0, or -errno with a sentence in why. */
int ebt_writer_database_open(struct ebt_writer_database *d, const char *path, char *why,
			     size_t why_len);
/* Store the contents of the frame, or keep the frame for later. */
void ebt_writer_database_frame(struct ebt_writer_database *d, const struct ebt_frame *f);
/* Store the frames that wait, and commit. If it is the last time, wait some seconds for another
 * process that holds a lock. */
void ebt_writer_database_flush(struct ebt_writer_database *d, bool last);
/* Close it and free everything. */
void ebt_writer_database_free(struct ebt_writer_database *d);

#endif
