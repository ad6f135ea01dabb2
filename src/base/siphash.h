/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * siphash.h - SipHash-2-4 with 128 bits of result (Aumasson and Bernstein, 2012): a keyed hash for
 * names that an attacker chooses, such as command lines. While the key is secret nobody can make two
 * names meet, so that the hash can stand for the name.
 *
 * It is written out here, after the authors' public-domain reference and checked against its test
 * vectors, because a library for these few lines (libsodium) would be one more that the root process
 * maps and every package depends on.
 */
#ifndef EBT_BASE_SIPHASH_H
#define EBT_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* A secret key. */
struct ebt_hash_seed {
	uint64_t k0, k1;
};

/* The hash of a name. There is no padding: two can be compared as bytes. */
struct ebt_hash_key {
	uint64_t lo, hi;
};

/* Fill the key with random bytes of the kernel. */
void ebt_hash_seed_init(struct ebt_hash_seed *seed);

/* Return the hash of len bytes of data; data may be NULL if len is 0. */
struct ebt_hash_key ebt_hash_bytes(const struct ebt_hash_seed *seed, const void *data, size_t len);

#endif
