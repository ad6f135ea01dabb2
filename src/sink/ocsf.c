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

#include "base/format.h"
#include "base/json_write.h"
#include "base/text.h"
#include "cgroup/container.h"
#include "cgroup/unit.h"
#include "sink/ocsf_finding.h"
#include "sink/ocsf_objects.h"
#include "sink/schema_members.h"
#include "sink/sink_format.h"

/* What the profile of containers describes. A pod may be known without a container in it. */
struct ocsf_container {
	struct ebt_container id;
	bool found;
	char pod[EBT_POD_UID_LEN]; /* empty: in none */
};

/* Find the container and the pod of an exec. */
static bool ocsf_find_container(const struct ebt_sink_options *o, const struct ebt_event *ev,
				struct ocsf_container *container)
{
	const char *cgroup = NULL;

	*container = (struct ocsf_container){ 0 };
	if (ev->type == EBT_EVENT_EXEC && o->names && ev->exec.cgroup_id)
		cgroup = ebt_model_cgroup(o->names, ev->exec.cgroup_id);
	if (!cgroup)
		return false;
	container->found = ebt_container_find(cgroup, &container->id);
	return ebt_cgroup_pod_uid(cgroup, container->pod) || container->found;
}

static void ocsf_put_container(struct ebt_json_writer *w, const struct ocsf_container *container)
{
	ebt_json_open(w, "container", "{");
	if (container->found) {
		ebt_json_bytes(w, "uid", container->id.id);
		ebt_json_text(w, "runtime", container->id.runtime);
	}
	if (container->pod[0])
		ebt_json_text(w, "pod_uuid", container->pod);
	ebt_json_close(w, "}");
}

static void ocsf_put_launched(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			      const struct ebt_event *ev, const struct ebt_ocsf_parent *parent)
{
	const struct ebt_event_exec *e = &ev->exec;
	struct ebt_bytes path = e->exe.len ? e->exe : e->filename;
	struct ocsf_container container;

	ebt_json_open(w, "process", "{");
	ebt_ocsf_put_ids(w, o, e->pid, e->start_ns);
	ebt_json_bytes(w, "name", path.len ? ebt_bytes_basename(path) : e->comm);
	if (path.len)
		ebt_json_bytes(w, "path", path);
	ebt_json_command(w, "cmd_line", e->args);
	if (path.len)
		ebt_ocsf_put_file(w, path);
	ebt_ocsf_put_user(w, o, e->uid);
	ebt_ocsf_put_linux_users(w, e);
	if (e->cwd.len)
		ebt_json_bytes(w, "working_directory", e->cwd);
	if (e->tid != EBT_EV_UNSET)
		ebt_json_u64(w, "ptid", e->tid);
	ebt_ocsf_put_session(w, e->sessionid, e->tty);
	if (e->flags & EBT_EV_HAS_ENV)
		ebt_ocsf_put_environment(w, e->env);
	if (ocsf_find_container(o, ev, &container)) {
		ocsf_put_container(w, &container);
		if (e->vpid && e->vpid != EBT_EV_UNSET)
			ebt_json_u64(w, "namespace_pid", e->vpid);
	}
	ebt_ocsf_put_parent(w, o, "parent_process", parent);
	ebt_json_close(w, "}");
}

static void ocsf_put_exec(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			  const struct ebt_event *ev)
{
	const struct ebt_event_exec *e = &ev->exec;
	const struct ebt_ocsf_parent parent = { e->ppid, e->parent_start_ns, e->parent_comm };
	char code[EBT_FMT_LEN];

	ebt_ocsf_put_class(w, ACTIVITY_LAUNCH);
	ebt_json_u64(w, "launch_type_id", LAUNCH_EXEC);
	ebt_json_text(w, "launch_type", "Exec");
	ebt_json_u64(w, "status_id", e->ret < 0 ? STATUS_FAILURE : STATUS_SUCCESS);
	ebt_json_text(w, "status", e->ret < 0 ? "Failure" : "Success");
	if (e->ret < 0)
		ebt_json_text(w, "status_code", ebt_fmt_errno(code, -e->ret));
	ebt_ocsf_put_actor(w, o, &parent, e->uid);
	ocsf_put_launched(w, o, ev, &parent);
}

static void ocsf_put_exit(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			  const struct ebt_event *ev)
{
	const struct ebt_event_exit *e = &ev->exit;

	ebt_ocsf_put_class(w, ACTIVITY_TERMINATE);
	ebt_json_u64(w, "status_id", STATUS_SUCCESS);
	ebt_json_text(w, "status", "Success");
	ebt_json_i64(w, "exit_code",
		     WIFSIGNALED(e->status) ? 128 + WTERMSIG(e->status) : WEXITSTATUS(e->status));
	ebt_ocsf_put_actor(w, o, &(struct ebt_ocsf_parent){ .pid = e->ppid }, e->uid);
	ebt_json_open(w, "process", "{");
	ebt_ocsf_put_ids(w, o, e->pid, e->start_ns);
	ebt_json_bytes(w, "name", e->comm);
	ebt_json_u64(w, "terminated_time", ebt_ocsf_ms(o, ev->mono_ns));
	ebt_ocsf_put_user(w, o, e->uid);
	if (e->has_login) {
		ebt_ocsf_put_login(w, e->loginuid);
		ebt_ocsf_put_session(w, e->sessionid, (struct ebt_bytes){ 0 });
	}
	ebt_json_close(w, "}");
}

static void ocsf_put_lost(struct ebt_json_writer *w, const struct ebt_event *ev)
{
	ebt_ocsf_put_base(w, "Events lost", SEVERITY_MEDIUM);
	ebt_json_u64(w, "count", ev->lost.count);
	ebt_json_text(w, "status_code", ebt_lost_cause_name(ev->lost.cause));
	ebt_json_key(w, "message");
	ebt_buf_printf(w->out, "\"%" PRIu64 " events of CPU %u were lost", ev->lost.count, ev->cpu);
	if (ev->lost.uid != EBT_EV_UNSET)
		ebt_buf_printf(w->out, ", of user id %u", ev->lost.uid);
	ebt_buf_puts(w->out, "\"");
}

static void ocsf_event(struct ebt_buf *out, const struct ebt_sink_line *line,
		       const struct ebt_event *ev)
{
	const struct ebt_sink_options *o = &line->options;
	struct ebt_json_writer w = { .out = out };
	struct ocsf_container container;

	if (ebt_sink_schema_omits(ev))
		return;
	ebt_json_open(&w, NULL, "{");
	ebt_json_u64(&w, "time", ebt_ocsf_ms(o, ev->mono_ns));
	if (ev->type == EBT_EVENT_EXEC)
		ocsf_put_exec(&w, o, ev);
	else if (ev->type == EBT_EVENT_EXIT)
		ocsf_put_exit(&w, o, ev);
	else if (ev->type == EBT_EVENT_HOMEO)
		ebt_ocsf_put_homeo(&w, o, ev);
	else
		ocsf_put_lost(&w, ev);
	ebt_ocsf_put_metadata(&w, ev, ocsf_find_container(o, ev, &container));
	ebt_ocsf_put_device(&w, o);
	ebt_schema_put_unmapped(&w, line, ev);
	ebt_buf_append(out, "}\n", 2);
}

const struct ebt_sink_format_ops ebt_sink_ocsf_ops = {
	.event = ocsf_event,
};
