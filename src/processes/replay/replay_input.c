/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/replay_input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"

#define INPUT_CHUNK (256u << 10)

/* Open a file without a name on a disk, or, where there is none that can be written, in memory. */
static int input_open_spool(void)
{
	const char *const places[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; fd < 0 && i < EBT_ARRAY_SIZE(places); i++) {
		if (places[i] && *places[i])
			fd = open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	}
	return fd < 0 ? memfd_create("recording", MFD_CLOEXEC) : fd;
}

/* Return 1 when there is something to read, or the end; -EINTR if a signal came. */
static int input_wait(const struct ebt_view *v, int from)
{
	struct pollfd fds[2] = { { .fd = from, .events = POLLIN },
				 { .fd = v->signals, .events = POLLIN } };

	if (poll(fds, 2, -1) < 0)
		return errno == EINTR ? 0 : -errno;
	return fds[1].revents ? -EINTR : fds[0].revents != 0;
}

static int input_copy(const struct ebt_view *v, int from, int to)
{
	_cleanup_free_ char *chunk = malloc(INPUT_CHUNK);
	ssize_t n;
	int err;

	if (!chunk)
		return -ENOMEM;
	for (;;) {
		err = input_wait(v, from);
		if (err < 0)
			return err;
		n = err ? read(from, chunk, INPUT_CHUNK) : -1;
		if (n == 0)
			return lseek(to, 0, SEEK_SET) < 0 ? -errno : 0;
		if (err && n < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		err = n > 0 ? ebt_write_all(to, chunk, (size_t)n) : 0;
		if (err)
			return err;
	}
}

/* The keys of the view come from the terminal, since standard input was the recording. */
static void input_take_terminal(void)
{
	_cleanup_close_ int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (tty >= 0)
		dup2(tty, STDIN_FILENO);
}

int ebt_replay_input_open(const struct ebt_view *v, int *fd, char *why, size_t why_len)
{
	const struct ebt_options *o = v->options;
	int given = ebt_inherited_input(&o->inherited, o->read_file);
	_cleanup_close_ int from = -1, spool = -1;
	struct stat st;
	int err = 0;

	*fd = -1;
	if (given < 0 && (stat(o->read_file, &st) || !S_ISFIFO(st.st_mode)))
		return 0;
	from = given >= 0 ? fcntl(given, F_DUPFD_CLOEXEC, 3)
			  : open(o->read_file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (from < 0 || fstat(from, &st))
		err = -errno;
	else if (S_ISREG(st.st_mode) && lseek(from, 0, SEEK_CUR) == 0)
		*fd = TAKE_FD(from);
	else if (isatty(from))
		err = -ENOTTY;
	else
		spool = input_open_spool();
	if (!err && *fd < 0)
		err = spool < 0 ? -errno : input_copy(v, from, spool);
	if (err == -ENOTTY)
		snprintf(why, why_len,
			 "-r %s: standard input is a terminal; send a recording into it",
			 o->read_file);
	else if (err == -EINTR)
		snprintf(why, why_len, "interrupted before the end of %s", o->read_file);
	else if (err)
		snprintf(why, why_len, "cannot read %s: %s", o->read_file, strerror(-err));
	if (!err && *fd < 0)
		*fd = TAKE_FD(spool);
	if (!err && given == STDIN_FILENO && o->mode == EBT_MODE_LIVE)
		input_take_terminal();
	return err;
}
