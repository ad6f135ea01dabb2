/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/wanted.h"

#include <stdio.h>

#include "base/text.h"

/* -m looks at this much of a command line: a regular expression over megabytes would stall the
 * view. */
#define MATCH_BYTES (64u << 10)

static bool comm_matches(const struct ebt_options *o, struct ebt_bytes comm)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)comm.len, comm.data ? comm.data : "");
	return regexec(&o->comm.re, name, 0, NULL, 0) == 0;
}

static bool args_match(const struct ebt_options *o, struct ebt_bytes args)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };

	if (ebt_text_quote_args(&line, args, MATCH_BYTES, 0) < 0)
		return true; /* out of memory: rather too much than a hole */
	return regexec(&o->match.re, line.data ? line.data : "", 0, NULL, 0) == 0;
}

static bool exit_wanted(const struct ebt_options *o, struct ebt_model *model,
			const struct ebt_event *ev)
{
	struct ebt_row row;
	uint64_t id = ebt_snapshot_row_of_pid(model, ev->exit.pid);

	if (o->comm.text && !comm_matches(o, ev->exit.comm))
		return false;
	if (!o->match.text)
		return true;
	/* Execs that did not match are not in the model: the process has no row then. */
	return id && ebt_snapshot_row(model, id, &row) && row.start_ns == ev->exit.start_ns &&
	       args_match(o, row.args);
}

bool ebt_wanted(const struct ebt_options *o, struct ebt_model *model, const struct ebt_event *ev)
{
	if (!o->comm.text && !o->match.text)
		return true;
	if (ev->type == EBT_EVENT_EXIT)
		return exit_wanted(o, model, ev);
	if (ev->type != EBT_EVENT_EXEC)
		return true;
	if (o->comm.text && !comm_matches(o, ev->exec.comm))
		return false;
	return !o->match.text || args_match(o, ev->exec.args);
}
