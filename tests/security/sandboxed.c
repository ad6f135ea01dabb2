/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sandboxed.c - what the view's and the writer's filter of system calls refuses: makes the calls
 * and says of each whether it was refused by the filter (EPERM) or not. As any user.
 *
 *	sandboxed view|files
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "confine/sandbox.h"

#define TRY(call)                                                                               \
	do {                                                                                    \
		errno = 0;                                                                      \
		printf("%s %s\n", (long)(call) == -1 && errno == EPERM ? "refused" : "ALLOWED", \
		       #call);                                                                  \
	} while (0)

static char *const none[] = { NULL };

/* Each of these would end differently without the filter: ENOENT, EINVAL, EFAULT, ENOTTY, success.
 */
static void anybody(void)
{
	union bpf_attr attr = { 0 };
	struct perf_event_attr perf = { .size = sizeof(perf) };

	TRY(syscall(SYS_execve, "/none", none, none));
	TRY(syscall(SYS_execveat, AT_FDCWD, "/none", none, none, 0));
	TRY(syscall(SYS_fork));
	TRY(syscall(SYS_vfork));
	TRY(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	TRY(syscall(SYS_clone3, 0, 0));
	TRY(syscall(SYS_ptrace, 0xffff, 0, 0, 0));
	TRY(syscall(SYS_process_vm_readv, getpid(), 0, 0, 0, 0, 0));
	TRY(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, 0));
	TRY(syscall(SYS_perf_event_open, &perf, 0, -1, -1, 0));
	TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(socket(AF_UNIX, SOCK_STREAM, 0));
	TRY(syscall(SYS_connect, -1, NULL, 0));
	TRY(syscall(SYS_bind, -1, NULL, 0));
	TRY(setresuid(getuid(), getuid(), getuid()));
	TRY(syscall(SYS_unshare, 0));
	TRY(syscall(SYS_mount, 0, 0, 0, 0, 0));
	TRY(syscall(SYS_setns, -1, 0));
	TRY(syscall(SYS_keyctl, 0, 0, 0, 0, 0));
	TRY(syscall(SYS_io_uring_setup, 1, 0));
	TRY(syscall(SYS_userfaultfd, 0));
	TRY(syscall(SYS_prctl, 22 /* PR_SET_SECCOMP */, 0, 0, 0, 0));
	TRY(syscall(SYS_pidfd_open, getpid(), 0));
	TRY(syscall(SYS_chmod, "/none", 0));
	TRY(kill(getppid(), SIGCONT)); /* whether it is there may be asked, no more */
	TRY(kill(1, SIGCONT));
	TRY(syscall(SYS_tgkill, getppid(), getppid(), 0));
	TRY(fcntl(0, F_SETOWN, getpid()));
	TRY(fcntl(0, F_SETSIG, SIGUSR1));
	TRY(ioctl(0, TIOCSTI, "x"));
	TRY(ioctl(0, TIOCLINUX, "x"));
	TRY(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static void view_only(void)
{
	TRY(open("/none", O_RDONLY));
	TRY(openat(AT_FDCWD, "/none", O_RDONLY));
	TRY(syscall(SYS_openat2, AT_FDCWD, "/none", 0, 0));
	TRY(unlink("/none"));
	TRY(rename("/none", "/none2"));
	TRY(mkdir("/none/none", 0));
	TRY(syscall(SYS_readlinkat, AT_FDCWD, "/none", NULL, 0));
	TRY(access("/none", F_OK));
	TRY(syscall(SYS_pipe2, NULL, 0));
}

int main(int argc, char **argv)
{
	bool files = argc > 1 && strcmp(argv[1], "files") == 0;
	char why[256];
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err = ebt_sandbox_drop_capabilities(why, sizeof(why));

	if (!err)
		err = files ? ebt_sandbox_seccomp_files(why, sizeof(why))
			    : ebt_sandbox_seccomp(why, sizeof(why));
	if (err) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	anybody();
	TRY(mprotect(page, 4096, PROT_READ | PROT_EXEC));
	if (!files)
		view_only();
	return fflush(stdout) ? 1 : 0;
}
