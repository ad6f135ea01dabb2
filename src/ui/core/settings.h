/* SPDX-License-Identifier: BSD-3-Clause */
/* settings.h - the settings that the view keeps between runs
 *
 * They are read from $XDG_CONFIG_HOME/execbig-top/config, else ~/.config/execbig-top/config, else
 * /etc/execbig-top.conf, and written only when the user asks. Lines are "key = value"; # begins a
 * comment. The parser is strict about values, ignores unknown keys (with a message), and reads at
 * most EBT_SETTINGS_MAX bytes. */
#ifndef EBT_UI_CORE_SETTINGS_H
#define EBT_UI_CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "model/snapshot.h"

#define EBT_SETTINGS_MAX 16384

/* Columns of the lists of execs (events, tree). Those of Top are enum ebt_column and
 * ebt_top_extra. */
enum ebt_row_column {
	EBT_RC_TIME,
	EBT_RC_CPU,
	EBT_RC_PID,
	EBT_RC_PPID,
	EBT_RC_TID,
	EBT_RC_VPID,
	EBT_RC_USER,
	EBT_RC_UID,
	EBT_RC_LOGIN,
	EBT_RC_TTY,
	EBT_RC_EXIT,
	EBT_RC_RUN,
	EBT_RC_LIFE,
	EBT_RC_CPUTIME,
	EBT_RC_JOBTIME,
	EBT_RC_RSS,
	EBT_RC_ARGC,
	EBT_RC_BYTES,
	EBT_RC_FLAGS,
	EBT_RC_COMM,
	EBT_RC_PARENT,
	EBT_RC_CGROUP,
	EBT_RC_UNIT,
	EBT_RC_USER_UNIT,
	EBT_RC_CONTAINER,
	EBT_RC_POD,
	EBT_RC_CWD,
	EBT_RC_EXE,
	EBT_RC_COMMAND,
	EBT_RC_MAX,
};

/* A column list with order and visibility. */
#define EBT_COLUMNS_MAX 30
struct ebt_columns {
	uint8_t id[EBT_COLUMNS_MAX];
	uint8_t count;
};

struct ebt_settings {
	unsigned screen; /* enum ebt_ui_screen to start with */
	unsigned theme;	 /* index in ebt_themes */
	enum ebt_group_by group_by;
	enum ebt_column sort;
	bool invert;
	bool wrap;
	bool program_path; /* the path of the executable in place of the first argument */
	bool cpu_meters;   /* figures of every CPU in the header, in several lines if need be */
	bool highlight;	   /* mark rows that began within the last second */
	struct ebt_columns events, tree, top; /* ids: ebt_row_column, ebt_row_column, ebt_column or
						 EBT_TOP_SPARK… */
};

/* Columns of Top that are no sort keys. */
enum ebt_top_extra { EBT_TOP_SPARK = EBT_COL_MAX, EBT_TOP_MISSING, EBT_TOP_CMAX };

void ebt_settings_default(struct ebt_settings *settings);
/* Change the settings that the text names. Return the number of wrong lines, which are skipped; err
 * gets a message about the first. */
int ebt_settings_parse(struct ebt_settings *settings, struct ebt_bytes text, char *err,
		       size_t err_len);
/* Append the settings as the text of a file. */
int ebt_settings_format(const struct ebt_settings *settings, struct ebt_buf *out);

/* Get the path of the user's file. Return -ENOENT if neither XDG_CONFIG_HOME nor HOME is set. */
int ebt_settings_path(struct ebt_buf *out);
/* Read the user's file or the machine's, up to one byte more than allowed; the caller frees the
 * text. Return -ENOENT if neither exists. */
int ebt_settings_read(char **text, size_t *len);
/* Set the defaults and change them by the text that was read (error is that of reading it). Return
 * the number of wrong lines, or -errno. */
int ebt_settings_take(struct ebt_settings *settings, struct ebt_bytes text, int error, char *err,
		      size_t err_len);
/* Do both, in a process that may open the file. */
int ebt_settings_load(struct ebt_settings *settings, char *err, size_t err_len);
/* Write path (of ebt_settings_path()) by temporary file and rename, creating its directories.
 * Return -EPERM if root acts for another user, because a file of root in that user's home would be
 * useless. */
int ebt_settings_save(const struct ebt_settings *settings, const char *path);

#endif
