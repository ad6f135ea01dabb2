/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * threadexec PROGRAM [ARG…] - a thread other than the first one executes PROGRAM and so takes the
 * place of the first. Prints "PID TID" before: TID is the number the thread had until then.
 */
#include <pthread.h>

#include "tool.h"

static void *thread(void *arg)
{
	static char *const no_env[] = { NULL };
	char **argv = arg;

	dprintf(STDOUT_FILENO, "%d %d\n", (int)getpid(), (int)gettid());
	execve(argv[0], argv, no_env);
	tool_die(argv[0]);
}

int main(int argc, char **argv)
{
	pthread_t id;

	if (argc < 2) {
		fprintf(stderr, "usage: threadexec PROGRAM [ARG]...\n");
		return 2;
	}
	errno = pthread_create(&id, NULL, thread, argv + 1);
	if (errno)
		tool_die("pthread_create");
	pthread_join(id, NULL);
	return 1;
}
