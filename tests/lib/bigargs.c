/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * bigargs PROGRAM MARKER BYTES [--raw] - runs PROGRAM once with arguments that take BYTES bytes
 * altogether (their NULs included), of many sizes from 0 to 128 KiB - 1, the kernel's limit for
 * one (MAX_ARG_STRLEN). Prints "PID COUNT BYTES HASH", HASH being FNV-1a 64 over the arguments with
 * their NULs. With --raw the bytes are any but NUL, else they are valid UTF-8.
 *
 * bigargs --hash - the same count, bytes and hash of what comes on stdin.
 */
#include "tool.h"

#define ARG_MAX_BYTES (128u << 10)

struct args {
	char **argv;
	size_t count, room;
	size_t bytes;
	uint64_t hash;
};

static void add(struct args *args, char *arg)
{
	if (args->count + 2 > args->room) {
		args->room = args->room ? args->room * 2 : 1024;
		args->argv = realloc(args->argv, args->room * sizeof(*args->argv));
		if (!args->argv)
			tool_die("realloc");
	}
	args->argv[args->count++] = arg;
	args->argv[args->count] = NULL;
	args->bytes += strlen(arg) + 1;
	args->hash = tool_fnv(args->hash, arg, strlen(arg) + 1);
}

/* An argument of exactly len bytes. */
static char *make(size_t len, bool raw, uint64_t *state)
{
	char *arg = malloc(len + 1);
	size_t i = 0;

	if (!arg)
		tool_die("malloc");
	while (i < len) {
		uint64_t r = tool_random(state);

		if (raw)
			arg[i++] = (char)(1 + r % 255);
		else if (r % 16 == 0 && len - i >= 2)
			i = (size_t)(stpcpy(arg + i, "\xc3\xa9") - arg);
		else
			arg[i++] = (char)(0x20 + r % 0x5f);
	}
	arg[len] = '\0';
	return arg;
}

static void fill(struct args *args, size_t bytes, bool raw)
{
	/* One of each size that lies on a border of pages, powers of two and scratch buffers, then
	 * random ones: mostly short, some at the limit. */
	static const size_t borders[] = { 0,	1,    63,   64,	   255,	  256,	 511,	512,
					  4094, 4095, 4096, 32767, 32768, 65535, 65536, 131071 };
	uint64_t state = bytes;

	for (size_t i = 0; args->bytes < bytes; i++) {
		uint64_t r = tool_random(&state);
		size_t left = bytes - args->bytes;
		size_t len;

		if (i < sizeof(borders) / sizeof(borders[0]))
			len = borders[i];
		else if (r % 32 == 0)
			len = ARG_MAX_BYTES - 1 - (r >> 8) % 8;
		else
			len = (r >> 8) % 2000;
		if (len + 1 > left)
			len = left - 1;
		add(args, make(len, raw, &state));
	}
}

static int hash_stdin(void)
{
	char buf[1 << 16];
	uint64_t hash = TOOL_FNV_INIT;
	size_t bytes = 0, count = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0) {
		hash = tool_fnv(hash, buf, (size_t)n);
		bytes += (size_t)n;
		for (ssize_t i = 0; i < n; i++)
			count += buf[i] == '\0';
	}
	if (n < 0)
		tool_die("read");
	printf("%zu %zu %016llx\n", count, bytes, (unsigned long long)hash);
	return 0;
}

int main(int argc, char **argv)
{
	struct args args = { .hash = TOOL_FNV_INIT };
	bool raw = argc == 5 && strcmp(argv[4], "--raw") == 0;
	pid_t pid;

	if (argc == 2 && strcmp(argv[1], "--hash") == 0)
		return hash_stdin();
	if (argc != 4 && !raw) {
		fprintf(stderr, "usage: bigargs PROGRAM MARKER BYTES [--raw] | bigargs --hash\n");
		return 2;
	}
	add(&args, argv[1]);
	add(&args, argv[2]);
	fill(&args, (size_t)tool_number(argv[3], 1, 6 << 20), raw);
	tool_run(argv[1], args.argv, &pid);
	printf("%d %zu %zu %016llx\n", (int)pid, args.count, args.bytes,
	       (unsigned long long)args.hash);
	return 0;
}
