/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/notes.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "homeostasis/kernel_maps.h"
#include "homeostasis/monitor_internal.h"

#define LOSSES_INTERVAL_NS 1000000000ull
/* A loss is reported at once, and repeated at most at this interval. */
#define LOSSES_REPEAT_NS 60000000000ull

/* The counters whose growth is reported. */
static const struct {
	size_t offset;
	const char *text;
} loss_counters[EBT_PH_LOSSES] = {
#define AT(field) offsetof(struct ebt_ph_counters, field)
	{ AT(ring_lost), "events lost, the ring to the monitor was full" },
	{ AT(scratch_busy), "events lost, no buffer was free" },
	{ AT(profiles_full),
	  "starts of programs that are not watched, the table of profiles is full" },
	{ AT(rows_full), "calls not looked at, the table of rows is full" },
	{ AT(tasks_full), "threads not watched, the table of threads is full" },
	{ AT(columns_full),
	  "calls that share one column, a program makes more than 254 different ones" },
};

void ebt_ph_watch_losses(struct ebt_ph_monitor *m, uint64_t now_ns)
{
	struct ebt_ph_counters counters;

	if (now_ns < m->next_losses_ns)
		return;
	m->next_losses_ns = now_ns + LOSSES_INTERVAL_NS;
	if (ebt_ph_kernel_counters(m->kernel, &counters))
		return;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(loss_counters); i++) {
		uint64_t count;

		memcpy(&count, (const char *)&counters + loss_counters[i].offset, sizeof(count));
		if (count == m->losses[i].reported || now_ns < m->losses[i].next_ns)
			continue;
		m->losses[i].reported = count;
		m->losses[i].next_ns = now_ns + LOSSES_REPEAT_NS;
		ebt_ph_note(m, EBT_LOG_WARN, "%llu %s", (unsigned long long)count,
			    loss_counters[i].text);
	}
}
