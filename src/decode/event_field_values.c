/* SPDX-License-Identifier: BSD-3-Clause */
#include "decode/event_field_values.h"

#include <sys/wait.h>

#include "cgroup/container.h"
#include "cgroup/unit.h"

static const struct ebt_value values_unknown = { .type = EBT_VALUE_UNKNOWN };

static struct ebt_value values_number(uint64_t v)
{
	return (struct ebt_value){ .type = EBT_VALUE_NUMBER, .number = v };
}

static struct ebt_value values_word(const char *word)
{
	return (struct ebt_value){ .type = EBT_VALUE_WORD, .bytes = ebt_bytes_from(word) };
}

struct ebt_value ebt_field_version(const struct ebt_event *ev,
				   const struct ebt_field_context *context)
{
	return values_number(EBT_FIELDS_VERSION);
}

struct ebt_value ebt_field_type(const struct ebt_event *ev, const struct ebt_field_context *context)
{
	return values_word(ebt_event_type_name(ev->type));
}

struct ebt_value ebt_field_ts(const struct ebt_event *ev, const struct ebt_field_context *context)
{
	return (struct ebt_value){ .type = EBT_VALUE_TIME,
				   .number = ev->mono_ns + (uint64_t)context->mono_to_real_ns };
}

struct ebt_value ebt_field_user(const struct ebt_event *ev, const struct ebt_field_context *context)
{
	uint32_t uid = ev->type == EBT_EVENT_EXEC   ? ev->exec.uid
		       : ev->type == EBT_EVENT_EXIT ? ev->exit.uid
						    : ev->lost.uid;
	const char *name = context->user ? context->user(context->names, uid) : NULL;

	if (!name)
		return values_unknown;
	return (struct ebt_value){ .type = EBT_VALUE_TEXT, .bytes = ebt_bytes_from(name) };
}

/* An empty name is what was passed, unless the kernel could not read what was. */
struct ebt_value ebt_field_filename(const struct ebt_event *ev,
				    const struct ebt_field_context *context)
{
	if (!ev->exec.filename.len && ev->exec.flags & EBT_EV_FILENAME_TRUNCATED)
		return values_unknown;
	return (struct ebt_value){ .type = EBT_VALUE_TEXT, .bytes = ev->exec.filename };
}

struct ebt_value ebt_field_cgroup_id(const struct ebt_event *ev,
				     const struct ebt_field_context *context)
{
	return ev->exec.cgroup_id ? values_number(ev->exec.cgroup_id & ~EBT_CGROUP_V1)
				  : values_unknown;
}

struct ebt_value ebt_field_cgroup(const struct ebt_event *ev,
				  const struct ebt_field_context *context)
{
	const char *path = context->cgroup && ev->exec.cgroup_id
				   ? context->cgroup(context->names, ev->exec.cgroup_id)
				   : NULL;

	if (!path)
		return values_unknown;
	return (struct ebt_value){ .type = EBT_VALUE_TEXT, .bytes = ebt_bytes_from(path) };
}

struct ebt_value ebt_field_container(const struct ebt_event *ev,
				     const struct ebt_field_context *context)
{
	struct ebt_value v = ebt_field_cgroup(ev, context);
	struct ebt_container container;

	if (v.type == EBT_VALUE_UNKNOWN || !ebt_container_find(v.bytes.data, &container))
		return values_unknown;
	v.type = EBT_VALUE_CONTAINER;
	return v;
}

/* Return what a function finds in the path of the cgroup. */
static struct ebt_value values_of_path(const struct ebt_event *ev,
				       const struct ebt_field_context *context,
				       struct ebt_bytes (*find)(const char *path))
{
	struct ebt_value v = ebt_field_cgroup(ev, context);

	if (v.type == EBT_VALUE_UNKNOWN)
		return v;
	v.bytes = find(v.bytes.data);
	return v.bytes.len ? v : values_unknown;
}

struct ebt_value ebt_field_unit(const struct ebt_event *ev, const struct ebt_field_context *context)
{
	return values_of_path(ev, context, ebt_cgroup_unit);
}

struct ebt_value ebt_field_user_unit(const struct ebt_event *ev,
				     const struct ebt_field_context *context)
{
	return values_of_path(ev, context, ebt_cgroup_user_unit);
}

/* The path may have the UID with underscores, so it is not a part of it. It stays until the thread's
 * next call. */
static struct ebt_bytes values_pod_uid(const char *path)
{
	static _Thread_local char uid[EBT_POD_UID_LEN];

	ebt_cgroup_pod_uid(path, uid);
	return ebt_bytes_from(uid);
}

struct ebt_value ebt_field_pod_uid(const struct ebt_event *ev,
				   const struct ebt_field_context *context)
{
	return values_of_path(ev, context, values_pod_uid);
}

struct ebt_value ebt_field_script(const struct ebt_event *ev,
				  const struct ebt_field_context *context)
{
	return (struct ebt_value){ .type = EBT_VALUE_BOOL,
				   .number = !!(ev->exec.flags & EBT_EV_SCRIPT) };
}

struct ebt_value ebt_field_exe_dev(const struct ebt_event *ev,
				   const struct ebt_field_context *context)
{
	return ev->exec.exe_ino ? values_number(ev->exec.exe_dev) : values_unknown;
}

struct ebt_value ebt_field_exit_code(const struct ebt_event *ev,
				     const struct ebt_field_context *context)
{
	if (WIFSIGNALED(ev->exit.status))
		return (struct ebt_value){ .type = EBT_VALUE_NONE };
	return values_number(WEXITSTATUS(ev->exit.status));
}

struct ebt_value ebt_field_signal(const struct ebt_event *ev,
				  const struct ebt_field_context *context)
{
	if (!WIFSIGNALED(ev->exit.status))
		return (struct ebt_value){ .type = EBT_VALUE_NONE };
	return values_number(WTERMSIG(ev->exit.status));
}

struct ebt_value ebt_field_core_dumped(const struct ebt_event *ev,
				       const struct ebt_field_context *context)
{
	if (!WIFSIGNALED(ev->exit.status))
		return values_unknown;
	return (struct ebt_value){ .type = EBT_VALUE_BOOL, .number = !!WCOREDUMP(ev->exit.status) };
}

/* Return a number that audit keeps for a process that ended: records of earlier versions have none. */
static struct ebt_value values_of_login(const struct ebt_event_exit *e, uint32_t number)
{
	if (!e->has_login)
		return values_unknown;
	if (number == EBT_EV_UNSET)
		return (struct ebt_value){ .type = EBT_VALUE_NONE };
	return values_number(number);
}

struct ebt_value ebt_field_exit_loginuid(const struct ebt_event *ev,
					 const struct ebt_field_context *context)
{
	return values_of_login(&ev->exit, ev->exit.loginuid);
}

struct ebt_value ebt_field_exit_sessionid(const struct ebt_event *ev,
					  const struct ebt_field_context *context)
{
	return values_of_login(&ev->exit, ev->exit.sessionid);
}

struct ebt_value ebt_field_lost_cause(const struct ebt_event *ev,
				      const struct ebt_field_context *context)
{
	return values_word(ebt_lost_cause_name(ev->lost.cause));
}

struct ebt_value ebt_field_level(const struct ebt_event *ev,
				 const struct ebt_field_context *context)
{
	return values_word(ebt_homeo_level_name(ev->homeo.level));
}

struct ebt_value ebt_field_call_count(const struct ebt_event *ev,
				      const struct ebt_field_context *context)
{
	return ev->homeo.call.len ? values_number(ev->homeo.count) : values_unknown;
}

struct ebt_value ebt_field_lfc(const struct ebt_event *ev, const struct ebt_field_context *context)
{
	return ev->homeo.missed ? values_number(ev->homeo.lfc) : values_unknown;
}

struct ebt_value ebt_field_max_lfc(const struct ebt_event *ev,
				   const struct ebt_field_context *context)
{
	return ev->homeo.missed ? values_number(ev->homeo.max_lfc) : values_unknown;
}

struct ebt_value ebt_field_anomalies(const struct ebt_event *ev,
				     const struct ebt_field_context *context)
{
	return ev->homeo.missed ? values_number(ev->homeo.anomalies) : values_unknown;
}
