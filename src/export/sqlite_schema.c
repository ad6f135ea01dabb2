/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_schema.c - create tables, indexes and the view, and prepare one statement per table */
#include "export/sqlite_schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* "EBTR"; file(1) and this program recognise the database by it */
#define APPLICATION_ID	    1161974866
#define APPLICATION_ID_TEXT "1161974866"
#define SCHEMA_VERSION	    2
#define SCHEMA_VERSION_TEXT "2"

/* Columns of exec that combine several fields, or show one in another form. */
#define EXEC_EXTRA "command TEXT, args_raw BLOB"

/* STRICT tables enforce the column types. Times are stored as text that sorts by time and that
 * SQLite's date functions accept. */
static const char other_tables[] =
	"CREATE TABLE IF NOT EXISTS machine (run INTEGER NOT NULL, name TEXT NOT NULL, value TEXT,"
	" PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS lost (run INTEGER NOT NULL, ts TEXT NOT NULL,"
	" mono_ns INTEGER NOT NULL, cpu INTEGER, cause TEXT, count INTEGER, note TEXT, uid INTEGER) STRICT;";
static const char indexes[] =
	"CREATE INDEX IF NOT EXISTS exec_ts ON exec (ts);"
	"CREATE INDEX IF NOT EXISTS exec_process ON exec (pid, start_ns);"
	"CREATE INDEX IF NOT EXISTS exec_parent ON exec (ppid, parent_start_ns);"
	"CREATE INDEX IF NOT EXISTS exec_comm ON exec (comm);"
	"CREATE INDEX IF NOT EXISTS exec_user ON exec (user, ts);"
	"CREATE INDEX IF NOT EXISTS exit_ts ON exit (ts);"
	"CREATE INDEX IF NOT EXISTS exit_process ON exit (pid, start_ns);"
	/* A process with its last exec, and with its end if that is known. */
	"CREATE VIEW IF NOT EXISTS process AS SELECT e.*, x.ts AS end_ts, x.exit_code, x.signal,"
	" x.utime_ns, x.stime_ns, x.utime_ns + x.stime_ns AS cpu_ns, x.maxrss_bytes, x.lifetime_ns"
	" FROM exec e LEFT JOIN exit x ON x.pid = e.pid AND x.start_ns = e.start_ns"
	" AND x.run = e.run WHERE e.ret = 0 AND NOT EXISTS (SELECT 1 FROM exec l WHERE"
	" l.pid = e.pid AND l.start_ns = e.start_ns AND l.run = e.run AND l.ret = 0"
	" AND l.id > e.id);";

int ebt_sqlite_fields(enum ebt_event_type type, int (*fn)(const struct ebt_field *field, void *arg),
		      void *arg)
{
	const unsigned sets[] = { EBT_FIELDS_COMMON, type };
	int r = 0;

	for (size_t s = 0; s < EBT_ARRAY_SIZE(sets); s++) {
		size_t count;
		const struct ebt_field *rows = ebt_fields_of(sets[s], &count);

		for (size_t i = 0; !r && i < count; i++)
			if (rows[i].types & 1u << type && !(rows[i].leave_out & EBT_FIELD_NOT_ROW))
				r = fn(&rows[i], arg);
	}
	return r;
}

static const char *schema_type(const struct ebt_field *f)
{
	switch ((enum ebt_value_type)f->type) {
	case EBT_VALUE_NUMBER:
	case EBT_VALUE_SIGNED:
	case EBT_VALUE_BOOL:
		return "INTEGER";
	default:
		return "TEXT";
	}
}

/* Return whether every event has a value for this field. */
static bool schema_always(const struct ebt_field *f)
{
	return f->type == EBT_VALUE_TIME ||
	       (!f->needs &&
		(f->read == EBT_READ_U32 || f->read == EBT_READ_U64 || f->read == EBT_READ_I32));
}

static int schema_define(const struct ebt_field *f, void *arg)
{
	return ebt_buf_printf(arg, ", %s %s%s", f->name, schema_type(f),
			      schema_always(f) ? " NOT NULL" : "");
}

static int schema_name(const struct ebt_field *f, void *arg)
{
	return ebt_buf_printf(arg, ", %s", f->name);
}

static int schema_place(const struct ebt_field *f, void *arg)
{
	(void)f;
	return ebt_buf_puts(arg, ", ?");
}

struct schema_table {
	struct ebt_sqlite *s;
	const char *name;
};

/* Add a column that is missing in a database of an earlier version. */
static int schema_add_column(struct ebt_sqlite *s, const char *table, const char *name,
			     const char *type)
{
	char sql[256];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM pragma_table_info('%s') WHERE name = '%s'",
		 table, name);
	if (ebt_sqlite_db_number(s, sql))
		return 0;
	snprintf(sql, sizeof(sql), "ALTER TABLE %s ADD COLUMN %s %s", table, name, type);
	return ebt_sqlite_db_run(s, sql);
}

static int schema_add(const struct ebt_field *f, void *arg)
{
	const struct schema_table *table = arg;

	return schema_add_column(table->s, table->name, f->name, schema_type(f));
}

static int schema_create(struct ebt_sqlite *s, enum ebt_event_type type, const char *extra)
{
	struct schema_table table = { s, ebt_event_type_name(type) };
	_cleanup_buf_ struct ebt_buf sql = { 0 };

	ebt_buf_printf(
		&sql, "CREATE TABLE IF NOT EXISTS %s (id INTEGER PRIMARY KEY, run INTEGER NOT NULL",
		table.name);
	ebt_sqlite_fields(type, schema_define, &sql);
	ebt_buf_printf(&sql, "%s%s) STRICT", extra ? ", " : "", extra ? extra : "");
	if (sql.error)
		return sql.error;
	return ebt_sqlite_db_run(s, sql.data) ?: ebt_sqlite_fields(type, schema_add, &table);
}

static int schema_prepare(struct ebt_sqlite *s, enum ebt_sqlite_table table, const char *sql)
{
	return sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->insert[table],
				  NULL) == SQLITE_OK
		       ? 0
		       : ebt_sqlite_db_fail(s);
}

static int schema_prepare_event(struct ebt_sqlite *s, enum ebt_sqlite_table table,
				enum ebt_event_type type)
{
	bool exec = type == EBT_EVENT_EXEC;
	_cleanup_buf_ struct ebt_buf sql = { 0 };

	/* sqlite_rows.c binds the values in this order. */
	ebt_buf_printf(&sql, "INSERT INTO %s (run", ebt_event_type_name(type));
	ebt_sqlite_fields(type, schema_name, &sql);
	ebt_buf_puts(&sql, exec ? ", command, args_raw) VALUES (?, ?, ?" : ") VALUES (?");
	ebt_sqlite_fields(type, schema_place, &sql);
	ebt_buf_puts(&sql, ")");
	return sql.error ? sql.error : schema_prepare(s, table, sql.data);
}

static int schema_prepare_all(struct ebt_sqlite *s)
{
	int err = schema_prepare_event(s, EBT_SQLITE_EXEC, EBT_EVENT_EXEC);

	if (!err)
		err = schema_prepare_event(s, EBT_SQLITE_EXIT, EBT_EVENT_EXIT);
	if (!err)
		err = schema_prepare(
			s, EBT_SQLITE_LOST,
			"INSERT INTO lost (run, ts, mono_ns, cpu, cause, count, note, uid)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	/* A fact may occur again with another value. */
	if (!err)
		err = schema_prepare(
			s, EBT_SQLITE_MACHINE,
			"INSERT OR REPLACE INTO machine (run, name, value) VALUES (?, ?, ?)");
	return err;
}

static int schema_check(struct ebt_sqlite *s)
{
	int64_t id = ebt_sqlite_db_number(s, "PRAGMA application_id");
	int64_t version = ebt_sqlite_db_number(s, "PRAGMA user_version");

	if (ebt_sqlite_db_number(s, "SELECT count(*) FROM sqlite_master") == 0)
		return 0;
	if (id == APPLICATION_ID && version == SCHEMA_VERSION)
		return 0;
	snprintf(s->error, sizeof(s->error), "%s",
		 id == APPLICATION_ID ? "it is a database of another version of execbig-top"
				      : "it is a database of another program");
	return -EEXIST;
}

int ebt_sqlite_set_up(struct ebt_sqlite *s)
{
	int err = schema_check(s);

	if (!err)
		err = ebt_sqlite_db_run(s, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
					   "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;");
	if (!err)
		err = ebt_sqlite_db_run(s, "BEGIN IMMEDIATE");
	if (!err)
		err = ebt_sqlite_db_run(s, "PRAGMA application_id=" APPLICATION_ID_TEXT
					   "; PRAGMA user_version=" SCHEMA_VERSION_TEXT ";");
	if (!err)
		err = schema_create(s, EBT_EVENT_EXEC, EXEC_EXTRA);
	if (!err)
		err = schema_create(s, EBT_EVENT_EXIT, NULL);
	if (!err)
		err = ebt_sqlite_db_run(s, other_tables);
	if (!err)
		err = schema_add_column(s, "lost", "uid", "INTEGER");
	if (!err)
		err = ebt_sqlite_db_run(s, indexes);
	if (err)
		return err;
	s->run = ebt_sqlite_db_number(s, "SELECT coalesce(max(run), 0) + 1 FROM machine");
	/* The transaction stays open, so that the number of the run is taken even if no row
	 * follows. */
	s->rows = 1;
	return schema_prepare_all(s);
}
