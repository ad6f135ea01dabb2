/* SPDX-License-Identifier: BSD-3-Clause */
/* serve.c - the loader between set-up and end: answers the view, retunes, watches its children. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "processes/loader/session_internal.h"

/* A view that writes to a slow pipe takes its time. */
#define FINISH_MAX_NS 30000000000ull
#define FINISH_NS     1000000000ull /* between two signals that count as two */
#define ROUND_MAX     64 /* messages of one kind taken before signals are looked at again */

static void tell(struct ebt_session *s, uint32_t type, int32_t value)
{
	ebt_outbox_send(&s->out, &(struct ebt_msg){ .type = type, .value = value }, NULL, 0);
}

/* `execbig-top tune`: asks how it is, or for a change of what it names. */
static void serve_clients(struct ebt_session *s)
{
	struct ebt_params params;
	struct ebt_msg msg;
	int client;

	for (int n = 0; n < ROUND_MAX; n++) {
		client = ebt_control_request(&s->control, &msg);
		if (client < 0)
			return;
		params = *ebt_loader_params(s->loader);
		if (msg.type != EBT_MSG_RETUNE) {
			ebt_session_answer(s, client, 0);
			continue;
		}
		ebt_control_merge(&params, &msg.params, (uint32_t)msg.value);
		ebt_session_retune(s, &params, &msg, client, msg.value != 0);
	}
}

/* No event begins after this, none is under way, the counters are final. */
static void stop(struct ebt_session *s)
{
	struct ebt_msg msg = { .type = EBT_MSG_STOPPED, .value = 1 };
	_cleanup_close_ int ended = -1;

	ebt_loader_detach(s->loader);
	ebt_loader_quiesce(s->loader, EBT_QUIESCE_MS);
	ended = ebt_session_counters(s, false);
	ebt_session_fill_status(s, true);
	ebt_outbox_send(&s->out, &msg, &ended, ended >= 0);
}

/* Its answers have room: a view that does not take them is not served, so that it can never make us
 * keep more and more for it (POLLOUT of a Unix socket means that three quarters are free). */
static bool view_listens(const struct ebt_session *s)
{
	struct pollfd fd = { .fd = s->out.sock, .events = POLLOUT };

	return ebt_outbox_empty(&s->out) && poll(&fd, 1, 0) == 1;
}

static void retune_for_view(struct ebt_session *s, struct ebt_msg *msg)
{
	struct ebt_params params = *ebt_loader_params(s->loader);

	ebt_control_merge(&params, &msg->params, (uint32_t)msg->value);
	ebt_session_retune(s, &params, msg, -1, (uint32_t)msg->value & EBT_RETUNE_ANYHOW);
}

/* False when the view is gone. */
static bool take_messages(struct ebt_session *s)
{
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], got;

	for (int n = 0; n < ROUND_MAX && view_listens(s); n++) {
		got = ebt_msg_receive(s->out.sock, &msg, fds);
		if (got == 0)
			return true;
		for (int i = 0; i < EBT_MSG_FDS; i++)
			ebt_cleanup_close(&fds[i]);
		if (got < 0)
			return false;
		switch (msg.type) {
		case EBT_MSG_GET_STATUS:
			ebt_session_fill_status(s, msg.value == 1);
			tell(s, EBT_MSG_STATUS, msg.value);
			break;
		case EBT_MSG_RETUNE:
			retune_for_view(s, &msg);
			break;
		case EBT_MSG_STOP:
			stop(s);
			break;
		case EBT_MSG_SUSPEND:
			/* Of a job on a terminal; a script's group is not a view's to stop. */
			if (s->options->mode == EBT_MODE_LIVE)
				kill(0, SIGTSTP);
			break;
		case EBT_MSG_GET_LAB:
			ebt_lab_ask(&s->lab, &s->images, s->loader, &s->out);
			break;
		case EBT_MSG_TAKEN:
			ebt_held_taken(&s->held, msg.generation);
			break;
		default:
			return false;
		}
	}
	return true;
}

bool ebt_session_reap_view(struct ebt_session *s)
{
	if (waitpid(s->view_pid, &s->view_status, WNOHANG) != s->view_pid)
		return false;
	s->view_pid = 0;
	if (WIFSIGNALED(s->view_status))
		ebt_rescue_restore(&s->rescue);
	return true;
}

/* False when the view has ended. */
static bool reap(struct ebt_session *s)
{
	if (s->view_pid > 0 && ebt_session_reap_view(s))
		return false;
	if (s->command.pid > 0 && !s->command.ended) {
		ebt_command_reap(&s->command);
		if (s->command.ended)
			tell(s, EBT_MSG_COMMAND, s->command.status);
	}
	return true;
}

/* The view finishes by itself; one that has not after a while, or is asked a second time, is ended.
 * Some senders (timeout(1), a terminal and a shell) give the same signal twice at once: that is
 * one. */
static bool finish(struct ebt_session *s, int signal)
{
	uint64_t now_ns = ebt_mono_ns();

	if (s->finish_ns && now_ns - s->finish_ns > FINISH_NS)
		return false;
	if (!s->finish_ns) {
		s->finish_ns = now_ns;
		s->finish_signal = signal;
		tell(s, EBT_MSG_FINISH, signal);
	}
	return true;
}

static bool take_signals(struct ebt_session *s)
{
	struct signalfd_siginfo info;
	bool go_on = true;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			go_on = reap(s) && go_on;
		else if (info.ssi_signo == SIGINT && s->command.pid > 0 && !s->command.ended)
			continue; /* Ctrl-C is the command's: it ends, then we do */
		else
			go_on = finish(s, (int)info.ssi_signo) && go_on;
	}
	return go_on;
}

/* What a build waits for: one of three. */
static void poll_build(struct pollfd fds[3], const struct ebt_build *build, bool under_way)
{
	fds[0] = (struct pollfd){ .fd = under_way ? build->in : -1, .events = POLLOUT };
	fds[1] = (struct pollfd){ .fd = under_way ? build->out : -1, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = under_way ? build->diag : -1, .events = POLLIN };
}

static bool finish_overdue(const struct ebt_session *s)
{
	return s->finish_ns && ebt_mono_ns() - s->finish_ns > FINISH_MAX_NS;
}

static int wait_ms(const struct ebt_session *s)
{
	if (s->lab.state == EBT_LAB_LOOKING)
		return 0;
	if (s->finish_ns)
		return 1000;
	return s->building || ebt_lab_busy(&s->lab) ? 100 : -1;
}

void ebt_session_serve(struct ebt_session *s)
{
	for (;;) {
		int clients[EBT_CONTROL_FDS];
		struct pollfd fds[10 + EBT_CONTROL_FDS] = {
			{ .fd = s->query_sock, .events = POLLIN },
			{ .fd = s->out.sock, .events = view_listens(s) ? POLLIN : POLLOUT },
			{ .fd = s->signals, .events = POLLIN },
		};

		poll_build(fds + 3, &s->build, s->building);
		poll_build(fds + 6, &s->lab.build,
			   ebt_lab_busy(&s->lab) && s->lab.state != EBT_LAB_LOOKING);
		ebt_control_fds(&s->control, clients);
		for (int i = 0; i < EBT_CONTROL_FDS; i++)
			fds[10 + i] = (struct pollfd){ .fd = clients[i], .events = POLLIN };
		fds[9] = (struct pollfd){ .fd = s->command.output, .events = POLLIN };
		if (poll(fds, 10 + EBT_CONTROL_FDS, wait_ms(s)) < 0 && errno != EINTR)
			return;
		ebt_command_drain(&s->command);
		ebt_outbox_flush(&s->out);
		if (!take_signals(s) || !take_messages(s) || s->out.lost || finish_overdue(s))
			return;
		/* Closed by the view: nothing to poll any more. */
		if (s->query_sock >= 0 && ebt_cgroups_serve(&s->cgroups, s->query_sock)) {
			ebt_cleanup_close(&s->query_sock);
			s->query_sock = -1;
		}
		serve_clients(s);
		if (s->building)
			ebt_session_retune_step(s);
		ebt_lab_step(&s->lab, &s->images, s->loader, &s->out);
	}
}
