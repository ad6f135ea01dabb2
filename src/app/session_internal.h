/* SPDX-License-Identifier: BSD-3-Clause */
/* session_internal.h - the loader's state, shared by session.c (set-up, end) and serve.c (the time
 * between). */
#ifndef EBT_APP_SESSION_INTERNAL_H
#define EBT_APP_SESSION_INTERNAL_H

#include "app/cgroups.h"
#include "app/command.h"
#include "app/control.h"
#include "app/images.h"
#include "app/lab_serve.h"
#include "app/options.h"
#include "app/protocol.h"
#include "ui/rescue.h"

struct ebt_session {
	const struct ebt_options *options;
	struct ebt_images images;
	struct ebt_loader *loader;
	struct ebt_command command;
	struct ebt_rescue rescue;
	struct ebt_config config;
	uint64_t compile_ns;
	int command_failed;  /* exit status for a command that could not be run */
	bool kernel_refused; /* it was the kernel that would not */

	int sock;	/* to the view */
	int query_sock; /* its questions for cgroup paths */
	struct ebt_cgroups cgroups;
	pid_t view_pid; /* 0: reaped */
	int view_status;
	int signals; /* signalfd */

	int status_fd;
	struct ebt_status *status;
	size_t status_bytes;

	struct ebt_control control; /* `execbig-top tune` */

	/* retune under way */
	bool building;
	struct ebt_build build;
	struct ebt_params wanted;
	struct ebt_lab_serve lab;
	int asker; /* who gets the answer: a client of control, or -1: the view */
};

/* Serves the view until it is gone. */
void ebt_session_serve(struct ebt_session *s);
/* Loads an image as the current generation, in place of the one that runs (if any). */
int ebt_session_load(struct ebt_session *s, const struct ebt_image *image,
		     const struct ebt_params *params, struct ebt_failure *failure);
/* Counters into the status memory; with exes, the counts by executable too. */
void ebt_session_fill_status(struct ebt_session *s, bool exes);
/* Says what went wrong on stderr: the sentence, then the words of compiler or verifier. */
void ebt_session_explain(const struct ebt_failure *failure);

#endif
