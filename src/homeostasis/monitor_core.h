/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor_core.h - functions for all parts of the monitor: its state, the paths of programs, events
 * and messages
 *
 * All functions belong to the one thread of the monitor. */
#ifndef EBT_HOMEOSTASIS_MONITOR_CORE_H
#define EBT_HOMEOSTASIS_MONITOR_CORE_H

#include "base/log.h"
#include "homeostasis/kernel.h"
#include "homeostasis/settings.h"

struct ebt_ph_monitor;

/* The sender of a request. */
struct ebt_ph_asker {
	uint32_t uid; /* EBT_PH_UID_HERE for the view that this monitor belongs to */
	uint32_t pid; /* 0 for that view */
};
#define EBT_PH_UID_HERE 0xffffffffu

#define EBT_PH_USER_LEN 64
/* Write the name of a user to out and return it: "root", "uid 1234", or "the view" for
 * EBT_PH_UID_HERE. */
char *ebt_ph_user(char out[EBT_PH_USER_LEN], uint32_t uid);

/* Called for each event with the path of its program ("" if it is not known). A note of the monitor
 * has rec->events EBT_PH_EV_NOTE, an enum ebt_log_level in rec->call, and its text in path. */
typedef void (*ebt_ph_event_fn)(const struct ebt_ph_rec *rec, const char *path, void *arg);
/* Pass all further events to fn; NULL stops this. */
void ebt_ph_monitor_listen(struct ebt_ph_monitor *monitor, ebt_ph_event_fn fn, void *arg);

/* Report a message of the monitor itself as an event, or log it if nobody listens. */
void ebt_ph_note(struct ebt_ph_monitor *monitor, enum ebt_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Return the kernel side. It is borrowed and valid as long as the monitor. */
struct ebt_ph_kernel *ebt_ph_monitor_kernel(struct ebt_ph_monitor *monitor);
struct ebt_ph_settings *ebt_ph_monitor_settings(struct ebt_ph_monitor *monitor);
/* Return the path of a profile's program, or "" if it is not known. The string is borrowed until
 * the path changes. */
const char *ebt_ph_monitor_path(const struct ebt_ph_monitor *monitor, uint32_t slot);
/* Set the path of a profile's program; an empty path changes nothing. */
void ebt_ph_monitor_set_path(struct ebt_ph_monitor *monitor, uint32_t slot, const char *path);

/* Write a line (without its newline) to a descriptor that stays open until the monitor is freed. It
 * never waits for the reader, which may be a process that the monitor has stopped (line_writer.h). */
void ebt_ph_monitor_print(struct ebt_ph_monitor *monitor, int fd, const char *line);
/* Return the number of lines lost because nobody read them, those to the system log included. */
uint64_t ebt_ph_monitor_lines_lost(const struct ebt_ph_monitor *monitor);

#endif
