/* SPDX-License-Identifier: BSD-3-Clause */
/* details_fields.c - the fields of the details: a label and a value each, one table. */
#include "ui/screens/details_fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "ui/core/ui_state.h"

struct out {
	char *buf;
	size_t len;
	enum ebt_role *role;
};

typedef struct ebt_bytes (*field_fn)(const struct ebt_details *d, struct out *out);

static struct ebt_bytes made(struct out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static struct ebt_bytes made(struct out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out->buf, out->len, fmt, ap);
	va_end(ap);
	return ebt_bytes_from(out->buf);
}

static struct ebt_bytes unknown(struct out *out, const char *why)
{
	*out->role = EBT_ROLE_DIM;
	return made(out, "%s", why);
}

static struct ebt_bytes field_state(const struct ebt_details *d, struct out *out)
{
	const struct ebt_row *row = &d->row;
	char life[EBT_FMT_LEN], what[EBT_FMT_LEN];

	if (row->kind == EBT_ROW_HOMEO) {
		*out->role = row->status >= EBT_HOMEO_WARNING ? EBT_ROLE_BAD : EBT_ROLE_VALUE;
		return row->prev_comm;
	}
	ebt_fmt_duration(life, row->lifetime_ns);
	if (row->ret < 0) {
		*out->role = EBT_ROLE_BAD;
		return made(out, "exec failed: %s (%s)", ebt_fmt_errno(what, -row->ret),
			    strerror(-row->ret));
	}
	if (row->exit_unknown)
		return unknown(out, "ended, and how is not known: its exit was lost or filtered");
	if (row->replaced)
		return made(out, "replaced itself by another program after %s", life);
	if (!row->ended) {
		*out->role = EBT_ROLE_GOOD;
		return made(out, "running for %s", life);
	}
	ebt_fmt_exit(what, row->status);
	if (WIFSIGNALED(row->status)) {
		*out->role = EBT_ROLE_BAD;
		return made(out, "killed by SIG%s after %s", what, life);
	}
	*out->role = row->status ? EBT_ROLE_BAD : EBT_ROLE_TEXT;
	return made(out, "exited with status %s after %s", what, life);
}

static struct ebt_bytes field_exe(const struct ebt_details *d, struct out *out)
{
	*out->role = EBT_ROLE_STRONG;
	return d->row.exe.len ? d->row.exe : unknown(out, "not known");
}

static struct ebt_bytes field_filename(const struct ebt_details *d, struct out *out)
{
	return d->row.filename.len ? d->row.filename : unknown(out, "not known");
}

static struct ebt_bytes field_cwd(const struct ebt_details *d, struct out *out)
{
	return d->row.cwd.len ? d->row.cwd : unknown(out, "not known");
}

static struct ebt_bytes field_kind(const struct ebt_details *d, struct out *out)
{
	return d->describe[0] ? ebt_bytes_from(d->describe) : unknown(out, "not looked at");
}

static struct ebt_bytes field_process(const struct ebt_details *d, struct out *out)
{
	const struct ebt_row *row = &d->row;
	char vpid[48] = "", tid[48] = "", comm[EBT_COMM_LEN + 4] = "";

	if (row->vpid && row->vpid != row->pid && row->vpid != EBT_EV_UNSET)
		snprintf(vpid, sizeof(vpid), ", %u in its pid namespace", row->vpid);
	if (row->ppid == EBT_EV_UNSET)
		return made(out, "%u, its parent is not known", row->pid);
	if (row->tid && row->tid != row->pid && row->tid != EBT_EV_UNSET)
		snprintf(tid, sizeof(tid), ", called by thread %u", row->tid);
	if (row->parent_comm.len)
		snprintf(comm, sizeof(comm), " (%.*s)", (int)row->parent_comm.len,
			 row->parent_comm.data);
	return made(out, "%u, parent %u%s%s%s", row->pid, row->ppid, comm, vpid, tid);
}

static struct ebt_bytes field_comm(const struct ebt_details *d, struct out *out)
{
	(void)out;
	return d->row.comm;
}

static struct ebt_bytes field_prev_comm(const struct ebt_details *d, struct out *out)
{
	return d->row.prev_comm.len ? d->row.prev_comm : unknown(out, "not known");
}

static struct ebt_bytes field_user(const struct ebt_details *d, struct out *out)
{
	const struct ebt_row *row = &d->row;
	char login[32] = "no login user", effective[48] = "", group[24] = "";

	if (row->loginuid != EBT_EV_UNSET)
		snprintf(login, sizeof(login), "login uid %u", row->loginuid);
	if (row->euid != row->uid)
		snprintf(effective, sizeof(effective), " acting as uid %u%s", row->euid,
			 row->euid ? "" : " (root)");
	*out->role = row->euid ? EBT_ROLE_USER : EBT_ROLE_ROOT;
	if (row->gid != EBT_EV_UNSET)
		snprintf(group, sizeof(group), ", gid %u", row->gid);
	if (row->seeded)
		snprintf(login, sizeof(login), "login user not known");
	return made(out, "%s (uid %u%s)%s, %s", row->user ? row->user : "unknown", row->uid, group,
		    effective, login);
}

static struct ebt_bytes field_tty(const struct ebt_details *d, struct out *out)
{
	if (!(d->row.flags & EBT_EV_HAS_TTY))
		return unknown(out, "not known");
	return d->row.tty.len ? d->row.tty : unknown(out, "none");
}

static struct ebt_bytes field_time(const struct ebt_details *d, struct out *out)
{
	char when[EBT_FMT_LEN];

	if (d->row.seeded)
		return unknown(out, "before tracing began");
	if (d->row.kind == EBT_ROW_HOMEO)
		return ebt_bytes_from(ebt_fmt_local(out->buf, d->row.real_ns));
	return made(out, "%s on CPU %u, its event %llu",
		    ebt_fmt_local(when, d->row.real_ns), d->row.cpu,
		    (unsigned long long)d->row.seq);
}

static struct ebt_bytes field_used(const struct ebt_details *d, struct out *out)
{
	const struct ebt_row *row = &d->row;
	char user[EBT_FMT_LEN], sys[EBT_FMT_LEN], rss[EBT_FMT_LEN];

	if (!row->ended || row->replaced)
		return unknown(out, "known when it ends");
	return made(out, "%s user, %s system, %s at most in memory",
		    ebt_fmt_duration(user, row->utime_ns), ebt_fmt_duration(sys, row->stime_ns),
		    ebt_fmt_bytes(rss, row->maxrss_bytes));
}

static struct ebt_bytes field_cgroup(const struct ebt_details *d, struct out *out)
{
	if (d->cgroup[0])
		return ebt_bytes_from(d->cgroup);
	if (!d->row.cgroup_id)
		return unknown(out, "not known");
	return made(out, "id %llu%s", (unsigned long long)(d->row.cgroup_id & ~EBT_CGROUP_V1),
		    d->row.cgroup_id & EBT_CGROUP_V1 ? " of a v1 hierarchy" : "");
}

static struct ebt_bytes field_file(const struct ebt_details *d, struct out *out)
{
	if (!d->row.exe_ino)
		return unknown(out, "not known");
	return made(out, "device %u:%u, inode %llu", d->row.exe_dev >> 20, d->row.exe_dev & 0xfffff,
		    (unsigned long long)d->row.exe_ino);
}

static struct ebt_bytes field_namespaces(const struct ebt_details *d, struct out *out)
{
	if (!d->row.pid_ns && !d->row.mnt_ns)
		return unknown(out, "not known");
	return made(out, "pid %u, mount %u", d->row.pid_ns, d->row.mnt_ns);
}

/* Of a process that ran before tracing began: what /proc told of it. */
static struct ebt_bytes complete_before(const struct ebt_details *d, struct out *out)
{
	*out->role = EBT_ROLE_WARN;
	if (d->row.flags & EBT_EV_ARGS_FAULT)
		return made(out, "no: /proc did not tell its arguments, and its exec was not seen");
	if (d->row.args.len < d->row.args_bytes)
		return made(out, "no: %zu of %u bytes of its arguments; its exec was not seen",
			    d->row.args.len, d->row.args_bytes);
	return made(out, "arguments as /proc has them; its exec was not seen");
}

/* In words, what the event lacks. */
static struct ebt_bytes field_complete(const struct ebt_details *d, struct out *out)
{
	static const struct {
		uint32_t flag;
		const char *words;
	} flags[] = {
		{ EBT_EV_MATCH_UNKNOWN,
		  "shown since -m or -c could not tell whether it matches; " },
		{ EBT_EV_ARGS_TRUNCATED, "arguments truncated by --args; " },
		{ EBT_EV_ARGS_FAULT, "some argument bytes were unreadable (shown as zero); " },
		{ EBT_EV_ARGS_LOST, "the ring was full midway in the arguments; " },
		{ EBT_EV_ENV_TRUNCATED, "environment truncated by --env; " },
		{ EBT_EV_ENV_FAULT, "some environment bytes were unreadable; " },
		{ EBT_EV_ENV_LOST, "the ring was full midway in the environment; " },
		{ EBT_EV_PATH_TRUNCATED, "path of the executable cut on the left; " },
		{ EBT_EV_CWD_TRUNCATED, "working directory cut on the left; " },
		{ EBT_EV_FILENAME_TRUNCATED, "file name as passed truncated; " },
		{ EBT_EV_IMAGE_GONE, "failed when the arguments were gone already; " },
	};
	size_t len = 0;

	if (d->row.seeded)
		return complete_before(d, out);
	out->buf[0] = '\0';
	for (size_t i = 0; i < EBT_ARRAY_SIZE(flags); i++) {
		if (!(d->row.flags & flags[i].flag) || len >= out->len)
			continue;
		int n = snprintf(out->buf + len, out->len - len, "%s", flags[i].words);

		len += n > 0 ? (size_t)n : 0;
	}
	if (len == 0) {
		*out->role = EBT_ROLE_GOOD;
		return made(out, "yes: everything that was asked for is here");
	}
	*out->role = EBT_ROLE_WARN;
	return (struct ebt_bytes){ out->buf, strlen(out->buf) - 2 }; /* without the last "; " */
}

static struct ebt_bytes field_notes(const struct ebt_details *d, struct out *out)
{
	uint32_t f = d->row.flags;

	return made(out, "%s%s%s%s%s%s%s",
		    f & EBT_EV_NO_ENTRY ? "refused before the call began (seccomp); " : "",
		    f & EBT_EV_SCRIPT ? "a script, run by its interpreter; " : "",
		    f & EBT_EV_EXE_DELETED ? "the executable is deleted; " : "",
		    f & EBT_EV_CWD_DELETED ? "the working directory is deleted; " : "",
		    f & EBT_EV_EXE_UNREACHABLE ? "the executable is outside its root; " : "",
		    f & EBT_EV_CWD_UNREACHABLE ? "the working directory is outside its root; " : "",
		    f & (EBT_EV_SCRIPT | EBT_EV_EXE_DELETED | EBT_EV_CWD_DELETED |
			 EBT_EV_EXE_UNREACHABLE | EBT_EV_CWD_UNREACHABLE | EBT_EV_NO_ENTRY)
			    ? ""
			    : "none");
}

static const struct {
	const char *label;
	field_fn fn;
} fields[] = {
	{ "State", field_state },
	{ "Program", field_exe },
	{ "Directory", field_cwd },
	{ "Process", field_process },
	{ "User", field_user },
	{ "Started", field_time },
	{ "Complete", field_complete },
#define LATE 7
	{ "Used", field_used },
	{ "Name", field_comm },
	{ "Name before", field_prev_comm },
	{ "Passed as", field_filename },
	{ "File", field_kind },
	{ "File identity", field_file },
	{ "Terminal", field_tty },
	{ "Cgroup", field_cgroup },
	{ "Namespaces", field_namespaces },
	{ "Notes", field_notes },
};

unsigned ebt_details_field_count(void)
{
	return EBT_ARRAY_SIZE(fields);
}

unsigned ebt_details_field_late(void)
{
	return LATE;
}

bool ebt_details_field_of_event(unsigned field)
{
	return fields[field].fn == field_state || fields[field].fn == field_exe ||
	       fields[field].fn == field_process || fields[field].fn == field_time;
}

const char *ebt_details_field_label(unsigned field)
{
	return fields[field].label;
}

struct ebt_bytes ebt_details_field(const struct ebt_details *details, unsigned field, char *buf,
				   size_t buf_len, enum ebt_role *role)
{
	struct out out = { buf, buf_len, role };

	*role = EBT_ROLE_TEXT;
	return fields[field].fn(details, &out);
}
