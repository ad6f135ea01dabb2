/* SPDX-License-Identifier: BSD-3-Clause */
#include "event_filter/name_filters.h"

#include <errno.h>

#include "base/pattern.h"
#include "base/text.h"

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

bool ebt_name_filters_any(const struct ebt_name_filters *names)
{
	const struct ebt_name_filter_pair *now = &names->now;

	if (now->set)
		return now->comm.text || now->match.text;
	return (names->comm && names->comm->text) || (names->match && names->match->text);
}

static enum ebt_pattern_result name_filter_comm(const struct ebt_option_regex *regex,
						struct ebt_bytes comm)
{
	return regex && regex->text ? ebt_pattern_match(regex->pattern, comm) : EBT_PATTERN_YES;
}

static enum ebt_pattern_result name_filter_args(const struct ebt_option_regex *regex,
						struct ebt_bytes args)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };

	if (!regex || !regex->text)
		return EBT_PATTERN_YES;
	if (ebt_text_join_args(&line, args) < 0)
		return EBT_PATTERN_GAVE_UP; /* without memory rather too many events than a gap */
	return ebt_pattern_match(regex->pattern, (struct ebt_bytes){ line.data, line.len });
}

/* What both filters together say. */
static enum ebt_pattern_result name_filter_both(enum ebt_pattern_result comm,
						enum ebt_pattern_result match)
{
	if (comm == EBT_PATTERN_NO || match == EBT_PATTERN_NO)
		return EBT_PATTERN_NO;
	return comm == EBT_PATTERN_YES ? match : comm;
}

static enum ebt_pattern_result name_filters_judge(const struct ebt_name_filters *names,
						  const struct ebt_event *ev)
{
	const struct ebt_name_filter_pair *pair =
		names->next_since_ns && ev->mono_ns >= names->next_since_ns ? &names->next
									    : &names->now;
	const struct ebt_option_regex *comm = pair->set ? &pair->comm : names->comm;
	const struct ebt_option_regex *match = pair->set ? &pair->match : names->match;
	enum ebt_pattern_result args;

	if (!(comm && comm->text) && !(match && match->text))
		return EBT_PATTERN_YES;
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		args = name_filter_args(match, ev->exec.args);
		if (args == EBT_PATTERN_NO && ev->exec.flags & EBT_EV_ARGS_INCOMPLETE)
			args = EBT_PATTERN_GAVE_UP; /* what is missing may match */
		return name_filter_both(name_filter_comm(comm, ev->exec.comm), args);
	case EBT_EVENT_HOMEO:
		/* It has no command line: -m is matched with the program's path. */
		return name_filter_both(name_filter_comm(comm, ev->homeo.comm),
					name_filter_args(match, ev->homeo.exe));
	default:
		return EBT_PATTERN_YES;
	}
}

static bool name_filters_apply_exec(struct ebt_name_filters *names, const struct ebt_model *model,
				    struct ebt_event *ev)
{
	struct ebt_event_exec x = ev->exec;

	switch (ev->unwanted ? EBT_PATTERN_NO : name_filters_judge(names, ev)) {
	case EBT_PATTERN_YES:
		return true;
	case EBT_PATTERN_GAVE_UP:
		names->unjudged++;
		ev->exec.flags |= EBT_EV_MATCH_UNKNOWN;
		return true;
	case EBT_PATTERN_NO:
		break;
	}
	names->left_out += !ev->unwanted;
	if (x.ret || (!ev->ends && !ebt_model_runs_shown(model, x.pid, x.start_ns)))
		return false;
	ev->type = EBT_EVENT_REPLACED;
	ev->exit = (struct ebt_event_exit){
		.pid = x.pid, .ppid = x.ppid, .uid = x.uid, .start_ns = x.start_ns, .comm = x.comm
	};
	return true;
}

bool ebt_name_filters_apply(struct ebt_name_filters *names, const struct ebt_model *model,
			    struct ebt_event *ev)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		return name_filters_apply_exec(names, model, ev);
	case EBT_EVENT_EXIT:
		return !(ev->unwanted || ebt_name_filters_any(names)) ||
		       ebt_model_shows(model, ev->exit.pid, ev->exit.start_ns);
	default:
		return name_filters_judge(names, ev) != EBT_PATTERN_NO;
	}
}
