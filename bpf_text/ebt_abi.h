/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ebt_abi.h - what the BPF programs and user space agree on.
 *
 * Included by the BPF text (compiled by libbcc) and by user space. Only fixed-width integers,
 * natural alignment, no padding that is not named; tests/unit/decode checks every size. All numbers
 * are in host byte order: ring and reader are on the same machine (a recording states its byte
 * order in its header).
 *
 * An event is one fixed record followed by a payload stream. The payload is the concatenation of
 * the sections named in enum ebt_sect (first those not in `late`, in order; then those in `late`,
 * in order). What does not fit into the scratch buffer follows in EBT_REC_DATA records that carry
 * on the stream at the byte where the last one stopped. All records of an event have the same (cpu,
 * slot, seq); all but the last have EBT_RECF_MORE.
 */
#ifndef EBT_ABI_H
#define EBT_ABI_H

/* The version of the records. A recording says which one its records have, and those of all versions
 * up to this one can be read.
 *	1: the first
 *	2: struct ebt_rec_exec has parent_comm and exe_version behind it (EBT_EXEC_HAS_PARENT_COMM)
 *	3: struct ebt_rec_exit has loginuid and sessionid behind it, which its size tells
 */
#define EBT_ABI_VERSION 3

/* Limits of the kernel, not ours. */
#define EBT_COMM_LEN	  16   /* TASK_COMM_LEN, include/linux/sched.h */
#define EBT_PATH_MAX	  4096 /* PATH_MAX, include/uapi/linux/limits.h */
#define EBT_SCRATCH_SLOTS 2    /* one program, and the one that got in between (design 5) */
#define EBT_SCRATCH_MIN	  512
#define EBT_SCRATCH_MAX	  32768	     /* PCPU_MIN_UNIT_SIZE, include/linux/percpu.h */
#define EBT_ARGS_MAX	  (6u << 20) /* 3/4 of _STK_LIM: bprm_stack_limits(), fs/exec.c */
/* Of the room of an exec's first record each of its three strings (name, exe, cwd) has an eighth,
 * at most this; the rest is for the arguments. */
#define EBT_INLINE_STR_MAX 384

enum ebt_rec_type {
	EBT_REC_EXEC = 1, /* struct ebt_rec_exec + payload */
	EBT_REC_EXIT = 2, /* struct ebt_rec_exit */
	EBT_REC_DATA = 3, /* struct ebt_rec_data + payload: continuation */
};

/* ebt_rec_hdr.flags */
#define EBT_RECF_MORE 0x0001 /* a continuation follows */
#define EBT_RECF_FAULT_ARGS \
	0x0002			  /* bytes of argv in this record were unreadable; they are zero \
				   */
#define EBT_RECF_FAULT_ENV 0x0004 /* the same for the environment */

struct ebt_rec_hdr {
	__u32 size;  /* of this record, bytes, this header included */
	__u8 type;   /* enum ebt_rec_type */
	__u8 slot;   /* scratch slot the event was built in: 0 or 1 */
	__u16 flags; /* EBT_RECF_* */
	__u64 seq;   /* the event's number on this CPU, from 1, without gaps but for lost events */
	__u64 mono_ns; /* CLOCK_MONOTONIC when the program ran */
	__u32 cpu;
	__u32 generation; /* of the image that wrote it: rises by one a swap */
};

/* Sections of an exec's payload stream. */
enum ebt_sect {
	EBT_SECT_FILENAME = 0, /* as passed to execve, no NUL */
	EBT_SECT_EXE = 1, /* path components leaf to root, each ending in NUL, see EBT_EXEC_EXE_* */
	EBT_SECT_CWD = 2, /* as EXE */
	EBT_SECT_ARGS = 3, /* mm->arg_start..arg_end: each argument ends in NUL */
	EBT_SECT_ENV = 4,  /* mm->env_start..env_end: likewise */
	EBT_SECT_MAX = 5,
};

/* ebt_rec_exec.flags */
#define EBT_EXEC_SCRIPT	     0x0001 /* a #! script (or binfmt_misc): the file run is the interpreter */
#define EBT_EXEC_EXE_DELETED 0x0002 /* exe is unlinked */
#define EBT_EXEC_CWD_DELETED 0x0004 /* cwd is unlinked */
#define EBT_EXEC_EXE_CUT     0x0008 /* root-side components are missing */
#define EBT_EXEC_CWD_CUT     0x0010
#define EBT_EXEC_EXE_UNREACHABLE \
	0x0020 /* walk ended at a mount that is not below the process's root */
#define EBT_EXEC_CWD_UNREACHABLE 0x0040
#define EBT_EXEC_FILENAME_CUT	 0x0080
#define EBT_EXEC_HAS_EXE	 0x0100 /* the walk was on: an empty EXE is "/", not "unknown" */
#define EBT_EXEC_HAS_CWD	 0x0200
#define EBT_EXEC_HAS_ENV	 0x0400
#define EBT_EXEC_FAILED		 0x0800	 /* ret < 0: an exec that did not happen */
#define EBT_EXEC_HAS_TTY	 0x1000	 /* tty[] is meaningful; empty means none */
#define EBT_EXEC_ARGS_PARTIAL	 0x2000	 /* failed exec: argv only as far as readable */
#define EBT_EXEC_EXE_MEMFD	 0x4000	 /* no path: an anonymous file (memfd, tmpfile) */
#define EBT_EXEC_ARGS_CUT	 0x10000 /* failed exec: argv goes on behind what was taken */
/* Failed exec: the new memory was in place already, so the arguments that were passed are gone. The
 * file name, if there is one, was read at the entry of the call; exe is that of the new program. */
#define EBT_EXEC_IMAGE_GONE 0x40000
/* Failed exec: the call ended without having begun, because seccomp or a debugger refused it. */
#define EBT_EXEC_NO_ENTRY 0x80000
#define EBT_EXEC_CGROUP_V1 \
	0x8000 /* cgroup_id is of a v1 hierarchy: the process is in the v2 root */
/* The record has parent_comm and exe_version. Records of version 1 do not: their payload begins in
 * the place of parent_comm. */
#define EBT_EXEC_HAS_PARENT_COMM 0x20000

/* The filters do not want this exec: it is sent because it ends one that they wanted. */
#define EBT_EXEC_UNWANTED 0x40000000

/* User space marks the id of a v1 cgroup with this bit, because ids of v1 and v2 hierarchies overlap.
 * The kernel's ids never reach it. */
#define EBT_CGROUP_V1 (1ull << 63)

#define EBT_UNSET 0xffffffffu /* a number this kernel does not give, or an unset loginuid */

struct ebt_rec_exec {
	struct ebt_rec_hdr hdr;
	__u32 pid;  /* tgid in the initial pid namespace */
	__u32 ppid; /* tgid of real_parent */
	__u32 tid;  /* of the thread that called exec, before it took the leader's place */
	__u32 vpid; /* tgid in its own pid namespace */
	__u32 uid, euid, gid, egid;
	__u32 loginuid;	 /* EBT_UNSET: not set */
	__u32 sessionid; /* audit session; EBT_UNSET: not set */
	__u32 pid_ns;	 /* namespace inode numbers, 0: unknown */
	__u32 mnt_ns;
	__s32 ret;   /* 0, or -errno for a failed exec */
	__u32 flags; /* EBT_EXEC_* */
	__u32 argc;  /* as counted by the kernel */
	__u32 envc;
	__u32 exe_dev;	   /* kernel-internal dev_t of exe's superblock: major << 20 | minor */
	__u32 fault_bytes; /* zero-filled bytes in this record */
	__u64 exe_ino;
	__u64 cgroup_id; /* kernfs id of the cgroup, 0: unknown; see EBT_EXEC_CGROUP_V1 */
	__u64 start_ns;	 /* CLOCK_MONOTONIC start of the thread-group leader */
	__u64 parent_start_ns;
	__u32 args_bytes;	      /* all of argv, NULs included */
	__u32 env_bytes;	      /* all of the environment */
	__u32 sect_len[EBT_SECT_MAX]; /* bytes of each section in the payload stream */
	__u32 late; /* bit per enum ebt_sect: comes after the others in the stream */
	char comm[EBT_COMM_LEN];
	char prev_comm[EBT_COMM_LEN]; /* before this exec; empty: unknown */
	char tty[EBT_COMM_LEN];
	char parent_comm[EBT_COMM_LEN]; /* of the parent's main thread; empty: unknown */
	__u64 exe_version;		/* as in struct ebt_exe_key */
};

struct ebt_rec_exit {
	struct ebt_rec_hdr hdr;
	__u32 pid, ppid;
	__s32 exit_code; /* as wait(2): code << 8 | signal | 0x80 when core was dumped */
	__u32 uid;
	__u64 start_ns;
	__u64 utime_ns; /* all threads, tick-sampled; scale by rtime_ns as cputime_adjust() does */
	__u64 stime_ns;
	__u64 rtime_ns; /* precise run time of all threads */
	__u64 maxrss_pages;
	char comm[EBT_COMM_LEN];
	__u32 loginuid;	 /* EBT_UNSET: not set; records of versions 1 and 2 end before it */
	__u32 sessionid; /* audit session; EBT_UNSET: not set */
};

struct ebt_rec_data {
	struct ebt_rec_hdr hdr;
	__u32 offset;	   /* of the first payload byte in the event's stream */
	__u32 fault_bytes; /* zero-filled bytes in this record */
};

/* Users of whom a CPU counts the lost events apart. Those of any further user are in the totals
 * only. */
#define EBT_LOSERS	4
#define EBT_LOSS_CAUSES 2 /* ring full, scratch slots taken: the first two of enum ebt_lost_cause */

struct ebt_loser {
	__u64 who; /* uid + 1; 0: the entry is free */
	__u64 lost[EBT_LOSS_CAUSES];
};

#define EBT_HIGH_WATER_BITS 32 /* of high_water below: the bytes */
/*
 * Per-CPU counters. On each CPU, after every program has returned, this holds:
 *	seen = filtered + delivered + lost_ring + lost_busy
 * and an event's seq is its place among the events that were not filtered.
 */
struct ebt_cpu_counters {
	__u64 seen;	 /* times a program ran for an event we report */
	__u64 filtered;	 /* not wanted: no record, no seq */
	__u64 delivered; /* first record is in the ring */
	__u64 lost_ring; /* ring full */
	__u64 lost_busy; /* both scratch slots taken */
	__u64 cut_ring;	 /* delivered, but the ring filled up midway: the event is marked args_lost
			   */
	__u64 seq;	 /* last number given */
	__u64 records;	 /* records in the ring, continuations included */
	__u64 bytes;	 /* their bytes, without the ring's own 8-byte headers */
	/* Most scratch bytes that an event of the newest generation used in one record. In the map
	 * that generation stands above EBT_HIGH_WATER_BITS. */
	__u64 high_water;
	__u64 max_event; /* most bytes of one event, all records */
	__u64 slot_used[EBT_SCRATCH_SLOTS];
	__u64 faults;	 /* events with unreadable bytes */
	__u64 truncated; /* events cut by --args or --env */
	__u64 wakeups;	 /* times the reader was woken early */
	__u64 execs;	 /* of seen */
	__u64 exits;	 /* of seen */
	__u64 failed;	 /* of seen: execs that failed */
	__u64 runs;	 /* programs run, forks included */
	__u64 run_ns;	 /* their time, by bpf_ktime_get_ns */
	__u64 aux_lost;	 /* a helper table (counts) was full */
	__u64 untracked; /* processes that --pid or a COMMAND means, but the table was full */
	__u64 ends_lost; /* processes whose end may be missing: the table of shown ones was full */
	/* Last, and counted before the totals: a copy made from front to back never has a total that
	 * is ahead of its parts. */
	struct ebt_loser losers[EBT_LOSERS];
};

/*
 * What a CPU counts, by generations: of even number and of odd. While an old generation comes to
 * rest beside the new one each has its own, so that the accounting can be checked for either. seq is one for
 * all: that in of[0].
 */
struct ebt_counter_pair {
	struct ebt_cpu_counters of[2];
};

/*
 * Filters. Element 0 of the map is not a filter: it says which of the others is in force (0: none,
 * all is wanted), and its EBT_FILTER_TREE that the table of tracked processes is kept. The loader
 * writes the one that is not in force, then its number: an event is judged by the old filters or by
 * the new ones.
 */
#define EBT_CONFIG_MAX	     3
#define EBT_FILTER_TREE	     0x1  /* only tgids in `tracked` and their descendants */
#define EBT_FILTER_UID	     0x2  /* only this uid, real or effective */
#define EBT_FILTER_REAL	     0x20 /* with EBT_FILTER_UID: only the real uid is compared */
#define EBT_FILTER_EFFECTIVE 0x40 /* with EBT_FILTER_UID: only the effective uid is */
#define EBT_FILTER_CGROUP    0x4  /* only this cgroup id or below */
#define EBT_FILTER_ENDS	     0x10 /* of element 0: the table of shown processes is kept */
#define EBT_FILTER_NO_ENOENT 0x8  /* failed execs: not those that found no file (PATH lookups) */

/* Of a process in the table `shown`: its present image was sent; an exec that is not wanted is being
 * sent as the end of that image; it was sent, and only the end of the process is still of interest. */
enum ebt_shown { EBT_SHOWN = 1, EBT_SHOWN_ENDING = 2, EBT_SHOWN_ENDED = 3 };

#define EBT_TRACKED_MAX 16384 /* entries of `tracked`, and of `shown` */

struct ebt_config {
	__u32 filter; /* EBT_FILTER_* */
	__u32 uid;
	__u64 cgroup_id;
	__u32 cgroup_level; /* of cgroup_id below the root, for bpf_get_current_ancestor_cgroup_id
			     */
	__u32 enabled;	    /* 0: programs return at once and count nothing */
	__u32 tree;	    /* with EBT_FILTER_TREE: bit of `tracked` that counts */
	__u32 active;	    /* of element 0 */
};

/* Program array slots: a stub tail-calls its own. */
enum ebt_slot {
	EBT_SLOT_EXEC = 0,
	EBT_SLOT_EXIT = 1,
	EBT_SLOT_FORK = 2,
	EBT_SLOT_RENAME = 3,
	EBT_SLOT_THREADS = 4, /* by generation, as those below */
	/* What an exec program jumps on to: the slot here for images of even generation, the next
	 * for odd ones, so that an event under way during a swap ends in the image it began in. */
	EBT_SLOT_WALK = 6,
	EBT_SLOT_BUILD = 8,
	EBT_SLOT_MORE = 10,
	EBT_SLOT_MAX = 12,
};

/* Counts by executable that no full ring can lose. What finds no room is counted under the key {0,
 * 0, 0}. */
#define EBT_EXE_MAX 4096
struct ebt_exe_key {
	__u64 ino;
	/* Generation and time of the last change of the inode, mixed. Another file that gets the same
	 * number has another one, and so has a file of another btrfs subvolume, which may have the same
	 * number and, to the kernel, the same device. */
	__u64 version;
	__u32 dev;
	__u32 pad;
};

struct ebt_exe_count {
	__u64 execs;
	__u64 failed;
	__u64 args_bytes;
	__u64 last_ns;		 /* CLOCK_MONOTONIC */
	char comm[EBT_COMM_LEN]; /* of the first exec counted */
};

struct ebt_exe_entry {
	struct ebt_exe_key key;
	struct ebt_exe_count count;
};

#endif
