/* SPDX-License-Identifier: BSD-3-Clause */
/* settings.h - the settings of the monitor, with the names that ebpH uses for them */
#ifndef EBT_HOMEOSTASIS_SETTINGS_H
#define EBT_HOMEOSTASIS_SETTINGS_H

#include "homeostasis/profile.h"

#define EBT_PH_SAVE_INTERVAL_S 1000 /* the default of ebpH */

/* The response to an anomalous process. */
enum ebt_ph_response {
	EBT_PH_RESPOND_NOTHING,
	EBT_PH_RESPOND_LOG,    /* write to the system log */
	EBT_PH_RESPOND_DELAY,  /* log, and stop it for 2^LFC units with SIGSTOP */
	EBT_PH_RESPOND_FREEZE, /* log, and stop it for that time in a frozen cgroup of its own */
};

struct ebt_ph_settings {
	struct ebt_ph_config cfg;
	uint64_t save_interval_s;
	enum ebt_ph_response response;
	uint64_t delay_unit_ms;	 /* delays take 2^LFC of these units */
	uint64_t delay_limit_ms; /* upper bound of a delay */
	uint64_t kill_limit; /* a process with a higher LFC is killed if its profile asks for it */
};

void ebt_ph_settings_default(struct ebt_ph_settings *settings);
/* Return the name of setting i, or NULL after the last one. help may be NULL. All texts are static. */
const char *ebt_ph_setting_name(size_t i, const char **help);
/* Return the value of setting i in the unit that people use (seconds for normal-wait). */
uint64_t ebt_ph_setting_get(const struct ebt_ph_settings *settings, size_t i);
/* Set a setting by name. Return -ENOENT if there is no such setting or -ERANGE if the value is not
 * allowed, with a message in why. */
int ebt_ph_setting_set(struct ebt_ph_settings *settings, const char *name, const char *value,
		       char *why, size_t why_len);

#endif
