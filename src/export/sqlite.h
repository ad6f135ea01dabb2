/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sqlite.h - events into a SQLite database (--sqlite; docs/sqlite.md has tables and queries). Rows
 * go in with prepared statements, many to a transaction; readers see whole transactions (WAL).
 */
#ifndef EBT_EXPORT_SQLITE_H
#define EBT_EXPORT_SQLITE_H

#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "model/model.h"

struct ebt_sqlite;

/* Opens or creates the database and begins a new run in it. -errno with a sentence in why: not a
 * database, one of another program, no rights. names is borrowed. */
int ebt_sqlite_new(struct ebt_sqlite **out, const char *path, const struct ebt_model *names,
		   char *why, size_t why_len);
/* Commits what is open; NULL is fine. */
void ebt_sqlite_free(struct ebt_sqlite **db);
/* A fact of the machine, of this run. */
int ebt_sqlite_machine(struct ebt_sqlite *db, const char *name, const char *value);
/* -EIO: see ebt_sqlite_error; the transaction is rolled back. */
int ebt_sqlite_event(struct ebt_sqlite *db, const struct ebt_event *ev, int64_t mono_to_real_ns);
/* Makes what came so far visible to readers. */
int ebt_sqlite_commit(struct ebt_sqlite *db);
/* What went wrong, in SQLite's words; borrowed. */
const char *ebt_sqlite_error(const struct ebt_sqlite *db);

#endif
