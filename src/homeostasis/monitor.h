/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor.h - watch the programs of this machine: load and save their profiles, respond to
 * anomalies, and carry out requests */
#ifndef EBT_HOMEOSTASIS_MONITOR_H
#define EBT_HOMEOSTASIS_MONITOR_H

#include "homeostasis/monitor_core.h"

/* Start a monitor, which takes over the kernel side, and load the profiles. dir is the path of the
 * profiles' directory; NULL keeps nothing on disk. On error return -errno with a message in why,
 * and leave the kernel side to the caller; -EBUSY means that another monitor has locked the
 * directory. */
int ebt_ph_monitor_new(struct ebt_ph_monitor **out, struct ebt_ph_kernel *kernel, const char *dir,
		       const struct ebt_ph_settings *settings, char *why, size_t why_len);
/* Stop watching and save for the last time; after that only ebt_ph_monitor_free() may be called.
 * Return -errno if not everything was saved, after reporting it. */
int ebt_ph_monitor_end(struct ebt_ph_monitor *monitor);
/* End the monitor if that has not been done, and free it. */
void ebt_ph_monitor_free(struct ebt_ph_monitor **monitor);

/* Change a setting by name ("normal-wait"; settings.h). uid is the user who asks. Return -errno with a
 * message in why. */
int ebt_ph_monitor_set(struct ebt_ph_monitor *monitor, const char *name, const char *value,
		       uint32_t uid, char *why, size_t why_len);
/* Check that this kernel can do what the settings ask for. Call it once the programs are attached.
 * Return 0, or -EOPNOTSUPP with a message in why. */
int ebt_ph_monitor_can(const struct ebt_ph_monitor *monitor, const struct ebt_ph_settings *settings,
		       char *why, size_t why_len);

/* Read new records, end delays that are over, and save if it is due. Return the number of records
 * or -errno. */
int ebt_ph_monitor_step(struct ebt_ph_monitor *monitor);
/* Return the time until the next step is due at the latest, in milliseconds. */
int ebt_ph_monitor_timeout_ms(const struct ebt_ph_monitor *monitor);

/* Normalize, sensitize or tolerize a profile and report who asked for it. Return -ENOENT if there
 * is no such profile. */
int ebt_ph_monitor_verb(struct ebt_ph_monitor *monitor, uint32_t slot, enum ebt_ph_verb verb,
			const struct ebt_ph_asker *who);
/* Choose whether processes of this profile above kill-limit are killed (default: no). It is kept on
 * disk. */
void ebt_ph_monitor_set_kill(struct ebt_ph_monitor *monitor, uint32_t slot, bool kill,
			     uint32_t uid);
/* Return whether there is a directory to save to. */
bool ebt_ph_monitor_saves(const struct ebt_ph_monitor *monitor);
/* Write all profiles that have changed. Return their number or -errno. */
int ebt_ph_monitor_save(struct ebt_ph_monitor *monitor);

#endif
