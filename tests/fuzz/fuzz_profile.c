/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_profile.c - libFuzzer target: the files of process homeostasis. First byte even: a profile,
 * whose length and checksum the mutator puts right; odd: a trace of system calls.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "fuzz.h"
#include "homeostasis/profile_file.h"
#include "homeostasis/trace_file.h"

#define HEADER_BYTES 32 /* of profile_file.c */
#define LENGTH_AT    16
#define CHECKSUM_AT  24
#define TRACE_MAX    4096

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	uint64_t length, sum;

	size = LLVMFuzzerMutate(data, size, max_size);
	if (size < 1 + HEADER_BYTES || data[0] % 2 || seed % 16 == 0)
		return size;
	length = size - 1;
	sum = XXH3_64bits(data + 1 + HEADER_BYTES, size - 1 - HEADER_BYTES);
	memcpy(data + 1 + LENGTH_AT, &length, sizeof(length));
	memcpy(data + 1 + CHECKSUM_AT, &sum, sizeof(sum));
	return size;
}

/* What is taken can be written, and what is written is taken and written again the same. */
static void profile(const uint8_t *data, size_t size)
{
	struct ebt_ph_set *set = NULL, *again = NULL;
	struct ebt_buf first = { 0 }, second = { 0 };
	char *file = input_copy(data, size);
	const char *why = NULL;
	int err = ebt_ph_decode(&set, file, size, &why);

	require((err == 0) == (set != NULL));
	if (set) {
		require(ebt_ph_encode(set, &first) == 0);
		require(ebt_ph_decode(&again, first.data, first.len, &why) == 0);
		require(ebt_ph_encode(again, &second) == 0);
		require(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	}
	ebt_buf_free(&first);
	ebt_buf_free(&second);
	ebt_ph_set_free(&set);
	ebt_ph_set_free(&again);
	free(file);
}

struct seen {
	uint64_t calls, stop_at;
};

static int on_call(uint32_t trace, uint32_t call, void *arg)
{
	struct seen *seen = arg;

	(void)trace;
	require(call < EBT_PH_CALLS);
	return ++seen->calls == seen->stop_at ? 1 : 0;
}

static void trace(const uint8_t *data, size_t size)
{
	struct seen seen = { .stop_at = 1000 };
	char path[64], why[512] = "";
	int fd = memfd_create("trace", MFD_CLOEXEC), err;

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = ebt_trace_read(path, on_call, &seen, why, sizeof(why));
	require(err >= 0 || *why);
	require(err != 1 || seen.calls == seen.stop_at);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] % 2 == 0)
		profile(data + 1, size - 1);
	else if (size <= TRACE_MAX)
		trace(data + 1, size - 1);
	return 0;
}
