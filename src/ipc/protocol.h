/* SPDX-License-Identifier: BSD-3-Clause */
/* protocol.h - messages between loader and view over a SOCK_SEQPACKET pair: one fixed-size message
 * per packet, with descriptors
 *
 * The loader trusts no message: a compromised view can retune within the ranges of
 * ebt_params_check(), ask for the counters, stop and quit, and nothing else. */
#ifndef EBT_IPC_PROTOCOL_H
#define EBT_IPC_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/types.h>

#include "base/process_cost.h"
#include "ebt_abi.h"
#include "image/params.h"
#include "ipc/filters.h"

enum ebt_end {
	EBT_END_OF_RUN,
	EBT_END_NOT_BEGUN, /* COMMAND could not be run: nothing is worth being recorded */
};

enum ebt_msg_type {
	/* From loader to view: */
	/* Tracing is set up. fds: ring (with perf: epoll of its events), status memory, [the memory
	 * of command_output.h]. */
	EBT_MSG_START = 1,
	EBT_MSG_STATUS, /* the status memory is up to date */
	/* New buffers are in use. fds as for START; the old ring gets nothing more. The counters of
	 * the old generation (struct ebt_cpu_counters of each CPU) follow unless programs of it
	 * were still running. To `tune`: the settings in force. */
	EBT_MSG_SWAPPED,
	/* A retune failed. text has the reason, fds the output of compiler or verifier; value is
	 * not 0 if another retune continues. */
	EBT_MSG_REFUSED,
	/* No program runs any more and the counters are final. fds: counters of the last
	 * generation. */
	EBT_MSG_STOPPED,
	EBT_MSG_COMMAND,  /* the command ended with the wait status in value */
	EBT_MSG_FINISH,	  /* the loader was asked to end */
	EBT_MSG_PERF,	  /* fds: perf events of cpus[], value of them; START or SWAPPED follows */
	EBT_MSG_END,	  /* the loader ends on purpose; value is an enum ebt_end */
	EBT_MSG_ROTATE,	  /* end the part of the recording and begin the next */
	EBT_MSG_LAB,	  /* fds: the memory file of blob.h; without fds, text has the reason */
	EBT_MSG_FILTERED, /* filters and poll_ms are in force */
	/* Progress of a retune, whoever requested it; value is an enum ebt_progress. */
	EBT_MSG_PROGRESS,
	/* A program of the command, named in text, waits for input; value is its process, 0 if
	 * nobody waits any more. */
	EBT_MSG_WAITER,
	/* From view to loader: */
	EBT_MSG_GET_STATUS = 64,
	/* Change settings. value has an EBT_PARAM_BIT for each member of params to change; the
	 * others stay as they are, whoever changed them last. poll_ms 0 keeps it; filters are
	 * changed as far as given. */
	EBT_MSG_RETUNE,
	EBT_MSG_STOP,
	EBT_MSG_SUSPEND,     /* Ctrl-Z: stop the whole process group */
	EBT_MSG_GET_LAB,     /* send the running programs as source, bytecode and native code */
	EBT_MSG_TAKEN,	     /* the view has opened the transport of this generation */
	EBT_MSG_END_COMMAND, /* the user wants COMMAND to end with the view */
};

enum ebt_progress { EBT_PROGRESS_NONE, EBT_PROGRESS_COMPILING, EBT_PROGRESS_LOADING };

/* Members of ebt_params that a retune names, as bits by the member's offset. */
#define EBT_PARAM_BIT(member) (1u << offsetof(struct ebt_params, member))
/* Only from the view: load new programs and buffers even if nothing changes. */
#define EBT_RETUNE_ANYHOW (1u << 30)

#define EBT_MSG_FDS  4
#define EBT_MSG_TEXT 256

struct ebt_msg {
	uint32_t type;
	int32_t value;
	uint32_t generation;
	uint32_t ncpu;
	struct ebt_params params;
	uint64_t took_ns;    /* SWAPPED, START: time from compiling to running */
	uint64_t compile_ns; /* time of the compiler; 0 if the image came from the cache */
	uint64_t perf_bytes; /* with --transport perf, bytes of each CPU's buffer */
	/* FILTERED: events that began after this (CLOCK_MONOTONIC) are filtered by the new
	 * filters */
	uint64_t since_ns;
	int32_t cpus[EBT_MSG_FDS];
	char text[EBT_MSG_TEXT];
	uint32_t poll_ms;
	uint32_t reserved;
	struct ebt_filters filters;
};

#define EBT_STATUS_HOOKS 64

/* Shared memory that the loader writes and the view reads after EBT_MSG_STATUS. */
struct ebt_status {
	uint64_t mono_ns;
	uint64_t map_bytes, recursion_misses;
	uint32_t generation, ncpu;
	uint32_t n_exes;
	uint32_t offsets_cached; /* 1 if the kernel's offsets came from the cache, 0 if from BTF */
	char hooks[EBT_STATUS_HOOKS]; /* names of what is attached, see ebt_programs_hooks() */
	uint32_t n_costs, reserved;
	struct ebt_process_cost
		costs[EBT_COSTS_MAX];		/* n_costs entries: own_cost.h of the loader */
	struct ebt_exe_entry exes[EBT_EXE_MAX]; /* n_exes entries, if value of GET_STATUS was 1 */
	struct ebt_cpu_counters cpu[];		/* [ncpu] */
};

static inline size_t ebt_status_bytes(unsigned ncpu)
{
	return sizeof(struct ebt_status) + ncpu * sizeof(struct ebt_cpu_counters);
}

/* Send a message; fds (n of them, -1 not allowed) are borrowed. Return 0, -EPIPE if the other side
 * has ended, or another -errno. */
int ebt_msg_send(int sock, const struct ebt_msg *msg, const int *fds, int n_fds);
/* Send without waiting. Return also -EAGAIN if there is no room. */
int ebt_msg_offer(int sock, const struct ebt_msg *msg, const int *fds, int n_fds);
/* Receive one message without waiting. fds gets EBT_MSG_FDS entries, -1 where there is none; the
 * caller owns them. Return 1, 0 if there is no message, -EPIPE if the other side has ended, or
 * -EBADMSG for an invalid message (its descriptors are closed). */
int ebt_msg_receive(int sock, struct ebt_msg *msg, int fds[EBT_MSG_FDS]);

#endif
