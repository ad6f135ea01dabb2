/* SPDX-License-Identifier: BSD-3-Clause */
#include "expr/keys.h"

#include <string.h>

#include "base/cleanup.h"

#define ROW(n, f, k, ex, h)                                                               \
	{                                                                                 \
		.name = n, .field = EBT_EXPR_OF_##f, .kind = EBT_EXPR_##k, .example = ex, \
		.help = h                                                                 \
	}

const struct ebt_expr_key ebt_expr_keys[] = {
	ROW("user", USER, USER, "user:root", "user, real or effective, by name or number"),
	ROW("uid", UID, NUMBER, "uid>=1000", "real user id"),
	ROW("pid", PID, NUMBER, "pid:4711", "process id"),
	ROW("comm", COMM, PATTERN, "comm:^sh$", "command name, at most 15 bytes"),
	ROW("exe", EXE, PATTERN, "exe:^/opt/",
	    "path of the executable; the path as passed where that is not known"),
	ROW("parent", PARENT, PATTERN, "parent:cron", "command name of the parent"),
	ROW("cwd", CWD, PATTERN, "cwd:^/tmp", "working directory"),
	ROW("tty", TTY, EXACT, "tty:pts/3", "terminal, below /dev; `none`: it has none"),
	ROW("unit", UNIT, PATTERN, "unit:nginx",
	    "systemd unit, of the system's or of a user's manager"),
	ROW("container", CONTAINER, PATTERN, "container:docker",
	    "container, as `runtime:id`; `container:.` is any"),
	ROW("pod", POD, PATTERN, "pod:^3b1a6f0e", "UID of the Kubernetes pod"),
	ROW("cgroup", CGROUP, PATTERN, "cgroup:^/user.slice", "path of the cgroup"),
	ROW("args", ARGS, SIZE, "args>10K", "bytes of all arguments"),
	ROW("status", STATUS, STATUS, "status:fail",
	    "exit status; `ok`: it is 0; `fail`: it is not, or a signal ended the process, or the exec failed; `running`: it has not ended"),
	ROW("signal", SIGNAL, SIGNAL, "signal:KILL", "signal that ended the process"),
	ROW("errno", ERRNO, ERRNO, "errno:ENOENT", "why the exec failed (`-x` shows these)"),
	ROW("life", LIFE, DURATION, "life>1s", "time from the fork to the exit of the process"),
	ROW("run", RUN, DURATION, "run>1s",
	    "time from the exec to the exit, or to the next exec of the process"),
	ROW("cpu", CPU, DURATION, "cpu>100ms", "user and system time of the process"),
};
const size_t ebt_expr_keys_count = EBT_ARRAY_SIZE(ebt_expr_keys);

const struct ebt_expr_key *ebt_expr_key_find(const char *name, size_t len)
{
	for (size_t i = 0; i < ebt_expr_keys_count; i++)
		if (strlen(ebt_expr_keys[i].name) == len &&
		    memcmp(ebt_expr_keys[i].name, name, len) == 0)
			return &ebt_expr_keys[i];
	return NULL;
}

const char *ebt_expr_allowed(enum ebt_expr_kind kind)
{
	static const char *const allowed[EBT_EXPR_KINDS] = {
		[EBT_EXPR_PATTERN] = "a regular expression, or a text in quotes",
		[EBT_EXPR_EXACT] = "a name as it is, such as pts/3, or none",
		[EBT_EXPR_USER] = "the name or number of a user",
		[EBT_EXPR_NUMBER] = "a number",
		[EBT_EXPR_SIZE] = "a number of bytes, with K, M or G",
		[EBT_EXPR_DURATION] = "a number with ns, us, ms, s, m or h",
		[EBT_EXPR_STATUS] = "ok, fail, running or a number from 0 to 255",
		[EBT_EXPR_SIGNAL] = "any, a number or a name such as KILL",
		[EBT_EXPR_ERRNO] = "any, a number or a name such as ENOENT",
	};

	return allowed[kind];
}

int ebt_expr_is_ordered(enum ebt_expr_kind kind)
{
	return kind == EBT_EXPR_NUMBER || kind == EBT_EXPR_SIZE || kind == EBT_EXPR_DURATION ||
	       kind == EBT_EXPR_STATUS;
}
