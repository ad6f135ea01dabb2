/* SPDX-License-Identifier: BSD-3-Clause */
/* group.h - count execs by what they have in common, in six groupings at once
 *
 * Every exec is counted when it starts and when it ends, so the counts do not depend on the rows
 * that the history still holds. Names are interned: looked up by a keyed 128-bit hash and stored
 * once, up to EBT_GROUP_NAME_MAX bytes. If a grouping has EBT_GROUPS_MAX entries, or all groupings
 * together exceed their bytes, the group that was seen longest ago and has no running processes is
 * added to "(other)" and dropped. */
#ifndef EBT_GROUPS_GROUP_H
#define EBT_GROUPS_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/siphash.h"
#include "config/choices.h"
#include "groups/index.h"
#include "groups/parents.h"
#include "groups/rate.h"

#define EBT_GROUPS_MAX	   (1u << 16) /* per grouping, including "(other)" */
#define EBT_GROUP_NAME_MAX 4096u

/* Lifetimes have two buckets per octave from 2^16 ns (65 us) to 2^47 ns (39 h), one below and one
 * above. A bucket is at most half as wide as its lower bound, which bounds the error of the
 * percentile. */
#define EBT_LIFE_BUCKETS 64u
#define EBT_LIFE_SHIFT	 16u

unsigned ebt_life_bucket(uint64_t ns);
uint64_t ebt_life_bucket_low(unsigned bucket);

struct ebt_grp {
	struct ebt_hash_key key;
	struct ebt_grp *newer, *older; /* list in the order of the last exec */
	const char *name;
	uint32_t name_len;
	uint32_t last_pid;
	uint64_t last_row; /* id of the row of its last exec; 0 if it has none */
	uint64_t id;
	uint64_t number; /* uid or cgroup id */
	uint64_t count, failures, running;
	/* execs that the kernel counted but whose records were lost; only by exe */
	uint64_t missing;
	uint64_t runs; /* ended runs with a known lifetime */
	uint64_t life_sum_ns, life_max_ns;
	uint64_t cpu_ns, args_bytes;
	uint64_t
		live_cpu_ns; /* CPU time so far of its running processes, as far as it was sampled */
	uint64_t shown_ns;   /* time of the last snapshot that had it; 0 if there was none */
	struct ebt_parents *parents; /* owned, behind the group; NULL but in EBT_GROUP_COMM */
	uint64_t last_mono_ns, last_real_ns;
	uint64_t touched_s;
	uint32_t filter_generation; /* filter generation that filter_match belongs to */
	bool filter_match;
	struct ebt_rate rate;
	uint32_t life[EBT_LIFE_BUCKETS];
};

struct ebt_grouping {
	struct ebt_index index; /* by key.lo */
	struct ebt_grp *newest, *oldest;
	struct ebt_grp other; /* not in the index */
	unsigned n;	      /* number of groups in the index */
	size_t bytes;
};

struct ebt_groups {
	struct ebt_grouping by[EBT_GROUP_BY_MAX];
	struct ebt_hash_seed seed;
	size_t bytes, bytes_max;
	uint64_t next_id;
	uint64_t cpu_ns; /* CPU time of all ended runs */
};

void ebt_groups_init(struct ebt_groups *groups, size_t bytes_max);
void ebt_groups_deinit(struct ebt_groups *groups);
/* Drop all groups. Ids continue. */
void ebt_groups_clear(struct ebt_groups *groups);

/* What is known of an exec that it is grouped by. */
struct ebt_group_parts {
	bool failed;
	struct ebt_bytes comm, exe, filename, args, parent_comm;
};
/* Return what an exec is called in a grouping that is not by number. */
struct ebt_bytes ebt_groups_name_of(enum ebt_group_by by, const struct ebt_group_parts *parts);
/* Return whether a grouping is by a number: a uid or a cgroup id. */
static inline bool ebt_group_by_number(enum ebt_group_by by)
{
	return by == EBT_GROUP_USER || by == EBT_GROUP_CGROUP;
}

/* Return the group with an id, or NULL if there is none. "(other)" is none. */
const struct ebt_grp *ebt_groups_by_id(const struct ebt_groups *groups, enum ebt_group_by by,
				       uint64_t id);

/* Return the key of a text or number, and start loading the place of its group into the cache. */
struct ebt_hash_key ebt_groups_key(const struct ebt_groups *groups, enum ebt_group_by by,
				   struct ebt_bytes name);
struct ebt_hash_key ebt_groups_key_number(const struct ebt_groups *groups, enum ebt_group_by by,
					  uint64_t number);
/* Return the group of a key, or NULL. "(other)" is none. */
struct ebt_grp *ebt_groups_find(const struct ebt_groups *groups, enum ebt_group_by by,
				struct ebt_hash_key key);
/* Return the group of a text or number with its key, or "(other)" if there is no room. It is valid
 * until the next ebt_groups_get() unless a process of the group runs. */
struct ebt_grp *ebt_groups_get(struct ebt_groups *groups, enum ebt_group_by by,
			       struct ebt_hash_key key, struct ebt_bytes name);
struct ebt_grp *ebt_groups_get_number(struct ebt_groups *groups, enum ebt_group_by by,
				      struct ebt_hash_key key, uint64_t number);

struct ebt_group_start {
	uint64_t mono_ns, real_ns;
	uint64_t row; /* id of its row; 0 if it has none */
	uint32_t pid, ppid, args_bytes;
	struct ebt_bytes parent_comm;
	bool failed; /* nothing runs */
};
void ebt_group_start(struct ebt_groups *groups, enum ebt_group_by by, struct ebt_grp *grp,
		     const struct ebt_group_start *start);

struct ebt_group_end {
	bool known;	 /* run_ns is meaningful */
	bool failed;	 /* exit status other than 0 */
	uint64_t run_ns; /* of this run */
	uint64_t cpu_ns;
};
void ebt_group_end(struct ebt_grp *grp, const struct ebt_group_end *end);

uint64_t ebt_group_life_p95(const struct ebt_grp *grp);
static inline uint64_t ebt_group_life_mean(const struct ebt_grp *grp)
{
	return grp->runs ? grp->life_sum_ns / grp->runs : 0;
}

/* Return the number of groups in the grouping, including "(other)" if its count is not 0. */
static inline size_t ebt_grouping_count(const struct ebt_grouping *g)
{
	return g->n + (g->other.count + g->other.missing > 0);
}

#endif
