/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_options.c - libFuzzer target: a command line, arguments separated by newlines. What is taken
 * lies within the ranges that options.h states, whichever way it was written.
 */
#include "cli/command_line.h"
#include "fuzz.h"

#define ARGS_MAX 64

static void check(const struct ebt_options *o)
{
	char why[256];

	require(ebt_params_check(&o->params, why, sizeof(why)) == 0);
	require(o->params.ring_bytes >= EBT_RING_MIN && o->params.ring_bytes <= EBT_RING_MAX);
	require(o->delay_ns >= EBT_DELAY_MIN_NS && o->delay_ns <= EBT_DELAY_MAX_NS);
	require(o->poll_ms >= EBT_POLL_MIN_MS && o->poll_ms <= EBT_POLL_MAX_MS);
	require(o->history_bytes >= EBT_HISTORY_MIN && o->history_bytes <= EBT_HISTORY_MAX);
	require(!o->auto_bytes || (o->auto_bytes >= EBT_AUTO_MIN && o->auto_bytes <= EBT_AUTO_MAX));
	require(o->pid_count <= EBT_OPTION_PIDS_MAX);
	require(o->sort < EBT_COL_MAX && o->group_by < EBT_GROUP_BY_MAX &&
		o->screen < EBT_SCREEN_MAX);
	require(!o->rotate.bytes || o->rotate.bytes >= EBT_ROTATE_MIN);
	require(!o->command || (o->command_argc > 0 && o->command[0]));
	require(o->mode <= EBT_MODE_TUNE);
	require(!o->read_file || !o->command);
	require(o->headers != EBT_HEADERS_DIR || o->headers_dir);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[ARGS_MAX + 2] = { (char *)"execbig-top" }, *words = malloc(size + 1), *at;
	struct ebt_command_line line;
	int argc = 1;

	require(words != NULL);
	memcpy(words, data, size);
	words[size] = '\0';
	for (at = words; at && size && argc <= ARGS_MAX;)
		argv[argc++] = strsep(&at, "\n");
	argv[argc] = NULL;
	if (ebt_command_line_parse(&line, argc, argv) == EBT_COMMAND_LINE_RUN)
		check(&line.options);
	else
		require(line.exit_status == EBT_EXIT_OK || line.exit_status == EBT_EXIT_USAGE);
	ebt_command_line_free(&line);
	free(words);
	return 0;
}
