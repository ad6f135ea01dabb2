/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor_setup.h - the options and the start of a monitor, for the daemon and for --homeostasis */
#ifndef EBT_PROCESSES_MONITOR_MONITOR_SETUP_H
#define EBT_PROCESSES_MONITOR_MONITOR_SETUP_H

#include "config/options.h"
#include "homeostasis/server.h"

#define EBT_PH_DIR "/var/lib/execbig-top/profiles"

struct ebt_homeo_options {
	struct ebt_ph_settings settings;
	const char *profiles;  /* directory; NULL saves nothing */
	const char *socket;    /* only for the daemon */
	const char *cache_dir; /* NULL for the default */
	gid_t gid;	       /* (gid_t)-1 allows only root */
	bool no_cache, debug;
};

/* Fill in the daemon's defaults. Every text is borrowed. */
void ebt_homeo_options_default(struct ebt_homeo_options *out);
/* Apply one "NAME=VALUE". Return 0, or print an error and return the exit status. */
int ebt_homeo_options_set(struct ebt_homeo_options *options, const char *setting);
/* Take the options of a run with --homeostasis. Return 0, or print an error and return the exit
 * status. */
int ebt_homeo_options_of(struct ebt_homeo_options *out, const struct ebt_options *options);

/* Check whether homeostasis works on this kernel. Return 0 or -errno, with a sentence in detail in
 * either case. */
int ebt_homeo_check(const struct ebt_options *options, char *detail, size_t len);

/* Compile the programs or take them from the cache, load them, read the profiles and attach. Return 0,
 * or print an error and return the exit status. The caller frees *out. */
int ebt_homeo_start(const struct ebt_homeo_options *options, struct ebt_ph_monitor **out);

#endif
