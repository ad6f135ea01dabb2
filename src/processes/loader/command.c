/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/io.h"
#include "base/log.h"
#include "base/signals.h"

#define OUTPUT_SHOWN ((size_t)1 << 20)
#define DRAINS	     16 /* of a pipe's size: others wait for the loader, too */

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
	char byte;
	int err;

	if (read(release, &byte, 1) != 1)
		_exit(127);
	if (output >= 0)
		redirect(output);
	/* What whoever started us had ignored stays so, as by nohup; this one is our own doing. */
	signal(SIGXFSZ, SIG_DFL);
	ebt_signals_unblock_all();
	execvp(argv[0], argv);
	err = errno;
	if (write(error, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(err == ENOENT ? 127 : 126);
}

int ebt_command_hold(struct ebt_command *c, char *const argv[], bool capture)
{
	int release[2] = { -1, -1 }, error[2] = { -1, -1 }, output[2] = { -1, -1 };
	pid_t parent = getpid();

	*c = (struct ebt_command){ .release_fd = -1, .error_fd = -1, .output = -1 };
	if (pipe2(release, O_CLOEXEC) || pipe2(error, O_CLOEXEC))
		goto fail;
	if (capture) {
		c->kept = malloc(OUTPUT_SHOWN);
		if (!c->kept || pipe2(output, O_CLOEXEC))
			goto fail;
		fcntl(output[0], F_SETFL, O_NONBLOCK);
	}
	c->pid = fork();
	if (c->pid < 0)
		goto fail;
	if (c->pid == 0) {
		close(release[1]);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(127);
		wait_and_exec(argv, release[0], error[1], output[1]);
	}
	close(release[0]);
	close(error[1]);
	ebt_cleanup_close(&output[1]);
	c->output = output[0];
	c->release_fd = release[1];
	c->error_fd = error[0];
	return 0;
fail:
	c->pid = 0;
	for (int i = 0; i < 2; i++) {
		ebt_cleanup_close(&release[i]);
		ebt_cleanup_close(&error[i]);
		ebt_cleanup_close(&output[i]);
	}
	free(c->kept);
	c->kept = NULL;
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

void ebt_command_drain(struct ebt_command *c)
{
	for (int i = 0; c->output >= 0 && i < DRAINS; i++) {
		size_t at = c->written % OUTPUT_SHOWN;
		ssize_t n = read(c->output, c->kept + at, OUTPUT_SHOWN - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close(c->output);
			c->output = -1;
			return;
		}
		c->written += (uint64_t)n;
	}
}

static void show_output(const struct ebt_command *c)
{
	size_t at = c->written % OUTPUT_SHOWN;
	char size[EBT_FMT_LEN];

	if (c->written > OUTPUT_SHOWN)
		ebt_warn("of what the command has written the last %s are shown",
			 ebt_fmt_bytes(size, OUTPUT_SHOWN));
	if (c->written >= OUTPUT_SHOWN &&
	    ebt_write_all(STDOUT_FILENO, c->kept + at, OUTPUT_SHOWN - at))
		return;
	ebt_write_all(STDOUT_FILENO, c->kept, at);
}

void ebt_command_free(struct ebt_command *c)
{
	bool held = c->release_fd >= 0;

	ebt_cleanup_close(&c->release_fd);
	ebt_cleanup_close(&c->error_fd);
	if (held && c->pid > 0)
		waitpid(c->pid, &c->status, 0);
	ebt_command_drain(c);
	ebt_cleanup_close(&c->output);
	if (c->kept)
		show_output(c);
	free(c->kept);
	*c = (struct ebt_command){ .release_fd = -1, .error_fd = -1, .output = -1 };
}
