/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.c - columns of rows: one table for Events, Tree, setup and settings. */
#include "ui/core/columns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/format.h"
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
	[EBT_COL_CPU_TIME]  = { "cputime", "CPUTIM", "CPU time of processes that ended", 6, true, 50, false },
	[EBT_COL_LIFE_MEAN] = { "run", "RUN", "mean time from exec to exit", 6, true, 80, false },
	[EBT_COL_LIFE_P95]  = { "p95", "P95", "run time that 95 of 100 stay below", 6, true, 78, false },
	[EBT_COL_ARGS]	    = { "args", "ARGS", "bytes of arguments", 5, true, 45, false },
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
	[EBT_RC_CPU]	 = { "cpu", "CPU", "CPU it began on", 3, true, 40, false },
	[EBT_RC_PID]	 = { "pid", "PID", "process", 7, true, 99, false },
	[EBT_RC_PPID]	 = { "ppid", "PPID", "parent process", 7, true, 50, false },
	[EBT_RC_TID]	 = { "tid", "TID", "thread that called exec", 7, true, 10, false },
	[EBT_RC_VPID]	 = { "vpid", "VPID", "process in its own pid namespace", 7, true, 11, false },
	[EBT_RC_USER]	 = { "user", "USER", "user", 8, false, 60, false },
	[EBT_RC_UID]	 = { "uid", "UID", "user id / effective user id", 6, true, 12, false },
	[EBT_RC_LOGIN]	 = { "login", "LOGIN", "audit login user", 6, true, 13, false },
	[EBT_RC_TTY]	 = { "tty", "TTY", "terminal", 6, false, 20, false },
	[EBT_RC_EXIT]	 = { "exit", "EXIT", "status, signal, or why the exec failed", 6, false, 95, false },
	[EBT_RC_RUN]	 = { "run", "RUN", "exec to exit, or to the next exec", 6, true, 80, false },
	[EBT_RC_LIFE]	 = { "life", "LIFE", "fork to exit, of the process", 6, true, 14, false },
	[EBT_RC_CPUTIME] = { "cputime", "CPUTIM", "user and system time of the process", 6, true, 34, false },
	[EBT_RC_RSS]	 = { "rss", "MAXRSS", "most memory at once", 6, true, 32, false },
	[EBT_RC_ARGC]	 = { "argc", "ARGC", "number of arguments", 5, true, 30, false },
	[EBT_RC_BYTES]	 = { "bytes", "ARGS", "bytes of arguments", 5, true, 36, false },
	[EBT_RC_FLAGS]	 = { "mark", "!", "T truncated F fault L lost P path E env D deleted # script", 1, false, 90, false },
	[EBT_RC_COMM]	 = { "comm", "COMM", "command name", 15, false, 22, false },
	[EBT_RC_PARENT]	 = { "parent", "PARENT", "the parent's command name", 15, false, 38, false },
	[EBT_RC_CGROUP]	 = { "cgroup", "CGROUP", "cgroup id", 10, true, 21, false },
	[EBT_RC_CWD]	 = { "cwd", "CWD", "working directory", 20, false, 23, true },
	[EBT_RC_EXE]	 = { "exe", "EXE", "file that runs", 20, false, 24, true },
	[EBT_RC_COMMAND] = { "command", "COMMAND", "whole command line", 0, false, 100, false, 40 },
};
/* clang-format on */

struct cell {
	struct ebt_grid *grid;
	int x, y, x_end;
};

static void number(const struct cell *cell, enum ebt_role role, uint32_t n)
{
	char text[16];

	if (n == EBT_EV_UNSET)
		snprintf(text, sizeof(text), "-");
	else
		snprintf(text, sizeof(text), "%u", n);
	ebt_grid_right(cell->grid, cell->x, cell->y, cell->x_end, role, text);
}

static void right(const struct cell *cell, enum ebt_role role, const char *text)
{
	ebt_grid_right(cell->grid, cell->x, cell->y, cell->x_end, role, text);
}

static void bytes(const struct cell *cell, enum ebt_role role, struct ebt_bytes text)
{
	ebt_grid_bytes(cell->grid, cell->x, cell->y, cell->x_end, role, text, 0, true);
}

/* Where an exec's result stands, the name of an event of homeostasis, shortly. */
static void event_cell(const struct cell *cell, const struct ebt_row *row)
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
	bytes(cell, row->status >= EBT_HOMEO_WARNING ? EBT_ROLE_BAD : EBT_ROLE_VALUE, text);
}

/* How it went: a word in every case, coloured besides. */
static void exit_cell(const struct cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN];
	enum ebt_role role = EBT_ROLE_TEXT;

	if (row->kind == EBT_ROW_HOMEO) {
		event_cell(cell, row);
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

static void user_cell(const struct cell *cell, const struct ebt_row *row)
{
	enum ebt_role role = row->euid == 0 ? EBT_ROLE_ROOT : EBT_ROLE_USER;
	char text[16];

	if (row->uid == EBT_EV_UNSET)
		return;
	if (!row->user)
		snprintf(text, sizeof(text), "%u", row->uid);
	bytes(cell, role, ebt_bytes_from(row->user ? row->user : text));
}

static void uid_cell(const struct cell *cell, const struct ebt_row *row)
{
	char text[32];

	if (row->uid == row->euid)
		snprintf(text, sizeof(text), "%u", row->uid);
	else
		snprintf(text, sizeof(text), "%u/%u", row->uid, row->euid);
	right(cell, row->euid ? EBT_ROLE_USER : EBT_ROLE_ROOT, text);
}

static void time_cell(const struct cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN];

	if (row->seeded)
		snprintf(text, sizeof(text), "before");
	else
		ebt_fmt_clock(text, row->real_ns, 0);
	ebt_grid_puts(cell->grid, cell->x, cell->y, cell->x_end, EBT_ROLE_DIM, text);
}

/* Numbers that are there only when the process has ended. */
static void after_exit_cell(const struct cell *cell, const struct ebt_row *row,
			    enum ebt_row_column column)
{
	char text[EBT_FMT_LEN] = "";

	if (column == EBT_RC_RUN && row->ret >= 0)
		ebt_fmt_duration(text, row->lifetime_ns);
	else if (column == EBT_RC_LIFE && row->ret >= 0 && !row->replaced && row->start_ns)
		ebt_fmt_duration(text, row->mono_ns + row->lifetime_ns - row->start_ns);
	else if (row->ret >= 0 && row->ended && !row->replaced && column == EBT_RC_CPUTIME)
		ebt_fmt_duration(text, row->utime_ns + row->stime_ns);
	else if (row->ret >= 0 && row->ended && !row->replaced && column == EBT_RC_RSS)
		ebt_fmt_bytes(text, row->maxrss_bytes);
	right(cell, row->ended ? EBT_ROLE_TEXT : EBT_ROLE_DIM, text);
}

static void args_cell(const struct cell *cell, const struct ebt_row *row)
{
	char text[EBT_FMT_LEN];

	ebt_fmt_bytes(text, row->args_bytes);
	right(cell, row->args_captured < row->args_bytes ? EBT_ROLE_WARN : EBT_ROLE_TEXT, text);
}

static void mark_cell(const struct cell *cell, const struct ebt_row *row)
{
	enum ebt_role role;
	char text[2] = { ebt_row_mark(row, &role), 0 };

	ebt_grid_puts(cell->grid, cell->x, cell->y, cell->x_end, role, text);
}

static void pid_cell(struct ebt_ui *ui, const struct cell *cell, const struct ebt_row *row)
{
	bool fresh = ui->settings.highlight && !row->seeded &&
		     ui->snap.now_mono_ns >= row->mono_ns &&
		     ui->snap.now_mono_ns - row->mono_ns < 1000000000u;

	number(cell, fresh ? EBT_ROLE_NEW : EBT_ROLE_PID, row->pid);
}

/* Columns that only execs fill, a bit each. */
static const uint32_t exec_columns = 1u << EBT_RC_CPU | 1u << EBT_RC_UID | 1u << EBT_RC_LOGIN |
				     1u << EBT_RC_TTY | 1u << EBT_RC_RUN | 1u << EBT_RC_LIFE |
				     1u << EBT_RC_CPUTIME | 1u << EBT_RC_RSS | 1u << EBT_RC_ARGC |
				     1u << EBT_RC_BYTES | 1u << EBT_RC_FLAGS | 1u << EBT_RC_PARENT |
				     1u << EBT_RC_CGROUP | 1u << EBT_RC_CWD;
_Static_assert(EBT_RC_MAX <= 32, "a bit a column");

void ebt_row_cell(struct ebt_ui *ui, struct ebt_grid *grid, enum ebt_row_column column, int x,
		  int y, int x_end, const struct ebt_row *row)
{
	struct cell cell = { grid, x, y, x_end };
	char text[32];

	/* An event of homeostasis: these are not its own. */
	if (row->kind == EBT_ROW_HOMEO && (exec_columns >> column & 1))
		return;
	switch (column) {
	case EBT_RC_TIME:
		time_cell(&cell, row);
		break;
	case EBT_RC_CPU:
		number(&cell, EBT_ROLE_DIM, row->cpu);
		break;
	case EBT_RC_PID:
		pid_cell(ui, &cell, row);
		break;
	case EBT_RC_PPID:
		number(&cell, EBT_ROLE_DIM, row->ppid);
		break;
	case EBT_RC_TID:
		number(&cell, EBT_ROLE_DIM, row->tid);
		break;
	case EBT_RC_VPID:
		number(&cell, EBT_ROLE_DIM, row->vpid);
		break;
	case EBT_RC_USER:
		user_cell(&cell, row);
		break;
	case EBT_RC_UID:
		uid_cell(&cell, row);
		break;
	case EBT_RC_LOGIN:
		number(&cell, EBT_ROLE_DIM, row->loginuid);
		break;
	case EBT_RC_TTY:
		bytes(&cell, EBT_ROLE_DIM, row->tty);
		break;
	case EBT_RC_EXIT:
		exit_cell(&cell, row);
		break;
	case EBT_RC_RUN:
	case EBT_RC_LIFE:
	case EBT_RC_CPUTIME:
	case EBT_RC_RSS:
		after_exit_cell(&cell, row, column);
		break;
	case EBT_RC_ARGC:
		number(&cell, EBT_ROLE_TEXT, row->argc);
		break;
	case EBT_RC_BYTES:
		args_cell(&cell, row);
		break;
	case EBT_RC_FLAGS:
		mark_cell(&cell, row);
		break;
	case EBT_RC_COMM:
		bytes(&cell, EBT_ROLE_STRONG, row->comm);
		break;
	case EBT_RC_PARENT:
		bytes(&cell, EBT_ROLE_TEXT, row->parent_comm);
		break;
	case EBT_RC_CGROUP:
		snprintf(text, sizeof(text), "%s%llu", row->cgroup_id & EBT_CGROUP_V1 ? "v1:" : "",
			 (unsigned long long)(row->cgroup_id & ~EBT_CGROUP_V1));
		right(&cell, EBT_ROLE_DIM, text);
		break;
	case EBT_RC_CWD:
		bytes(&cell, EBT_ROLE_TEXT, row->cwd);
		break;
	case EBT_RC_EXE:
		ebt_path_draw(grid, x, y, x_end, row->exe, 0);
		break;
	case EBT_RC_COMMAND:
	case EBT_RC_MAX:
		break;
	}
}
