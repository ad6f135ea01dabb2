/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ends - children that end in all the ways of the table below; prints for each what wait4(2) and
 * the child itself know of it, one JSON object a line. Core files go to the working directory.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "tool.h"

#define THREADS	  4
#define BURN_NS	  100000000u
#define RSS_BYTES (64u << 20)

/* What the child knows at its end, for the parent: lower bounds. */
static struct told {
	uint64_t began_ns, ends_ns;
} * told;

static uint64_t cpu_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void burn(uint64_t ns)
{
	uint64_t end = cpu_ns(CLOCK_THREAD_CPUTIME_ID) + ns;

	while (cpu_ns(CLOCK_THREAD_CPUTIME_ID) < end) {
		for (volatile int i = 0; i < 20000; i++)
			;
	}
}

static void __attribute__((noreturn)) end(int code)
{
	told->ends_ns = tool_now_ns();
	_exit(code);
}

static void __attribute__((noreturn)) die_by(int sig)
{
	told->ends_ns = tool_now_ns();
	signal(sig, SIG_DFL);
	kill(getpid(), sig);
	for (;;)
		pause();
}

static void cores(rlim_t limit)
{
	struct rlimit l = { limit, limit };

	if (setrlimit(RLIMIT_CORE, &l))
		tool_die("RLIMIT_CORE");
}

static void code_0(void)
{
	end(0);
}
static void code_1(void)
{
	end(1);
}
static void code_255(void)
{
	end(255);
}
static void code_256(void)
{
	end(256);
}
static void by_term(void)
{
	die_by(SIGTERM);
}
static void by_kill(void)
{
	die_by(SIGKILL);
}
static void by_realtime(void)
{
	die_by(SIGRTMIN + 3);
}

static void segv_no_core(void)
{
	cores(0);
	die_by(SIGSEGV);
}

static void segv_core(void)
{
	cores(RLIM_INFINITY);
	die_by(SIGSEGV);
}

static void abort_core(void)
{
	cores(RLIM_INFINITY);
	told->ends_ns = tool_now_ns();
	abort();
}

static void user_time(void)
{
	burn(2 * BURN_NS);
	end(0);
}

static void system_time(void)
{
	uint64_t until = cpu_ns(CLOCK_THREAD_CPUTIME_ID) + 2 * BURN_NS;
	static char page[1 << 20];
	int fd = open("/dev/zero", O_RDONLY);

	while (cpu_ns(CLOCK_THREAD_CPUTIME_ID) < until)
		if (read(fd, page, sizeof(page)) < 0)
			tool_die("/dev/zero");
	end(0);
}

static void resident(void)
{
	char *bytes =
		mmap(NULL, RSS_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (bytes == MAP_FAILED)
		tool_die("mmap");
	memset(bytes, 1, RSS_BYTES);
	munmap(bytes, RSS_BYTES); /* what counts is the most there was */
	end(0);
}

static void start(void *(*fn)(void *))
{
	pthread_t id;

	errno = pthread_create(&id, NULL, fn, NULL);
	if (errno)
		tool_die("pthread_create");
}

static void *burn_and_end(void *unused)
{
	burn(BURN_NS);
	end(7);
	return unused;
}

/* The first thread is gone long before; the last one ends the process by exit_group. */
static void leader_first(void)
{
	start(burn_and_end);
	syscall(SYS_exit, 0);
}

static void *burn_and_leave(void *unused)
{
	burn(BURN_NS);
	told->ends_ns = tool_now_ns();
	syscall(SYS_exit, 9);
	return unused;
}

/* No exit_group at all: the status is the first thread's. */
static void leader_status(void)
{
	start(burn_and_leave);
	syscall(SYS_exit, 5);
}

static void *burn_for_ever(void *unused)
{
	for (;;)
		burn(BURN_NS);
	return unused;
}

/* All threads run when the process ends: the time of each counts. */
static void many_threads(void)
{
	for (int i = 0; i < THREADS - 1; i++)
		start(burn_for_ever);
	burn(BURN_NS);
	end(3);
}

static void *burn_a_little(void *unused)
{
	burn(BURN_NS / 4);
	return unused;
}

static void joined_threads(void)
{
	pthread_t ids[8];

	for (int i = 0; i < 8; i++) {
		errno = pthread_create(&ids[i], NULL, burn_a_little, NULL);
		if (errno)
			tool_die("pthread_create");
	}
	for (int i = 0; i < 8; i++)
		pthread_join(ids[i], NULL);
	end(0);
}

static void *dies(void *unused)
{
	burn(BURN_NS / 10);
	cores(0);
	told->ends_ns = tool_now_ns();
	*(volatile int *)unused = 1;
	return unused;
}

static void thread_crash(void)
{
	start(dies);
	for (;;)
		pause();
}

static const struct end_case {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "code-0", code_0 },
	{ "code-1", code_1 },
	{ "code-255", code_255 },
	{ "code-256", code_256 },
	{ "sigterm", by_term },
	{ "sigkill", by_kill },
	{ "realtime-signal", by_realtime },
	{ "segv-no-core", segv_no_core },
	{ "segv-core", segv_core },
	{ "abort-core", abort_core },
	{ "user-time", user_time },
	{ "system-time", system_time },
	{ "resident", resident },
	{ "leader-first", leader_first },
	{ "leader-status", leader_status },
	{ "many-threads", many_threads },
	{ "joined-threads", joined_threads },
	{ "thread-crash", thread_crash },
};

static uint64_t time_ns(struct timeval tv)
{
	return (uint64_t)tv.tv_sec * 1000000000u + (uint64_t)tv.tv_usec * 1000u;
}

static void one(const struct end_case *c)
{
	uint64_t before_ns = tool_now_ns(), after_ns;
	struct rusage used;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		tool_die("fork");
	if (pid == 0) {
		told->began_ns = tool_now_ns();
		prctl(PR_SET_NAME, c->name);
		c->run();
		_exit(99);
	}
	if (wait4(pid, &status, 0, &used) != pid)
		tool_die("wait4");
	after_ns = tool_now_ns();
	printf("{\"case\":\"%s\",\"type\":\"exit\",\"pid\":%d,\"ppid\":%d,\"uid\":%u,\"comm\":\"%."
	       "15s\"",
	       c->name, (int)pid, (int)getpid(), getuid(), c->name);
	if (WIFEXITED(status))
		printf(",\"exit_code\":%d,\"signal\":null,\"core_dumped\":null",
		       WEXITSTATUS(status));
	else
		printf(",\"exit_code\":null,\"signal\":%d,\"core_dumped\":%s", WTERMSIG(status),
		       WCOREDUMP(status) ? "true" : "false");
	printf(",\"maxrss_bytes\":%ld,\"utime\":%llu,\"stime\":%llu,\"life_min\":%llu,\"life_max\":"
	       "%"
	       "llu,\"began\":[%llu,%llu]}\n",
	       used.ru_maxrss * 1024, (unsigned long long)time_ns(used.ru_utime),
	       (unsigned long long)time_ns(used.ru_stime),
	       (unsigned long long)(told->ends_ns - told->began_ns),
	       (unsigned long long)(after_ns - before_ns), (unsigned long long)before_ns,
	       (unsigned long long)told->began_ns);
	fflush(stdout);
}

int main(void)
{
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED)
		tool_die("mmap");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		one(&cases[i]);
	return 0;
}
