/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/signals.h"
#include "processes/loader/serve.h"
#include "processes/monitor/monitor_child.h"

struct session {
	struct ebt_serve serve;
	struct ebt_homeo_child homeo; /* --homeostasis */
	int homeo_failed;	      /* exit status of a monitor that could not start; else 0 */
	int command_failed;	      /* exit status for a COMMAND that could not be run; else 0 */
};

/* Block the signals that the loop takes from a signalfd. Return 0 or -errno. */
static int session_block_signals(struct ebt_serve *s)
{
	int list[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0, 0 };

	if (s->options->rotate.on_signal)
		list[EBT_ARRAY_SIZE(list) - 2] = SIGUSR1;
	signal(SIGXFSZ, SIG_IGN); /* writes fail with EFBIG instead */
	s->signals = ebt_signals_open(SIG_BLOCK, list);
	return s->signals < 0 ? s->signals : 0;
}

/* Fork COMMAND, the monitor and the view before anything is loaded, so that the view starts up beside
 * the loading. Return 0 or -errno. */
static int session_start_children(struct session *s)
{
	struct ebt_serve *serve = &s->serve;
	const struct ebt_options *o = serve->options;
	int err = session_block_signals(serve);

	if (!err && o->command)
		err = ebt_command_hold(&serve->command, o);
	if (!err && o->homeostasis)
		err = ebt_homeo_child_start(&s->homeo, o);
	if (!err) {
		err = ebt_view_child_start(&serve->view, o, s->homeo.view);
		ebt_homeo_child_give_view(&s->homeo);
	}
	serve->tracer.command = serve->command.pid > 0 ? (uint32_t)serve->command.pid : 0;
	serve->tracer.own_cost.view = serve->view.pid;
	serve->tracer.own_cost.monitor = s->homeo.pid;
	return err;
}

/* Tell the view that tracing runs, and hand over the transport and the status memory. */
static int session_send_start(struct ebt_serve *s, uint64_t began_ns)
{
	const struct ebt_programs *programs = s->tracer.programs;
	struct ebt_msg msg = { .type = EBT_MSG_START,
			       .generation = ebt_programs_generation(programs),
			       .ncpu = ebt_programs_ncpu(programs),
			       .params = *ebt_programs_params(programs),
			       .took_ns = ebt_mono_ns() - began_ns,
			       .compile_ns = s->tracer.compile_ns,
			       .poll_ms = s->retune.poll_ms,
			       .filters = s->tracer.filters };
	int fds[3] = { ebt_handover_send(&s->view.out, programs, &msg), s->tracer.status_fd,
		       s->command.kept_fd };

	ebt_tracer_fill_status(&s->tracer, false);
	return ebt_outbox_send(&s->view.out, &msg, fds, fds[2] >= 0 ? 3 : 2);
}

/* Fill failure if COMMAND could not be run, and return its errno, negative; else return 0. */
static int session_judge_exec(struct session *s, struct ebt_failure *failure)
{
	const struct ebt_command *c = &s->serve.command;

	if (!c->exec_error)
		return 0;
	s->command_failed = c->exec_error == ENOENT ? 127 : 126; /* as a shell reports it */
	return ebt_failure_set(failure, -c->exec_error, "cannot run %s: %s", c->name,
			       ebt_strerror(c->exec_error));
}

static int session_release_command(struct session *s, struct ebt_failure *failure)
{
	int err = s->serve.options->command ? ebt_command_release(&s->serve.command) : 0;

	if (err)
		return ebt_failure_set(failure, err, "cannot run %s: %s", s->serve.command.name,
				       ebt_strerror(-err));
	return session_judge_exec(s, failure);
}

/* Return 0; or -errno with failure filled, or -EPIPE if the view or the monitor ended and has
 * reported why. */
static int session_set_up(struct session *s, struct ebt_failure *failure)
{
	struct ebt_serve *serve = &s->serve;
	uint64_t began_ns = ebt_mono_ns();
	int err = session_start_children(s);

	if (err)
		return ebt_failure_set(failure, err, "cannot start: %s", ebt_strerror(-err));
	err = ebt_tracer_open(&serve->tracer, serve->options, failure);
	if (!err)
		err = ebt_tracer_start(&serve->tracer, serve->options, failure);
	if (err)
		return err;
	s->homeo_failed = ebt_homeo_child_await(&s->homeo);
	if (s->homeo_failed)
		return -EPIPE;
	err = ebt_tracer_make_status(&serve->tracer);
	if (!err)
		err = session_send_start(serve, began_ns);
	if (err)
		return ebt_failure_set(failure, err, "cannot reach the view: %s",
				       ebt_strerror(-err));
	/* Only after the last fork, so that no child inherits the socket. */
	err = ebt_control_open(&serve->control);
	if (err)
		ebt_debug("no socket for tune: %s", ebt_strerror(-err));
	return session_release_command(s, failure);
}

/* Free everything but COMMAND. Return false if the monitor could not save what it learned, which it
 * has reported. */
static bool session_tear_down(struct session *s)
{
	struct ebt_serve *serve = &s->serve;
	bool saved;

	ebt_lab_serve_free(&serve->lab);
	if (serve->retune.building)
		ebt_build_free(&serve->retune.build);
	ebt_cgroup_watch_close(&serve->cgroup_watch);
	ebt_tracer_close(&serve->tracer);
	ebt_cleanup_close(&serve->view.query_sock);
	ebt_control_close(&serve->control);
	saved = ebt_homeo_child_end(&s->homeo);
	ebt_held_free(&serve->retune.held);
	return saved;
}

/* Return the exit status of a run that was set up. The first cause decides: a view that we lost, or
 * that we had to kill, has no status of its own. */
static int session_exit_status(const struct ebt_serve *s)
{
	if (s->view.out.lost) {
		ebt_error("the view could not be reached any more; events may be missing");
		return EBT_EXIT_FAILURE;
	}
	if (s->view.killed) {
		ebt_error("the view did not end when it was asked to, and was killed");
		return EBT_EXIT_FAILURE;
	}
	if (WIFSIGNALED(s->view.status)) {
		ebt_error("the view was ended by signal %d", WTERMSIG(s->view.status));
		return EBT_EXIT_FAILURE;
	}
	if (WEXITSTATUS(s->view.status))
		return WEXITSTATUS(s->view.status);
	return EBT_EXIT_OK;
}

/* Wait for the end of a COMMAND that still runs, or end it if somebody asked us to. Return the exit
 * status of the program: COMMAND's own unless that is 0, then that of our failure, so that a script
 * can tell a failed build from a full disk. A COMMAND that we ended has none of its own. */
static int session_end_command(struct ebt_serve *s, int status)
{
	struct ebt_command *c = &s->command;
	int signal = s->finish_signal;
	bool let_go = c->release_fd < 0;
	bool ends = let_go && ebt_command_runs(c) && (s->end_command || s->options->kill_on_exit);
	int own;

	ebt_command_show_output(c);
	if (signal)
		ebt_command_end(c, s->signals, signal,
				signal == SIGINT ? EBT_COMMAND_HURRY_NS : EBT_COMMAND_GRACE_NS);
	else if (ends)
		ebt_command_end(c, s->signals, SIGTERM,
				s->end_command ? EBT_COMMAND_ASKED_NS : EBT_COMMAND_GRACE_NS);
	else if (let_go && ebt_command_runs(c))
		signal = ebt_command_await(c, s->signals);
	if (!c->pid || !let_go)
		return status;
	own = c->ended && !(signal && WIFSIGNALED(c->status)) ? ebt_command_exit_status(c)
							      : 128 + (signal ? signal : SIGKILL);
	ends |= signal != 0;
	if (own && c->ended && !(ends && WIFSIGNALED(c->status)))
		return own;
	return status ? status : own;
}

int ebt_session_run(const struct ebt_options *options)
{
	struct ebt_failure failure = { 0 };
	struct session s = { 0 };
	int err, status;

	ebt_serve_init(&s.serve, options);
	ebt_homeo_child_init(&s.homeo);
	ebt_cgroups_open(&s.serve.tracer.cgroups);
	err = session_set_up(&s, &failure);
	if (!err) {
		ebt_serve_run(&s.serve);
		err = session_judge_exec(&s, &failure);
	}
	ebt_view_child_end(&s.serve.view, s.command_failed ? EBT_END_NOT_BEGUN : EBT_END_OF_RUN);
	/* A view that ended by itself has reported why. */
	if (err && err != -EPIPE) {
		ebt_error("%s", failure.text);
		ebt_failure_print(&failure, stderr);
	}
	status = s.command_failed		 ? s.command_failed
		 : s.homeo_failed		 ? s.homeo_failed
		 : !err				 ? session_exit_status(&s.serve)
		 : s.serve.tracer.kernel_refused ? EBT_EXIT_KERNEL
						 : EBT_EXIT_FAILURE;
	ebt_buf_free(&failure.words);
	if (!session_tear_down(&s) && status == EBT_EXIT_OK)
		status = EBT_EXIT_FAILURE;
	status = session_end_command(&s.serve, status);
	ebt_command_free(&s.serve.command);
	ebt_cleanup_close(&s.serve.signals);
	return status;
}
