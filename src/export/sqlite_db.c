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
	s->undone += s->events;
	s->rows = s->events = 0;
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
	int rc;

	if (s->rows)
		return 0;
	/* Take the lock for writing now: no row is lost when somebody else holds it. */
	rc = sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc == SQLITE_OK) {
		s->rows = 1;
		return 0;
	}
	ebt_sqlite_db_fail(s);
	return (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED ? -EBUSY : -EIO;
}

int ebt_sqlite_db_commit(struct ebt_sqlite *s)
{
	int err;

	if (!s->rows)
		return 0;
	err = ebt_sqlite_db_run(s, "COMMIT");
	s->rows = s->events = 0;
	return err;
}
