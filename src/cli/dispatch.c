/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/dispatch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "cli/check.h"
#include "cli/demo.h"
#include "cli/help.h"
#include "cli/homeo_commands.h"
#include "cli/tune.h"
#include "config/output_targets.h"
#include "confine/inherited.h"
#include "confine/requirements.h"
#include "image/params.h"
#include "image/text_source.h"
#include "processes/loader/session.h"
#include "processes/replay/replay_run.h"

/* Return whether the standard output was open for writing when the program started. */
static bool dispatch_has_stdout(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* Return the status, or a failure if not all of the output could be written. */
static int dispatch_flush(int status)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	/* Output that is larger than the buffer was written earlier; its errno is lost. */
	if (!errno && !dispatch_has_stdout())
		errno = EBADF;
	if (errno != EPIPE && status == EBT_EXIT_OK)
		ebt_error("cannot write standard output%s%s", errno ? ": " : "",
			  errno ? strerror(errno) : "");
	return status == EBT_EXIT_OK ? EBT_EXIT_FAILURE : status;
}

/* Print what the compiler would get: the defines, then the text. It compiles as it stands. */
static int dispatch_print_bpf(const struct ebt_options *options)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };
	struct ebt_defines defines;
	char why[512];

	if (ebt_source_compose(options->bpf_text_dir, &text, why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_FAILURE;
	}
	ebt_params_defines(&options->params, &defines);
	for (int i = 0; i < defines.count; i++) {
		char *eq = strchr(defines.text[i], '=');

		*eq = ' ';
		printf("#define %s\n", defines.text[i] + 2);
	}
	if (fwrite(text.data, 1, text.len, stdout) == text.len)
		return EBT_EXIT_OK;
	if (errno != EPIPE)
		ebt_error("cannot write the text: %s", strerror(errno));
	return EBT_EXIT_FAILURE;
}

/* Make descriptors 0 to 2 exist, so that no file that is opened later becomes the standard output of
 * another process. Reading the first and writing the second fail as if they were closed still: what
 * is lost must not look like success. */
static void dispatch_ensure_stdio(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_RDWR };

	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", flags[fd]) < 0)
			_exit(EBT_EXIT_FAILURE);
	}
}

/* Say at once that there is no standard output, and not when the first event comes. */
static bool dispatch_stdout_serves(const struct ebt_options *o)
{
	bool writes = o->mode == EBT_MODE_EXPORT ? !o->out_file : !o->quiet;

	writes |= ebt_inherited_output(&o->inherited, o->write_file) == STDOUT_FILENO;
	if (!writes || dispatch_has_stdout())
		return true;
	ebt_error(
		"standard output is closed, or open for reading only, and the output goes there: send it to a file or a pipe");
	return false;
}

static int dispatch_trace(const struct ebt_command_line *line)
{
	const struct ebt_options *options = &line->options;
	char why[512];
	int status;

	if (options->mode == EBT_MODE_PRINT_BPF)
		return dispatch_print_bpf(options);
	if (!dispatch_stdout_serves(options))
		return EBT_EXIT_FAILURE;
	if (!ebt_output_targets_differ(options, why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_USAGE;
	}
	/* A recording wants no rights. */
	if (options->read_file)
		return ebt_replay_run(options);
	status = ebt_can_trace(why, sizeof(why));
	if (!status && (options->command || options->pid_count) &&
	    ebt_can_name_pids(why, sizeof(why)))
		status = EBT_EXIT_KERNEL;
	if (status) {
		ebt_error("%s", why);
		return status;
	}
	return ebt_session_run(options);
}

static int dispatch_check(const struct ebt_command_line *line)
{
	return ebt_check_run(&line->options);
}

static int dispatch_demo(const struct ebt_command_line *line)
{
	return ebt_lessons_run(&line->options);
}

static int dispatch_export(const struct ebt_command_line *line)
{
	return dispatch_stdout_serves(&line->options) ? ebt_replay_run(&line->options)
						      : EBT_EXIT_FAILURE;
}

static int dispatch_tune(const struct ebt_command_line *line)
{
	return ebt_tune_run(&line->options);
}

/* What runs each command. A command that only has others below it is not in here. */
static int (*const dispatch_runs[EBT_CMD_MAX])(const struct ebt_command_line *line) = {
	[EBT_CMD_TRACE] = dispatch_trace,
	[EBT_CMD_CHECK] = dispatch_check,
	[EBT_CMD_DEMO] = dispatch_demo,
	[EBT_CMD_EXPORT] = dispatch_export,
	[EBT_CMD_TUNE] = dispatch_tune,
	[EBT_CMD_HELP] = ebt_help_run,
	[EBT_CMD_DAEMON] = ebt_homeo_run_daemon,
	[EBT_CMD_ATTACH] = ebt_homeo_run_client,
	[EBT_CMD_PS] = ebt_homeo_run_client,
	[EBT_CMD_PROFILES] = ebt_homeo_run_client,
	[EBT_CMD_STATUS] = ebt_homeo_run_client,
	[EBT_CMD_INSPECT] = ebt_homeo_run_client,
	[EBT_CMD_NORMALIZE] = ebt_homeo_run_client,
	[EBT_CMD_SENSITIZE] = ebt_homeo_run_client,
	[EBT_CMD_TOLERIZE] = ebt_homeo_run_client,
	[EBT_CMD_RESPOND] = ebt_homeo_run_client,
	[EBT_CMD_SET] = ebt_homeo_run_client,
	[EBT_CMD_SAVE] = ebt_homeo_run_client,
	[EBT_CMD_TRAIN] = ebt_homeo_run_train,
	[EBT_CMD_TEST] = ebt_homeo_run_test,
};

int ebt_app_main(int argc, char **argv)
{
	_cleanup_inherited_ struct ebt_inherited inherited = { 0 };
	struct ebt_signals_state signals;
	struct ebt_command_line line;
	int status;

	ebt_signals_save(&signals);
	if (ebt_inherited_mark(&inherited)) {
		ebt_error("out of memory");
		return EBT_EXIT_FAILURE;
	}
	dispatch_ensure_stdio();
	if (ebt_is_set_user_id()) {
		ebt_error("%s", EBT_SET_USER_ID_IS_REFUSED);
		return EBT_EXIT_PRIVILEGE;
	}
	/* Where it was ignored the kernel reaps our children, and nobody could wait for them. */
	signal(SIGCHLD, SIG_DFL);
	if (ebt_command_line_parse(&line, argc, argv) == EBT_COMMAND_LINE_EXIT) {
		status = line.exit_status;
	} else {
		line.options.signals = signals;
		line.options.inherited = inherited;
		ebt_log_set(NULL, NULL, line.options.debug ? EBT_LOG_DEBUG : EBT_LOG_WARN);
		status = dispatch_runs[ebt_command_id(line.command)](&line);
	}
	ebt_command_line_free(&line);
	return dispatch_flush(status);
}
