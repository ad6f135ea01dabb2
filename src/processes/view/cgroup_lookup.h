/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cgroup_lookup.h - learn the path of a cgroup from the loader when its first exec comes by. The
 * loader must be asked because cgroups are found by handle, which needs root.
 *
 * A question blocks for a round trip, so it is noted while the ring is drained and asked afterwards,
 * unless the path must stand before the event (in a line or a recording).
 */
#ifndef EBT_PROCESSES_VIEW_CGROUP_LOOKUP_H
#define EBT_PROCESSES_VIEW_CGROUP_LOOKUP_H

#include <stdint.h>

#include "model/model.h"

struct ebt_cgroup_lookup {
	int sock; /* to the loader; -1: nobody to ask. Owned */
	uint64_t nameless
		[64]; /* ids that the loader could not name, by their low bits: not asked again */
	uint64_t busy_ns;   /* when a question was not answered in time; 0: the last one was */
	uint64_t noted[64]; /* ids to ask for; the rest waits for their next exec */
	unsigned n_noted;
};

/* Note a cgroup to ask for, if the model does not know its path. */
void ebt_cgroup_lookup_note(struct ebt_cgroup_lookup *lookup, const struct ebt_model *model,
			    uint64_t id);
/* Ask for all that were noted, and give the paths to the model. */
void ebt_cgroup_lookup_ask(struct ebt_cgroup_lookup *lookup, struct ebt_model *model);

#endif
