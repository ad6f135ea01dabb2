/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink/ocsf_finding.h"

#include <inttypes.h>
#include <sys/wait.h>

#include "base/format.h"
#include "base/json_write.h"
#include "base/text.h"
#include "cgroup/container.h"

/* When it began is not known here, so it has no uid. */
static void ocsf_put_homeo_process(struct ebt_json_writer *w, const struct ebt_event_homeo *e)
{
	ebt_json_open(w, "process", "{");
	ebt_json_u64(w, "pid", e->pid);
	ebt_json_u64(w, "ptid", e->tid);
	if (e->exe.len || e->comm.len)
		ebt_json_bytes(w, "name", e->exe.len ? ebt_bytes_basename(e->exe) : e->comm);
	if (e->exe.len) {
		ebt_json_bytes(w, "path", e->exe);
		ebt_ocsf_put_file(w, e->exe);
	}
	ebt_json_close(w, "}");
}

static void ocsf_put_finding_info(struct ebt_json_writer *w, const struct ebt_sink_options *o,
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
	ebt_json_u64(w, "created_time", ebt_ocsf_ms(o, ev->mono_ns));
	ebt_json_open(w, "analytic", "{");
	ebt_json_text(w, "name", "homeostasis");
	ebt_json_u64(w, "type_id", ANALYTIC_BEHAVIORAL);
	ebt_json_text(w, "type", "Behavioral");
	ebt_json_close(w, "}");
	ebt_json_close(w, "}");
}

static void ocsf_put_finding(struct ebt_json_writer *w, const struct ebt_sink_options *o,
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
	ebt_json_u64(w, "severity_id", ebt_ocsf_is_denial(ev) ? SEVERITY_HIGH : SEVERITY_MEDIUM);
	ebt_json_u64(w, "status_id", FINDING_NEW);
	ebt_json_text(w, "status", "New");
	ebt_json_bool(w, "is_alert", true);
	if (ebt_ocsf_is_denial(ev)) {
		ebt_json_u64(w, "action_id", ACTION_DENIED);
		ebt_json_text(w, "action", "Denied");
		ebt_json_u64(w, "disposition_id", DISPOSITION_BLOCKED);
		ebt_json_text(w, "disposition", "Blocked");
	}
	ocsf_put_finding_info(w, o, ev);
	ebt_json_open(w, "evidences", "[");
	ebt_json_open(w, NULL, "{");
	ocsf_put_homeo_process(w, e);
	if (e->call.len) {
		ebt_json_open(w, "api", "{");
		ebt_json_bytes(w, "operation", e->call);
		ebt_json_close(w, "}");
	}
	ebt_json_close(w, "}");
	ebt_json_close(w, "]");
}

void ebt_ocsf_put_homeo(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			const struct ebt_event *ev)
{
	static const unsigned severities[] = { [EBT_HOMEO_INFO] = SEVERITY_INFORMATIONAL,
					       [EBT_HOMEO_WARNING] = SEVERITY_LOW,
					       [EBT_HOMEO_ERROR] = SEVERITY_MEDIUM };
	const struct ebt_event_homeo *e = &ev->homeo;

	if (ebt_sink_homeo_alert(e)) {
		ocsf_put_finding(w, o, ev);
	} else {
		ebt_ocsf_put_base(w, "Homeostasis", severities[e->level]);
		ebt_json_open(w, "actor", "{");
		ocsf_put_homeo_process(w, e);
		ebt_json_close(w, "}");
	}
	ebt_json_bytes(w, "message", e->cause);
}
