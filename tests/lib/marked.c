/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * marked MARKER N - starts itself N times, one after the other, each time with MARKER, its own
 * number and an argument of its own; each exits with its number modulo 100. Prints one JSON object
 * an exec: what a tracer must have seen.
 */
#include "tool.h"

int main(int argc, char **argv)
{
	char self[4096];
	ssize_t n;
	long count;

	if (argc == 5 && strcmp(argv[1], "--leaf") == 0)
		return (int)(tool_number(argv[3], 0, 1000000) % 100);
	if (argc != 3) {
		fprintf(stderr, "usage: marked MARKER N\n");
		return 2;
	}
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		tool_die("/proc/self/exe");
	self[n] = '\0';
	count = tool_number(argv[2], 1, 1000000);
	for (long i = 0; i < count; i++) {
		char number[24], arg[TOOL_ARG_MAX];
		char *leaf[] = { "marked", "--leaf", argv[1], number, arg, NULL };
		pid_t pid;
		int code;

		snprintf(number, sizeof(number), "%ld", i);
		tool_random_arg(arg, (uint64_t)i);
		code = tool_run(self, leaf, &pid);
		tool_expect(pid, code, leaf);
	}
	return 0;
}
