/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/name_filters.h"

#include <errno.h>

#include "base/pattern.h"
#include "base/text.h"
#include "model/snapshot.h"

static void name_filter_free_regex(struct ebt_option_regex *regex)
{
	ebt_pattern_free(&regex->pattern);
	regex->text = NULL;
}

static void name_filter_free_pair(struct ebt_name_filter_pair *pair)
{
	name_filter_free_regex(&pair->comm);
	name_filter_free_regex(&pair->match);
	pair->set = false;
}

static int name_filter_compile(struct ebt_option_regex *out, const char *text)
{
	if (!*text)
		return 0;
	if (ebt_pattern_new(&out->pattern, text, false, NULL, 0))
		return -EINVAL;
	out->text = text;
	return 0;
}

int ebt_name_filters_change(struct ebt_name_filters *names, const char *comm, const char *match,
			    uint64_t since_ns)
{
	struct ebt_name_filter_pair fresh = { .set = true };

	if (name_filter_compile(&fresh.comm, comm) || name_filter_compile(&fresh.match, match)) {
		name_filter_free_pair(&fresh);
		return -EINVAL;
	}
	name_filter_free_pair(&names->next);
	names->next = fresh;
	names->next_since_ns = since_ns;
	return 0;
}

void ebt_name_filters_settle(struct ebt_name_filters *names)
{
	if (!names->next.set)
		return;
	name_filter_free_pair(&names->now);
	names->now = names->next;
	names->next = (struct ebt_name_filter_pair){ 0 };
	names->next_since_ns = 0;
}

void ebt_name_filters_free(struct ebt_name_filters *names)
{
	name_filter_free_pair(&names->now);
	name_filter_free_pair(&names->next);
}

bool ebt_name_filters_any(const struct ebt_name_filters *names, const struct ebt_options *options)
{
	const struct ebt_name_filter_pair *now = &names->now;

	return now->set ? now->comm.text || now->match.text
			: options->comm.text || options->match.text;
}

static bool name_filter_comm_matches(const struct ebt_option_regex *regex, struct ebt_bytes comm)
{
	return !regex->text || ebt_pattern_match(regex->pattern, comm) != EBT_PATTERN_NO;
}

static bool name_filter_args_match(const struct ebt_option_regex *regex, struct ebt_bytes args)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };

	if (!regex->text)
		return true;
	if (ebt_text_join_args(&line, args) < 0)
		return true; /* without memory rather too many events than a gap */
	return ebt_pattern_match(regex->pattern, (struct ebt_bytes){ line.data, line.len }) !=
	       EBT_PATTERN_NO;
}

static bool name_filter_wants_exit(const struct ebt_option_regex *comm,
				   const struct ebt_option_regex *match, struct ebt_model *model,
				   const struct ebt_event *ev)
{
	struct ebt_row row;
	uint64_t id = ebt_snapshot_row_of_pid(model, ev->exit.pid);

	if (!name_filter_comm_matches(comm, ev->exit.comm))
		return false;
	if (!match->text)
		return true;
	/* An exec that did not match is not in the model, so its process has no row. */
	return id && ebt_snapshot_row(model, id, &row) && row.start_ns == ev->exit.start_ns &&
	       name_filter_args_match(match, row.args);
}

bool ebt_name_filters_want(const struct ebt_name_filters *names, const struct ebt_options *options,
			   struct ebt_model *model, const struct ebt_event *ev)
{
	const struct ebt_name_filter_pair *pair =
		names->next_since_ns && ev->mono_ns >= names->next_since_ns ? &names->next
									    : &names->now;
	const struct ebt_option_regex *comm = pair->set ? &pair->comm : &options->comm;
	const struct ebt_option_regex *match = pair->set ? &pair->match : &options->match;

	if (!comm->text && !match->text)
		return true;
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		return name_filter_comm_matches(comm, ev->exec.comm) &&
		       name_filter_args_match(match, ev->exec.args);
	case EBT_EVENT_EXIT:
		return name_filter_wants_exit(comm, match, model, ev);
	case EBT_EVENT_HOMEO:
		/* It has no command line: -m is matched with the program's path. */
		return name_filter_comm_matches(comm, ev->homeo.comm) &&
		       name_filter_args_match(match, ev->homeo.exe);
	default:
		return true;
	}
}
