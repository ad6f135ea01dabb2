/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink/summary.h"

#include <inttypes.h>

#include "base/format.h"

static void one_cpu(struct ebt_buf *out, unsigned cpu, const struct ebt_cpu_row *row)
{
	const struct ebt_cpu_counters *c = &row->c;

	ebt_buf_printf(out,
		       "{\"cpu\":%u,\"seen\":%" PRIu64 ",\"filtered\":%" PRIu64
		       ",\"delivered\":%" PRIu64 ",\"lost_ring\":%" PRIu64 ",\"lost_busy\":%" PRIu64
		       ",\"cut_ring\":%" PRIu64 ",\"seq\":%" PRIu64 ",\"records\":%" PRIu64
		       ",\"bytes\":%" PRIu64 ",\"high_water\":%" PRIu64 ",\"max_event\":%" PRIu64,
		       cpu, (uint64_t)c->seen, (uint64_t)c->filtered, (uint64_t)c->delivered,
		       (uint64_t)c->lost_ring, (uint64_t)c->lost_busy, (uint64_t)c->cut_ring,
		       (uint64_t)c->seq, (uint64_t)c->records, (uint64_t)c->bytes,
		       (uint64_t)c->high_water, (uint64_t)c->max_event);
	ebt_buf_printf(out,
		       ",\"slot_used\":[%" PRIu64 ",%" PRIu64 "],\"faults\":%" PRIu64
		       ",\"truncated\":%" PRIu64 ",\"wakeups\":%" PRIu64 ",\"runs\":%" PRIu64
		       ",\"run_ns\":%" PRIu64 ",\"aux_lost\":%" PRIu64 ",\"untracked\":%" PRIu64
		       ",\"ends_lost\":%" PRIu64 ",\"received\":%" PRIu64 ",\"gaps\":%" PRIu64 "}",
		       (uint64_t)c->slot_used[0], (uint64_t)c->slot_used[1], (uint64_t)c->faults,
		       (uint64_t)c->truncated, (uint64_t)c->wakeups, (uint64_t)c->runs,
		       (uint64_t)c->run_ns, (uint64_t)c->aux_lost, (uint64_t)c->untracked,
		       (uint64_t)c->ends_lost, row->received, row->gaps);
}

int ebt_summary_json(struct ebt_buf *out, const struct ebt_snapshot *snap, int64_t mono_to_real_ns)
{
	char ts[EBT_FMT_LEN];

	ebt_fmt_iso8601(ts, snap->now_mono_ns + (uint64_t)mono_to_real_ns);
	ebt_buf_printf(out,
		       "{\"v\":1,\"type\":\"note\",\"ts\":\"%s\",\"mono_ns\":%" PRIu64
		       ",\"text\":\"summary\",\"law\":%s,\"seen\":%" PRIu64 ",\"filtered\":%" PRIu64
		       ",\"delivered\":%" PRIu64 ",\"lost_ring\":%" PRIu64 ",\"lost_busy\":%" PRIu64
		       ",\"recursion_misses\":%" PRIu64 ",\"cpus\":[",
		       ts, snap->now_mono_ns, snap->accounting_holds ? "true" : "false",
		       (uint64_t)snap->total.c.seen, (uint64_t)snap->total.c.filtered,
		       (uint64_t)snap->total.c.delivered, (uint64_t)snap->total.c.lost_ring,
		       (uint64_t)snap->total.c.lost_busy, snap->recursion_misses);
	for (unsigned i = 0; i < snap->ncpu; i++) {
		if (i)
			ebt_buf_puts(out, ",");
		one_cpu(out, i, &snap->cpus[i]);
	}
	return ebt_buf_puts(out, "]}\n");
}
