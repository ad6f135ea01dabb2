/* SPDX-License-Identifier: BSD-3-Clause */
/* group.c - count execs by what they have in common */
#include <stdio.h>
#include <stdlib.h>

#include "groups/group.h"

/* Maximum number of groups with running processes to skip when searching for one to drop. */
#define EVICT_STEPS 16

unsigned ebt_life_bucket(uint64_t ns)
{
	unsigned octave, bucket;

	if (ns < (uint64_t)1 << EBT_LIFE_SHIFT)
		return 0;
	octave = 63 - (unsigned)__builtin_clzll(ns);
	bucket = 1 + (octave - EBT_LIFE_SHIFT) * 2 + (ns >> (octave - 1) & 1);
	return bucket < EBT_LIFE_BUCKETS ? bucket : EBT_LIFE_BUCKETS - 1;
}

uint64_t ebt_life_bucket_low(unsigned bucket)
{
	unsigned octave = EBT_LIFE_SHIFT + (bucket - 1) / 2;

	return bucket ? (uint64_t)(2 | ((bucket - 1) & 1)) << (octave - 1) : 0;
}

uint64_t ebt_group_life_p95(const struct ebt_grp *grp)
{
	uint64_t rank = grp->runs - grp->runs / 20; /* ceil(0.95 n) */
	uint64_t before = 0, low, high, ns;
	unsigned b;

	if (grp->runs == 0)
		return 0;
	for (b = 0; b < EBT_LIFE_BUCKETS - 1 && before + grp->life[b] < rank; b++)
		before += grp->life[b];
	if (b == EBT_LIFE_BUCKETS - 1)
		return grp->life_max_ns;
	low = ebt_life_bucket_low(b);
	high = ebt_life_bucket_low(b + 1);
	ns = low + (uint64_t)((double)(high - low) * (double)(rank - before) / grp->life[b]);
	return ns < grp->life_max_ns ? ns : grp->life_max_ns;
}

void ebt_groups_init(struct ebt_groups *groups, size_t bytes_max)
{
	*groups = (struct ebt_groups){ .bytes_max = bytes_max };
	ebt_hash_seed_init(&groups->seed);
	ebt_groups_clear(groups);
}

static void lru_remove(struct ebt_grouping *g, struct ebt_grp *grp)
{
	*(grp->newer ? &grp->newer->older : &g->newest) = grp->older;
	*(grp->older ? &grp->older->newer : &g->oldest) = grp->newer;
}

static void lru_add(struct ebt_grouping *g, struct ebt_grp *grp)
{
	grp->newer = NULL;
	grp->older = g->newest;
	*(g->newest ? &g->newest->newer : &g->oldest) = grp;
	g->newest = grp;
}

static size_t grp_bytes(const struct ebt_grp *grp)
{
	return sizeof(*grp) + grp->name_len + (grp->parents ? sizeof(*grp->parents) : 0);
}

static void forget(struct ebt_groups *groups, struct ebt_grouping *g, struct ebt_grp *grp)
{
	lru_remove(g, grp);
	ebt_index_remove(&g->index, grp->key.lo, grp);
	g->n--;
	g->bytes -= grp_bytes(grp);
	groups->bytes -= grp_bytes(grp);
	free(grp);
}

void ebt_groups_clear(struct ebt_groups *groups)
{
	for (unsigned i = 0; i < EBT_GROUP_BY_MAX; i++) {
		struct ebt_grouping *g = &groups->by[i];
		struct ebt_grp *grp = g->newest, *next;

		ebt_index_deinit(&g->index);
		for (; grp; grp = next) {
			next = grp->older;
			free(grp);
		}
		*g = (struct ebt_grouping){ 0 };
		g->other.name = "(other)";
		g->other.name_len = 7;
		g->other.id = ++groups->next_id;
	}
	groups->bytes = 0;
	groups->cpu_ns = 0;
}

void ebt_groups_deinit(struct ebt_groups *groups)
{
	ebt_groups_clear(groups);
}

static void merge(struct ebt_grp *into, const struct ebt_grp *from)
{
	into->count += from->count;
	into->failures += from->failures;
	into->runs += from->runs;
	into->life_sum_ns += from->life_sum_ns;
	if (from->life_max_ns > into->life_max_ns)
		into->life_max_ns = from->life_max_ns;
	into->cpu_ns += from->cpu_ns;
	into->args_bytes += from->args_bytes;
	if (from->last_mono_ns >= into->last_mono_ns) {
		into->last_mono_ns = from->last_mono_ns;
		into->last_real_ns = from->last_real_ns;
		into->last_pid = from->last_pid;
		into->last_row = from->last_row;
	}
	for (unsigned b = 0; b < EBT_LIFE_BUCKETS; b++)
		into->life[b] += from->life[b];
	ebt_rate_merge(&into->rate, &from->rate);
}

/* When one group was dropped, the next execs will drop the next ones. Nobody has touched these for
 * long, so each would cost a dozen cache misses one by one: load them now. The oldest itself was
 * loaded the last time. */
static void fetch_next(const struct ebt_grouping *g)
{
	const char *next = g->oldest ? (const char *)g->oldest->newer : NULL;

	if (!next)
		return;
	ebt_index_prefetch(&g->index, g->oldest->key.lo);
	for (size_t at = 0; at < sizeof(*g->oldest); at += 64)
		__builtin_prefetch(next + at);
}

/* Add an old group to "(other)" and drop it. Return false if all groups that were examined have
 * running processes. */
static bool evict(struct ebt_groups *groups, struct ebt_grouping *g)
{
	for (unsigned i = 0; g->oldest && i < EVICT_STEPS; i++) {
		struct ebt_grp *grp = g->oldest;

		if (grp->running == 0) {
			merge(&g->other, grp);
			forget(groups, g, grp);
			fetch_next(g);
			return true;
		}
		/* Otherwise daemons would gather at this end and hide all other groups. */
		lru_remove(g, grp);
		lru_add(g, grp);
	}
	return false;
}

static struct ebt_grouping *largest(struct ebt_groups *groups)
{
	struct ebt_grouping *g = &groups->by[0];

	for (unsigned i = 1; i < EBT_GROUP_BY_MAX; i++)
		if (groups->by[i].bytes > g->bytes)
			g = &groups->by[i];
	return g;
}

static bool make_room(struct ebt_groups *groups, struct ebt_grouping *g, size_t need)
{
	while (g->n + 1 >= EBT_GROUPS_MAX)
		if (!evict(groups, g))
			return false;
	while (groups->bytes + need > groups->bytes_max)
		if (!evict(groups, largest(groups)))
			return false;
	return true;
}

static struct ebt_grp *find(const struct ebt_grouping *g, const struct ebt_hash_key *key)
{
	size_t at = key->lo;
	struct ebt_grp *grp;

	do
		grp = ebt_index_next(&g->index, key->lo, &at);
	while (grp && grp->key.hi != key->hi);
	return grp;
}

static struct ebt_bytes first_of(struct ebt_bytes a, struct ebt_bytes b, struct ebt_bytes c)
{
	return a.len ? a : b.len ? b : c;
}

struct ebt_bytes ebt_groups_name_of(enum ebt_group_by by, const struct ebt_group_parts *parts)
{
	/* The exe of a failed exec is not that of the new program. */
	struct ebt_bytes exe = parts->failed ? first_of(parts->filename, parts->exe, parts->comm)
					     : first_of(parts->exe, parts->filename, parts->comm);

	switch (by) {
	case EBT_GROUP_EXE:
		return exe;
	case EBT_GROUP_COMMAND:
		return parts->args.len ? parts->args : exe;
	case EBT_GROUP_PARENT:
		return parts->parent_comm.len ? parts->parent_comm : ebt_bytes_from("(unknown)");
	default:
		return parts->comm;
	}
}

const struct ebt_grp *ebt_groups_by_id(const struct ebt_groups *groups, enum ebt_group_by by,
				       uint64_t id)
{
	const struct ebt_grp *grp = groups->by[by].newest;

	while (grp && grp->id != id)
		grp = grp->older;
	return grp;
}

static struct ebt_grp *add(struct ebt_groups *groups, struct ebt_grouping *g,
			   struct ebt_hash_key key, struct ebt_bytes name, uint64_t number)
{
	uint32_t len = (uint32_t)(name.len < EBT_GROUP_NAME_MAX ? name.len : EBT_GROUP_NAME_MAX);
	size_t extra = g == &groups->by[EBT_GROUP_COMM] ? sizeof(struct ebt_parents) : 0;
	struct ebt_grp *grp;

	if (!make_room(groups, g, sizeof(*grp) + extra + len))
		return &g->other;
	grp = calloc(1, sizeof(*grp) + extra + len);
	if (!grp)
		return &g->other;
	grp->key = key;
	grp->parents = extra ? (struct ebt_parents *)(grp + 1) : NULL;
	grp->name = (char *)(grp + 1) + extra;
	grp->name_len = len;
	if (len > 0)
		memcpy((char *)(grp + 1) + extra, name.data, len);
	grp->number = number;
	if (ebt_index_add(&g->index, key.lo, grp)) {
		free(grp);
		return &g->other;
	}
	grp->id = ++groups->next_id;
	lru_add(g, grp);
	g->n++;
	g->bytes += grp_bytes(grp);
	groups->bytes += grp_bytes(grp);
	return grp;
}

struct ebt_hash_key ebt_groups_key(const struct ebt_groups *groups, enum ebt_group_by by,
				   struct ebt_bytes name)
{
	struct ebt_hash_key key = ebt_hash_bytes(&groups->seed, name.data, name.len);

	ebt_index_prefetch(&groups->by[by].index, key.lo);
	return key;
}

struct ebt_hash_key ebt_groups_key_number(const struct ebt_groups *groups, enum ebt_group_by by,
					  uint64_t number)
{
	struct ebt_hash_key key = ebt_hash_bytes(&groups->seed, &number, sizeof(number));

	ebt_index_prefetch(&groups->by[by].index, key.lo);
	return key;
}

struct ebt_grp *ebt_groups_find(const struct ebt_groups *groups, enum ebt_group_by by,
				struct ebt_hash_key key)
{
	return find(&groups->by[by], &key);
}

struct ebt_grp *ebt_groups_get(struct ebt_groups *groups, enum ebt_group_by by,
			       struct ebt_hash_key key, struct ebt_bytes name)
{
	struct ebt_grp *grp = find(&groups->by[by], &key);

	return grp ? grp : add(groups, &groups->by[by], key, name, 0);
}

struct ebt_grp *ebt_groups_get_number(struct ebt_groups *groups, enum ebt_group_by by,
				      struct ebt_hash_key key, uint64_t number)
{
	struct ebt_grp *grp = find(&groups->by[by], &key);
	char text[24];
	int len;

	if (grp)
		return grp;
	len = snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	return add(groups, &groups->by[by], key, (struct ebt_bytes){ text, (size_t)len }, number);
}

void ebt_group_start(struct ebt_groups *groups, enum ebt_group_by by, struct ebt_grp *grp,
		     const struct ebt_group_start *start)
{
	struct ebt_grouping *g = &groups->by[by];
	uint64_t at_s = start->mono_ns / EBT_NS_PER_S;

	grp->count++;
	grp->args_bytes += start->args_bytes;
	if (start->failed)
		grp->failures++;
	else
		grp->running++;
	if (start->mono_ns >= grp->last_mono_ns) {
		grp->last_mono_ns = start->mono_ns;
		grp->last_real_ns = start->real_ns;
		grp->last_pid = start->pid;
		grp->last_row = start->row;
	}
	if (grp->parents)
		ebt_parents_add(grp->parents, start->parent_comm, start->ppid);
	ebt_rate_add(&grp->rate, at_s, 1);
	/* Updating once a second is exact enough to find the oldest, and keeps neighbours out of
	 * the cache. */
	if (grp != &g->other && grp->touched_s != at_s && grp != g->newest) {
		lru_remove(g, grp);
		lru_add(g, grp);
	}
	grp->touched_s = at_s;
}

void ebt_group_end(struct ebt_grp *grp, const struct ebt_group_end *end)
{
	grp->running--;
	grp->cpu_ns += end->cpu_ns;
	if (end->failed)
		grp->failures++;
	if (!end->known)
		return;
	grp->runs++;
	grp->life_sum_ns += end->run_ns;
	if (end->run_ns > grp->life_max_ns)
		grp->life_max_ns = end->run_ns;
	grp->life[ebt_life_bucket(end->run_ns)]++;
}
