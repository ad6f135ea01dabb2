/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/carry.h"
#include "app/session_internal.h"
#include "app/view.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

void ebt_session_explain(const struct ebt_failure *failure)
{
	ebt_error("%s", failure->text);
	if (failure->words.len)
		fprintf(stderr, "%.*s\n", (int)failure->words.len, failure->words.data);
}

/* A cgroup is named as in /proc/PID/cgroup ("/user.slice") or by its directory. Its id is the
 * directory's inode, its level the number of directories between it and the root. */
static int find_cgroup(const struct ebt_cgroups *cgroups, const char *name,
		       struct ebt_config *config)
{
	char path[2 * PATH_MAX], full[PATH_MAX];
	size_t root = strlen(cgroups->v2);
	struct stat st;

	if (root && strncmp(name, cgroups->v2, root) == 0)
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s", cgroups->v2, name);
	if (!root || !realpath(path, full) || stat(full, &st) || !S_ISDIR(st.st_mode) ||
	    strncmp(full, cgroups->v2, root) != 0)
		return -ENOENT;
	config->cgroup_id = st.st_ino;
	config->cgroup_level = 0;
	for (const char *p = full + root; *p; p++)
		config->cgroup_level += *p == '/';
	config->filter |= EBT_FILTER_CGROUP;
	return 0;
}

static int set_config(struct ebt_session *s, struct ebt_failure *failure)
{
	const struct ebt_options *o = s->options;

	s->config = (struct ebt_config){ .enabled = 1 };
	if (o->uid_set) {
		s->config.filter |= EBT_FILTER_UID;
		s->config.uid = o->uid;
	}
	if (o->pid_count || o->command)
		s->config.filter |= EBT_FILTER_TREE;
	if (o->no_enoent)
		s->config.filter |= EBT_FILTER_NO_ENOENT;
	if (o->cgroup && find_cgroup(&s->cgroups, o->cgroup, &s->config)) {
		snprintf(failure->text, sizeof(failure->text),
			 "--cgroup %s: there is no such cgroup of the v2 hierarchy (%s); the last "
			 "line of /proc/PID/cgroup names that of a process",
			 o->cgroup, s->cgroups.v2[0] ? s->cgroups.v2 : "not mounted");
		return -ENOENT;
	}
	return 0;
}

static int track_roots(struct ebt_session *s)
{
	int err = 0;

	for (unsigned i = 0; !err && i < s->options->pid_count; i++)
		err = ebt_loader_track(s->loader, s->options->pids[i]);
	if (!err && s->command.pid > 0)
		err = ebt_loader_track(s->loader, (uint32_t)s->command.pid);
	return err;
}

int ebt_session_load(struct ebt_session *s, const struct ebt_image *image,
		     const struct ebt_params *params, struct ebt_failure *failure)
{
	_cleanup_free_ uint32_t *values = NULL;
	int err = ebt_images_members(&s->images, image, &values, failure);

	if (!err)
		err = ebt_loader_prepare(s->loader, image, values, params, failure);
	if (!err)
		err = ebt_loader_switch(s->loader, failure);
	return err;
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
	s->sock = pair[0];
	s->query_sock = query[0];
	fflush(NULL);
	s->view_pid = fork();
	if (s->view_pid == 0) {
		close(pair[0]);
		close(query[0]);
		prctl(PR_SET_NAME, "execbig-view");
		_exit(ebt_view_run(s->options, pair[1], query[1], parent));
	}
	close(pair[1]);
	close(query[1]);
	if (s->view_pid < 0) {
		s->view_pid = 0;
		return -errno;
	}
	return 0;
}

static int block_signals(struct ebt_session *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? -errno : 0;
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
	int err = ebt_images_get(&s->images, &s->options->params, &image, &s->compile_ns, failure);

	if (err)
		return err;
	err = ebt_session_load(s, image, &s->options->params, failure);
	if (err) {
		/* Our own text works where the kernel can; somebody else's may be wrong. */
		s->kernel_refused = !s->options->bpf_text_dir;
		return err;
	}
	err = set_config(s, failure);
	if (err)
		return err;
	err = track_roots(s);
	if (!err)
		err = ebt_loader_set_config(s->loader, &s->config);
	if (err)
		return fail_errno(failure, err, "cannot set the filters");
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
			       .compile_ns = s->compile_ns };
	int fds[2] = { ebt_carry_send(s->sock, s->loader, &msg), s->status_fd };

	ebt_session_fill_status(s, false);
	return ebt_msg_send(s->sock, &msg, fds, 2);
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

/* The view ends by itself when its socket closes; one that does not is ended after two seconds. */
static void end_view(struct ebt_session *s)
{
	uint64_t end_ns = ebt_mono_ns() + 2000000000ull;
	struct timespec pause = { 0, 1000000 };

	if (s->view_pid > 0)
		ebt_msg_send(s->sock, &(struct ebt_msg){ .type = EBT_MSG_END }, NULL, 0);
	ebt_cleanup_close(&s->sock);
	s->sock = -1;
	while (s->view_pid > 0) {
		if (waitpid(s->view_pid, &s->view_status, WNOHANG) == s->view_pid)
			break;
		if (ebt_mono_ns() > end_ns)
			kill(s->view_pid, SIGKILL);
		nanosleep(&pause, NULL);
	}
	s->view_pid = 0;
	if (WIFSIGNALED(s->view_status))
		ebt_rescue_restore(&s->rescue);
}

static void tear_down(struct ebt_session *s)
{
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
}

static int exit_status(const struct ebt_session *s)
{
	if (WIFSIGNALED(s->view_status)) {
		ebt_error("the view was ended by signal %d", WTERMSIG(s->view_status));
		return EBT_EXIT_FAILURE;
	}
	if (WEXITSTATUS(s->view_status))
		return WEXITSTATUS(s->view_status);
	return s->command.ended ? ebt_command_exit_status(&s->command) : EBT_EXIT_OK;
}

int ebt_session_run(const struct ebt_options *options)
{
	struct ebt_session s = { .options = options,
				 .sock = -1,
				 .query_sock = -1,
				 .signals = -1,
				 .status_fd = -1,
				 .asker = -1,
				 .images = { .cache = -1 },
				 .command = { .release_fd = -1, .error_fd = -1, .output = -1 } };
	struct ebt_failure failure = { 0 };
	int err, status;

	ebt_control_init(&s.control);
	ebt_rescue_save(&s.rescue, STDOUT_FILENO);
	err = set_up(&s, &failure);
	if (!err)
		ebt_session_serve(&s);
	end_view(&s);
	/* A view that ended by itself has said why. */
	if (err && err != -EPIPE)
		ebt_session_explain(&failure);
	status = s.command_failed   ? s.command_failed
		 : !err		    ? exit_status(&s)
		 : s.kernel_refused ? EBT_EXIT_KERNEL
				    : EBT_EXIT_FAILURE;
	ebt_buf_free(&failure.words);
	tear_down(&s);
	ebt_command_free(&s.command);
	return status;
}
