/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite.h - write events into a SQLite database (--sqlite; docs/sqlite.md describes tables and
 * queries)
 *
 * Rows are inserted by prepared statements, many per transaction; readers see whole transactions
 * (WAL). */
#ifndef EBT_EXPORT_SQLITE_H
#define EBT_EXPORT_SQLITE_H

#include <stddef.h>
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
/* Insert an event. On failure return -EIO (see ebt_sqlite_error()) and roll the transaction
 * back. */
int ebt_sqlite_event(struct ebt_sqlite *db, const struct ebt_event *ev, int64_t mono_to_real_ns);
/* Commit, so that readers see all events inserted so far. */
int ebt_sqlite_commit(struct ebt_sqlite *db);
/* Return SQLite's message about the last error, borrowed. */
const char *ebt_sqlite_error(const struct ebt_sqlite *db);

#endif
