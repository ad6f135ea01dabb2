/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_internal.h - what the database (sqlite.c) and its rows (sqlite_rows.c) share. */
#ifndef EBT_EXPORT_SQLITE_INTERNAL_H
#define EBT_EXPORT_SQLITE_INTERNAL_H

#include <sqlite3.h>

#include "export/sqlite.h"

enum ebt_sqlite_table {
	EBT_SQLITE_EXEC,
	EBT_SQLITE_EXIT,
	EBT_SQLITE_LOST,
	EBT_SQLITE_MACHINE,
	EBT_SQLITE_TABLES
};

struct ebt_sqlite {
	sqlite3 *db;
	sqlite3_stmt *insert[EBT_SQLITE_TABLES];
	const struct ebt_model *names;
	int64_t run;
	unsigned rows;		/* in the open transaction; 0: none is open */
	struct ebt_buf text[5]; /* bound until the row is in */
	char error[256];
};

/* Opens a transaction when there is none. -EIO. */
int ebt_sqlite_begin(struct ebt_sqlite *s);
/* Notes SQLite's words and rolls back. -EIO. */
int ebt_sqlite_fail(struct ebt_sqlite *s);

#endif
