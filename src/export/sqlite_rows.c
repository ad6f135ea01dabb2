/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_rows.c - bind the fields of an event to the columns of its table */
#include "export/sqlite_rows.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/json_write.h"
#include "base/text.h"
#include "export/sqlite_schema.h"
#include "sink/sink_names.h"

/* State of binding the values of one row, one after the other. */
struct sqlite_row {
	struct ebt_sqlite *s;
	const struct ebt_event *ev;
	struct ebt_field_context context;
	sqlite3_stmt *stmt;
	int at;
	unsigned texts; /* number of buffers in s->text in use */
	int error;	/* error of a text that could not be built */
};

static void row_number(struct sqlite_row *r, int64_t v)
{
	sqlite3_bind_int64(r->stmt, ++r->at, v);
}

/* Leave the column NULL: bindings were cleared after the last row. */
static void row_null(struct sqlite_row *r)
{
	++r->at;
}

/* Bind without copying (STATIC), because the bytes live until the row is inserted. */
static void row_utf8(struct sqlite_row *r, struct ebt_bytes text)
{
	sqlite3_bind_text(r->stmt, ++r->at, text.len ? text.data : "", (int)text.len,
			  SQLITE_STATIC);
}

/* Return an empty buffer that lives until the row is inserted. */
static struct ebt_buf *row_buffer(struct sqlite_row *r)
{
	struct ebt_buf *buf;

	if (r->texts == EBT_SQLITE_TEXTS) {
		r->error = -ENOBUFS;
		r->texts = 0;
	}
	buf = &r->s->text[r->texts++];
	ebt_buf_reset(buf);
	return buf;
}

static void row_built(struct sqlite_row *r, const struct ebt_buf *text)
{
	if (text->error)
		r->error = text->error;
	row_utf8(r, (struct ebt_bytes){ text->data, text->len });
}

/* Bind bytes of a traced process as text, in which U+FFFD replaces what is not UTF-8. Empty bytes
 * are NULL. */
static void row_text(struct sqlite_row *r, struct ebt_bytes v)
{
	_cleanup_buf_ struct ebt_buf fixed = { 0 };

	if (!v.len) {
		row_null(r);
	} else if (ebt_text_is_utf8(v)) {
		row_utf8(r, v);
	} else {
		ebt_text_repair_utf8(&fixed, v);
		sqlite3_bind_text(r->stmt, ++r->at, fixed.len ? fixed.data : "", (int)fixed.len,
				  SQLITE_TRANSIENT);
	}
}

static void row_strings(struct sqlite_row *r, struct ebt_bytes block)
{
	struct ebt_buf *text = row_buffer(r);
	struct ebt_json_writer w = { .out = text };

	ebt_json_strings(&w, NULL, block);
	row_built(r, text);
}

static void row_time(struct sqlite_row *r, uint64_t real_ns)
{
	char ts[EBT_FMT_LEN];

	ebt_fmt_iso8601(ts, real_ns);
	sqlite3_bind_text(r->stmt, ++r->at, ts, -1, SQLITE_TRANSIENT);
}

static int row_field(const struct ebt_field *f, void *arg)
{
	struct sqlite_row *r = arg;
	struct ebt_value v = ebt_field_value(f, r->ev, &r->context);
	struct ebt_buf *text;

	switch (v.type) {
	case EBT_VALUE_UNKNOWN:
	case EBT_VALUE_NONE:
		row_null(r);
		break;
	case EBT_VALUE_NUMBER:
	case EBT_VALUE_SIGNED:
	case EBT_VALUE_BOOL:
		row_number(r, (int64_t)v.number);
		break;
	case EBT_VALUE_TIME:
		row_time(r, v.number);
		break;
	case EBT_VALUE_FLAGS:
		text = row_buffer(r);
		ebt_sink_put_flags(text, (uint32_t)v.number);
		row_built(r, text);
		break;
	case EBT_VALUE_WORD:
	case EBT_VALUE_TEXT:
		row_text(r, v.bytes);
		break;
	case EBT_VALUE_STRINGS:
		row_strings(r, v.bytes);
		break;
	case EBT_VALUE_CONTAINER:
		text = row_buffer(r);
		ebt_sink_put_container(text, v.bytes.data);
		row_built(r, text);
		break;
	}
	return 0;
}

static int row_begin(struct ebt_sqlite *s, enum ebt_sqlite_table table, struct sqlite_row *r)
{
	int err = ebt_sqlite_db_begin(s);

	if (err)
		return err;
	*r = (struct sqlite_row){ .s = s, .stmt = s->insert[table] };
	row_number(r, s->run);
	return 0;
}

static int row_end(struct sqlite_row *r)
{
	struct ebt_sqlite *s = r->s;
	int rc = r->error ? SQLITE_OK : sqlite3_step(r->stmt);

	sqlite3_reset(r->stmt);
	sqlite3_clear_bindings(r->stmt);
	if (r->error)
		return r->error;
	if (rc != SQLITE_DONE)
		return ebt_sqlite_db_fail(s);
	s->rows++;
	return 0;
}

int ebt_sqlite_row_machine(struct ebt_sqlite *s, const char *name, const char *value)
{
	struct sqlite_row r;
	int err = row_begin(s, EBT_SQLITE_MACHINE, &r);

	if (err)
		return err;
	row_text(&r, ebt_bytes_from(name));
	row_text(&r, ebt_bytes_from(value));
	return row_end(&r);
}

/* Bind the columns of an exec besides its fields: the command line, and the bytes of its arguments
 * if they are not UTF-8. */
static void row_exec_extra(struct sqlite_row *r, const struct ebt_event_exec *e)
{
	struct ebt_buf *text = row_buffer(r);

	ebt_text_quote_args(text, e->args, 0, 0);
	row_built(r, text);
	if (ebt_text_is_utf8(e->args))
		row_null(r);
	else
		sqlite3_bind_blob(r->stmt, ++r->at, e->args.data, (int)e->args.len, SQLITE_STATIC);
}

static int row_process(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
{
	bool exec = ev->type == EBT_EVENT_EXEC;
	struct sqlite_row r;
	int err = row_begin(s, exec ? EBT_SQLITE_EXEC : EBT_SQLITE_EXIT, &r);

	if (err)
		return err;
	r.ev = ev;
	r.context = ebt_sink_field_context(s->names, offset);
	ebt_sqlite_fields(ev->type, row_field, &r);
	if (exec)
		row_exec_extra(&r, &ev->exec);
	return row_end(&r);
}

static int row_lost(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
{
	struct sqlite_row r;
	int err = row_begin(s, EBT_SQLITE_LOST, &r);

	if (err)
		return err;
	row_time(&r, ev->mono_ns + (uint64_t)offset);
	row_number(&r, (int64_t)ev->mono_ns);
	if (ev->type == EBT_EVENT_LOST) {
		row_number(&r, ev->cpu);
		row_text(&r, ebt_bytes_from(ebt_lost_cause_name(ev->lost.cause)));
		row_number(&r, (int64_t)ev->lost.count);
		row_null(&r);
		if (ev->lost.uid == EBT_EV_UNSET)
			row_null(&r);
		else
			row_number(&r, ev->lost.uid);
	} else {
		r.at += 3;
		row_text(&r, ev->note.text);
	}
	return row_end(&r);
}

/* Insert an event of homeostasis as a note that names its process. */
static int row_homeo(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t offset)
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
	return row_lost(s, &note, offset);
}

int ebt_sqlite_row_missed(struct ebt_sqlite *s, const struct ebt_sqlite_missed *m)
{
	struct sqlite_row r;
	int err = row_begin(s, EBT_SQLITE_LOST, &r);

	if (err)
		return err;
	row_time(&r, m->mono_ns + (uint64_t)m->mono_to_real_ns);
	row_number(&r, (int64_t)m->mono_ns);
	row_null(&r);
	row_text(&r, ebt_bytes_from("database"));
	row_number(&r, (int64_t)m->count);
	row_text(&r, ebt_bytes_from(m->why));
	return row_end(&r);
}

static int row_of_event(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t mono_to_real_ns)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
	case EBT_EVENT_EXIT:
		return row_process(s, ev, mono_to_real_ns);
	case EBT_EVENT_HOMEO:
		return ev->homeo.level == EBT_HOMEO_DEBUG ? 0 : row_homeo(s, ev, mono_to_real_ns);
	case EBT_EVENT_REPLACED:
		return 0;
	default:
		return row_lost(s, ev, mono_to_real_ns);
	}
}

int ebt_sqlite_row_event(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t mono_to_real_ns)
{
	int err = row_of_event(s, ev, mono_to_real_ns);

	if (!err)
		s->events++;
	return err;
}
