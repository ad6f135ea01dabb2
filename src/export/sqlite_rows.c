/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_rows.c - what an event is in the database: values in the order of the columns. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "export/sqlite_internal.h"
#include "base/json_write.h"
#include "sink/sink_internal.h"

#define BATCH_ROWS 10000

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

static int begin_row(struct ebt_sqlite *s, enum ebt_sqlite_table which, struct row *r)
{
	if (ebt_sqlite_begin(s))
		return -EIO;
	*r = (struct row){ s->insert[which], 0 };
	put_i64(r, s->run);
	return 0;
}

static int end_row(struct ebt_sqlite *s, struct row *r)
{
	int rc = sqlite3_step(r->stmt);

	sqlite3_reset(r->stmt);
	sqlite3_clear_bindings(r->stmt);
	if (rc != SQLITE_DONE)
		return ebt_sqlite_fail(s);
	return ++s->rows >= BATCH_ROWS ? ebt_sqlite_commit(s) : 0;
}

int ebt_sqlite_machine(struct ebt_sqlite *s, const char *name, const char *value)
{
	struct row r;

	if (begin_row(s, EBT_SQLITE_MACHINE, &r))
		return -EIO;
	put_bytes(&r, ebt_bytes_from(name));
	put_bytes(&r, ebt_bytes_from(value));
	return end_row(s, &r);
}

/* Begins the row of an event with what the tables have in common. */
static int begin_event(struct ebt_sqlite *s, enum ebt_sqlite_table table, struct row *r,
		       const struct ebt_event *ev, int64_t offset)
{
	char ts[EBT_FMT_LEN];

	if (begin_row(s, table, r))
		return -EIO;
	ebt_fmt_iso8601(ts, ev->mono_ns + (uint64_t)offset);
	sqlite3_bind_text(r->stmt, ++r->at, ts, -1, SQLITE_TRANSIENT);
	put_i64(r, (int64_t)ev->mono_ns);
	return 0;
}

/* And of one that a process sent. */
static int begin_process(struct ebt_sqlite *s, enum ebt_sqlite_table table, struct row *r,
			 const struct ebt_event *ev, int64_t offset)
{
	bool exec = ev->type == EBT_EVENT_EXEC;

	if (begin_event(s, table, r, ev, offset))
		return -EIO;
	put_i64(r, ev->cpu);
	put_i64(r, (int64_t)ev->seq);
	put_i64(r, exec ? ev->exec.pid : ev->exit.pid);
	put_known(r, exec ? ev->exec.ppid : ev->exit.ppid);
	return 0;
}

static void put_strings(struct row *r, struct ebt_buf *text, struct ebt_bytes block)
{
	struct ebt_json_writer w = { .out = text };

	ebt_buf_reset(text);
	ebt_json_strings(&w, NULL, block);
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
		put_known(r, e->envc);
		put_i64(r, e->env_bytes);
		put_i64(r, e->env_captured);
	} else {
		for (int i = 0; i < 4; i++)
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

static void put_file(struct row *r, const struct ebt_event_exec *e)
{
	if (e->exe_ino) {
		put_i64(r, e->exe_dev);
		put_i64(r, (int64_t)e->exe_ino);
	} else {
		put_null(r);
		put_null(r);
	}
}

static void put_cgroup(struct ebt_sqlite *s, struct row *r, const char *path)
{
	struct ebt_buf *text = &s->text[4];

	put_cstr(r, path);
	ebt_buf_reset(text);
	ebt_sink_container(text, path);
	put_bytes(r, (struct ebt_bytes){ text->data, text->len });
}

static int put_exec(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
{
	const struct ebt_event_exec *e = &ev->exec;
	struct row r;

	if (begin_process(s, EBT_SQLITE_EXEC, &r, ev, offset))
		return -EIO;
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
	put_file(&r, e);
	put_bytes(&r, e->filename);
	put_bytes(&r, e->cwd);
	put_i64(&r, (int64_t)(e->cgroup_id & ~EBT_CGROUP_V1));
	put_cgroup(s, &r, e->cgroup_id ? ebt_model_cgroup(s->names, e->cgroup_id) : NULL);
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
	struct row r;

	if (begin_process(s, EBT_SQLITE_EXIT, &r, ev, offset))
		return -EIO;
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
	struct row r;

	if (begin_event(s, EBT_SQLITE_LOST, &r, ev, offset))
		return -EIO;
	if (ev->type == EBT_EVENT_LOST) {
		put_i64(&r, ev->cpu);
		put_cstr(&r, ebt_lost_cause_name(ev->lost.cause));
		put_i64(&r, (int64_t)ev->lost.count);
	} else {
		r.at += 3;
		put_bytes(&r, ev->note.text);
	}
	return end_row(s, &r);
}

/* A note that says of whom it is. */
static int put_homeo(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
{
	const struct ebt_event_homeo *e = &ev->homeo;
	struct ebt_event note = { .type = EBT_EVENT_NOTE, .mono_ns = ev->mono_ns };
	_cleanup_buf_ struct ebt_buf text = { 0 };

	ebt_buf_printf(&text, "%u ", e->pid);
	ebt_buf_append(&text, e->exe.data, e->exe.len);
	ebt_buf_puts(&text, ": ");
	ebt_buf_append(&text, e->cause.data, e->cause.len);
	if (text.error)
		return -ENOMEM;
	note.note.text = (struct ebt_bytes){ text.data, text.len };
	return put_lost(s, &note, offset);
}

int ebt_sqlite_event(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t mono_to_real_ns)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		return put_exec(s, ev, mono_to_real_ns);
	case EBT_EVENT_EXIT:
		return put_exit(s, ev, mono_to_real_ns);
	case EBT_EVENT_HOMEO:
		return ev->homeo.level == EBT_HOMEO_DEBUG ? 0 : put_homeo(s, ev, mono_to_real_ns);
	default:
		return put_lost(s, ev, mono_to_real_ns);
	}
}
