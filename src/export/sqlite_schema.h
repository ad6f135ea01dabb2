/* SPDX-License-Identifier: BSD-3-Clause */
/* sqlite_schema.h - the tables of the database, generated from the table of fields */
#ifndef EBT_EXPORT_SQLITE_SCHEMA_H
#define EBT_EXPORT_SQLITE_SCHEMA_H

#include "decode/event_fields.h"
#include "export/sqlite_db.h"

/* Call fn for each field of exec or exit that is a column, in the order of the columns; stop at
 * the first result that is not 0 and return it. */
int ebt_sqlite_fields(enum ebt_event_type type, int (*fn)(const struct ebt_field *field, void *arg),
		      void *arg);
/* Check that the database is new or belongs to this program, create missing tables, and prepare the
 * statements. A transaction is left open, with the number of this run in s->run. Return 0, -EEXIST
 * if it belongs to another program or version (see s->error), -EIO or -ENOMEM. */
int ebt_sqlite_set_up(struct ebt_sqlite *s);

#endif
