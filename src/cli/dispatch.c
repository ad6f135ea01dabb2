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
#include "cli/homeo_commands.h"
#include "cli/options.h"
#include "cli/tune.h"
#include "confine/requirements.h"
#include "image/params.h"
#include "image/text_source.h"
#include "processes/loader/session.h"
#include "processes/replay/replay_run.h"

/* The status, unless not all of the output is out: help that could not be written was not given. */
static int with_output(int status)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	/* What is larger than the buffer was written before, and failed before. */
	if (errno != EPIPE && status == EBT_EXIT_OK)
		ebt_error("cannot write the output%s%s", errno ? ": " : "",
			  errno ? strerror(errno) : "");
	return status == EBT_EXIT_OK ? EBT_EXIT_FAILURE : status;
}

/* What the compiler would get: the defines, then the text. It compiles as it stands. */
static int print_bpf(const struct ebt_options *options)
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

/* Descriptors 0 to 2 exist from here on: nothing we open can become somebody's standard output. */
static void ensure_stdio(void)
{
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) < 0)
			_exit(EBT_EXIT_FAILURE);
	}
}

static int trace(const struct ebt_options *options)
{
	char why[512];
	int status;

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

int ebt_app_main(int argc, char **argv)
{
	struct ebt_options options;
	int status;

	ensure_stdio();
	/* Where it was ignored the kernel reaps our children, and nobody could wait for them. */
	signal(SIGCHLD, SIG_DFL);
	if (ebt_homeo_command(argc, argv, &status))
		return status;
	if (ebt_options_parse(&options, argc, argv) == EBT_OPTIONS_EXIT) {
		status = options.exit_status;
		ebt_options_free(&options);
		return with_output(status);
	}
	ebt_log_set(NULL, NULL, options.debug ? EBT_LOG_DEBUG : EBT_LOG_WARN);
	switch (options.mode) {
	case EBT_MODE_PRINT_BPF:
		status = print_bpf(&options);
		break;
	case EBT_MODE_CHECK:
		status = ebt_check_run(&options);
		break;
	case EBT_MODE_DEMO:
		status = ebt_lessons_run(&options);
		break;
	case EBT_MODE_TUNE:
		status = ebt_tune_run(&options);
		break;
	default:
		status = trace(&options);
	}
	ebt_options_free(&options);
	return with_output(status);
}
