/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * protocol.h - what loader and view say to each other over a SOCK_SEQPACKET pair: one fixed-size
 * message a packet, descriptors beside it. The loader trusts nothing it gets: a view that was taken
 * over can retune within the ranges of ebt_params_check, ask for the counters, stop and quit, and
 * nothing else.
 */
#ifndef EBT_IPC_PROTOCOL_H
#define EBT_IPC_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/types.h>

#include "ebt_abi.h"
#include "image/params.h"
#include "ipc/filters.h"

enum ebt_msg_type {
	/* loader -> view */
	EBT_MSG_START = 1, /* fds: ring (perf: epoll of its events), status memory, [command's
			      output]. Tracing is set up. */
	EBT_MSG_STATUS,	   /* the status memory is fresh */
	EBT_MSG_SWAPPED,   /* fds: new ring, likewise; the old one gets no more after what it holds.
			      Behind it: what the old generation counted (struct ebt_cpu_counters of
			      each CPU), unless it did not come to rest. To `tune`: what runs */
	EBT_MSG_REFUSED,   /* retune failed; text says why, fds: the compiler's or verifier's words;
			      value is not 0 when another one goes on */
	EBT_MSG_STOPPED,   /* nothing runs any more; counters are final; fds: those of the last
			      generation */
	EBT_MSG_COMMAND,   /* the command ended with value (wait status) */
	EBT_MSG_FINISH,	   /* the loader was asked to end */
	EBT_MSG_PERF,	   /* fds: perf events of cpus[], value of them; START or SWAPPED follows */
	EBT_MSG_END,	   /* the loader ends now, on purpose: its absence is no accident */
	EBT_MSG_LAB,	   /* fds: what blob.h describes; none: text says why */
	EBT_MSG_FILTERED,  /* filters and poll_ms are in force */
	EBT_MSG_PROGRESS,  /* of a retune, whoever asked for it: value is an enum ebt_progress */
	/* view -> loader */
	EBT_MSG_GET_STATUS = 64,
	EBT_MSG_RETUNE, /* value has an EBT_PARAM_BIT for each member of params that is meant:
			   the others stay as they are, whoever changed them last; poll_ms (0:
			   as it is), filters as far as given */
	EBT_MSG_STOP,
	EBT_MSG_SUSPEND,     /* Ctrl-Z: the whole process group */
	EBT_MSG_GET_LAB,     /* what runs, as source, bytecode and native code */
	EBT_MSG_TAKEN,	     /* the transport of this generation is open */
	EBT_MSG_END_COMMAND, /* the user wants COMMAND to end with the view */
};

enum ebt_progress { EBT_PROGRESS_NONE, EBT_PROGRESS_COMPILING, EBT_PROGRESS_LOADING };

/* Members of ebt_params that a retune names; a bit by the member's offset. */
#define EBT_PARAM_BIT(member) (1u << offsetof(struct ebt_params, member))
/* The view's: new programs and buffers also when nothing is to change. */
#define EBT_RETUNE_ANYHOW (1u << 30)

#define EBT_MSG_FDS  4
#define EBT_MSG_TEXT 256

struct ebt_msg {
	uint32_t type;
	int32_t value;
	uint32_t generation;
	uint32_t ncpu;
	struct ebt_params params;
	uint64_t took_ns;    /* SWAPPED, START: compile to running */
	uint64_t compile_ns; /* of that the compiler, 0: the image came from the cache */
	uint64_t perf_bytes; /* with --transport perf: of each CPU's buffer */
	uint64_t since_ns;   /* FILTERED: what began later is judged by these (CLOCK_MONOTONIC) */
	int32_t cpus[EBT_MSG_FDS];
	char text[EBT_MSG_TEXT];
	uint32_t poll_ms;
	uint32_t reserved;
	struct ebt_filters filters;
};

/* Shared memory: the loader writes, the view reads after EBT_MSG_STATUS. */
struct ebt_status {
	uint64_t mono_ns;
	uint64_t map_bytes, recursion_misses;
	uint32_t generation, ncpu;
	uint32_t n_exes, reserved;
	struct ebt_exe_entry exes[EBT_EXE_MAX]; /* n_exes of them, when value of GET_STATUS was 1 */
	struct ebt_cpu_counters cpu[];		/* ncpu */
};

static inline size_t ebt_status_bytes(unsigned ncpu)
{
	return sizeof(struct ebt_status) + ncpu * sizeof(struct ebt_cpu_counters);
}

/* Sends; fds (n of them, -1 not allowed) are borrowed. 0, -EPIPE: the other side is gone, -errno.
 */
int ebt_msg_send(int sock, const struct ebt_msg *msg, const int *fds, int n_fds);
/* The same, never waiting: -EAGAIN when there is no room. */
int ebt_msg_offer(int sock, const struct ebt_msg *msg, const int *fds, int n_fds);
/* Takes one message without waiting. fds gets EBT_MSG_FDS entries, -1 where none came; the caller
 * owns them. 1: one taken, 0: none there, -EPIPE: the other side is gone, -EBADMSG: not a message
 * of ours (descriptors are closed). */
int ebt_msg_receive(int sock, struct ebt_msg *msg, int fds[EBT_MSG_FDS]);

#endif
