/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_rows.h - insert events and facts as rows */
#ifndef EBT_EXPORT_SQLITE_ROWS_H
#define EBT_EXPORT_SQLITE_ROWS_H

#include "decode/event.h"
#include "export/sqlite.h"
#include "export/sqlite_db.h"

/* Insert a fact about the machine. Return 0 or -EIO. */
int ebt_sqlite_row_machine(struct ebt_sqlite *s, const char *name, const char *value);
/* Insert an event. Return 0, -EIO or -ENOMEM. */
int ebt_sqlite_row_event(struct ebt_sqlite *s, const struct ebt_event *ev, int64_t mono_to_real_ns);
/* Insert a row in lost that says how many events were not stored, and why. */
int ebt_sqlite_row_missed(struct ebt_sqlite *s, const struct ebt_sqlite_missed *missed);

#endif
