/* SPDX-License-Identifier: BSD-3-Clause */
/* text_columns.c - lines of -e with the columns that were asked for. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "sink/text_internal.h"

/* One cell; an exit has fewer than an exec. Nothing appended: shown as "-". */
typedef void cell_fn(struct ebt_buf *out, const struct ebt_sink_options *o,
		     const struct ebt_event *ev);

static void put_number(struct ebt_buf *out, uint32_t v)
{
	if (v != EBT_EV_UNSET)
		ebt_buf_printf(out, "%u", v);
}

static void put_text(struct ebt_buf *out, const struct ebt_sink_options *o, struct ebt_bytes text)
{
	ebt_text_put(out, o, text);
}

static void cell_time(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	char clock[EBT_FMT_LEN];

	ebt_buf_puts(out, ebt_fmt_clock(clock, ebt_sink_real_ns(o, ev), 1));
}

static void cell_ts(struct ebt_buf *out, const struct ebt_sink_options *o,
		    const struct ebt_event *ev)
{
	char ts[EBT_FMT_LEN];

	ebt_buf_puts(out, ebt_fmt_iso8601(ts, ebt_sink_real_ns(o, ev)));
}

static void cell_what(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	ebt_buf_puts(out, ev->type == EBT_EVENT_EXEC ? "exec" : "exit");
}

static void cell_cpu(struct ebt_buf *out, const struct ebt_sink_options *o,
		     const struct ebt_event *ev)
{
	ebt_buf_printf(out, "%u", ev->cpu);
}

static void cell_pid(struct ebt_buf *out, const struct ebt_sink_options *o,
		     const struct ebt_event *ev)
{
	put_number(out, ev->type == EBT_EVENT_EXEC ? ev->exec.pid : ev->exit.pid);
}

static void cell_ppid(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	put_number(out, ev->type == EBT_EVENT_EXEC ? ev->exec.ppid : ev->exit.ppid);
}

static void cell_uid(struct ebt_buf *out, const struct ebt_sink_options *o,
		     const struct ebt_event *ev)
{
	put_number(out, ev->type == EBT_EVENT_EXEC ? ev->exec.uid : ev->exit.uid);
}

static void cell_user(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	uint32_t uid = ev->type == EBT_EVENT_EXEC ? ev->exec.uid : ev->exit.uid;
	const char *name = o->names && uid != EBT_EV_UNSET ? ebt_model_user(o->names, uid) : NULL;

	if (name)
		put_text(out, o, ebt_bytes_from(name));
	else
		put_number(out, uid);
}

static void cell_result(struct ebt_buf *out, const struct ebt_sink_options *o,
			const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_exit(text, ev->exit.status));
	else
		ebt_buf_puts(out, ev->exec.ret < 0 ? ebt_fmt_errno(text, -ev->exec.ret) : "0");
}

static void cell_comm(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	put_text(out, o, ev->type == EBT_EVENT_EXEC ? ev->exec.comm : ev->exit.comm);
}

static void cell_command(struct ebt_buf *out, const struct ebt_sink_options *o,
			 const struct ebt_event *ev)
{
	if (ev->type == EBT_EVENT_EXEC) {
		ebt_text_put_command(out, o, &ev->exec);
		return;
	}
	ebt_buf_puts(out, "[");
	put_text(out, o, ev->exit.comm);
	ebt_buf_puts(out, "]");
}

static void cell_life(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_duration(text, ev->exit.lifetime_ns));
}

static void cell_cputime(struct ebt_buf *out, const struct ebt_sink_options *o,
			 const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_duration(text, ev->exit.utime_ns + ev->exit.stime_ns));
}

static void cell_rss(struct ebt_buf *out, const struct ebt_sink_options *o,
		     const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_bytes(text, ev->exit.maxrss_bytes));
}

/* Cells that only an exec has. */
#define EXEC_NUMBER(name)                                                              \
	static void cell_##name(struct ebt_buf *out, const struct ebt_sink_options *o, \
				const struct ebt_event *ev)                            \
	{                                                                              \
		if (ev->type == EBT_EVENT_EXEC)                                        \
			put_number(out, ev->exec.name);                                \
	}
#define EXEC_TEXT(name)                                                                \
	static void cell_##name(struct ebt_buf *out, const struct ebt_sink_options *o, \
				const struct ebt_event *ev)                            \
	{                                                                              \
		if (ev->type == EBT_EVENT_EXEC)                                        \
			put_text(out, o, ev->exec.name);                               \
	}
EXEC_NUMBER(tid)
EXEC_NUMBER(vpid)
EXEC_NUMBER(euid)
EXEC_NUMBER(gid)
EXEC_NUMBER(loginuid)
EXEC_NUMBER(argc)
EXEC_NUMBER(args_bytes)
EXEC_TEXT(tty)
EXEC_TEXT(exe)
EXEC_TEXT(filename)
EXEC_TEXT(cwd)

static void cell_cgroup(struct ebt_buf *out, const struct ebt_sink_options *o,
			const struct ebt_event *ev)
{
	const char *path = ev->type == EBT_EVENT_EXEC && o->names && ev->exec.cgroup_id
				   ? ebt_model_cgroup(o->names, ev->exec.cgroup_id)
				   : NULL;

	put_text(out, o, ebt_bytes_from(path));
}

static const struct column {
	const char *name, *title;
	int width; /* below 0: numbers, to the right */
	cell_fn *cell;
	const char *help;
} columns[] = {
	{ "time", "TIME", 12, cell_time, "local time of day" },
	{ "ts", "TIMESTAMP", 30, cell_ts, "date and time, UTC, nanoseconds" },
	{ "what", "WHAT", 4, cell_what, "exec or exit" },
	{ "cpu", "CPU", -3, cell_cpu, "where it happened" },
	{ "pid", "PID", -7, cell_pid, "process" },
	{ "ppid", "PPID", -7, cell_ppid, "its parent" },
	{ "tid", "TID", -7, cell_tid, "thread that called exec" },
	{ "vpid", "VPID", -7, cell_vpid, "process in its own pid namespace" },
	{ "uid", "UID", -5, cell_uid, "user, as a number" },
	{ "user", "USER", 8, cell_user, "user" },
	{ "euid", "EUID", -5, cell_euid, "effective user" },
	{ "gid", "GID", -5, cell_gid, "group" },
	{ "loginuid", "LOGIN", -5, cell_loginuid, "who logged in" },
	{ "tty", "TTY", 6, cell_tty, "terminal" },
	{ "result", "RESULT", 7, cell_result, "0, why the exec failed, how the process ended" },
	{ "comm", "COMM", 15, cell_comm, "name of the process" },
	{ "exe", "EXE", 24, cell_exe, "file that runs" },
	{ "filename", "FILENAME", 24, cell_filename, "file as it was asked for" },
	{ "cwd", "CWD", 24, cell_cwd, "working directory" },
	{ "cgroup", "CGROUP", 24, cell_cgroup, "path of the cgroup" },
	{ "argc", "ARGC", -4, cell_argc, "number of arguments" },
	{ "args_bytes", "BYTES", -7, cell_args_bytes, "bytes of all arguments" },
	{ "life", "LIFE", -6, cell_life, "exit: since the process began" },
	{ "cpu_time", "CPUTIME", -7, cell_cputime, "exit: user and system time" },
	{ "rss", "MAXRSS", -6, cell_rss, "exit: most memory resident" },
	{ "command", "COMMAND", 0, cell_command, "the whole command line" },
};

const char *ebt_text_column(unsigned i, const char **help)
{
	if (i >= EBT_ARRAY_SIZE(columns))
		return NULL;
	if (help)
		*help = columns[i].help;
	return columns[i].name;
}

/* The last cell of a line is not padded. */
static void pad(struct ebt_buf *out, const struct column *c, const char *text, size_t len,
		bool last)
{
	struct ebt_bytes cell = { text, len };
	size_t width = ebt_text_width(cell, 0),
	       want = (size_t)(c->width < 0 ? -c->width : c->width);
	int blanks = want > width ? (int)(want - width) : 0;

	if (c->width < 0)
		ebt_buf_printf(out, "%*s", blanks, "");
	ebt_buf_append(out, text, len);
	if (c->width > 0 && !last)
		ebt_buf_printf(out, "%*s", blanks, "");
	ebt_buf_append(out, last ? "\n" : " ", 1);
}

void ebt_text_columns_header(struct ebt_buf *out, const struct ebt_sink_options *o)
{
	for (unsigned i = 0; i < o->column_count; i++) {
		const struct column *c = &columns[o->column[i]];

		pad(out, c, c->title, strlen(c->title), i + 1 == o->column_count);
	}
}

void ebt_text_columns_event(struct ebt_buf *out, const struct ebt_sink_options *o,
			    const struct ebt_event *ev)
{
	_cleanup_buf_ struct ebt_buf cell = { 0 };

	for (unsigned i = 0; i < o->column_count; i++) {
		const struct column *c = &columns[o->column[i]];

		ebt_buf_reset(&cell);
		c->cell(&cell, o, ev);
		if (!cell.len)
			ebt_buf_puts(&cell, "-");
		if (cell.error && !out->error)
			out->error = cell.error;
		pad(out, c, cell.data, cell.len, i + 1 == o->column_count);
	}
}
