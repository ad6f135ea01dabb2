/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ecs.c - events in the Elastic Common Schema (--format ecs). Field names and types are those of
 * ECS 9.4.0 (tests/data/ecs holds the published fields); ids are keywords, so they are strings. What
 * homeostasis finds is an alert, the life of its profiles are events.
 */
#include <inttypes.h>
#include <sys/wait.h>

#include "base/format.h"
#include "base/json_write.h"
#include "cgroup/container.h"
#include "cgroup/unit.h"
#include "sink/schema_members.h"
#include "sink/sink_format.h"

#define ECS_VERSION "9.4.0"

static void ecs_put_time(struct ebt_json_writer *w, const char *key, uint64_t real_ns)
{
	char ts[EBT_FMT_LEN];

	ebt_json_text(w, key, ebt_fmt_iso8601(ts, real_ns));
}

/* A process of this machine for ever. */
static void ecs_put_entity(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			   uint32_t pid, uint64_t start_ns)
{
	if (!start_ns)
		return;
	ebt_json_key(w, "entity_id");
	ebt_buf_printf(w->out, "\"%s:%u:%" PRIu64 "\"", o->boot_id ? o->boot_id : "", pid,
		       start_ns);
}

static void ecs_put_user(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			 const char *key, uint32_t uid)
{
	if (uid == EBT_EV_UNSET)
		return;
	ebt_json_open(w, key, "{");
	ebt_json_id(w, "id", uid);
	ebt_json_text(w, "name", o->names ? ebt_model_user(o->names, uid) : NULL);
	ebt_json_close(w, "}");
}

static void ecs_put_group(struct ebt_json_writer *w, const char *key, uint32_t gid)
{
	if (gid == EBT_EV_UNSET)
		return;
	ebt_json_open(w, key, "{");
	ebt_json_id(w, "id", gid);
	ebt_json_close(w, "}");
}

static void ecs_put_event(struct ebt_json_writer *w, const struct ebt_event *ev, const char *type,
			  const char *action, const char *outcome)
{
	ebt_json_open(w, "event", "{");
	ebt_json_text(w, "kind", type ? "event" : "pipeline_error");
	if (type) {
		ebt_json_open(w, "category", "[");
		ebt_json_text(w, NULL, "process");
		ebt_json_close(w, "]");
		ebt_json_open(w, "type", "[");
		ebt_json_text(w, NULL, type);
		ebt_json_close(w, "]");
	}
	ebt_json_text(w, "action", action);
	ebt_json_text(w, "outcome", outcome);
	ebt_json_text(w, "module", "execbig-top");
	ebt_json_text(w, "dataset", "execbig-top.process");
	ebt_json_text(w, "provider", "ebpf");
	if (ev->seq)
		ebt_json_u64(w, "sequence", ev->seq);
	if (ev->type == EBT_EVENT_EXIT)
		ebt_json_u64(w, "duration", ev->exit.lifetime_ns);
	ebt_json_close(w, "}");
}

static void ecs_put_host(struct ebt_json_writer *w, const struct ebt_sink_options *o)
{
	ebt_json_open(w, "host", "{");
	ebt_json_text(w, "name", o->host);
	ebt_json_text(w, "id", o->machine_id);
	if (o->boot_id) {
		ebt_json_open(w, "boot", "{");
		ebt_json_text(w, "id", o->boot_id);
		ebt_json_close(w, "}");
	}
	if (o->kernel) {
		ebt_json_open(w, "os", "{");
		ebt_json_text(w, "type", "linux");
		ebt_json_text(w, "kernel", o->kernel);
		ebt_json_text(w, "full", o->os);
		ebt_json_close(w, "}");
	}
	ebt_json_close(w, "}");
}

static void ecs_put_parent(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			   uint32_t ppid, uint64_t start_ns, struct ebt_bytes name)
{
	if (ppid == EBT_EV_UNSET)
		return;
	ebt_json_open(w, "parent", "{");
	ebt_json_u64(w, "pid", ppid);
	ecs_put_entity(w, o, ppid, start_ns);
	if (name.len)
		ebt_json_bytes(w, "name", name);
	if (start_ns)
		ecs_put_time(w, "start", start_ns + (uint64_t)o->mono_to_real_ns);
	ebt_json_close(w, "}");
}

static void ecs_put_exec_process(struct ebt_json_writer *w, const struct ebt_sink_options *o,
				 const struct ebt_event_exec *e)
{
	ebt_json_open(w, "process", "{");
	ebt_json_u64(w, "pid", e->pid);
	if (e->vpid && e->vpid != EBT_EV_UNSET)
		ebt_json_u64(w, "vpid", e->vpid);
	ecs_put_entity(w, o, e->pid, e->start_ns);
	ebt_json_bytes(w, "name", e->exe.len ? ebt_bytes_basename(e->exe) : e->comm);
	ebt_json_bytes(w, "executable", e->exe.len ? e->exe : e->filename);
	ebt_json_strings(w, "args", e->args);
	ebt_json_u64(w, "args_count", e->argc);
	ebt_json_command(w, "command_line", e->args);
	if (e->cwd.len)
		ebt_json_bytes(w, "working_directory", e->cwd);
	if (e->start_ns)
		ecs_put_time(w, "start", e->start_ns + (uint64_t)o->mono_to_real_ns);
	if (e->flags & EBT_EV_HAS_TTY)
		ebt_json_bool(w, "interactive", e->tty.len > 0);
	if (e->flags & EBT_EV_HAS_ENV)
		ebt_json_strings(w, "env_vars", e->env);
	ebt_json_open(w, "thread", "{");
	if (e->tid != EBT_EV_UNSET)
		ebt_json_u64(w, "id", e->tid);
	ebt_json_bytes(w, "name", e->comm);
	ebt_json_close(w, "}");
	ecs_put_user(w, o, "user", e->euid);
	ecs_put_user(w, o, "real_user", e->uid);
	ecs_put_group(w, "group", e->egid);
	ecs_put_group(w, "real_group", e->gid);
	ecs_put_parent(w, o, e->ppid, e->parent_start_ns, e->parent_comm);
	ebt_json_close(w, "}");
}

static void ecs_put_exec(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			 const struct ebt_event *ev)
{
	const struct ebt_event_exec *e = &ev->exec;
	const char *cgroup =
		o->names && e->cgroup_id ? ebt_model_cgroup(o->names, e->cgroup_id) : NULL;
	struct ebt_container container;
	char code[EBT_FMT_LEN], pod[EBT_POD_UID_LEN];

	ecs_put_event(w, ev, "start", "exec", e->ret < 0 ? "failure" : "success");
	if (e->ret < 0) {
		ebt_json_open(w, "error", "{");
		ebt_json_text(w, "code", ebt_fmt_errno(code, -e->ret));
		ebt_json_close(w, "}");
	}
	ecs_put_exec_process(w, o, e);
	ecs_put_user(w, o, "user", e->euid);
	if (cgroup && ebt_container_find(cgroup, &container)) {
		ebt_json_open(w, "container", "{");
		ebt_json_bytes(w, "id", container.id);
		ebt_json_text(w, "runtime", container.runtime);
		ebt_json_close(w, "}");
	}
	if (cgroup && ebt_cgroup_pod_uid(cgroup, pod)) {
		ebt_json_open(w, "orchestrator", "{");
		ebt_json_text(w, "type", "kubernetes");
		ebt_json_open(w, "resource", "{");
		ebt_json_text(w, "type", "pod");
		ebt_json_text(w, "id", pod);
		ebt_json_close(w, "}");
		ebt_json_close(w, "}");
	}
}

static void ecs_put_exit(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			 const struct ebt_event *ev)
{
	const struct ebt_event_exit *e = &ev->exit;
	/* As a shell reports it: ECS has one number for both. */
	int code = WIFSIGNALED(e->status) ? 128 + WTERMSIG(e->status) : WEXITSTATUS(e->status);

	ecs_put_event(w, ev, "end", "exit", code ? "failure" : "success");
	ebt_json_open(w, "process", "{");
	ebt_json_u64(w, "pid", e->pid);
	ecs_put_entity(w, o, e->pid, e->start_ns);
	ebt_json_bytes(w, "name", e->comm);
	ebt_json_i64(w, "exit_code", code);
	if (e->start_ns)
		ecs_put_time(w, "start", e->start_ns + (uint64_t)o->mono_to_real_ns);
	ecs_put_time(w, "end", ebt_sink_real_ns(o, ev));
	ebt_json_u64(w, "uptime", e->lifetime_ns / 1000000000u);
	ecs_put_user(w, o, "real_user", e->uid);
	ecs_put_parent(w, o, e->ppid, 0, (struct ebt_bytes){ 0 });
	ebt_json_close(w, "}");
}

static void ecs_put_lost(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			 const struct ebt_event *ev)
{
	ecs_put_event(w, ev, NULL, "lost", NULL);
	ebt_json_open(w, "error", "{");
	ebt_json_text(w, "code", ebt_lost_cause_name(ev->lost.cause));
	ebt_json_key(w, "message");
	ebt_buf_printf(w->out, "\"%" PRIu64 " events of CPU %u were lost\"", ev->lost.count,
		       ev->cpu);
	ebt_json_close(w, "}");
	if (ev->lost.uid != EBT_EV_UNSET)
		ecs_put_user(w, o, "user", ev->lost.uid);
}

static void ecs_put_homeo_event(struct ebt_json_writer *w, const struct ebt_event_homeo *e)
{
	bool alert = ebt_sink_homeo_alert(e);

	ebt_json_open(w, "event", "{");
	ebt_json_text(w, "kind", alert ? "alert" : "event");
	ebt_json_open(w, "category", "[");
	ebt_json_text(w, NULL, alert ? "intrusion_detection" : "process");
	ebt_json_close(w, "]");
	ebt_json_open(w, "type", "[");
	ebt_json_text(w, NULL, ebt_sink_homeo_denial(e) ? "denied" : "info");
	ebt_json_close(w, "]");
	ebt_json_bytes(w, "action", e->event);
	ebt_json_text(w, "module", "execbig-top");
	ebt_json_text(w, "dataset", "execbig-top.homeostasis");
	ebt_json_text(w, "provider", "ebpf");
	ebt_json_close(w, "}");
	if (!alert)
		return;
	ebt_json_open(w, "rule", "{");
	ebt_json_bytes(w, "name", e->event);
	ebt_json_text(w, "ruleset", "homeostasis");
	ebt_json_close(w, "}");
}

/* When the process began is not known here, so there is no entity_id. */
static void ecs_put_homeo(struct ebt_json_writer *w, const struct ebt_event_homeo *e)
{
	ecs_put_homeo_event(w, e);
	ebt_json_bytes(w, "message", e->cause);
	ebt_json_open(w, "log", "{");
	ebt_json_text(w, "level", ebt_homeo_level_name(e->level));
	ebt_json_close(w, "}");
	ebt_json_open(w, "process", "{");
	ebt_json_u64(w, "pid", e->pid);
	if (e->exe.len || e->comm.len)
		ebt_json_bytes(w, "name", e->exe.len ? ebt_bytes_basename(e->exe) : e->comm);
	if (e->exe.len)
		ebt_json_bytes(w, "executable", e->exe);
	ebt_json_open(w, "thread", "{");
	ebt_json_u64(w, "id", e->tid);
	if (e->comm.len)
		ebt_json_bytes(w, "name", e->comm);
	ebt_json_close(w, "}");
	ebt_json_close(w, "}");
}

static void ecs_event(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev)
{
	const struct ebt_sink_options *o = &line->options;
	struct ebt_json_writer w = { .out = out };

	if (ebt_sink_schema_omits(ev))
		return;
	ebt_json_open(&w, NULL, "{");
	ecs_put_time(&w, "@timestamp", ebt_sink_real_ns(o, ev));
	ebt_json_open(&w, "ecs", "{");
	ebt_json_text(&w, "version", ECS_VERSION);
	ebt_json_close(&w, "}");
	if (ev->type == EBT_EVENT_EXEC)
		ecs_put_exec(&w, o, ev);
	else if (ev->type == EBT_EVENT_EXIT)
		ecs_put_exit(&w, o, ev);
	else if (ev->type == EBT_EVENT_HOMEO)
		ecs_put_homeo(&w, &ev->homeo);
	else
		ecs_put_lost(&w, o, ev);
	ebt_schema_put_labels(&w, line, ev);
	ecs_put_host(&w, o);
	ebt_buf_append(out, "}\n", 2);
}

const struct ebt_sink_format_ops ebt_sink_ecs_ops = {
	.event = ecs_event,
};
