/* SPDX-License-Identifier: BSD-3-Clause */
/* event.c - the names of types, flags, causes and levels. */
#include "decode/event.h"

#include <string.h>

const struct ebt_event_flag ebt_event_flags[] = {
	{ EBT_EV_ARGS_TRUNCATED, "args_truncated",
	  "the arguments were cut by `--args`; of a failed exec also what is behind the first 128 arguments or does not fit one record" },
	{ EBT_EV_ARGS_FAULT, "args_fault",
	  "some bytes of the arguments were unreadable and are zero; of a failed exec, the arguments end where they could not be read" },
	{ EBT_EV_ARGS_LOST, "args_lost", "the ring filled up before all arguments were sent" },
	{ EBT_EV_ENV_TRUNCATED, "env_truncated", "the environment was cut by `--env`" },
	{ EBT_EV_ENV_FAULT, "env_fault",
	  "some bytes of the environment were unreadable and are zero" },
	{ EBT_EV_ENV_LOST, "env_lost",
	  "the ring filled up before all of the environment was sent" },
	{ EBT_EV_PATH_TRUNCATED, "path_truncated", "`exe` is cut from the left" },
	{ EBT_EV_CWD_TRUNCATED, "cwd_truncated", "`cwd` is cut from the left" },
	{ EBT_EV_EXE_DELETED, "exe_deleted", "the file `exe` is deleted" },
	{ EBT_EV_CWD_DELETED, "cwd_deleted", "the directory `cwd` is deleted" },
	{ EBT_EV_FILENAME_TRUNCATED, "filename_truncated", "`filename` is cut" },
	{ EBT_EV_EXE_UNREACHABLE, "exe_unreachable", "`exe` is not below the root of the process" },
	{ EBT_EV_CWD_UNREACHABLE, "cwd_unreachable", "`cwd` is not below the root of the process" },
	{ EBT_EV_IMAGE_GONE, "image_gone",
	  "the exec failed when the memory of the old program was gone already, and with it the arguments; the process dies by a signal, `comm` and `exe_ino` are those of the new program" },
	{ EBT_EV_NO_ENTRY, "no_entry",
	  "the exec was refused before the call began, by seccomp (or, where failed execs are taken by tracepoints, by a debugger); `ret` is -38 (ENOSYS) when the program got a SIGSYS instead of a result" },
	{ EBT_EV_MATCH_UNKNOWN, "match_unknown",
	  "`-m`, `-c` or `--filter` could not tell whether it matches (the arguments are incomplete, or it took too long), so it is shown" },
};
const size_t ebt_event_flags_count = sizeof(ebt_event_flags) / sizeof(ebt_event_flags[0]);

const char *ebt_event_type_name(enum ebt_event_type type)
{
	static const char *const names[EBT_EVENT_TYPES] = {
		[EBT_EVENT_EXEC] = "exec",	   [EBT_EVENT_EXIT] = "exit",
		[EBT_EVENT_LOST] = "lost",	   [EBT_EVENT_NOTE] = "note",
		[EBT_EVENT_HOMEO] = "homeostasis", [EBT_EVENT_REPLACED] = "replaced",
	};

	return names[type];
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
