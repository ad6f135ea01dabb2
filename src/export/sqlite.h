/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite.h - write events into a SQLite database (--sqlite; docs/sqlite.md describes tables and
 * queries)
 *
 * Rows are inserted by prepared statements, many per transaction; readers see whole transactions
 * (WAL). */
#ifndef EBT_EXPORT_SQLITE_H
#define EBT_EXPORT_SQLITE_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#include "decode/event.h"
#include "model/model.h"

struct ebt_sqlite;

/* Open or create the database and begin a new run in it. Return 0, or -errno with a sentence in why
 * (not a database, one of another program, no permission). names is borrowed. */
int ebt_sqlite_new(struct ebt_sqlite **out, const char *path, const struct ebt_model *names,
		   char *why, size_t why_len);
/* Commit the open transaction and close the database. *db may be NULL. */
void ebt_sqlite_free(struct ebt_sqlite **db);
/* Store one fact about the machine for this run. */
int ebt_sqlite_machine(struct ebt_sqlite *db, const char *name, const char *value);
/* Begin a transaction unless one is open, so that the events that follow are not refused because
 * another process writes. Return 0, -EBUSY while one does, or -EIO. */
int ebt_sqlite_begin(struct ebt_sqlite *db);

/* Events that could not be stored. */
struct ebt_sqlite_missed {
	uint64_t count;
	uint64_t mono_ns; /* when the first one was missed */
	int64_t mono_to_real_ns;
	const char *why;
};
/* Insert a row in lost, with the cause "database". Return 0, -EBUSY or -EIO. */
int ebt_sqlite_missed(struct ebt_sqlite *db, const struct ebt_sqlite_missed *missed);
/* Return how many inserted events were rolled back by failures since the last call. */
uint64_t ebt_sqlite_take_undone(struct ebt_sqlite *db);
/* Insert an event. On failure return -EIO (see ebt_sqlite_error()) and roll the transaction
 * back. */
int ebt_sqlite_event(struct ebt_sqlite *db, const struct ebt_event *ev, int64_t mono_to_real_ns);
/* Commit, so that readers see all events inserted so far. */
int ebt_sqlite_commit(struct ebt_sqlite *db);

/* Which rows stay; 0 stands for no limit. */
struct ebt_sqlite_limits {
	uint64_t keep_bytes;  /* of the pages in use */
	uint64_t keep_ns;     /* age, counted back from now_real_ns */
	uint64_t now_real_ns; /* CLOCK_REALTIME of the newest event */
};
/* Remove the oldest rows beyond the limits, in the open transaction. Return 0, -EBUSY or -EIO. */
int ebt_sqlite_prune(struct ebt_sqlite *db, const struct ebt_sqlite_limits *limits);
/* Return whether the file is no longer the one of that name: it was removed, renamed or replaced. */
bool ebt_sqlite_removed(struct ebt_sqlite *db);
/* Return SQLite's message about the last error, borrowed. */
const char *ebt_sqlite_error(const struct ebt_sqlite *db);

#endif
