/* SPDX-License-Identifier: BSD-3-Clause */
/* batch.c - the frame of -b: its head, the buffers CPU by CPU, and the order of the rest. */
#include "sink/batch.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/format.h"
#include "base/text.h"
#include "sink/batch_internal.h"

#define DOTS	     "..."
#define DOTS_COLUMNS 3

void ebt_batch_put(struct ebt_batch_line *l, const char *fmt, ...)
{
	char text[256];
	unsigned room;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	room = l->width ? l->width - l->at : (unsigned)n;
	if ((unsigned)n > room)
		n = (int)room;
	ebt_buf_append(l->out, text, n);
	l->at += n;
}

/* Text that may be longer than the room. partial: it goes on after its end. */
static void put_cut(struct ebt_batch_line *l, struct ebt_bytes text, bool partial)
{
	unsigned room = l->width ? l->width - l->at : UINT32_MAX;
	size_t fits_len = l->out->len, len = l->out->len;
	unsigned fits = 0, width = 0;
	struct ebt_glyph g;

	/* Where to cut if the end does not fit is known only then: append, go back. */
	while (ebt_text_next(&text, l->flags, &g)) {
		if (g.width > room - width) {
			partial = true;
			break;
		}
		if (ebt_buf_append(l->out, g.text, g.len) < 0)
			return;
		width += g.width;
		len += g.len;
		if (width + DOTS_COLUMNS <= room) {
			fits = width;
			fits_len = len;
		}
	}
	if (partial && room >= DOTS_COLUMNS) {
		if (l->out->len > fits_len) {
			l->out->len = fits_len;
			width = fits;
		}
		ebt_buf_puts(l->out, DOTS);
		width += DOTS_COLUMNS;
	}
	l->at += width;
}

void ebt_batch_put_text(struct ebt_batch_line *l, struct ebt_bytes text)
{
	bool partial = text.len > EBT_BATCH_NAME_BYTES;

	if (partial)
		text.len = EBT_BATCH_NAME_BYTES;
	put_cut(l, text, partial);
}

void ebt_batch_put_args(struct ebt_batch_line *l, struct ebt_bytes args)
{
	struct ebt_buf quoted = { 0 };
	/* Four bytes a column is the most a character on the line needs, marks apart. */
	size_t most = l->width ? 4 * (size_t)(l->width - l->at) + 1 : EBT_BATCH_NAME_BYTES;
	int r = ebt_text_quote_args(&quoted, args, most, l->flags);

	if (r < 0)
		l->out->error = l->out->error ? l->out->error : r;
	else
		put_cut(l, (struct ebt_bytes){ quoted.data, quoted.len }, r == 1);
	ebt_buf_free(&quoted);
}

void ebt_batch_end_line(struct ebt_batch_line *l)
{
	/* No blanks at the end: frames are compared and mailed. */
	while (l->out->len && l->out->data[l->out->len - 1] == ' ')
		l->out->len--;
	ebt_buf_append(l->out, "\n", 1);
	l->at = 0;
}

static void put_head(struct ebt_batch_line *l, const struct ebt_snapshot *s)
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
		      s->law_holds ? "holds on every CPU" : "BROKEN, this is a bug");
	ebt_batch_put(l, "  scratch %s", ebt_fmt_bytes(a, s->scratch_bytes));
	ebt_batch_put(l, "  kernel %s", ebt_fmt_bytes(a, s->kernel_bytes));
	ebt_batch_end_line(l);
}

static void put_cpu(struct ebt_batch_line *l, const struct ebt_snapshot *s,
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
	ebt_batch_put(l, " %s", row->law_holds ? "ok" : "BAD");
	ebt_batch_end_line(l);
}

static void put_cpus(struct ebt_batch_line *l, const struct ebt_snapshot *s)
{
	unsigned quiet = 0;
	char name[16];

	if (!s->ncpu)
		return;
	ebt_batch_end_line(l);
	ebt_batch_put(l, "%4s %6s %5s %5s %5s %5s %4s %6s %6s %6s %5s %6s %s", "CPU", "EVENTS",
		      "EVT/s", "BYTES", "B/s", "HIGH", "", "FILTER", "L-RING", "L-BUSY", "CUT",
		      "RUN", "LAW");
	ebt_batch_end_line(l);
	for (unsigned i = 0; i < s->ncpu; i++) {
		const struct ebt_cpu_row *row = &s->cpus[i];

		/* Possible CPUs are often many more than there are. */
		if (!row->c.runs && !row->c.seen && row->law_holds) {
			quiet++;
			continue;
		}
		snprintf(name, sizeof(name), "%u", i);
		put_cpu(l, s, row, name);
	}
	put_cpu(l, s, &s->total, "all");
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
	put_head(&line, &snap);
	put_cpus(&line, &snap);
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
