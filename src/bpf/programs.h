/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * programs.h - the privileged side: maps, programs, attachment, swaps, counters. Never reads event
 * data.
 *
 * Everything is held by file descriptors: nothing is pinned, and the end of the process takes all
 * of it away. Maps named in the persistent table (counters, filters, tracked processes, the program
 * array) live as long as the programs; the others belong to a generation and go with it.
 */
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
/* Detaches and frees everything. */
void ebt_programs_free(struct ebt_programs **programs);

/*
 * Loads an image beside what runs, as the next generation: creates its maps, patches offsets,
 * verifies, loads. Nothing changes for events yet. values: one a member, see ebt_members_resolve.
 * -EACCES/-EINVAL/-E2BIG from the verifier: failure->words has its log. The image is borrowed for
 * the call.
 */
int ebt_programs_prepare(struct ebt_programs *programs, const struct ebt_image *image,
			 const uint32_t *values, const struct ebt_params *params,
			 struct ebt_failure *failure);
/* Puts the prepared generation into the slots, one atomic store each. The one before it stays until
 * _retire. */
int ebt_programs_switch(struct ebt_programs *programs, struct ebt_failure *failure);
/* Forgets a prepared generation that was not switched to. */
void ebt_programs_discard(struct ebt_programs *programs);
/*
 * After a switch: waits (up to timeout_ms) until nothing of the generation before is at work. True
 * when it came to rest. A program between its beginning and its busy mark cannot be seen from
 * outside; programs run without preemption until then, so a grace period of the kernel
 * (membarrier(2)) waits for it.
 */
bool ebt_programs_settle(struct ebt_programs *programs, unsigned timeout_ms);
/* Frees the generation before the current one: takes it out of its slots, drops its programs and
 * maps. What it counted ends here. */
void ebt_programs_retire(struct ebt_programs *programs);

/* Attaches the stubs (raw tracepoints) that the configuration needs: set that first. Once; -ENOENT
 * and the like: failure says which. */
int ebt_programs_attach(struct ebt_programs *programs, struct ebt_failure *failure);
/* Detaches: no event begins after this returns, and none is under way after ebt_programs_quiesce. */
void ebt_programs_detach(struct ebt_programs *programs);
/* After detaching: waits (up to timeout_ms) until nothing is at work any more, as _settle. True
 * when it came to rest: the counters are final. */
bool ebt_programs_quiesce(struct ebt_programs *programs, unsigned timeout_ms);

/* At any time, and once before _attach: until then nothing is counted. Every event is judged by the
 * filters before or by these. On failure those before stay. */
int ebt_programs_set_filters(struct ebt_programs *programs, const struct ebt_filter_set *set,
			     struct ebt_failure *failure);

unsigned ebt_programs_ncpu(const struct ebt_programs *programs); /* possible CPUs */
/* Counters of every possible CPU, read now, into out[ncpu]: of all generations, ... */
int ebt_programs_counters(struct ebt_programs *programs, struct ebt_cpu_counters *out);
/* ... of the one before the current (after _settle, before _retire: final), or of the current one
 * alone (after _quiesce; -EBUSY: it did not come to rest). High water and largest event are of all
 * generations of that parity, seq is 0 or that of all. */
int ebt_programs_counters_old(struct ebt_programs *programs, struct ebt_cpu_counters *out);
int ebt_programs_counters_current(struct ebt_programs *programs, struct ebt_cpu_counters *out);
/* Counts by executable, up to max of them; key {0, 0, 0} is what found no room. Returns how many.
 */
int ebt_programs_exe_counts(struct ebt_programs *programs, struct ebt_exe_entry *out, uint32_t max);
/* Borrowed fd of the current generation's ring. */
int ebt_programs_ring_fd(const struct ebt_programs *programs);
/* The current generation's perf buffers, borrowed; NULL: it has a ring. */
struct ebt_perf_events;
const struct ebt_perf_events *ebt_programs_perf(const struct ebt_programs *programs);
uint32_t ebt_programs_generation(const struct ebt_programs *programs);
const struct ebt_params *ebt_programs_params(const struct ebt_programs *programs);
/* Memory of all our maps as the kernel accounts for it, all generations. */
uint64_t ebt_programs_map_bytes(const struct ebt_programs *programs);
/* Program runs that the kernel skipped because the program was already running on that CPU. */
uint64_t ebt_programs_recursion_misses(const struct ebt_programs *programs);
/* Fd of a loaded program of the current generation, by name; -ENOENT. Borrowed. */
int ebt_programs_prog_fd(const struct ebt_programs *programs, const char *name);
int ebt_programs_map_fd(const struct ebt_programs *programs, const char *name);
/* Return the borrowed fd of the attached program of that name, or -ENOENT when it is not a stub. */
int ebt_programs_stub_fd(const struct ebt_programs *programs, const char *name);
/* Return the generation that runs, NULL when there is none. For this room only. */
struct ebt_generation;
const struct ebt_generation *ebt_programs_current(const struct ebt_programs *programs);

#endif
