/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * callbench - what a few system calls cost, in the manner of lmbench: the best of several rounds,
 * nanoseconds an operation. Used side by side with and without --homeostasis.
 *
 * callbench [-s N] [NAME…]: those only, one Nth of the calls. "NAME NS" a line.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 7

struct files {
	int null, zero, pipe[2];
};

static void do_getppid(struct files *f)
{
	syscall(SYS_getppid);
}

static void do_write(struct files *f)
{
	if (write(f->null, "x", 1) != 1)
		abort();
}

static void do_read(struct files *f)
{
	char c;

	if (read(f->zero, &c, 1) != 1)
		abort();
}

static void do_fstat(struct files *f)
{
	struct stat st;

	fstat(f->null, &st);
}

static void do_stat(struct files *f)
{
	struct stat st;

	stat("/usr/bin", &st);
}

static void do_open(struct files *f)
{
	close(open("/etc/passwd", O_RDONLY));
}

static void do_select(struct files *f)
{
	struct timeval none = { 0, 0 };
	fd_set set;

	FD_ZERO(&set);
	FD_SET(f->pipe[0], &set);
	select(f->pipe[0] + 1, &set, NULL, NULL, &none);
}

static void do_pipe(struct files *f)
{
	char c = 1;

	if (write(f->pipe[1], &c, 1) != 1 || read(f->pipe[0], &c, 1) != 1)
		abort();
}

static void on_signal(int sig)
{
}

static void do_signal(struct files *f)
{
	raise(SIGUSR1);
}

static void do_fork(struct files *f)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void do_exec(struct files *f)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static const struct op {
	const char *name;
	void (*run)(struct files *f);
	unsigned n; /* a round */
} ops[] = {
	{ "getppid", do_getppid, 200000 }, { "write", do_write, 200000 },
	{ "read", do_read, 200000 },	   { "fstat", do_fstat, 200000 },
	{ "stat", do_stat, 100000 },	   { "open/close", do_open, 50000 },
	{ "select", do_select, 100000 },   { "pipe", do_pipe, 100000 },
	{ "signal", do_signal, 50000 },	   { "fork+exit", do_fork, 500 },
	{ "fork+exec", do_exec, 200 },
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static double best(const struct op *op, struct files *f, unsigned share)
{
	unsigned n = op->n / share ? op->n / share : 1;
	double least = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begin = now_ns();
		double ns;

		for (unsigned i = 0; i < n; i++)
			op->run(f);
		ns = (double)(now_ns() - begin) / n;
		least = ns < least ? ns : least;
	}
	return least;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	unsigned share = 1;
	struct files f;

	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		share = (unsigned)atoi(argv[2]);
		argc -= 2;
		argv += 2;
		if (share == 0)
			return 2;
	}
	f.null = open("/dev/null", O_WRONLY);
	f.zero = open("/dev/zero", O_RDONLY);
	if (f.null < 0 || f.zero < 0 || pipe(f.pipe) || sigaction(SIGUSR1, &sa, NULL))
		return 1;
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		bool wanted = argc < 2;

		for (int a = 1; a < argc; a++)
			wanted |= strcmp(argv[a], ops[i].name) == 0;
		if (wanted)
			printf("%s %.1f\n", ops[i].name, best(&ops[i], &f, share));
		fflush(stdout);
	}
	return 0;
}
