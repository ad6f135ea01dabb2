/* SPDX-License-Identifier: BSD-3-Clause */
/* hash.h - keyed hashing of attacker-chosen texts, and uthash configured to survive running out of
 * memory
 *
 * Include this instead of <uthash.h>. An element whose hh.tbl is NULL after HASH_ADD was not
 * added. */
#ifndef EBT_MODEL_HASH_H
#define EBT_MODEL_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) \
	do {                         \
	} while (0)
#include <uthash.h>

/* A text is identified by 128 bits: two texts practically never collide by chance, nor by intent
 * while the seed is secret. The struct has no padding and is compared as bytes. */
struct ebt_hash_key {
	uint64_t lo, hi;
};

struct ebt_hash_seed {
	uint64_t s[4];
};

/* Fill in random numbers, or the time if there is no source of randomness. */
void ebt_hash_seed_init(struct ebt_hash_seed *seed);

/* Multiply and fold both halves of the product, as in wyhash (public domain, Wang Yi). */
static inline uint64_t ebt_hash_mum(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static inline uint64_t ebt_hash_load(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline struct ebt_hash_key ebt_hash_number(const struct ebt_hash_seed *seed, uint64_t n)
{
	/* The number identifies itself; lo only spreads it over the buckets. */
	return (struct ebt_hash_key){ ebt_hash_mum(n ^ seed->s[0], seed->s[1] | 1), n };
}

struct ebt_hash_key ebt_hash_bytes(const struct ebt_hash_seed *seed, const void *data, size_t len);

#endif
