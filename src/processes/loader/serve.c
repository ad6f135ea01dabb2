/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/serve.h"

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

/* A view that writes to a slow pipe takes its time. */
#define FINISH_MAX_NS	30000000000ull
#define FINISH_HURRY_NS 1000000000ull
#define SIGNALS_NS	300000000ull  /* between two signals that count as two */
#define INTERRUPTS_NS	5000000000ull /* a second Ctrl-C within that ends COMMAND */
#define CGROUP_MS	1000 /* a look at the cgroup of --cgroup, though nothing told of a change */
#define ROUND_MAX	64   /* messages of one kind taken before signals are looked at again */

static void serve_tell(struct ebt_serve *s, uint32_t type, int32_t value)
{
	ebt_outbox_send(&s->view.out, &(struct ebt_msg){ .type = type, .value = value }, NULL, 0);
}

/* `execbig-top tune`: asks how it is, or for a change of what it names. */
static void serve_clients(struct ebt_serve *s)
{
	struct ebt_params params;
	struct ebt_msg msg;
	int client;

	for (int n = 0; n < ROUND_MAX; n++) {
		client = ebt_control_request(&s->control, &msg);
		if (client < 0)
			return;
		params = *ebt_programs_params(s->tracer.programs);
		if (msg.type != EBT_MSG_RETUNE) {
			ebt_retune_answer(&s->retune, client, 0);
			continue;
		}
		ebt_control_merge(&params, &msg.params, (uint32_t)msg.value);
		ebt_retune_request(&s->retune, &params, &msg, client, msg.value != 0);
	}
}

/* No event begins after this, none is under way, the counters are final. */
static void serve_stop(struct ebt_serve *s)
{
	struct ebt_msg msg = { .type = EBT_MSG_STOPPED, .value = 1 };
	_cleanup_close_ int ended = -1;

	ebt_programs_detach(s->tracer.programs);
	ebt_programs_quiesce(s->tracer.programs, EBT_QUIESCE_MS);
	ended = ebt_tracer_counters(&s->tracer, false);
	ebt_tracer_fill_status(&s->tracer, true);
	ebt_outbox_send(&s->view.out, &msg, &ended, ended >= 0);
}

/* Its answers have room: a view that does not take them is not served, so that it can never make us
 * keep more and more for it (POLLOUT of a Unix socket means that three quarters are free). */
static bool serve_view_listens(const struct ebt_serve *s)
{
	struct pollfd fd = { .fd = s->view.out.sock, .events = POLLOUT };

	return ebt_outbox_empty(&s->view.out) && poll(&fd, 1, 0) == 1;
}

static void serve_retune_for_view(struct ebt_serve *s, struct ebt_msg *msg)
{
	struct ebt_params params = *ebt_programs_params(s->tracer.programs);

	ebt_control_merge(&params, &msg->params, (uint32_t)msg->value);
	ebt_retune_request(&s->retune, &params, msg, -1, (uint32_t)msg->value & EBT_RETUNE_ANYHOW);
}

/* False when the view is gone. */
static bool serve_take_messages(struct ebt_serve *s)
{
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], got;

	for (int n = 0; n < ROUND_MAX && serve_view_listens(s); n++) {
		got = ebt_msg_receive(s->view.out.sock, &msg, fds);
		if (got == 0)
			return true;
		for (int i = 0; i < EBT_MSG_FDS; i++)
			ebt_cleanup_close(&fds[i]);
		if (got < 0)
			return false;
		switch (msg.type) {
		case EBT_MSG_GET_STATUS:
			ebt_tracer_fill_status(&s->tracer, msg.value == 1);
			serve_tell(s, EBT_MSG_STATUS, msg.value);
			break;
		case EBT_MSG_RETUNE:
			serve_retune_for_view(s, &msg);
			break;
		case EBT_MSG_STOP:
			serve_stop(s);
			break;
		case EBT_MSG_SUSPEND:
			/* Of a job on a terminal; a script's group is not a view's to stop. */
			if (s->options->mode == EBT_MODE_LIVE)
				kill(0, SIGTSTP);
			break;
		case EBT_MSG_END_COMMAND:
			s->end_command = true;
			break;
		case EBT_MSG_GET_LAB:
			ebt_lab_ask(&s->lab, &s->tracer.images, s->tracer.programs, &s->view.out);
			break;
		case EBT_MSG_TAKEN:
			ebt_held_taken(&s->retune.held, msg.generation);
			break;
		default:
			return false;
		}
	}
	return true;
}

/* False when the view has ended. */
static bool serve_reap(struct ebt_serve *s)
{
	if (s->view.pid > 0 && ebt_view_child_reap(&s->view))
		return false;
	if (ebt_command_runs(&s->command)) {
		ebt_command_reap(&s->command);
		if (s->command.ended)
			serve_tell(s, EBT_MSG_COMMAND, s->command.status);
	}
	return true;
}

/* Tell the view to finish, and COMMAND to end. */
static void serve_begin_finish(struct ebt_serve *s, int signal, uint64_t max_ns)
{
	s->finish_ns = ebt_mono_ns();
	s->finish_max_ns = max_ns;
	s->finish_signal = signal;
	serve_tell(s, EBT_MSG_FINISH, signal);
	if (s->command.release_fd < 0 && ebt_command_runs(&s->command)) {
		s->command.asked_ns = s->finish_ns;
		ebt_command_signal(&s->command, signal == SIGINT ? SIGTERM : signal);
	}
}

/* The view finishes by itself; one that has not after a while, or is asked a second time, is ended.
 * Some senders (timeout(1), a terminal and a shell) give the same signal twice at once: that is
 * one. Return false when it is to be ended. */
static bool serve_finish(struct ebt_serve *s, int signal)
{
	if (s->finish_ns)
		return ebt_mono_ns() - s->finish_ns <= SIGNALS_NS;
	serve_begin_finish(s, signal, FINISH_MAX_NS);
	return true;
}

/* Ctrl-C is COMMAND's: it ends, and then we do. The second one, if COMMAND does not heed the first,
 * ends everything. */
static bool serve_interrupt(struct ebt_serve *s, const struct signalfd_siginfo *info)
{
	uint64_t now_ns = ebt_mono_ns(), since_ns = now_ns - s->interrupt_ns;

	if (s->finish_ns || !ebt_command_runs(&s->command))
		return serve_finish(s, SIGINT);
	if (s->interrupt_ns && since_ns <= SIGNALS_NS)
		return true;
	if (s->interrupt_ns && since_ns <= INTERRUPTS_NS) {
		serve_begin_finish(s, SIGINT, FINISH_HURRY_NS);
		return true;
	}
	s->interrupt_ns = now_ns;
	ebt_command_interrupt(&s->command, info);
	return true;
}

static bool serve_take_signals(struct ebt_serve *s)
{
	struct signalfd_siginfo info;
	bool go_on = true;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			go_on = serve_reap(s) && go_on;
		else if (info.ssi_signo == SIGUSR1)
			serve_tell(s, EBT_MSG_ROTATE, 0);
		else if (info.ssi_signo == SIGINT)
			go_on = serve_interrupt(s, &info) && go_on;
		else
			go_on = serve_finish(s, (int)info.ssi_signo) && go_on;
	}
	return go_on;
}

/* What a build waits for: one of three. */
static void serve_poll_build(struct pollfd fds[3], const struct ebt_build *build, bool under_way)
{
	fds[0] = (struct pollfd){ .fd = under_way ? build->in : -1, .events = POLLOUT };
	fds[1] = (struct pollfd){ .fd = under_way ? build->out : -1, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = under_way ? build->diag : -1, .events = POLLIN };
}

static bool serve_finish_overdue(const struct ebt_serve *s)
{
	return s->finish_ns && ebt_mono_ns() - s->finish_ns > s->finish_max_ns;
}

/* Tell the view which program of COMMAND waits for input. */
static void serve_look_after_command(struct ebt_serve *s)
{
	struct ebt_msg msg = { .type = EBT_MSG_WAITER };

	if (!ebt_command_look_after(&s->command))
		return;
	msg.value = s->command.waiter.pid;
	snprintf(msg.text, sizeof(msg.text), "%s", s->command.waiter.comm);
	ebt_outbox_send(&s->view.out, &msg, NULL, 0);
}

static int serve_wait_ms(const struct ebt_serve *s)
{
	if (s->lab.state == EBT_LAB_LOOKING)
		return 0;
	if (s->finish_ns)
		return 200;
	if (s->retune.building || ebt_lab_busy(&s->lab))
		return 100;
	return s->tracer.filters.cgroup[0] ? CGROUP_MS : ebt_command_timeout_ms(&s->command);
}

void ebt_serve_init(struct ebt_serve *s, const struct ebt_options *options)
{
	*s = (struct ebt_serve){ .options = options, .signals = -1 };
	ebt_command_init(&s->command);
	ebt_tracer_init(&s->tracer);
	ebt_cgroup_watch_init(&s->cgroup_watch);
	ebt_view_child_init(&s->view);
	ebt_control_init(&s->control);
	s->retune = (struct ebt_retune){ .tracer = &s->tracer,
					 .out = &s->view.out,
					 .control = &s->control,
					 .poll_ms = options->poll_ms,
					 .asker = -1 };
}

static void serve_watch_cgroup(struct ebt_serve *s)
{
	/* The screen is the view's: nothing may be written beside it. */
	if (ebt_cgroup_watch_step(&s->cgroup_watch, &s->tracer) &&
	    s->options->mode != EBT_MODE_LIVE)
		ebt_warn(
			"--cgroup %s was removed and made again: execs in it are shown, but those of "
			"its first moment may be missing",
			s->tracer.filters.cgroup);
}

/* Let one round go by: wait for something, and deal with all that waits. Return false at the end. */
static bool serve_round(struct ebt_serve *s)
{
	int clients[EBT_CONTROL_FDS];
	struct pollfd fds[12 + EBT_CONTROL_FDS] = {
		{ .fd = s->view.query_sock, .events = POLLIN },
		{ .fd = s->view.out.sock, .events = serve_view_listens(s) ? POLLIN : POLLOUT },
		{ .fd = s->signals, .events = POLLIN },
	};

	serve_poll_build(fds + 3, &s->retune.build, s->retune.building);
	serve_poll_build(fds + 6, &s->lab.build,
			 ebt_lab_busy(&s->lab) && s->lab.state != EBT_LAB_LOOKING);
	ebt_control_fds(&s->control, clients);
	for (int i = 0; i < EBT_CONTROL_FDS; i++)
		fds[11 + i] = (struct pollfd){ .fd = clients[i], .events = POLLIN };
	fds[9] = (struct pollfd){ .fd = s->command.output, .events = POLLIN };
	fds[10] = (struct pollfd){ .fd = s->command.error_fd, .events = POLLIN };
	fds[11 + EBT_CONTROL_FDS] =
		(struct pollfd){ .fd = s->cgroup_watch.inotify, .events = POLLIN };
	if (poll(fds, 12 + EBT_CONTROL_FDS, serve_wait_ms(s)) < 0 && errno != EINTR)
		return false;
	serve_watch_cgroup(s);
	ebt_command_drain(&s->command);
	serve_look_after_command(s);
	if (fds[10].revents)
		ebt_command_take_exec(&s->command);
	if (s->command.exec_error)
		return false;
	ebt_outbox_flush(&s->view.out);
	if (!serve_take_signals(s) || !serve_take_messages(s) || s->view.out.lost ||
	    serve_finish_overdue(s))
		return false;
	/* Closed by the view: nothing to poll any more. */
	if (s->view.query_sock >= 0 && ebt_cgroups_serve(&s->tracer.cgroups, s->view.query_sock)) {
		ebt_cleanup_close(&s->view.query_sock);
		s->view.query_sock = -1;
	}
	serve_clients(s);
	if (s->retune.building)
		ebt_retune_step(&s->retune);
	ebt_lab_step(&s->lab, &s->tracer.images, s->tracer.programs, &s->view.out);
	return true;
}

void ebt_serve_run(struct ebt_serve *s)
{
	serve_watch_cgroup(s); /* so that the first change is noticed */
	while (serve_round(s))
		;
}
