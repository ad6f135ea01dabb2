/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * group.h - execs counted by what they have in common, six ways at once.
 *
 * Every exec is counted when it starts and when it ends, so the counts do not depend on what the
 * history still holds. Names are interned: looked up by a keyed 128-bit hash, stored once, and only
 * their first EBT_GROUP_NAME_MAX bytes. When a grouping has EBT_GROUPS_MAX entries, or all of them
 * take more than their bytes, the group seen longest ago of which nothing runs is added to
 * "(other)" and forgotten.
 */
#ifndef EBT_MODEL_GROUP_H
#define EBT_MODEL_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "model/hash.h"
#include "model/index.h"
#include "model/rate.h"
#include "model/snapshot.h"

#define EBT_GROUPS_MAX	   (1u << 16) /* a grouping, "(other)" included */
#define EBT_GROUP_NAME_MAX 4096u

/*
 * Lifetimes: two buckets an octave from 2^16 ns (65 us) to 2^47 ns (39 h), one below and one above.
 * A bucket is at most half as wide as its lower bound, which is the error of the percentile.
 */
#define EBT_LIFE_BUCKETS 64u
#define EBT_LIFE_SHIFT	 16u

unsigned ebt_life_bucket(uint64_t ns);
uint64_t ebt_life_bucket_low(unsigned bucket);

struct ebt_grp {
	struct ebt_hash_key key;
	struct ebt_grp *newer, *older; /* by last exec */
	const char *name;
	uint32_t name_len;
	uint32_t last_pid;
	uint64_t last_row; /* id of its last exec's row; 0: it has none */
	uint64_t id;
	uint64_t number; /* uid or cgroup id */
	uint64_t count, failures, running;
	uint64_t missing; /* execs the kernel counted whose records were lost; by exe only */
	uint64_t runs;	  /* ended, with a known lifetime */
	uint64_t life_sum_ns, life_max_ns;
	uint64_t cpu_ns, args_bytes;
	uint64_t last_mono_ns, last_real_ns;
	uint64_t touched_s;
	uint32_t filter_generation; /* filter_match is of this one */
	bool filter_match;
	struct ebt_rate rate;
	uint32_t life[EBT_LIFE_BUCKETS];
};

struct ebt_grouping {
	struct ebt_index index; /* by key.lo */
	struct ebt_grp *newest, *oldest;
	struct ebt_grp other; /* not in the index */
	unsigned n;	      /* in the index */
	size_t bytes;
};

struct ebt_groups {
	struct ebt_grouping by[EBT_GROUP_BY_MAX];
	struct ebt_hash_seed seed;
	size_t bytes, bytes_max;
	uint64_t next_id;
	uint64_t cpu_ns; /* of all ended runs */
};

void ebt_groups_init(struct ebt_groups *groups, size_t bytes_max);
void ebt_groups_deinit(struct ebt_groups *groups);
/* Forgets all groups; ids go on. */
void ebt_groups_clear(struct ebt_groups *groups);

/* Keys of texts and numbers; the place of the group is fetched for a look-up soon. */
struct ebt_hash_key ebt_groups_key(const struct ebt_groups *groups, enum ebt_group_by by,
				   struct ebt_bytes name);
struct ebt_hash_key ebt_groups_key_number(const struct ebt_groups *groups, enum ebt_group_by by,
					  uint64_t number);
/* The group of a text or of a number, with its key; "(other)" when there is no room. Valid until
 * the next _get unless something of the group runs. */
struct ebt_grp *ebt_groups_get(struct ebt_groups *groups, enum ebt_group_by by,
			       struct ebt_hash_key key, struct ebt_bytes name);
struct ebt_grp *ebt_groups_get_number(struct ebt_groups *groups, enum ebt_group_by by,
				      struct ebt_hash_key key, uint64_t number);

struct ebt_group_start {
	uint64_t mono_ns, real_ns;
	uint64_t row; /* id of its row; 0: none */
	uint32_t pid, args_bytes;
	bool failed; /* nothing runs */
};
void ebt_group_start(struct ebt_groups *groups, enum ebt_group_by by, struct ebt_grp *grp,
		     const struct ebt_group_start *start);

struct ebt_group_end {
	bool known;	      /* lifetime_ns is meaningful */
	bool failed;	      /* exit status other than 0 */
	uint64_t lifetime_ns; /* of this run */
	uint64_t cpu_ns;
};
void ebt_group_end(struct ebt_grp *grp, const struct ebt_group_end *end);

uint64_t ebt_group_life_p95(const struct ebt_grp *grp);
static inline uint64_t ebt_group_life_mean(const struct ebt_grp *grp)
{
	return grp->runs ? grp->life_sum_ns / grp->runs : 0;
}

/* Groups in the grouping, "(other)" included when it counts something. */
static inline size_t ebt_grouping_count(const struct ebt_grouping *g)
{
	return g->n + (g->other.count + g->other.missing > 0);
}

#endif
