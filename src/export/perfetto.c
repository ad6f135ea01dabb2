/* SPDX-License-Identifier: BSD-3-Clause */
/* perfetto.c - write events as slices of a Chrome trace
 *
 * Slices on one thread of a trace must nest, but processes need not: a child gets the row of its
 * parent if it would be the innermost slice there, else a row of its own. A child that outlives the
 * slice around it continues in another row. */
#include "export/perfetto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/format.h"
#include "base/json_write.h"
#include "export/perfetto_rows.h"

#define WRITE_BYTES (256u << 10)
#define BUCKET_NS   100000000u /* interval of the counters' points */
/* maximum bytes of arguments in a slice, because a viewer holds all of them in memory */
#define ARGS_MAX (64u << 10)

int ebt_trace_new(struct ebt_trace **out, const struct ebt_trace_options *options)
{
	struct ebt_trace *t = calloc(1, sizeof(*t));
	struct ebt_json_writer w;
	char ts[EBT_FMT_LEN];

	if (!t)
		return -ENOMEM;
	t->options = *options;
	w = (struct ebt_json_writer){ .out = &t->out };
	ebt_json_open(&w, NULL, "{");
	ebt_json_text(&w, "displayTimeUnit", "ms");
	ebt_json_open(&w, "otherData", "{");
	ebt_json_text(&w, "program", "execbig-top " EBT_VERSION);
	ebt_json_text(&w, "begin",
		      ebt_fmt_iso8601(ts, options->first_ns + (uint64_t)options->mono_to_real_ns));
	ebt_json_text(&w, "host", options->host);
	ebt_json_text(&w, "kernel", options->kernel);
	ebt_json_text(&w, "command", options->command);
	ebt_json_close(&w, "}");
	ebt_json_open(&w, "traceEvents", "[");
	ebt_trace_begin_item(t);
	ebt_buf_puts(&t->out, "\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\","
			      "\"args\":{\"name\":\"execs\"}}");
	*out = t;
	return 0;
}

void ebt_trace_free(struct ebt_trace **tp)
{
	struct ebt_trace *t = *tp;
	struct ebt_trace_slice *s, *next;

	if (!t)
		return;
	s = t->slices;
	HASH_CLEAR(hh, t->slices);
	for (; s; s = next) {
		next = s->hh.next;
		ebt_trace_free_slice(s);
	}
	free(t->rows);
	ebt_buf_free(&t->out);
	free(t);
	*tp = NULL;
}

static void perfetto_describe(struct ebt_trace *t, struct ebt_trace_slice *s,
			      const struct ebt_event *ev)
{
	const struct ebt_event_exec *e = &ev->exec;
	struct ebt_json_writer w = { .out = &s->detail };
	struct ebt_bytes args = e->args;
	bool cut = args.len > ARGS_MAX;

	ebt_buf_reset(&s->detail);
	if (cut)
		args.len = ARGS_MAX;
	ebt_json_bytes(&w, "name", e->comm.len ? e->comm : ebt_bytes_from("?"));
	ebt_json_open(&w, "args", "{");
	ebt_json_u64(&w, "pid", e->pid);
	if (e->ppid != EBT_EV_UNSET)
		ebt_json_u64(&w, "ppid", e->ppid);
	if (e->parent_comm.len)
		ebt_json_bytes(&w, "parent_comm", e->parent_comm);
	ebt_json_text(&w, "user",
		      t->options.names ? ebt_model_user(t->options.names, e->uid) : NULL);
	ebt_json_command(&w, "command", args);
	if (cut)
		ebt_json_u64(&w, "args_bytes", e->args_bytes);
	if (e->exe.len)
		ebt_json_bytes(&w, "exe", e->exe);
	if (e->cwd.len)
		ebt_json_bytes(&w, "cwd", e->cwd);
	ebt_json_u64(&w, "cpu", ev->cpu);
}

static void put_failed(struct ebt_trace *t, const struct ebt_event *ev)
{
	struct ebt_trace_slice *s = ebt_trace_find(t, ev->exec.pid);
	char code[EBT_FMT_LEN];
	struct ebt_json_writer w = { .out = &t->out, .comma = true };

	ebt_trace_begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"i\",\"cat\":\"exec\",\"s\":\"%s\",\"pid\":%d,\"tid\":%u,",
		       s ? "t" : "p", EBT_TRACE_PID, s ? s->row + 1 : 1);
	ebt_trace_put_time(&t->out, "ts", ebt_trace_since(t, ev->mono_ns));
	ebt_json_bytes(&w, "name", ev->exec.filename.len ? ev->exec.filename : ev->exec.comm);
	ebt_json_open(&w, "args", "{");
	ebt_json_text(&w, "error", ebt_fmt_errno(code, -ev->exec.ret));
	ebt_json_u64(&w, "pid", ev->exec.pid);
	ebt_json_command(&w, "command", ev->exec.args);
	ebt_buf_puts(&t->out, "}}");
}

/* Draw an arrow from the parent's slice to a slice that has just begun on another row. */
static void put_arrow(struct ebt_trace *t, const struct ebt_trace_slice *parent,
		      const struct ebt_trace_slice *child)
{
	static const char *const ends[] = { "\"ph\":\"s\"", "\"ph\":\"f\",\"bp\":\"e\"" };
	const uint32_t rows[] = { parent->row, child->row };

	t->arrows++;
	for (unsigned i = 0; i < 2; i++) {
		ebt_trace_begin_item(t);
		ebt_buf_printf(
			&t->out,
			"%s,\"cat\":\"start\",\"name\":\"starts\",\"id\":%u,\"pid\":%d,\"tid\":%u,",
			ends[i], t->arrows, EBT_TRACE_PID, rows[i] + 1);
		ebt_trace_put_time(&t->out, "ts", ebt_trace_since(t, child->begin_ns));
		ebt_buf_puts(&t->out, "}");
	}
}

/* Begin a slice for a process that has none. */
static int begin_process(struct ebt_trace *t, const struct ebt_event *ev, uint64_t now_ns)
{
	struct ebt_trace_slice *s = calloc(1, sizeof(*s)), *parent;
	int err;

	if (!s)
		return -ENOMEM;
	s->pid = ev->exec.pid;
	s->begin_ns = now_ns;
	err = ebt_trace_place(t, s, ev->exec.ppid, now_ns);
	if (!err) {
		HASH_ADD(hh, t->slices, pid, sizeof(s->pid), s);
		if (!s->hh.tbl) {
			ebt_trace_take_off(t, s);
			err = -ENOMEM;
		}
	}
	if (err) {
		ebt_trace_free_slice(s);
		return err;
	}
	snprintf(s->row_name, sizeof(s->row_name), "%.*s %u", (int)ev->exec.comm.len,
		 ev->exec.comm.data ? ev->exec.comm.data : "", ev->exec.pid);
	ebt_trace_name_row(t, s);
	parent = ebt_trace_find(t, ev->exec.ppid);
	if (parent && parent->row != s->row)
		put_arrow(t, parent, s);
	perfetto_describe(t, s, ev);
	return s->detail.error;
}

static int take_exec(struct ebt_trace *t, const struct ebt_event *ev, uint64_t now_ns)
{
	struct ebt_trace_slice *s = ebt_trace_find(t, ev->exec.pid);

	if (ev->exec.ret < 0) {
		put_failed(t, ev);
		return 0;
	}
	if (!s)
		return begin_process(t, ev, now_ns);
	/* The same process runs another program: this image is over, and its row stays. */
	ebt_trace_clear_above(t, s, now_ns);
	ebt_trace_put_slice(t, s, now_ns, "exec");
	s->begin_ns = now_ns;
	perfetto_describe(t, s, ev);
	return s->detail.error;
}

static void end_slice(struct ebt_trace *t, struct ebt_trace_slice *s, uint64_t now_ns,
		      const char *how)
{
	ebt_trace_clear_above(t, s, now_ns);
	ebt_trace_put_slice(t, s, now_ns, how);
	ebt_trace_take_off(t, s);
	ebt_trace_forget(t, s);
}

static void take_exit(struct ebt_trace *t, const struct ebt_event *ev, uint64_t now_ns)
{
	struct ebt_trace_slice *s = ebt_trace_find(t, ev->exit.pid);
	char status[EBT_FMT_LEN], how[64];

	if (!s)
		return;
	snprintf(how, sizeof(how), "%s", ebt_fmt_exit(status, ev->exit.status));
	end_slice(t, s, now_ns, how);
}

static void put_counters(struct ebt_trace *t, uint64_t ns)
{
	ebt_trace_begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"C\",\"pid\":%d,\"name\":\"execs/s\",", EBT_TRACE_PID);
	ebt_trace_put_time(&t->out, "ts", ebt_trace_since(t, ns));
	ebt_buf_printf(&t->out, ",\"args\":{\"execs\":%llu}}",
		       (unsigned long long)(t->bucket_execs * (1000000000u / BUCKET_NS)));
	ebt_trace_begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"C\",\"pid\":%d,\"name\":\"lost\",", EBT_TRACE_PID);
	ebt_trace_put_time(&t->out, "ts", ebt_trace_since(t, ns));
	ebt_buf_printf(&t->out, ",\"args\":{\"events\":%llu}}", (unsigned long long)t->lost);
}

/* Write the counters of the last interval when it is over, and a zero after it if a gap follows. */
static void perfetto_count(struct ebt_trace *t, const struct ebt_event *ev)
{
	uint64_t bucket_ns = ev->mono_ns - ev->mono_ns % BUCKET_NS;

	if (bucket_ns > t->bucket_ns) {
		if (t->bucket_ns) {
			put_counters(t, t->bucket_ns);
			t->bucket_execs = 0;
			if (bucket_ns > t->bucket_ns + BUCKET_NS)
				put_counters(t, t->bucket_ns + BUCKET_NS);
		}
		t->bucket_ns = bucket_ns;
		t->bucket_execs = 0;
	}
	t->bucket_execs += ev->type == EBT_EVENT_EXEC;
	if (ev->type == EBT_EVENT_LOST)
		t->lost += ev->lost.count;
}

int ebt_trace_event(struct ebt_trace *t, const struct ebt_event *ev)
{
	int err = 0;

	if (t->error)
		return t->error;
	perfetto_count(t, ev);
	/* Events of two CPUs may arrive in another order than they happened, because a virtual CPU
	 * can be paused between reading the clock and writing to the ring. Slices would then not
	 * nest. */
	if (ev->mono_ns > t->latest_ns)
		t->latest_ns = ev->mono_ns;
	if (ev->type == EBT_EVENT_EXEC)
		err = take_exec(t, ev, t->latest_ns);
	else if (ev->type == EBT_EVENT_EXIT)
		take_exit(t, ev, t->latest_ns);
	if (!err)
		err = t->out.error;
	return err || t->out.len < WRITE_BYTES ? err : ebt_trace_flush(t);
}

void ebt_trace_left_out(struct ebt_trace *t, const struct ebt_event *ev)
{
	struct ebt_trace_slice *s;

	if (ev->mono_ns > t->latest_ns)
		t->latest_ns = ev->mono_ns;
	if (ev->type == EBT_EVENT_EXIT) {
		take_exit(t, ev, t->latest_ns);
	} else if (ev->type == EBT_EVENT_EXEC && ev->exec.ret >= 0) {
		s = ebt_trace_find(t, ev->exec.pid);
		if (s)
			end_slice(t, s, t->latest_ns, "exec");
	}
}

int ebt_trace_finish(struct ebt_trace *t, uint64_t last_ns, const char *still_runs)
{
	for (uint32_t i = 0; i < t->rows_count; i++)
		ebt_trace_end_row(t, i, last_ns, still_runs);
	if (t->bucket_ns) {
		put_counters(t, t->bucket_ns);
		t->bucket_execs = 0;
		put_counters(t, t->bucket_ns + BUCKET_NS);
	}
	for (uint32_t i = 0; i < t->rows_count; i++) {
		ebt_trace_begin_item(t);
		ebt_buf_printf(&t->out,
			       "\"ph\":\"M\",\"pid\":%d,\"tid\":%u,\"name\":\"thread_sort_index\","
			       "\"args\":{\"sort_index\":%u}}",
			       EBT_TRACE_PID, i + 1, i);
	}
	ebt_buf_puts(&t->out, "\n]}\n");
	return t->out.error ? t->out.error : ebt_trace_flush(t);
}
