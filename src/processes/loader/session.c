/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/signals.h"
#include "processes/loader/session_internal.h"
#include "processes/view/view_run.h"

#define HIGH_FD 250 /* above the maps and programs of some generations, below any usual limit */

void ebt_session_explain(const struct ebt_failure *failure)
{
	ebt_error("%s", failure->text);
	ebt_failure_print(failure, stderr);
}

int ebt_session_filter(struct ebt_session *s, const struct ebt_filters *f,
		       struct ebt_failure *failure)
{
	struct ebt_filter_set set;
	int err = ebt_filters_resolve(f, &s->cgroups, &set, failure->text, sizeof(failure->text));

	if (err)
		return err;
	set.command = s->command.pid > 0 ? (uint32_t)s->command.pid : 0;
	set.keep_pids = s->filtering && f->n_pids == s->filters.n_pids &&
			memcmp(f->pids, s->filters.pids, f->n_pids * sizeof(f->pids[0])) == 0;
	err = ebt_loader_set_filters(s->loader, &set, failure);
	if (!err) {
		s->filters = *f;
		s->filtering = true;
	}
	return err;
}

int ebt_session_load(struct ebt_session *s, const struct ebt_image *image,
		     const struct ebt_params *params, struct ebt_failure *failure)
{
	_cleanup_free_ uint32_t *values = NULL;
	int err = ebt_images_members(&s->images, image, &values, failure);

	return err ? err : ebt_loader_prepare(s->loader, image, values, params, failure);
}

static int make_status(struct ebt_session *s)
{
	s->status_bytes = ebt_status_bytes(ebt_loader_ncpu(s->loader));
	s->status_fd = memfd_create("execbig-status", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (s->status_fd < 0 || ftruncate(s->status_fd, (off_t)s->status_bytes))
		return -errno;
	s->status =
		mmap(NULL, s->status_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, s->status_fd, 0);
	if (s->status == MAP_FAILED) {
		s->status = NULL;
		return -errno;
	}
	/* From here on nobody gets a writable mapping but us, and nobody changes its size. */
	fcntl(s->status_fd, F_ADD_SEALS,
	      F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL);
	return 0;
}

void ebt_session_fill_status(struct ebt_session *s, bool exes)
{
	if (exes)
		s->status->n_exes =
			(uint32_t)ebt_loader_exe_counts(s->loader, s->status->exes, EBT_EXE_MAX);
	s->status->ncpu = ebt_loader_ncpu(s->loader);
	s->status->generation = ebt_loader_generation(s->loader);
	s->status->recursion_misses = ebt_loader_recursion_misses(s->loader);
	s->status->map_bytes = ebt_loader_map_bytes(s->loader);
	ebt_loader_counters(s->loader, s->status->cpu);
	s->status->mono_ns = ebt_mono_ns();
}

/* The kernel closes the files of a process that was killed from the highest down, and only then
 * tells its parent: up there, ahead of the programs and maps, our end of the pair tells the view
 * first, which so has left the screen before a shell writes on it, or sudo closes it. */
static int made_high(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

	if (high < 0)
		return fd;
	close(fd);
	return high;
}

/* The view is forked before anything is loaded, so that it starts up beside the loading and
 * inherits none of it. */
static int start_view(struct ebt_session *s)
{
	int pair[2], query[2];
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, query)) {
		close(pair[0]);
		close(pair[1]);
		return -errno;
	}
	s->out.sock = made_high(pair[0]);
	s->query_sock = query[0];
	fflush(NULL);
	s->view_pid = fork();
	if (s->view_pid == 0) {
		close(s->out.sock);
		close(query[0]);
		/* The view is not to let the command go, nor to write its output. */
		ebt_cleanup_close(&s->command.release_fd);
		ebt_cleanup_close(&s->command.error_fd);
		ebt_cleanup_close(&s->command.output);
		ebt_cleanup_close(&s->signals);
		prctl(PR_SET_NAME, "execbig-view");
		if (s->homeo.pid)
			close(s->homeo.control);
		_exit(ebt_view_run(s->options, pair[1], query[1], s->homeo.view, parent));
	}
	close(pair[1]);
	close(query[1]);
	ebt_homeo_child_give_view(&s->homeo);
	if (s->view_pid < 0) {
		s->view_pid = 0;
		return -errno;
	}
	return 0;
}

static int block_signals(struct ebt_session *s)
{
	static const int list[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0 };

	signal(SIGXFSZ, SIG_IGN); /* writes fail with EFBIG instead */
	s->signals = ebt_signals_open(SIG_BLOCK, list);
	return s->signals < 0 ? s->signals : 0;
}

static int fail_errno(struct ebt_failure *failure, int err, const char *what)
{
	snprintf(failure->text, sizeof(failure->text), "%s: %s", what, strerror(-err));
	return err;
}

/* Programs in their slots, filters set, stubs attached. */
static int start_tracing(struct ebt_session *s, struct ebt_failure *failure)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_filters filters;
	int err = ebt_images_get(&s->images, &s->options->params, &image, &s->compile_ns, failure);

	/* A text that is too long to be changed later is kept by the view, from the options. */
	ebt_filters_from(&filters, s->options, failure->text, sizeof(failure->text));

	if (err)
		return err;
	err = ebt_session_load(s, image, &s->options->params, failure);
	if (!err)
		err = ebt_loader_switch(s->loader, failure);
	if (err) {
		/* Our own text works where the kernel can; somebody else's may be wrong. */
		s->kernel_refused = !s->options->bpf_text_dir;
		return err;
	}
	err = ebt_session_filter(s, &filters, failure);
	if (err)
		return err;
	err = ebt_loader_attach(s->loader, failure);
	s->kernel_refused = err != 0;
	return err;
}

static int tell_start(struct ebt_session *s, uint64_t began_ns)
{
	struct ebt_msg msg = { .type = EBT_MSG_START,
			       .generation = ebt_loader_generation(s->loader),
			       .ncpu = ebt_loader_ncpu(s->loader),
			       .params = *ebt_loader_params(s->loader),
			       .took_ns = ebt_mono_ns() - began_ns,
			       .compile_ns = s->compile_ns,
			       .poll_ms = s->poll_ms,
			       .filters = s->filters };
	int fds[2] = { ebt_handover_send(&s->out, s->loader, &msg), s->status_fd };

	ebt_session_fill_status(s, false);
	return ebt_outbox_send(&s->out, &msg, fds, 2);
}

static int set_up(struct ebt_session *s, struct ebt_failure *failure)
{
	const struct ebt_options *o = s->options;
	struct ebt_images_options images = { .text_dir = o->bpf_text_dir,
					     .cache_dir = o->cache_dir,
					     .no_cache = o->no_cache,
					     .headers = o->headers,
					     .headers_dir = o->headers_dir };
	uint64_t began_ns = ebt_mono_ns();
	int err;

	ebt_cgroups_open(&s->cgroups);
	err = block_signals(s);
	if (!err && o->command)
		err = ebt_command_hold(&s->command, o->command, o->mode == EBT_MODE_LIVE);
	/* Before the view: it is to inherit nothing that is the view's. */
	if (!err && o->homeostasis)
		err = ebt_homeo_child_start(&s->homeo, o);
	if (!err)
		err = start_view(s);
	if (err)
		return fail_errno(failure, err, "cannot start");
	err = ebt_images_open(&s->images, &images, failure);
	if (err)
		return err;
	err = ebt_loader_new(&s->loader);
	if (err)
		return fail_errno(failure, err, "cannot count the CPUs");
	err = start_tracing(s, failure);
	if (err)
		return err;
	s->homeo_failed = ebt_homeo_child_await(&s->homeo);
	if (s->homeo_failed)
		return -EPIPE; /* it has said why */
	err = make_status(s);
	if (!err)
		err = tell_start(s, began_ns);
	if (err)
		return fail_errno(failure, err, "cannot reach the view");
	/* After every fork of ours: nobody inherits it. */
	err = ebt_control_open(&s->control);
	if (err)
		ebt_debug("no socket for tune: %s", strerror(-err));
	err = 0;
	if (o->command) {
		err = ebt_command_release(&s->command);
		if (err) {
			snprintf(failure->text, sizeof(failure->text), "cannot run %s: %s",
				 o->command[0], strerror(-err));
			s->command_failed = err == -ENOENT ? 127 : 126; /* as a shell says it */
		}
	}
	return err;
}

/*
 * The view ends by itself when nothing more can come; one that does not is ended after two seconds.
 * The socket is closed after it has ended: closing it with a question of the view unread would take
 * EBT_MSG_END back (ECONNRESET comes before the data).
 */
static void end_view(struct ebt_session *s)
{
	uint64_t end_ns = ebt_mono_ns() + 2000000000ull;
	struct timespec pause = { 0, 1000000 };

	if (s->view_pid > 0)
		ebt_outbox_send(&s->out, &(struct ebt_msg){ .type = EBT_MSG_END }, NULL, 0);
	while (s->view_pid > 0 && !ebt_session_reap_view(s)) {
		ebt_outbox_flush(&s->out);
		if (ebt_outbox_empty(&s->out))
			shutdown(s->out.sock, SHUT_WR);
		if (ebt_mono_ns() > end_ns)
			kill(s->view_pid, SIGKILL);
		nanosleep(&pause, NULL);
	}
	ebt_outbox_free(&s->out);
	ebt_cleanup_close(&s->out.sock);
	s->out.sock = -1;
}

/* False: what was learned could not be kept, and that has been said. */
static bool tear_down(struct ebt_session *s)
{
	bool kept;

	ebt_lab_serve_free(&s->lab);
	ebt_loader_free(&s->loader);
	if (s->building)
		ebt_build_free(&s->build);
	ebt_images_close(&s->images);
	if (s->status)
		munmap(s->status, s->status_bytes);
	ebt_cleanup_close(&s->status_fd);
	ebt_cleanup_close(&s->signals);
	ebt_cleanup_close(&s->query_sock);
	ebt_control_close(&s->control);
	kept = ebt_homeo_child_end(&s->homeo);
	ebt_held_free(&s->held);
	return kept;
}

static int exit_status(const struct ebt_session *s)
{
	if (WIFSIGNALED(s->view_status)) {
		ebt_error("the view was ended by signal %d", WTERMSIG(s->view_status));
		return EBT_EXIT_FAILURE;
	}
	if (WEXITSTATUS(s->view_status))
		return WEXITSTATUS(s->view_status);
	if (s->out.lost) {
		ebt_error("the view could not be reached any more; events may be missing");
		return EBT_EXIT_FAILURE;
	}
	if (s->command.ended)
		return ebt_command_exit_status(&s->command);
	/* It ends with us. */
	return s->command.pid > 0 && s->finish_signal ? 128 + s->finish_signal : EBT_EXIT_OK;
}

int ebt_session_run(const struct ebt_options *options)
{
	struct ebt_session s = { .options = options,
				 .out = { .sock = -1 },
				 .query_sock = -1,
				 .signals = -1,
				 .status_fd = -1,
				 .asker = -1,
				 .poll_ms = options->poll_ms,
				 .images = { .cache = -1 },
				 .command = { .release_fd = -1, .error_fd = -1, .output = -1 } };
	struct ebt_failure failure = { 0 };
	int err, status;

	ebt_control_init(&s.control);
	ebt_homeo_child_init(&s.homeo);
	ebt_rescue_save(&s.rescue, STDOUT_FILENO);
	err = set_up(&s, &failure);
	if (!err)
		ebt_session_serve(&s);
	end_view(&s);
	/* A view that ended by itself has said why. */
	if (err && err != -EPIPE)
		ebt_session_explain(&failure);
	status = s.command_failed   ? s.command_failed
		 : s.homeo_failed   ? s.homeo_failed
		 : !err		    ? exit_status(&s)
		 : s.kernel_refused ? EBT_EXIT_KERNEL
				    : EBT_EXIT_FAILURE;
	ebt_buf_free(&failure.words);
	if (!tear_down(&s) && status == EBT_EXIT_OK)
		status = EBT_EXIT_FAILURE;
	ebt_command_free(&s.command);
	return status;
}
