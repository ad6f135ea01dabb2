/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * choices.h - the choices that an option can make among columns, groups, formats and screens.
 *
 * They stand below the rooms that implement them, so that struct ebt_options can hold them and the
 * root process can include that struct without a header of the model, a sink or the screens.
 */
#ifndef EBT_CONFIG_CHOICES_H
#define EBT_CONFIG_CHOICES_H

struct ebt_pattern;

/* The expression of -c or -m. */
struct ebt_option_regex {
	const char *text;	     /* NULL: not given. Borrowed from argv, as all texts here. */
	struct ebt_pattern *pattern; /* only when text is set */
};

/* -o with -b and the view: the columns of a group. model/columns.c names them. */
enum ebt_column {
	EBT_COL_RATE,	 /* execs a second, now */
	EBT_COL_RATE_1M, /* mean of the last minute */
	EBT_COL_COUNT,
	EBT_COL_FAILURES, /* failed execs and exits with a status other than 0 */
	EBT_COL_CPU,	  /* share of CPU time of exited runs */
	EBT_COL_CPU_TIME,
	EBT_COL_LIFE_MEAN,
	EBT_COL_LIFE_P95,
	EBT_COL_ARGS, /* argument bytes */
	EBT_COL_LAST,
	EBT_COL_RUNNING,
	EBT_COL_NAME,
	EBT_COL_MAX,
};

/* -g: what execs are grouped by. */
enum ebt_group_by {
	EBT_GROUP_EXE,
	EBT_GROUP_COMM,
	EBT_GROUP_COMMAND, /* whole command line */
	EBT_GROUP_PARENT,  /* the parent's command name */
	EBT_GROUP_USER,
	EBT_GROUP_CGROUP,
	EBT_GROUP_BY_MAX,
};

/* -e, -J, --csv and --format: what a line of output looks like. */
enum ebt_sink_format { EBT_SINK_TEXT, EBT_SINK_JSON, EBT_SINK_CSV, EBT_SINK_ECS, EBT_SINK_OCSF };

/* -s: the screens of the view; those above EBT_SCREEN_TABS have a tab. */
enum ebt_ui_screen {
	EBT_SCREEN_OVERVIEW,
	EBT_SCREEN_EVENTS,
	EBT_SCREEN_TOP,
	EBT_SCREEN_TREE,
	EBT_SCREEN_BUFFERS,
	EBT_SCREEN_LAB,
	EBT_SCREEN_PROFILES, /* only with ebt_ui_set_profiles */
	EBT_SCREEN_TABS,     /* screens above have a tab */
	EBT_SCREEN_DETAILS = EBT_SCREEN_TABS,
	EBT_SCREEN_HELP,
	EBT_SCREEN_SETUP,
	EBT_SCREEN_REFUSAL,
	EBT_SCREEN_OUTPUT,
	EBT_SCREEN_MAX,
};

/* Return the name of a screen with a tab as -s takes it, "events" for one; NULL for the others. */
const char *ebt_screen_name(enum ebt_ui_screen screen);
/* Return the screen with that name, -1 when there is none. */
int ebt_screen_find(const char *name);

#endif
