/* SPDX-License-Identifier: BSD-3-Clause */
/* programs.h - load, attach and switch the BPF programs, and read their counters; this side never
 * reads event data
 *
 * Everything is held by file descriptors: nothing is pinned, so it is gone when the process ends.
 * Persistent maps (counters, filters, tracked processes, the program array) live as long as the
 * programs; other maps belong to a generation and are freed with it. */
#ifndef EBT_BPF_PROGRAMS_H
#define EBT_BPF_PROGRAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <linux/types.h>

#include "base/bytes.h"
#include "base/failure.h"
#include "bpf/kernel_filters.h"
#include "ebt_abi.h"
#include "image/image.h"
#include "image/params.h"

struct ebt_programs;

int ebt_programs_new(struct ebt_programs **out);
/* Detach and free everything. */
void ebt_programs_free(struct ebt_programs **programs);

/* Load an image as the next generation beside the running one: create its maps, fill in offsets,
 * verify, load. Events are not affected yet. values has one element per member
 * (ebt_members_resolve). Return 0 or -errno; with -EACCES, -EINVAL or -E2BIG from the verifier,
 * failure->words holds its log. The image is borrowed for the call. */
int ebt_programs_prepare(struct ebt_programs *programs, const struct ebt_image *image,
			 const uint32_t *values, const struct ebt_params *params,
			 struct ebt_failure *failure);
/* Put the prepared generation into the slots, with one atomic store each. The generation before
 * stays until ebt_programs_retire(). */
int ebt_programs_switch(struct ebt_programs *programs, struct ebt_failure *failure);
/* Free a prepared generation that was not switched to. */
void ebt_programs_discard(struct ebt_programs *programs);
/* Wait up to timeout_ms after a switch until no program of the generation before is running. Return
 * true if this is so. A program cannot be seen from outside between its beginning and its busy
 * mark; it is not preempted until then, so a grace period of the kernel (membarrier(2)) waits for
 * it. */
bool ebt_programs_settle(struct ebt_programs *programs, unsigned timeout_ms);
/* Free the generation before the current one: remove it from its slots and close its programs and
 * maps. Its count ends here. */
void ebt_programs_retire(struct ebt_programs *programs);

/* Attach the stubs (raw tracepoints) that the configuration needs, once. Set the filters first.
 * Return 0 or -errno; failure names the tracepoint. */
int ebt_programs_attach(struct ebt_programs *programs, struct ebt_failure *failure);
/* Detach the stubs: no event begins after this returns, and none is in progress after
 * ebt_programs_quiesce(). */
void ebt_programs_detach(struct ebt_programs *programs);
/* Write the short names of what is attached now, such as "exec exit rename failed:fexit", into
 * out. */
void ebt_programs_hooks(const struct ebt_programs *programs, char *out, size_t out_len);
/* Wait up to timeout_ms after detaching until no program is running, like ebt_programs_settle().
 * Return true if this is so; the counters are final then. */
bool ebt_programs_quiesce(struct ebt_programs *programs, unsigned timeout_ms);

/* Change the filters, at any time, and once before ebt_programs_attach(): until then nothing is
 * counted. Every event is judged either by the filters before or by these. On failure those before
 * stay in force. */
int ebt_programs_set_filters(struct ebt_programs *programs, const struct ebt_filter_set *set,
			     struct ebt_failure *failure);

/* Return the number of possible CPUs, the length of the arrays below. */
unsigned ebt_programs_ncpu(const struct ebt_programs *programs);
/* Read the counters of every possible CPU into out[ncpu]: those of all generations, */
int ebt_programs_counters(struct ebt_programs *programs, struct ebt_cpu_counters *out);
/* those of the generation before the current one (final between ebt_programs_settle() and
 * ebt_programs_retire()), or those of the current one (final after ebt_programs_quiesce(); -EBUSY
 * if programs were still running). High water and largest event cover all generations of that
 * parity; seq is 0 or that of all generations. */
int ebt_programs_counters_old(struct ebt_programs *programs, struct ebt_cpu_counters *out);
int ebt_programs_counters_current(struct ebt_programs *programs, struct ebt_cpu_counters *out);
/* Read up to max counts by executable into out and return their number. The key {0, 0, 0} holds the
 * count of executables that found no room. */
int ebt_programs_exe_counts(struct ebt_programs *programs, struct ebt_exe_entry *out, uint32_t max);
/* Return the borrowed fd of the current generation's ring. */
int ebt_programs_ring_fd(const struct ebt_programs *programs);
/* Return the current generation's perf buffers, borrowed, or NULL if it has a ring. */
struct ebt_perf_events;
const struct ebt_perf_events *ebt_programs_perf(const struct ebt_programs *programs);
uint32_t ebt_programs_generation(const struct ebt_programs *programs);
const struct ebt_params *ebt_programs_params(const struct ebt_programs *programs);
/* Return the memory of all maps of all generations in bytes, as the kernel accounts for it. */
uint64_t ebt_programs_map_bytes(const struct ebt_programs *programs);
/* Return how many program runs the kernel skipped because the program was already running on that
 * CPU. */
uint64_t ebt_programs_recursion_misses(const struct ebt_programs *programs);
/* Return the borrowed fd of a program of the current generation by name, or -ENOENT. */
int ebt_programs_prog_fd(const struct ebt_programs *programs, const char *name);
int ebt_programs_map_fd(const struct ebt_programs *programs, const char *name);
/* Return the borrowed fd of the attached program of that name, or -ENOENT if it is not a stub. */
int ebt_programs_stub_fd(const struct ebt_programs *programs, const char *name);
/* Return the running generation, or NULL if there is none. For this room only. */
struct ebt_generation;
const struct ebt_generation *ebt_programs_current(const struct ebt_programs *programs);

#endif
