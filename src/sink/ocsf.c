/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ocsf.c - events in the Open Cybersecurity Schema (--format ocsf): class 1007, Process Activity,
 * with the extension linux. What was lost is a Base Event; what homeostasis finds is a Detection
 * Finding (2004), what else it says a Base Event. Names, types and what is required:
 * events/system/process_activity.json, events/findings/, objects/, profiles/ and extensions/linux
 * of ocsf/ocsf-schema.
 */
#include <inttypes.h>
#include <sys/wait.h>

#include "base/container.h"
#include "base/format.h"
#include "base/text.h"
#include "base/json_write.h"
#include "sink/sink_format.h"

#define OCSF_VERSION "1.9.0-dev" /* the schema these fields were checked against */

enum { CATEGORY_SYSTEM = 1, CATEGORY_FINDINGS = 2, CLASS_PROCESS = 1007, CLASS_DETECTION = 2004 };
enum { ACTIVITY_LAUNCH = 1, ACTIVITY_TERMINATE = 2, ACTIVITY_CREATE = 1, ACTIVITY_OTHER = 99 };
enum { LAUNCH_EXEC = 3 };
enum { STATUS_SUCCESS = 1, STATUS_FAILURE = 2 };
enum { FINDING_NEW = 1, ANALYTIC_BEHAVIORAL = 2, ACTION_DENIED = 2, DISPOSITION_BLOCKED = 2 };
enum { SEVERITY_INFORMATIONAL = 1, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };
enum { OS_LINUX = 200, DEVICE_UNKNOWN = 0, FILE_REGULAR = 1 };

/* The schema's times are milliseconds. */
static uint64_t ms(const struct ebt_sink_options *o, uint64_t mono_ns)
{
	return (mono_ns + (uint64_t)o->mono_to_real_ns) / 1000000u;
}

static void put_class(struct ebt_json_writer *w, unsigned activity)
{
	bool launch = activity == ACTIVITY_LAUNCH;

	ebt_json_u64(w, "category_uid", CATEGORY_SYSTEM);
	ebt_json_text(w, "category_name", "System Activity");
	ebt_json_u64(w, "class_uid", CLASS_PROCESS);
	ebt_json_text(w, "class_name", "Process Activity");
	ebt_json_u64(w, "activity_id", activity);
	ebt_json_text(w, "activity_name", launch ? "Launch" : "Terminate");
	ebt_json_u64(w, "type_uid", CLASS_PROCESS * 100 + activity);
	ebt_json_text(w, "type_name",
		      launch ? "Process Activity: Launch" : "Process Activity: Terminate");
	ebt_json_u64(w, "severity_id", SEVERITY_INFORMATIONAL);
}

static bool is_denial(const struct ebt_event *ev)
{
	return ev->type == EBT_EVENT_HOMEO && ebt_sink_homeo_denial(&ev->homeo);
}

static void put_metadata(struct ebt_json_writer *w, const struct ebt_event *ev)
{
	ebt_json_open(w, "metadata", "{");
	ebt_json_text(w, "version", OCSF_VERSION);
	ebt_json_open(w, "product", "{");
	ebt_json_text(w, "name", "execbig-top");
	ebt_json_text(w, "vendor_name", "execbig-top");
	ebt_json_text(w, "version", EBT_VERSION);
	ebt_json_close(w, "}");
	ebt_json_open(w, "profiles", "[");
	ebt_json_text(w, NULL, "host");
	if (ev->type != EBT_EVENT_HOMEO)
		ebt_json_text(w, NULL, "linux/linux_users");
	if (is_denial(ev))
		ebt_json_text(w, NULL, "security_control");
	ebt_json_close(w, "]");
	if (ev->seq)
		ebt_json_u64(w, "sequence", ev->seq);
	ebt_json_close(w, "}");
}

static void put_device(struct ebt_json_writer *w, const struct ebt_sink_options *o)
{
	ebt_json_open(w, "device", "{");
	ebt_json_u64(w, "type_id", DEVICE_UNKNOWN);
	ebt_json_text(w, "hostname", o->host);
	ebt_json_text(w, "uid", o->machine_id);
	ebt_json_text(w, "boot_uid", o->boot_id);
	ebt_json_open(w, "os", "{");
	ebt_json_text(w, "name", o->os ? o->os : "Linux");
	ebt_json_u64(w, "type_id", OS_LINUX);
	ebt_json_text(w, "kernel_release", o->kernel);
	ebt_json_close(w, "}");
	ebt_json_close(w, "}");
}

static void put_user(struct ebt_json_writer *w, const struct ebt_sink_options *o, uint32_t uid)
{
	if (uid == EBT_EV_UNSET)
		return;
	ebt_json_open(w, "user", "{");
	ebt_json_id(w, "uid", uid);
	ebt_json_text(w, "name", o->names ? ebt_model_user(o->names, uid) : NULL);
	ebt_json_close(w, "}");
}

static void put_ids(struct ebt_json_writer *w, const struct ebt_sink_options *o, uint32_t pid,
		    uint64_t start_ns)
{
	ebt_json_u64(w, "pid", pid);
	if (!start_ns)
		return;
	ebt_json_key(w, "uid");
	ebt_buf_printf(w->out, "\"%s:%u:%" PRIu64 "\"", o->boot_id ? o->boot_id : "", pid,
		       start_ns);
	ebt_json_u64(w, "created_time", ms(o, start_ns));
}

/* Who did it: of an exec, the process that it was before, which has the same number; its parent is
 * what a person asks for. */
static void put_actor(struct ebt_json_writer *w, const struct ebt_sink_options *o, uint32_t ppid,
		      uint64_t start_ns, uint32_t uid)
{
	ebt_json_open(w, "actor", "{");
	if (ppid != EBT_EV_UNSET) {
		ebt_json_open(w, "process", "{");
		put_ids(w, o, ppid, start_ns);
		ebt_json_close(w, "}");
	}
	put_user(w, o, uid);
	ebt_json_close(w, "}");
}

static void put_file(struct ebt_json_writer *w, struct ebt_bytes path)
{
	ebt_json_open(w, "file", "{");
	ebt_json_bytes(w, "name", ebt_bytes_basename(path));
	ebt_json_bytes(w, "path", path);
	ebt_json_u64(w, "type_id", FILE_REGULAR);
	ebt_json_close(w, "}");
}

static void put_linux_users(struct ebt_json_writer *w, const struct ebt_event_exec *e)
{
	if (e->loginuid != EBT_EV_UNSET)
		ebt_json_u64(w, "auid", e->loginuid);
	if (e->euid != EBT_EV_UNSET)
		ebt_json_u64(w, "euid", e->euid);
	if (e->egid != EBT_EV_UNSET)
		ebt_json_u64(w, "egid", e->egid);
	if (e->gid != EBT_EV_UNSET) {
		ebt_json_open(w, "group", "{");
		ebt_json_id(w, "uid", e->gid);
		ebt_json_close(w, "}");
	}
}

/* Objects of name and value. */
static void put_environment(struct ebt_json_writer *w, struct ebt_bytes env)
{
	struct ebt_bytes one;

	ebt_json_open(w, "environment_variables", "[");
	while (ebt_text_next_arg(&env, &one)) {
		const char *eq = one.len ? memchr(one.data, '=', one.len) : NULL;
		size_t len = eq ? (size_t)(eq - one.data) : one.len;
		size_t skip = eq ? len + 1 : len;

		ebt_json_open(w, NULL, "{");
		ebt_json_bytes(w, "name", (struct ebt_bytes){ one.data, len });
		ebt_json_bytes(w, "value", (struct ebt_bytes){ one.data + skip, one.len - skip });
		ebt_json_close(w, "}");
	}
	ebt_json_close(w, "]");
}

static void put_launched(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			 const struct ebt_event_exec *e)
{
	struct ebt_bytes path = e->exe.len ? e->exe : e->filename;
	const char *cgroup =
		o->names && e->cgroup_id ? ebt_model_cgroup(o->names, e->cgroup_id) : NULL;
	struct ebt_container container;

	ebt_json_open(w, "process", "{");
	put_ids(w, o, e->pid, e->start_ns);
	ebt_json_bytes(w, "name", path.len ? ebt_bytes_basename(path) : e->comm);
	if (path.len)
		ebt_json_bytes(w, "path", path);
	ebt_json_command(w, "cmd_line", e->args);
	if (path.len)
		put_file(w, path);
	put_user(w, o, e->uid);
	put_linux_users(w, e);
	if (e->cwd.len)
		ebt_json_bytes(w, "working_directory", e->cwd);
	if (e->tid != EBT_EV_UNSET)
		ebt_json_u64(w, "tid", e->tid);
	if (e->flags & EBT_EV_HAS_ENV)
		put_environment(w, e->env);
	if (cgroup && ebt_container_find(cgroup, &container)) {
		ebt_json_open(w, "container", "{");
		ebt_json_bytes(w, "uid", container.id);
		ebt_json_text(w, "runtime", container.runtime);
		ebt_json_close(w, "}");
	}
	if (e->ppid != EBT_EV_UNSET) {
		ebt_json_open(w, "parent_process", "{");
		put_ids(w, o, e->ppid, e->parent_start_ns);
		ebt_json_close(w, "}");
	}
	ebt_json_close(w, "}");
}

static void put_homeo_numbers(struct ebt_json_writer *w, const struct ebt_event_homeo *e)
{
	ebt_json_bytes(w, "event", e->event);
	ebt_json_text(w, "level", ebt_homeo_level_name(e->level));
	if (e->slot)
		ebt_json_u64(w, "slot", e->slot);
	ebt_json_u64(w, "train_count", e->train_count);
	if (e->call.len) {
		ebt_json_bytes(w, "call", e->call);
		ebt_json_u64(w, "count", e->count);
	}
	if (e->missed) {
		ebt_json_u64(w, "missed", e->missed);
		ebt_json_u64(w, "lfc", e->lfc);
		ebt_json_u64(w, "max_lfc", e->max_lfc);
		ebt_json_u64(w, "anomalies", e->anomalies);
	}
}

/* What the schema has no place for. */
static void put_unmapped(struct ebt_json_writer *w, const struct ebt_event *ev)
{
	ebt_json_open(w, "unmapped", "{");
	if (ev->type == EBT_EVENT_HOMEO)
		put_homeo_numbers(w, &ev->homeo);
	else
		ebt_json_u64(w, "cpu", ev->cpu);
	if (ev->type == EBT_EVENT_EXEC) {
		ebt_json_u64(w, "args_bytes", ev->exec.args_bytes);
		ebt_json_u64(w, "args_captured", ev->exec.args_captured);
		ebt_json_open(w, "flags", "[");
		for (size_t i = 0; i < ebt_event_flags_count; i++)
			if (ev->exec.flags & ebt_event_flags[i].bit)
				ebt_json_text(w, NULL, ebt_event_flags[i].name);
		ebt_json_close(w, "]");
	}
	ebt_json_close(w, "}");
}

static void put_exec(struct ebt_json_writer *w, const struct ebt_sink_options *o,
		     const struct ebt_event *ev)
{
	const struct ebt_event_exec *e = &ev->exec;
	char code[EBT_FMT_LEN];

	put_class(w, ACTIVITY_LAUNCH);
	ebt_json_u64(w, "launch_type_id", LAUNCH_EXEC);
	ebt_json_text(w, "launch_type", "Exec");
	ebt_json_u64(w, "status_id", e->ret < 0 ? STATUS_FAILURE : STATUS_SUCCESS);
	ebt_json_text(w, "status", e->ret < 0 ? "Failure" : "Success");
	if (e->ret < 0)
		ebt_json_text(w, "status_code", ebt_fmt_errno(code, -e->ret));
	put_actor(w, o, e->ppid, e->parent_start_ns, e->uid);
	put_launched(w, o, e);
}

static void put_exit(struct ebt_json_writer *w, const struct ebt_sink_options *o,
		     const struct ebt_event *ev)
{
	const struct ebt_event_exit *e = &ev->exit;

	put_class(w, ACTIVITY_TERMINATE);
	ebt_json_u64(w, "status_id", STATUS_SUCCESS);
	ebt_json_text(w, "status", "Success");
	ebt_json_i64(w, "exit_code",
		     WIFSIGNALED(e->status) ? 128 + WTERMSIG(e->status) : WEXITSTATUS(e->status));
	put_actor(w, o, e->ppid, 0, e->uid);
	ebt_json_open(w, "process", "{");
	put_ids(w, o, e->pid, e->start_ns);
	ebt_json_bytes(w, "name", e->comm);
	ebt_json_u64(w, "terminated_time", ms(o, ev->mono_ns));
	put_user(w, o, e->uid);
	ebt_json_close(w, "}");
}

/* What belongs to no class of the schema. */
static void put_base(struct ebt_json_writer *w, const char *activity, unsigned severity)
{
	ebt_json_u64(w, "category_uid", 0);
	ebt_json_u64(w, "class_uid", 0);
	ebt_json_text(w, "class_name", "Base Event");
	ebt_json_u64(w, "activity_id", ACTIVITY_OTHER);
	ebt_json_text(w, "activity_name", activity);
	ebt_json_u64(w, "type_uid", ACTIVITY_OTHER);
	ebt_json_u64(w, "severity_id", severity);
}

static void put_lost(struct ebt_json_writer *w, const struct ebt_event *ev)
{
	put_base(w, "Events lost", SEVERITY_MEDIUM);
	ebt_json_u64(w, "count", ev->lost.count);
	ebt_json_text(w, "status_code", ebt_lost_cause_name(ev->lost.cause));
	ebt_json_key(w, "message");
	ebt_buf_printf(w->out, "\"%" PRIu64 " events of CPU %u were lost\"", ev->lost.count,
		       ev->cpu);
}

/* When it began is not known here, so it has no uid. */
static void put_homeo_process(struct ebt_json_writer *w, const struct ebt_event_homeo *e)
{
	ebt_json_open(w, "process", "{");
	ebt_json_u64(w, "pid", e->pid);
	ebt_json_u64(w, "tid", e->tid);
	if (e->exe.len || e->comm.len)
		ebt_json_bytes(w, "name", e->exe.len ? ebt_bytes_basename(e->exe) : e->comm);
	if (e->exe.len) {
		ebt_json_bytes(w, "path", e->exe);
		put_file(w, e->exe);
	}
	ebt_json_close(w, "}");
}

static void put_finding_info(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			     const struct ebt_event *ev)
{
	const struct ebt_event_homeo *e = &ev->homeo;

	ebt_json_open(w, "finding_info", "{");
	ebt_json_key(w, "uid");
	ebt_buf_printf(w->out, "\"%s:%u:%" PRIu64 "\"", o->boot_id ? o->boot_id : "", e->tid,
		       ev->mono_ns);
	ebt_json_text(w, "title", "Process homeostasis: a program is not as it was learned");
	ebt_json_bytes(w, "desc", e->cause);
	ebt_json_open(w, "types", "[");
	ebt_json_bytes(w, NULL, e->event);
	ebt_json_close(w, "]");
	ebt_json_u64(w, "created_time", ms(o, ev->mono_ns));
	ebt_json_open(w, "analytic", "{");
	ebt_json_text(w, "name", "homeostasis");
	ebt_json_u64(w, "type_id", ANALYTIC_BEHAVIORAL);
	ebt_json_text(w, "type", "Behavioral");
	ebt_json_close(w, "}");
	ebt_json_close(w, "}");
}

static void put_finding(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			const struct ebt_event *ev)
{
	const struct ebt_event_homeo *e = &ev->homeo;

	ebt_json_u64(w, "category_uid", CATEGORY_FINDINGS);
	ebt_json_text(w, "category_name", "Findings");
	ebt_json_u64(w, "class_uid", CLASS_DETECTION);
	ebt_json_text(w, "class_name", "Detection Finding");
	ebt_json_u64(w, "activity_id", ACTIVITY_CREATE);
	ebt_json_text(w, "activity_name", "Create");
	ebt_json_u64(w, "type_uid", CLASS_DETECTION * 100 + ACTIVITY_CREATE);
	ebt_json_text(w, "type_name", "Detection Finding: Create");
	ebt_json_u64(w, "severity_id", is_denial(ev) ? SEVERITY_HIGH : SEVERITY_MEDIUM);
	ebt_json_u64(w, "status_id", FINDING_NEW);
	ebt_json_text(w, "status", "New");
	ebt_json_bool(w, "is_alert", true);
	if (is_denial(ev)) {
		ebt_json_u64(w, "action_id", ACTION_DENIED);
		ebt_json_text(w, "action", "Denied");
		ebt_json_u64(w, "disposition_id", DISPOSITION_BLOCKED);
		ebt_json_text(w, "disposition", "Blocked");
	}
	put_finding_info(w, o, ev);
	ebt_json_open(w, "evidences", "[");
	ebt_json_open(w, NULL, "{");
	put_homeo_process(w, e);
	if (e->call.len) {
		ebt_json_open(w, "api", "{");
		ebt_json_bytes(w, "operation", e->call);
		ebt_json_close(w, "}");
	}
	ebt_json_close(w, "}");
	ebt_json_close(w, "]");
}

static void put_homeo(struct ebt_json_writer *w, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	static const unsigned severities[] = { [EBT_HOMEO_INFO] = SEVERITY_INFORMATIONAL,
					       [EBT_HOMEO_WARNING] = SEVERITY_LOW,
					       [EBT_HOMEO_ERROR] = SEVERITY_MEDIUM };
	const struct ebt_event_homeo *e = &ev->homeo;

	if (ebt_sink_homeo_alert(e)) {
		put_finding(w, o, ev);
	} else {
		put_base(w, "Homeostasis", severities[e->level]);
		ebt_json_open(w, "actor", "{");
		put_homeo_process(w, e);
		ebt_json_close(w, "}");
	}
	ebt_json_bytes(w, "message", e->cause);
}

static void ocsf_event(struct ebt_buf *out, const struct ebt_sink_line *line,
		       const struct ebt_event *ev)
{
	const struct ebt_sink_options *o = &line->options;
	struct ebt_json_writer w = { .out = out };

	if (ebt_sink_schema_omits(ev))
		return;
	ebt_json_open(&w, NULL, "{");
	ebt_json_u64(&w, "time", ms(o, ev->mono_ns));
	if (ev->type == EBT_EVENT_EXEC)
		put_exec(&w, o, ev);
	else if (ev->type == EBT_EVENT_EXIT)
		put_exit(&w, o, ev);
	else if (ev->type == EBT_EVENT_HOMEO)
		put_homeo(&w, o, ev);
	else
		put_lost(&w, ev);
	put_metadata(&w, ev);
	put_device(&w, o);
	put_unmapped(&w, ev);
	ebt_buf_append(out, "}\n", 2);
}

const struct ebt_sink_format_ops ebt_sink_ocsf_ops = {
	.event = ocsf_event,
};
