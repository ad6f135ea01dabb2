/* SPDX-License-Identifier: BSD-3-Clause */
/* hash.c - keyed 128-bit hash. */
#include <sys/random.h>

#include "base/clock.h"
#include "model/hash.h"

void ebt_hash_seed_init(struct ebt_hash_seed *seed)
{
	if (getrandom(seed, sizeof(*seed), GRND_NONBLOCK) == (ssize_t)sizeof(*seed))
		return;
	for (unsigned i = 0; i < 4; i++)
		seed->s[i] = ebt_hash_mum(ebt_mono_ns() + i, 0x9e3779b97f4a7c15u) ^ (uintptr_t)seed;
}

struct ebt_hash_key ebt_hash_bytes(const struct ebt_hash_seed *seed, const void *data, size_t len)
{
	const unsigned char *p = data;
	uint64_t a = seed->s[0] ^ len, b = seed->s[1];
	unsigned char tail[16] = { 0 };
	size_t left = len;

	for (; left > 16; left -= 16, p += 16) {
		uint64_t v = ebt_hash_load(p), w = ebt_hash_load(p + 8);

		a = ebt_hash_mum(v ^ seed->s[2], w ^ a);
		b = ebt_hash_mum(w ^ seed->s[3], v ^ b);
	}
	if (left > 0)
		memcpy(tail, p, left);
	a = ebt_hash_mum(ebt_hash_load(tail) ^ seed->s[2], ebt_hash_load(tail + 8) ^ a);
	b = ebt_hash_mum(ebt_hash_load(tail + 8) ^ seed->s[3], ebt_hash_load(tail) ^ b);
	return (struct ebt_hash_key){ ebt_hash_mum(a ^ len, seed->s[1] | 1),
				      ebt_hash_mum(b ^ len, seed->s[0] | 1) };
}
