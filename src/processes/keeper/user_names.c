/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/keeper/user_names.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "confine/child.h"

#define USERS_AGAIN_NS 2000000000u   /* a user is asked for again after that time */
#define USERS_HURRY_NS 5000000000ull /* after a wait in vain nobody waits for that time */
#define USERS_ASKED    256	     /* remembered, by the low bits of their numbers */
#define USERS_WAITING  32	     /* questions under way */

struct user_answer {
	uint32_t uid;
	bool failed;		      /* the name service did not answer: nothing is known */
	char name[EBT_USER_NAME_MAX]; /* empty: there is no such user */
};

struct ebt_user_names {
	int sock;
	int watch; /* inotify of /etc/passwd; -1: users are only asked for again after a while */
	unsigned waiting;
	uint64_t slow_ns;    /* when a wait was in vain; 0: never */
	uint64_t changed_ns; /* when /etc/passwd was seen to have changed; 0: never */
	struct {
		uint32_t uid;
		uint64_t at_ns; /* 0: not asked */
	} asked[USERS_ASKED];
};

static _Noreturn void users_run(int sock)
{
	struct user_answer answer;

	while (recv(sock, &answer.uid, sizeof(answer.uid), 0) == sizeof(answer.uid)) {
		const struct passwd *pw;

		errno = 0;
		pw = getpwuid(answer.uid);
		answer.failed = !pw && errno && errno != ENOENT && errno != ESRCH;
		memset(answer.name, 0, sizeof(answer.name));
		if (pw && pw->pw_name)
			snprintf(answer.name, sizeof(answer.name), "%s", pw->pw_name);
		if (send(sock, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

/* Fork the process that asks the name service. Return its id, or -errno. */
static pid_t users_fork(int sock)
{
	const struct ebt_child_fd keep[] = { { sock, EBT_CHILD_SAME } };
	const struct ebt_child child = { .name = "execbig-names",
					 .death_signal = SIGKILL,
					 .silent = true,
					 .keep = keep,
					 .keep_count = EBT_ARRAY_SIZE(keep) };
	pid_t pid = ebt_child_fork(&child);

	if (pid == 0)
		users_run(sock);
	return pid;
}

/* Watch the file for those who have written into it, and its directory for those who put another in its
 * place, as useradd does. Who still writes has not said everything. */
static int users_open_watch(void)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return -1;
	(void)inotify_add_watch(fd, "/etc", IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR);
	(void)inotify_add_watch(fd, "/etc/passwd", IN_CLOSE_WRITE);
	return fd;
}

int ebt_user_names_start(struct ebt_user_names **out)
{
	struct ebt_user_names *names = calloc(1, sizeof(*names));
	pid_t pid;
	int pair[2];

	if (!names)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		free(names);
		return -errno;
	}
	pid = users_fork(pair[1]);
	close(pair[1]);
	names->sock = pair[0];
	names->watch = users_open_watch();
	if (pid < 0) {
		ebt_user_names_free(&names);
		return pid;
	}
	*out = names;
	return 0;
}

void ebt_user_names_free(struct ebt_user_names **names)
{
	if (!*names)
		return;
	ebt_cleanup_close(&(*names)->sock); /* it ends by that */
	ebt_cleanup_close(&(*names)->watch);
	free(*names);
	*names = NULL;
}

/* Return whether the watch has something to say of the file; without a name it is of the file itself. */
static bool users_take_watch(const struct ebt_user_names *names)
{
	_Alignas(struct inotify_event) char buf[4096];
	bool changed = false;
	ssize_t n;

	while (names->watch >= 0 && (n = read(names->watch, buf, sizeof(buf))) > 0) {
		const char *at = buf;

		while (at < buf + n) {
			const struct inotify_event *e = (const void *)at;

			changed |= !e->len || strcmp(e->name, "passwd") == 0;
			at += sizeof(*e) + e->len;
		}
	}
	return changed;
}

bool ebt_user_names_changed(struct ebt_user_names *names)
{
	if (!names)
		return false;
	if (users_take_watch(names)) {
		names->changed_ns = ebt_mono_ns();
		for (size_t i = 0; i < USERS_ASKED; i++)
			if (names->asked[i].at_ns)
				ebt_user_names_ask(names, names->asked[i].uid);
	}
	return names->changed_ns && ebt_mono_ns() - names->changed_ns < USERS_AGAIN_NS;
}

bool ebt_user_names_ask(struct ebt_user_names *names, uint32_t uid)
{
	struct iovec iov = { &uid, sizeof(uid) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	unsigned at = uid % USERS_ASKED;
	uint64_t now_ns;

	if (!names || names->waiting >= USERS_WAITING)
		return false;
	now_ns = ebt_mono_ns();
	if (names->asked[at].at_ns && names->asked[at].uid == uid &&
	    names->asked[at].at_ns >= names->changed_ns &&
	    now_ns - names->asked[at].at_ns < USERS_AGAIN_NS)
		return false;
	if (sendmsg(names->sock, &hdr, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return false;
	names->asked[at].uid = uid;
	names->asked[at].at_ns = now_ns;
	names->waiting++;
	return true;
}

static bool users_wait(struct ebt_user_names *names, int wait_ms)
{
	struct pollfd p = { .fd = names->sock, .events = POLLIN };

	if (names->slow_ns && ebt_mono_ns() - names->slow_ns < USERS_HURRY_NS)
		return false;
	if (poll(&p, 1, wait_ms) > 0)
		return p.revents & POLLIN;
	names->slow_ns = ebt_mono_ns();
	return false;
}

bool ebt_user_names_take(struct ebt_user_names *names, int wait_ms, uint32_t *uid,
			 char name[EBT_USER_NAME_MAX])
{
	struct user_answer answer;
	struct iovec iov = { &answer, sizeof(answer) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };

	while (names && names->waiting) {
		if (recvmsg(names->sock, &hdr, MSG_DONTWAIT) != sizeof(answer)) {
			if (wait_ms && users_wait(names, wait_ms))
				continue;
			return false;
		}
		names->waiting--;
		answer.name[sizeof(answer.name) - 1] = '\0';
		if (answer.failed)
			continue;
		*uid = answer.uid;
		memcpy(name, answer.name, sizeof(answer.name));
		return true;
	}
	return false;
}
