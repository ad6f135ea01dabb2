/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/saver/saver.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/clock.h"
#include "confine/sandbox.h"
#include "ebt_abi.h"
#include "recording/file_format.h"
#include "recording/player.h"

static int saver_fail(struct ebt_saver_answer *answer, int err, const char *why)
{
	if (why != answer->text)
		snprintf(answer->text, sizeof(answer->text), "%s", why);
	return err;
}

/* Take the path of a request. Return 0, or -errno with a sentence. */
static int saver_path(const struct ebt_saver_request *r, bool confined, char path[PATH_MAX],
		      struct ebt_saver_answer *answer)
{
	if (!r->len || r->len >= PATH_MAX || memchr(r->data, 0, r->len))
		return saver_fail(answer, -EINVAL, "it is not the name of a file: type one");
	memcpy(path, r->data, r->len);
	path[r->len] = '\0';
	if (confined && strchr(path, '/'))
		return saver_fail(answer, -EACCES,
				  "root saves only to the directory where the program was started: "
				  "type a name without /, or start it by sudo");
	for (const char *at = path; at; at = strchr(at, '/')) {
		at += *at == '/';
		if (at[0] == '.' && at[1] != '/' && !(at[1] == '.' && at[2] == '/'))
			return saver_fail(answer, -EACCES,
					  "a name that begins with a dot is not written: type "
					  "another one");
	}
	return 0;
}

/* Return whether a file that is there is one of ours, or empty. */
static bool saver_is_ours(const struct ebt_output_place *place)
{
	static const char *const beginnings[] = { "{\"v\":", "type,ts,", EBT_FILE_MAGIC };
	_cleanup_close_ int fd = openat(place->dir, place->name,
					O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	char text[16] = "";
	ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);

	for (size_t i = 0; i < EBT_ARRAY_SIZE(beginnings) && n > 0; i++)
		if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return n == 0;
}

/* Judge what has the name already. Return 0 if nothing has, or it may be replaced. */
static int saver_judge(struct ebt_saver_file *f, struct ebt_saver_answer *answer)
{
	const char *what = ebt_not_a_file(f->place.dir, f->place.name);
	struct stat st;

	if (what || f->place.is_open_file) {
		snprintf(answer->text, sizeof(answer->text), "%s: type the name of a file",
			 what ? what : "it is no file of its own");
		return -EINVAL;
	}
	if (fstatat(f->place.dir, f->place.name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : saver_fail(answer, -errno, strerror(errno));
	if (f->read.st_ino == st.st_ino && f->read.st_dev == st.st_dev)
		return saver_fail(answer, -EACCES,
				  "it is the recording that -r reads: type another name");
	if (!saver_is_ours(&f->place))
		return saver_fail(answer, -EACCES,
				  "this file is there and was not written by this program: type "
				  "another name");
	return f->replaces ? 0 : saver_fail(answer, -EEXIST, "this file is there");
}

static int saver_open_recording(struct ebt_saver_file *f, struct ebt_saver_answer *answer)
{
	uint8_t id[16];
	struct ebt_file_options options = { .abi = EBT_ABI_VERSION,
					    .id = id,
					    .created_ns = ebt_mono_ns() +
							  (uint64_t)ebt_clock_mono_to_real_ns() };
	int err = getrandom(id, sizeof(id), 0) == sizeof(id) ? 0 : -EIO;

	if (!err)
		err = ebt_file_writer_new(&f->recording, f->replacement.fd, &options);
	if (err) {
		saver_fail(answer, err, strerror(-err));
		ebt_saver_abort(f);
	}
	return err;
}

static int saver_open(struct ebt_saver_file *f, bool confined, const struct ebt_saver_request *r,
		      struct ebt_saver_answer *answer)
{
	struct ebt_replace_options options = { .mode = 0600,
					       .flags = EBT_REPLACE_SYNC | EBT_REPLACE_EXACT_MODE };
	char path[PATH_MAX];
	int err;

	ebt_saver_abort(f);
	err = saver_path(r, confined, path, answer);
	if (!err)
		err = ebt_output_find(&f->place, path, answer->text, sizeof(answer->text));
	if (err)
		return err;
	f->replaces = r->type == EBT_SAVER_REPLACE;
	err = saver_judge(f, answer);
	if (!err) {
		err = ebt_replace_begin(&f->replacement, f->place.dir, f->place.name, &options);
		if (err)
			saver_fail(answer, err, strerror(-err));
	}
	if (err)
		ebt_output_close(&f->place);
	f->open = !err;
	if (!err && r->flags & EBT_SAVER_RECORDING)
		err = saver_open_recording(f, answer);
	return err;
}

/* Write the frames that are complete. */
static int saver_write_frames(struct ebt_saver_file *f, struct ebt_bytes data)
{
	const char *at, *end;
	struct ebt_frame frame;
	int err = ebt_buf_append(&f->frames, data.data, data.len), got = 0;

	at = f->frames.data;
	end = at + f->frames.len;
	while (!err && (got = ebt_frame_next(&at, end, &frame)) == 1)
		err = ebt_file_writer_frame(f->recording, &frame, ebt_player_time(&frame));
	if (err || got < 0)
		return err ? err : got;
	memmove(f->frames.data, at, (size_t)(end - at));
	f->frames.len = (size_t)(end - at);
	return 0;
}

static int saver_write(struct ebt_saver_file *f, struct ebt_bytes data)
{
	return f->recording ? saver_write_frames(f, data)
			    : ebt_write_all(f->replacement.fd, data.data, data.len);
}

static void saver_close(struct ebt_saver_file *f)
{
	ebt_file_writer_free(&f->recording);
	ebt_buf_free(&f->frames);
	ebt_output_close(&f->place);
	f->open = false;
}

static int saver_commit(struct ebt_saver_file *f, struct ebt_saver_answer *answer)
{
	int err = saver_judge(f, answer); /* somebody may have made it meanwhile */

	if (err) {
		ebt_saver_abort(f);
		return err;
	}
	if (f->recording)
		err = f->frames.len ? -EBADMSG : ebt_file_writer_flush(f->recording);
	if (err) {
		ebt_saver_abort(f);
		return saver_fail(answer, err, strerror(-err));
	}
	err = ebt_replace_commit(&f->replacement);
	saver_close(f);
	return err ? saver_fail(answer, err, strerror(-err)) : 0;
}

void ebt_saver_abort(struct ebt_saver_file *f)
{
	if (!f->open)
		return;
	ebt_replace_abort(&f->replacement);
	saver_close(f);
}

bool ebt_saver_handle(struct ebt_saver_file *f, bool confined, const struct ebt_saver_request *r,
		      size_t len, struct ebt_saver_answer *answer)
{
	*answer = (struct ebt_saver_answer){ .error = -EBADMSG };
	if (len < EBT_SAVER_HEAD || r->len > sizeof(r->data) || len != EBT_SAVER_HEAD + r->len)
		return true;
	answer->type = r->type;
	switch (r->type) {
	case EBT_SAVER_OPEN:
	case EBT_SAVER_REPLACE:
		answer->error = saver_open(f, confined, r, answer);
		return true;
	case EBT_SAVER_DATA:
		/* What follows on a failure was on its way already. */
		if (!f->open)
			return false;
		answer->error = saver_write(f, (struct ebt_bytes){ r->data, r->len });
		if (!answer->error)
			return false;
		saver_fail(answer, answer->error, strerror(-answer->error));
		ebt_saver_abort(f);
		return true;
	case EBT_SAVER_COMMIT:
		if (!f->open)
			return false;
		answer->error = saver_commit(f, answer);
		return true;
	case EBT_SAVER_ABORT:
		ebt_saver_abort(f);
		return false;
	default:
		return true;
	}
}

_Noreturn void ebt_saver_run(int sock, bool confined, const struct stat *read)
{
	struct ebt_saver_file file = { .read = *read };
	struct ebt_saver_request request;
	struct ebt_saver_answer answer;
	char why[128];

	/* The end of the socket ends it, so that it can clean up: not a signal to the job. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* EFBIG says it */
	umask(077);
	if (ebt_sandbox_drop_capabilities(why, sizeof(why)) ||
	    ebt_sandbox_seccomp_files(why, sizeof(why)))
		_exit(1);
	for (;;) {
		struct iovec iov = { &request, sizeof(request) };
		struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n = recvmsg(sock, &hdr, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (!ebt_saver_handle(&file, confined, &request, (size_t)n, &answer))
			continue;
		iov = (struct iovec){ &answer, sizeof(answer) };
		hdr = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
		if (sendmsg(sock, &hdr, MSG_NOSIGNAL) < 0)
			break;
	}
	ebt_saver_abort(&file);
	_exit(0);
}
