/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * perfetto.c - slices on one thread of a trace must nest, processes need not: a child gets the row
 * of its parent when it would be the innermost there, else a row of its own; one that outlives what
 * it lies in goes on in another row.
 */
#include "export/perfetto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "base/format.h"
#include "base/io.h"
#include "base/json_write.h"

#define WRITE_BYTES (256u << 10)
#define BUCKET_NS   100000000u	/* a point of the counters */
#define ARGS_MAX    (64u << 10) /* bytes of arguments in a slice: a viewer holds all of them */
#define ROWS_MAX    65536u
#define TRACE_PID   1 /* all rows belong to one process of the trace */
#define NO_ROW	    "not known: the trace has no more rows"

/* A process that runs, as far as the trace goes. */
struct slice {
	UT_hash_handle hh;
	uint32_t pid;
	uint32_t row;
	struct slice *below; /* on its row: what it lies in */
	uint64_t begin_ns;
	struct ebt_buf detail; /* "name":…,"args":{… as JSON, without the end */
	uint64_t cpu_ns;
};

struct ebt_trace {
	struct ebt_trace_options options;
	struct ebt_buf out;
	bool comma;
	struct slice *slices; /* by pid; the oldest process first */
	struct slice **rows;  /* the innermost open slice of each */
	uint32_t rows_count;
	uint32_t rows_full; /* all before this one have something on them */
	uint64_t bucket_ns, bucket_execs, lost;
	uint64_t latest_ns; /* of an event so far */
	int error;
};

static int flush(struct ebt_trace *t)
{
	int err = ebt_write_all(t->options.fd, t->out.data, t->out.len);

	if (err)
		t->error = err;
	ebt_buf_reset(&t->out);
	return t->error;
}

static void begin_item(struct ebt_trace *t)
{
	ebt_buf_puts(&t->out, t->comma ? ",\n{" : "\n{");
	t->comma = true;
}

/* Microseconds, with three decimals. */
static void put_time(struct ebt_buf *out, const char *key, uint64_t ns)
{
	ebt_buf_printf(out, "\"%s\":%llu.%03u", key, (unsigned long long)(ns / 1000),
		       (unsigned)(ns % 1000));
}

static uint64_t since(const struct ebt_trace *t, uint64_t ns)
{
	return ns > t->options.first_ns ? ns - t->options.first_ns : 0;
}

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
	begin_item(t);
	ebt_buf_puts(&t->out, "\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\","
			      "\"args\":{\"name\":\"execs\"}}");
	*out = t;
	return 0;
}

static void free_slice(struct slice *s)
{
	ebt_buf_free(&s->detail);
	free(s);
}

void ebt_trace_free(struct ebt_trace **tp)
{
	struct ebt_trace *t = *tp;
	struct slice *s, *next;

	if (!t)
		return;
	s = t->slices;
	HASH_CLEAR(hh, t->slices);
	for (; s; s = next) {
		next = s->hh.next;
		free_slice(s);
	}
	free(t->rows);
	ebt_buf_free(&t->out);
	free(t);
	*tp = NULL;
}

static struct slice *find(const struct ebt_trace *t, uint32_t pid)
{
	struct slice *s;

	HASH_FIND(hh, t->slices, &pid, sizeof(pid), s);
	return s;
}

/* A row with nothing on it. */
static int free_row(struct ebt_trace *t, uint32_t *out)
{
	struct slice **rows;

	for (; t->rows_full < t->rows_count; t->rows_full++) {
		if (!t->rows[t->rows_full]) {
			*out = t->rows_full;
			return 0;
		}
	}
	if (t->rows_count >= ROWS_MAX)
		return -ENOSPC;
	rows = reallocarray(t->rows, t->rows_count + 1, sizeof(struct slice *));
	if (!rows)
		return -ENOMEM;
	t->rows = rows;
	t->rows[t->rows_count] = NULL;
	*out = t->rows_count++;
	return 0;
}

/* Emits the slice from its beginning to end_ns. */
static void put_slice(struct ebt_trace *t, const struct slice *s, uint64_t end_ns, const char *end)
{
	begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"X\",\"cat\":\"exec\",\"pid\":%d,\"tid\":%u,", TRACE_PID,
		       s->row + 1);
	put_time(&t->out, "ts", since(t, s->begin_ns));
	ebt_buf_puts(&t->out, ",");
	put_time(&t->out, "dur", end_ns > s->begin_ns ? end_ns - s->begin_ns : 0);
	ebt_buf_puts(&t->out, ",");
	ebt_buf_append(&t->out, s->detail.data, s->detail.len);
	ebt_buf_printf(&t->out, ",\"end\":\"%s\"}}", end);
}

static void forget(struct ebt_trace *t, struct slice *s)
{
	HASH_DELETE(hh, t->slices, s);
	free_slice(s);
}

/* Takes the innermost slice off a row. */
static void take_off(struct ebt_trace *t, struct slice *s)
{
	t->rows[s->row] = s->below;
	if (!s->below && s->row < t->rows_full)
		t->rows_full = s->row;
}

/* Makes a slice the innermost of its row: what lies on it goes on elsewhere. */
static void clear_above(struct ebt_trace *t, struct slice *s, uint64_t now_ns)
{
	while (t->rows[s->row] != s) {
		struct slice *top = t->rows[s->row];
		uint32_t row;
		int err = free_row(t, &row);

		put_slice(t, top, now_ns, err ? NO_ROW : "goes on in another row");
		take_off(t, top);
		if (err) {
			forget(t, top);
			continue;
		}
		top->below = NULL;
		top->begin_ns = now_ns;
		top->row = row;
		t->rows[row] = top;
	}
}

/* Ends all that is on a row. */
static void end_row(struct ebt_trace *t, uint32_t row, uint64_t now_ns, const char *how)
{
	struct slice *s;

	while ((s = t->rows[row])) {
		put_slice(t, s, now_ns, how);
		take_off(t, s);
		forget(t, s);
	}
}

static void describe(struct ebt_trace *t, struct slice *s, const struct ebt_event *ev)
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

/* A new process: in its parent's row when that is the innermost there. When all rows are taken the
 * oldest process makes room: it may have ended unseen, its end lost or left out by a filter. */
static int place(struct ebt_trace *t, struct slice *s, uint32_t ppid, uint64_t now_ns)
{
	struct slice *parent = find(t, ppid);
	int err = 0;

	if (parent && parent != s && t->rows[parent->row] == parent)
		s->row = parent->row;
	else
		err = free_row(t, &s->row);
	if (err == -ENOSPC) {
		end_row(t, t->slices->row, now_ns, NO_ROW);
		err = free_row(t, &s->row);
	}
	if (err)
		return err;
	s->below = t->rows[s->row];
	t->rows[s->row] = s;
	return 0;
}

static void put_failed(struct ebt_trace *t, const struct ebt_event *ev)
{
	struct slice *s = find(t, ev->exec.pid);
	char code[EBT_FMT_LEN];
	struct ebt_json_writer w = { .out = &t->out, .comma = true };

	begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"i\",\"cat\":\"exec\",\"s\":\"%s\",\"pid\":%d,\"tid\":%u,",
		       s ? "t" : "p", TRACE_PID, s ? s->row + 1 : 1);
	put_time(&t->out, "ts", since(t, ev->mono_ns));
	ebt_json_bytes(&w, "name", ev->exec.filename.len ? ev->exec.filename : ev->exec.comm);
	ebt_json_open(&w, "args", "{");
	ebt_json_text(&w, "error", ebt_fmt_errno(code, -ev->exec.ret));
	ebt_json_u64(&w, "pid", ev->exec.pid);
	ebt_json_command(&w, "command", ev->exec.args);
	ebt_buf_puts(&t->out, "}}");
}

static int take_exec(struct ebt_trace *t, const struct ebt_event *ev, uint64_t now_ns)
{
	struct slice *s = find(t, ev->exec.pid);
	int err = 0;

	if (ev->exec.ret < 0) {
		put_failed(t, ev);
		return 0;
	}
	if (s) {
		/* The same process, another program: this image is over; its row stays. */
		clear_above(t, s, now_ns);
		put_slice(t, s, now_ns, "exec");
	} else {
		s = calloc(1, sizeof(*s));
		if (!s)
			return -ENOMEM;
		s->pid = ev->exec.pid;
		err = place(t, s, ev->exec.ppid, now_ns);
		if (!err) {
			HASH_ADD(hh, t->slices, pid, sizeof(s->pid), s);
			if (!s->hh.tbl) {
				take_off(t, s);
				err = -ENOMEM;
			}
		}
		if (err) {
			free_slice(s);
			return err;
		}
	}
	s->begin_ns = now_ns;
	describe(t, s, ev);
	return s->detail.error;
}

static void end_slice(struct ebt_trace *t, struct slice *s, uint64_t now_ns, const char *how)
{
	clear_above(t, s, now_ns);
	put_slice(t, s, now_ns, how);
	take_off(t, s);
	forget(t, s);
}

static void take_exit(struct ebt_trace *t, const struct ebt_event *ev, uint64_t now_ns)
{
	struct slice *s = find(t, ev->exit.pid);
	char status[EBT_FMT_LEN], how[64];

	if (!s)
		return;
	snprintf(how, sizeof(how), "%s", ebt_fmt_exit(status, ev->exit.status));
	end_slice(t, s, now_ns, how);
}

static void put_counters(struct ebt_trace *t, uint64_t ns)
{
	begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"C\",\"pid\":%d,\"name\":\"execs/s\",", TRACE_PID);
	put_time(&t->out, "ts", since(t, ns));
	ebt_buf_printf(&t->out, ",\"args\":{\"execs\":%llu}}",
		       (unsigned long long)(t->bucket_execs * (1000000000u / BUCKET_NS)));
	begin_item(t);
	ebt_buf_printf(&t->out, "\"ph\":\"C\",\"pid\":%d,\"name\":\"lost\",", TRACE_PID);
	put_time(&t->out, "ts", since(t, ns));
	ebt_buf_printf(&t->out, ",\"args\":{\"events\":%llu}}", (unsigned long long)t->lost);
}

/* Counters of the bucket that is over; a gap gets a zero after it. */
static void count(struct ebt_trace *t, const struct ebt_event *ev)
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
	count(t, ev);
	/* Events of two CPUs may come in another order than they happened: a CPU of a virtual
	 * machine can rest between looking at the clock and writing to the ring. Slices would not
	 * nest. */
	if (ev->mono_ns > t->latest_ns)
		t->latest_ns = ev->mono_ns;
	if (ev->type == EBT_EVENT_EXEC)
		err = take_exec(t, ev, t->latest_ns);
	else if (ev->type == EBT_EVENT_EXIT)
		take_exit(t, ev, t->latest_ns);
	if (!err)
		err = t->out.error;
	return err || t->out.len < WRITE_BYTES ? err : flush(t);
}

int ebt_trace_finish(struct ebt_trace *t, uint64_t last_ns)
{
	for (uint32_t i = 0; i < t->rows_count; i++)
		end_row(t, i, last_ns, "still runs when the recording ends");
	if (t->bucket_ns) {
		put_counters(t, t->bucket_ns);
		t->bucket_execs = 0;
		put_counters(t, t->bucket_ns + BUCKET_NS);
	}
	for (uint32_t i = 0; i < t->rows_count; i++) {
		begin_item(t);
		ebt_buf_printf(&t->out,
			       "\"ph\":\"M\",\"pid\":%d,\"tid\":%u,\"name\":\"thread_sort_index\","
			       "\"args\":{\"sort_index\":%u}}",
			       TRACE_PID, i + 1, i);
	}
	ebt_buf_puts(&t->out, "\n]}\n");
	return t->out.error ? t->out.error : flush(t);
}
