/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/view_run.h"

#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "confine/inherited.h"
#include "confine/requirements.h"
#include "confine/sandbox.h"
#include "confine/terminal_entry.h"
#include "processes/view/lines.h"
#include "processes/view/live_feed.h"
#include "processes/view/live_screen.h"
#include "processes/view/seed_processes.h"
#include "processes/view/user_settings.h"
#include "processes/view/view.h"

/* The start waits so long for the processes that run already; the rest comes while it traces. */
#define SEED_WAIT_MS 300

/* Prepare what does not need the loader: model, names of users, facts, output. */
static int view_prepare(struct ebt_view *v)
{
	struct ebt_model_options mo = { .history_bytes = ebt_view_history_bytes(v->options) };
	int ncpu = libbpf_num_possible_cpus();
	int err;

	v->mono_to_real_ns = ebt_clock_mono_to_real_ns();
	mo.mono_to_real_ns = v->mono_to_real_ns;
	mo.ncpu = ncpu > 0 ? (unsigned)ncpu : 1;
	err = ebt_model_new(&v->model, &mo);
	if (err)
		return err;
	ebt_model_limit_tree(v->model, v->options->pid_count || v->options->command,
			     v->options->pids, v->options->pid_count);
	ebt_seed_users(v->model);
	err = ebt_facts_collect(&v->facts, v->options);
	if (!err)
		err = ebt_view_set_filter(v);
	return err ? err : ebt_view_open_sink(v, STDOUT_FILENO);
}

/* Close the descriptors that were kept because a file of the writer is opened by them. */
static void view_close_named(const struct ebt_options *o)
{
	const int named[] = { ebt_inherited_named(&o->inherited, o->write_file),
			      ebt_inherited_named(&o->inherited, o->sqlite_file),
			      ebt_inherited_named(&o->inherited, o->metrics_file) };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(named); i++) {
		if (named[i] > 2)
			close(named[i]);
	}
}

/* Start the writer while files can still be opened; it takes the invoking user's rights itself. */
static int view_open_recorder(struct ebt_view *v, char *why, size_t why_len)
{
	int err = ebt_recorder_new(&v->recorder, v->options, why, why_len);

	view_close_named(v->options);
	if (err || !v->recorder)
		return err;
	ebt_recorder_facts(v->recorder, &v->facts);
	ebt_recorder_clock(v->recorder, ebt_mono_ns(), v->mono_to_real_ns);
	return 0;
}

/* Give up all rights, and learn which processes run already. */
static int view_drop_rights(struct ebt_live_feed *f, char *why, size_t why_len)
{
	/* Opened as root, because /proc may be mounted with hidepid; but read without rights, since
	 * what it holds is foreign data. */
	_cleanup_close_ int proc = ebt_seed_open_proc();
	int err;

	if (f->feed.view->options->mode == EBT_MODE_LIVE)
		ebt_terminal_entry_keep();
	err = ebt_sandbox_drop(why, why_len);
	if (err)
		return err;
	ebt_user_names_start(&f->link.reader.users); /* without it new users are numbers */
	/* In a pid namespace other processes have the numbers that stand in the events. */
	f->names_pids = ebt_can_name_pids(why, why_len) == 0;
	if (f->names_pids && ebt_process_list_start(&f->processes, TAKE_FD(proc)) == 0)
		ebt_seed_take(&f->processes, SEED_WAIT_MS, f->feed.view->model,
			      f->feed.view->recorder);
	why[0] = '\0';
	return 0;
}

static int view_run_mode(struct ebt_live_feed *f, struct ebt_user_settings *settings)
{
	switch (f->feed.view->options->mode) {
	case EBT_MODE_LIVE:
		return ebt_live_screen_run(&f->feed, settings);
	case EBT_MODE_BATCH:
		return ebt_batch_run(&f->feed);
	default:
		return ebt_lines_run(&f->feed);
	}
}

/* Report how the feed has failed, if it has, and return the exit status of the run. */
static int view_end_status(const struct ebt_live_feed *f, int status)
{
	const struct ebt_view *v = f->feed.view;

	if (status == EBT_EXIT_OK && f->link.lost && !ebt_view_enough(v)) {
		ebt_error("the loader has ended; tracing is over");
		status = EBT_EXIT_FAILURE;
	}
	if (f->link.reader.fatal) {
		ebt_error("the buffer of events cannot be read any more (%s): tracing is over",
			  strerror(-f->link.reader.fatal));
		status = EBT_EXIT_FAILURE;
	}
	return status == EBT_EXIT_OK && ebt_recorder_failed(v->recorder) ? EBT_EXIT_FAILURE
									 : status;
}

int ebt_view_run(const struct ebt_options *options, int sock, int query_sock, const int homeo[2],
		 pid_t loader)
{
	struct ebt_view v = { .options = options,
			      .names = { .comm = &options->comm, .match = &options->match },
			      .signals = -1 };
	struct ebt_user_settings settings = { 0 };
	struct ebt_live_feed feed;
	char why[256] = "";
	int err, status = EBT_EXIT_FAILURE;

	(void)loader; /* of tests that take the place of this function */
	ebt_sandbox_locale();
	err = ebt_live_feed_init(&feed, &v, sock, query_sock, homeo);
	if (!err)
		err = ebt_view_open_signals(&v);
	if (!err)
		err = view_prepare(&v);
	if (!err && options->mode == EBT_MODE_LIVE)
		ebt_user_settings_open(&settings);
	if (!err)
		err = view_open_recorder(&v, why, sizeof(why));
	if (!err)
		err = view_drop_rights(&feed, why, sizeof(why));
	if (!err)
		err = ebt_live_feed_await_start(&feed);
	if (err == 1)
		status = view_run_mode(&feed, &settings);
	else if (err < 0)
		ebt_error("%s%s",
			  *why ? why : "the view cannot start: ", *why ? "" : strerror(-err));
	ebt_recorder_finish(v.recorder);
	ebt_view_report_end(&v);
	status = view_end_status(&feed, status);
	ebt_live_feed_free(&feed);
	ebt_user_settings_close(&settings);
	ebt_view_free(&v);
	return status;
}
