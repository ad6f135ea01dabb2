/* SPDX-License-Identifier: BSD-3-Clause */
/* compile_append.h - take over the entries of an earlier compilation database. */
#ifndef EBT_EXPORT_COMPILE_APPEND_H
#define EBT_EXPORT_COMPILE_APPEND_H

#include "export/compile_commands.h"

/*
 * Add the entries of an earlier database that db does not have; call it after all events. text is a
 * whole compile_commands.json. Return 0, -EBADMSG with a sentence in why when text is no such
 * database, or -ENOMEM.
 */
int ebt_compile_db_append(struct ebt_compile_db *db, struct ebt_bytes text, char *why,
			  size_t why_len);

#endif
