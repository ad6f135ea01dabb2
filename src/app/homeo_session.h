/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_session.h - options and set-up that the daemon and the live mode share. */
#ifndef EBT_APP_HOMEO_SESSION_H
#define EBT_APP_HOMEO_SESSION_H

#include "homeo/server.h"

#define EBT_PH_DIR "/var/lib/execbig-top/profiles"

enum ebt_homeo_output { EBT_HOMEO_AUTO, EBT_HOMEO_FRAMES, EBT_HOMEO_EVENTS, EBT_HOMEO_JSON };

struct ebt_homeo_options {
	struct ebt_ph_settings settings;
	const char *profiles;  /* directory; NULL: keep nothing */
	const char *socket;    /* daemon */
	const char *cache_dir; /* NULL: the default */
	gid_t gid;	       /* (gid_t)-1: root only */
	bool no_cache, debug, help;
	enum ebt_homeo_output output;
	uint64_t delay_ns, iterations;
	char **command; /* NULL, or what to run and watch the time of */
};

/* live: what --homeostasis takes; else what the daemon takes. Exit status, or -1 to go on. */
int ebt_homeo_options_parse(struct ebt_homeo_options *out, int argc, char **argv, bool live);

/* Compiles or takes from the cache, loads, reads the profiles, attaches. Gives the monitor, or an
 * exit status with everything said. */
int ebt_homeo_start(const struct ebt_homeo_options *options, struct ebt_ph_monitor **out);

#endif
