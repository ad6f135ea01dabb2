/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * options.h - what a run is to do, as typed values. Every default and range stands here;
 * cli/command_line.c fills the struct from the command line.
 */
#ifndef EBT_CONFIG_OPTIONS_H
#define EBT_CONFIG_OPTIONS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/exit_status.h"
#include "base/signals.h"
#include "config/choices.h"
#include "confine/inherited.h"
#include "image/kernel_headers.h"
#include "image/params.h"

#define EBT_SCRATCH_DEFAULT   8192u
#define EBT_RING_DEFAULT      (8u << 20)
#define EBT_RING_MIN	      (64u << 10)
#define EBT_RING_MAX	      (1u << 30)
#define EBT_AUTO_DEFAULT      (256ull << 20)
#define EBT_AUTO_MIN	      (1u << 20)
#define EBT_AUTO_MAX	      (64ull << 30)
#define EBT_POLL_DEFAULT_MS   50u
#define EBT_POLL_MIN_MS	      1u
#define EBT_POLL_MAX_MS	      1000u
#define EBT_HISTORY_DEFAULT   (32u << 20)
#define EBT_HISTORY_MIN	      (1u << 20)
#define EBT_HISTORY_MAX	      (64ull << 30)
#define EBT_DELAY_DEFAULT_NS  1000000000ull
#define EBT_DELAY_MIN_NS      100000000ull     /* 0.1 s */
#define EBT_DELAY_MAX_NS      3600000000000ull /* an hour */
#define EBT_OPTION_PIDS_MAX   64
#define EBT_OPTION_HOMEO_SETS 32
#define EBT_ROTATE_MIN	      (64u << 10)
#define EBT_ROTATE_MIN_NS     1000000000ull /* a second */
#define EBT_SPEED_MAX	      UINT32_MAX

enum ebt_mode {
	EBT_MODE_LIVE,	    /* ncurses view */
	EBT_MODE_BATCH,	    /* -b */
	EBT_MODE_EVENTS,    /* -e */
	EBT_MODE_JSON,	    /* -J */
	EBT_MODE_CSV,	    /* --csv */
	EBT_MODE_PRINT_BPF, /* --print-bpf */
	EBT_MODE_CHECK,	    /* check */
	EBT_MODE_DEMO,	    /* demo [NAME] */
	EBT_MODE_EXPORT,    /* export FORMAT */
	EBT_MODE_TUNE,	    /* tune */
};

#define EBT_COMPILERS_MAX 16 /* of --compiler; more would be a mistake */

enum ebt_export {
	EBT_EXPORT_PERFETTO,
	EBT_EXPORT_COMPILE_COMMANDS,
	EBT_EXPORT_JSON,
	EBT_EXPORT_CSV
};

/* A place in a recording. */
enum ebt_time_kind {
	EBT_TIME_NONE,
	EBT_TIME_OFFSET, /* ns from its beginning */
	EBT_TIME_CLOCK,	 /* ns from midnight, local time */
	EBT_TIME_DATE,	 /* CLOCK_REALTIME */
	/* a date in local time, as ns since 1970 that it would be if it were UTC */
	EBT_TIME_LOCAL_DATE,
};

struct ebt_option_time {
	enum ebt_time_kind kind;
	uint64_t ns;
};

/* The ids of a process that -u compares: real:USER, effective:USER, or USER for either. */
enum ebt_user_ids { EBT_USER_EITHER, EBT_USER_REAL, EBT_USER_EFFECTIVE };

/* How the recording of -w is divided into parts, and which of them are kept. */
struct ebt_rotate {
	bool given;
	uint64_t bytes, ns;	      /* where a part ends; 0: no such limit */
	bool on_signal;		      /* a part ends with SIGUSR1; true with every --rotate */
	unsigned count;		      /* 0: all */
	uint64_t keep_bytes, keep_ns; /* --keep; 0: no such limit */
};

struct ebt_options {
	enum ebt_mode mode;

	/* output */
	uint64_t delay_ns;
	uint64_t iterations; /* 0: without end */
	enum ebt_column sort;
	bool invert; /* against the column's own order */
	enum ebt_group_by group_by;
	enum ebt_ui_screen screen;
	bool screen_given, group_given, sort_given; /* they win over saved settings */
	enum ebt_sink_format json_format;	    /* of -J */
	const char *line_columns;		    /* of -e and --csv; NULL: the usual ones */
	bool raw;
	bool quiet; /* no lines: the run only writes files */
	bool date;  /* -e prints the date and the zone as well */
	bool no_unicode, no_color, no_mouse;

	/* what is shown */
	uint32_t pids[EBT_OPTION_PIDS_MAX];
	unsigned pid_count;
	uint32_t only[EBT_OPTION_PIDS_MAX]; /* with tune, where --pid names the instance */
	unsigned only_count;
	bool no_filter; /* with tune */
	bool uid_set;
	uint32_t uid;
	const char *user_text; /* as it was typed: borrowed from the arguments; NULL: nobody did */
	enum ebt_user_ids user_ids; /* which are compared with uid */
	struct ebt_option_regex comm, match;
	const char *filter; /* --filter: an expression (expr/expr.h), checked; NULL: none */
	bool no_enoent;
	const char *cgroup;

	/* the programs and their buffers */
	struct ebt_params params;
	uint32_t params_given; /* bit by the offset of a member that an option set */
	uint64_t auto_bytes;   /* --auto: limit of all maps; 0: off */
	uint32_t poll_ms;
	bool poll_given;
	uint64_t history_bytes;
	enum ebt_headers headers;
	const char *headers_dir; /* with EBT_HEADERS_DIR */
	const char *bpf_text_dir;
	const char *cache_dir; /* NULL: the default */
	bool no_cache, debug;

	/* files */
	const char *write_file, *read_file, *sqlite_file, *metrics_file;
	struct ebt_rotate rotate;
	uint32_t speed; /* of a replay: times as fast, EBT_SPEED_MAX; 0: not given */
	struct ebt_option_time from, to;
	enum ebt_export export_format;
	const char *out_file; /* export -o */
	bool append;	      /* export compile-commands: keep the entries of out_file */
	const char *compilers[EBT_COMPILERS_MAX + 1]; /* --compiler; ended by NULL */
	unsigned compiler_count;
	const char *demo; /* NULL: list them */
	bool demo_bad, demo_source, demo_step;

	/* the descriptors that the caller had open; borrowed from ebt_app_main */
	struct ebt_inherited inherited;

	/* -- COMMAND [ARG…]: NULL-terminated, borrowed from argv */
	char **command;
	int command_argc;
	bool kill_on_exit;
	/* As they were when the program began; COMMAND gets them back. */
	struct ebt_signals_state signals;

	bool homeostasis;
	const char *profiles_dir;		      /* NULL: nothing is kept */
	const char *homeo_set[EBT_OPTION_HOMEO_SETS]; /* NAME=VALUE, checked */
	unsigned homeo_set_count;
};

#endif
