/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/homeo_table.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"

static uint64_t calls_of(const struct ebt_ph_line *l)
{
	return l->profile.count_base + l->profile.train_count;
}

static int compare(const void *pa, const void *pb)
{
	const struct ebt_ph_line *a = pa, *b = pb;

	if (a->lfc != b->lfc)
		return a->lfc < b->lfc ? 1 : -1;
	if (a->profile.anomalies != b->profile.anomalies)
		return a->profile.anomalies < b->profile.anomalies ? 1 : -1;
	if (calls_of(a) != calls_of(b))
		return calls_of(a) < calls_of(b) ? 1 : -1;
	return a->slot < b->slot ? -1 : 1;
}

static void print_line(const struct ebt_ph_line *l, uint64_t now_ns, FILE *out)
{
	const struct ebt_ph_profile *p = &l->profile;
	char calls[EBT_FMT_LEN], bytes[EBT_FMT_LEN], last[EBT_FMT_LEN] = "-",
						     wait[EBT_FMT_LEN] = "-";
	_cleanup_buf_ struct ebt_buf path = { 0 };

	ebt_fmt_count(calls, calls_of(l));
	ebt_fmt_bytes(bytes, l->bytes);
	if (p->changed_ns && p->changed_ns <= now_ns)
		ebt_fmt_duration(last, now_ns - p->changed_ns);
	if ((p->state & EBT_PH_FROZEN) && p->normal_at_ns > now_ns)
		ebt_fmt_duration(wait, p->normal_at_ns - now_ns);
	ebt_text_escape(&path, ebt_bytes_from(l->path), 0);
	fprintf(out, "%5u %-8s %7s %6u %7s %7s %5llu %3u %3u %4u %6s %s\n", l->slot,
		ebt_ph_state_name(p), calls, l->pairs, last, wait, (unsigned long long)p->anomalies,
		l->lfc, p->max_lfc, l->tasks, bytes, path.data ? path.data : "");
}

void ebt_homeo_table_print(struct ebt_ph_monitor *m, FILE *out)
{
	_cleanup_free_ struct ebt_ph_line *lines = NULL;
	uint64_t now_ns = ebt_clock_ns(CLOCK_REALTIME);
	char when[EBT_FMT_LEN];
	size_t n = 0;

	if (ebt_ph_monitor_lines(m, true, &lines, &n))
		return;
	qsort(lines, n, sizeof(*lines), compare);
	fprintf(out, "%s  %zu profiles\n", ebt_fmt_clock(when, now_ns, 0), n);
	fputs(" SLOT STATE      CALLS  PAIRS    LAST  NORMAL  ANOM LFC MAX THRD  BYTES EXE\n", out);
	for (size_t i = 0; i < n; i++)
		print_line(&lines[i], now_ns, out);
	fputc('\n', out);
}
