/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/export.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/playback.h"
#include "app/sandbox.h"
#include "app/view_internal.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "sink/compile_commands.h"
#include "sink/trace.h"

#define SENTENCES_MAX 20 /* of what could not be taken; the rest is counted */

struct ebt_exporter {
	struct ebt_playback *pb;
	int fd, error;
	struct ebt_compile_db *db;
	struct ebt_trace *trace;
	unsigned sentences;
};

int ebt_export_new(struct ebt_exporter **out, struct ebt_playback *pb, int fd)
{
	struct ebt_view *v = pb->view;
	struct ebt_exporter *x = calloc(1, sizeof(*x));
	struct ebt_trace_options to = { .fd = fd,
					.first_ns = pb->from_ns > pb->first_ns ? pb->from_ns
									       : pb->first_ns,
					.mono_to_real_ns = v->mono_to_real_ns,
					.names = v->model,
					.host = ebt_facts_get(&v->facts, "host"),
					.kernel = ebt_facts_get(&v->facts, "kernel"),
					.command = ebt_facts_get(&v->facts, "command") };
	int err;

	if (!x)
		return -ENOMEM;
	x->pb = pb;
	x->fd = fd;
	if (v->options->export_format == EBT_EXPORT_PERFETTO)
		err = ebt_trace_new(&x->trace, &to);
	else
		err = ebt_compile_db_new(&x->db);
	if (err) {
		ebt_export_free(&x);
		return err;
	}
	*out = x;
	return 0;
}

void ebt_export_free(struct ebt_exporter **xp)
{
	struct ebt_exporter *x = *xp;

	if (!x)
		return;
	ebt_compile_db_free(&x->db);
	ebt_trace_free(&x->trace);
	free(x);
	*xp = NULL;
}

static void say(const char *sentence, void *arg)
{
	struct ebt_exporter *x = arg;

	if (x->sentences++ >= SENTENCES_MAX)
		return;
	ebt_playback_progress_clear(x->pb);
	ebt_warn("%s", sentence);
}

void ebt_export_event(struct ebt_exporter *x, const struct ebt_event *ev)
{
	if (x->error)
		return;
	x->error =
		x->trace ? ebt_trace_event(x->trace, ev) : ebt_compile_db_event(x->db, ev, say, x);
}

static void tell_stats(struct ebt_exporter *x)
{
	struct ebt_compile_stats s = ebt_compile_db_stats(x->db);

	if (x->sentences > SENTENCES_MAX)
		ebt_warn("and %u more of these", x->sentences - SENTENCES_MAX);
	if (s.in_response_file)
		ebt_warn("%llu runs of a compiler name their sources only in a response file: they "
			 "are not in the database",
			 (unsigned long long)s.in_response_file);
	if (s.lost)
		ebt_warn("%llu events were lost while this was recorded: entries may be missing",
			 (unsigned long long)s.lost);
	if (!s.entries)
		ebt_warn("no compilation found in the recording");
}

int ebt_export_run(struct ebt_exporter *x)
{
	struct ebt_playback *pb = x->pb;

	while (!pb->at_end && !pb->view->ended && !x->error) {
		ebt_view_wait(pb->view, -1, ebt_playback_timeout_ms(pb));
		ebt_view_intake(pb->view);
	}
	if (pb->view->ended)
		return EBT_EXIT_FAILURE;
	if (!x->error)
		x->error = x->trace ? ebt_trace_finish(x->trace, pb->player.now_ns)
				    : ebt_compile_db_write(x->db, x->fd);
	if (x->error && x->error != -EPIPE) {
		ebt_error("cannot write the export: %s", strerror(-x->error));
		return EBT_EXIT_FAILURE;
	}
	if (x->db)
		tell_stats(x);
	return EBT_EXIT_OK;
}

/* Mode as for any new file of the user: not for others to change, for them to read as they allow.
 */
static int run_child(const struct ebt_options *o, int fd,
		     int (*play)(const struct ebt_options *, int))
{
	pid_t pid, parent = getpid();
	int status = 0;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(EBT_EXIT_FAILURE);
		_exit(play(o, fd));
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EBT_EXIT_FAILURE;
}

int ebt_export_to_file(const struct ebt_options *o,
		       int (*play)(const struct ebt_options *options, int fd))
{
	_cleanup_close_ int fd = -1;
	char temp[PATH_MAX], why[256];
	struct stat st;
	int status;

	if (ebt_sandbox_invoker_differs() && ebt_sandbox_drop(why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_FAILURE;
	}
	/* A device or a pipe is written to as it is. */
	if (stat(o->out_file, &st) == 0 && !S_ISREG(st.st_mode)) {
		fd = open(o->out_file, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		temp[0] = '\0';
	} else {
		snprintf(temp, sizeof(temp), "%s.%d.tmp", o->out_file, (int)getpid());
		fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	}
	if (fd < 0) {
		ebt_error("cannot write %s: %s", o->out_file, strerror(errno));
		return EBT_EXIT_FAILURE;
	}
	/* Ctrl-C ends the child, which says so with its status; then the rest is ours to remove. */
	signal(SIGINT, SIG_IGN);
	status = run_child(o, fd, play);
	if (!temp[0])
		return status;
	if (status == EBT_EXIT_OK && rename(temp, o->out_file)) {
		ebt_error("cannot write %s: %s", o->out_file, strerror(errno));
		status = EBT_EXIT_FAILURE;
	}
	if (status != EBT_EXIT_OK)
		unlink(temp);
	return status < 0 ? EBT_EXIT_FAILURE : status;
}
