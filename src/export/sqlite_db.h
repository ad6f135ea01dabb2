/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_db.h - the open database and its transactions, for src/export/sqlite*.c only */
#ifndef EBT_EXPORT_SQLITE_DB_H
#define EBT_EXPORT_SQLITE_DB_H

#include <sqlite3.h>
#include <stdint.h>

#include "base/bytes.h"
#include "model/model.h"

enum ebt_sqlite_table {
	EBT_SQLITE_EXEC,
	EBT_SQLITE_EXIT,
	EBT_SQLITE_LOST,
	EBT_SQLITE_MACHINE,
	EBT_SQLITE_TABLES
};

#define EBT_SQLITE_TEXTS 8 /* maximum number of texts that are built for one row */

struct ebt_sqlite {
	sqlite3 *db;
	sqlite3_stmt *insert[EBT_SQLITE_TABLES];
	const struct ebt_model *names;	       /* borrowed */
	int64_t run;			       /* number of this run in the database */
	unsigned rows;			       /* 0: no transaction is open; else 1 and its rows */
	unsigned events;		       /* events among them */
	uint64_t undone;		       /* events of transactions that were rolled back */
	struct ebt_buf text[EBT_SQLITE_TEXTS]; /* texts that are bound until the row is inserted */
	char error[256];
};

/* Copy SQLite's message to error and roll the transaction back. Return -EIO. */
int ebt_sqlite_db_fail(struct ebt_sqlite *s);
/* Run SQL that returns no rows. Return 0 or -EIO. */
int ebt_sqlite_db_run(struct ebt_sqlite *s, const char *sql);
/* Return the number that a query returns, or 0 if it returns none. */
int64_t ebt_sqlite_db_number(struct ebt_sqlite *s, const char *sql);
/* Begin a transaction that may write, unless one is open. Return 0, -EBUSY while another process
 * writes, or -EIO. */
int ebt_sqlite_db_begin(struct ebt_sqlite *s);
/* Commit the open transaction, if any. Return 0 or -EIO. */
int ebt_sqlite_db_commit(struct ebt_sqlite *s);

#endif
