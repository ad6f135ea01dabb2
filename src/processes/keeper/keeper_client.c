/* SPDX-License-Identifier: BSD-3-Clause */
/* keeper_client.c - the view's side. */
#include "processes/keeper/keeper_client.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "confine/child.h"
#include "confine/sandbox.h"
#include "ipc/keeper_msg.h"
#include "processes/keeper/keeper.h"

#define CACHE	64	     /* executables remembered */
#define WAIT_NS 150000000ull /* a screen may wait for a description */

struct known {
	uint64_t ino;
	uint32_t dev;
	uint32_t number; /* of the request; 0: free */
	bool answered;
	bool failed; /* the text says why; worth asking again */
	char text[EBT_KEEPER_TEXT];
};

struct ebt_keeper {
	int sock;
	bool has_settings;
	uint32_t last_number, save_number;
	int saved; /* 1: nothing new */
	struct known known[CACHE];
	unsigned next;
};

bool ebt_keeper_home(uid_t invoker)
{
	struct passwd *pw = getpwuid(invoker);

	/* Who has no home of his own has no settings; root's are not his to write. */
	if (!pw || !pw->pw_dir || pw->pw_dir[0] != '/' || strcmp(pw->pw_dir, "/nonexistent") == 0) {
		unsetenv("HOME");
		return false;
	}
	return setenv("HOME", pw->pw_dir, 1) == 0;
}

/* The directory becomes its root; the path is taken from there. */
static int keeper_confine(const char *path, size_t dir_len)
{
	char dir[PATH_MAX], why[128];

	snprintf(dir, sizeof(dir), "%.*s", (int)dir_len, path);
	if (chroot(dir) || chdir("/"))
		return -errno;
	return ebt_sandbox_drop_capabilities(why, sizeof(why));
}

/* Fork the keeper, or the saver if dir_len is not 0, with its end of the pair only. What a library
 * prints there goes nowhere. Return its id, or -errno. */
static pid_t keeper_fork(int sock, const char *settings, size_t dir_len)
{
	const struct ebt_child_fd keep = { sock, EBT_CHILD_SAME };
	const struct ebt_child child = { .name = dir_len ? "execbig-saver" : "execbig-keeper",
					 .death_signal = SIGKILL,
					 .silent = true,
					 .keep = &keep,
					 .keep_count = 1 };
	pid_t pid = ebt_child_fork(&child);

	if (pid)
		return pid;
	if (dir_len && keeper_confine(settings, dir_len))
		_exit(1);
	ebt_keeper_run(sock, settings ? settings + dir_len : NULL, dir_len != 0);
}

/* dir_len: 0, or the saver's. */
static int keeper_start(struct ebt_keeper **out, const char *settings, size_t dir_len)
{
	struct ebt_keeper *k = calloc(1, sizeof(*k));
	pid_t pid;
	int pair[2];

	if (!k)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		free(k);
		return -errno;
	}
	pid = keeper_fork(pair[1], settings, dir_len);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		free(k);
		return pid;
	}
	k->sock = pair[0];
	k->has_settings = settings != NULL;
	k->saved = 1;
	*out = k;
	return 0;
}

int ebt_keeper_start(struct ebt_keeper **out, const char *settings)
{
	return keeper_start(out, settings, 0);
}

int ebt_keeper_start_saver(struct ebt_keeper **out, const char *settings, size_t dir_len)
{
	return keeper_start(out, settings, dir_len);
}

void ebt_keeper_free(struct ebt_keeper **keeper)
{
	struct ebt_keeper *k = *keeper;

	if (!k)
		return;
	ebt_cleanup_close(&k->sock); /* it ends by that */
	free(k);
	*keeper = NULL;
}

static int keeper_ask(struct ebt_keeper *k, struct ebt_keeper_request *r, struct ebt_bytes data)
{
	struct iovec iov[2] = { { r, EBT_KEEPER_HEAD }, { (void *)data.data, data.len } };
	struct msghdr hdr = { .msg_iov = iov, .msg_iovlen = 2 };

	if (data.len > sizeof(r->data))
		return -EMSGSIZE;
	r->len = (uint32_t)data.len;
	r->number = ++k->last_number;
	return sendmsg(k->sock, &hdr, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

static void keeper_take_answer(struct ebt_keeper *k, struct ebt_keeper_answer *a)
{
	a->text[sizeof(a->text) - 1] = '\0';
	if (a->type == EBT_KEEPER_SAVE && a->number == k->save_number)
		k->saved = a->error > 0 ? -EBADMSG : a->error;
	for (unsigned i = 0; a->type == EBT_KEEPER_DESCRIBE && i < CACHE; i++) {
		if (k->known[i].number != a->number)
			continue;
		memcpy(k->known[i].text, a->text, sizeof(a->text));
		k->known[i].answered = true;
		k->known[i].failed = a->error != 0;
	}
}

/* All answers that wait. */
static void keeper_intake(struct ebt_keeper *k)
{
	struct ebt_keeper_answer a;
	struct iovec iov = { &a, sizeof(a) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };

	while (recvmsg(k->sock, &hdr, MSG_DONTWAIT) == sizeof(a))
		keeper_take_answer(k, &a);
}

int ebt_keeper_save(struct ebt_keeper *k, struct ebt_bytes text)
{
	struct ebt_keeper_request r = { .type = EBT_KEEPER_SAVE };
	int err;

	if (!k->has_settings)
		return -ENOENT;
	err = keeper_ask(k, &r, text);
	k->save_number = r.number;
	return err;
}

int ebt_keeper_saved(struct ebt_keeper *k)
{
	int saved;

	keeper_intake(k);
	saved = k->saved;
	k->saved = 1;
	return saved;
}

static struct known *keeper_find_known(struct ebt_keeper *k, const struct ebt_row *row)
{
	for (unsigned i = 0; i < CACHE; i++) {
		if (k->known[i].number && k->known[i].ino == row->exe_ino &&
		    k->known[i].dev == row->exe_dev)
			return &k->known[i];
	}
	return NULL;
}

static struct known *keeper_ask_about(struct ebt_keeper *k, const struct ebt_row *row)
{
	struct ebt_keeper_request r = { .type = EBT_KEEPER_DESCRIBE,
					.pid = (int32_t)row->pid,
					.dev = row->exe_dev,
					.ino = row->exe_ino };
	struct known *known = keeper_find_known(k, row);

	if (!known) {
		known = &k->known[k->next];
		k->next = (k->next + 1) % CACHE;
	}
	*known = (struct known){ 0 };
	if (keeper_ask(k, &r, row->exe))
		return NULL;
	*known = (struct known){ .ino = row->exe_ino, .dev = row->exe_dev, .number = r.number };
	return known;
}

const char *ebt_keeper_describe(const struct ebt_row *row, void *arg)
{
	struct ebt_keeper *k = arg;
	uint64_t end_ns = ebt_mono_ns() + WAIT_NS, now_ns;
	struct known *known;

	if (!row->exe_ino || row->exe.len > PATH_MAX)
		return NULL;
	keeper_intake(k);
	known = keeper_find_known(k, row);
	if (!known || known->failed)
		known = keeper_ask_about(k, row);
	while (known && !known->answered && (now_ns = ebt_mono_ns()) < end_ns) {
		struct pollfd fd = { .fd = k->sock, .events = POLLIN };

		if (poll(&fd, 1, (int)((end_ns - now_ns) / 1000000) + 1) > 0 &&
		    !(fd.revents & POLLIN))
			break; /* it is gone */
		keeper_intake(k);
	}
	return known && known->answered ? known->text : NULL;
}
