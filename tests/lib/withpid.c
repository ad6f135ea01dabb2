/* SPDX-License-Identifier: BSD-3-Clause */
/* withpid PID COMMAND… - runs a command as the process with that id, which must be free. */
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "tool.h"

int main(int argc, char **argv)
{
	struct clone_args how = { .exit_signal = SIGCHLD, .set_tid_size = 1 };
	pid_t wanted, pid;
	int status;

	if (argc < 3) {
		fprintf(stderr, "usage: withpid PID COMMAND...\n");
		return 2;
	}
	wanted = (pid_t)tool_number(argv[1], 2, 4 << 20);
	how.set_tid = (uint64_t)(uintptr_t)&wanted;
	pid = (pid_t)syscall(SYS_clone3, &how, sizeof(how));
	if (pid < 0)
		tool_die("clone3");
	if (pid == 0) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		tool_die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
