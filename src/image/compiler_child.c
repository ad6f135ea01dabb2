/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/compiler_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/signals.h"
#include "confine/child.h"
#include "image/image.h"

#define MESSAGES_MAX (1u << 20)
#define TIMEOUT_MS   60000
#define ARGV_MAX     64

static int fill_argv(const struct ebt_build_request *req, struct ebt_defines *defines,
		     const char *argv[ARGV_MAX])
{
	int n = 0;

	argv[n++] = "execbig-compile";
	argv[n++] = "--headers";
	argv[n++] = req->headers;
	if (req->arch) {
		argv[n++] = "--arch";
		argv[n++] = req->arch;
	}
	if (req->params) {
		ebt_params_defines(req->params, defines);
		for (int i = 0; i < defines->count; i++)
			argv[n++] = defines->text[i];
	}
	for (const char *const *x = req->extra; x && *x; x++) {
		if (n == ARGV_MAX - 1)
			return -E2BIG;
		argv[n++] = *x;
	}
	argv[n] = NULL;
	return 0;
}

/* Become the compiler, in the child, which has only its three pipes and no capability. The compiler
 * inherits no signal handling, environment or working directory either; it keeps the uid, because it
 * must be able to read its headers. */
static _Noreturn void run_compiler(const struct ebt_build_request *req, const char *const argv[])
{
	static const char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };
	struct rlimit no_core = { 0, 0 };

	ebt_signals_unblock_all();
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	setrlimit(RLIMIT_CORE, &no_core);
	if (chdir("/"))
		_exit(EBT_CHILD_NOT_STARTED);
	execve(req->compiler, (char *const *)argv, (char *const *)env);
	dprintf(2, "cannot start %s: %s\n", req->compiler, ebt_strerror(errno));
	_exit(EBT_CHILD_NOT_STARTED);
}

/* Fork the compiler with these three pipe ends as its standard descriptors. Return its id, or
 * -errno. */
static pid_t fork_compiler(const struct ebt_build_request *req, const char *const argv[],
			   const struct ebt_child_fd pipes[3])
{
	const struct ebt_child child = { .death_signal = SIGKILL,
					 .rights = EBT_CHILD_NO_CAPABILITIES,
					 .keep = pipes,
					 .keep_count = 3 };
	pid_t pid = ebt_child_fork(&child);

	if (pid == 0)
		run_compiler(req, argv);
	return pid;
}

int ebt_build_start(struct ebt_build *b, const struct ebt_build_request *req)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, diag[2] = { -1, -1 }, err;
	const char *argv[ARGV_MAX];
	struct ebt_defines defines;

	*b = (struct ebt_build){ .pid = -1, .in = -1, .out = -1, .diag = -1 };
	b->text = req->text;
	b->image.limit = EBT_IMAGE_MAX_BYTES;
	b->messages.limit = MESSAGES_MAX;
	err = fill_argv(req, &defines, argv);
	if (err)
		return err;
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(diag, O_CLOEXEC))
		goto fail_errno;
	b->begin_ns = ebt_mono_ns();
	b->deadline_ns =
		b->begin_ns + (req->timeout_ms ? req->timeout_ms : TIMEOUT_MS) * 1000000ull;
	err = fork_compiler(
		req, argv,
		(const struct ebt_child_fd[]){ { in[0], 0 }, { out[1], 1 }, { diag[1], 2 } });
	if (err < 0)
		goto fail;
	b->pid = err;
	close(in[0]);
	close(out[1]);
	close(diag[1]);
	b->in = in[1];
	b->out = out[0];
	b->diag = diag[0];
	fcntl(b->in, F_SETFL, O_NONBLOCK);
	fcntl(b->out, F_SETFL, O_NONBLOCK);
	fcntl(b->diag, F_SETFL, O_NONBLOCK);
	return 0;
fail_errno:
	err = -errno;
fail:
	for (int i = 0; i < 2; i++) {
		ebt_cleanup_close(&in[i]);
		ebt_cleanup_close(&out[i]);
		ebt_cleanup_close(&diag[i]);
	}
	return err;
}

static void close_fd(int *fd)
{
	close(*fd);
	*fd = -1;
}

static void feed(struct ebt_build *b)
{
	while (b->in >= 0 && b->text.len) {
		ssize_t n = write(b->in, b->text.data, b->text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			break; /* The child has closed the pipe; its exit status tells why. */
		b->text.data += n;
		b->text.len -= (size_t)n;
	}
	if (b->in >= 0)
		close_fd(&b->in);
}

/* Read what is there. Bytes over the limit are read and dropped, so that the child never blocks. */
static void drain(int *fd, struct ebt_buf *buf)
{
	char chunk[16384];

	while (*fd >= 0) {
		ssize_t n = read(*fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			close_fd(fd);
		else
			ebt_buf_append(buf, chunk, (size_t)n);
	}
}

static int result(struct ebt_build *b)
{
	if (WIFEXITED(b->status) && WEXITSTATUS(b->status) == EBT_CHILD_NOT_STARTED)
		return -ENOEXEC;
	if (WIFSIGNALED(b->status))
		return -EINTR;
	if (!WIFEXITED(b->status) || WEXITSTATUS(b->status) != 0)
		return -EIO;
	return b->image.error ? b->image.error : 0;
}

int ebt_build_step(struct ebt_build *b)
{
	struct sigaction ign = { .sa_handler = SIG_IGN }, old;

	if (b->pid < 0)
		return result(b);
	sigaction(SIGPIPE, &ign, &old);
	feed(b);
	sigaction(SIGPIPE, &old, NULL);
	drain(&b->out, &b->image);
	drain(&b->diag, &b->messages);
	if (b->out < 0 && b->diag < 0) {
		while (waitpid(b->pid, &b->status, 0) < 0 && errno == EINTR)
			;
		b->pid = -1;
		return result(b);
	}
	if (ebt_mono_ns() > b->deadline_ns) {
		ebt_buf_puts(&b->messages, "the compiler took too long and was ended\n");
		return -ETIME;
	}
	return 1;
}

int ebt_build_wait(struct ebt_build *b)
{
	int err;

	while ((err = ebt_build_step(b)) == 1) {
		struct pollfd fds[3] = { { .fd = b->in, .events = POLLOUT },
					 { .fd = b->out, .events = POLLIN },
					 { .fd = b->diag, .events = POLLIN } };

		poll(fds, 3, 100);
	}
	return err;
}

void ebt_build_free(struct ebt_build *b)
{
	if (b->pid > 0) {
		kill(b->pid, SIGKILL);
		while (waitpid(b->pid, &b->status, 0) < 0 && errno == EINTR)
			;
	}
	ebt_cleanup_close(&b->in);
	ebt_cleanup_close(&b->out);
	ebt_cleanup_close(&b->diag);
	ebt_buf_free(&b->image);
	ebt_buf_free(&b->messages);
	*b = (struct ebt_build){ .pid = -1, .in = -1, .out = -1, .diag = -1 };
}
