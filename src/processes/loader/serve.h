/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * serve.h - the loader's loop between set-up and end: it answers the view and clients of `tune`,
 * takes signals, and watches its children.
 */
#ifndef EBT_PROCESSES_LOADER_SERVE_H
#define EBT_PROCESSES_LOADER_SERVE_H

#include "processes/loader/cgroup_watch.h"
#include "processes/loader/command.h"
#include "processes/loader/lab_serve.h"
#include "processes/loader/retune.h"
#include "processes/loader/tracer.h"
#include "processes/loader/tune_socket.h"
#include "processes/loader/view_child.h"

struct ebt_serve {
	const struct ebt_options *options; /* borrowed */
	struct ebt_tracer tracer;
	struct ebt_cgroup_watch cgroup_watch;
	struct ebt_view_child view;
	struct ebt_command command;
	struct ebt_control control;
	struct ebt_retune retune;
	struct ebt_lab_serve lab;
	int signals;		/* signalfd; -1: none */
	uint64_t finish_ns;	/* when we were first asked to end, CLOCK_MONOTONIC; 0: not yet */
	uint64_t finish_max_ns; /* how long the view may take to finish then */
	int finish_signal;	/* the signal that asked us */
	uint64_t interrupt_ns;	/* when COMMAND was last interrupted, CLOCK_MONOTONIC; 0: never */
	bool end_command;	/* the view asks us to end COMMAND after it */
};

/* Set up a loop that holds nothing. */
void ebt_serve_init(struct ebt_serve *s, const struct ebt_options *options);
/* Serve until the view has ended, or is to be ended. */
void ebt_serve_run(struct ebt_serve *s);

#endif
