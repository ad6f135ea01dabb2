/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink/ocsf_objects.h"

#include <inttypes.h>
#include <sys/wait.h>

#include "base/format.h"
#include "base/json_write.h"
#include "base/text.h"
#include "cgroup/container.h"

/* The schema's times are milliseconds. */
uint64_t ebt_ocsf_ms(const struct ebt_sink_options *o, uint64_t mono_ns)
{
	return (mono_ns + (uint64_t)o->mono_to_real_ns) / 1000000u;
}

void ebt_ocsf_put_class(struct ebt_json_writer *w, unsigned activity)
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

bool ebt_ocsf_is_denial(const struct ebt_event *ev)
{
	return ev->type == EBT_EVENT_HOMEO && ebt_sink_homeo_denial(&ev->homeo);
}

void ebt_ocsf_put_metadata(struct ebt_json_writer *w, const struct ebt_event *ev, bool container)
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
	if (container)
		ebt_json_text(w, NULL, "container");
	if (ebt_ocsf_is_denial(ev))
		ebt_json_text(w, NULL, "security_control");
	ebt_json_close(w, "]");
	if (ev->seq)
		ebt_json_u64(w, "sequence", ev->seq);
	ebt_json_close(w, "}");
}

void ebt_ocsf_put_device(struct ebt_json_writer *w, const struct ebt_sink_options *o)
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

void ebt_ocsf_put_user(struct ebt_json_writer *w, const struct ebt_sink_options *o, uint32_t uid)
{
	if (uid == EBT_EV_UNSET)
		return;
	ebt_json_open(w, "user", "{");
	ebt_json_id(w, "uid", uid);
	ebt_json_text(w, "name", o->names ? ebt_model_user(o->names, uid) : NULL);
	ebt_json_close(w, "}");
}

void ebt_ocsf_put_ids(struct ebt_json_writer *w, const struct ebt_sink_options *o, uint32_t pid,
		      uint64_t start_ns)
{
	ebt_json_u64(w, "pid", pid);
	if (!start_ns)
		return;
	ebt_json_key(w, "uid");
	ebt_buf_printf(w->out, "\"%s:%u:%" PRIu64 "\"", o->boot_id ? o->boot_id : "", pid,
		       start_ns);
	ebt_json_u64(w, "created_time", ebt_ocsf_ms(o, start_ns));
}

void ebt_ocsf_put_parent(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			 const char *key, const struct ebt_ocsf_parent *parent)
{
	if (parent->pid == EBT_EV_UNSET)
		return;
	ebt_json_open(w, key, "{");
	ebt_ocsf_put_ids(w, o, parent->pid, parent->start_ns);
	if (parent->comm.len)
		ebt_json_bytes(w, "name", parent->comm);
	ebt_json_close(w, "}");
}

/* The actor of an exec is the process that it was before, which has the same number. Its parent is
 * given instead, since that is what a person asks for. */
void ebt_ocsf_put_actor(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			const struct ebt_ocsf_parent *parent, uint32_t uid)
{
	ebt_json_open(w, "actor", "{");
	ebt_ocsf_put_parent(w, o, "process", parent);
	ebt_ocsf_put_user(w, o, uid);
	ebt_json_close(w, "}");
}

void ebt_ocsf_put_file(struct ebt_json_writer *w, struct ebt_bytes path)
{
	ebt_json_open(w, "file", "{");
	ebt_json_bytes(w, "name", ebt_bytes_basename(path));
	ebt_json_bytes(w, "path", path);
	ebt_json_u64(w, "type_id", FILE_REGULAR);
	ebt_json_close(w, "}");
}

void ebt_ocsf_put_login(struct ebt_json_writer *w, uint32_t loginuid)
{
	if (loginuid != EBT_EV_UNSET)
		ebt_json_u64(w, "auid", loginuid);
}

void ebt_ocsf_put_linux_users(struct ebt_json_writer *w, const struct ebt_event_exec *e)
{
	ebt_ocsf_put_login(w, e->loginuid);
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

void ebt_ocsf_put_session(struct ebt_json_writer *w, uint32_t sessionid, struct ebt_bytes tty)
{
	if (sessionid == EBT_EV_UNSET && !tty.len)
		return;
	ebt_json_open(w, "session", "{");
	if (sessionid != EBT_EV_UNSET)
		ebt_json_id(w, "uid", sessionid);
	if (tty.len)
		ebt_json_bytes(w, "terminal", tty);
	ebt_json_close(w, "}");
}

/* Objects of name and value. */
void ebt_ocsf_put_environment(struct ebt_json_writer *w, struct ebt_bytes env)
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

/* What belongs to no class of the schema. */
void ebt_ocsf_put_base(struct ebt_json_writer *w, const char *activity, unsigned severity)
{
	ebt_json_u64(w, "category_uid", 0);
	ebt_json_u64(w, "class_uid", 0);
	ebt_json_text(w, "class_name", "Base Event");
	ebt_json_u64(w, "activity_id", ACTIVITY_OTHER);
	ebt_json_text(w, "activity_name", activity);
	ebt_json_u64(w, "type_uid", ACTIVITY_OTHER);
	ebt_json_u64(w, "severity_id", severity);
}
