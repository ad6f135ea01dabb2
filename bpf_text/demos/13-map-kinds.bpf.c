/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Lesson 13: the same thousand lookups and updates in four kinds of map.
 */
#define ENTRIES 1000

BPF_ARRAY(array, u64, ENTRIES);
BPF_PERCPU_ARRAY(percpu_array, u64, ENTRIES);
BPF_HASH(hash, u32, u64, ENTRIES);
BPF_PERCPU_HASH(percpu_hash, u32, u64, ENTRIES);

struct result {
	u64 ns, hits;
};
BPF_ARRAY(results, struct result, 1);

/* A function, because libbcc does not find map functions inside macros. */
static inline struct result *get_result(void)
{
	u32 zero = 0;

	return results.lookup(&zero);
}
static inline bool put_array(u32 key, u64 value)
{
	return array.update(&key, &value) == 0;
}
static inline bool find_array(u32 key)
{
	return array.lookup(&key) != 0;
}
static inline bool put_percpu_array(u32 key, u64 value)
{
	return percpu_array.update(&key, &value) == 0;
}
static inline bool find_percpu_array(u32 key)
{
	return percpu_array.lookup(&key) != 0;
}
static inline bool put_hash(u32 key, u64 value)
{
	return hash.update(&key, &value) == 0;
}
static inline bool find_hash(u32 key)
{
	return hash.lookup(&key) != 0;
}
static inline bool put_percpu_hash(u32 key, u64 value)
{
	return percpu_hash.update(&key, &value) == 0;
}
static inline bool find_percpu_hash(u32 key)
{
	return percpu_hash.lookup(&key) != 0;
}

#define MEASURE(map)                                                                    \
	int update_##map(void *ctx)                                                     \
	{                                                                               \
		struct result *r = get_result();                                        \
		u64 begin_ns = bpf_ktime_get_ns();                                      \
                                                                                        \
		if (!r)                                                                 \
			return 0;                                                       \
		_Pragma("clang loop unroll(disable)") for (u32 i = 0; i < ENTRIES; i++) \
		{                                                                       \
			r->hits += put_##map(i, i);                                     \
		}                                                                       \
		r->ns += bpf_ktime_get_ns() - begin_ns;                                 \
		return 0;                                                               \
	}                                                                               \
	int lookup_##map(void *ctx)                                                     \
	{                                                                               \
		struct result *r = get_result();                                        \
		u64 begin_ns = bpf_ktime_get_ns();                                      \
                                                                                        \
		if (!r)                                                                 \
			return 0;                                                       \
		_Pragma("clang loop unroll(disable)") for (u32 i = 0; i < ENTRIES; i++) \
		{                                                                       \
			r->hits += find_##map(i);                                       \
		}                                                                       \
		r->ns += bpf_ktime_get_ns() - begin_ns;                                 \
		return 0;                                                               \
	}

MEASURE(array)
MEASURE(percpu_array)
MEASURE(hash)
MEASURE(percpu_hash)
