/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_db.c - run statements and transactions of the database */
#include "export/sqlite_db.h"

#include <errno.h>
#include <stdio.h>

int ebt_sqlite_db_fail(struct ebt_sqlite *s)
{
	snprintf(s->error, sizeof(s->error), "SQLite: %s",
		 s->db ? sqlite3_errmsg(s->db) : "no memory");
	if (s->db && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->rows = 0;
	return -EIO;
}

int ebt_sqlite_db_run(struct ebt_sqlite *s, const char *sql)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : ebt_sqlite_db_fail(s);
}

int64_t ebt_sqlite_db_number(struct ebt_sqlite *s, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = 0;

	if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

int ebt_sqlite_db_begin(struct ebt_sqlite *s)
{
	return s->rows ? 0 : ebt_sqlite_db_run(s, "BEGIN");
}

int ebt_sqlite_db_commit(struct ebt_sqlite *s)
{
	if (!s->rows)
		return 0;
	s->rows = 0;
	return ebt_sqlite_db_run(s, "COMMIT");
}
