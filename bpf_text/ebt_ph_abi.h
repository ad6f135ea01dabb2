/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_ph_abi.h - the interface between homeostasis.bpf.c and user space beside ebt_ph.h: table sizes,
 * records, counters and verbs.
 */
#ifndef EBT_PH_ABI_H
#define EBT_PH_ABI_H

/* Table sizes; a compiler definition (-D) overrides them. Slot 0 of profiles and rows means "none". */
#ifndef EBT_PH_PROFILES
#define EBT_PH_PROFILES 2048
#endif
#ifndef EBT_PH_ROWS
#define EBT_PH_ROWS 32768
#endif
/* A thread is found in an array by its tid modulo the size, or in a hash if another thread has its
 * array element. Both sizes are powers of two. */
#ifndef EBT_PH_TASKS
#define EBT_PH_TASKS 32768
#endif
#ifndef EBT_PH_MORE_TASKS
#define EBT_PH_MORE_TASKS 16384
#endif

#define EBT_PH_PATH_LEN 256
#define EBT_PH_COMM_LEN 16

/* One record: a call, an exec or an adopted thread with a result to report. */
struct ebt_ph_rec {
	__u32 events; /* EBT_PH_EV_*, without the shifted count */
	__u32 pid, tid;
	__u32 profile;
	__u64 mono_ns;
	__u64 count; /* calls of this thread since exec */
	__u64 train_count, anomalies;
	struct ebt_ph_key key;
	__u32 call;   /* the call that caused the record */
	__u32 missed; /* pairs missing in B */
	__u32 lfc, max_lfc;
	char comm[EBT_PH_COMM_LEN];
	__u32 path_len; /* with the NUL; 0: not known */
	__u32 uid;	/* EBT_PH_EV_ASKED: the user who asked; pid is the process that did */
	char path[EBT_PH_PATH_LEN]; /* last member, so that a record without a path is shorter */
};

/* Per-CPU counters, with everything that a full table or a collision kept from being recorded. */
struct ebt_ph_counters {
	__u64 adopted;	     /* threads that ran before the monitor started */
	__u64 learned;	     /* calls with new pairs */
	__u64 anomalies;     /* anomalous calls */
	__u64 records;	     /* records sent */
	__u64 ring_lost;     /* records lost because the ring was full; the counts are kept */
	__u64 scratch_busy;  /* records lost because no buffer was free */
	__u64 profiles_full; /* program starts without a profile: they are not watched */
	__u64 rows_full;     /* calls not examined for lack of a row */
	__u64 tasks_full;    /* threads not watched for lack of a state */
	__u64 columns_full;  /* calls put into the shared last column */
	__u64 row_clashes;   /* calls not examined because another CPU held their row */
	__u64 denied;	     /* execs refused */
	__u64 frames_lost;   /* frames of signal handlers nested too deep, or left by longjmp */
};

/* Shared by all CPUs. */
struct ebt_ph_global {
	__u64 profiles; /* slots assigned */
	__u64 rows;	/* rows assigned */
};

/* Arguments of ebt_ph_on_verb, which user space runs with { profile, verb }. */
enum ebt_ph_verb {
	EBT_PH_NORMALIZE = 1,
	EBT_PH_SENSITIZE = 2,
	EBT_PH_TOLERIZE = 3,
};

#endif
