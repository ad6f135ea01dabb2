/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/io.h"
#include "base/log.h"
#include "base/signals.h"
#include "confine/child.h"
#include "ipc/shared_memory.h"

#define DRAINS	 16	       /* reads at a time: others wait for the loader, too */
#define EXEC_MS	 100	       /* what an exec usually takes less than */
#define QUIET_NS 1000000000ull /* without output until a program may be waiting for input */

void ebt_command_init(struct ebt_command *c)
{
	*c = (struct ebt_command){ .release_fd = -1, .error_fd = -1, .output = -1, .kept_fd = -1 };
}

/* Make output the standard output and error, and the input if it is a terminal; or, if there is none, standard error the standard
 * output of a command beside lines that a program reads. */
static void command_redirect(const struct ebt_options *options, int output)
{
	if (output >= 0) {
		dup2(isatty(output) ? output : open("/dev/null", O_RDONLY), 0);
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

static int command_keep_output(struct ebt_command *c)
{
	void *map;
	int fd = ebt_shared_memory_create("command-output", sizeof(*c->kept), &map);

	if (fd < 0)
		return fd;
	c->kept = map;
	c->kept_fd = fd;
	return 0;
}

/* output gets the end to read from and the end that becomes the command's. */
static int command_open_output(struct ebt_command *c, int output[2])
{
	int err = command_keep_output(c);

	if (err)
		return err;
	c->terminal = !ebt_command_terminal_open(&output[0], &output[1]);
	if (!c->terminal && pipe2(output, O_CLOEXEC))
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
	/* Beside a screen it has no controlling terminal, so that nothing that it starts can write
	 * over the screen or take its keys by /dev/tty. */
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

int ebt_command_timeout_ms(const struct ebt_command *c)
{
	return c->terminal && c->output >= 0 && c->release_fd < 0 && ebt_command_runs(c)
		       ? (int)(QUIET_NS / 1000000)
		       : -1;
}

bool ebt_command_look_after(struct ebt_command *c)
{
	uint64_t now_ns = ebt_mono_ns();
	pid_t before = c->waiter.pid;

	if (ebt_command_timeout_ms(c) < 0 || now_ns - c->output_ns < QUIET_NS) {
		c->waiter.pid = 0;
	} else if (now_ns - c->waiter_ns >= QUIET_NS) {
		c->waiter_ns = now_ns;
		ebt_command_terminal_resize(c->output);
		ebt_command_terminal_waiter(c->output, c->pid, &c->waiter);
	}
	return c->waiter.pid != before;
}

/* Read into the ring, or pass on. Return what read(2) does. */
static ssize_t command_read_output(struct ebt_command *c)
{
	uint64_t written = c->kept ? c->kept->written : 0;
	size_t at = written % EBT_COMMAND_OUTPUT_KEPT;
	char passed[4096];
	ssize_t n = c->kept ? read(c->output, c->kept->bytes + at, EBT_COMMAND_OUTPUT_KEPT - at)
			    : read(c->output, passed, sizeof(passed));

	if (n <= 0)
		return n;
	if (c->kept)
		__atomic_store_n(&c->kept->written, written + (uint64_t)n, __ATOMIC_RELEASE);
	else
		ebt_write_all(STDOUT_FILENO, passed, (size_t)n);
	c->output_ns = ebt_mono_ns();
	return n;
}

void ebt_command_drain(struct ebt_command *c)
{
	for (int i = 0; c->output >= 0 && i < DRAINS; i++) {
		ssize_t n = command_read_output(c);

		if (n > 0 || (n < 0 && errno == EINTR))
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		/* The end of a pipe is 0, that of a terminal EIO. */
		ebt_cleanup_close(&c->output);
		c->output = -1;
	}
}

void ebt_command_show_output(struct ebt_command *c)
{
	struct ebt_command_output *kept = TAKE_PTR(c->kept);
	char size[EBT_FMT_LEN];
	size_t at;

	if (!kept)
		return;
	at = kept->written % EBT_COMMAND_OUTPUT_KEPT;
	if (kept->written > EBT_COMMAND_OUTPUT_KEPT)
		ebt_warn("of what the command has written the last %s are shown",
			 ebt_fmt_bytes(size, EBT_COMMAND_OUTPUT_KEPT));
	if (kept->written < EBT_COMMAND_OUTPUT_KEPT ||
	    !ebt_write_all(STDOUT_FILENO, kept->bytes + at, EBT_COMMAND_OUTPUT_KEPT - at))
		ebt_write_all(STDOUT_FILENO, kept->bytes, at);
	munmap(kept, sizeof(*kept));
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
	ebt_cleanup_close(&c->kept_fd);
	ebt_command_init(c);
}
