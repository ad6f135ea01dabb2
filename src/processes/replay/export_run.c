/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/export_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/log.h"
#include "base/output_place.h"
#include "base/replace_file.h"
#include "base/signals.h"
#include "config/output_targets.h"
#include "confine/child.h"
#include "confine/sandbox.h"
#include "export/compile_append.h"
#include "export/compile_commands.h"
#include "export/perfetto.h"
#include "ipc/file_ask.h"
#include "processes/replay/replay_feed.h"
#include "processes/view/view.h"

/* maximum number of messages about runs that were left out; the rest is counted */
#define SENTENCES_MAX 20
/* A larger database is not appended to. */
#define APPEND_MAX_BYTES (256u << 20)
#define PATIENCE_S	 2 /* seconds for a child that was asked to end */

struct ebt_exporter {
	struct ebt_replay *pb;
	int fd, error;
	struct ebt_compile_files files; /* asks the file reader */
	int file_reader;		/* borrowed */
	struct ebt_compile_db *db;
	struct ebt_trace *trace;
	const char *append_path; /* borrowed; NULL: --append was not given */
	unsigned sentences;
};

static int export_file_exists(const char *path, void *arg)
{
	const struct ebt_exporter *x = arg;

	return ebt_file_ask_exists(x->file_reader, path);
}

static int export_file_open(const char *path, uint32_t uid, void *arg)
{
	const struct ebt_exporter *x = arg;

	return ebt_file_ask_open(x->file_reader, path, uid);
}

int ebt_export_new(struct ebt_exporter **out, struct ebt_replay *pb, int fd, int file_reader)
{
	struct ebt_view *v = pb->feed.view;
	struct ebt_exporter *x = calloc(1, sizeof(*x));
	struct ebt_trace_options to = { .fd = fd,
					.first_ns = pb->from_ns > pb->first_ns ? pb->from_ns
									       : pb->first_ns,
					.mono_to_real_ns = v->mono_to_real_ns,
					.names = v->model,
					.host = ebt_facts_get(&v->facts, "host"),
					.kernel = ebt_facts_get(&v->facts, "kernel"),
					.command = ebt_facts_get(&v->facts, "command") };
	struct ebt_compile_options database = { .compilers = v->options->compilers };
	int err;

	if (!x)
		return -ENOMEM;
	x->pb = pb;
	x->fd = fd;
	x->file_reader = file_reader;
	x->files = (struct ebt_compile_files){ export_file_exists, export_file_open, x };
	if (v->options->append)
		x->append_path = v->options->out_file;
	if (file_reader >= 0)
		database.files = &x->files;
	if (v->options->export_format == EBT_EXPORT_PERFETTO)
		err = ebt_trace_new(&x->trace, &to);
	else
		err = ebt_compile_db_new(&x->db, &database);
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

static void export_warn(const char *sentence, void *arg)
{
	struct ebt_exporter *x = arg;

	if (x->sentences++ >= SENTENCES_MAX)
		return;
	ebt_replay_progress_clear(x->pb);
	ebt_warn("%s", sentence);
}

void ebt_export_event(struct ebt_exporter *x, const struct ebt_event *ev)
{
	if (x->error)
		return;
	x->error = x->trace ? ebt_trace_event(x->trace, ev)
			    : ebt_compile_db_event(x->db, ev, export_warn, x);
}

void ebt_export_left_out(struct ebt_exporter *x, const struct ebt_event *ev)
{
	if (!x->error && x->trace)
		ebt_trace_left_out(x->trace, ev);
}

/* End the trace with the recording, or where --to says that it ends. */
static int export_finish_trace(struct ebt_exporter *x)
{
	const struct ebt_replay *pb = x->pb;

	if (pb->to_ns < pb->player.now_ns)
		return ebt_trace_finish(x->trace, pb->to_ns, "still runs at the time of --to");
	return ebt_trace_finish(x->trace, pb->player.now_ns, "still runs when the recording ends");
}

/* Add the entries of the database that is about to be replaced. There may be none yet. */
static int export_append(struct ebt_exporter *x)
{
	_cleanup_buf_ struct ebt_buf text = { .limit = APPEND_MAX_BYTES };
	_cleanup_close_ int fd = -1;
	char why[256] = "";
	int err;

	fd = ebt_file_ask_open_named(x->file_reader, x->append_path);
	if (fd == -ENOENT)
		return 0;
	err = fd < 0 ? fd : ebt_read_all(fd, &text);
	if (!err && text.len)
		err = ebt_compile_db_append(x->db, (struct ebt_bytes){ text.data, text.len }, why,
					    sizeof(why));
	if (err)
		ebt_error("cannot append to %s: %s", x->append_path, *why ? why : strerror(-err));
	return err;
}

static void export_report_stats(struct ebt_exporter *x)
{
	struct ebt_compile_stats s = ebt_compile_db_stats(x->db);

	if (x->sentences > SENTENCES_MAX)
		ebt_warn("and %u more of these", x->sentences - SENTENCES_MAX);
	if (s.in_response_file)
		ebt_warn(
			"%llu runs of a compiler are not in the database: they name their files in a response file that cannot be read any more",
			(unsigned long long)s.in_response_file);
	if (s.missing_sources)
		ebt_warn(
			"%llu compilations are not in the database: their source file does not exist (any more)",
			(unsigned long long)s.missing_sources);
	if (s.lost)
		ebt_warn("%llu events were lost while this was recorded: entries may be missing",
			 (unsigned long long)s.lost);
}

int ebt_export_run(struct ebt_exporter *x)
{
	struct ebt_replay *pb = x->pb;

	while (!pb->at_end && !pb->feed.view->ended && !x->error) {
		ebt_replay_ops.wait(&pb->feed, -1, ebt_replay_timeout_ms(pb));
		ebt_replay_ops.intake(&pb->feed);
	}
	if (pb->feed.view->ended)
		return EBT_EXIT_FAILURE;
	ebt_view_finish_filter(pb->feed.view);
	if (!x->error && x->append_path && export_append(x))
		return EBT_EXIT_FAILURE;
	if (!x->error)
		x->error = x->trace ? export_finish_trace(x) : ebt_compile_db_write(x->db, x->fd);
	if (x->error && x->error != -EPIPE) {
		ebt_error("cannot write %s: %s", ebt_options_output_name(pb->feed.view->options),
			  strerror(-x->error));
		return EBT_EXIT_FAILURE;
	}
	if (x->db)
		export_report_stats(x);
	if (x->db && !ebt_compile_db_stats(x->db).entries) {
		ebt_warn("no compilation found in the recording");
		return EBT_EXPORT_IS_EMPTY;
	}
	return EBT_EXIT_OK;
}

/* End the child first if a signal ends this process, and remove its partial output. */
static void block_signals(sigset_t *set)
{
	static const int list[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0 };

	/* if SIGCHLD were ignored, the status of the child would be lost */
	signal(SIGCHLD, SIG_DFL);
	ebt_signals_mask(SIG_BLOCK, list, set);
}

/* Return the wait status of the child; *ended_by is the signal that ends this process, 0 if there
 * was none. A child that does not end in time, or after a second signal, is killed, because its
 * output is discarded anyway. */
static int await_child(pid_t pid, const sigset_t *set, int *ended_by)
{
	static const struct timespec patience = { .tv_sec = PATIENCE_S };
	int status = 0, signal = 0;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return status;
		if (got < 0)
			return -errno;
		signal = *ended_by ? sigtimedwait(set, NULL, &patience) : sigwaitinfo(set, NULL);
		if (signal == SIGCHLD || (signal < 0 && errno != EAGAIN))
			continue;
		kill(pid, *ended_by ? SIGKILL : SIGTERM);
		*ended_by = *ended_by ? *ended_by : signal;
	}
}

/* Run play in a child that has, beside fd, the descriptors that its files are opened by. Return the
 * exit status of the child, or -errno. */
static int run_child(const struct ebt_options *o, int fd,
		     int (*play)(const struct ebt_options *, int), const sigset_t *set,
		     int *ended_by)
{
	const struct ebt_inherited *in = &o->inherited;
	const struct ebt_child_fd keep[] = {
		{ fd, EBT_CHILD_SAME },
		{ ebt_inherited_input(in, o->read_file), EBT_CHILD_SAME },
		{ ebt_inherited_output(in, o->out_file), EBT_CHILD_SAME },
		{ ebt_inherited_output(in, o->write_file), EBT_CHILD_SAME },
		{ ebt_inherited_named(in, o->sqlite_file), EBT_CHILD_SAME },
		{ ebt_inherited_named(in, o->metrics_file), EBT_CHILD_SAME },
	};
	const struct ebt_child child = { .death_signal = SIGTERM,
					 .keep = keep,
					 .keep_count = EBT_ARRAY_SIZE(keep) };
	pid_t pid = ebt_child_fork(&child);
	int status;

	if (pid < 0)
		return pid;
	if (pid == 0)
		_exit(play(o, fd));
	status = await_child(pid, set, ended_by);
	if (status < 0)
		return status;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EBT_EXIT_FAILURE;
}

/* End by the signal, as its sender expects it. */
static void end_by(int sig, const sigset_t *set)
{
	signal(sig, SIG_DFL);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, set, NULL);
}

/* The file that an export goes to. */
struct export_output {
	const char *path; /* as the user named it */
	mode_t new_mode;  /* of a file that is not there yet, before the umask */
	struct ebt_output_place place;
	struct ebt_replacement file; /* temp is empty: what is there is written to as it is */
};

/* Open the file that the export goes to. A device, a pipe and a file that is open already (such as
 * /dev/stdout) are written to as they are. */
static int export_open(struct export_output *x, char *why, size_t why_len)
{
	/* A new file can be read by those who can read the recording, as far as the umask lets them. */
	struct ebt_replace_options options = { .mode = x->new_mode };
	struct ebt_replacement *r = &x->file;
	struct stat st = { 0 };
	int err = ebt_output_find(&x->place, x->path, why, why_len);

	if (err)
		return err;
	if (fstatat(x->place.dir, x->place.name, &st, 0) == 0 &&
	    (x->place.is_open_file || !S_ISREG(st.st_mode))) {
		r->fd = openat(x->place.dir, x->place.name,
			       O_WRONLY | O_APPEND | ebt_output_flags(&x->place));
		err = r->fd < 0 ? -errno : 0;
	} else {
		if (st.st_mode)
			options = (struct ebt_replace_options){ .mode = st.st_mode & 0777,
								.flags = EBT_REPLACE_EXACT_MODE };
		ebt_replace_clean(x->place.dir, x->place.name);
		err = ebt_replace_begin(r, x->place.dir, x->place.name, &options);
		/* The owner stays too, as far as we may. A group that cannot stay gets no rights. */
		if (!err && st.st_mode && fchown(r->fd, st.st_uid, st.st_gid) &&
		    fchown(r->fd, (uid_t)-1, st.st_gid))
			fchmod(r->fd, st.st_mode & 0707);
	}
	if (err) {
		snprintf(why, why_len, "cannot write %s: %s", x->path, strerror(-err));
		ebt_output_close(&x->place);
	}
	return err;
}

/* An empty database does not replace a file that has contents. */
static int export_close_empty(const struct export_output *x)
{
	struct stat st;

	if (x->file.temp[0] && fstatat(x->place.dir, x->place.name, &st, 0) == 0 &&
	    st.st_size > 0) {
		ebt_error("%s keeps its contents, because the new database has no entry", x->path);
		return EBT_EXIT_FAILURE;
	}
	return EBT_EXIT_OK;
}

/* Keep the output if it is complete; otherwise remove all of it. */
static int export_close(struct export_output *x, int status)
{
	struct ebt_replacement *r = &x->file;
	int err;

	if (status == EBT_EXPORT_IS_EMPTY)
		status = export_close_empty(x);
	if (!r->temp[0]) {
		close(r->fd);
		return status;
	}
	if (status != EBT_EXIT_OK) {
		ebt_replace_abort(r);
		return status;
	}
	err = ebt_replace_commit(r);
	if (err)
		ebt_error("cannot write %s: %s", x->path, strerror(-err));
	return err ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}

/* Return the rights of a new file: those of the recording, which may hold an environment. */
static mode_t export_new_mode(const char *recording)
{
	struct stat st;

	return recording && stat(recording, &st) == 0 && S_ISREG(st.st_mode) ? st.st_mode & 0666
									     : 0666;
}

int ebt_export_to_file(const struct ebt_options *o,
		       int (*play)(const struct ebt_options *options, int fd))
{
	struct export_output x = { .path = o->out_file,
				   .new_mode = export_new_mode(o->read_file),
				   .place = { .dir = -1 },
				   .file = { .fd = -1 } };
	int status, ended_by = 0;
	char why[PATH_MAX + 256];
	sigset_t set;

	if (ebt_sandbox_invoker_differs() && ebt_sandbox_drop(why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_FAILURE;
	}
	block_signals(&set);
	if (export_open(&x, why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_FAILURE;
	}
	status = run_child(o, x.file.fd, play, &set, &ended_by);
	status = export_close(&x, ended_by ? EBT_EXIT_FAILURE : status);
	ebt_output_close(&x.place);
	if (ended_by)
		end_by(ended_by, &set);
	return status < 0 ? EBT_EXIT_FAILURE : status;
}
