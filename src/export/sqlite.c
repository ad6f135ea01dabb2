/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite.c - open and close the database (--sqlite) */
#include "export/sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/output_place.h"
#include "export/sqlite_rows.h"
#include "export/sqlite_schema.h"

/* Time to wait for another process that is writing to the database. */
#define BUSY_MS 10000
/* Later the caller keeps the events and tries again, because a recording must not wait. */
#define BUSY_LATER_MS 10
/* Rows of a transaction. */
#define TRANSACTION_ROWS 10000

/* Open the database at a path that has no link any more. Return 0 also when SQLite fails; then its
 * error is that of s->db. */
static int sqlite_open_file(struct ebt_sqlite *s, const char *path, char *why, size_t why_len)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	struct ebt_output_place place;
	char real[PATH_MAX];
	const char *what;
	int err = ebt_output_find(&place, path, why, why_len);

	if (err)
		return err;
	/* SQLite would leave its journal beside a device before it fails. */
	what = ebt_not_a_file(place.dir, place.name);
	if (what) {
		snprintf(why, why_len, "cannot write %s: %s; name a file for the database", path,
			 what);
		ebt_output_close(&place);
		return -EINVAL;
	}
	if (!place.is_open_file && ebt_output_path(&place, real) == 0) {
		path = real;
		flags |= SQLITE_OPEN_NOFOLLOW;
	}
	sqlite3_open_v2(path, &s->db, flags, NULL);
	ebt_output_close(&place);
	return 0;
}

int ebt_sqlite_new(struct ebt_sqlite **out, const char *path, const struct ebt_model *names,
		   char *why, size_t why_len)
{
	struct ebt_sqlite *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->names = names;
	err = sqlite_open_file(s, path, why, why_len);
	if (err) {
		ebt_sqlite_free(&s);
		return err;
	}
	if (!s->db || sqlite3_errcode(s->db) != SQLITE_OK) {
		err = ebt_sqlite_db_fail(s);
	} else {
		sqlite3_busy_timeout(s->db, BUSY_MS);
		err = ebt_sqlite_set_up(s);
	}
	if (!err)
		err = ebt_sqlite_row_machine(s, "run", "begun");
	if (!err)
		err = ebt_sqlite_db_commit(s);
	if (err) {
		/* SQLite names what it could not do, not that its file is gone. */
		snprintf(why, why_len, "cannot write %s: %s", path,
			 s->db && ebt_sqlite_removed(s) ? "it was removed while it was written"
							: s->error);
		ebt_sqlite_free(&s);
		return err;
	}
	sqlite3_busy_timeout(s->db, BUSY_LATER_MS);
	*out = s;
	return 0;
}

bool ebt_sqlite_removed(struct ebt_sqlite *s)
{
	int moved = 0;

	return sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
	       moved;
}

void ebt_sqlite_free(struct ebt_sqlite **sp)
{
	struct ebt_sqlite *s = *sp;

	if (!s)
		return;
	if (s->db)
		ebt_sqlite_db_commit(s);
	for (unsigned i = 0; i < EBT_SQLITE_TABLES; i++)
		sqlite3_finalize(s->insert[i]);
	sqlite3_close(s->db);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(s->text); i++)
		ebt_buf_free(&s->text[i]);
	free(s);
	*sp = NULL;
}

int ebt_sqlite_machine(struct ebt_sqlite *db, const char *name, const char *value)
{
	return ebt_sqlite_row_machine(db, name, value);
}

int ebt_sqlite_event(struct ebt_sqlite *db, const struct ebt_event *ev, int64_t mono_to_real_ns)
{
	return ebt_sqlite_row_event(db, ev, mono_to_real_ns);
}

int ebt_sqlite_commit(struct ebt_sqlite *db)
{
	return ebt_sqlite_db_commit(db);
}

const char *ebt_sqlite_error(const struct ebt_sqlite *db)
{
	return db->error;
}

int ebt_sqlite_begin(struct ebt_sqlite *db)
{
	int err = db->rows >= TRANSACTION_ROWS ? ebt_sqlite_db_commit(db) : 0;

	return err ? err : ebt_sqlite_db_begin(db);
}

int ebt_sqlite_missed(struct ebt_sqlite *db, const struct ebt_sqlite_missed *missed)
{
	return ebt_sqlite_row_missed(db, missed);
}

uint64_t ebt_sqlite_take_undone(struct ebt_sqlite *db)
{
	uint64_t undone = db->undone;

	db->undone = 0;
	return undone;
}
