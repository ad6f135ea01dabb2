/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite.c - the database: tables, transactions, one prepared statement a table. Rows are in
 * sqlite_rows.c. */
#include "export/sqlite_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"

#define APPLICATION_ID 0x45425452 /* "EBTR": file(1) and we know our own databases */
#define SCHEMA_VERSION 2

/* STRICT: a column holds what it says. Times as text sort and work with SQLite's date functions. */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS machine (run INTEGER NOT NULL, name TEXT NOT NULL, value TEXT,"
	" PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS exec (id INTEGER PRIMARY KEY, run INTEGER NOT NULL,"
	" ts TEXT NOT NULL, mono_ns INTEGER NOT NULL, cpu INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" pid INTEGER NOT NULL, ppid INTEGER, tid INTEGER, vpid INTEGER, uid INTEGER, user TEXT,"
	" euid INTEGER, gid INTEGER, egid INTEGER, loginuid INTEGER, sessionid INTEGER, tty TEXT,"
	" comm TEXT, prev_comm TEXT, exe TEXT, exe_dev INTEGER,"
	" exe_ino INTEGER, filename TEXT, cwd TEXT, cgroup_id INTEGER,"
	" cgroup TEXT, container TEXT, pid_ns INTEGER, mnt_ns INTEGER, script INTEGER, ret INTEGER "
	"NOT NULL,"
	" argc INTEGER, command TEXT, args TEXT, args_raw BLOB, args_bytes INTEGER,"
	" args_captured INTEGER, env TEXT, envc INTEGER, env_bytes INTEGER, env_captured INTEGER,"
	" flags TEXT, start_ns INTEGER, parent_start_ns INTEGER) STRICT;"
	"CREATE TABLE IF NOT EXISTS exit (id INTEGER PRIMARY KEY, run INTEGER NOT NULL,"
	" ts TEXT NOT NULL, mono_ns INTEGER NOT NULL, cpu INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" pid INTEGER NOT NULL, ppid INTEGER, uid INTEGER, user TEXT, comm TEXT,"
	" exit_code INTEGER, signal INTEGER, core_dumped INTEGER, utime_ns INTEGER,"
	" stime_ns INTEGER, maxrss_bytes INTEGER, lifetime_ns INTEGER, start_ns INTEGER) STRICT;"
	"CREATE TABLE IF NOT EXISTS lost (run INTEGER NOT NULL, ts TEXT NOT NULL,"
	" mono_ns INTEGER NOT NULL, cpu INTEGER, cause TEXT, count INTEGER, note TEXT) STRICT;"
	"CREATE INDEX IF NOT EXISTS exec_ts ON exec (ts);"
	"CREATE INDEX IF NOT EXISTS exec_process ON exec (pid, start_ns);"
	"CREATE INDEX IF NOT EXISTS exec_parent ON exec (ppid, parent_start_ns);"
	"CREATE INDEX IF NOT EXISTS exec_comm ON exec (comm);"
	"CREATE INDEX IF NOT EXISTS exec_user ON exec (user, ts);"
	"CREATE INDEX IF NOT EXISTS exit_ts ON exit (ts);"
	"CREATE INDEX IF NOT EXISTS exit_process ON exit (pid, start_ns);"
	/* A process by its last exec, with its end where that is known. */
	"CREATE VIEW IF NOT EXISTS process AS SELECT e.*, x.ts AS end_ts, x.exit_code, x.signal,"
	" x.utime_ns, x.stime_ns, x.utime_ns + x.stime_ns AS cpu_ns, x.maxrss_bytes, x.lifetime_ns"
	" FROM exec e LEFT JOIN exit x ON x.pid = e.pid AND x.start_ns = e.start_ns"
	" AND x.run = e.run WHERE e.ret = 0 AND NOT EXISTS (SELECT 1 FROM exec l WHERE"
	" l.pid = e.pid AND l.start_ns = e.start_ns AND l.run = e.run AND l.ret = 0"
	" AND l.id > e.id);";

/* Where a row goes; sqlite_rows.c gives the values in this order. */
static const char *const places[EBT_SQLITE_TABLES] = {
	[EBT_SQLITE_EXEC] =
		("exec (run, ts, mono_ns, cpu, seq, pid, ppid, tid, vpid, uid, user, euid, gid, "
		 "egid,"
		 " loginuid, sessionid, tty, comm, prev_comm, exe, exe_dev, exe_ino, filename, cwd, "
		 "cgroup_id,"
		 " cgroup, container,"
		 " pid_ns, mnt_ns, script, ret, argc, command, args, args_raw, args_bytes,"
		 " args_captured, env, envc, env_bytes, env_captured, flags, start_ns, "
		 "parent_start_ns)"),
	[EBT_SQLITE_EXIT] =
		("exit (run, ts, mono_ns, cpu, seq, pid, ppid, uid, user, comm, exit_code, signal,"
		 " core_dumped, utime_ns, stime_ns, maxrss_bytes, lifetime_ns, start_ns)"),
	[EBT_SQLITE_LOST] = "lost (run, ts, mono_ns, cpu, cause, count, note)",
	[EBT_SQLITE_MACHINE] = "machine (run, name, value)",
};

int ebt_sqlite_fail(struct ebt_sqlite *s)
{
	snprintf(s->error, sizeof(s->error), "SQLite: %s",
		 s->db ? sqlite3_errmsg(s->db) : "no memory");
	if (s->db && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->rows = 0;
	return -EIO;
}

static int run(struct ebt_sqlite *s, const char *sql)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : ebt_sqlite_fail(s);
}

static int64_t number_of(struct ebt_sqlite *s, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = 0;

	if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

int ebt_sqlite_begin(struct ebt_sqlite *s)
{
	return s->rows ? 0 : run(s, "BEGIN");
}

/* A place for each column. What a run replaces is its own: a fact of the machine. */
static int prepare_one(struct ebt_sqlite *s, unsigned table)
{
	_cleanup_buf_ struct ebt_buf sql = { 0 };

	ebt_buf_printf(&sql, "INSERT OR REPLACE INTO %s VALUES (?", places[table]);
	for (const char *p = strchr(places[table], ','); p; p = strchr(p + 1, ','))
		ebt_buf_puts(&sql, ", ?");
	ebt_buf_puts(&sql, ")");
	if (sql.error)
		return sql.error;
	return sqlite3_prepare_v3(s->db, sql.data, (int)sql.len, SQLITE_PREPARE_PERSISTENT,
				  &s->insert[table], NULL) == SQLITE_OK
		       ? 0
		       : ebt_sqlite_fail(s);
}

static int prepare(struct ebt_sqlite *s)
{
	int err = 0;

	for (unsigned i = 0; !err && i < EBT_SQLITE_TABLES; i++)
		err = prepare_one(s, i);
	return err;
}

static int set_up(struct ebt_sqlite *s)
{
	int64_t id = number_of(s, "PRAGMA application_id"), version;
	int err;

	version = number_of(s, "PRAGMA user_version");
	if (number_of(s, "SELECT count(*) FROM sqlite_master") > 0 &&
	    (id != APPLICATION_ID || version != SCHEMA_VERSION)) {
		snprintf(s->error, sizeof(s->error),
			 id == APPLICATION_ID ? "a database of another version of execbig-top"
					      : "a database of something else");
		return -EEXIST;
	}
	err = run(s, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
		     "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;");
	if (!err)
		err = run(s, "BEGIN IMMEDIATE");
	if (!err)
		err = run(s, "PRAGMA application_id=1161974866; PRAGMA user_version=2;");
	if (!err)
		err = run(s, schema);
	if (!err) {
		s->run = number_of(s, "SELECT coalesce(max(run), 0) + 1 FROM machine");
		err = prepare(s);
	}
	/* The run is taken, whatever comes of it. */
	s->rows = 1;
	return err ? err : ebt_sqlite_machine(s, "run", "begun");
}

int ebt_sqlite_new(struct ebt_sqlite **out, const char *path, const struct ebt_model *names,
		   char *why, size_t why_len)
{
	struct ebt_sqlite *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->names = names;
	if (sqlite3_open_v2(path, &s->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK) {
		err = ebt_sqlite_fail(s);
	} else {
		sqlite3_busy_timeout(s->db, 5000);
		err = set_up(s);
	}
	if (!err)
		err = ebt_sqlite_commit(s);
	if (err) {
		snprintf(why, why_len, "cannot write %s: %s", path, s->error);
		ebt_sqlite_free(&s);
		return err;
	}
	*out = s;
	return 0;
}

void ebt_sqlite_free(struct ebt_sqlite **sp)
{
	struct ebt_sqlite *s = *sp;

	if (!s)
		return;
	if (s->db)
		ebt_sqlite_commit(s);
	for (unsigned i = 0; i < EBT_SQLITE_TABLES; i++)
		sqlite3_finalize(s->insert[i]);
	sqlite3_close(s->db);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(s->text); i++)
		ebt_buf_free(&s->text[i]);
	free(s);
	*sp = NULL;
}

int ebt_sqlite_commit(struct ebt_sqlite *s)
{
	if (!s->rows)
		return 0;
	s->rows = 0;
	return run(s, "COMMIT");
}

const char *ebt_sqlite_error(const struct ebt_sqlite *s)
{
	return s->error;
}
