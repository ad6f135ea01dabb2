/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * burst PROGRAM MARKER N P - runs PROGRAM N times from P processes at once, as fast as they can,
 * each time with MARKER, its own number and an argument of its own. Prints one JSON object an exec
 * after the load (memory is taken before it), so that printing does not slow the burst.
 */
#include "tool.h"

static void work(const char *program, char *marker, long first, long count, long step, pid_t *pids)
{
	for (long i = first; i < count; i += step) {
		char number[24], arg[TOOL_ARG_MAX];
		char *leaf[] = { (char *)program, marker, number, arg, NULL };

		snprintf(number, sizeof(number), "%ld", i);
		tool_random_arg(arg, (uint64_t)i);
		tool_run(program, leaf, &pids[i]);
	}
	for (long i = first; i < count; i += step) {
		char number[24], arg[TOOL_ARG_MAX];
		char *leaf[] = { (char *)program, marker, number, arg, NULL };

		snprintf(number, sizeof(number), "%ld", i);
		tool_random_arg(arg, (uint64_t)i);
		tool_expect(pids[i], 0, leaf);
	}
}

int main(int argc, char **argv)
{
	long count, workers;
	pid_t *pids;
	int failed = 0;

	if (argc != 5) {
		fprintf(stderr, "usage: burst PROGRAM MARKER N P\n");
		return 2;
	}
	count = tool_number(argv[3], 1, 1000000);
	workers = tool_number(argv[4], 1, 64);
	pids = calloc((size_t)count, sizeof(*pids));
	if (!pids)
		tool_die("calloc");
	for (long w = 0; w < workers; w++) {
		pid_t pid = fork();

		if (pid < 0)
			tool_die("fork");
		if (pid == 0) {
			work(argv[1], argv[2], w, count, workers, pids);
			exit(0);
		}
	}
	for (long w = 0; w < workers; w++) {
		int status;

		if (wait(&status) < 0)
			tool_die("wait");
		failed |= status;
	}
	free(pids);
	return failed ? 1 : 0;
}
