/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * event_filter.h - the filter of --filter for outputs that print an event once and never take it back.
 *
 * An exec that the expression (expr/expr.h) lets pass is given on at once, and its end when it comes.
 * One that is decided by its end only waits for it, and is given on right before it: conditions on
 * the end give lines in the order of the ends. When an exec that is left out replaces a program that
 * was given on, the end of that is told by an event "replaced", as with -m.
 *
 * What waits is a copy and bounded: by EBT_EVENT_FILTER_BYTES_MAX, and by EBT_EVENT_FILTER_RUNS_MAX processes of
 * which the end is awaited. Beyond that the oldest is given up, and counted. One thread.
 */
#ifndef EBT_EVENT_FILTER_EVENT_FILTER_H
#define EBT_EVENT_FILTER_EVENT_FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "expr/expr.h"
#include "model/model.h"

#define EBT_EVENT_FILTER_BYTES_MAX ((size_t)64 << 20)
#define EBT_EVENT_FILTER_RUNS_MAX  (1u << 17)

struct ebt_event_filter;

/* How an event filter gives events on, and what it leaves out. What is given on is borrowed, as any event. */
struct ebt_event_filter_ops {
	void (*pass)(const struct ebt_event *ev, void *arg);
	void (*left_out)(const struct ebt_event *ev, void *arg); /* may be NULL */
};

/* Make an event filter of the text of an expression. ops and the model, which knows users and cgroups, are
 * borrowed. *out is NULL when the text is empty. Return 0, -ENOMEM, or -EINVAL as ebt_expr_new(). */
int ebt_event_filter_new(struct ebt_event_filter **out, const char *text,
			 const struct ebt_model *model, const struct ebt_event_filter_ops *ops,
			 void *arg);
void ebt_event_filter_free(struct ebt_event_filter **event_filter);

/* Judge an event. What is no exec and belongs to none passes. */
void ebt_event_filter_event(struct ebt_event_filter *event_filter, const struct ebt_event *ev);
/* Judge what still waits, which runs when the tracing ends. */
void ebt_event_filter_finish(struct ebt_event_filter *event_filter);

/* Return how many execs were given up because too many waited. */
uint64_t ebt_event_filter_given_up(const struct ebt_event_filter *event_filter);
/* Return how many execs were given on because they may match, other than those marked before. */
uint64_t ebt_event_filter_unsure(const struct ebt_event_filter *event_filter);

#endif
