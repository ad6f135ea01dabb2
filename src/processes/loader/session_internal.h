/* SPDX-License-Identifier: BSD-3-Clause */
/* session_internal.h - the loader's state, shared by session.c (set-up, end) and serve.c (the time
 * between). */
#ifndef EBT_PROCESSES_LOADER_SESSION_INTERNAL_H
#define EBT_PROCESSES_LOADER_SESSION_INTERNAL_H

#include "base/terminal_rescue.h"
#include "config/options.h"
#include "image/image_store.h"
#include "ipc/cgroup_names.h"
#include "ipc/filters.h"
#include "ipc/outbox.h"
#include "ipc/protocol.h"
#include "bpf/programs.h"
#include "processes/loader/filter_resolve.h"
#include "processes/loader/command.h"
#include "processes/loader/lab_serve.h"
#include "processes/loader/tune_socket.h"
#include "processes/monitor/monitor_child.h"
#include "processes/loader/transport_handover.h"

struct ebt_session {
	const struct ebt_options *options;
	struct ebt_images images;
	struct ebt_loader *loader;
	struct ebt_command command;
	struct ebt_rescue rescue;
	struct ebt_filters filters; /* in force */
	bool filtering;		    /* they were set */
	uint32_t poll_ms;	    /* the view's */
	uint64_t compile_ns;
	struct ebt_homeo_child homeo; /* --homeostasis */
	int homeo_failed;	      /* exit status of what it could not do */
	int command_failed;	      /* exit status for a command that could not be run */
	bool kernel_refused;	      /* it was the kernel that would not */

	struct ebt_outbox out; /* to the view */
	int query_sock;	       /* its questions for cgroup paths */
	struct ebt_cgroups cgroups;
	pid_t view_pid; /* 0: reaped */
	int view_status;
	int signals;	    /* signalfd */
	uint64_t finish_ns; /* first asked to end; 0: not yet */
	int finish_signal;  /* by which signal */

	int status_fd;
	struct ebt_status *status;
	size_t status_bytes;

	struct ebt_control control; /* `execbig-top tune` */

	/* retune under way */
	bool building;
	struct ebt_build build;
	uint64_t built_ns; /* what the compiler took; 0: from the cache */
	struct ebt_params wanted;
	struct ebt_filters wanted_filters; /* given: to be put in force with it */
	uint32_t wanted_poll_ms;
	struct ebt_held held;
	struct ebt_lab_serve lab;
	int asker; /* who gets the answer: a client of control, or -1: the view */
};

#define EBT_QUIESCE_MS 500 /* for programs to come to rest */

/* Serves the view until it is gone. */
void ebt_session_serve(struct ebt_session *s);
/* True when the view has ended: view_pid is 0 then, and the terminal as before it. */
bool ebt_session_reap_view(struct ebt_session *s);
/* Loads an image beside what runs, for ebt_loader_switch. */
int ebt_session_load(struct ebt_session *s, const struct ebt_image *image,
		     const struct ebt_params *params, struct ebt_failure *failure);
/* Puts filters in force. -errno with failure filled: those before stay. */
int ebt_session_filter(struct ebt_session *s, const struct ebt_filters *filters,
		       struct ebt_failure *failure);
/* Counters into the status memory; with exes, the counts by executable too. */
void ebt_session_fill_status(struct ebt_session *s, bool exes);
/* A retune that was asked for: the parameters as they are to be, filters and poll_ms of msg. asker:
 * a client of control, -1: the view. swaps: also when the parameters are those that run. */
void ebt_session_retune(struct ebt_session *s, const struct ebt_params *params, struct ebt_msg *msg,
			int asker, bool swaps);
/* While s->building: goes on with it. */
void ebt_session_retune_step(struct ebt_session *s);
/* What runs, for a client who asks. */
void ebt_session_answer(struct ebt_session *s, int asker, uint64_t took_ns);
/* What the old or the current generation counted, as a file for the view; -1: none. */
int ebt_session_counters(struct ebt_session *s, bool old);
/* Says what went wrong on stderr: the sentence, then the words of compiler or verifier. */
void ebt_session_explain(const struct ebt_failure *failure);

#endif
