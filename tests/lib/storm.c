/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * storm PROGRAM MARKER UID P RATE - runs PROGRAM from P processes of user UID until SIGTERM, RATE
 * times a second in bursts of a tenth of a second (0: as often as they can). Most command lines are
 * short; every 100th has up to 16 KiB, every 1000th up to 100 KiB, and every 16th exec is preceded
 * by one that fails. Prints what it did: execs, failed execs, exits (those of the P processes
 * included), so that a tracer's counts for UID can be compared.
 */
#include <grp.h>
#include <signal.h>
#include <sys/mman.h>

#include "tool.h"

#define LONG_ARG 100000u

struct done {
	volatile sig_atomic_t stop;
	unsigned long execs[64], failed[64];
};

static struct done *done;

static void on_term(int sig)
{
	(void)sig;
	done->stop = 1;
}

static size_t long_bytes(unsigned long n, uint64_t random)
{
	return n % 1000 == 0 ? random % LONG_ARG : n % 100 == 0 ? random % 16384 : random % 40;
}

/* vfork: a third more of execs in the same time; the child only calls execve and _exit. */
static void run(char *const argv[], bool fail_first)
{
	static char *const no_env[] = { NULL };
	static const char nowhere[] = "/nonexistent/ebt-storm";
	int status;
	pid_t pid = vfork();

	if (pid < 0)
		tool_die("vfork");
	if (pid == 0) {
		if (fail_first)
			execve(nowhere, argv, no_env);
		execve(argv[0], argv, no_env);
		_exit(255);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "%s did not run\n", argv[0]);
		exit(1);
	}
}

/* Sleeps until the burst after this one may begin. */
static void pause_burst(uint64_t *begin_ns)
{
	uint64_t now_ns = tool_now_ns();
	struct timespec ts = { 0, 0 };

	*begin_ns += 100000000;
	if (*begin_ns > now_ns) {
		ts.tv_nsec = (long)(*begin_ns - now_ns);
		nanosleep(&ts, NULL);
	} else {
		*begin_ns = now_ns; /* slower than asked for: no catching up */
	}
}

static void work(char *program, char *marker, long worker, uid_t uid, unsigned long burst)
{
	static char text[LONG_ARG + 1];
	char number[24];
	char *argv[] = { program, marker, number, text, NULL };
	uint64_t state = (uint64_t)worker, begin_ns = tool_now_ns();

	if (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		tool_die("setresuid");
	memset(text, 'x', LONG_ARG);
	for (unsigned long n = 1; !done->stop; n++) {
		bool fail = n % 16 == 0;
		size_t len = long_bytes(n, tool_random(&state));

		snprintf(number, sizeof(number), "%lu", n);
		text[len] = '\0';
		run(argv, fail);
		text[len] = 'x';
		done->execs[worker]++;
		done->failed[worker] += fail;
		if (burst && n % burst == 0)
			pause_burst(&begin_ns);
	}
}

int main(int argc, char **argv)
{
	unsigned long execs = 0, failed = 0;
	long workers, uid, rate;
	int bad = 0;

	if (argc != 6) {
		fprintf(stderr, "usage: storm PROGRAM MARKER UID P RATE\n");
		return 2;
	}
	uid = tool_number(argv[3], 1, 65533);
	workers = tool_number(argv[4], 1, 64);
	rate = tool_number(argv[5], 0, 1000000);
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (done == MAP_FAILED)
		tool_die("mmap");
	signal(SIGTERM, on_term);
	for (long w = 0; w < workers; w++) {
		pid_t pid = fork();

		if (pid < 0)
			tool_die("fork");
		if (pid == 0) {
			work(argv[1], argv[2], w, (uid_t)uid,
			     rate ? (unsigned long)(rate / workers / 10 + 1) : 0);
			_exit(0);
		}
	}
	for (long left = workers; left > 0;) {
		int status;

		if (wait(&status) >= 0) {
			bad |= status;
			left--;
		} else if (errno != EINTR) {
			tool_die("wait");
		}
	}
	for (long w = 0; w < workers; w++) {
		execs += done->execs[w];
		failed += done->failed[w];
	}
	printf("%lu %lu %lu\n", execs, failed, execs + (unsigned long)workers);
	return bad ? 1 : 0;
}
