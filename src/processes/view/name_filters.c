/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/name_filters.h"

#include <errno.h>
#include <stdio.h>

#include "base/text.h"
#include "model/snapshot.h"

/* -m looks at this much of a command line: a regular expression over megabytes would stall the
 * view. */
#define MATCH_BYTES (64u << 10)

static void free_regex(struct ebt_option_regex *regex)
{
	if (regex->text)
		regfree(&regex->re);
	regex->text = NULL;
}

static int compile(struct ebt_option_regex *out, const char *text)
{
	if (!*text)
		return 0;
	if (regcomp(&out->re, text, REG_EXTENDED | REG_NOSUB))
		return -EINVAL;
	out->text = text;
	return 0;
}

int ebt_name_filters_set(struct ebt_name_filters *names, const char *comm, const char *match)
{
	struct ebt_name_filters fresh = { .changed = true };

	if (compile(&fresh.comm, comm) || compile(&fresh.match, match)) {
		ebt_name_filters_free(&fresh);
		return -EINVAL;
	}
	ebt_name_filters_free(names);
	*names = fresh;
	return 0;
}

void ebt_name_filters_free(struct ebt_name_filters *names)
{
	free_regex(&names->comm);
	free_regex(&names->match);
}

static const struct ebt_option_regex *comm_of(const struct ebt_name_filters *n,
					      const struct ebt_options *o)
{
	return n->changed ? &n->comm : &o->comm;
}

static const struct ebt_option_regex *match_of(const struct ebt_name_filters *n,
					       const struct ebt_options *o)
{
	return n->changed ? &n->match : &o->match;
}

bool ebt_name_filters_any(const struct ebt_name_filters *names, const struct ebt_options *options)
{
	return comm_of(names, options)->text || match_of(names, options)->text;
}

static bool comm_matches(const struct ebt_option_regex *regex, struct ebt_bytes comm)
{
	char name[64];

	if (!regex->text)
		return true;
	snprintf(name, sizeof(name), "%.*s", (int)comm.len, comm.data ? comm.data : "");
	return regexec(&regex->re, name, 0, NULL, 0) == 0;
}

static bool args_match(const struct ebt_option_regex *regex, struct ebt_bytes args)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };

	if (!regex->text)
		return true;
	if (ebt_text_quote_args(&line, args, MATCH_BYTES, 0) < 0)
		return true; /* out of memory: rather too much than a hole */
	return regexec(&regex->re, line.data ? line.data : "", 0, NULL, 0) == 0;
}

static bool exit_wanted(const struct ebt_option_regex *comm, const struct ebt_option_regex *match,
			struct ebt_model *model, const struct ebt_event *ev)
{
	struct ebt_row row;
	uint64_t id = ebt_snapshot_row_of_pid(model, ev->exit.pid);

	if (!comm_matches(comm, ev->exit.comm))
		return false;
	if (!match->text)
		return true;
	/* Execs that did not match are not in the model: the process has no row then. */
	return id && ebt_snapshot_row(model, id, &row) && row.start_ns == ev->exit.start_ns &&
	       args_match(match, row.args);
}

bool ebt_wanted(const struct ebt_name_filters *names, const struct ebt_options *options,
		struct ebt_model *model, const struct ebt_event *ev)
{
	const struct ebt_option_regex *comm = comm_of(names, options);
	const struct ebt_option_regex *match = match_of(names, options);

	if (!comm->text && !match->text)
		return true;
	if (ev->type == EBT_EVENT_EXIT)
		return exit_wanted(comm, match, model, ev);
	/* Of homeostasis: by the program's name and path, it has no command line. */
	if (ev->type == EBT_EVENT_HOMEO)
		return comm_matches(comm, ev->homeo.comm) && args_match(match, ev->homeo.exe);
	if (ev->type != EBT_EVENT_EXEC)
		return true;
	return comm_matches(comm, ev->exec.comm) && args_match(match, ev->exec.args);
}
