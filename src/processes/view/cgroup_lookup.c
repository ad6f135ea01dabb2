/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/cgroup_lookup.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "ipc/cgroup_names.h"

/* A loader that is busy with a retune is not asked again before this: every question would block the
 * view for its whole timeout. An ordinary retune takes as long. */
#define CGROUPS_PAUSE_NS 500000000ull

void ebt_cgroup_lookup_note(struct ebt_cgroup_lookup *l, const struct ebt_model *model, uint64_t id)
{
	if (l->sock < 0 || !id || l->nameless[id % EBT_ARRAY_SIZE(l->nameless)] == id ||
	    l->n_noted == EBT_ARRAY_SIZE(l->noted) || ebt_model_cgroup(model, id))
		return;
	for (unsigned i = 0; i < l->n_noted; i++)
		if (l->noted[i] == id)
			return;
	l->noted[l->n_noted++] = id;
}

/* Ask for one cgroup; answers to earlier questions that come late are taken as well. */
static int cgroup_lookup_one(const struct ebt_cgroup_lookup *l, struct ebt_model *model,
			     uint64_t id)
{
	struct ebt_cgroup_answer a;
	int err = ebt_cgroups_ask(l->sock, id);

	do {
		if (!err)
			err = ebt_cgroups_answer(l->sock, &a);
		if (err)
			return err;
		if (a.path[0])
			ebt_model_set_cgroup(model, a.id, a.path);
	} while (a.id != id);
	return a.path[0] ? 0 : -ENOENT;
}

void ebt_cgroup_lookup_ask(struct ebt_cgroup_lookup *l, struct ebt_model *model)
{
	if (!l->n_noted)
		return;
	if (l->busy_ns && ebt_mono_ns() - l->busy_ns < CGROUPS_PAUSE_NS) {
		l->n_noted = 0;
		return;
	}
	l->busy_ns = 0;
	for (unsigned i = 0; i < l->n_noted && !l->busy_ns; i++) {
		uint64_t id = l->noted[i];
		int err = cgroup_lookup_one(l, model, id);

		if (err == -ENOENT)
			l->nameless[id % EBT_ARRAY_SIZE(l->nameless)] = id;
		else if (err)
			l->busy_ns = ebt_mono_ns();
	}
	l->n_noted = 0;
}
