/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_ph_abi.h - what homeostasis.bpf.c and user space agree on beside ebt_ph.h: the tables' sizes,
 * the records, the counters, the verbs.
 */
#ifndef EBT_PH_ABI_H
#define EBT_PH_ABI_H

/* Table sizes; the loader may give others (-D). Slot 0 of profiles and rows means "none". */
#ifndef EBT_PH_PROFILES
#define EBT_PH_PROFILES 2048
#endif
#ifndef EBT_PH_ROWS
#define EBT_PH_ROWS 32768
#endif
/* Threads have their place by tid; those whose place is another's are in a hash. Powers of two. */
#ifndef EBT_PH_TASKS
#define EBT_PH_TASKS 32768
#endif
#ifndef EBT_PH_MORE_TASKS
#define EBT_PH_MORE_TASKS 16384
#endif

#define EBT_PH_PATH_LEN 256
#define EBT_PH_COMM_LEN 16

/* One record for a call, an exec or an adopted thread that brought something about. */
struct ebt_ph_rec {
	__u32 events; /* EBT_PH_EV_*, without the shifted count */
	__u32 pid, tid;
	__u32 profile;
	__u64 mono_ns;
	__u64 count; /* calls of this thread since exec */
	__u64 train_count, anomalies;
	struct ebt_ph_key key;
	__u32 call;   /* that did it */
	__u32 missed; /* pairs */
	__u32 lfc, max_lfc;
	char comm[EBT_PH_COMM_LEN];
	__u32 path_len;		    /* NUL included; 0: not known here */
	__u32 uid;		    /* EBT_PH_EV_ASKED: who asked, pid too */
	char path[EBT_PH_PATH_LEN]; /* last: a record ends behind it */
};

/* Per CPU. Everything that a full table or a clash kept from being recorded. */
struct ebt_ph_counters {
	__u64 adopted;	     /* threads that ran before we did */
	__u64 learned;	     /* calls with new pairs */
	__u64 anomalies;     /* anomalous calls */
	__u64 records;	     /* in the ring */
	__u64 ring_lost;     /* ring full: the record is lost, the counts are not */
	__u64 scratch_busy;  /* no buffer for a record */
	__u64 profiles_full; /* a program that has no profile: it is not watched */
	__u64 rows_full;     /* calls not looked at: no row for the pair */
	__u64 tasks_full;    /* threads not watched */
	__u64 columns_full;  /* calls that share the last column */
	__u64 row_clashes;   /* calls not looked at: their row was just being brought up to date */
	__u64 denied;	     /* execs refused */
	__u64 frames_lost;   /* signal handlers nested deeper, or left by longjmp */
};

/* Shared by all CPUs. */
struct ebt_ph_global {
	__u64 profiles; /* slots given out */
	__u64 rows;	/* likewise */
};

/* ebt_ph_on_verb: run by the loader with { profile, verb }. */
enum ebt_ph_verb {
	EBT_PH_NORMALIZE = 1,
	EBT_PH_SENSITIZE = 2,
	EBT_PH_TOLERIZE = 3,
};

#endif
