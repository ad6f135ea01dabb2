/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor_internal.h - the monitor's inside, for its own files. */
#ifndef EBT_HOMEOSTASIS_MONITOR_INTERNAL_H
#define EBT_HOMEOSTASIS_MONITOR_INTERNAL_H

#include "base/log.h"
#include "homeostasis/line_writer.h"
#include "homeostasis/monitor.h"

#define EBT_PH_LOSSES	  6
#define EBT_PH_NOTE_LEN	  1024
#define EBT_PH_DELAYS_MAX 64 /* processes stopped at a time; more are only logged */

/* A process that is stopped for a while. */
struct ebt_ph_delay {
	int pidfd; /* owned: no other process is ever signalled in its place */
	uint32_t pid;
	uint64_t end_ns;
	char *cgroup; /* owned; it is frozen in this one. NULL: SIGSTOP */
	/* It goes on again; not stopped anew until end_ns. What it was stopped in is called again
	 * by the kernel, which looks like one call more: an anomaly that is our own doing. */
	bool resting;
};

struct ebt_ph_monitor {
	struct ebt_ph_kernel *kernel; /* owned */
	struct ebt_ph_settings settings;
	int dir; /* of the profiles; -1: none */
	char *paths[EBT_PH_PROFILES];
	bool kill[EBT_PH_PROFILES];
	/* What is on disk: nothing to write when it is the same. */
	uint64_t saved_count[EBT_PH_PROFILES], saved_changed[EBT_PH_PROFILES];
	int64_t saved_step_ns; /* the wall clock those files are by: ebt_ph_kernel_step_ns */
	uint64_t next_save_ns;
	struct ebt_ph_delay delays[EBT_PH_DELAYS_MAX];
	size_t n_delays;
	bool ending; /* nobody is answered any more */
	/* Owned. Two: a terminal that stands still (Ctrl-S) does not hold the system log up. */
	struct ebt_scribe *to_log, *to_fds;
	struct {
		uint64_t told, next_ns;
	} losses[EBT_PH_LOSSES];
	uint64_t next_look_ns;
	ebt_ph_event_fn fn; /* who is told; NULL: nobody */
	void *arg;
};

/* notes.c: a note to who listens, else into the log. */
void ebt_ph_note(struct ebt_ph_monitor *monitor, enum ebt_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Says what tables were full and what was lost since it was last said. */
void ebt_ph_watch_losses(struct ebt_ph_monitor *monitor, uint64_t now_ns);

/* respond.c: what an anomaly brings its process. */
void ebt_ph_respond(struct ebt_ph_monitor *monitor, const struct ebt_ph_rec *rec);
/* Lets those go on whose time is over. */
void ebt_ph_delay_step(struct ebt_ph_monitor *monitor, uint64_t now_ns);
void ebt_ph_delay_end_all(struct ebt_ph_monitor *monitor);
/* freeze.c: moves a process into a frozen cgroup below its own; its path, malloc'd; NULL: it cannot
 * be. */
char *ebt_ph_freeze(uint32_t pid);
/* It goes on, back in its own cgroup. */
void ebt_ph_thaw(const char *cgroup);
/* What a monitor that was killed left behind. */
void ebt_ph_thaw_leftovers(void);
/* 2^lfc units, at most the limit. */
uint64_t ebt_ph_delay_ms(const struct ebt_ph_settings *settings, uint32_t lfc);

#endif
