/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/siphash.h"

#include <endian.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>

struct siphash_state {
	uint64_t v0, v1, v2, v3;
};

void ebt_hash_seed_init(struct ebt_hash_seed *seed)
{
	const void *at_random = (const void *)getauxval(AT_RANDOM);

	/* Early in the boot getrandom would wait for entropy. The kernel has given this process 16
	 * random bytes of its own in any case. */
	if (getrandom(seed, sizeof(*seed), GRND_NONBLOCK) != (ssize_t)sizeof(*seed) && at_random)
		memcpy(seed, at_random, sizeof(*seed));
}

static inline uint64_t siphash_rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void siphash_round(struct siphash_state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = siphash_rotate(s->v1, 13) ^ s->v0;
	s->v3 = siphash_rotate(s->v3, 16) ^ s->v2;
	s->v0 = siphash_rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = siphash_rotate(s->v1, 17) ^ s->v2;
	s->v3 = siphash_rotate(s->v3, 21) ^ s->v0;
	s->v2 = siphash_rotate(s->v2, 32);
}

static inline void siphash_take(struct siphash_state *s, uint64_t word)
{
	s->v3 ^= word;
	siphash_round(s);
	siphash_round(s);
	s->v0 ^= word;
}

static inline uint64_t siphash_result(struct siphash_state *s)
{
	for (int i = 0; i < 4; i++)
		siphash_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

struct ebt_hash_key ebt_hash_bytes(const struct ebt_hash_seed *seed, const void *data, size_t len)
{
	struct siphash_state s = { seed->k0 ^ 0x736f6d6570736575u,
				   seed->k1 ^ 0x646f72616e646f6du ^ 0xee,
				   seed->k0 ^ 0x6c7967656e657261u, seed->k1 ^ 0x7465646279746573u };
	const unsigned char *p = data;
	struct ebt_hash_key key;
	uint64_t word;

	for (size_t left = len / 8; left; left--, p += 8) {
		memcpy(&word, p, sizeof(word));
		siphash_take(&s, le64toh(word));
	}
	/* The last word holds the bytes that are left, and the length in its highest byte. */
	word = 0;
	if (len % 8)
		memcpy(&word, p, len % 8);
	siphash_take(&s, le64toh(word) | (uint64_t)len << 56);
	s.v2 ^= 0xee;
	key.lo = siphash_result(&s);
	s.v1 ^= 0xdd;
	key.hi = siphash_result(&s);
	return key;
}
