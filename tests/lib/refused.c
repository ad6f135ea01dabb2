/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * refused CASE - one exec of /bin/true or of this program, with the argument "refused-CASE", that
 * fails where a tracer of system calls does not look for it; prints nothing.
 *
 *	errno, errno-at	 seccomp refuses execve or execveat with EPERM
 *	trap		 seccomp sends a SIGSYS instead of a result
 *	late, late-thread  the new program finds no memory when the old one is gone; the second from
 *			 a thread that is not the leader
 *	race		 40 times 16 threads exec at once, of which one wins
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "tool.h"

#define RACES	40
#define THREADS 16
/* Enough for the stack of a new program, too little for its image. */
#define LITTLE_MEMORY 170000

static char argument[64];
static char *args[] = { "refused", argument, NULL };
static char *no_env[] = { NULL };
static pthread_barrier_t barrier;

static void exec_at(void)
{
	syscall(SYS_execveat, AT_FDCWD, "/bin/true", args, no_env, 0);
}

static int refuse(uint32_t number, uint32_t verdict)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, verdict),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		tool_die("seccomp");
	return 0;
}

static void trapped(int signal)
{
	_exit(signal == SIGSYS ? 0 : 1);
}

static void *late(void *arg)
{
	struct rlimit little = { LITTLE_MEMORY, LITTLE_MEMORY };

	if (setrlimit(RLIMIT_AS, &little))
		tool_die("setrlimit");
	execve("/proc/self/exe", args, no_env);
	return arg;
}

static void *runner(void *arg)
{
	pthread_barrier_wait(&barrier);
	execve("/bin/true", args, no_env);
	return arg;
}

static void race(void)
{
	pthread_t thread;
	pid_t pid = fork();

	if (pid < 0)
		tool_die("fork");
	if (pid > 0) {
		waitpid(pid, NULL, 0);
		return;
	}
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, runner, NULL))
			tool_die("pthread_create");
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	pthread_t thread;

	snprintf(argument, sizeof(argument), "refused-%s", what);
	if (strcmp(what, "errno") == 0) {
		refuse(SYS_execve, SECCOMP_RET_ERRNO | EPERM);
		execve("/bin/true", args, no_env);
		return errno != EPERM;
	}
	if (strcmp(what, "errno-at") == 0) {
		refuse(SYS_execveat, SECCOMP_RET_ERRNO | EPERM);
		exec_at();
		return errno != EPERM;
	}
	if (strcmp(what, "trap") == 0) {
		signal(SIGSYS, trapped);
		refuse(SYS_execve, SECCOMP_RET_TRAP);
		execve("/bin/true", args, no_env);
		return 1;
	}
	if (strcmp(what, "late") == 0)
		return late(NULL) != NULL;
	if (strcmp(what, "late-thread") == 0)
		return pthread_create(&thread, NULL, late, NULL) || pthread_join(thread, NULL);
	if (strcmp(what, "race") == 0) {
		for (int i = 0; i < RACES; i++)
			race();
		return 0;
	}
	fprintf(stderr, "usage: refused errno|errno-at|trap|late|late-thread|race\n");
	return 2;
}
