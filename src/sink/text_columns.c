/* SPDX-License-Identifier: BSD-3-Clause */
/* text_columns.c - prints events of all kinds with the columns that -o names. */
#include "sink/text_columns.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "sink/sink_names.h"
#include "sink/text_put.h"

/* Widths by what a value is, for fields whose row names none. */
#define NUMBER_WIDTH (-7)
#define TEXT_WIDTH   15
#define TIME_WIDTH   30
#define TITLE_MAX    24

static void cell_time(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev)
{
	char clock[EBT_FMT_LEN];

	ebt_buf_puts(out, ebt_fmt_clock(clock, ebt_sink_real_ns(&line->options, ev), 1));
}

static void cell_date(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev)
{
	char date[EBT_FMT_LEN];

	ebt_buf_puts(out, ebt_fmt_stamp(date, ebt_sink_real_ns(&line->options, ev)));
}

static void cell_what(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev)
{
	ebt_buf_puts(out, ebt_event_type_name(ev->type));
}

/* The name of the user, and the number where the name is not known. */
static void cell_user(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev)
{
	uint32_t uid = ev->type == EBT_EVENT_EXEC   ? ev->exec.uid
		       : ev->type == EBT_EVENT_EXIT ? ev->exit.uid
		       : ev->type == EBT_EVENT_LOST ? ev->lost.uid
						    : EBT_EV_UNSET;
	const char *name = NULL;

	if (line->context.user && uid != EBT_EV_UNSET)
		name = line->context.user(line->context.names, uid);
	if (name)
		ebt_text_put(out, &line->options, ebt_bytes_from(name));
	else if (uid != EBT_EV_UNSET)
		ebt_buf_printf(out, "%u", uid);
}

static void cell_result(struct ebt_buf *out, const struct ebt_sink_line *line,
			const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_exit(text, ev->exit.status));
	else if (ev->type == EBT_EVENT_EXEC)
		ebt_buf_puts(out, ev->exec.ret < 0 ? ebt_fmt_errno(text, -ev->exec.ret) : "0");
	else if (ev->type == EBT_EVENT_LOST)
		ebt_buf_puts(out, ebt_lost_cause_name(ev->lost.cause));
	else if (ev->type == EBT_EVENT_HOMEO)
		ebt_buf_puts(out, ebt_homeo_level_name(ev->homeo.level));
}

static void cell_command(struct ebt_buf *out, const struct ebt_sink_line *line,
			 const struct ebt_event *ev)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		ebt_text_put_command(out, &line->options, &ev->exec);
		break;
	case EBT_EVENT_EXIT:
		ebt_buf_puts(out, "[");
		ebt_text_put(out, &line->options, ev->exit.comm);
		ebt_buf_puts(out, "]");
		break;
	case EBT_EVENT_LOST:
		ebt_buf_printf(out, "[%llu events on CPU %u: %s]",
			       (unsigned long long)ev->lost.count, ev->cpu,
			       ebt_text_lost_cause(ev->lost.cause));
		break;
	case EBT_EVENT_NOTE:
	case EBT_EVENT_HOMEO:
		ebt_buf_puts(out, "[");
		ebt_text_put(out, &line->options,
			     ev->type == EBT_EVENT_NOTE ? ev->note.text : ev->homeo.cause);
		ebt_buf_puts(out, "]");
		break;
	case EBT_EVENT_REPLACED:
		break;
	}
}

static void cell_life(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_duration(text, ev->exit.lifetime_ns));
}

static void cell_cputime(struct ebt_buf *out, const struct ebt_sink_line *line,
			 const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_duration(text, ev->exit.utime_ns + ev->exit.stime_ns));
}

static void cell_rss(struct ebt_buf *out, const struct ebt_sink_line *line,
		     const struct ebt_event *ev)
{
	char text[EBT_FMT_LEN];

	if (ev->type == EBT_EVENT_EXIT)
		ebt_buf_puts(out, ebt_fmt_bytes(text, ev->exit.maxrss_bytes));
}

/* Columns in a form for people. */
static const struct ebt_sink_column own_columns[] = {
	{ .name = "time",
	  .title = "TIME",
	  .width = 12,
	  .cell = cell_time,
	  .help = "local time of day" },
	{ .name = "date",
	  .title = "DATE",
	  .width = EBT_FMT_STAMP_LEN,
	  .cell = cell_date,
	  .help = "local date, time and zone, as --from takes them" },
	{ .name = "what",
	  .title = "WHAT",
	  .width = 4,
	  .cell = cell_what,
	  .help = "exec, exit, lost, note or homeostasis" },
	{ .name = "user",
	  .title = "USER",
	  .width = 8,
	  .cell = cell_user,
	  .help = "user: the name, or the number where the name is not known" },
	{ .name = "result",
	  .title = "RESULT",
	  .width = 7,
	  .cell = cell_result,
	  .help = "0, why the exec failed, how the process ended, or why events were lost" },
	{ .name = "life",
	  .title = "LIFE",
	  .width = -6,
	  .cell = cell_life,
	  .help = "exit: time since the process began" },
	{ .name = "cpu_time",
	  .title = "CPUTIM",
	  .width = -7,
	  .cell = cell_cputime,
	  .help = "exit: user and system time" },
	{ .name = "rss",
	  .title = "MAXRSS",
	  .width = -6,
	  .cell = cell_rss,
	  .help = "exit: most memory that it had resident" },
	{ .name = "command",
	  .title = "COMMAND",
	  .width = 0,
	  .cell = cell_command,
	  .help = "the whole command line; of other events a text in brackets" },
};

unsigned ebt_text_columns_own(struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX])
{
	memcpy(all, own_columns, sizeof(own_columns));
	return EBT_ARRAY_SIZE(own_columns);
}

static int text_width_of(const struct ebt_sink_column *column)
{
	const struct ebt_field *f = NULL;

	for (unsigned type = 0; !f && type < EBT_EVENT_TYPES; type++)
		f = column->of[type];
	if (!f)
		return TEXT_WIDTH;
	switch ((enum ebt_value_type)f->type) {
	case EBT_VALUE_NUMBER:
	case EBT_VALUE_SIGNED:
	case EBT_VALUE_BOOL:
		return f->unit ? 2 * NUMBER_WIDTH : NUMBER_WIDTH;
	case EBT_VALUE_TIME:
		return TIME_WIDTH;
	default:
		return TEXT_WIDTH;
	}
}

void ebt_text_columns_layout(struct ebt_sink_column *all, unsigned own, unsigned count)
{
	for (unsigned i = own; i < count; i++)
		if (!all[i].width)
			all[i].width = text_width_of(&all[i]);
}

/* Append the value of a field in the form that people read. */
static void text_cell(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_field *f, const struct ebt_event *ev)
{
	struct ebt_value v = ebt_field_value(f, ev, &line->context);
	char time[EBT_FMT_LEN];

	switch (v.type) {
	case EBT_VALUE_UNKNOWN:
	case EBT_VALUE_NONE:
		break;
	case EBT_VALUE_NUMBER:
	case EBT_VALUE_BOOL:
		ebt_buf_printf(out, "%llu", (unsigned long long)v.number);
		break;
	case EBT_VALUE_SIGNED:
		ebt_buf_printf(out, "%lld", (long long)v.number);
		break;
	case EBT_VALUE_TIME:
		ebt_buf_puts(out, ebt_fmt_iso8601(time, v.number));
		break;
	case EBT_VALUE_FLAGS:
		ebt_sink_put_flags(out, (uint32_t)v.number);
		break;
	case EBT_VALUE_WORD:
	case EBT_VALUE_TEXT:
		ebt_text_put(out, &line->options, v.bytes);
		break;
	case EBT_VALUE_STRINGS:
		ebt_text_put_args(out, &line->options, v.bytes);
		break;
	case EBT_VALUE_CONTAINER:
		ebt_sink_put_container(out, v.bytes.data);
		break;
	}
}

/* Append a cell with its blanks. The last cell of a line is not padded. */
static void text_pad(struct ebt_buf *out, int width, struct ebt_bytes cell, bool last)
{
	size_t has = ebt_text_width(cell, 0), want = (size_t)(width < 0 ? -width : width);
	int blanks = want > has ? (int)(want - has) : 0;

	if (width < 0)
		ebt_buf_printf(out, "%*s", blanks, "");
	ebt_buf_append(out, cell.data, cell.len);
	if (width > 0 && !last)
		ebt_buf_printf(out, "%*s", blanks, "");
	ebt_buf_append(out, last ? "\n" : " ", 1);
}

void ebt_text_columns_header(struct ebt_buf *out, const struct ebt_sink_line *line)
{
	for (unsigned i = 0; i < line->column_count; i++) {
		const struct ebt_sink_column *c = &line->column[i];
		char capitals[TITLE_MAX];
		size_t len = 0;

		while (!c->title && c->name[len] && len + 1 < sizeof(capitals)) {
			capitals[len] = (char)toupper((unsigned char)c->name[len]);
			len++;
		}
		capitals[len] = '\0';
		text_pad(out, c->width, ebt_bytes_from(c->title ? c->title : capitals),
			 i + 1 == line->column_count);
	}
}

void ebt_text_columns_event(struct ebt_buf *out, const struct ebt_sink_line *line,
			    const struct ebt_event *ev)
{
	_cleanup_buf_ struct ebt_buf cell = { 0 };

	for (unsigned i = 0; i < line->column_count; i++) {
		const struct ebt_sink_column *c = &line->column[i];

		ebt_buf_reset(&cell);
		if (c->cell)
			c->cell(&cell, line, ev);
		else if (c->of[ev->type])
			text_cell(&cell, line, c->of[ev->type], ev);
		if (!cell.len)
			ebt_buf_puts(&cell, "-");
		if (cell.error && !out->error)
			out->error = cell.error;
		text_pad(out, c->width, (struct ebt_bytes){ cell.data, cell.len },
			 i + 1 == line->column_count);
	}
}
