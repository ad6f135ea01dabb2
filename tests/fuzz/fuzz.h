/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz.h - what the targets share: libFuzzer's side, and reading an input piece by piece. */
#ifndef EBT_TESTS_FUZZ_FUZZ_H
#define EBT_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* A promise of the code under test. */
static inline void require(int ok)
{
	if (!ok)
		abort();
}

/* What is left of an input. */
struct input {
	const uint8_t *at;
	size_t left;
};

/* Zero when there is no more. */
static inline uint8_t input_byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

static inline uint16_t input_u16(struct input *in)
{
	uint16_t low = input_byte(in);

	return (uint16_t)(low | input_byte(in) << 8);
}

/* Up to n bytes; how many there are in *got. */
static inline const uint8_t *input_bytes(struct input *in, size_t n, size_t *got)
{
	const uint8_t *at = in->at;

	*got = n < in->left ? n : in->left;
	in->at += *got;
	in->left -= *got;
	return at;
}

/* A copy of exactly its size, so that the sanitizer watches its ends. */
static inline char *input_copy(const uint8_t *data, size_t len)
{
	char *copy = malloc(len ? len : 1);

	require(copy != NULL);
	memcpy(copy, data, len);
	return copy;
}

#endif
