/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite.c - the database: tables, transactions, one prepared statement a table. */
#include "sink/sqlite.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "sink/jwrite.h"

#define APPLICATION_ID 0x45425452 /* "EBTR": file(1) and we know our own databases */
#define SCHEMA_VERSION 1
#define BATCH_ROWS     10000

/* STRICT: a column holds what it says. Times as text sort and work with SQLite's date functions. */
static const char schema[] =
	"CREATE TABLE IF NOT EXISTS machine (run INTEGER NOT NULL, name TEXT NOT NULL, value TEXT,"
	" PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS exec (id INTEGER PRIMARY KEY, run INTEGER NOT NULL,"
	" ts TEXT NOT NULL, mono_ns INTEGER NOT NULL, cpu INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" pid INTEGER NOT NULL, ppid INTEGER, tid INTEGER, vpid INTEGER, uid INTEGER, user TEXT,"
	" euid INTEGER, gid INTEGER, egid INTEGER, loginuid INTEGER, sessionid INTEGER, tty TEXT,"
	" comm TEXT, prev_comm TEXT, exe TEXT, filename TEXT, cwd TEXT, cgroup_id INTEGER,"
	" cgroup TEXT, pid_ns INTEGER, mnt_ns INTEGER, script INTEGER, ret INTEGER NOT NULL,"
	" argc INTEGER, command TEXT, args TEXT, args_raw BLOB, args_bytes INTEGER,"
	" args_captured INTEGER, env TEXT, env_bytes INTEGER, env_captured INTEGER,"
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

static const char insert_exec[] =
	"INSERT INTO exec (run, ts, mono_ns, cpu, seq, pid, ppid, tid, vpid, uid, user, euid, gid,"
	" egid, loginuid, sessionid, tty, comm, prev_comm, exe, filename, cwd, cgroup_id, cgroup,"
	" pid_ns, mnt_ns, script, ret, argc, command, args, args_raw, args_bytes, args_captured,"
	" env, env_bytes, env_captured, flags, start_ns, parent_start_ns) VALUES (?1, ?2, ?3, ?4,"
	" ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
	" ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40)";
static const char insert_exit[] =
	"INSERT INTO exit (run, ts, mono_ns, cpu, seq, pid, ppid, uid, user, comm, exit_code,"
	" signal, core_dumped, utime_ns, stime_ns, maxrss_bytes, lifetime_ns, start_ns) VALUES"
	" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
static const char insert_lost[] = "INSERT INTO lost (run, ts, mono_ns, cpu, cause, count, note)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char insert_machine[] =
	"INSERT OR REPLACE INTO machine (run, name, value) VALUES (?1, ?2, ?3)";

enum { STMT_EXEC, STMT_EXIT, STMT_LOST, STMT_MACHINE, STMT_MAX };

struct ebt_sqlite {
	sqlite3 *db;
	sqlite3_stmt *stmt[STMT_MAX];
	const struct ebt_model *names;
	int64_t run;
	unsigned rows; /* in the open transaction; 0: none is open */
	struct ebt_buf text[4];
	char error[256];
};

/* Values of one row, bound one after the other. */
struct row {
	sqlite3_stmt *stmt;
	int at;
};

static void put_i64(struct row *r, int64_t v)
{
	sqlite3_bind_int64(r->stmt, ++r->at, v);
}

static void put_null(struct row *r)
{
	++r->at; /* bindings were cleared: NULL */
}

static void put_known(struct row *r, uint32_t v)
{
	if (v == EBT_EV_UNSET)
		put_null(r);
	else
		put_i64(r, v);
}

/* STATIC: all of them live until the row is in. */
static void put_utf8(struct row *r, const char *text, size_t len)
{
	sqlite3_bind_text(r->stmt, ++r->at, len ? text : "", (int)len, SQLITE_STATIC);
}

static void put_cstr(struct row *r, const char *text)
{
	if (text)
		put_utf8(r, text, strlen(text));
	else
		put_null(r);
}

/* Bytes of a traced process: as text, what is not UTF-8 replaced. Empty: NULL. */
static void put_bytes(struct row *r, struct ebt_bytes v)
{
	_cleanup_buf_ struct ebt_buf fixed = { 0 };

	if (!v.len) {
		put_null(r);
	} else if (ebt_text_is_utf8(v)) {
		put_utf8(r, v.data, v.len);
	} else {
		ebt_text_repair_utf8(&fixed, v);
		sqlite3_bind_text(r->stmt, ++r->at, fixed.len ? fixed.data : "", (int)fixed.len,
				  SQLITE_TRANSIENT);
	}
}

static int fail(struct ebt_sqlite *s, const char *what)
{
	snprintf(s->error, sizeof(s->error), "%s: %s", what,
		 s->db ? sqlite3_errmsg(s->db) : "no memory");
	if (s->db && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->rows = 0;
	return -EIO;
}

static int run(struct ebt_sqlite *s, const char *sql)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(s, "SQLite");
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

static int begin_row(struct ebt_sqlite *s, unsigned which, struct row *r)
{
	if (!s->rows && run(s, "BEGIN"))
		return -EIO;
	*r = (struct row){ s->stmt[which], 0 };
	put_i64(r, s->run);
	return 0;
}

static int end_row(struct ebt_sqlite *s, struct row *r)
{
	int rc = sqlite3_step(r->stmt);

	sqlite3_reset(r->stmt);
	sqlite3_clear_bindings(r->stmt);
	if (rc != SQLITE_DONE)
		return fail(s, "SQLite");
	return ++s->rows >= BATCH_ROWS ? ebt_sqlite_commit(s) : 0;
}

static int prepare(struct ebt_sqlite *s)
{
	static const char *const texts[STMT_MAX] = {
		[STMT_EXEC] = insert_exec,
		[STMT_EXIT] = insert_exit,
		[STMT_LOST] = insert_lost,
		[STMT_MACHINE] = insert_machine,
	};

	for (unsigned i = 0; i < STMT_MAX; i++)
		if (sqlite3_prepare_v3(s->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &s->stmt[i],
				       NULL) != SQLITE_OK)
			return fail(s, "SQLite");
	return 0;
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
		err = run(s, "PRAGMA application_id=1161974866; PRAGMA user_version=1;");
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
		err = fail(s, "SQLite");
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
	for (unsigned i = 0; i < STMT_MAX; i++)
		sqlite3_finalize(s->stmt[i]);
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

int ebt_sqlite_machine(struct ebt_sqlite *s, const char *name, const char *value)
{
	struct row r;

	if (begin_row(s, STMT_MACHINE, &r))
		return -EIO;
	put_bytes(&r, ebt_bytes_from(name));
	put_bytes(&r, ebt_bytes_from(value));
	return end_row(s, &r);
}

static const char *ts_of(char out[EBT_FMT_LEN], const struct ebt_event *ev, int64_t offset)
{
	return ebt_fmt_iso8601(out, ev->mono_ns + (uint64_t)offset);
}

static void put_strings(struct row *r, struct ebt_buf *text, struct ebt_bytes block)
{
	struct ebt_jw w = { .out = text };

	ebt_buf_reset(text);
	ebt_jw_strings(&w, NULL, block);
	put_utf8(r, text->data, text->len);
}

static void put_args(struct ebt_sqlite *s, struct row *r, const struct ebt_event_exec *e)
{
	put_known(r, e->argc);
	ebt_buf_reset(&s->text[0]);
	ebt_text_quote_args(&s->text[0], e->args, 0, 0);
	put_utf8(r, s->text[0].data, s->text[0].len);
	put_strings(r, &s->text[1], e->args);
	if (ebt_text_is_utf8(e->args))
		put_null(r);
	else
		sqlite3_bind_blob(r->stmt, ++r->at, e->args.data, (int)e->args.len, SQLITE_STATIC);
	put_i64(r, e->args_bytes);
	put_i64(r, e->args_captured);
	if (e->flags & EBT_EV_HAS_ENV) {
		put_strings(r, &s->text[2], e->env);
		put_i64(r, e->env_bytes);
		put_i64(r, e->env_captured);
	} else {
		put_null(r);
		put_null(r);
		put_null(r);
	}
}

static void put_flags(struct ebt_sqlite *s, struct row *r, uint32_t flags)
{
	struct ebt_buf *text = &s->text[3];

	ebt_buf_reset(text);
	for (size_t i = 0; i < ebt_sink_flags_count; i++)
		if (flags & ebt_sink_flags[i].bit)
			ebt_buf_printf(text, "%s%s", text->len ? " " : "", ebt_sink_flags[i].name);
	put_utf8(r, text->data, text->len);
}

static int put_exec(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
{
	const struct ebt_event_exec *e = &ev->exec;
	char ts[EBT_FMT_LEN];
	struct row r;

	if (begin_row(s, STMT_EXEC, &r))
		return -EIO;
	put_cstr(&r, ts_of(ts, ev, offset));
	put_i64(&r, (int64_t)ev->mono_ns);
	put_i64(&r, ev->cpu);
	put_i64(&r, (int64_t)ev->seq);
	put_i64(&r, e->pid);
	put_known(&r, e->ppid);
	put_known(&r, e->tid);
	put_known(&r, e->vpid);
	put_known(&r, e->uid);
	put_cstr(&r, ebt_model_user(s->names, e->uid));
	put_known(&r, e->euid);
	put_known(&r, e->gid);
	put_known(&r, e->egid);
	put_known(&r, e->loginuid);
	put_known(&r, e->sessionid);
	put_bytes(&r, e->tty);
	put_bytes(&r, e->comm);
	put_bytes(&r, e->prev_comm);
	put_bytes(&r, e->exe);
	put_bytes(&r, e->filename);
	put_bytes(&r, e->cwd);
	put_i64(&r, (int64_t)(e->cgroup_id & ~EBT_CGROUP_V1));
	put_cstr(&r, e->cgroup_id ? ebt_model_cgroup(s->names, e->cgroup_id) : NULL);
	put_i64(&r, e->pid_ns);
	put_i64(&r, e->mnt_ns);
	put_i64(&r, !!(e->flags & EBT_EV_SCRIPT));
	put_i64(&r, e->ret);
	put_args(s, &r, e);
	put_flags(s, &r, e->flags);
	put_i64(&r, (int64_t)e->start_ns);
	put_i64(&r, (int64_t)e->parent_start_ns);
	return end_row(s, &r);
}

static int put_exit(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
{
	const struct ebt_event_exit *e = &ev->exit;
	bool killed = WIFSIGNALED(e->status);
	char ts[EBT_FMT_LEN];
	struct row r;

	if (begin_row(s, STMT_EXIT, &r))
		return -EIO;
	put_cstr(&r, ts_of(ts, ev, offset));
	put_i64(&r, (int64_t)ev->mono_ns);
	put_i64(&r, ev->cpu);
	put_i64(&r, (int64_t)ev->seq);
	put_i64(&r, e->pid);
	put_known(&r, e->ppid);
	put_known(&r, e->uid);
	put_cstr(&r, ebt_model_user(s->names, e->uid));
	put_bytes(&r, e->comm);
	put_known(&r, killed ? EBT_EV_UNSET : (uint32_t)WEXITSTATUS(e->status));
	put_known(&r, killed ? (uint32_t)WTERMSIG(e->status) : EBT_EV_UNSET);
	put_known(&r, killed ? !!WCOREDUMP(e->status) : EBT_EV_UNSET);
	put_i64(&r, (int64_t)e->utime_ns);
	put_i64(&r, (int64_t)e->stime_ns);
	put_i64(&r, (int64_t)e->maxrss_bytes);
	put_i64(&r, (int64_t)e->lifetime_ns);
	put_i64(&r, (int64_t)e->start_ns);
	return end_row(s, &r);
}

static int put_lost(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
{
	char ts[EBT_FMT_LEN];
	struct row r;

	if (begin_row(s, STMT_LOST, &r))
		return -EIO;
	put_cstr(&r, ts_of(ts, ev, offset));
	put_i64(&r, (int64_t)ev->mono_ns);
	if (ev->type == EBT_EVENT_LOST) {
		put_i64(&r, ev->cpu);
		put_cstr(&r, ebt_sink_lost_cause(ev->lost.cause));
		put_i64(&r, (int64_t)ev->lost.count);
	} else {
		r.at += 3;
		put_bytes(&r, ev->note.text);
	}
	return end_row(s, &r);
}

int ebt_sqlite_event(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t mono_to_real_ns)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		return put_exec(s, ev, mono_to_real_ns);
	case EBT_EVENT_EXIT:
		return put_exit(s, ev, mono_to_real_ns);
	default:
		return put_lost(s, ev, mono_to_real_ns);
	}
}

const char *ebt_sqlite_error(const struct ebt_sqlite *s)
{
	return s->error;
}
