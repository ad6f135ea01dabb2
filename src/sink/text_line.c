/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * text_line.c - events as lines for people (-e): every exec, and the exits, losses and notes that
 * tell something. Columns are as wide as their usual values; a longer value pushes the rest on.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/format.h"
#include "base/text.h"
#include "sink/sink_format.h"
#include "sink/text_columns.h"
#include "sink/text_put.h"

#define TIME_COLUMNS 12
#define USER_COLUMNS 8 /* as ps: longer names are cut and end in + */

static void text_user(struct ebt_buf *out, const struct ebt_sink_options *o, uint32_t uid)
{
	const char *name = o->names && uid != EBT_EV_UNSET ? ebt_model_user(o->names, uid) : NULL;
	char number[16];
	struct ebt_bytes rest;
	struct ebt_glyph g;
	size_t columns = 0, all;

	if (!name) {
		snprintf(number, sizeof(number), "%u", uid);
		name = uid == EBT_EV_UNSET ? "?" : number;
	}
	rest = ebt_bytes_from(name);
	all = ebt_text_width(rest, ebt_text_flags(o));
	while (ebt_text_next(&rest, ebt_text_flags(o), &g)) {
		if (all > USER_COLUMNS && columns + g.width > USER_COLUMNS - 1 && name != number) {
			ebt_buf_puts(out, "+");
			columns++;
			break;
		}
		ebt_buf_append(out, g.text, g.len);
		columns += g.width;
	}
	if (columns < USER_COLUMNS)
		ebt_buf_printf(out, "%*s", (int)(USER_COLUMNS - columns), "");
}

/* What all lines begin with. */
static void text_start(struct ebt_buf *out, const struct ebt_sink_options *o,
		       const struct ebt_event *ev, const char *what)
{
	char clock[EBT_FMT_LEN];

	if (o->date)
		ebt_fmt_stamp(clock, ebt_sink_real_ns(o, ev));
	else
		ebt_fmt_clock(clock, ebt_sink_real_ns(o, ev), 1);
	ebt_buf_printf(out, "%s %-4s ", clock, what);
}

static void text_process(struct ebt_buf *out, const struct ebt_sink_options *o, uint32_t pid,
			 uint32_t ppid, uint32_t uid, const char *result)
{
	if (ppid == EBT_EV_UNSET)
		ebt_buf_printf(out, "%7u %7s ", pid, "?");
	else
		ebt_buf_printf(out, "%7u %7u ", pid, ppid);
	text_user(out, o, uid);
	ebt_buf_printf(out, " %-7s ", result);
}

static void text_exec(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	const struct ebt_event_exec *e = &ev->exec;
	char result[EBT_FMT_LEN];

	text_start(out, o, ev, "exec");
	if (e->ret < 0)
		ebt_fmt_errno(result, -e->ret);
	else
		memcpy(result, "0", 2);
	text_process(out, o, e->pid, e->ppid, e->uid, result);
	ebt_text_put_file(out, o, e);
	ebt_text_put_command(out, o, e);
	ebt_buf_puts(out, "\n");
}

static void text_exit(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	const struct ebt_event_exit *e = &ev->exit;
	char status[EBT_FMT_LEN], life[EBT_FMT_LEN], cpu[EBT_FMT_LEN], rss[EBT_FMT_LEN];

	text_start(out, o, ev, "exit");
	text_process(out, o, e->pid, e->ppid, e->uid, ebt_fmt_exit(status, e->status));
	ebt_buf_puts(out, "[");
	ebt_text_put(out, o, e->comm);
	ebt_buf_printf(out, "] after %s, cpu %s, max rss %s\n",
		       ebt_fmt_duration(life, e->lifetime_ns),
		       ebt_fmt_duration(cpu, e->utime_ns + e->stime_ns),
		       ebt_fmt_bytes(rss, e->maxrss_bytes));
}

/* Its word stands where a result does; what everybody does at every start is not shown. */
static void text_homeo(struct ebt_buf *out, const struct ebt_sink_options *o,
		       const struct ebt_event *ev)
{
	const struct ebt_event_homeo *e = &ev->homeo;

	text_start(out, o, ev, e->level >= EBT_HOMEO_WARNING ? "WARN" : "info");
	ebt_buf_printf(out, "%7u ", e->pid);
	ebt_text_put(out, o, e->exe.len ? e->exe : e->comm);
	ebt_buf_puts(out, ": ");
	ebt_text_put(out, o, e->cause);
	ebt_buf_puts(out, "\n");
}

/* Name the user whose events were lost. */
static void text_lost_user(struct ebt_buf *out, const struct ebt_sink_options *o, uint32_t uid)
{
	const char *name = NULL;

	if (uid == EBT_EV_UNSET)
		return;
	if (o->names)
		name = ebt_model_user(o->names, uid);
	if (name) {
		ebt_buf_puts(out, " of ");
		ebt_text_put(out, o, ebt_bytes_from(name));
	} else {
		ebt_buf_printf(out, " of user %u", uid);
	}
}

static void text_header(struct ebt_buf *out, const struct ebt_sink_line *line)
{
	if (line->column_count) {
		ebt_text_columns_header(out, line);
		return;
	}
	ebt_buf_printf(out, "%-*s %-4s %7s %7s %-*s %-7s %s\n",
		       line->options.date ? EBT_FMT_STAMP_LEN : TIME_COLUMNS, "TIME", "WHAT", "PID",
		       "PPID", USER_COLUMNS, "USER", "RESULT", "COMMAND");
}

/* A clean end tells nothing that the exec's line did not. Lines tell of beginnings and of failures. */
static bool text_omits(const struct ebt_event *ev)
{
	return (ev->type == EBT_EVENT_EXIT && ev->exit.status == 0) ||
	       (ev->type == EBT_EVENT_HOMEO && ev->homeo.level == EBT_HOMEO_DEBUG) ||
	       ev->type == EBT_EVENT_REPLACED;
}

static void text_event(struct ebt_buf *out, const struct ebt_sink_line *line,
		       const struct ebt_event *ev)
{
	const struct ebt_sink_options *o = &line->options;

	if (text_omits(ev))
		return;
	if (line->column_count) {
		ebt_text_columns_event(out, line, ev);
		return;
	}
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		text_exec(out, o, ev);
		break;
	case EBT_EVENT_EXIT:
		text_exit(out, o, ev);
		break;
	case EBT_EVENT_LOST:
		text_start(out, o, ev, "lost");
		ebt_buf_printf(out, "%llu events", (unsigned long long)ev->lost.count);
		text_lost_user(out, o, ev->lost.uid);
		ebt_buf_printf(out, " on CPU %u: %s\n", ev->cpu,
			       ebt_text_lost_cause(ev->lost.cause));
		break;
	case EBT_EVENT_NOTE:
		text_start(out, o, ev, "note");
		ebt_text_put(out, o, ev->note.text);
		ebt_buf_puts(out, "\n");
		break;
	case EBT_EVENT_HOMEO:
		text_homeo(out, o, ev);
		break;
	case EBT_EVENT_REPLACED:
		break;
	}
}

const struct ebt_sink_format_ops ebt_sink_text_ops = {
	.header = text_header,
	.event = text_event,
};
