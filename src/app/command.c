/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

#define OUTPUT_SHOWN (1 << 20)

static void redirect(int output)
{
	int null = open("/dev/null", O_RDONLY);

	dup2(null, 0);
	dup2(output, 1);
	dup2(output, 2);
}

/* In the child: waits for the byte; without it (the loader died or gave up) it never becomes the
 * command. */
static _Noreturn void wait_and_exec(char *const argv[], int release, int error, int output)
{
	sigset_t none;
	char byte;
	int err;

	if (read(release, &byte, 1) != 1)
		_exit(127);
	if (output >= 0)
		redirect(output);
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	err = errno;
	if (write(error, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(err == ENOENT ? 127 : 126);
}

int ebt_command_hold(struct ebt_command *c, char *const argv[], bool capture)
{
	int release[2] = { -1, -1 }, error[2] = { -1, -1 };
	pid_t parent = getpid();

	*c = (struct ebt_command){ .release_fd = -1, .error_fd = -1, .output = -1 };
	if (capture)
		c->output = memfd_create("command-output", MFD_CLOEXEC);
	if (c->output >= 0)
		fcntl(c->output, F_SETFL, O_APPEND);
	if (pipe2(release, O_CLOEXEC) || pipe2(error, O_CLOEXEC))
		goto fail;
	c->pid = fork();
	if (c->pid < 0)
		goto fail;
	if (c->pid == 0) {
		close(release[1]);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(127);
		wait_and_exec(argv, release[0], error[1], c->output);
	}
	close(release[0]);
	close(error[1]);
	c->release_fd = release[1];
	c->error_fd = error[0];
	return 0;
fail:
	c->pid = 0;
	for (int i = 0; i < 2; i++) {
		ebt_cleanup_close(&release[i]);
		ebt_cleanup_close(&error[i]);
	}
	return -errno;
}

int ebt_command_release(struct ebt_command *c)
{
	int err = 0;
	ssize_t n;

	if (write(c->release_fd, "", 1) != 1)
		return errno == EPIPE ? -ECHILD : -errno;
	do {
		n = read(c->error_fd, &err, sizeof(err));
	} while (n < 0 && errno == EINTR);
	close(c->error_fd);
	close(c->release_fd);
	c->error_fd = c->release_fd = -1;
	if (n != sizeof(err))
		return 0;
	waitpid(c->pid, &c->status, 0);
	c->pid = 0;
	return -err;
}

void ebt_command_reap(struct ebt_command *c)
{
	if (c->pid > 0 && !c->ended && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->ended = true;
}

int ebt_command_exit_status(const struct ebt_command *c)
{
	return WIFEXITED(c->status) ? WEXITSTATUS(c->status) : 128 + WTERMSIG(c->status);
}

static void show_output(int fd)
{
	char chunk[16384];
	off_t at = lseek(fd, 0, SEEK_END) - OUTPUT_SHOWN;
	ssize_t n;

	if (at < 0)
		at = 0;
	while ((n = pread(fd, chunk, sizeof(chunk), at)) > 0 &&
	       write(STDOUT_FILENO, chunk, (size_t)n) == n)
		at += n;
}

void ebt_command_free(struct ebt_command *c)
{
	bool held = c->release_fd >= 0;

	ebt_cleanup_close(&c->release_fd);
	ebt_cleanup_close(&c->error_fd);
	if (held && c->pid > 0)
		waitpid(c->pid, &c->status, 0);
	if (c->output >= 0) {
		show_output(c->output);
		close(c->output);
	}
	*c = (struct ebt_command){ .release_fd = -1, .error_fd = -1, .output = -1 };
}
