/* SPDX-License-Identifier: BSD-3-Clause */
/* sink_names.c - names of users, cgroups, containers and flags for the outputs. */
#include "sink/sink_names.h"

#include "cgroup/container.h"

static const char *names_user(const void *names, uint32_t uid)
{
	return uid == EBT_EV_UNSET ? NULL : ebt_model_user(names, uid);
}

static const char *names_cgroup(const void *names, uint64_t cgroup_id)
{
	return ebt_model_cgroup(names, cgroup_id);
}

struct ebt_field_context ebt_sink_field_context(const struct ebt_model *names,
						int64_t mono_to_real_ns)
{
	return (struct ebt_field_context){
		.user = names ? names_user : NULL,
		.cgroup = names ? names_cgroup : NULL,
		.names = names,
		.mono_to_real_ns = mono_to_real_ns,
	};
}

void ebt_sink_put_container(struct ebt_buf *out, const char *cgroup_path)
{
	struct ebt_container c;

	if (ebt_container_find(cgroup_path, &c))
		ebt_buf_printf(out, "%s:%.*s", c.runtime, (int)c.id.len, c.id.data);
}

void ebt_sink_put_flags(struct ebt_buf *out, uint32_t flags)
{
	const char *space = "";

	for (size_t i = 0; i < ebt_event_flags_count; i++) {
		if (!(flags & ebt_event_flags[i].bit))
			continue;
		ebt_buf_printf(out, "%s%s", space, ebt_event_flags[i].name);
		space = " ";
	}
}
