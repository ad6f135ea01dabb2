/* SPDX-License-Identifier: BSD-3-Clause */
/* batch_rows.c - the tables of groups and of the latest execs. */
#include <stdio.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "groups/columns.h"
#include "sink/batch_rows.h"

#define NAME_COLUMNS_WANTED 30 /* columns go before the name gets narrower */
#define USER_COLUMNS	    8

/* The columns in the order of the table. drop: the higher, the earlier it goes when the width is
 * short; the one sorted by stays. */
static const struct {
	enum ebt_column column;
	unsigned char width, drop;
} layout[] = {
	{ EBT_COL_RATE, 6, 0 },	    { EBT_COL_RATE_1M, 6, 5 },	 { EBT_COL_COUNT, 6, 0 },
	{ EBT_COL_FAILURES, 6, 1 }, { EBT_COL_RUNNING, 5, 7 },	 { EBT_COL_CPU, 5, 2 },
	{ EBT_COL_CPU_TIME, 6, 4 }, { EBT_COL_LIFE_MEAN, 6, 3 }, { EBT_COL_LIFE_P95, 6, 8 },
	{ EBT_COL_ARGS, 5, 6 },	    { EBT_COL_LAST, 8, 9 },
};

/* Bit per entry of layout that is shown. */
static unsigned choose(unsigned width, enum ebt_column sort)
{
	unsigned shown = (1u << EBT_ARRAY_SIZE(layout)) - 1, used = 0;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(layout); i++)
		used += layout[i].width + 1;
	while (width && used + NAME_COLUMNS_WANTED > width) {
		size_t worst = EBT_ARRAY_SIZE(layout);

		for (size_t i = 0; i < EBT_ARRAY_SIZE(layout); i++) {
			if (!(shown & 1u << i) || layout[i].column == sort)
				continue;
			if (worst == EBT_ARRAY_SIZE(layout) || layout[i].drop > layout[worst].drop)
				worst = i;
		}
		if (worst == EBT_ARRAY_SIZE(layout))
			break;
		shown &= ~(1u << worst);
		used -= layout[worst].width + 1;
	}
	return shown;
}

static const char *value(char out[EBT_FMT_LEN], const struct ebt_group *g, enum ebt_column column)
{
	switch (column) {
	case EBT_COL_RATE:
		return ebt_fmt_rate(out, g->rate);
	case EBT_COL_RATE_1M:
		return ebt_fmt_rate(out, g->rate_1m);
	case EBT_COL_COUNT:
		return ebt_fmt_count(out, g->count);
	case EBT_COL_FAILURES:
		return ebt_fmt_count(out, g->failures);
	case EBT_COL_RUNNING:
		return ebt_fmt_count(out, g->running);
	case EBT_COL_CPU:
		snprintf(out, EBT_FMT_LEN, "%.1f", g->cpu_share * 100);
		return out;
	case EBT_COL_CPU_TIME:
		return ebt_fmt_duration(out, g->cpu_time_ns);
	case EBT_COL_LIFE_MEAN:
		return g->life_mean_ns ? ebt_fmt_duration(out, g->life_mean_ns) : "-";
	case EBT_COL_LIFE_P95:
		return g->life_p95_ns ? ebt_fmt_duration(out, g->life_p95_ns) : "-";
	case EBT_COL_ARGS:
		return ebt_fmt_bytes(out, g->args_bytes);
	case EBT_COL_LAST:
		return g->last_real_ns ? ebt_fmt_clock(out, g->last_real_ns, 0) : "-";
	case EBT_COL_NAME:
	case EBT_COL_MAX:
		break;
	}
	return "";
}

void ebt_batch_groups(struct ebt_batch_line *l, const struct ebt_snapshot *snap,
		      const struct ebt_batch_options *o)
{
	unsigned shown = choose(l->width, o->sort);
	char t[EBT_FMT_LEN];

	ebt_batch_end_line(l);
	ebt_batch_put(l, "%zu of %zu groups by %s, sorted by %s%s", snap->count, snap->total_rows,
		      ebt_group_by_name(o->group_by), ebt_column_name(o->sort),
		      o->invert ? ", inverted" : "");
	ebt_batch_end_line(l);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(layout); i++)
		if (shown & 1u << i)
			ebt_batch_put(l, "%*s ", layout[i].width,
				      ebt_column_title(layout[i].column));
	ebt_batch_put(l, "%s", ebt_column_title(EBT_COL_NAME));
	ebt_batch_end_line(l);
	for (size_t row = 0; row < snap->count; row++) {
		const struct ebt_group *g = &snap->groups[row];

		for (size_t i = 0; i < EBT_ARRAY_SIZE(layout); i++)
			if (shown & 1u << i)
				ebt_batch_put(l, "%*s ", layout[i].width,
					      value(t, g, layout[i].column));
		if (o->group_by == EBT_GROUP_COMMAND && g->name.len)
			ebt_batch_put_args(l, g->name);
		else
			ebt_batch_put_text(l, g->name.len ? g->name : ebt_bytes_from("?"));
		ebt_batch_end_line(l);
	}
}

static const char *result(char out[EBT_FMT_LEN], const struct ebt_row *row)
{
	if (row->ret < 0)
		return ebt_fmt_errno(out, -row->ret);
	if (!row->ended)
		return "-"; /* still running */
	if (row->exit_unknown)
		return "?";
	if (row->replaced)
		return "exec";
	return ebt_fmt_exit(out, row->status);
}

/* As lines of -e show it: the file beside arguments that do not name it. */
static void put_command(struct ebt_batch_line *l, const struct ebt_row *row)
{
	struct ebt_exec_command command = ebt_row_command(row);
	const char *none = ebt_command_no_file(&command);
	struct ebt_bytes file = none ? ebt_bytes_from(none) : ebt_command_file(&command);

	if (!row->args.len && !file.len)
		file = row->filename.len ? row->filename : row->comm;
	else if (file.len)
		ebt_batch_put(l, "(");
	ebt_batch_put_text(l, file);
	if (file.len && (row->args.len || none))
		ebt_batch_put(l, ")%s", row->args.len ? " " : "");
	if (row->args.len)
		ebt_batch_put_args(l, row->args);
}

/* In a field of its own, so that a long or wide name does not move what follows. */
static void put_user(struct ebt_batch_line *l, const struct ebt_row *row)
{
	unsigned start = l->at, end = start + USER_COLUMNS, width = l->width;
	char number[16];

	snprintf(number, sizeof(number), "%u", row->uid);
	if (!width || end < width)
		l->width = end;
	ebt_batch_put_text(l, ebt_bytes_from(row->user ? row->user : number));
	l->width = width;
	if (l->at < end)
		ebt_batch_put(l, "%*s", (int)(end - l->at), "");
}

void ebt_batch_events(struct ebt_batch_line *l, const struct ebt_snapshot *snap)
{
	char t[EBT_FMT_LEN];

	ebt_batch_end_line(l);
	ebt_batch_put(l, "latest %zu of %zu execs", snap->count, snap->total_rows);
	if (snap->dropped_rows)
		ebt_batch_put(l, " (%llu older ones forgotten)",
			      (unsigned long long)snap->dropped_rows);
	ebt_batch_end_line(l);
	ebt_batch_put(l, "%-12s %7s %7s %-*s %-7s %6s %s", "TIME", "PID", "PPID", USER_COLUMNS,
		      "USER", "RESULT", "RUN", "COMMAND");
	ebt_batch_end_line(l);
	for (size_t i = 0; i < snap->count; i++) {
		const struct ebt_row *row = &snap->rows[i];

		ebt_batch_put(l, "%s ", ebt_fmt_clock(t, row->real_ns, 1));
		ebt_batch_put(l, "%7u %7u ", row->pid, row->ppid);
		put_user(l, row);
		ebt_batch_put(l, " %-7s ", result(t, row));
		ebt_batch_put(l, "%6s ", row->ret < 0 ? "-" : ebt_fmt_duration(t, row->run_ns));
		put_command(l, row);
		ebt_batch_end_line(l);
	}
}
