/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spawnbench spawn PROGRAM N ROUNDS - fork + exec + wait of PROGRAM N times a round.
 * spawnbench vspawn PROGRAM N ROUNDS - the same with vfork.
 * spawnbench getppid N ROUNDS - N getppid() system calls a round.
 * Prints one line, nanoseconds an iteration: median and minimum over the rounds.
 */
#include <sys/syscall.h>

#include "tool.h"

static void spawn(const char *program, bool use_vfork)
{
	static char *const no_env[] = { NULL };
	char *const argv[] = { (char *)program, NULL };
	int status;
	pid_t pid = use_vfork ? vfork() : fork();

	if (pid < 0)
		tool_die("fork");
	if (pid == 0) {
		execve(program, argv, no_env);
		_exit(255);
	}
	if (waitpid(pid, &status, 0) < 0 || status != 0)
		tool_die("child");
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	bool spawns = argc == 5 && (!strcmp(argv[1], "spawn") || !strcmp(argv[1], "vspawn"));
	long n, rounds;
	double *ns;

	if (!spawns && !(argc == 4 && strcmp(argv[1], "getppid") == 0)) {
		fprintf(stderr,
			"usage: spawnbench spawn|vspawn PROGRAM N ROUNDS | getppid N ROUNDS\n");
		return 2;
	}
	n = tool_number(argv[argc - 2], 1, 1000000000);
	rounds = tool_number(argv[argc - 1], 1, 10000);
	ns = calloc((size_t)rounds, sizeof(*ns));
	if (!ns)
		tool_die("calloc");
	for (long r = 0; r < rounds; r++) {
		uint64_t start = tool_now_ns();

		for (long i = 0; i < n; i++) {
			if (spawns)
				spawn(argv[2], argv[1][0] == 'v');
			else
				syscall(SYS_getppid);
		}
		ns[r] = (double)(tool_now_ns() - start) / (double)n;
	}
	qsort(ns, (size_t)rounds, sizeof(*ns), compare);
	printf("%.1f %.1f\n", ns[rounds / 2], ns[0]);
	free(ns);
	return 0;
}
