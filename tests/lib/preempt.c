/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * preempt run PROGRAM MARKER N - on every CPU three processes that get in each other's way: one of
 * the ordinary class whose execve fails again and again, and two of the real-time class
 * (SCHED_FIFO) that wake in between, take the CPU away from it, wherever it is, and execute: the
 * lower by execveat that fails, the higher PROGRAM, N times. Prints what was done as JSON. preempt
 * verify MARKER <EVENTS - one event a line, KIND, tab, and its arguments with byte 1 between them:
 * each argument says which event it belongs to and carries a checksum of itself. Prints how many of
 * each kind; exit status 1 on the first event that is not whole and pure.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tool.h"

enum kind { PLAIN, AT, DONE, KINDS };
static const char *const names[KINDS] = { "plain", "at", "done" };

#define ARGS_MAX  48
#define ARG_BYTES 128
#define CPUS_MAX  64
/* Failures for one exec that succeeds, at most: what a slow reader must take in. */
#define FAILURES 8

struct shared {
	int ended;	 /* processes of the highest kind that have done their N */
	int real_time;	 /* how many got the class they asked for */
	long did[KINDS]; /* system calls made */
};

/* Arguments of number `index`: how many, and their lengths, are in the index. */
static int make_args(char text[ARGS_MAX][ARG_BYTES], char **argv, const char *marker,
		     enum kind kind, long index)
{
	uint64_t state = (uint64_t)index * KINDS + kind;
	int n = 8 + (int)(tool_random(&state) % (ARGS_MAX - 9));

	for (int i = 0; i < n; i++) {
		uint64_t r = tool_random(&state);
		int len = snprintf(text[i], ARG_BYTES, "%s:%s:%ld:%d:%d:", marker, names[kind],
				   index, i, n);

		for (int fill = (int)(r % 20); fill > 0; fill--)
			text[i][len++] = (char)('a' + (r >> 8) % 26);
		snprintf(text[i] + len, ARG_BYTES - (size_t)len, ":%016llx",
			 (unsigned long long)tool_fnv(TOOL_FNV_INIT, text[i], (size_t)len));
		argv[i] = text[i];
	}
	argv[n] = NULL;
	return n;
}

static void call(const char *program, char **argv, enum kind kind)
{
	static char *const no_env[] = { NULL };
	pid_t pid;

	if (kind == PLAIN)
		execve("/nonexistent/plain", argv, no_env);
	else if (kind == AT)
		syscall(SYS_execveat, AT_FDCWD, "/nonexistent/at", argv, no_env, 0);
	else if (tool_run(program, argv, &pid))
		tool_die(program);
}

static void doze(uint64_t *state)
{
	struct timespec ts = { .tv_nsec = (long)(50000 + tool_random(state) % 3000000) };

	nanosleep(&ts, NULL);
}

/* One of the processes: on its CPU, until the highest kind has done its share everywhere. */
static void work(struct shared *sh, const char *program, const char *marker, enum kind kind,
		 int cpu, int cpus, long count)
{
	static char text[ARGS_MAX][ARG_BYTES];
	struct sched_param rt = { .sched_priority = kind == DONE ? 20 : 10 };
	uint64_t state = (uint64_t)(cpu * KINDS + kind);
	char *argv[ARGS_MAX + 1];
	long n;

	if (kind != PLAIN && sched_setscheduler(0, SCHED_FIFO, &rt) == 0)
		__atomic_add_fetch(&sh->real_time, 1, __ATOMIC_RELAXED);
	for (n = 0; n < (kind == DONE ? count : kind == AT ? 2 * count : FAILURES * count); n++) {
		if (kind != DONE && __atomic_load_n(&sh->ended, __ATOMIC_RELAXED) == cpus)
			break;
		make_args(text, argv, marker, kind, n * CPUS_MAX + cpu);
		call(program, argv, kind);
		if (kind != PLAIN)
			doze(&state);
	}
	__atomic_add_fetch(&sh->did[kind], n, __ATOMIC_RELAXED);
	if (kind == DONE)
		__atomic_add_fetch(&sh->ended, 1, __ATOMIC_RELAXED);
}

static int run(const char *program, const char *marker, long count)
{
	struct shared *sh =
		mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int cpus = 0, failed = 0, status;
	cpu_set_t all, one;

	if (sh == MAP_FAILED || sched_getaffinity(0, sizeof(all), &all))
		tool_die("setting up");
	for (int cpu = 0; cpu < CPUS_MAX; cpu++)
		cpus += CPU_ISSET(cpu, &all) != 0;
	for (int cpu = 0; cpu < CPUS_MAX; cpu++) {
		for (int kind = 0; CPU_ISSET(cpu, &all) && kind < KINDS; kind++) {
			pid_t pid = fork();

			if (pid < 0)
				tool_die("fork");
			if (pid > 0)
				continue;
			CPU_ZERO(&one);
			CPU_SET(cpu, &one);
			if (sched_setaffinity(0, sizeof(one), &one))
				tool_die("sched_setaffinity");
			work(sh, program, marker, (enum kind)kind, cpu, cpus, count);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		failed |= status;
	printf("{\"cpus\":%d,\"real_time\":%d,\"plain\":%ld,\"at\":%ld,\"done\":%ld}\n", cpus,
	       sh->real_time, sh->did[PLAIN], sh->did[AT], sh->did[DONE]);
	return failed ? 1 : 0;
}

/* Is this argument i of n, of event (kind, index), with its own checksum? The first one of an event
 * says what the rest must. */
static bool check_arg(const char *arg, size_t len, const char *marker, int i, char kind[8],
		      long *index, int *n)
{
	char head[ARG_BYTES], arg_kind[8];
	unsigned long long sum;
	long arg_index;
	int arg_i, arg_n;

	if (len < 18 || len >= ARG_BYTES || arg[len - 17] != ':' ||
	    sscanf(arg + len - 16, "%16llx", &sum) != 1)
		return false;
	if (tool_fnv(TOOL_FNV_INIT, arg, len - 17) != sum)
		return false;
	memcpy(head, arg, len);
	head[len] = '\0';
	if (strncmp(head, marker, strlen(marker)) != 0 ||
	    sscanf(head + strlen(marker), ":%7[a-z]:%ld:%d:%d:", arg_kind, &arg_index, &arg_i,
		   &arg_n) != 4)
		return false;
	if (i == 0) {
		strcpy(kind, arg_kind);
		*index = arg_index;
		*n = arg_n;
	}
	return strcmp(kind, arg_kind) == 0 && *index == arg_index && *n == arg_n && arg_i == i;
}

/* Numbers seen, a bit each; true when this one is new. */
static bool is_new(unsigned char **seen, size_t *size, size_t at)
{
	if (at / 8 >= *size) {
		*seen = realloc(*seen, at / 4 + 64);
		if (!*seen)
			tool_die("realloc");
		memset(*seen + *size, 0, at / 4 + 64 - *size);
		*size = at / 4 + 64;
	}
	if ((*seen)[at / 8] & (1 << at % 8))
		return false;
	(*seen)[at / 8] |= (unsigned char)(1 << at % 8);
	return true;
}

/* The kind of a whole and pure event, -1 else. */
static int check_event(char *line, const char *marker, long *index)
{
	char kind[8] = "", *tab = strchr(line, '\t'), *arg = tab ? tab + 1 : line;
	int i = 0, n = -1;

	if (!tab)
		return -1;
	for (; *arg; i++) {
		size_t len = strcspn(arg, "\1");

		if (!check_arg(arg, len, marker, i, kind, index, &n))
			return -1;
		arg += len + (arg[len] == '\1');
	}
	if (i != n)
		return -1;
	for (int k = 0; k < KINDS; k++)
		if (strcmp(kind, names[k]) == 0 && (size_t)(tab - line) == strlen(kind) &&
		    strncmp(line, kind, strlen(kind)) == 0)
			return k;
	return -1;
}

static int verify(const char *marker)
{
	unsigned char *seen[KINDS] = { NULL };
	size_t sizes[KINDS] = { 0 }, room = 0;
	long counts[KINDS] = { 0 }, index = 0;
	char *line = NULL;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 0) {
		int kind;

		line[len - 1] = '\0';
		kind = check_event(line, marker, &index);
		if (kind < 0 || index < 0 || !is_new(&seen[kind], &sizes[kind], (size_t)index)) {
			printf("%s: %.2000s\n", kind < 0 ? "mixed or not whole" : "twice", line);
			return 1;
		}
		counts[kind]++;
	}
	printf("{\"plain\":%ld,\"at\":%ld,\"done\":%ld}\n", counts[PLAIN], counts[AT],
	       counts[DONE]);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "run") == 0)
		return run(argv[2], argv[3], tool_number(argv[4], 1, 100000));
	if (argc == 3 && strcmp(argv[1], "verify") == 0)
		return verify(argv[2]);
	fprintf(stderr, "usage: preempt run PROGRAM MARKER N | preempt verify MARKER <EVENTS\n");
	return 2;
}
