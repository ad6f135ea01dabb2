/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * compile_commands.h - make a compilation database (compile_commands.json) from exec events. Bear 3
 * decides which programs are compilers, which arguments stay, and when two entries are the same, so
 * that its databases and ours can be compared; docs/recipes.md names the differences.
 */
#ifndef EBT_EXPORT_COMPILE_COMMANDS_H
#define EBT_EXPORT_COMPILE_COMMANDS_H

#include <stdint.h>

#include "decode/event.h"
#include "export/compile_response.h"

struct ebt_compile_db;

struct ebt_compile_options {
	/* Names or paths that are compilers besides the known ones, ended by NULL; or NULL. Borrowed
	 * as long as the database lives. */
	const char *const *compilers;
	/* To leave out sources that do not exist any more, and to read response files. NULL keeps all
	 * sources and reads none. Borrowed as long as the database lives. */
	const struct ebt_compile_files *files;
};

/* Counts since the database was made. */
struct ebt_compile_stats {
	uint64_t entries;
	uint64_t compilers;	   /* runs of compilers that were seen */
	uint64_t incomplete;	   /* runs that were left out because the event is not whole */
	uint64_t in_response_file; /* runs without sources, with a response file that is gone */
	uint64_t missing_sources;  /* entries that were left out because the source is gone */
	uint64_t lost;		   /* events of any kind that were lost while recording */
};

/* Return 0 with a database that the caller frees, or -ENOMEM. */
int ebt_compile_db_new(struct ebt_compile_db **out, const struct ebt_compile_options *options);
void ebt_compile_db_free(struct ebt_compile_db **db);
/* Take one event. why is called with one sentence when a compiler's run cannot be taken. Return 0
 * or -ENOMEM. */
int ebt_compile_db_event(struct ebt_compile_db *db, const struct ebt_event *ev,
			 void (*why)(const char *sentence, void *arg), void *arg);
/* An entry of an earlier database. All is borrowed for the call. */
struct ebt_compile_earlier {
	struct ebt_bytes directory, file;
	struct ebt_bytes output; /* empty when the entry has none */
	struct ebt_bytes object; /* the whole entry as JSON */
};
/* Take an entry of an earlier database if this one has none for its file and output, and if its
 * source still exists. Return 0 or -ENOMEM. */
int ebt_compile_db_add(struct ebt_compile_db *db, const struct ebt_compile_earlier *entry);
/* Write the whole file. Return 0, or -errno of write. */
int ebt_compile_db_write(const struct ebt_compile_db *db, int fd);
struct ebt_compile_stats ebt_compile_db_stats(const struct ebt_compile_db *db);

#endif
