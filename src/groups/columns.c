/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.c - names of the columns and of the groupings */
#include "groups/columns.h"

#include <string.h>

#include "base/cleanup.h"

static const struct {
	const char *name, *title, *help;
} columns[EBT_COL_MAX] = {
	[EBT_COL_RATE] = { "rate", "RATE/s", "execs a second, mean of the last two seconds" },
	[EBT_COL_RATE_1M] = { "rate1m", "1MIN/s", "execs a second, mean of the last minute" },
	[EBT_COL_COUNT] = { "count", "COUNT", "execs so far, failed ones included" },
	[EBT_COL_FAILURES] = { "failures", "FAILED",
			       "failed execs, and runs that ended with a status other than 0" },
	[EBT_COL_CPU] = { "cpu", "CPU%", "share of the CPU time of all ended runs" },
	[EBT_COL_CPU_TIME] = { "cpu_time", "CPUTIM",
			       "user and system time of processes that ended" },
	[EBT_COL_LIFE_MEAN] = { "run", "RUN", "mean time from exec to exit or to the next exec" },
	[EBT_COL_LIFE_P95] = { "p95", "P95", "run time that 95 of 100 ended runs stayed below" },
	[EBT_COL_ARGS] = { "args_bytes", "BYTES", "bytes of arguments so far" },
	[EBT_COL_LAST] = { "last", "LAST", "time of the last exec" },
	[EBT_COL_RUNNING] = { "running", "LIVE", "runs that have not ended" },
	[EBT_COL_NAME] = { "name", "NAME", "what the execs are grouped by" },
};

static const char *const groupings[EBT_GROUP_BY_MAX] = {
	[EBT_GROUP_EXE] = "exe",       [EBT_GROUP_COMM] = "comm", [EBT_GROUP_COMMAND] = "command",
	[EBT_GROUP_PARENT] = "parent", [EBT_GROUP_USER] = "user", [EBT_GROUP_CGROUP] = "cgroup",
};

/* What earlier versions called a column. A name that another column has today is none of them. */
static const struct {
	const char *old, *now;
} renamed[] = {
	{ "exit", "result" },	     { "bytes", "args_bytes" }, { "cputime", "cpu_time" },
	{ "parent", "parent_comm" }, { "login", "loginuid" },	{ "pod", "pod_uid" },
	{ "userunit", "user_unit" }, { "mark", "flags" },
};

const char *ebt_column_now(const char *name, size_t len)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(renamed); i++)
		if (strlen(renamed[i].old) == len && memcmp(renamed[i].old, name, len) == 0)
			return renamed[i].now;
	return NULL;
}

int ebt_column_find(const char *name)
{
	const char *now = ebt_column_now(name, strlen(name));

	/* The arguments themselves are a column elsewhere, so this name is old for groups only. */
	if (strcmp(name, "args") == 0)
		return EBT_COL_ARGS;
	for (int i = 0; i < EBT_COL_MAX; i++)
		if (strcmp(columns[i].name, now ? now : name) == 0)
			return i;
	return -1;
}

const char *ebt_column_name(enum ebt_column column)
{
	return (unsigned)column < EBT_COL_MAX ? columns[column].name : NULL;
}

const char *ebt_column_title(enum ebt_column column)
{
	return (unsigned)column < EBT_COL_MAX ? columns[column].title : NULL;
}

const char *ebt_column_help(enum ebt_column column)
{
	return (unsigned)column < EBT_COL_MAX ? columns[column].help : NULL;
}

const char *ebt_group_by_name(enum ebt_group_by by)
{
	return (unsigned)by < EBT_GROUP_BY_MAX ? groupings[by] : NULL;
}
