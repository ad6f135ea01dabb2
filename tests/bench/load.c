/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * benchload - execs of known shape and number.
 *
 * benchload cost PROGRAM ARGS BYTES N ROUNDS - fork + exec + wait of PROGRAM with ARGS arguments of
 *   BYTES bytes altogether, N times a round. Nanoseconds of one: median and lowest over the rounds.
 * benchload shapes PROGRAM COPIES - each shape of a fixed list, COPIES times; one JSON object an
 *   exec: {"pid":,"args":,"bytes":}. The text of an argument can be computed: see letter().
 * benchload rate PROGRAM N BYTES - N execs with one argument of BYTES bytes from one process a CPU,
 *   each tied to its CPU, as fast as they can. "EXECS SECONDS".
 *
 * Bytes are those of argv[1] and later, without their NULs.
 */
#include <sched.h>
#include <sys/resource.h>

#include "tool.h"

#define ARG_BYTES_MAX 131071u	  /* MAX_ARG_STRLEN of the kernel, without the NUL */
#define STACK_BYTES   (64u << 20) /* arguments may take a quarter of the stack's limit */

static const struct {
	unsigned args, bytes;
} shapes[] = {
	{ 1, 10 },	 { 1, 100 },	   { 1, 127 },	    { 1, 128 },	       { 1, 1000 },
	{ 1, 10000 },	 { 1, 100000 },	   { 1, 131071 },   { 2, 200 },	       { 5, 500 },
	{ 10, 1000 },	 { 15, 300 },	   { 19, 1900 },    { 20, 400 },       { 21, 2100 },
	{ 40, 4000 },	 { 60, 3000 },	   { 61, 1000 },    { 100, 1000 },     { 100, 20000 },
	{ 200, 8192 },	 { 500, 50000 },   { 1000, 9000 },  { 2000, 20000 },   { 2000, 200000 },
	{ 20, 1048576 }, { 500, 1000000 }, { 16, 2000000 }, { 2000, 2000000 }, { 2000, 2097152 },
};

/* Byte `at` of argument `arg`. Also in complete.py. */
static char letter(unsigned arg, unsigned at)
{
	return (char)('a' + (arg * 17 + at * (arg % 25 + 1)) % 26);
}

static char **make_argv(const char *program, unsigned args, unsigned bytes)
{
	char **argv = calloc(args + 2, sizeof(*argv));

	if (!argv)
		tool_die("calloc");
	argv[0] = (char *)program;
	for (unsigned i = 1; i <= args; i++) {
		unsigned len = bytes / args + (i <= bytes % args);

		if (len > ARG_BYTES_MAX) {
			fprintf(stderr, "benchload: no argument can have %u bytes\n", len);
			exit(2);
		}
		argv[i] = malloc(len + 1);
		if (!argv[i])
			tool_die("malloc");
		for (unsigned at = 0; at < len; at++)
			argv[i][at] = letter(i, at);
		argv[i][len] = '\0';
	}
	return argv;
}

static void free_argv(char **argv)
{
	for (unsigned i = 1; argv[i]; i++)
		free(argv[i]);
	free(argv);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void cost(char **a)
{
	char **argv = make_argv(a[0], (unsigned)tool_number(a[1], 0, 100000),
				(unsigned)tool_number(a[2], 0, 6 << 20));
	long n = tool_number(a[3], 1, 10000000), rounds = tool_number(a[4], 1, 10000);
	double *ns = calloc((size_t)rounds, sizeof(*ns));

	if (!ns)
		tool_die("calloc");
	for (long r = 0; r < rounds; r++) {
		uint64_t start = tool_now_ns();
		pid_t pid;

		for (long i = 0; i < n; i++)
			tool_run(a[0], argv, &pid);
		ns[r] = (double)(tool_now_ns() - start) / (double)n;
	}
	qsort(ns, (size_t)rounds, sizeof(*ns), compare);
	printf("%.1f %.1f\n", ns[rounds / 2], ns[0]);
	free(ns);
	free_argv(argv);
}

static void all_shapes(char **a)
{
	long copies = tool_number(a[1], 1, 10000);

	for (long c = 0; c < copies; c++) {
		for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
			char **argv = make_argv(a[0], shapes[s].args, shapes[s].bytes);
			pid_t pid;

			tool_run(a[0], argv, &pid);
			printf("{\"pid\":%d,\"args\":%u,\"bytes\":%u}\n", (int)pid, shapes[s].args,
			       shapes[s].bytes);
			free_argv(argv);
		}
	}
}

/* vfork: the parent's memory is nothing to copy, so that the rate is that of exec. */
static void run_fast(const char *program, char *const argv[])
{
	static char *const no_env[] = { NULL };
	int status;
	pid_t pid = vfork();

	if (pid < 0)
		tool_die("vfork");
	if (pid == 0) {
		execve(program, argv, no_env);
		_exit(255);
	}
	if (waitpid(pid, &status, 0) < 0 || status != 0)
		tool_die(program);
}

static void rate(char **a)
{
	long n = tool_number(a[1], 1, 100000000), done = 0;
	char **argv = make_argv(a[0], 1, (unsigned)tool_number(a[2], 1, ARG_BYTES_MAX));
	cpu_set_t allowed, one;
	uint64_t start = tool_now_ns();
	int cpus, status, failed = 0;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		tool_die("sched_getaffinity");
	cpus = CPU_COUNT(&allowed);
	for (int cpu = 0, k = 0; k < cpus; cpu++) {
		long share = n / cpus + (k < n % cpus);

		if (!CPU_ISSET(cpu, &allowed))
			continue;
		k++;
		done += share;
		if (fork())
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof(one), &one))
			tool_die("sched_setaffinity");
		while (share--)
			run_fast(a[0], argv);
		_exit(0);
	}
	while (wait(&status) > 0)
		failed |= status;
	if (failed)
		exit(1);
	printf("%ld %.3f\n", done, (double)(tool_now_ns() - start) / 1e9);
	free_argv(argv);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int args;
		void (*run)(char **args);
	} modes[] = { { "cost", 5, cost }, { "shapes", 2, all_shapes }, { "rate", 3, rate } };
	struct rlimit stack = { STACK_BYTES, STACK_BYTES };

	if (setrlimit(RLIMIT_STACK, &stack) && getuid() == 0)
		tool_die("setrlimit");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (argc - 2 == modes[i].args && strcmp(argv[1], modes[i].name) == 0) {
			modes[i].run(argv + 2);
			return 0;
		}
	}
	fprintf(stderr, "usage: benchload cost PROGRAM ARGS BYTES N ROUNDS | shapes PROGRAM COPIES "
			"| rate PROGRAM N BYTES\n");
	return 2;
}
