/* SPDX-License-Identifier: BSD-3-Clause */
/* event.c - names of what an event can say. */
#include "decode/event.h"

#include <string.h>

static const struct {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{ EBT_EV_ARGS_TRUNCATED, "args_truncated" },
	{ EBT_EV_ARGS_FAULT, "args_fault" },
	{ EBT_EV_ARGS_LOST, "args_lost" },
	{ EBT_EV_ENV_TRUNCATED, "env_truncated" },
	{ EBT_EV_ENV_FAULT, "env_fault" },
	{ EBT_EV_ENV_LOST, "env_lost" },
	{ EBT_EV_PATH_TRUNCATED, "path_truncated" },
	{ EBT_EV_CWD_TRUNCATED, "cwd_truncated" },
	{ EBT_EV_SCRIPT, "script" },
	{ EBT_EV_EXE_DELETED, "exe_deleted" },
	{ EBT_EV_CWD_DELETED, "cwd_deleted" },
	{ EBT_EV_FILENAME_TRUNCATED, "filename_truncated" },
	{ EBT_EV_EXE_UNREACHABLE, "exe_unreachable" },
	{ EBT_EV_CWD_UNREACHABLE, "cwd_unreachable" },
};

const char *ebt_event_flag_name(uint32_t flag)
{
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++)
		if (flag_names[i].flag == flag)
			return flag_names[i].name;
	return NULL;
}

const char *ebt_lost_cause_name(enum ebt_lost_cause cause)
{
	switch (cause) {
	case EBT_LOST_RING:
		return "ring";
	case EBT_LOST_BUSY:
		return "busy";
	case EBT_LOST_UNKNOWN:
		break;
	}
	return "unknown";
}

static const char *const levels[] = {
	[EBT_HOMEO_DEBUG] = "debug",
	[EBT_HOMEO_INFO] = "info",
	[EBT_HOMEO_WARNING] = "warning",
	[EBT_HOMEO_ERROR] = "error",
};

const char *ebt_homeo_level_name(enum ebt_homeo_level level)
{
	return levels[(unsigned)level <= EBT_HOMEO_ERROR ? level : EBT_HOMEO_ERROR];
}

enum ebt_homeo_level ebt_homeo_level_find(const char *name)
{
	for (unsigned i = 0; i <= EBT_HOMEO_ERROR; i++) {
		if (strcmp(levels[i], name) == 0)
			return (enum ebt_homeo_level)i;
	}
	return EBT_HOMEO_INFO;
}
