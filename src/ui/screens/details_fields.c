/* SPDX-License-Identifier: BSD-3-Clause */
/* details_fields.c - the table of the fields of the details, with a label and a value each */
#include "ui/screens/details_fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "cgroup/container.h"
#include "cgroup/unit.h"
#include "ui/core/ui_state.h"

struct details_out {
	char *buf;
	size_t len;
	enum ebt_role *role;
};

typedef struct ebt_bytes (*details_field_fn)(const struct ebt_details *d, struct details_out *out);

static struct ebt_bytes details_format(struct details_out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static struct ebt_bytes details_format(struct details_out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out->buf, out->len, fmt, ap);
	va_end(ap);
	return ebt_bytes_from(out->buf);
}

static struct ebt_bytes details_unknown(struct details_out *out, const char *why)
{
	*out->role = EBT_ROLE_DIM;
	return details_format(out, "%s", why);
}

static struct ebt_bytes details_state(const struct ebt_details *d, struct details_out *out)
{
	const struct ebt_row *row = &d->row;
	char life[EBT_FMT_LEN], what[EBT_FMT_LEN];

	if (row->kind == EBT_ROW_HOMEO) {
		*out->role = row->status >= EBT_HOMEO_WARNING ? EBT_ROLE_BAD : EBT_ROLE_VALUE;
		return row->prev_comm;
	}
	/* The exec of a process that ran before the tracer was not seen, so RUN is unknown. */
	if (row->seeded)
		snprintf(life, sizeof(life), "an unknown time");
	else
		ebt_fmt_duration(life, row->run_ns);
	if (row->ret < 0) {
		*out->role = EBT_ROLE_BAD;
		return details_format(out, "exec failed: %s (%s)", ebt_fmt_errno(what, -row->ret),
				      strerror(-row->ret));
	}
	if (row->exit_unknown)
		return details_unknown(
			out, "ended, and how is not known: its exit was lost or filtered");
	if (row->replaced)
		return details_format(out, "replaced itself by another program after %s", life);
	if (!row->ended) {
		*out->role = EBT_ROLE_GOOD;
		return details_format(out, "running for %s", life);
	}
	ebt_fmt_exit(what, row->status);
	if (WIFSIGNALED(row->status)) {
		*out->role = EBT_ROLE_BAD;
		return details_format(out, "killed by SIG%s after %s", what, life);
	}
	*out->role = row->status ? EBT_ROLE_BAD : EBT_ROLE_TEXT;
	return details_format(out, "exited with status %s after %s", what, life);
}

static struct ebt_bytes details_exe(const struct ebt_details *d, struct details_out *out)
{
	*out->role = EBT_ROLE_STRONG;
	return d->row.exe.len ? d->row.exe : details_unknown(out, "not known");
}

static struct ebt_bytes details_filename(const struct ebt_details *d, struct details_out *out)
{
	if (d->row.ret < 0 && !d->row.filename.len && !(d->row.flags & EBT_EV_FILENAME_TRUNCATED))
		return details_unknown(out, "an empty name");
	return d->row.filename.len ? d->row.filename : details_unknown(out, "not known");
}

static struct ebt_bytes details_cwd(const struct ebt_details *d, struct details_out *out)
{
	return d->row.cwd.len ? d->row.cwd : details_unknown(out, "not known");
}

static struct ebt_bytes details_kind(const struct ebt_details *d, struct details_out *out)
{
	return d->describe[0] ? ebt_bytes_from(d->describe) : details_unknown(out, "not looked at");
}

static struct ebt_bytes details_process(const struct ebt_details *d, struct details_out *out)
{
	const struct ebt_row *row = &d->row;
	char vpid[48] = "", tid[48] = "", comm[EBT_COMM_LEN + 4] = "";

	if (row->vpid && row->vpid != row->pid && row->vpid != EBT_EV_UNSET)
		snprintf(vpid, sizeof(vpid), ", %u in its pid namespace", row->vpid);
	if (row->ppid == EBT_EV_UNSET)
		return details_format(out, "%u, its parent is not known", row->pid);
	if (row->tid && row->tid != row->pid && row->tid != EBT_EV_UNSET)
		snprintf(tid, sizeof(tid), ", called by thread %u", row->tid);
	if (row->parent_comm.len)
		snprintf(comm, sizeof(comm), " (%.*s)", (int)row->parent_comm.len,
			 row->parent_comm.data);
	return details_format(out, "%u, parent %u%s%s%s", row->pid, row->ppid, comm, vpid, tid);
}

static struct ebt_bytes details_comm(const struct ebt_details *d, struct details_out *out)
{
	(void)out;
	return d->row.comm;
}

static struct ebt_bytes field_prev_comm(const struct ebt_details *d, struct details_out *out)
{
	return d->row.prev_comm.len ? d->row.prev_comm : details_unknown(out, "not known");
}

static struct ebt_bytes details_user(const struct ebt_details *d, struct details_out *out)
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
	return details_format(out, "%s (uid %u%s)%s, %s", row->user ? row->user : "unknown",
			      row->uid, group, effective, login);
}

static struct ebt_bytes details_tty(const struct ebt_details *d, struct details_out *out)
{
	if (!(d->row.flags & EBT_EV_HAS_TTY))
		return details_unknown(out, "not known");
	return d->row.tty.len ? d->row.tty : details_unknown(out, "none");
}

static struct ebt_bytes details_time(const struct ebt_details *d, struct details_out *out)
{
	char when[EBT_FMT_LEN];

	if (d->row.seeded)
		return details_unknown(out, "before tracing began");
	if (d->row.kind == EBT_ROW_HOMEO)
		return ebt_bytes_from(ebt_fmt_local(out->buf, d->row.real_ns));
	return details_format(out, "%s on CPU %u, its event %llu",
			      ebt_fmt_local(when, d->row.real_ns), d->row.cpu,
			      (unsigned long long)d->row.seq);
}

static struct ebt_bytes details_used(const struct ebt_details *d, struct details_out *out)
{
	const struct ebt_row *row = &d->row;
	char user[EBT_FMT_LEN], sys[EBT_FMT_LEN], rss[EBT_FMT_LEN];

	if (!row->ended || row->replaced)
		return details_unknown(out, "known when it ends");
	return details_format(out, "%s user, %s system, %s at most in memory",
			      ebt_fmt_duration(user, row->utime_ns),
			      ebt_fmt_duration(sys, row->stime_ns),
			      ebt_fmt_bytes(rss, row->maxrss_bytes));
}

static struct ebt_bytes details_cgroup(const struct ebt_details *d, struct details_out *out)
{
	if (d->cgroup[0])
		return ebt_bytes_from(d->cgroup);
	if (!d->row.cgroup_id)
		return details_unknown(out, "not known");
	return details_format(out, "id %llu%s",
			      (unsigned long long)(d->row.cgroup_id & ~EBT_CGROUP_V1),
			      d->row.cgroup_id & EBT_CGROUP_V1 ? " of a v1 hierarchy" : "");
}

/* Say what the path of the cgroup tells: the unit, the container and the pod. */
static struct ebt_bytes details_unit(const struct ebt_details *d, struct details_out *out)
{
	struct ebt_bytes unit = ebt_cgroup_unit(d->cgroup);
	struct ebt_bytes user = ebt_cgroup_user_unit(d->cgroup);

	if (!unit.len)
		return details_unknown(out, d->cgroup[0] ? "of no unit" : "not known");
	return details_format(out, "%.*s%s%.*s", (int)unit.len, unit.data,
			      user.len ? ", in it " : "", (int)user.len, user.data);
}

static struct ebt_bytes details_container(const struct ebt_details *d, struct details_out *out)
{
	char pod[EBT_POD_UID_LEN];
	struct ebt_container c = { .runtime = "" };
	bool found = ebt_container_find(d->cgroup, &c);

	if (!ebt_cgroup_pod_uid(d->cgroup, pod) && !found)
		return details_unknown(out, d->cgroup[0] ? "in none" : "not known");
	return details_format(out, "%s%s%.*s%s%s%s", c.runtime, found ? ":" : "", (int)c.id.len,
			      found ? c.id.data : "", found && pod[0] ? ", " : "",
			      pod[0] ? "pod " : "", pod);
}

static struct ebt_bytes details_file(const struct ebt_details *d, struct details_out *out)
{
	if (!d->row.exe_ino)
		return details_unknown(out, "not known");
	return details_format(out, "device %u:%u, inode %llu", d->row.exe_dev >> 20,
			      d->row.exe_dev & 0xfffff, (unsigned long long)d->row.exe_ino);
}

static struct ebt_bytes details_namespaces(const struct ebt_details *d, struct details_out *out)
{
	if (!d->row.pid_ns && !d->row.mnt_ns)
		return details_unknown(out, "not known");
	return details_format(out, "pid %u, mount %u", d->row.pid_ns, d->row.mnt_ns);
}

/* Say what /proc told of a process that ran before tracing began. */
static struct ebt_bytes details_complete_before(const struct ebt_details *d,
						struct details_out *out)
{
	*out->role = EBT_ROLE_WARN;
	if (d->row.flags & EBT_EV_ARGS_FAULT)
		return details_format(
			out, "no: /proc did not tell its arguments, and its exec was not seen");
	if (d->row.args.len < d->row.args_bytes)
		return details_format(out,
				      "no: %zu of %u bytes of its arguments; its exec was not seen",
				      d->row.args.len, d->row.args_bytes);
	return details_format(out, "arguments as /proc has them; its exec was not seen");
}

/* Say in words what the event lacks. */
static struct ebt_bytes details_complete(const struct ebt_details *d, struct details_out *out)
{
	static const struct {
		uint32_t flag;
		const char *words;
	} flags[] = {
		{ EBT_EV_MATCH_UNKNOWN,
		  "shown since a filter could not tell whether it matches; " },
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
		return details_complete_before(d, out);
	out->buf[0] = '\0';
	for (size_t i = 0; i < EBT_ARRAY_SIZE(flags); i++) {
		if (!(d->row.flags & flags[i].flag) || len >= out->len)
			continue;
		int n = snprintf(out->buf + len, out->len - len, "%s", flags[i].words);

		len += n > 0 ? (size_t)n : 0;
	}
	if (len == 0) {
		*out->role = EBT_ROLE_GOOD;
		return details_format(out, "yes: everything that was asked for is here");
	}
	*out->role = EBT_ROLE_WARN;
	return (struct ebt_bytes){ out->buf, strlen(out->buf) - 2 }; /* without the last "; " */
}

static struct ebt_bytes details_notes(const struct ebt_details *d, struct details_out *out)
{
	uint32_t f = d->row.flags;

	return details_format(
		out, "%s%s%s%s%s%s%s",
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
	details_field_fn fn;
} fields[] = {
	{ "State", details_state },
	{ "Program", details_exe },
	{ "Directory", details_cwd },
	{ "Process", details_process },
	{ "User", details_user },
	{ "Started", details_time },
	{ "Complete", details_complete },
#define LATE 7
	{ "Used", details_used },
	{ "Name", details_comm },
	{ "Name before", field_prev_comm },
	{ "Passed as", details_filename },
	{ "File", details_kind },
	{ "File identity", details_file },
	{ "Terminal", details_tty },
	{ "Cgroup", details_cgroup },
	{ "Unit", details_unit },
	{ "Container", details_container },
	{ "Namespaces", details_namespaces },
	{ "Notes", details_notes },
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
	return fields[field].fn == details_state || fields[field].fn == details_exe ||
	       fields[field].fn == details_process || fields[field].fn == details_time;
}

const char *ebt_details_field_label(unsigned field)
{
	return fields[field].label;
}

struct ebt_bytes ebt_details_field(const struct ebt_details *details, unsigned field, char *buf,
				   size_t buf_len, enum ebt_role *role)
{
	struct details_out out = { buf, buf_len, role };

	*role = EBT_ROLE_TEXT;
	return fields[field].fn(details, &out);
}
