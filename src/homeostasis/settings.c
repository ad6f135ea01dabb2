/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const struct setting {
	const char *name, *help;
	size_t offset;
	bool small;	/* stored in a field of 32 bits */
	uint64_t scale; /* stored units per unit that users write */
	uint64_t min, max;
} settings[] = {
#define AT(field) offsetof(struct ebt_ph_settings, field)
	{ "monitoring", "look at calls at all", AT(cfg.monitoring), true, 1, 0, 1 },
	{ "log-sequences", "report every new pair", AT(cfg.log_sequences), true, 1, 0, 1 },
	{ "normal-wait", "seconds a frozen profile waits before it is normal",
	  AT(cfg.normal_wait_ns), false, 1000000000, 0, 1000000000 },
	{ "normal-factor",
	  "frozen when calls > normal-factor / normal-factor-den x calls up to the last new pair",
	  AT(cfg.normal_factor), false, 1, 1, 1000000 },
	{ "normal-factor-den", "see normal-factor", AT(cfg.normal_factor_den), false, 1, 1,
	  1000000 },
	{ "min-train", "calls before a profile may freeze", AT(cfg.min_train), false, 1, 0,
	  1000000000000 },
	{ "anomaly-limit", "more anomalies end normal", AT(cfg.anomaly_limit), false, 1, 0,
	  1000000000000 },
	{ "tolerize-limit", "a higher locality-frame count forgets what was learned",
	  AT(cfg.tolerize_limit), false, 1, 1, EBT_PH_LOCALITY },
	{ "save-interval", "seconds between two saves", AT(save_interval_s), false, 1, 1, 86400 },
	{ "enforcing", "refuse exec to a thread whose LFC is over deny-limit (BPF LSM)",
	  AT(cfg.enforcing), true, 1, 0, 1 },
	{ "deny-limit", "see enforcing", AT(cfg.deny_limit), false, 1, 0, EBT_PH_LOCALITY },
	{ "response",
	  "to anomalies: 0 nothing, 1 log, 2 log and stop it for a while, 3 the same by a frozen cgroup",
	  AT(response), true, 1, 0, EBT_PH_RESPOND_FREEZE },
	{ "delay-unit", "milliseconds; an anomalous process is stopped for 2^LFC of them",
	  AT(delay_unit_ms), false, 1, 1, 1000 },
	{ "delay-limit", "milliseconds; never longer than this", AT(delay_limit_ms), false, 1, 1,
	  3600000 },
	{ "kill-limit", "LFC above which processes die whose profile asks for it (`respond`)",
	  AT(kill_limit), false, 1, 0, EBT_PH_LOCALITY },
};

_Static_assert(sizeof(enum ebt_ph_response) == 4, "a small setting");

void ebt_ph_settings_default(struct ebt_ph_settings *s)
{
	*s = (struct ebt_ph_settings){ .save_interval_s = EBT_PH_SAVE_INTERVAL_S,
				       .delay_unit_ms = 10,
				       .delay_limit_ms = 60000,
				       .kill_limit = 12 };
	ebt_ph_config_default(&s->cfg);
}

const char *ebt_ph_setting_name(size_t i, const char **help)
{
	if (i >= EBT_ARRAY_SIZE(settings))
		return NULL;
	if (help)
		*help = settings[i].help;
	return settings[i].name;
}

uint64_t ebt_ph_setting_get(const struct ebt_ph_settings *s, size_t i)
{
	const char *at = (const char *)s + settings[i].offset;
	uint64_t wide;
	uint32_t narrow;

	if (settings[i].small) {
		memcpy(&narrow, at, sizeof(narrow));
		return narrow / settings[i].scale;
	}
	memcpy(&wide, at, sizeof(wide));
	return wide / settings[i].scale;
}

int ebt_ph_setting_set(struct ebt_ph_settings *s, const char *name, const char *value, char *why,
		       size_t why_len)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(settings); i++) {
		char *at = (char *)s + settings[i].offset, *end;
		uint32_t narrow;
		uint64_t n;

		if (strcmp(settings[i].name, name) != 0)
			continue;
		errno = 0;
		n = strtoull(value, &end, 10);
		if (errno || !isdigit((unsigned char)*value) || *end || n < settings[i].min ||
		    n > settings[i].max) {
			snprintf(why, why_len, "%s is '%s'; %llu to %llu are allowed", name, value,
				 (unsigned long long)settings[i].min,
				 (unsigned long long)settings[i].max);
			return -ERANGE;
		}
		n *= settings[i].scale;
		narrow = (uint32_t)n;
		if (settings[i].small)
			memcpy(at, &narrow, sizeof(narrow));
		else
			memcpy(at, &n, sizeof(n));
		return 0;
	}
	snprintf(why, why_len, "there is no setting '%s'; `execbig-top status` lists them", name);
	return -ENOENT;
}
