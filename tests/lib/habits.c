/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * habits - a program with habits, for the tests of homeostasis.
 *
 * habits plain [FILE]     reads a file a few times: its everyday work
 * habits list DIR         the same, and lists a directory
 * habits shellcode        as an injected payload would: everyday work, then another file descriptor
 *                         for its output, other ids, and exec of ls
 * habits rogue            likewise, but it waits for a line in place of the exec
 * habits threads N        N threads, each does the everyday work
 * habits signals N        N signals whose handler returns, N whose handler jumps out
 * habits fork N           N children that work and do not exec
 * habits calls            every call number from 0 to 511 that cannot hurt, with arguments that
 * make it fail habits pidof            prints its pid, then sleeps in read(0) between two rounds of
 * work
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int work(const char *file)
{
	char buf[64];
	struct stat st;

	for (int i = 0; i < 5; i++) {
		int fd = open(file, O_RDONLY);

		if (fd < 0)
			return 1;
		fstat(fd, &st);
		while (read(fd, buf, sizeof(buf)) > 0)
			;
		lseek(fd, 0, SEEK_SET);
		close(fd);
	}
	return 0;
}

static int list(const char *dir)
{
	DIR *d = opendir(dir);

	while (d && readdir(d))
		;
	if (d)
		closedir(d);
	return d ? 0 : 1;
}

static int shellcode(bool exec)
{
	char line[16];
	int fd;

	work("/etc/passwd");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	dup2(fd, 5);
	if (setuid(getuid()) || setgid(getgid()) || chdir("/"))
		return 1;
	umask(0);
	getpeername(fd, NULL, NULL);
	if (!exec)
		return read(0, line, sizeof(line)) < 0;
	execl("/bin/ls", "ls", "/nowhere-at-all", (char *)NULL);
	return 1;
}

static void *thread(void *arg)
{
	for (int i = 0; i < 50; i++)
		work("/etc/passwd");
	return arg;
}

static int threads(int n)
{
	pthread_t ids[64];

	for (int i = 0; i < n && i < 64; i++)
		pthread_create(&ids[i], NULL, thread, NULL);
	for (int i = 0; i < n && i < 64; i++)
		pthread_join(ids[i], NULL);
	return 0;
}

static sigjmp_buf out;

static void on_return(int sig)
{
	getppid();
}

static void on_jump(int sig)
{
	getppid();
	siglongjmp(out, 1);
}

static int signals(volatile int n)
{
	while (n-- > 0) {
		signal(SIGUSR1, on_return);
		raise(SIGUSR1);
		signal(SIGUSR1, on_jump);
		if (!sigsetjmp(out, 1))
			raise(SIGUSR1);
		work("/etc/passwd");
	}
	return 0;
}

static int forks(int n)
{
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(work("/etc/passwd"));
		waitpid(pid, NULL, 0);
	}
	return 0;
}

/* Those that end, stop, restart or never return are left out. */
static int calls(void)
{
	static const long not_these[] = {
		SYS_exit,
		SYS_exit_group,
		SYS_pause,
		SYS_rt_sigreturn,
		SYS_fork,
		SYS_vfork,
		SYS_clone,
		SYS_clone3,
		SYS_reboot,
		SYS_kill,
		SYS_tkill,
		SYS_tgkill,
		SYS_rt_sigsuspend,
		SYS_rt_sigtimedwait,
		SYS_vhangup,
		SYS_close,
		SYS_close_range,
		SYS_sync,
		SYS_setsid,
		SYS_setpgid,
		SYS_seccomp,
		SYS_ptrace,
		SYS_select,
		SYS_poll,
		SYS_ppoll,
		SYS_pselect6,
		SYS_nanosleep,
		SYS_clock_nanosleep,
		SYS_wait4,
		SYS_waitid,
		SYS_brk,
		SYS_munmap,
		SYS_arch_prctl,
		SYS_dup2,
		SYS_dup3,
		SYS_iopl,
		SYS_ioperm,
		SYS_swapoff,
		SYS_swapon,
		SYS_sched_setaffinity,
		SYS_prctl,
		SYS_unshare,
		SYS_setns,
		SYS_restart_syscall,
		SYS_futex,
		SYS_mprotect,
		SYS_madvise,
		335 /* uretprobe */,
		336 /* uprobe: both answer with SIGILL */,
		SYS_setuid,
		SYS_setgid,
		SYS_setreuid,
		SYS_setregid,
		SYS_setresuid,
		SYS_setresgid,
		SYS_chroot,
		SYS_umask,
		SYS_alarm,
		SYS_settimeofday,
		SYS_clock_settime,
		SYS_adjtimex,
		SYS_clock_adjtime,
		SYS_sethostname,
		SYS_setdomainname,
		SYS_pidfd_send_signal,
		SYS_mlockall,
		SYS_mremap,
		SYS_shmdt,
		SYS_setrlimit,
		SYS_prlimit64,
		SYS_rt_sigprocmask,
		SYS_sigaltstack,
		SYS_rt_sigaction,
	};

	for (long nr = 0; nr < 512; nr++) {
		int skip = 0;

		for (size_t i = 0; i < sizeof(not_these) / sizeof(not_these[0]); i++)
			skip |= not_these[i] == nr;
		if (!skip)
			syscall(nr, -1L, -1L, -1L, -1L, -1L, -1L);
	}
	return 0;
}

static int wait_between(void)
{
	char c;

	printf("%d\n", getpid());
	fflush(stdout);
	work("/etc/passwd");
	if (read(0, &c, 1) < 0)
		return 1;
	return work("/etc/passwd");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "plain";
	const char *arg = argc > 2 ? argv[2] : NULL;
	int n = arg ? atoi(arg) : 1;

	if (strcmp(what, "plain") == 0)
		return work(arg ? arg : "/etc/passwd");
	if (strcmp(what, "list") == 0)
		return work("/etc/passwd") + list(arg ? arg : "/");
	if (strcmp(what, "shellcode") == 0)
		return shellcode(true);
	if (strcmp(what, "rogue") == 0)
		return shellcode(false);
	if (strcmp(what, "threads") == 0)
		return threads(n);
	if (strcmp(what, "signals") == 0)
		return signals(n);
	if (strcmp(what, "fork") == 0)
		return forks(n);
	if (strcmp(what, "calls") == 0)
		return calls();
	if (strcmp(what, "pidof") == 0)
		return wait_between();
	return 2;
}
