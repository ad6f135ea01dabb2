/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/homeo_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/format.h"
#include "base/text.h"

static int homeo_compare_rows(const void *pa, const void *pb)
{
	const struct ebt_profile_row *a = pa, *b = pb;

	if (a->lfc != b->lfc)
		return a->lfc < b->lfc ? 1 : -1;
	if (a->anomalies != b->anomalies)
		return a->anomalies < b->anomalies ? 1 : -1;
	if (a->calls != b->calls)
		return a->calls < b->calls ? 1 : -1;
	return a->slot < b->slot ? -1 : 1;
}

static void homeo_put_row(const struct ebt_profile_row *r, struct ebt_buf *out)
{
	static const char *const states[] = { "training", "frozen", "normal" };
	char calls[EBT_FMT_LEN], bytes[EBT_FMT_LEN], last[EBT_FMT_LEN] = "-",
						     wait[EBT_FMT_LEN] = "-";

	ebt_fmt_count(calls, r->calls);
	ebt_fmt_bytes(bytes, r->bytes);
	if (r->changed_s != UINT64_MAX)
		ebt_fmt_seconds(last, r->changed_s);
	if (r->state == EBT_PROFILE_FROZEN)
		ebt_fmt_seconds(wait, r->normal_in_s);
	ebt_buf_printf(out, "%5u %-8s %7s %6u %7s %7s %5llu %3u %3u %4u %6s ", r->slot,
		       states[r->state], calls, r->pairs, last, wait,
		       (unsigned long long)r->anomalies, r->lfc, r->max_lfc, r->threads, bytes);
	ebt_text_escape(out, ebt_bytes_from(r->exe), 0);
	ebt_buf_puts(out, "\n");
}

void ebt_homeo_table(struct ebt_profile_row *rows, size_t n, struct ebt_buf *out)
{
	qsort(rows, n, sizeof(*rows), homeo_compare_rows);
	ebt_buf_printf(out, "%zu profiles\n", n);
	ebt_buf_puts(out, " SLOT STATE      CALLS  PAIRS    LAST  NORMAL  ANOM LFC MAX THRD  "
			  "BYTES EXE\n");
	for (size_t i = 0; i < n; i++)
		homeo_put_row(&rows[i], out);
	ebt_buf_puts(out, "\n");
}
