/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * compile_commands.h - a compilation database (compile_commands.json) from exec events alone. What
 * counts as a compiler, which arguments stay and what makes two entries the same follows Bear 3, so
 * that the two can be compared; see docs/recipes.md.
 */
#ifndef EBT_EXPORT_COMPILE_COMMANDS_H
#define EBT_EXPORT_COMPILE_COMMANDS_H

#include <stdint.h>

#include "decode/event.h"

struct ebt_compile_db;

struct ebt_compile_stats {
	uint64_t entries, compilers; /* runs of compilers seen */
	uint64_t incomplete;	     /* of these, left out: the event is not whole */
	uint64_t in_response_file;   /* left out: sources only in a response file */
	uint64_t lost;		     /* events of any kind that never came */
};

int ebt_compile_db_new(struct ebt_compile_db **out);
void ebt_compile_db_free(struct ebt_compile_db **db);
/* Calls why with one sentence when a compiler's run cannot be taken. -ENOMEM. */
int ebt_compile_db_event(struct ebt_compile_db *db, const struct ebt_event *ev,
			 void (*why)(const char *sentence, void *arg), void *arg);
/* The whole file. -errno of write. */
int ebt_compile_db_write(const struct ebt_compile_db *db, int fd);
struct ebt_compile_stats ebt_compile_db_stats(const struct ebt_compile_db *db);

#endif
