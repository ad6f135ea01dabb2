/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_prune.c - remove the oldest rows of the database (--keep)
 *
 * The pages of removed rows are used again, so the file stops growing but does not shrink. */
#include <stdio.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "export/sqlite.h"
#include "export/sqlite_db.h"

/* Remove this share more than is needed, so that not every call has to remove rows. */
#define PRUNE_MORE_PERMILLE 50

static const char *const prune_tables[] = { "exec", "exit", "lost" };

static int prune_older(struct ebt_sqlite *s, const char *ts)
{
	char sql[128];
	int err = 0;

	for (size_t i = 0; !err && i < EBT_ARRAY_SIZE(prune_tables); i++) {
		snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE ts < '%s'", prune_tables[i], ts);
		err = ebt_sqlite_db_run(s, sql);
	}
	return err;
}

/* Remove that share of each table, in the order in which the rows were inserted. */
static int prune_share(struct ebt_sqlite *s, unsigned permille)
{
	char sql[256];
	int err = 0;

	for (size_t i = 0; !err && i < EBT_ARRAY_SIZE(prune_tables); i++) {
		snprintf(sql, sizeof(sql),
			 "DELETE FROM %s WHERE rowid < (SELECT min(rowid) + (max(rowid) - "
			 "min(rowid) + 1) * %u / 1000 FROM %s)",
			 prune_tables[i], permille, prune_tables[i]);
		err = ebt_sqlite_db_run(s, sql);
	}
	return err;
}

int ebt_sqlite_prune(struct ebt_sqlite *db, const struct ebt_sqlite_limits *limits)
{
	uint64_t used_bytes, more, now_ns = limits->now_real_ns;
	char ts[EBT_FMT_LEN];
	int err = ebt_sqlite_db_begin(db);

	if (!err && limits->keep_ns && now_ns > limits->keep_ns)
		err = prune_older(db, ebt_fmt_iso8601(ts, now_ns - limits->keep_ns));
	if (err || !limits->keep_bytes)
		return err;
	used_bytes = (uint64_t)(ebt_sqlite_db_number(db, "PRAGMA page_count") -
				ebt_sqlite_db_number(db, "PRAGMA freelist_count")) *
		     (uint64_t)ebt_sqlite_db_number(db, "PRAGMA page_size");
	if (used_bytes <= limits->keep_bytes)
		return 0;
	more = (used_bytes - limits->keep_bytes) * 1000 / used_bytes + PRUNE_MORE_PERMILLE;
	return prune_share(db, more < 1000 ? (unsigned)more : 1000);
}
