/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * name_filters.h - the filters on names and arguments (-c and -m). They run in the view, after the
 * kernel's filters, because a regular expression is too much for BPF and for a root process.
 */
#ifndef EBT_EVENT_FILTER_NAME_FILTERS_H
#define EBT_EVENT_FILTER_NAME_FILTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pattern.h"
#include "config/choices.h"
#include "decode/event.h"
#include "model/model.h"

/* A pair of filters that replaces that of the options. */
struct ebt_name_filter_pair {
	bool set;			     /* false: the options' filters apply */
	struct ebt_option_regex comm, match; /* text NULL: no such filter */
};

/* Zero-initialised: there are no filters. Owns the compiled expressions of now and next, borrows their
 * texts and those of the options. */
struct ebt_name_filters {
	const struct ebt_option_regex *comm, *match; /* of the options; NULL: none */
	struct ebt_name_filter_pair now;
	struct ebt_name_filter_pair next; /* of events from next_since_ns on */
	uint64_t next_since_ns;		  /* CLOCK_MONOTONIC; 0: no change is under way */
	uint64_t left_out, unjudged;	  /* execs not wanted; execs shown since they may match */
};

/* Begin to replace both filters ("": none) for events that began at since_ns or later: older ones
 * may still wait in the ring. On -EINVAL, for an invalid expression, the old ones stay. */
int ebt_name_filters_change(struct ebt_name_filters *names, const char *comm, const char *match,
			    uint64_t since_ns);
/* End the change: all events from before it have been taken in. */
void ebt_name_filters_settle(struct ebt_name_filters *names);
void ebt_name_filters_free(struct ebt_name_filters *names);
/* Return true when either filter is set. */
bool ebt_name_filters_any(const struct ebt_name_filters *names);

/* Apply the filters to an event, before the model has it: -c is matched with comm, -m with the command
 * line, its arguments joined by single blanks. Return true when it is to be shown, perhaps changed: an
 * exec that may match, since its arguments are incomplete or matching took too long, is marked with
 * EBT_EV_MATCH_UNKNOWN. An exec that is not wanted becomes EBT_EVENT_REPLACED if its process was
 * shown to run something. An exit is shown when an exec of its process was. */
bool ebt_name_filters_apply(struct ebt_name_filters *names, const struct ebt_model *model,
			    struct ebt_event *ev);

#endif
