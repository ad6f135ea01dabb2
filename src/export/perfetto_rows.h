/* SPDX-License-Identifier: BSD-3-Clause */
/* perfetto_rows.h - the rows of a trace and the slices that are open on them */
#ifndef EBT_EXPORT_PERFETTO_ROWS_H
#define EBT_EXPORT_PERFETTO_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "base/bytes.h"
#include "export/perfetto.h"

#define EBT_TRACE_PID	 1 /* process id in the trace; all rows belong to this one process */
#define EBT_TRACE_NO_ROW "not known: the trace has no more rows"

/* A process that is running according to the trace. */
struct ebt_trace_slice {
	UT_hash_handle hh;
	uint32_t pid;
	uint32_t row;
	struct ebt_trace_slice *below; /* the slice around it on its row */
	uint64_t begin_ns;
	struct ebt_buf detail; /* the JSON "name":…,"args":{… without the closing bracket */
	uint64_t cpu_ns;
	char row_name[32]; /* of a row that it is the first one on */
};

struct ebt_trace {
	struct ebt_trace_options options;
	struct ebt_buf out;
	bool comma;
	struct ebt_trace_slice *slices; /* hash by pid, in the order of insertion */
	struct ebt_trace_slice **rows;	/* innermost open slice of each row */
	uint32_t rows_count;
	uint32_t rows_allocated; /* entries that `rows` has room for */
	uint32_t rows_full;	 /* all rows before this one are in use */
	uint32_t rows_named;	 /* rows below this one have a name */
	uint32_t arrows;	 /* arrows so far; each has its number as id */
	uint64_t bucket_ns, bucket_execs, lost;
	uint64_t latest_ns; /* latest time of an event so far */
	int error;
};

/* Write buffered output. Return 0, or the first error, which is kept. */
int ebt_trace_flush(struct ebt_trace *t);
/* Begin an element of traceEvents. */
void ebt_trace_begin_item(struct ebt_trace *t);
/* Append a time in microseconds with three decimals. */
void ebt_trace_put_time(struct ebt_buf *out, const char *key, uint64_t ns);
/* Return the time since the trace began. */
uint64_t ebt_trace_since(const struct ebt_trace *t, uint64_t ns);

/* Return the open slice of a process, or NULL if there is none. */
struct ebt_trace_slice *ebt_trace_find(const struct ebt_trace *t, uint32_t pid);
void ebt_trace_free_slice(struct ebt_trace_slice *s);
/* Write a slice from its beginning to end_ns; end states how it ended. */
void ebt_trace_put_slice(struct ebt_trace *t, const struct ebt_trace_slice *s, uint64_t end_ns,
			 const char *end);
/* Put a new process on a row: its parent's if that is the innermost slice there, else a free one.
 * If all rows are in use, end the oldest process. Return 0 or -ENOMEM. */
int ebt_trace_place(struct ebt_trace *t, struct ebt_trace_slice *s, uint32_t ppid, uint64_t now_ns);
/* Name the row of a slice unless it has a name: a row is called after the first process on it, and later
 * ones share it when that has ended. */
void ebt_trace_name_row(struct ebt_trace *t, const struct ebt_trace_slice *s);
/* Remove the innermost slice from its row. */
void ebt_trace_take_off(struct ebt_trace *t, struct ebt_trace_slice *s);
/* Make a slice the innermost of its row; slices inside it continue in another row. */
void ebt_trace_clear_above(struct ebt_trace *t, struct ebt_trace_slice *s, uint64_t now_ns);
/* Remove a slice from the table and free it. */
void ebt_trace_forget(struct ebt_trace *t, struct ebt_trace_slice *s);
/* End all slices of a row. */
void ebt_trace_end_row(struct ebt_trace *t, uint32_t row, uint64_t now_ns, const char *how);

#endif
