/* SPDX-License-Identifier: BSD-3-Clause */
/* batch.c - the frame of -b: its head, the buffers CPU by CPU, and the order of the rest. */
#include "sink/batch.h"

#include <stdio.h>

#include "base/format.h"
#include "base/text.h"
#include "model/own_cost.h"
#include "sink/batch_line.h"
#include "sink/batch_rows.h"

/* What this program itself costs; a replay does not know it. */
static void batch_put_cost(struct ebt_batch_line *l, const struct ebt_snapshot *s)
{
	char a[EBT_FMT_LEN], b[EBT_FMT_LEN];

	if (!s->cost)
		return;
	ebt_batch_put(l, "the tracer costs %.1f%% of one CPU (BPF programs %.1f%%), %s",
		      100 * s->cost->all_share, 100 * s->cost->bpf_share,
		      ebt_fmt_bytes(a, s->cost->process_bytes + s->kernel_bytes));
	ebt_batch_put(l, " (BPF maps %s)", ebt_fmt_bytes(b, s->kernel_bytes));
	ebt_batch_end_line(l);
}

static void batch_put_head(struct ebt_batch_line *l, const struct ebt_snapshot *s)
{
	char a[EBT_FMT_LEN], b[EBT_FMT_LEN];

	ebt_batch_put(l, "execbig-top %s", ebt_fmt_clock(a, s->now_real_ns, 0));
	ebt_batch_put(l, "  execs %llu (%s/s)", (unsigned long long)s->execs,
		      ebt_fmt_rate(b, s->execs_per_s));
	ebt_batch_put(l, "  failures %llu (%s/s)", (unsigned long long)s->failures,
		      ebt_fmt_rate(b, s->failures_per_s));
	ebt_batch_put(l, "  running %llu", (unsigned long long)s->running);
	ebt_batch_end_line(l);

	ebt_batch_put(l, "lost %llu", (unsigned long long)s->lost_total);
	if (s->lost_total)
		ebt_batch_put(l, " (ring full %llu, busy %llu)", (unsigned long long)s->lost_ring,
			      (unsigned long long)s->lost_busy);
	ebt_batch_put(l, "  cut %llu", (unsigned long long)s->cut);
	ebt_batch_put(l, "  ring %s of %s", ebt_fmt_bytes(a, s->ring_used),
		      ebt_fmt_bytes(b, s->ring_size));
	if (s->ring_size)
		ebt_batch_put(l, " (%u%%, peak %u%%)",
			      (unsigned)(s->ring_used * 100 / s->ring_size),
			      s->ring_fill[EBT_SPARK_LEN - 1]);
	if (s->recursion_misses)
		ebt_batch_put(l, "  skipped runs %llu", (unsigned long long)s->recursion_misses);
	ebt_batch_end_line(l);

	ebt_batch_put(l, "seen = filtered + delivered + lost: %s",
		      s->accounting_holds ? "holds on every CPU" : "BROKEN, this is a bug");
	ebt_batch_put(l, "  scratch %s", ebt_fmt_bytes(a, s->scratch_bytes));
	ebt_batch_put(l, "  kernel %s", ebt_fmt_bytes(a, s->kernel_bytes));
	ebt_batch_end_line(l);
	batch_put_cost(l, s);
}

static void batch_put_cpu(struct ebt_batch_line *l, const struct ebt_snapshot *s,
			  const struct ebt_cpu_row *row, const char *name)
{
	const struct ebt_cpu_counters *c = &row->c;
	char t[EBT_FMT_LEN];

	ebt_batch_put(l, "%4s", name);
	ebt_batch_put(l, " %6s", ebt_fmt_count(t, c->seen));
	ebt_batch_put(l, " %5s", ebt_fmt_rate(t, row->events_per_s));
	ebt_batch_put(l, " %5s", ebt_fmt_bytes(t, c->bytes));
	ebt_batch_put(l, " %5s", ebt_fmt_bytes(t, (uint64_t)row->bytes_per_s));
	ebt_batch_put(l, " %5s", ebt_fmt_bytes(t, c->high_water));
	if (s->scratch_bytes)
		ebt_batch_put(l, " %3u%%", (unsigned)(c->high_water * 100 / s->scratch_bytes));
	else
		ebt_batch_put(l, "    -");
	ebt_batch_put(l, " %6s", ebt_fmt_count(t, c->filtered));
	ebt_batch_put(l, " %6s", ebt_fmt_count(t, c->lost_ring));
	ebt_batch_put(l, " %6s", ebt_fmt_count(t, c->lost_busy));
	ebt_batch_put(l, " %5s", ebt_fmt_count(t, c->cut_ring));
	ebt_batch_put(l, " %6s", c->runs ? ebt_fmt_duration(t, c->run_ns / c->runs) : "-");
	ebt_batch_put(l, " %s", row->accounting_holds ? "ok" : "BAD");
	ebt_batch_end_line(l);
}

static void batch_put_cpus(struct ebt_batch_line *l, const struct ebt_snapshot *s)
{
	unsigned quiet = 0;
	char name[16];

	if (!s->ncpu)
		return;
	ebt_batch_end_line(l);
	ebt_batch_put(l, "%4s %6s %5s %5s %5s %5s %4s %6s %6s %6s %5s %6s %s", "CPU", "EVENTS",
		      "EVT/s", "BYTES", "B/s", "HIGH", "", "FILTER", "L-RING", "L-BUSY", "CUT",
		      "RUN", "ACCT");
	ebt_batch_end_line(l);
	for (unsigned i = 0; i < s->ncpu; i++) {
		const struct ebt_cpu_row *row = &s->cpus[i];

		/* Possible CPUs are often many more than there are. */
		if (!row->c.runs && !row->c.seen && row->accounting_holds) {
			quiet++;
			continue;
		}
		snprintf(name, sizeof(name), "%u", i);
		batch_put_cpu(l, s, row, name);
	}
	batch_put_cpu(l, s, &s->total, "all");
	if (quiet) {
		ebt_batch_put(l, "%4s (%u CPUs without events)", "", quiet);
		ebt_batch_end_line(l);
	}
}

int ebt_batch_frame(struct ebt_buf *out, struct ebt_model *model, const struct ebt_batch_options *o,
		    uint64_t now_mono_ns)
{
	unsigned events = o->events ? o->events : EBT_BATCH_EVENTS;
	struct ebt_batch_line line = { .out = out,
				       .width = o->width,
				       .flags = o->ascii ? EBT_TEXT_ASCII : 0 };
	struct ebt_query query = { .list = EBT_LIST_GROUPS,
				   .count = o->groups ? o->groups : EBT_BATCH_GROUPS,
				   .group_by = o->group_by,
				   .sort = o->sort,
				   .invert = o->invert };
	struct ebt_snapshot snap;

	ebt_snapshot_take(model, &query, now_mono_ns, &snap);
	batch_put_head(&line, &snap);
	batch_put_cpus(&line, &snap);
	ebt_batch_groups(&line, &snap, o);

	query = (struct ebt_query){ .list = EBT_LIST_EVENTS };
	ebt_snapshot_take(model, &query, now_mono_ns, &snap);
	query.first = snap.total_rows > events ? snap.total_rows - events : 0;
	query.count = events;
	ebt_snapshot_take(model, &query, now_mono_ns, &snap);
	ebt_batch_events(&line, &snap);
	ebt_buf_append(out, "\n", 1);
	return out->error;
}
