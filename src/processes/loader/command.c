/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/io.h"
#include "base/log.h"
#include "base/signals.h"
#include "confine/child.h"

#define OUTPUT_SHOWN ((size_t)1 << 20)
#define DRAINS	     16	 /* reads at a time: others wait for the loader, too */
#define EXEC_MS	     100 /* what an exec usually takes less than */

void ebt_command_init(struct ebt_command *c)
{
	*c = (struct ebt_command){ .release_fd = -1, .error_fd = -1, .output = -1 };
}

/* Make output the standard output and error, or, if there is none, standard error the standard
 * output of a command beside lines that a program reads. */
static void command_redirect(const struct ebt_options *options, int output)
{
	if (output >= 0) {
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(output, 1);
		dup2(output, 2);
	} else if (!isatty(STDOUT_FILENO)) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
	}
	ebt_signals_restore(&options->signals);
}

/* In the child, wait for the byte. Without it (the loader died or gave up) the child never becomes
 * the command. */
static _Noreturn void command_wait_and_exec(const struct ebt_options *options, int release,
					    int error, int output)
{
	char byte;
	int err;

	if (read(release, &byte, 1) != 1)
		_exit(127);
	command_redirect(options, output);
	execvp(options->command[0], options->command);
	err = errno;
	if (write(error, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(err == ENOENT ? 127 : 126);
}

static int command_open_output(struct ebt_command *c, int output[2])
{
	c->kept = malloc(OUTPUT_SHOWN);
	if (!c->kept)
		return -ENOMEM;
	if (pipe2(output, O_CLOEXEC))
		return -errno;
	fcntl(output[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* Fork the process that becomes COMMAND. It has the descriptors that the caller of execbig-top gave,
 * such as those of make's job server, and three of its own until then. Return its id, or -errno. */
static pid_t command_fork(const struct ebt_options *options, int release, int error, int output)
{
	const struct ebt_child_fd keep[] = { { release, EBT_CHILD_SAME },
					     { error, EBT_CHILD_SAME },
					     { output, EBT_CHILD_SAME } };
	const struct ebt_child child = { .death_signal = options->kill_on_exit ? SIGTERM : 0,
					 .keep = keep,
					 .keep_count = EBT_ARRAY_SIZE(keep),
					 .inherit = &options->inherited };
	pid_t pid = ebt_child_fork(&child);

	if (pid != 0)
		return pid;
	/* Beside a screen it has no terminal, so that nothing that it starts can write over the
	 * screen or take its keys by /dev/tty. */
	if (output >= 0)
		setsid();
	command_wait_and_exec(options, release, error, output);
}

int ebt_command_hold(struct ebt_command *c, const struct ebt_options *options)
{
	int release[2] = { -1, -1 }, error[2] = { -1, -1 }, output[2] = { -1, -1 };
	int err = 0;

	if (pipe2(release, O_CLOEXEC) || pipe2(error, O_CLOEXEC))
		err = -errno;
	if (!err && options->mode == EBT_MODE_LIVE)
		err = command_open_output(c, output);
	if (!err) {
		c->name = options->command[0];
		c->own_session = options->mode == EBT_MODE_LIVE;
		c->pid = command_fork(options, release[0], error[1], output[1]);
		err = c->pid < 0 ? c->pid : 0;
	}
	ebt_cleanup_close(&release[0]);
	ebt_cleanup_close(&error[1]);
	ebt_cleanup_close(&output[1]);
	c->release_fd = release[1];
	c->error_fd = error[0];
	c->output = output[0];
	if (err) {
		c->pid = 0;
		ebt_command_free(c);
	}
	return err;
}

int ebt_command_release(struct ebt_command *c)
{
	struct pollfd exec = { .fd = c->error_fd, .events = POLLIN };

	if (write(c->release_fd, "", 1) != 1)
		return errno == EPIPE ? -ECHILD : -errno;
	ebt_cleanup_close(&c->release_fd);
	c->release_fd = -1;
	if (poll(&exec, 1, EXEC_MS) > 0)
		ebt_command_take_exec(c);
	return 0;
}

void ebt_command_take_exec(struct ebt_command *c)
{
	int err;

	if (read(c->error_fd, &err, sizeof(err)) == sizeof(err)) {
		c->exec_error = err;
		c->ended = waitpid(c->pid, &c->status, 0) == c->pid;
	}
	ebt_cleanup_close(&c->error_fd);
	c->error_fd = -1;
}

void ebt_command_reap(struct ebt_command *c)
{
	if (ebt_command_runs(c) && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->ended = true;
}

bool ebt_command_runs(const struct ebt_command *c)
{
	return c->pid > 0 && !c->ended;
}

int ebt_command_exit_status(const struct ebt_command *c)
{
	return WIFEXITED(c->status) ? WEXITSTATUS(c->status) : 128 + WTERMSIG(c->status);
}

void ebt_command_signal(struct ebt_command *c, int signal)
{
	if (!ebt_command_runs(c))
		return;
	if (!c->own_session || kill(-c->pid, signal))
		kill(c->pid, signal);
}

void ebt_command_drain(struct ebt_command *c)
{
	char passed[4096];

	for (int i = 0; c->output >= 0 && i < DRAINS; i++) {
		size_t at = c->written % OUTPUT_SHOWN;
		char *to = c->kept ? c->kept + at : passed;
		ssize_t n = read(c->output, to, c->kept ? OUTPUT_SHOWN - at : sizeof(passed));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			ebt_cleanup_close(&c->output);
			c->output = -1;
			return;
		}
		c->written += (uint64_t)n;
		if (!c->kept)
			ebt_write_all(STDOUT_FILENO, passed, (size_t)n);
	}
}

void ebt_command_show_output(struct ebt_command *c)
{
	_cleanup_free_ char *kept = TAKE_PTR(c->kept);
	size_t at = c->written % OUTPUT_SHOWN;
	char size[EBT_FMT_LEN];

	if (!kept)
		return;
	if (c->written > OUTPUT_SHOWN)
		ebt_warn("of what the command has written the last %s are shown",
			 ebt_fmt_bytes(size, OUTPUT_SHOWN));
	if (c->written >= OUTPUT_SHOWN &&
	    ebt_write_all(STDOUT_FILENO, kept + at, OUTPUT_SHOWN - at))
		return;
	ebt_write_all(STDOUT_FILENO, kept, at);
}

void ebt_command_free(struct ebt_command *c)
{
	bool held = c->release_fd >= 0;

	ebt_cleanup_close(&c->release_fd);
	ebt_cleanup_close(&c->error_fd);
	if (held && ebt_command_runs(c))
		waitpid(c->pid, &c->status, 0);
	ebt_command_drain(c);
	ebt_cleanup_close(&c->output);
	ebt_command_show_output(c);
	ebt_command_init(c);
}
