/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor_internal.h - the state that the files of the monitor share */
#ifndef EBT_HOMEOSTASIS_MONITOR_INTERNAL_H
#define EBT_HOMEOSTASIS_MONITOR_INTERNAL_H

#include "homeostasis/line_writer.h"
#include "homeostasis/monitor_core.h"

#define EBT_PH_LOSSES	  6
#define EBT_PH_NOTE_LEN	  1024
#define EBT_PH_DELAYS_MAX 64 /* processes stopped at a time; further ones are only logged */

/* A process that the monitor has stopped for a while. */
struct ebt_ph_delay {
	int pidfd; /* owned; it keeps signals from reaching another process with the same pid */
	uint32_t pid;
	uint64_t end_ns;
	char *cgroup; /* owned; the frozen cgroup of the process, NULL if it was stopped by SIGSTOP */
	/* The process runs again and is not stopped anew before end_ns. The kernel restarts the
	 * call that was interrupted, which looks like one more call and may be an anomaly that the
	 * monitor caused. */
	bool resting;
};

/* The state of the monitor; only the files of the monitor use it. */
struct ebt_ph_monitor {
	struct ebt_ph_kernel *kernel; /* owned */
	struct ebt_ph_settings settings;
	int dir; /* directory of the profiles, or -1 */
	char *paths[EBT_PH_PROFILES];
	bool kill[EBT_PH_PROFILES];
	/* The state of each profile that is on disk. A profile is written again once one of the two
	 * differs. */
	uint64_t saved_count[EBT_PH_PROFILES], saved_changed[EBT_PH_PROFILES];
	int64_t saved_step_ns; /* value of ebt_ph_kernel_step_ns() for the times in the files */
	uint64_t next_save_ns;
	struct ebt_ph_delay delays[EBT_PH_DELAYS_MAX];
	size_t n_delays;
	bool ending; /* responses are switched off */
	/* Owned. There are two writers, so that a terminal that is stopped (Ctrl-S) does not delay
	 * the system log. */
	struct ebt_line_writer *to_log, *to_fds;
	struct {
		uint64_t reported, next_ns;
	} losses[EBT_PH_LOSSES];
	uint64_t next_losses_ns;
	ebt_ph_event_fn fn; /* the listener, or NULL */
	void *arg;
};

#endif
