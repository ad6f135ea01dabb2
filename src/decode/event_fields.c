/* SPDX-License-Identifier: BSD-3-Clause */
#include "decode/event_fields.h"

#include <string.h>

#include "decode/event_field_values.h"

#define VERSION_TEXT_(v) #v
#define VERSION_TEXT(v)	 VERSION_TEXT_(v)
#define EXEC		 (1u << EBT_EVENT_EXEC)
#define EXIT		 (1u << EBT_EVENT_EXIT)
#define LOST		 (1u << EBT_EVENT_LOST)
#define NOTE		 (1u << EBT_EVENT_NOTE)
#define HOMEO		 (1u << EBT_EVENT_HOMEO)
#define REPLACED	 (1u << EBT_EVENT_REPLACED)
#define ALL		 (EXEC | EXIT | LOST | NOTE | HOMEO | REPLACED)

/* Begin a row: the name, what the value is, and the types of event that have it. */
#define ROW(field, value, events)                                                          \
	.name = field, .key = ",\"" field "\":", .key_len = sizeof(",\"" field "\":") - 1, \
	.type = EBT_VALUE_##value, .types = (events), .since = 1
/* Say which member of struct ebt_event holds the value, and when it is known. */
#define AT(how, member) .read = EBT_READ_##how, .offset = offsetof(struct ebt_event, member)
/* Say which function returns the value. */
#define CALL(function) .read = EBT_READ_CALL, .call = (function)

/* Say where ECS and OCSF have the field. */
#define PATHS(in_ecs, in_ocsf) .ecs = (in_ecs), .ocsf = (in_ocsf)
/* Neither of the two has a place for it: it stands beside what they define. */
#define BESIDE(field) .ecs = "labels." field, .ocsf = "unmapped." field
/* Neither of the two has it at all. */
#define NOT_MAPPED .ecs = EBT_FIELD_NOT_MAPPED, .ocsf = EBT_FIELD_NOT_MAPPED

static const struct ebt_field common_fields[] = {
	{ ROW("v", NUMBER, ALL), CALL(ebt_field_version),
	  .leave_out = EBT_FIELD_NOT_CSV | EBT_FIELD_NOT_ROW, NOT_MAPPED, .source = "this program",
	  .help = "schema version, " VERSION_TEXT(EBT_FIELDS_VERSION) },
	{ ROW("type", WORD, ALL), CALL(ebt_field_type), .leave_out = EBT_FIELD_NOT_ROW, .width = 4,
	  PATHS("event.action", "activity_name"), .source = "rec_hdr.type",
	  .help = "`exec`, `exit`, `lost`, `note`, `homeostasis` or `replaced`" },
	{ ROW("ts", TIME, ALL), CALL(ebt_field_ts), .title = "TIMESTAMP",
	  PATHS("@timestamp", "time"), .source = "rec_hdr.mono_ns",
	  .help = "date and time (UTC), with nanoseconds" },
	{ ROW("mono_ns", NUMBER, ALL), AT(U64, mono_ns), .unit = "ns", NOT_MAPPED,
	  .source = "rec_hdr.mono_ns", .help = "the same moment as `CLOCK_MONOTONIC`" },
	{ ROW("cpu", NUMBER, EXEC | EXIT | LOST | REPLACED), AT(U32, cpu), .width = -3,
	  BESIDE("cpu"), .source = "rec_hdr.cpu", .help = "CPU on which it happened" },
	{ ROW("seq", NUMBER, EXEC | EXIT | REPLACED), AT(U64, seq),
	  PATHS("event.sequence", "metadata.sequence"), .source = "rec_hdr.seq",
	  .help = "number of the event on that CPU" },
};

static const struct ebt_field exec_fields[] = {
	{ ROW("pid", NUMBER, EXEC), AT(U32, exec.pid), PATHS("process.pid", "process.pid"),
	  .source = "task_struct.tgid",
	  .help = "process, as the initial pid namespace numbers it" },
	{ ROW("ppid", NUMBER, EXEC), AT(U32_SET, exec.ppid),
	  PATHS("process.parent.pid", "process.parent_process.pid"),
	  .source = "task_struct.real_parent", .help = "parent process, likewise" },
	{ ROW("tid", NUMBER, EXEC), AT(U32_SET, exec.tid),
	  PATHS("process.thread.id", "process.ptid"), .source = "rec_exec.tid",
	  .help = "thread that called exec, before it became the leader" },
	{ ROW("uid", NUMBER, EXEC), AT(U32_SET, exec.uid), .width = -5,
	  PATHS("process.real_user.id", "process.user.uid"), .source = "cred.uid",
	  .help = "user id after the exec" },
	{ ROW("user", TEXT, EXEC), CALL(ebt_field_user), .leave_out = EBT_FIELD_NOT_JSON,
	  .width = 8, PATHS("process.real_user.name", "process.user.name"),
	  .source = "uid and the user database", .help = "name of the user `uid`" },
	{ ROW("euid", NUMBER, EXEC), AT(U32_SET, exec.euid), .width = -5,
	  PATHS("process.user.id", "process.euid"), .source = "cred.euid",
	  .help = "effective user id after the exec" },
	{ ROW("gid", NUMBER, EXEC), AT(U32_SET, exec.gid), .width = -5,
	  PATHS("process.real_group.id", "process.group.uid"), .source = "cred.gid",
	  .help = "group id after the exec" },
	{ ROW("loginuid", NUMBER, EXEC), AT(U32_OR_NONE, exec.loginuid), .width = -5,
	  .title = "LOGIN", PATHS("labels.loginuid", "process.auid"),
	  .source = "task_struct.loginuid",
	  .help = "user id of the login that it descends from (audit); `null`: of none" },
	{ ROW("tty", TEXT, EXEC), AT(BYTES_OR_NONE, exec.tty), .needs = EBT_EV_HAS_TTY, .width = 6,
	  PATHS("labels.tty", "process.session.terminal"), .source = "signal_struct.tty",
	  .help = "controlling terminal, below /dev; `null`: none" },
	{ ROW("comm", TEXT, EXEC), AT(BYTES, exec.comm),
	  PATHS("process.thread.name", "unmapped.comm"), .source = "task_struct.comm",
	  .help = "command name after the exec" },
	{ ROW("prev_comm", TEXT, EXEC), AT(BYTES_NONZERO, exec.prev_comm), .title = "PREV",
	  BESIDE("prev_comm"), .source = "tracepoint task_rename",
	  .help = "command name before the exec" },
	{ ROW("exe", TEXT, EXEC), AT(BYTES, exec.exe), .needs = EBT_EV_HAS_EXE, .width = 24,
	  PATHS("process.executable", "process.path"), .source = "mm_struct.exe_file",
	  .help = "path of the file that runs, as seen from the root of the process; \" (deleted)\" is not part of it" },
	{ ROW("filename", TEXT, EXEC), CALL(ebt_field_filename), .width = 24, BESIDE("filename"),
	  .source = "linux_binprm.filename",
	  .help = "path as passed to execve; of a script, the script; `null`: it could not be read" },
	{ ROW("cwd", TEXT, EXEC), AT(BYTES, exec.cwd), .needs = EBT_EV_HAS_CWD, .width = 24,
	  PATHS("process.working_directory", "process.working_directory"),
	  .source = "fs_struct.pwd", .help = "working directory" },
	{ ROW("cgroup_id", NUMBER, EXEC), CALL(ebt_field_cgroup_id), BESIDE("cgroup_id"),
	  .source = "kernfs_node.id",
	  .help = "id of the cgroup: of the v2 hierarchy, or of v1's memory (else pids) hierarchy when the process is in the v2 root" },
	{ ROW("cgroup", TEXT, EXEC), CALL(ebt_field_cgroup), .width = 24, BESIDE("cgroup"),
	  .source = "cgroup_id and /sys/fs/cgroup",
	  .help = "path of the cgroup, where it is known" },
	{ ROW("container", CONTAINER, EXEC), CALL(ebt_field_container), .width = 24,
	  PATHS("container.id", "process.container.uid"), .source = "cgroup",
	  .help = "object with `runtime` and `id`, when the path of the cgroup is that of a container (docker, containerd, cri-o, podman, systemd-nspawn, lxc)" },
	{ ROW("unit", TEXT, EXEC), CALL(ebt_field_unit), .width = 24, BESIDE("unit"),
	  .source = "cgroup",
	  .help = "systemd unit as the path of the cgroup names it: a service, a scope, a session; slices are none" },
	{ ROW("user_unit", TEXT, EXEC), CALL(ebt_field_user_unit), .width = 24, .title = "USERUNIT",
	  BESIDE("user_unit"), .source = "cgroup",
	  .help = "unit of a user's own systemd, within the `unit` user@UID.service" },
	{ ROW("pod_uid", TEXT, EXEC), CALL(ebt_field_pod_uid), .width = 36,
	  PATHS("orchestrator.resource.id", "process.container.pod_uuid"), .source = "cgroup",
	  .help = "UID of the Kubernetes pod, when the path of the cgroup is that of one" },
	{ ROW("pid_ns", NUMBER, EXEC), AT(U32_NONZERO, exec.pid_ns), .width = -10, BESIDE("pid_ns"),
	  .source = "pid_namespace.ns.inum", .help = "inode number of the pid namespace" },
	{ ROW("mnt_ns", NUMBER, EXEC), AT(U32_NONZERO, exec.mnt_ns), .width = -10, BESIDE("mnt_ns"),
	  .source = "mnt_namespace.ns.inum", .help = "inode number of the mount namespace" },
	{ ROW("vpid", NUMBER, EXEC), AT(U32_NONZERO, exec.vpid),
	  PATHS("process.vpid", "unmapped.vpid"), .source = "upid.nr",
	  .help = "process, as its own pid namespace numbers it" },
	{ ROW("script", BOOL, EXEC), CALL(ebt_field_script), BESIDE("script"),
	  .source = "linux_binprm.interp",
	  .help = "true: run by `#!` or binfmt_misc, and `exe` is the interpreter" },
	{ ROW("ret", SIGNED, EXEC), AT(I32, exec.ret), PATHS("error.code", "status_code"),
	  .source = "rec_exec.ret", .help = "0, or a negative errno: the exec failed" },
	{ ROW("args", STRINGS, EXEC), AT(BYTES, exec.args), .width = 24,
	  PATHS("process.args", "process.cmd_line"), .source = "mm_struct.arg_start",
	  .help = "the arguments, whole" },
	{ ROW("args_bytes", NUMBER, EXEC), AT(U32, exec.args_bytes), .width = -7, .unit = "bytes",
	  .title = "BYTES", BESIDE("args_bytes"), .source = "mm_struct.arg_end",
	  .help = "size of all arguments, NULs included" },
	{ ROW("args_captured", NUMBER, EXEC), AT(U32, exec.args_captured), .unit = "bytes",
	  .title = "TAKEN", BESIDE("args_captured"), .source = "rec_exec.sect_len",
	  .help = "how much of it was taken" },
	{ ROW("env", STRINGS, EXEC), AT(BYTES, exec.env), .needs = EBT_EV_HAS_ENV, .width = 24,
	  PATHS("process.env_vars", "process.environment_variables"),
	  .source = "mm_struct.env_start", .help = "the environment; only with `--env`" },
	{ ROW("env_bytes", NUMBER, EXEC), AT(U32, exec.env_bytes), .needs = EBT_EV_HAS_ENV,
	  .unit = "bytes", BESIDE("env_bytes"), .source = "mm_struct.env_end",
	  .help = "size of the environment, NULs included" },
	{ ROW("env_captured", NUMBER, EXEC), AT(U32, exec.env_captured), .needs = EBT_EV_HAS_ENV,
	  .unit = "bytes", BESIDE("env_captured"), .source = "rec_exec.sect_len",
	  .help = "how much of it was taken" },
	{ ROW("flags", FLAGS, EXEC), AT(U32, exec.flags), .width = 15, BESIDE("flags"),
	  .source = "rec_exec.flags",
	  .help = "what the event lacks, see below; empty when it is whole" },
	{ ROW("argc", NUMBER, EXEC), AT(U32_SET, exec.argc), .width = -4,
	  PATHS("process.args_count", "unmapped.argc"), .source = "linux_binprm.argc",
	  .help = "number of arguments as the kernel counted them" },
	{ ROW("envc", NUMBER, EXEC), AT(U32_SET, exec.envc), .needs = EBT_EV_HAS_ENV, .width = -4,
	  BESIDE("envc"), .source = "linux_binprm.envc",
	  .help = "number of environment strings, likewise" },
	{ ROW("egid", NUMBER, EXEC), AT(U32_SET, exec.egid), .width = -5,
	  PATHS("process.group.id", "process.egid"), .source = "cred.egid",
	  .help = "effective group id after the exec" },
	{ ROW("sessionid", NUMBER, EXEC), AT(U32_OR_NONE, exec.sessionid), .width = -7,
	  .title = "SESSION", PATHS("labels.sessionid", "process.session.uid"),
	  .source = "task_struct.sessionid", .help = "audit session; `null`: none" },
	{ ROW("start_ns", NUMBER, EXEC), AT(U64_NONZERO, exec.start_ns), .unit = "ns",
	  PATHS("process.start", "process.created_time"), .source = "task_struct.start_time",
	  .help = "when the process began, as `mono_ns`; (`pid`, `start_ns`) names a process for ever" },
	{ ROW("parent_start_ns", NUMBER, EXEC), AT(U64_NONZERO, exec.parent_start_ns), .unit = "ns",
	  PATHS("process.parent.start", "process.parent_process.created_time"),
	  .source = "task_struct.start_time", .help = "when its parent began" },
	{ ROW("exe_dev", NUMBER, EXEC), CALL(ebt_field_exe_dev), BESIDE("exe_dev"),
	  .source = "super_block.s_dev", .help = "device of `exe`: major << 20 \\| minor" },
	{ ROW("exe_ino", NUMBER, EXEC), AT(U64_NONZERO, exec.exe_ino), BESIDE("exe_ino"),
	  .source = "inode.i_ino", .help = "inode number of `exe`" },
	{ ROW("parent_comm", TEXT, EXEC), AT(BYTES_NONZERO, exec.parent_comm), .title = "PARENT",
	  PATHS("process.parent.name", "process.parent_process.name"), .source = "task_struct.comm",
	  .help = "command name of the parent" },
};

static const struct ebt_field exit_fields[] = {
	{ ROW("pid", NUMBER, EXIT), AT(U32, exit.pid), PATHS("process.pid", "process.pid"),
	  .source = "task_struct.tgid", .help = "the process" },
	{ ROW("exit_code", NUMBER, EXIT), CALL(ebt_field_exit_code), .width = -4, .title = "CODE",
	  PATHS("process.exit_code", "exit_code"), .source = "task_struct.exit_code",
	  .help = "0 to 255; `null`: ended by a signal" },
	{ ROW("signal", NUMBER, EXIT), CALL(ebt_field_signal), .width = -6, BESIDE("signal"),
	  .source = "task_struct.exit_code", .help = "number of that signal; `null`: exited" },
	{ ROW("utime_ns", NUMBER, EXIT), AT(U64, exit.utime_ns), .unit = "ns", BESIDE("utime_ns"),
	  .source = "signal_struct.utime", .help = "user time of all its threads" },
	{ ROW("stime_ns", NUMBER, EXIT), AT(U64, exit.stime_ns), .unit = "ns", BESIDE("stime_ns"),
	  .source = "signal_struct.stime", .help = "system time of all its threads" },
	{ ROW("maxrss_bytes", NUMBER, EXIT), AT(U64, exit.maxrss_bytes), .unit = "bytes",
	  BESIDE("maxrss_bytes"), .source = "signal_struct.maxrss",
	  .help = "most memory that it had resident" },
	{ ROW("lifetime_ns", NUMBER, EXIT), AT(U64, exit.lifetime_ns), .unit = "ns",
	  PATHS("event.duration", "unmapped.lifetime_ns"), .source = "rec_exit.start_ns",
	  .help = "time since the process began (fork, not exec)" },
	{ ROW("comm", TEXT, EXIT), AT(BYTES, exit.comm), PATHS("process.name", "process.name"),
	  .source = "task_struct.comm", .help = "command name at the end" },
	{ ROW("ppid", NUMBER, EXIT), AT(U32_SET, exit.ppid),
	  PATHS("process.parent.pid", "actor.process.pid"), .source = "task_struct.real_parent",
	  .help = "parent process" },
	{ ROW("uid", NUMBER, EXIT), AT(U32_SET, exit.uid), .width = -5,
	  PATHS("process.real_user.id", "process.user.uid"), .source = "cred.uid",
	  .help = "user id" },
	{ ROW("user", TEXT, EXIT), CALL(ebt_field_user), .leave_out = EBT_FIELD_NOT_JSON,
	  .width = 8, PATHS("process.real_user.name", "process.user.name"),
	  .source = "uid and the user database", .help = "name of that user" },
	{ ROW("core_dumped", BOOL, EXIT), CALL(ebt_field_core_dumped), BESIDE("core_dumped"),
	  .source = "task_struct.exit_code",
	  .help = "whether a core was dumped; only with a signal" },
	{ ROW("start_ns", NUMBER, EXIT), AT(U64_NONZERO, exit.start_ns), .unit = "ns",
	  PATHS("process.start", "process.created_time"), .source = "task_struct.start_time",
	  .help = "when the process began, as in `exec`" },
	{ ROW("loginuid", NUMBER, EXIT), CALL(ebt_field_exit_loginuid), .width = -5,
	  .title = "LOGIN", PATHS("labels.loginuid", "process.auid"),
	  .source = "task_struct.loginuid",
	  .help = "user id of the login that it descended from, as in `exec`; recordings of earlier versions lack it" },
	{ ROW("sessionid", NUMBER, EXIT), CALL(ebt_field_exit_sessionid), .width = -7,
	  .title = "SESSION", PATHS("labels.sessionid", "process.session.uid"),
	  .source = "task_struct.sessionid", .help = "audit session, likewise" },
};

static const struct ebt_field lost_fields[] = {
	{ ROW("cause", WORD, LOST), CALL(ebt_field_lost_cause), PATHS("error.code", "status_code"),
	  .source = "counters of the CPU",
	  .help = "`ring`: the ring was full; `busy`: both scratch slots of the CPU were taken; `unknown`" },
	{ ROW("count", NUMBER, LOST), AT(U64, lost.count), PATHS("labels.count", "count"),
	  .source = "counters of the CPU",
	  .help = "how many events of this CPU, cause and user since the last such object" },
	{ ROW("uid", NUMBER, LOST), AT(U32_SET, lost.uid), PATHS("user.id", "unmapped.uid"),
	  .source = "counters of the CPU",
	  .help = "user id of the processes whose events were lost; a CPU tells the first four users apart that lose events on it, and events of others have no `uid`" },
	{ ROW("user", TEXT, LOST), CALL(ebt_field_user), .leave_out = EBT_FIELD_NOT_JSON,
	  PATHS("user.name", "unmapped.user"), .source = "uid and the user database",
	  .help = "name of that user" },
};

static const struct ebt_field note_fields[] = {
	{ ROW("text", TEXT, NOTE), AT(BYTES, note.text), NOT_MAPPED, .source = "this program",
	  .help = "something that a reader of the record needs to know, such as a stepped clock or a change of settings" },
};

static const struct ebt_field homeo_fields[] = {
	{ ROW("event", TEXT, HOMEO), AT(BYTES, homeo.event), .csv = "cause",
	  PATHS("event.action", "unmapped.event"), .source = "ph_rec.events",
	  .help = "`new_profile`, `associated` (a process follows a profile: one an exec), `new_sequence` (with log-sequences), `frozen`, `thawed`, `normal`, `anomaly`, `tolerize_limit`, `stop_normal`, `sensitized`, `exec_denied`, `note` (of the monitor itself)" },
	{ ROW("level", WORD, HOMEO), CALL(ebt_field_level), .leave_out = EBT_FIELD_NOT_CSV,
	  PATHS("log.level", "unmapped.level"), .source = "ph_rec.events",
	  .help = "`debug`, `info`, `warning`, `error`" },
	{ ROW("pid", NUMBER, HOMEO), AT(U32, homeo.pid),
	  PATHS("process.pid", "evidences.0.process.pid"), .source = "ph_rec.pid",
	  .help = "process; of an order, the process that gave it" },
	{ ROW("tid", NUMBER, HOMEO), AT(U32, homeo.tid),
	  PATHS("process.thread.id", "evidences.0.process.ptid"), .source = "ph_rec.tid",
	  .help = "thread, likewise" },
	{ ROW("slot", NUMBER, HOMEO), AT(U32_NONZERO, homeo.slot), .leave_out = EBT_FIELD_NOT_CSV,
	  BESIDE("slot"), .source = "ph_rec.profile", .help = "number of the profile" },
	{ ROW("exe", TEXT, HOMEO), AT(BYTES, homeo.exe),
	  PATHS("process.executable", "evidences.0.process.path"), .source = "profile",
	  .help = "path of the profile" },
	{ ROW("comm", TEXT, HOMEO), AT(BYTES, homeo.comm),
	  PATHS("process.thread.name", "unmapped.comm"), .source = "ph_rec.comm",
	  .help = "command name of the process" },
	{ ROW("cause", TEXT, HOMEO), AT(BYTES, homeo.cause), .csv = "text",
	  PATHS("message", "message"), .source = "ph_rec",
	  .help = "a sentence that says what happened and why" },
	{ ROW("call", TEXT, HOMEO), AT(BYTES_NONZERO, homeo.call), .leave_out = EBT_FIELD_NOT_CSV,
	  BESIDE("call"), .source = "ph_rec.call",
	  .help = "the system call that did it; not of `new_profile`, `associated`, `exec_denied`, `note` and what somebody asked for" },
	{ ROW("train_count", NUMBER, HOMEO), AT(U64, homeo.train_count),
	  .leave_out = EBT_FIELD_NOT_CSV, BESIDE("train_count"), .source = "ph_rec.train_count",
	  .help = "calls since training began, or since it became normal" },
	{ ROW("count", NUMBER, HOMEO), CALL(ebt_field_call_count), BESIDE("count"),
	  .source = "ph_rec.count", .help = "number of that call in the thread; with `call`" },
	{ ROW("missed", NUMBER, HOMEO), AT(U32_NONZERO, homeo.missed),
	  .leave_out = EBT_FIELD_NOT_CSV, BESIDE("missed"), .source = "ph_rec.missed",
	  .help = "of an anomaly and what follows from one: pairs of eight never seen before" },
	{ ROW("lfc", NUMBER, HOMEO), CALL(ebt_field_lfc), .leave_out = EBT_FIELD_NOT_CSV,
	  BESIDE("lfc"), .source = "ph_rec.lfc",
	  .help = "locality-frame count now; with `missed`" },
	{ ROW("max_lfc", NUMBER, HOMEO), CALL(ebt_field_max_lfc), .leave_out = EBT_FIELD_NOT_CSV,
	  BESIDE("max_lfc"), .source = "ph_rec.max_lfc",
	  .help = "highest locality-frame count; with `missed`" },
	{ ROW("anomalies", NUMBER, HOMEO), CALL(ebt_field_anomalies),
	  .leave_out = EBT_FIELD_NOT_CSV, BESIDE("anomalies"), .source = "ph_rec.anomalies",
	  .help = "anomalies of the profile; with `missed`" },
};

static const struct ebt_field replaced_fields[] = {
	{ ROW("pid", NUMBER, REPLACED), AT(U32, exit.pid), NOT_MAPPED, .source = "task_struct.tgid",
	  .help = "process that was shown and now runs what the filters leave out" },
	{ ROW("ppid", NUMBER, REPLACED), AT(U32_SET, exit.ppid), NOT_MAPPED,
	  .source = "task_struct.real_parent", .help = "parent process" },
	{ ROW("start_ns", NUMBER, REPLACED), AT(U64_NONZERO, exit.start_ns), NOT_MAPPED,
	  .unit = "ns", .source = "task_struct.start_time",
	  .help = "when the process began, as in `exec`" },
};

const struct ebt_field *ebt_fields_of(unsigned type, size_t *count)
{
	static const struct {
		const struct ebt_field *rows;
		size_t count;
	} sets[EBT_EVENT_TYPES + 1] = {
#define SET(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }
		[EBT_EVENT_EXEC] = SET(exec_fields),
		[EBT_EVENT_EXIT] = SET(exit_fields),
		[EBT_EVENT_LOST] = SET(lost_fields),
		[EBT_EVENT_NOTE] = SET(note_fields),
		[EBT_EVENT_HOMEO] = SET(homeo_fields),
		[EBT_EVENT_REPLACED] = SET(replaced_fields),
		[EBT_FIELDS_COMMON] = SET(common_fields),
#undef SET
	};

	if (type > EBT_FIELDS_COMMON) {
		*count = 0;
		return NULL;
	}
	*count = sets[type].count;
	return sets[type].rows;
}

const struct ebt_field *ebt_field_find(enum ebt_event_type type, const char *name)
{
	const unsigned sets[] = { type, EBT_FIELDS_COMMON };

	for (size_t s = 0; s < 2; s++) {
		size_t count;
		const struct ebt_field *rows = ebt_fields_of(sets[s], &count);

		for (size_t i = 0; i < count; i++)
			if (rows[i].types & 1u << type && strcmp(rows[i].name, name) == 0)
				return &rows[i];
	}
	return NULL;
}

const char *ebt_value_type_name(enum ebt_value_type type)
{
	static const char *const names[] = {
		[EBT_VALUE_UNKNOWN] = "unknown",  [EBT_VALUE_NONE] = "null",
		[EBT_VALUE_NUMBER] = "number",	  [EBT_VALUE_SIGNED] = "number",
		[EBT_VALUE_BOOL] = "boolean",	  [EBT_VALUE_TIME] = "time",
		[EBT_VALUE_FLAGS] = "array",	  [EBT_VALUE_WORD] = "text",
		[EBT_VALUE_TEXT] = "text",	  [EBT_VALUE_STRINGS] = "array",
		[EBT_VALUE_CONTAINER] = "object",
	};

	return names[type];
}
