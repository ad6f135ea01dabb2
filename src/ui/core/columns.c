/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.c - columns of rows: one table for Events, Tree, setup and settings. */
#include "ui/core/columns.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/format.h"
#include "cgroup/container.h"
#include "cgroup/unit.h"
#include "decode/event_fields.h"
#include "ui/core/command_line.h"
#include "ui/core/layout.h"
#include "ui/core/ui_state.h"

/* clang-format off */
const struct ebt_column_spec ebt_top_columns[EBT_TOP_CMAX] = {
	[EBT_COL_RATE]	    = { "rate", "RATE/s", "execs a second, now", 6, true, 99, false },
	[EBT_COL_RATE_1M]   = { "rate1m", "1MIN/s", "execs a second, mean of the last minute", 6, true, 60, false },
	[EBT_COL_COUNT]	    = { "count", "COUNT", "execs so far", 6, true, 95, false },
	[EBT_COL_FAILURES]  = { "failures", "FAILED", "failed execs, and exits other than 0", 6, true, 90, false },
	[EBT_COL_CPU]	    = { "cpu", "CPU%", "share of the CPU time of all ended runs", 5, true, 92, false },
	[EBT_COL_CPU_TIME]  = { "cpu_time", "CPUTIM", "CPU time of processes that ended", 6, true, 50, false },
	[EBT_COL_LIFE_MEAN] = { "run", "RUN", "mean time from exec to exit", 6, true, 80, false },
	[EBT_COL_LIFE_P95]  = { "p95", "P95", "run time that 95 of 100 stay below", 6, true, 78, false },
	[EBT_COL_ARGS]	    = { "args_bytes", "BYTES", "bytes of arguments", 5, true, 45, false },
	[EBT_COL_LAST]	    = { "last", "LAST", "time of the last exec", 8, false, 46, false },
	[EBT_COL_RUNNING]   = { "running", "LIVE", "running now", 5, true, 70, false },
	[EBT_COL_NAME]	    = { "name", "NAME", "what the row stands for", 0, false, 100, false, 33 },
	[EBT_TOP_SPARK]	    = { "spark", "LAST MINUTE", "execs of each second", 11, false, 85, true },
	[EBT_TOP_MISSING]   = { "unseen", "UNSEEN", "of count: known to the kernel, their records were lost", 6, true, 30, false },
};
/* clang-format on */

/* clang-format off */
const struct ebt_column_spec ebt_row_columns[EBT_RC_MAX] = {
	[EBT_RC_TIME]	 = { "time", "TIME", "when it began (local time)", 8, false, 70, false },
	[EBT_RC_CPU]	 = { "cpu", "CPU", NULL, 3, true, 40, false, .field = "cpu" },
	[EBT_RC_PID]	 = { "pid", "PID", NULL, 7, true, 99, false, .field = "pid" },
	[EBT_RC_PPID]	 = { "ppid", "PPID", NULL, 7, true, 50, false, .field = "ppid" },
	[EBT_RC_TID]	 = { "tid", "TID", NULL, 7, true, 10, false, .field = "tid" },
	[EBT_RC_VPID]	 = { "vpid", "VPID", NULL, 7, true, 11, false, .field = "vpid" },
	[EBT_RC_USER]	 = { "user", "USER", NULL, 8, false, 60, false, .field = "user" },
	[EBT_RC_UID]	 = { "uid", "UID", "user id / effective user id", 6, true, 12, false },
	[EBT_RC_LOGIN]	 = { "loginuid", "LOGIN", NULL, 6, true, 13, false, .field = "loginuid" },
	[EBT_RC_TTY]	 = { "tty", "TTY", NULL, 6, false, 20, false, .field = "tty" },
	[EBT_RC_EXIT]	 = { "result", "RESULT", "status, signal, or why the exec failed", 6, false, 95, false },
	[EBT_RC_RUN]	 = { "run", "RUN", "exec to exit, or to the next exec", 6, true, 80, false },
	[EBT_RC_LIFE]	 = { "life", "LIFE", NULL, 6, true, 14, false, .field = "lifetime_ns", .event = EBT_EVENT_EXIT },
	[EBT_RC_CPUTIME] = { "cpu_time", "CPUTIM", "user and system time of the process", 6, true, 34, false },
	[EBT_RC_JOBTIME] = { "jobtime", "JOBTIM", "Tree: CPU time with all that it started, so far", 6, true, 65, false },
	[EBT_RC_RSS]	 = { "rss", "MAXRSS", NULL, 6, true, 32, false, .field = "maxrss_bytes", .event = EBT_EVENT_EXIT },
	[EBT_RC_ARGC]	 = { "argc", "ARGC", NULL, 5, true, 30, false, .field = "argc" },
	[EBT_RC_BYTES]	 = { "args_bytes", "BYTES", NULL, 5, true, 36, false, .field = "args_bytes" },
	[EBT_RC_FLAGS]	 = { "flags", "!", "T truncated F fault L lost P path E env D deleted # script", 1, false, 90, false },
	[EBT_RC_COMM]	 = { "comm", "COMM", NULL, 15, false, 22, false, .field = "comm" },
	[EBT_RC_PARENT]	 = { "parent_comm", "PARENT", NULL, 15, false, 38, false, .field = "parent_comm" },
	[EBT_RC_CGROUP]	 = { "cgroup_id", "CGROUP_ID", NULL, 10, true, 21, false, .field = "cgroup_id" },
	[EBT_RC_UNIT]	 = { "unit", "UNIT", NULL, 20, false, 25, true, .field = "unit" },
	[EBT_RC_USER_UNIT] = { "user_unit", "USERUNIT", NULL, 20, false, 15, true, .field = "user_unit" },
	[EBT_RC_CONTAINER] = { "container", "CONTAINER", "runtime and first 12 digits of the id", 20, false, 26, true },
	[EBT_RC_POD]	 = { "pod_uid", "POD_UID", NULL, 36, false, 16, false, .field = "pod_uid" },
	[EBT_RC_CWD]	 = { "cwd", "CWD", NULL, 20, false, 23, true, .field = "cwd" },
	[EBT_RC_EXE]	 = { "exe", "EXE", NULL, 20, false, 24, true, .field = "exe" },
	[EBT_RC_COMMAND] = { "command", "COMMAND", "whole command line", 0, false, 100, false, 40 },
};
/* clang-format on */

const char *ebt_column_describe(const struct ebt_column_spec *spec, char *out, size_t len)
{
	const struct ebt_field *f;
	size_t at = 0;

	if (!spec->field)
		return spec->help;
	f = ebt_field_find((enum ebt_event_type)spec->event, spec->field);
	for (const char *c = f->help; *c && !strchr(";:", *c) && at + 1 < len; c++) {
		if (*c != '`')
			out[at++] = *c;
	}
	out[at] = '\0';
	return out;
}

/* Where a cell is drawn. */
struct columns_cell {
	struct ebt_grid *grid;
	int x, y, x_end;
	const struct ebt_ui *ui;
};

static void columns_number(const struct columns_cell *cell, enum ebt_role role, uint32_t n)
{
	char text[16];

	if (n == EBT_EV_UNSET)
		snprintf(text, sizeof(text), "-");
	else
		snprintf(text, sizeof(text), "%u", n);
	ebt_grid_right(cell->grid, cell->x, cell->y, cell->x_end, role, text);
}

static void columns_right(const struct columns_cell *cell, enum ebt_role role, const char *text)
{
	ebt_grid_right(cell->grid, cell->x, cell->y, cell->x_end, role, text);
}

static void columns_bytes(const struct columns_cell *cell, enum ebt_role role,
			  struct ebt_bytes text)
{
	ebt_grid_bytes(cell->grid, cell->x, cell->y, cell->x_end, role, text, 0, true);
}

/* Where an exec's result stands, the name of an event of homeostasis, shortly. */
static void columns_event(const struct columns_cell *cell, const struct ebt_row *row)
{
	static const struct {
		const char *event, *word;
	} words[] = {
		{ "anomaly", "ANOM" },	    { "tolerize_limit", "FORGET" },
		{ "stop_normal", "STOP" },  { "new_profile", "new" },
		{ "associated", "assoc" },  { "exec_denied", "DENIED" },
		{ "sensitized", "forget" },
	};
	struct ebt_bytes text = row->prev_comm;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ebt_bytes_equal(row->prev_comm, ebt_bytes_from(words[i].event)))
			text = ebt_bytes_from(words[i].word);
	columns_bytes(cell, row->status >= EBT_HOMEO_WARNING ? EBT_ROLE_BAD : EBT_ROLE_VALUE, text);
}

/* How it went: a word in every case, coloured besides. */
static void columns_exit(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN];
	enum ebt_role role = EBT_ROLE_TEXT;

	if (row->kind == EBT_ROW_HOMEO) {
		columns_event(cell, row);
		return;
	}
	if (row->ret < 0) {
		ebt_fmt_errno(text, -row->ret);
		role = EBT_ROLE_BAD;
	} else if (row->exit_unknown) {
		snprintf(text, sizeof(text), "?");
		role = EBT_ROLE_DIM;
	} else if (row->replaced) {
		snprintf(text, sizeof(text), "exec");
		role = EBT_ROLE_DIM;
	} else if (!row->ended) {
		snprintf(text, sizeof(text), "run");
		role = EBT_ROLE_GOOD;
	} else {
		ebt_fmt_exit(text, row->status);
		role = row->status ? EBT_ROLE_BAD : EBT_ROLE_DIM;
	}
	ebt_grid_puts(cell->grid, cell->x, cell->y, cell->x_end, role, text);
}

static void columns_user(const struct columns_cell *cell, const struct ebt_row *row)
{
	enum ebt_role role = row->euid == 0 ? EBT_ROLE_ROOT : EBT_ROLE_USER;
	char text[16];

	if (row->uid == EBT_EV_UNSET)
		return;
	if (!row->user)
		snprintf(text, sizeof(text), "%u", row->uid);
	columns_bytes(cell, role, ebt_bytes_from(row->user ? row->user : text));
}

static void columns_uid(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[32];

	if (row->uid == row->euid)
		snprintf(text, sizeof(text), "%u", row->uid);
	else
		snprintf(text, sizeof(text), "%u/%u", row->uid, row->euid);
	columns_right(cell, row->euid ? EBT_ROLE_USER : EBT_ROLE_ROOT, text);
}

static void columns_time(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN];

	if (row->seeded)
		snprintf(text, sizeof(text), "before");
	else
		ebt_fmt_clock(text, row->real_ns, 0);
	ebt_grid_puts(cell->grid, cell->x, cell->y, cell->x_end, EBT_ROLE_DIM, text);
}

/* Time and memory grow while the process runs; they are dim until it has ended. */
static void columns_right_of_end(const struct columns_cell *cell, const struct ebt_row *row,
				 const char *text)
{
	columns_right(cell, row->ended ? EBT_ROLE_TEXT : EBT_ROLE_DIM, text);
}

static void columns_run(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN] = "";

	if (row->seeded)
		snprintf(text, sizeof(text), "?");
	else if (row->ret >= 0)
		ebt_fmt_duration(text, row->run_ns);
	columns_right_of_end(cell, row, text);
}

static void columns_life(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN] = "";

	if (row->ret >= 0 && !row->replaced && row->start_ns)
		ebt_fmt_duration(text, ebt_row_life_ns(row));
	columns_right_of_end(cell, row, text);
}

/* Return whether the row has what the kernel counts until a process ends. */
static bool columns_has_usage(const struct ebt_row *row)
{
	return row->ret >= 0 && row->ended && !row->replaced;
}

static void columns_cputime(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN] = "";

	if (columns_has_usage(row))
		ebt_fmt_duration(text, row->utime_ns + row->stime_ns);
	columns_right_of_end(cell, row, text);
}

static void columns_jobtime(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN] = "";

	if (row->job_cpu_ns)
		ebt_fmt_duration(text, row->job_cpu_ns);
	ebt_grid_right(cell->grid, cell->x, cell->y, cell->x_end, EBT_ROLE_TEXT, text);
}

static void columns_rss(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN] = "";

	if (columns_has_usage(row))
		ebt_fmt_bytes(text, row->maxrss_bytes);
	columns_right_of_end(cell, row, text);
}

static void columns_args(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN];

	ebt_fmt_bytes(text, row->args_bytes);
	columns_right(cell, row->args_captured < row->args_bytes ? EBT_ROLE_WARN : EBT_ROLE_TEXT,
		      text);
}

static void columns_mark(const struct columns_cell *cell, const struct ebt_row *row)
{
	enum ebt_role role;
	char text[2] = { ebt_row_mark(row, &role), 0 };

	ebt_grid_puts(cell->grid, cell->x, cell->y, cell->x_end, role, text);
}

static void columns_pid(const struct columns_cell *cell, const struct ebt_row *row)
{
	const struct ebt_ui *ui = cell->ui;
	bool fresh = ui->settings.highlight && !row->seeded &&
		     ui->snap.now_mono_ns >= row->mono_ns &&
		     ui->snap.now_mono_ns - row->mono_ns < 1000000000u;

	columns_number(cell, fresh ? EBT_ROLE_NEW : EBT_ROLE_PID, row->pid);
}

static void columns_cgroup(const struct columns_cell *cell, const struct ebt_row *row)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%llu", row->cgroup_id & EBT_CGROUP_V1 ? "v1:" : "",
		 (unsigned long long)(row->cgroup_id & ~EBT_CGROUP_V1));
	columns_right(cell, EBT_ROLE_DIM, text);
}

static void columns_unit(const struct columns_cell *cell, const struct ebt_row *row)
{
	if (row->cgroup)
		columns_bytes(cell, EBT_ROLE_TEXT, ebt_cgroup_unit(row->cgroup));
}

static void columns_user_unit(const struct columns_cell *cell, const struct ebt_row *row)
{
	if (row->cgroup)
		columns_bytes(cell, EBT_ROLE_TEXT, ebt_cgroup_user_unit(row->cgroup));
}

static void columns_container(const struct columns_cell *cell, const struct ebt_row *row)
{
	struct ebt_container c;
	char text[64];

	if (!row->cgroup || !ebt_container_find(row->cgroup, &c))
		return;
	snprintf(text, sizeof(text), "%s:%.*s", c.runtime, (int)(c.id.len < 12 ? c.id.len : 12),
		 c.id.data);
	columns_bytes(cell, EBT_ROLE_TEXT, ebt_bytes_from(text));
}

static void columns_pod(const struct columns_cell *cell, const struct ebt_row *row)
{
	char uid[EBT_POD_UID_LEN];

	if (row->cgroup && ebt_cgroup_pod_uid(row->cgroup, uid))
		columns_bytes(cell, EBT_ROLE_TEXT, ebt_bytes_from(uid));
}

static void columns_exe(const struct columns_cell *cell, const struct ebt_row *row)
{
	ebt_path_draw(cell->grid, cell->x, cell->y, cell->x_end, row->exe, 0);
}

/* What fills a cell: a member of the row that is a number or a text, or a function. */
enum columns_source { COLUMNS_NONE, COLUMNS_NUMBER, COLUMNS_TEXT, COLUMNS_CALL };

#define NUMBER(member, in) \
	.source = COLUMNS_NUMBER, .offset = offsetof(struct ebt_row, member), .role = (in)
#define TEXT(member, in) \
	.source = COLUMNS_TEXT, .offset = offsetof(struct ebt_row, member), .role = (in)
#define CALL(function) .source = COLUMNS_CALL, .call = (function)

static const struct {
	void (*call)(const struct columns_cell *cell, const struct ebt_row *row);
	enum columns_source source;
	uint16_t offset; /* of a uint32_t or a struct ebt_bytes in struct ebt_row */
	enum ebt_role role;
	bool exec_only; /* empty for an event of homeostasis */
} columns_cells[EBT_RC_MAX] = {
	[EBT_RC_TIME] = { CALL(columns_time) },
	[EBT_RC_CPU] = { NUMBER(cpu, EBT_ROLE_DIM), .exec_only = true },
	[EBT_RC_PID] = { CALL(columns_pid) },
	[EBT_RC_PPID] = { NUMBER(ppid, EBT_ROLE_DIM) },
	[EBT_RC_TID] = { NUMBER(tid, EBT_ROLE_DIM) },
	[EBT_RC_VPID] = { NUMBER(vpid, EBT_ROLE_DIM) },
	[EBT_RC_USER] = { CALL(columns_user) },
	[EBT_RC_UID] = { CALL(columns_uid), .exec_only = true },
	[EBT_RC_LOGIN] = { NUMBER(loginuid, EBT_ROLE_DIM), .exec_only = true },
	[EBT_RC_TTY] = { TEXT(tty, EBT_ROLE_DIM), .exec_only = true },
	[EBT_RC_EXIT] = { CALL(columns_exit) },
	[EBT_RC_RUN] = { CALL(columns_run), .exec_only = true },
	[EBT_RC_LIFE] = { CALL(columns_life), .exec_only = true },
	[EBT_RC_CPUTIME] = { CALL(columns_cputime), .exec_only = true },
	[EBT_RC_JOBTIME] = { CALL(columns_jobtime), .exec_only = true },
	[EBT_RC_RSS] = { CALL(columns_rss), .exec_only = true },
	[EBT_RC_ARGC] = { NUMBER(argc, EBT_ROLE_TEXT), .exec_only = true },
	[EBT_RC_BYTES] = { CALL(columns_args), .exec_only = true },
	[EBT_RC_FLAGS] = { CALL(columns_mark), .exec_only = true },
	[EBT_RC_COMM] = { TEXT(comm, EBT_ROLE_STRONG) },
	[EBT_RC_PARENT] = { TEXT(parent_comm, EBT_ROLE_TEXT), .exec_only = true },
	[EBT_RC_CGROUP] = { CALL(columns_cgroup), .exec_only = true },
	[EBT_RC_UNIT] = { CALL(columns_unit), .exec_only = true },
	[EBT_RC_USER_UNIT] = { CALL(columns_user_unit), .exec_only = true },
	[EBT_RC_CONTAINER] = { CALL(columns_container), .exec_only = true },
	[EBT_RC_POD] = { CALL(columns_pod), .exec_only = true },
	[EBT_RC_CWD] = { TEXT(cwd, EBT_ROLE_TEXT), .exec_only = true },
	[EBT_RC_EXE] = { CALL(columns_exe) },
	[EBT_RC_COMMAND] = { .source = COLUMNS_NONE }, /* drawn by the screens */
};

void ebt_row_cell(struct ebt_ui *ui, struct ebt_grid *grid, enum ebt_row_column column, int x,
		  int y, int x_end, const struct ebt_row *row)
{
	const struct columns_cell cell = { grid, x, y, x_end, ui };
	const char *at = (const char *)row + columns_cells[column].offset;

	if (row->kind == EBT_ROW_HOMEO && columns_cells[column].exec_only)
		return;
	switch (columns_cells[column].source) {
	case COLUMNS_NONE:
		break;
	case COLUMNS_NUMBER:
		columns_number(&cell, columns_cells[column].role, *(const uint32_t *)at);
		break;
	case COLUMNS_TEXT:
		columns_bytes(&cell, columns_cells[column].role, *(const struct ebt_bytes *)at);
		break;
	case COLUMNS_CALL:
		columns_cells[column].call(&cell, row);
		break;
	}
}
