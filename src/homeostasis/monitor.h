/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * monitor.h - the profiles of this machine as people see them: names, settings, what happened,
 * and the directory that keeps them over a restart.
 */
#ifndef EBT_HOMEOSTASIS_MONITOR_H
#define EBT_HOMEOSTASIS_MONITOR_H

#include "homeostasis/kernel.h"

#define EBT_PH_SAVE_INTERVAL_S 1000 /* ebpH's */

/* What to do about an anomalous process. */
enum ebt_ph_response {
	EBT_PH_RESPOND_NOTHING,
	EBT_PH_RESPOND_LOG,    /* to the system log */
	EBT_PH_RESPOND_DELAY,  /* stop it for 2^LFC units */
	EBT_PH_RESPOND_FREEZE, /* the same by a frozen cgroup of its own */
};

struct ebt_ph_settings {
	struct ebt_ph_config cfg;
	uint64_t save_interval_s;
	enum ebt_ph_response response;
	uint64_t delay_unit_ms;	 /* of 2^LFC */
	uint64_t delay_limit_ms; /* never stopped for longer */
	uint64_t kill_limit;	 /* LFC above which a process dies, where its profile asks */
};

/* One profile. */
struct ebt_ph_line {
	uint32_t slot;
	const char *path; /* borrowed from the monitor; "" when not known */
	bool kill;	  /* asked for */
	struct ebt_ph_profile profile;
	uint32_t pairs;		      /* of A; counted only when asked for */
	uint64_t bytes;		      /* in the kernel's tables; likewise */
	uint32_t lfc, max_lfc, tasks; /* of its threads that run now: highest LFC */
};

struct ebt_ph_monitor;

/* Who gave an order. */
struct ebt_ph_asker {
	uint32_t uid; /* EBT_PH_UID_HERE: the view that this monitor belongs to */
	uint32_t pid; /* 0: likewise */
};
#define EBT_PH_UID_HERE 0xffffffffu

/* Something happened: rec, and the name of its program ("" when not known). A note of the monitor
 * itself: rec->events is EBT_PH_EV_NOTE, rec->call an enum ebt_log_level, path the note's text. */
typedef void (*ebt_ph_event_fn)(const struct ebt_ph_rec *rec, const char *path, void *arg);

/* Takes the kernel over. dir: path of the profiles' directory, NULL: nothing is kept. Loads what is
 * there. -errno with one sentence in why; -EBUSY: another monitor has the directory (flock). */
int ebt_ph_monitor_new(struct ebt_ph_monitor **out, struct ebt_ph_kernel *kernel, const char *dir,
		       const struct ebt_ph_settings *settings, char *why, size_t why_len);
/* Watches no more, and saves for the last time; only _free may follow. -errno: not all was saved,
 * which has been said. */
int ebt_ph_monitor_end(struct ebt_ph_monitor *monitor);
/* Ends it when it has not been, then frees all. */
void ebt_ph_monitor_free(struct ebt_ph_monitor **monitor);

struct ebt_ph_kernel *ebt_ph_monitor_kernel(struct ebt_ph_monitor *monitor);
struct ebt_ph_settings *ebt_ph_monitor_settings(struct ebt_ph_monitor *monitor);
/* A setting by ebpH's name ("normal-wait", in seconds; see settings.c). -ENOENT, -ERANGE, -EINVAL
 * with a sentence. */
int ebt_ph_monitor_set(struct ebt_ph_monitor *monitor, const char *name, const char *value,
		       uint32_t uid, char *why, size_t why_len);

/* Can this kernel do what the settings ask? Once attached. -EOPNOTSUPP with a sentence. */
int ebt_ph_monitor_can(const struct ebt_ph_monitor *monitor, const struct ebt_ph_settings *settings,
		       char *why, size_t why_len);
/* Who is told of all that happens from now on; fn NULL: nobody. */
void ebt_ph_monitor_listen(struct ebt_ph_monitor *monitor, ebt_ph_event_fn fn, void *arg);
/* Takes what is new, saves and ends delays when it is time. The number of records or -errno. */
int ebt_ph_monitor_step(struct ebt_ph_monitor *monitor);
/* A line for people, without its newline, to a descriptor that stays open until _free. Never waits
 * for who reads it: that may be a process which the monitor has stopped (line_writer.h). */
void ebt_ph_monitor_print(struct ebt_ph_monitor *monitor, int fd, const char *line);
/* Lines lost because nobody read them: of these, and of those to the system log. */
uint64_t ebt_ph_monitor_lines_lost(const struct ebt_ph_monitor *monitor);
/* When the next step is due at the latest, ms. */
int ebt_ph_monitor_timeout_ms(const struct ebt_ph_monitor *monitor);

/* All profiles, malloc'd, *n of them. count: pairs and bytes too (reads every row). */
int ebt_ph_monitor_lines(struct ebt_ph_monitor *monitor, bool count, struct ebt_ph_line **out,
			 size_t *n);
/* Slot of a profile by path, base name, "#SLOT" or pid. -ENOENT, -ENOTUNIQ. */
int ebt_ph_monitor_find(struct ebt_ph_monitor *monitor, const char *what);
const char *ebt_ph_monitor_path(const struct ebt_ph_monitor *monitor, uint32_t slot);
/* normalize, sensitize, tolerize: an event with who asked. -ENOENT. */
int ebt_ph_monitor_verb(struct ebt_ph_monitor *monitor, uint32_t slot, enum ebt_ph_verb verb,
			const struct ebt_ph_asker *who);
/* A uid as people know it: "root", "uid 1234"; EBT_PH_UID_HERE: "the view". */
#define EBT_PH_USER_LEN 64
char *ebt_ph_user(char out[EBT_PH_USER_LEN], uint32_t uid);
/* Kills processes of this profile above the kill limit, or not (the default). Kept on disk. */
void ebt_ph_monitor_set_kill(struct ebt_ph_monitor *monitor, uint32_t slot, bool kill,
			     uint32_t uid);
/* Whether there is a directory to save to. */
bool ebt_ph_monitor_saves(const struct ebt_ph_monitor *monitor);
/* Writes all profiles that changed. Gives the number written or -errno. */
int ebt_ph_monitor_save(struct ebt_ph_monitor *monitor);

const char *ebt_ph_state_name(const struct ebt_ph_profile *profile);
void ebt_ph_settings_default(struct ebt_ph_settings *settings);
/* settings.c: the value of a setting as text, by number; NULL after the last. */
const char *ebt_ph_setting_name(size_t i, const char **help);
uint64_t ebt_ph_setting_get(const struct ebt_ph_settings *settings, size_t i);
int ebt_ph_setting_set(struct ebt_ph_settings *settings, const char *name, const char *value,
		       char *why, size_t why_len);

/* syscall_names.c: name of a call number of ours (compat ones end in "@compat"). */
#define EBT_PH_CALL_LEN 48
char *ebt_ph_call_name(char out[EBT_PH_CALL_LEN], uint32_t call);

#endif
