/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_commands.c - from the command line to the functions that do the work of homeostasis. */
#include "cli/homeo_commands.h"

#include <string.h>
#include <unistd.h>

#include "config/options.h"
#include "processes/monitor/daemon.h"

int ebt_homeo_run_client(const struct ebt_command_line *line)
{
	struct ebt_homeo_request request = { .socket = line->socket,
					     .word = line->command->name,
					     .operands = line->operands,
					     .json = line->json };

	if (ebt_command_id(line->command) == EBT_CMD_ATTACH && !line->json && isatty(STDOUT_FILENO))
		return ebt_homeo_attach(&request);
	return ebt_homeo_request(&request);
}

int ebt_homeo_run_train(const struct ebt_command_line *line)
{
	struct ebt_homeo_replay job = { line->profile, line->operands, line->per_trace };

	return ebt_homeo_train(&job);
}

int ebt_homeo_run_test(const struct ebt_command_line *line)
{
	struct ebt_homeo_replay job = { line->operands[0], line->operands + 1, line->per_trace };

	return ebt_homeo_test(&job);
}

int ebt_homeo_run_daemon(const struct ebt_command_line *line)
{
	const struct ebt_options *said = &line->options;
	struct ebt_homeo_options o;

	ebt_homeo_options_default(&o);
	o.socket = line->socket;
	o.gid = line->gid;
	o.cache_dir = said->cache_dir;
	o.no_cache = said->no_cache;
	o.debug = said->debug;
	if (line->no_save)
		o.profiles = NULL;
	else if (said->profiles_dir)
		o.profiles = said->profiles_dir;
	for (unsigned i = 0; i < said->homeo_set_count; i++) {
		int status = ebt_homeo_options_set(&o, said->homeo_set[i]);

		if (status)
			return status;
	}
	return ebt_homeo_daemon(&o);
}
