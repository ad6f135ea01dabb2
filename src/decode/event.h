/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * event.h - one decoded event: what every consumer (model, sinks, recording) sees.
 *
 * All ebt_bytes are borrowed: valid during the callback that hands out the event, not longer.
 * Nothing here is trusted for display: bytes are as the traced process chose them.
 */
#ifndef EBT_DECODE_EVENT_H
#define EBT_DECODE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ebt_abi.h"

enum ebt_event_type {
	EBT_EVENT_EXEC,
	EBT_EVENT_EXIT,
	EBT_EVENT_LOST,
	EBT_EVENT_NOTE,
	EBT_EVENT_HOMEO,
	EBT_EVENT_REPLACED /* an exec that was not wanted ended the image of one that was */
};
#define EBT_EVENT_TYPES (EBT_EVENT_REPLACED + 1u)

enum ebt_lost_cause { EBT_LOST_RING, EBT_LOST_BUSY, EBT_LOST_UNKNOWN };

/* ebt_event_exec.flags; names in JSON stand beside them */
#define EBT_EV_ARGS_TRUNCATED	  0x0001 /* args_truncated: by --args */
#define EBT_EV_ARGS_FAULT	  0x0002 /* args_fault: some bytes were unreadable and are zero */
#define EBT_EV_ARGS_LOST	  0x0004 /* args_lost: the ring filled up midway */
#define EBT_EV_ARGS_INCOMPLETE	  (EBT_EV_ARGS_TRUNCATED | EBT_EV_ARGS_FAULT | EBT_EV_ARGS_LOST)
#define EBT_EV_ENV_TRUNCATED	  0x0008
#define EBT_EV_ENV_FAULT	  0x0010
#define EBT_EV_ENV_LOST		  0x0020
#define EBT_EV_PATH_TRUNCATED	  0x0040 /* path_truncated: exe is cut from the left */
#define EBT_EV_CWD_TRUNCATED	  0x0080 /* cwd_truncated */
#define EBT_EV_SCRIPT		  0x0100
#define EBT_EV_EXE_DELETED	  0x0200 /* exe_deleted */
#define EBT_EV_CWD_DELETED	  0x0400 /* cwd_deleted */
#define EBT_EV_HAS_EXE		  0x0800 /* not a JSON flag: exe was asked for and is known */
#define EBT_EV_HAS_CWD		  0x1000 /* not a JSON flag */
#define EBT_EV_HAS_ENV		  0x2000 /* not a JSON flag: env was asked for */
#define EBT_EV_FILENAME_TRUNCATED 0x4000
#define EBT_EV_HAS_TTY		  0x8000  /* not a JSON flag */
#define EBT_EV_EXE_UNREACHABLE	  0x10000 /* exe_unreachable: not below the process's root */
#define EBT_EV_CWD_UNREACHABLE	  0x20000
#define EBT_EV_IMAGE_GONE	  0x40000  /* image_gone: failed when the old memory was gone */
#define EBT_EV_NO_ENTRY		  0x80000  /* no_entry: refused before the call began */
#define EBT_EV_MATCH_UNKNOWN	  0x100000 /* match_unknown: -m or -c could not be judged */

#define EBT_EV_UNSET 0xffffffffu /* number not known or not set */

struct ebt_event_exec {
	uint32_t pid, ppid, tid, vpid;
	uint32_t uid, euid, gid, egid;
	uint32_t loginuid, sessionid; /* EBT_EV_UNSET: none */
	uint32_t pid_ns, mnt_ns;      /* 0: unknown */
	int32_t ret;		      /* 0, or -errno: the exec failed */
	uint32_t flags;		      /* EBT_EV_* */
	uint32_t argc, envc;
	uint32_t exe_dev; /* kernel dev_t: major << 20 | minor */
	uint64_t exe_ino;
	uint64_t exe_version; /* 0: not known; struct ebt_exe_key says what it is */
	uint64_t cgroup_id;   /* kernfs id; with EBT_CGROUP_V1 it is of the v1 memory (or pids)
			       hierarchy */
	uint64_t start_ns, parent_start_ns; /* CLOCK_MONOTONIC process starts: (pid, start_ns) names
					       a process for ever */
	uint32_t args_bytes, args_captured; /* NULs included */
	uint32_t env_bytes, env_captured;
	struct ebt_bytes comm, prev_comm, tty;
	struct ebt_bytes parent_comm; /* of the parent's main thread; empty: unknown */
	struct ebt_bytes filename;
	struct ebt_bytes exe; /* absolute path as seen from the process's root; " (deleted)" is not
				 part of it */
	struct ebt_bytes cwd;
	struct ebt_bytes args; /* each argument ends in NUL */
	struct ebt_bytes env;
};

struct ebt_event_exit {
	uint32_t pid, ppid, uid;
	int32_t status; /* wait(2) status word: W* macros apply */
	uint64_t start_ns;
	uint64_t lifetime_ns;	     /* since start_ns */
	uint64_t utime_ns, stime_ns; /* scaled to the precise run time, as wait4 and top do */
	uint64_t maxrss_bytes;
	bool has_login;		      /* the next two are known: records of version 3 have them */
	uint32_t loginuid, sessionid; /* EBT_EV_UNSET: none, or not known */
	struct ebt_bytes comm;
};

struct ebt_event_lost {
	enum ebt_lost_cause cause;
	uint64_t count; /* events lost since the last such event of this CPU, cause and user */
	uint32_t uid;	/* of the user whose events they were; EBT_EV_UNSET: not known */
};

/* Something that process homeostasis has to say (docs/homeostasis.md). */
enum ebt_homeo_level { EBT_HOMEO_DEBUG, EBT_HOMEO_INFO, EBT_HOMEO_WARNING, EBT_HOMEO_ERROR };

struct ebt_event_homeo {
	enum ebt_homeo_level level;
	uint32_t pid, tid;
	uint32_t slot;		       /* of the profile */
	uint32_t missed, lfc, max_lfc; /* of an anomaly: pairs, locality-frame counts */
	uint64_t train_count, count, anomalies;
	struct ebt_bytes event; /* "anomaly", "frozen", … as in JSON */
	struct ebt_bytes exe, comm;
	struct ebt_bytes call;	/* that did it; empty: none */
	struct ebt_bytes cause; /* a sentence */
};

struct ebt_event {
	enum ebt_event_type type;
	uint32_t cpu;
	uint64_t seq;	  /* per CPU; 0 for lost and note */
	uint64_t mono_ns; /* CLOCK_MONOTONIC */
	uint32_t generation;
	uint32_t records; /* ring records it came in */
	bool ends;     /* an unwanted exec that the kernel sent since it ends one that was wanted */
	bool unwanted; /* by the filters of the kernel or of a replay: it only ends what was shown */
	union {
		struct ebt_event_exec exec;
		struct ebt_event_exit exit; /* of a replaced image: pid, ppid, uid, start_ns */
		struct ebt_event_lost lost;
		struct {
			struct ebt_bytes text;
		} note;
		struct ebt_event_homeo homeo;
	};
};

/* Called once an event, in the order of completion. The event and its bytes are borrowed. */
typedef void (*ebt_event_fn)(const struct ebt_event *ev, void *arg);

/* The EBT_EV_* flags that say what an event lacks, in the order of their bits, with the names that
 * the outputs use and a line of documentation. */
struct ebt_event_flag {
	uint32_t bit;
	const char *name, *help;
};
extern const struct ebt_event_flag ebt_event_flags[];
extern const size_t ebt_event_flags_count;

const char *ebt_event_type_name(enum ebt_event_type type);    /* "exec", "exit", … */
const char *ebt_lost_cause_name(enum ebt_lost_cause cause);   /* "ring", "busy", "unknown" */
const char *ebt_homeo_level_name(enum ebt_homeo_level level); /* "debug", "info", … */
/* The level of a name; EBT_HOMEO_INFO when it is none. */
enum ebt_homeo_level ebt_homeo_level_find(const char *name);

#endif
