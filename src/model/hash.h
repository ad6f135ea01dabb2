/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * hash.h - keyed hashing of attacker-chosen texts, and uthash set up so that running out of memory
 * is an answer and not the end of the process. Include this, never <uthash.h>.
 *
 * After HASH_ADD an element whose hh.tbl is NULL was not added.
 */
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

/* 128 bits name a text: two texts meet by chance about never, and not by choice while the seed is
 * secret. Compared as bytes: no padding. */
struct ebt_hash_key {
	uint64_t lo, hi;
};

struct ebt_hash_seed {
	uint64_t s[4];
};

/* Random, or the time when there is no randomness. */
void ebt_hash_seed_init(struct ebt_hash_seed *seed);

/* Multiply-and-fold as in wyhash (public domain, Wang Yi): both halves of the product. */
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
	/* The number itself is the name; lo only spreads it over the buckets. */
	return (struct ebt_hash_key){ ebt_hash_mum(n ^ seed->s[0], seed->s[1] | 1), n };
}

struct ebt_hash_key ebt_hash_bytes(const struct ebt_hash_seed *seed, const void *data, size_t len);

#endif
